"""Write what a transport answered or raised as JSON, and check each part when it is read again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import attrs

from .._errors import InvalidValueError
from .._json import Json
from .errors import (
    AuthenticationError,
    EndpointError,
    ErrorRecord,
    ThrottledError,
    TransportError,
    TransportTimeoutError,
)
from .recorded_values import read_items, read_object, read_record, read_text, read_texts, write_record
from .transport import Reply

__all__ = ["read_error", "read_reply", "write_error", "write_reply"]

_ERRORS: Final = {
    each.__name__: each
    for each in (TransportError, AuthenticationError, TransportTimeoutError, EndpointError, ThrottledError)
}
_MOST_SECONDS: Final = timedelta.max.total_seconds()


def write_reply(reply: Reply) -> Json:
    """Return what JSON can hold."""
    return {
        "records": [write_record(record) for record in reply.records],
        "errors": [attrs.asdict(error) for error in reply.errors],
        "warnings": list(reply.warnings),
        "seconds": reply.elapsed.total_seconds(),
    }


def read_reply(data: Json, path: str) -> Reply:
    """Read what :func:`write_reply` returned. Raises :class:`InvalidValueError`, with the path of what is wrong."""
    parts = read_object(data, path, ("records", "errors", "warnings", "seconds"), ())
    return Reply(
        records=read_items(parts["records"], f"{path}.records", read_record),
        errors=read_items(parts["errors"], f"{path}.errors", _read_error_record),
        warnings=read_texts(parts["warnings"], f"{path}.warnings"),
        elapsed=_read_seconds(parts["seconds"], f"{path}.seconds"),
    )


def write_error(error: TransportError) -> Json:
    """Return what JSON can hold."""
    parts = attrs.asdict(error)
    if isinstance(error, ThrottledError):
        parts["wait"] = None if error.wait is None else error.wait.total_seconds()
    return {"class": type(error).__name__, **parts}


def read_error(data: Json, path: str) -> TransportError:
    """Read what :func:`write_error` returned. Raises :class:`InvalidValueError`, with the path of what is wrong."""
    parts = dict(read_object(data, path, ("class",)))
    name = read_text(parts.pop("class"), f"{path}.class")
    if name not in _ERRORS:
        raise InvalidValueError(f"{path}.class", f"one of {', '.join(_ERRORS)}", name)
    return _ERRORS[name](**_read_fields(_ERRORS[name], parts, path))


def _read_error_record(data: Json, path: str) -> ErrorRecord:
    return ErrorRecord(**_read_fields(ErrorRecord, data, path))


def _read_fields(cls: type[attrs.AttrsInstance], data: Json, path: str) -> dict[str, Any]:  # Any: each field's own type
    """Read the fields of a class, each as its own type."""
    fields = {field.name: field for field in attrs.fields(cls)}
    required = [name for name, field in fields.items() if field.default is attrs.NOTHING]
    parts = read_object(data, path, required, fields)
    return {name: _FIELDS.get(name, read_text)(value, f"{path}.{name}") for name, value in parts.items()}


def _read_seconds(data: Json, path: str) -> timedelta:
    if not isinstance(data, int | float) or isinstance(data, bool) or not -_MOST_SECONDS < data < _MOST_SECONDS:
        raise InvalidValueError(path, "a number of seconds", data)
    return timedelta(seconds=data)


def _read_flag(data: Json, path: str) -> bool:
    if not isinstance(data, bool):
        raise InvalidValueError(path, "true or false", data)
    return data


def _read_whole(data: Json, path: str) -> int:
    if not isinstance(data, int) or isinstance(data, bool):
        raise InvalidValueError(path, "a whole number", data)
    return data


def _optional(read: Callable[[Json, str], object]) -> Callable[[Json, str], object]:
    def read_or_not(data: Json, path: str) -> object:
        return None if data is None else read(data, path)

    return read_or_not


_FIELDS: Final[dict[str, Callable[[Json, str], object]]] = {
    "sent": _optional(_read_flag),
    "port": _optional(_read_whole),
    "wait": _optional(_read_seconds),
}
"""How a field is read, by its name; every other one is text."""
