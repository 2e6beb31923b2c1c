"""Write the values of a reply as JSON that a person can read, and read them again without a loss.

Null, booleans, numbers, texts and lists are written as JSON has them. Every other value is an object with one key that
names its type.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypeVar
from uuid import UUID

from .._errors import InvalidValueError
from .._json import Json
from .._powershell.record import Keys, Record, RecordValue

__all__ = [
    "read_items",
    "read_object",
    "read_record",
    "read_text",
    "read_texts",
    "read_value",
    "write_record",
    "write_value",
]

T = TypeVar("T")
_PARTS: Final = ("types", "text", "value", "items", "properties")


def write_value(value: RecordValue) -> Json:
    """Return what JSON can hold."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"real": repr(value)}
    if isinstance(value, tuple):
        return [write_value(item) for item in value]
    key, write = _WRITERS[next(kind for kind in _WRITERS if isinstance(value, kind))]
    return {key: write(value)}


def write_record(record: Record) -> dict[str, Json]:
    """Return what JSON can hold, without the parts that the record does not have."""
    parts: dict[str, Json] = {
        "types": list(record.type_names) or None,
        "text": record.text,
        "value": write_value(record.value),
        "items": None if record.items is None else [write_value(item) for item in record.items],
        "properties": {name: write_value(value) for name, value in record.properties.items()} or None,
    }
    return {name: part for name, part in parts.items() if part is not None}


def read_value(data: Json, path: str = "value") -> RecordValue:
    """Read what :func:`write_value` returned. Raises :class:`InvalidValueError`, with the path of what is wrong."""
    if isinstance(data, list):
        return tuple(read_value(item, f"{path}[{place}]") for place, item in enumerate(data))
    if not isinstance(data, dict):
        return data
    if len(data) != 1 or next(iter(data)) not in _READERS:
        raise InvalidValueError(path, f"an object with one of the keys {', '.join(_READERS)}", data)
    ((key, inner),) = data.items()
    return _READERS[key](inner, f"{path}.{key}")


def read_record(data: Json, path: str = "record") -> Record:
    """Read what :func:`write_record` returned. Raises :class:`InvalidValueError`, with the path of what is wrong."""
    parts = read_object(data, path, optional=_PARTS)
    items = parts.get("items")
    properties = read_object(parts.get("properties", {}), f"{path}.properties")
    return Record(
        type_names=read_texts(parts.get("types", []), f"{path}.types"),
        text=None if parts.get("text") is None else read_text(parts["text"], f"{path}.text"),
        value=read_value(parts.get("value"), f"{path}.value"),
        items=None if items is None else read_items(items, f"{path}.items", read_value),
        properties={name: read_value(value, f"{path}.properties.{name}") for name, value in properties.items()},
    )


def read_object(
    data: Json, path: str, required: Collection[str] = (), optional: Collection[str] | None = None
) -> dict[str, Json]:
    """Take an object that has the required keys, and no other ones but the optional; with ``None`` it may have any."""
    if not isinstance(data, dict):
        raise InvalidValueError(path, "an object", data)
    for name in required:
        if name not in data:
            raise InvalidValueError(f"{path}.{name}", "this key", "nothing")
    known = data if optional is None else dict.fromkeys((*required, *optional))
    for name in data:
        if name not in known:
            raise InvalidValueError(f"{path}.{name}", f"one of {', '.join(known)}", data[name])
    return data


def read_items(data: Json, path: str, read: Callable[[Json, str], T]) -> tuple[T, ...]:
    """Read each item of a list."""
    if not isinstance(data, list):
        raise InvalidValueError(path, "a list", data)
    return tuple(read(item, f"{path}[{place}]") for place, item in enumerate(data))


def read_text(data: Json, path: str) -> str:
    """Take a text."""
    if not isinstance(data, str):
        raise InvalidValueError(path, "text", data)
    return data


def read_texts(data: Json, path: str) -> tuple[str, ...]:
    """Take a list of texts."""
    return read_items(data, path, read_text)


def _write_span(value: timedelta) -> str:
    return str(value // timedelta(microseconds=1))


def _read_span(text: str) -> timedelta:
    return timedelta(microseconds=int(text))


def _write_pairs(pairs: dict[RecordValue, RecordValue]) -> Json:
    return [[write_value(key), write_value(value)] for key, value in pairs.items()]


def _read_pairs(data: Json, path: str) -> dict[RecordValue, RecordValue]:
    pairs: dict[RecordValue, RecordValue] = {}
    keys = Keys()
    for key, value in read_items(data, path, _read_pair):
        if not keys.take(key):
            raise InvalidValueError(path, "keys that can be told apart", key)
        pairs[key] = value
    return pairs


def _read_pair(data: Json, path: str) -> tuple[RecordValue, RecordValue]:
    if not isinstance(data, list) or len(data) != len(("key", "value")):
        raise InvalidValueError(path, "a list of a key and a value", data)
    return read_value(data[0], f"{path}[0]"), read_value(data[1], f"{path}[1]")


def _write_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _read_bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


_WRITERS: Final[dict[type, tuple[str, Callable[[Any], Json]]]] = {  # Any: a value of the type that is the key
    Record: ("record", write_record),
    Decimal: ("decimal", str),
    datetime: ("moment", datetime.isoformat),
    timedelta: ("microseconds", _write_span),
    UUID: ("guid", str),
    bytes: ("bytes", _write_bytes),
    dict: ("pairs", _write_pairs),
}


def _written(read: Callable[[str], RecordValue]) -> Callable[[Json, str], RecordValue]:
    """Read a value from its text, and refuse a text that says no such value."""

    def checked(data: Json, path: str) -> RecordValue:
        text = read_text(data, path)
        try:
            return read(text)
        except (ValueError, ArithmeticError):
            raise InvalidValueError(path, "what was recorded", text) from None

    return checked


_READERS: Final[dict[str, Callable[[Json, str], RecordValue]]] = {
    "record": read_record,
    "decimal": _written(Decimal),
    "moment": _written(datetime.fromisoformat),
    "microseconds": _written(_read_span),
    "guid": _written(UUID),
    "bytes": _written(_read_bytes),
    "pairs": _read_pairs,
    "real": _written(float),
}
