"""Numeric literals as Windows PowerShell 5.1 and 7 both read them."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["read_number"]

_NUMBER = re.compile(
    r"(?:(?P<hex>0x[0-9a-f]+)(?P<hexlong>l)?|(?P<mantissa>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?P<exponent>e[+-]?[0-9]+)?"
    r"(?P<suffix>[dl])?)(?P<unit>[kmgtp]b)?",
    re.IGNORECASE,
)
_POWERS = {"kb": 1, "mb": 2, "gb": 3, "tb": 4, "pb": 5}
_LARGEST_DECIMAL = 79_228_162_514_264_337_593_543_950_335
_HEX_32, _HEX_64 = 8, 16


def read_number(word: str) -> int | float | Decimal | None:
    """Return what an unquoted word is worth; ``None`` for one that is no number, or only in PowerShell 7."""
    parts = _NUMBER.fullmatch(word) if word.isascii() else None
    if parts is None:
        return None
    factor = 1024 ** _POWERS.get((parts["unit"] or "").lower(), 0)
    if parts["hex"]:
        whole = _signed(parts["hex"][2:], long=bool(parts["hexlong"]))
        return None if whole is None else whole * factor
    return _decimal(parts, factor)


def _signed(digits: str, *, long: bool) -> int | None:
    """Read as two's complement: ``0xFFFFFFFF`` is -1. More digits than a long holds are no number in 5.1."""
    bits = 32 if len(digits) <= _HEX_32 and not long else 64
    if len(digits) > _HEX_64:
        return None
    value = int(digits, 16)
    return value - 2**bits if value >> (bits - 1) else value


def _decimal(parts: re.Match[str], factor: int) -> int | float | Decimal | None:
    text, suffix = parts["mantissa"] + (parts["exponent"] or ""), (parts["suffix"] or "").lower()
    if suffix == "d":
        return Decimal(text) * factor
    if text.isdecimal():
        value = int(text) * factor
        return value if abs(value) <= _LARGEST_DECIMAL else float(value)
    if suffix == "l":
        return round(Decimal(text)) * factor
    return float(text) * factor
