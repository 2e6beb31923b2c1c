"""A TCP port in a text."""

from __future__ import annotations

from .._errors import InvalidValueError
from .._patterns import pattern

__all__ = ["MAX_PORT", "check_port", "read_port"]

MAX_PORT = 65535
_DIGITS = pattern(r"[0-9]{1,9}")


def read_port(text: str, field: str, received: str, hint: str = "") -> int:
    """Read decimal digits as a port of 0 to 65535; ``received`` is the whole text, for the message."""
    if _DIGITS.fullmatch(text) is None or int(text) > MAX_PORT:
        raise InvalidValueError(field, f"a port of 0 to {MAX_PORT}", received, hint)
    return int(text)


def check_port(port: object, field: str) -> None:
    """Refuse anything but a port number."""
    if not isinstance(port, int) or isinstance(port, bool) or not 0 <= port <= MAX_PORT:
        raise InvalidValueError(field, f"a port of 0 to {MAX_PORT}", port)
