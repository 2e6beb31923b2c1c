"""The codecs of single values: how each is read from a literal, a Python value or a record, and written.

A codec does not know which parameter has it; the caller adds the name to its errors.
"""

from __future__ import annotations

import abc
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, NoReturn, TypeVar
from uuid import UUID

import attrs

from ..._errors import InvalidValueError
from ..._json import Json
from ..._patterns import pattern
from ..._powershell.record import FormatValue, Record, RecordValue
from ..._powershell.renderer import render_literal
from ..._powershell.syntax import Array, Boolean, Literal, Number, String
from ..._values import Binding, ByteQuota, Choice, format_time_span, parse_time_span

__all__ = [
    "BINDING",
    "GUID",
    "MOMENT",
    "QUOTA",
    "TEXT",
    "TIME_SPAN",
    "URL",
    "Bounds",
    "Codec",
    "TextCodec",
    "ValueCodec",
    "choice",
    "plain",
]

_HALVES = pattern("[\ud800-\udfff]")
T = TypeVar("T")
C = TypeVar("C", bound=Choice)


@attrs.frozen
class Bounds(Generic[T]):
    """A range that the server enforces when a value is written: in words, and as a test."""

    expected: str
    holds: Callable[[T], bool]

    def require(self, value: T, shown: object) -> T:
        """Return the value, or refuse it."""
        if not self.holds(value):
            raise InvalidValueError("", self.expected, shown)
        return value


@attrs.frozen
class Codec(abc.ABC, Generic[T]):
    """What a parameter or property holds: the base of the codecs below."""

    expected: str
    """What is expected, for messages."""
    type: type[T]
    bounds: Bounds[T] | None = None

    @abc.abstractmethod
    def from_text(self, text: str) -> T:
        """Read the text of a string."""
        ...

    def from_number(self, number: Number) -> T:
        """Read an unquoted number; most codecs read its word."""
        return self.from_text(number.text or str(number.value))

    def from_boolean(self, value: bool) -> T:  # noqa: FBT001 - the value itself
        """Read ``$true`` or ``$false``; most codecs refuse both."""
        self.refuse(render_literal(Boolean(value)))

    def read(self, literal: Literal) -> T:
        """Read a literal of a command, as PowerShell converts it to the parameter's type."""
        match literal:
            case String():
                value = self.from_text(literal.value)
            case Number():
                value = self.from_number(literal)
            case Boolean():
                value = self.from_boolean(literal.value)
            case _:
                self.refuse(render_literal(literal), "It takes one value." if isinstance(literal, Array) else "")
        return self.within(value, _shown(literal))

    def check(self, value: object) -> T:
        """Take a Python value of the type, or its text."""
        if isinstance(value, str) and self.type is not str:
            return self.within(self.from_text(value), value)
        if not isinstance(value, self.type) or (isinstance(value, bool) and self.type is not bool):
            self.refuse(value)
        return self.within(value, value)

    def decode(self, value: RecordValue) -> T:
        """Read a value of a server's answer: the value, its text, or an object with that text."""
        return self.check(plain(value))

    def write(self, value: T) -> Literal:
        """Make the literal that the cmdlet takes."""
        return String(str(value))

    def display(self, value: T) -> FormatValue:
        """Make what Format-List prints."""
        return value if isinstance(value, int) else str(value)

    def to_json(self, value: T) -> Json:
        """Make what JSON can hold; :meth:`check` reads it again."""
        return value if isinstance(value, int) else str(value)

    def within(self, value: T, shown: object) -> T:
        """Return the value if it is in bounds; ``shown`` is what the message says was received."""
        return self.bounds.require(value, shown) if self.bounds else value

    def refuse(self, received: object, hint: str = "") -> NoReturn:
        """Raise the error that says what is expected."""
        raise InvalidValueError("", self.expected, received, hint)


def _shown(literal: String | Number | Boolean) -> object:
    """Return a literal as messages show it: a number with a fraction or exponent as it was written."""
    if isinstance(literal, Number) and not isinstance(literal.value, int):
        return literal.text or str(literal.value)
    return literal.value


def plain(value: RecordValue) -> RecordValue:
    """Return the elements of an object of a record, or its text, or its value; anything else as it is."""
    if not isinstance(value, Record):
        return value
    if value.items is not None:
        return value.items
    return value.value if value.text is None else value.text


