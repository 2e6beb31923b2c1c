"""The values of a reply in a form that JSON can hold and a person can read, with nothing lost.

Null, booleans, whole numbers and text stand for themselves, and so do real numbers and lists; whatever JSON has no form
for is an object with one key that says what it is.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from .._errors import InvalidValueError
from .._powershell.record import Record, RecordValue

__all__ = ["Json", "read_record", "read_value", "write_record", "write_value"]

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


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


def read_value(data: Json) -> RecordValue:
    """Read what :func:`write_value` returned. Raises :class:`InvalidValueError`."""
    if isinstance(data, list):
        return tuple(map(read_value, data))
    if not isinstance(data, dict):
        return data
    if len(data) != 1 or next(iter(data)) not in _READERS:
        raise InvalidValueError("value", f"an object with one of the keys {', '.join(_READERS)}", data)
    ((key, inner),) = data.items()
    try:
        return _READERS[key](inner)
    except (TypeError, ValueError, AttributeError, InvalidOperation, binascii.Error) as error:
        raise InvalidValueError(f"value.{key}", "what was recorded", inner) from error


def read_record(data: Mapping[str, Any]) -> Record:  # Any: JSON, checked while it is read
    """Read what :func:`write_record` returned. Raises :class:`InvalidValueError`."""
    items = data.get("items")
    return Record(
        type_names=tuple(data.get("types", ())),
        text=data.get("text"),
        value=read_value(data.get("value")),
        items=None if items is None else tuple(map(read_value, items)),
        properties={name: read_value(value) for name, value in data.get("properties", {}).items()},
    )


def _write_span(value: timedelta) -> str:
    return str(value // timedelta(microseconds=1))


def _read_span(text: Any) -> timedelta:  # Any: JSON
    return timedelta(microseconds=int(text))


def _write_pairs(pairs: dict[RecordValue, RecordValue]) -> Json:
    return [[write_value(key), write_value(value)] for key, value in pairs.items()]


def _read_pairs(pairs: Any) -> dict[RecordValue, RecordValue]:  # Any: JSON
    return {read_value(key): read_value(value) for key, value in pairs}


def _write_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _read_bytes(text: Any) -> bytes:  # Any: JSON
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
_READERS: Final[dict[str, Callable[[Any], RecordValue]]] = {  # Any: JSON
    "record": read_record,
    "decimal": Decimal,
    "moment": datetime.fromisoformat,
    "microseconds": _read_span,
    "guid": UUID,
    "bytes": _read_bytes,
    "pairs": _read_pairs,
    "real": float,
}
