"""Numeric literals as Windows PowerShell 5.1 and 7 both read them.

Source: PowerShell's own tokenizer, asked word by word. What only 7 takes for a number (``1u``, ``0b1``, a real number
that overflows) is a word here, as it is in 5.1.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

from .._patterns import pattern

__all__ = ["LARGEST_DECIMAL", "read_number"]

_NUMBER = pattern(
    r"(?:0x(?P<hex>[0-9a-f]+)(?P<hexlong>l)?|(?P<mantissa>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?P<exponent>e[+-]?[0-9]+)?"
    r"(?P<suffix>[dl])?)(?P<unit>[kmgtp]b)?",
    re.IGNORECASE,
)
_UNITS = {"": 1, "kb": 2**10, "mb": 2**20, "gb": 2**30, "tb": 2**40, "pb": 2**50}
_HEX_32, _HEX_64 = 8, 16
_LONGS = range(-(2**63), 2**63)
# .NET's decimal: 96 bits, and at most 28 places behind the point.
LARGEST_DECIMAL = 2**96 - 1
"""The largest whole number that is one: digits beyond it are a real number."""
_DECIMAL_PLACES = 28
_WIDE = Context(prec=100, rounding=ROUND_HALF_EVEN)


def read_number(word: str) -> int | float | Decimal | None:
    """Return the value of an unquoted word; ``None`` if it is no number, or one only in PowerShell 7."""
    parts = _NUMBER.fullmatch(word) if word.isascii() else None
    if parts is None:
        return None
    factor = _UNITS[(parts["unit"] or "").lower()]
    if parts["hex"]:
        return _hexadecimal(parts["hex"], factor, long=bool(parts["hexlong"]))
    text, suffix = parts["mantissa"] + (parts["exponent"] or ""), (parts["suffix"] or "").lower()
    if suffix == "d":
        return _decimal(text, factor)
    return _whole(text, factor, suffix) if text.isdecimal() else _real(text, factor, suffix)


def _hexadecimal(digits: str, factor: int, *, long: bool) -> int | None:
    """Read as two's complement: ``0xFFFFFFFF`` is -1, but one digit more than a long holds makes it positive."""
    value = int(digits, 16)
    bits = 32 if len(digits) <= _HEX_32 and not long else 64
    if len(digits) <= _HEX_64 and value >> (bits - 1):
        value -= 2**bits
    return _long(value * factor)


def _long(value: int) -> int | None:
    return value if value in _LONGS else None


def _whole(text: str, factor: int, suffix: str) -> int | float | None:
    """Read digits alone: beyond what a decimal holds they are a real number."""
    approximate = float(text) * factor
    if approximate > 2 * LARGEST_DECIMAL:
        return None if suffix else _finite(approximate)
    value = int(text.lstrip("0") or "0") * factor  # Python reads no more than 4,300 digits, zeros among them
    if suffix:
        return _long(value)
    return value if value <= LARGEST_DECIMAL else float(value)


def _real(text: str, factor: int, suffix: str) -> int | float | None:
    value = _finite(float(text) * factor)
    if not suffix or value is None:
        return value
    return _long(round(value))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _decimal(text: str, factor: int) -> Decimal | None:
    """Read what is marked ``d``: exact, as far as .NET's decimal holds it."""
    if not 0 < float(text) <= 2 * LARGEST_DECIMAL:
        return None if float(text) else Decimal(0)
    value = _rounded(Decimal(text))
    return value and _rounded(_WIDE.multiply(value, Decimal(factor)))


def _rounded(value: Decimal) -> Decimal | None:
    """Keep as many places as .NET's decimal has room for; ``None`` for what is too large for it."""
    for places in range(min(_DECIMAL_PLACES, max(0, -int(value.as_tuple().exponent))), -1, -1):
        rounded = value.quantize(Decimal(1).scaleb(-places), context=_WIDE)
        if int(rounded.scaleb(places, context=_WIDE)) <= LARGEST_DECIMAL:
            return rounded
    return None
