"""One form for what we read of CLIXML and what PowerShell reads of it."""

from __future__ import annotations

import base64
import math
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import attrs

import exchange_imap as xi
from exchange_imap._powershell.record import RecordValue

__all__ = ["Seen", "ours", "same", "shown", "theirs"]

_HALF = re.compile("[\ud800-\udfff]")
_REAL = {"Infinity": math.inf, "-Infinity": -math.inf}
Seen = dict[str, Any]  # Any: JSON of the judge's own form


def ours(value: RecordValue) -> object:
    """Put what we read into one comparable form."""
    match value:
        case xi.Record(value=dict() as table) if value.type_names and value.items is None:
            entries = tuple(sorted(f"[{_said(key)}, {_said(worth)}]" for key, worth in table.items()))
            return ours(attrs.evolve(value, value=None, items=entries))
        case xi.Record() if value.type_names or value.text is not None or value.properties:
            return {
                "types": value.type_names,
                "text": shown(value.text),
                "items": None if value.items is None else [ours(item) for item in value.items],
                "value": ours(value.value),
                "properties": {shown(name).lower(): ours(worth) for name, worth in value.properties.items()},
            }
        case xi.Record():
            return ours(value.value)
        case dict():
            return sorted([ours(key), ours(worth)] for key, worth in value.items())
        case datetime():
            return value.astimezone(UTC) if value.tzinfo else value
        case bytes():
            return base64.b64encode(value).decode()
        case UUID() | int() if not isinstance(value, bool):
            return str(value)
        case str():
            return shown(value)
        case _:
            return value


def _said(value: RecordValue) -> str:
    """Put a value of a table as PowerShell makes a text of it, which is what the judge shows."""
    match value:
        case None:
            return ""
        case xi.Record():
            items = None if value.items is None else " ".join(map(_said, value.items))
            return value.text or items or _said(value.value)
        case _:
            return str(value)


def _items(seen: list[Seen]) -> list[object]:
    """Put the items, those of a table in one order: it has none of its own."""
    entries = [theirs(item) for item in seen]
    return sorted(entries, key=str) if seen and seen[0].get("type") == "DictionaryEntry" else entries


def shown(text: str | None) -> str:
    """Put what JSON cannot hold as the judge does."""
    return _HALF.sub("\ufffd", text or "")


def theirs(seen: Seen) -> object:
    """Put what PowerShell read into the same form, without the prefix that it gives type names."""
    if "types" in seen:
        return {
            "types": tuple(name.removeprefix("Deserialized.") for name in seen["types"]),
            "text": seen["text"],
            "items": _items(seen["items"]) if "items" in seen else None,
            "value": theirs(seen["base"]) if "base" in seen else None,
            "properties": {name.lower(): theirs(worth) for name, worth in seen["properties"]},
        }
    return worth(seen["type"], seen["value"])


def worth(kind: str, value: Any) -> object:  # Any: see Seen
    """Read a plain value of the judge's."""
    match kind:
        case "DateTime":
            moment = datetime.fromisoformat(value)
            return moment.astimezone(UTC) if moment.tzinfo else moment
        case "TimeSpan":
            return xi.parse_time_span(value)
        case "Double" | "Single":
            return _REAL.get(value) or float(value)
        case "Decimal":
            return Decimal(value)
        case "Hashtable":
            return sorted([theirs(key), theirs(item)] for key, item in value)
        case _:
            return value


def same(one: Any, other: Any) -> bool:  # Any: comparable forms
    """Compare; an object without a text of its own has one that PowerShell makes up."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = one.keys() | other.keys()
        return all(same(one.get(key), other.get(key)) for key in keys if key != "text" or one["text"])
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
