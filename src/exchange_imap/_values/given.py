"""Check and read the parts of values: what a type checker would have found, whole numbers and ports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from .._errors import InvalidValueError
from .._patterns import pattern

__all__ = [
    "MAX_PORT",
    "check_amount",
    "check_port",
    "nearest",
    "read_port",
    "read_whole",
    "require_instance",
    "require_text",
    "trusted",
]

T = TypeVar("T")
_set = object.__setattr__  # what the constructor of a frozen class uses
MAX_PORT = 65535
_DIGITS = pattern(r"[0-9]{1,9}")
# .NET's largest whole number has 20 digits, and zeros before it do not count. Python refuses to read more than 4,300.
_WHOLE = pattern(r"(?P<sign>[+-]?)0*(?P<digits>[0-9]{1,20})")


def require_instance(field: str, expected: str, value: object, kind: type | tuple[type, ...], hint: str = "") -> None:
    """Refuse a value that is not of the type."""
    if not isinstance(value, kind):
        raise InvalidValueError(field, expected, value, hint)


def require_text(field: str, text: str) -> str:
    """Return the text. Raises :class:`InvalidValueError` for anything else."""
    require_instance(field, "text", text, str)
    return text


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the one of the known names that was probably meant; an empty text if none is like the name.

    >>> nearest("sslbinding", ["Banner", "SSLBindings"])
    'SSLBindings'
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only a name that is not known needs it

    names = {each.lower(): each for each in known}
    return next((names[each] for each in get_close_matches(name.lower(), names, n=1, cutoff=0.6)), "")


def read_whole(text: str) -> int | None:
    """Read decimal digits with or without a sign; ``None`` for anything else, and for more than .NET's types hold."""
    found = _WHOLE.fullmatch(text)
    if found is None:
        return None
    return -int(found["digits"]) if found["sign"] == "-" else int(found["digits"])


def read_port(text: str, field: str, received: str, hint: str = "") -> int:
    """Read decimal digits as a port of 0 to 65535; ``received`` is the whole text, for the message."""
    if _DIGITS.fullmatch(text) is None or int(text) > MAX_PORT:
        raise InvalidValueError(field, f"a port of 0 to {MAX_PORT}", received, hint)
    return int(text)


def check_port(port: object, field: str) -> None:
    """Refuse anything but a port number."""
    if not _is_whole(port, MAX_PORT):
        raise InvalidValueError(field, f"a port of 0 to {MAX_PORT}", port)


def check_amount(value: object, field: str, most: int) -> None:
    """Refuse anything but a number of 0 to ``most``, or ``None``."""
    if value is not None and not _is_whole(value, most):
        raise InvalidValueError(field, f"a whole number of 0 to {most}, or None for unlimited", value)


def _is_whole(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def trusted(known: type, cls: type[T], **parts: Any) -> T:  # Any: the constructor's own types
    """Make an instance of ``known``, a frozen class, of parts that its converters would not change.

    A class below it may have more fields and checks: an instance of such a ``cls`` is made by its constructor.
    """
    if cls is not known:
        return cls(**parts)
    made = object.__new__(cls)
    for name, part in parts.items():
        _set(made, name, part)
    return made
