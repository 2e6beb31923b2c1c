"""Read a whole number from a text of any length."""

from __future__ import annotations

from .._patterns import pattern

__all__ = ["read_whole"]

# .NET's largest whole number has 20 digits, and zeros before it do not count. Python refuses to read more than 4,300.
_WHOLE = pattern(r"(?P<sign>[+-]?)0*(?P<digits>[0-9]{1,20})")


def read_whole(text: str) -> int | None:
    """Read decimal digits with or without a sign; ``None`` for anything else, and for more than .NET's types hold."""
    found = _WHOLE.fullmatch(text)
    if found is None:
        return None
    return -int(found["digits"]) if found["sign"] == "-" else int(found["digits"])
