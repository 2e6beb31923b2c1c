"""The codec of a password that a cmdlet takes as plain text: held as a secret, and never printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from ..._errors import InvalidValueError
from ..._json import Json
from ..._powershell.masking import cover
from ..._powershell.secret import Secret
from ..._powershell.syntax import Boolean, CommandSyntax, Element, Literal, Number, ParameterName, String
from ..._span import Span
from ..specs import ParameterSpec

__all__ = ["PASSWORD", "PasswordCodec", "mask_passwords", "password_names", "password_spans"]

_MASK = "********"


@attrs.frozen
class PasswordCodec:
    """A :class:`Secret` that travels as text; a command line shows ``<secret>``, which PowerShell refuses to run."""

    expected: str = "a Secret, or a text"

    def read(self, literal: Literal) -> Secret:
        """Read the password, which is masked from then on."""
        match literal:
            case String() | Secret():
                return self.check(literal.value if isinstance(literal, String) else literal)
            case Number():
                return self.check(literal.text or str(literal.value))
            case Boolean():
                return self.check(str(literal.value))
        raise InvalidValueError("", self.expected, type(literal).__name__)

    def check(self, value: object) -> Secret:
        """Take a secret or a text, but not the mask of one."""
        if isinstance(value, Secret):
            return attrs.evolve(value, as_text=True)
        if not isinstance(value, str):
            raise InvalidValueError("", self.expected, type(value).__name__)
        if value == _MASK:
            raise InvalidValueError("", self.expected, _MASK, "Give the password again: it is kept nowhere.")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise InvalidValueError("", self.expected, _MASK, "Half of a surrogate pair is no character.")
        return Secret(value, as_text=True)

    def write(self, value: Secret) -> Literal:
        return value  # a secret is masked wherever it is written

    def to_json(self, value: Secret) -> Json:
        return str(value)  # the mask, which :meth:`check` refuses


PASSWORD = PasswordCodec()


def password_names(specs: Iterable[ParameterSpec]) -> tuple[str, ...]:
    """Return the names and aliases of the parameters that take a password, in lower case."""
    return tuple(name for spec in specs if isinstance(spec.codec, PasswordCodec) for name in spec.names)


def mask_passwords(command: CommandSyntax, source: str, names: Sequence[str]) -> str:
    """Return the source with stars for each password of the command, so that no error shows one; places stay.

    ``names`` are those of the parameters that take one.
    """
    spans = password_spans(command, names)
    return cover(source, [span for span in spans if source[span.start : span.end].strip("*")])


def password_spans(command: CommandSyntax, names: Sequence[str]) -> Iterator[Span]:
    """Yield the places of the command's passwords, which follow these names or abbreviations of them."""
    behind = False
    for element in command.elements:
        literal, behind = _password(element, names, behind=behind)
        if literal is not None:
            yield literal.span


def _password(element: Element, names: Sequence[str], *, behind: bool) -> tuple[Literal | None, bool]:
    """Return the password that an element is or has, and whether the next element is one."""
    if not isinstance(element, ParameterName):
        return element if behind else None, False
    is_one = any(name.startswith(element.name.lower()) for name in names)
    return element.argument if is_one else None, is_one and element.argument is None
