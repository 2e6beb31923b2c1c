"""Check at run time what a type checker would have found: that a value is of the right type."""

from __future__ import annotations

from .._errors import InvalidValueError

__all__ = ["require_instance", "require_text"]


def require_instance(field: str, expected: str, value: object, kind: type | tuple[type, ...], hint: str = "") -> None:
    """Refuse a value that is not of the type."""
    if not isinstance(value, kind):
        raise InvalidValueError(field, expected, value, hint)


def require_text(field: str, text: str) -> str:
    """Return the text. Raises :class:`InvalidValueError` for anything else."""
    require_instance(field, "text", text, str)
    return text
