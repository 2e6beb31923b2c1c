"""The codecs of whole numbers, Booleans, switches and credentials."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import attrs

from ..._errors import InvalidValueError
from ..._json import Json
from ..._powershell.numbers import read_number
from ..._powershell.record import RecordValue
from ..._powershell.renderer import render_literal
from ..._powershell.secret import PSCredential
from ..._powershell.syntax import Boolean, CredentialPrompt, Literal, Null, Number
from ..._values import read_whole
from .values import Bounds, Codec, plain

__all__ = ["BOOLEAN", "CREDENTIAL", "SWITCH", "BooleanCodec", "Credential", "CredentialCodec", "IntegerCodec"]

_INT32 = 2**31 - 1
_INT32_BOUNDS = Bounds[int](f"a whole number of {-_INT32 - 1} to {_INT32}", lambda n: -_INT32 - 1 <= n <= _INT32)
_LARGEST = 2**64
_YES = {"true": "$true", "yes": "$true", "on": "$true", "false": "$false", "no": "$false", "off": "$false"}


@attrs.frozen
class IntegerCodec(Codec[int]):
    """A whole number; PowerShell rounds a fraction to the nearest even one."""

    expected: str = "a whole number"
    type: type[int] = int
    bounds: Bounds[int] | None = _INT32_BOUNDS

    @classmethod
    def between(cls, least: int, most: int) -> IntegerCodec:
        """Make the codec of numbers from ``least`` to ``most``, both allowed."""
        expected = f"a whole number of {least} to {most}"
        return cls(expected, bounds=Bounds(expected, lambda n: least <= n <= most))

    def from_text(self, text: str) -> int:
        """Read digits, or what PowerShell reads as a number without quotes, such as ``1kb``; it rounds a fraction."""
        word = text.strip()
        number = read_whole(word)
        if number is not None:
            return number
        worth = read_number(word[1:] if word.startswith(("+", "-")) else word)
        if worth is None:
            self.refuse(text, f"Write {_INT32} for no limit." if text.lower() == "unlimited" else "")
        return self.from_number(Number(-worth if word.startswith("-") else worth))

    def from_number(self, number: Number) -> int:
        if type(number.value) is int and -_LARGEST <= number.value <= _LARGEST:
            return number.value
        worth = Decimal(number.value)
        if not worth.is_finite() or worth.copy_abs() > _LARGEST:  # int() of 1e999999999 would need a gigabyte
            self.refuse(number.text or str(number.value))
        return int(worth.to_integral_value(ROUND_HALF_EVEN))

    def write(self, value: int) -> Literal:
        return Number(value, str(value))


@attrs.frozen
class BooleanCodec(Codec[bool]):
    """``$true`` or ``$false``; a word such as ``true`` is refused, as PowerShell refuses it."""

    expected: str = "$true or $false"
    type: type[bool] = bool
    switch: bool = False
    converts: bool = False
    """Whether it is one of PowerShell's own switches: these take numbers, and ``$null`` means that they are on."""

    def read(self, literal: Literal) -> bool:
        return True if self.converts and isinstance(literal, Null) else super().read(literal)

    def check(self, value: object) -> bool:
        """Take a bool; a text that says one is refused with what to write in Python."""
        if isinstance(value, bool):
            return value
        word = value.strip().lower().removeprefix("$") if isinstance(value, str) else ""
        hint = f"In Python write {word.capitalize()}, without quotes." if word in {"true", "false"} else ""
        raise InvalidValueError("", f"True or False ({self.expected} in a command)", value, hint)

    def from_text(self, text: str) -> bool:
        word = text.strip().lower()
        hint = f"Write {_YES[word]}." if word in _YES else ""
        if word in {"$true", "$false"}:
            hint = f"Write {word} without quotes. For a variable give {word[1:].capitalize()}."
        self.refuse(text, hint)

    def from_number(self, number: Number) -> bool:
        """Read every number but 0 as true; a switch of a cmdlet takes no number."""
        if self.switch and not self.converts:
            self.refuse(number.text or str(number.value))
        return number.value != 0

    def from_boolean(self, value: bool) -> bool:  # noqa: FBT001 - the value itself
        return value

    def decode(self, value: RecordValue) -> bool:
        bare = plain(value)
        return self.check({"True": True, "False": False}.get(bare, bare) if isinstance(bare, str) else bare)

    def write(self, value: bool) -> Literal:  # noqa: FBT001 - the value itself
        return Boolean(value)


BOOLEAN = BooleanCodec()
SWITCH = BooleanCodec(switch=True)
"""A cmdlet's own switch; PowerShell's own take numbers as well."""

Credential = CredentialPrompt | PSCredential
"""What a parameter of type PSCredential holds: a credential, or the prompt for one."""


@attrs.frozen
class CredentialCodec(Codec[Credential]):
    """A credential. PSRP sends it encrypted; a text has ``(Get-Credential)`` instead, so that the shell asks for it."""

    expected: str = "(Get-Credential), or a PSCredential"
    type: type[CredentialPrompt] = CredentialPrompt

    def read(self, literal: Literal) -> Credential:
        """Read a credential. A user name alone is refused: PowerShell would ask for the password without saying so."""
        return self.check(literal if isinstance(literal, Credential) else render_literal(literal))

    def from_text(self, text: str) -> Credential:
        """Refuse: a credential is not text, and what a text holds may be a password."""
        self.refuse(f"{len(text)} characters of text", "Write (Get-Credential).")

    def check(self, value: object) -> Credential:
        """Take a credential, the prompt, or what :meth:`to_json` made of it."""
        if isinstance(value, dict) and value.keys() == {"Get-Credential"}:
            return CredentialPrompt(value["Get-Credential"])
        if not isinstance(value, Credential | str):
            self.refuse(f"something of type {type(value).__name__}")
        return value if isinstance(value, PSCredential) else super().check(value)

    def write(self, value: Credential) -> Literal:
        return value  # a text shows a prompt for it

    def to_json(self, value: Credential) -> Json:
        """Keep the user name to ask for, and no password."""
        return {"Get-Credential": value.user_name}


CREDENTIAL = CredentialCodec()
