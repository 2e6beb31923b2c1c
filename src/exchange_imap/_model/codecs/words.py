"""The codecs of .NET's flags, several words of one closed set at once, and of counts that may be unlimited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

import attrs

from ..._errors import InvalidValueError
from ..._json import Json
from ..._powershell.record import FormatValue, RecordValue
from ..._powershell.renderer import render_literal
from ..._powershell.syntax import Array, Literal, Number, String
from ..._values import Choice, Limit, read_whole
from .values import Bounds, ValueCodec, plain

__all__ = ["LIMIT", "WordsCodec", "limit_between"]

C = TypeVar("C", bound=Choice)
_NONE = "None"


@attrs.frozen
class WordsCodec(Generic[C]):
    """Several words of one set, each once, in the order written; no words are written ``None``.

    PowerShell takes them as a list or as one text with commas, and .NET prints the latter.
    """

    members: type[C]

    @property
    def expected(self) -> str:
        """What is expected, for messages."""
        return f"{_NONE}, or any of {', '.join(map(str, self.members))}"

    def read(self, literal: Literal) -> tuple[C, ...]:
        """Read ``A,B``, ``"A, B"`` or the sum of their numbers."""
        match literal:
            case String():
                return self._from_text(literal.value)
            case Number(value=int()):
                return self._from_number(int(literal.value))
            case Array() if literal.items:
                return self._joined(self.read(item) for item in literal.items)
        raise InvalidValueError("", self.expected, render_literal(literal))

    def check(self, value: object) -> tuple[C, ...]:
        if isinstance(value, str):
            return self._from_text(value)
        if isinstance(value, self.members):
            return (value,)
        if not isinstance(value, Iterable):
            raise InvalidValueError("", self.expected, value)
        return self._joined(
            self.check(item) if isinstance(item, str | self.members) else self._no(item) for item in value
        )

    def decode(self, value: RecordValue) -> tuple[C, ...]:
        """Read the text, the number that the enum is made of, or a list of texts."""
        bare = plain(value)
        return self._from_number(bare) if type(bare) is int else self.check(bare)

    def write(self, value: tuple[C, ...]) -> Literal:
        """Write the words with commas between them, as the documentation does."""
        words = tuple(String(str(member)) for member in value)
        return words[0] if len(words) == 1 else Array(words) if words else String(_NONE)

    def display(self, value: tuple[C, ...]) -> FormatValue:
        return ", ".join(map(str, value)) or _NONE

    def to_json(self, value: tuple[C, ...]) -> Json:
        return [str(member) for member in value]

    def _from_text(self, text: str) -> tuple[C, ...]:
        words = [word.strip() for word in text.split(",")]
        number = read_whole(words[0]) if len(words) == 1 else None
        if number is not None:
            return self._from_number(number)
        return self._joined(() if word.lower() == _NONE.lower() else (self._member(word),) for word in words)

    def _member(self, word: str) -> C:
        try:
            return self.members.parse(word)
        except InvalidValueError as error:
            raise InvalidValueError("", self.expected, word, error.hint) from error

    def _from_number(self, number: int) -> tuple[C, ...]:
        bits = [(member, member.value) for member in self.members if isinstance(member.value, int)]
        if number & ~sum(bit for _, bit in bits):
            raise InvalidValueError("", self.expected, number)
        return tuple(member for member, bit in bits if number & bit)

    def _joined(self, parts: Iterable[tuple[C, ...]]) -> tuple[C, ...]:
        return tuple(dict.fromkeys(member for part in parts for member in part))

    def _no(self, item: object) -> tuple[C, ...]:
        raise InvalidValueError("", self.expected, item)


@attrs.frozen
class LimitCodec(ValueCodec[Limit]):
    """A count, whose literal is a number where it is not ``unlimited``."""

    def check(self, value: object) -> Limit:
        return super().check(Limit(value) if type(value) is int else value)

    def write(self, value: Limit) -> Literal:
        return String(str(value)) if value.count is None else Number(value.count, str(value))

    def display(self, value: Limit) -> FormatValue:
        return value.display


LIMIT = LimitCodec("a whole number, or unlimited", Limit, parse=Limit.parse, number=Limit)


def limit_between(least: int, most: int) -> LimitCodec:
    """Make the codec of counts from ``least`` to ``most``, both allowed, and of no limit."""
    expected = f"a whole number of {least} to {most}, or unlimited"
    bounds = Bounds[Limit](expected, lambda limit: limit.count is None or least <= limit.count <= most)
    return attrs.evolve(LIMIT, bounds=bounds)