@attrs.frozen
class TextCodec(Codec[str]):
    """Free text: a string parameter receives an unquoted number as the word that was written."""

    expected: str = "text"
    type: type[str] = str

    def from_text(self, text: str) -> str:
        if not text.isascii() and _HALVES.search(text):
            self.refuse(text, "Half of a surrogate pair is no character.")
        return text

    def from_number(self, number: Number) -> str:
        """Take the word, or if PowerShell does not hand it over, the number as .NET prints it."""
        if number.text:
            return number.text
        if not isinstance(number.value, int):
            self.refuse(str(number.value), "Put the text in quotes.")
        return str(number.value)

    def from_boolean(self, value: bool) -> str:  # noqa: FBT001 - the value itself
        return str(value)  # as .NET prints it

    def check(self, value: object) -> str:
        if not isinstance(value, str):
            self.refuse(value)
        return self.from_text(self.within(value, value))


TEXT = TextCodec()


@attrs.frozen
class MomentCodec(TextCodec):
    """A moment, as text: Format-List prints it in the shell's language, and a server sends it exactly (ISO 8601)."""

    def decode(self, value: RecordValue) -> str:
        bare = plain(value)
        return self.check(bare.isoformat() if isinstance(bare, datetime) else bare)


MOMENT = MomentCodec()


@attrs.frozen
class ValueCodec(Codec[T]):
    """A value with exact text of its own."""

    parse: Callable[[str], T] = attrs.field(kw_only=True)
    text: Callable[[T], str] = attrs.field(default=str, kw_only=True)
    number: Callable[[int], T] | None = attrs.field(default=None, kw_only=True)

    def from_text(self, text: str) -> T:  # its errors are those of the value's own parser
        return self.parse(text)

    def from_number(self, number: Number) -> T:
        """Read a whole number, if the type gives it a meaning."""
        if self.number is None or not isinstance(number.value, int):
            return super().from_number(number)
        return self.number(number.value)

    def decode(self, value: RecordValue) -> T:  # also the bare number that an enum is made of
        bare = plain(value)
        return self.within(self.number(bare), bare) if self.number and type(bare) is int else self.check(bare)

    def write(self, value: T) -> Literal:
        return String(self.text(value))

    def display(self, value: T) -> FormatValue:
        return self.text(value)

    def to_json(self, value: T) -> Json:
        return self.text(value)


def choice(members: type[C]) -> ValueCodec[C]:
    """Make the codec of a closed set of words."""
    names = ", ".join(map(str, members))
    return ValueCodec(f"one of {names}", members, parse=members.parse, number=members.numbered)


TIME_SPAN = ValueCodec(
    "a time span such as 00:30:00, or timedelta(minutes=30)", timedelta, parse=parse_time_span, text=format_time_span
)


def _read_guid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidValueError("", "a GUID", text) from None


GUID = ValueCodec("a GUID", UUID, parse=_read_guid)
BINDING = ValueCodec("an address and port such as 0.0.0.0:993", Binding, parse=Binding.parse)


@attrs.frozen
class QuotaCodec(ValueCodec[ByteQuota]):
    """A size, whose literal is a number where it can be."""

    def write(self, value: ByteQuota) -> Literal:
        text = str(value)
        return String(text) if value.bytes is None else Number(value.bytes, text)

    def display(self, value: ByteQuota) -> FormatValue:
        return value.display


QUOTA = QuotaCodec("a size such as 2MB, or unlimited", ByteQuota, parse=ByteQuota.parse, number=ByteQuota)


@attrs.frozen
class UrlCodec(TextCodec):
    """An absolute URL, kept as text; an empty one, which no server has, is refused."""

    expected: str = "an absolute http or https URL"

    def from_text(self, text: str) -> str:
        from urllib.parse import urlsplit  # noqa: PLC0415 - few commands have an address

        try:
            parts = urlsplit(text)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme.lower() not in {"http", "https"} or not parts.netloc or re.search(r"[\s\x00-\x1f]", text):
            self.refuse(text, f"Write https://{text}." if re.fullmatch(r"[\w.-]+(?:/\S*)?", text) else "")
        return super().from_text(text)

    def from_number(self, number: Number) -> str:  # and refuse it, as every number
        return self.from_text(super().from_number(number))

    def from_boolean(self, value: bool) -> str:  # noqa: FBT001 - the value itself, which is refused
        return self.from_text(super().from_boolean(value))


URL = UrlCodec()
