"""A number of bytes, or unlimited."""

from __future__ import annotations

import re
from typing import Any, Self

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._patterns import pattern
from .given import check_amount, read_whole, require_text

__all__ = ["ByteQuota"]

_UNITS = ("B", "KB", "MB", "GB", "TB")
_FORM = "a number with B, KB, MB, GB or TB, such as 2MB, or unlimited"
_LARGEST = 2**64 - 1
_FOUR_DIGITS = 9_999.5
_INPUT = pattern(r"\s*(?P<amount>[0-9]+)\s?(?P<unit>[KMGT]?B)?\s*", re.IGNORECASE)
# What the server prints: a rounded amount, and the exact count in brackets with the thousands
# separator of its language.
_OUTPUT = pattern(r"\s*[0-9][0-9.,]* [KMGT]?B \((?P<bytes>[0-9][0-9.,'\s\u2019]{0,40}) bytes\)\s*", re.IGNORECASE)


def _check_bytes(_quota: ByteQuota, _attribute: object, value: Any) -> None:  # Any: whatever a caller gave
    check_amount(value, "ByteQuota.bytes", _LARGEST)


@entry
@attrs.frozen
class ByteQuota:
    """A size such as LogPerFileSizeQuota's; ``bytes`` is ``None`` when it is unlimited.

    Units are powers of 1024, and a number without a unit counts bytes. ``str`` returns what a cmdlet takes, in the
    largest exact unit; :attr:`display` is what the server prints.

    >>> ByteQuota.parse("1 MB (1,048,576 bytes)").bytes
    1048576
    >>> str(ByteQuota(2 * 1024 * 1024)), str(ByteQuota(2_000_000)), str(ByteQuota(None))
    ('2MB', '2000000', 'unlimited')
    """

    bytes: int | None = attrs.field(validator=_check_bytes)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2MB``, ``2 MB``, ``2000000``, ``unlimited`` and what the server prints.

        Of ``36 MB (37,748,736 bytes)`` the number in brackets counts. Raises :class:`InvalidValueError`.
        """
        if require_text("ByteQuota", text).strip().lower() == "unlimited":
            return cls(None)
        amount, unit = None, "B"
        if printed := _OUTPUT.fullmatch(text):
            amount = read_whole(re.sub("[^0-9]", "", printed["bytes"]))
        elif given := _INPUT.fullmatch(text):
            amount, unit = read_whole(given["amount"]), given["unit"] or "B"
        if amount is None:
            raise InvalidValueError("ByteQuota", _FORM, text)
        return cls(amount * 1024 ** _UNITS.index(unit.upper()))

    @property
    def display(self) -> str:
        """What the server prints: ``2 MB (2,097,152 bytes)``, its amount rounded to four digits."""
        if self.bytes is None:
            return "Unlimited"
        power = min((max(self.bytes, 1).bit_length() - 1) // 10, len(_UNITS) - 1)
        amount = self.bytes / 1024**power
        digits = f"{amount:.4g}" if amount < _FOUR_DIGITS else f"{amount:.0f}"
        return f"{digits} {_UNITS[power]} ({self.bytes:,} bytes)"

    def __str__(self) -> str:
        if self.bytes is None:
            return "unlimited"
        power = max((p for p in range(len(_UNITS)) if self.bytes and self.bytes % 1024**p == 0), default=0)
        return f"{self.bytes // 1024**power}{_UNITS[power] if power else ''}"
