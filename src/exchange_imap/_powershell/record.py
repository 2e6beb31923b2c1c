"""What a server answered, before it has a type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import attrs

from .._shown import shown

__all__ = ["Record", "RecordValue"]

_LONGEST_REPR = 10_000


@attrs.frozen(repr=False)
class Record:
    """One object as it came, with nothing lost.

    ``type_names`` are its types as written, the most derived first. ``text`` is its ToString, ``value``
    what an enum or a string with notes is made of, ``items`` a list's own elements, ``properties``
    its properties in the order sent; a name is looked up without regard to case with :meth:`get`. A repr longer than
    10,000 characters is cut: what a record holds several times may be more than fits into memory.

    >>> Record(properties={"Status": Record(text="Running", value=4)}).get("status").text
    'Running'
    """

    type_names: tuple[str, ...] = ()
    text: str | None = None
    # A hashtable's key may be a record, and these may hold what has no hash.
    value: RecordValue = attrs.field(default=None, hash=False)
    items: tuple[RecordValue, ...] | None = attrs.field(default=None, hash=False)
    properties: Mapping[str, RecordValue] = attrs.field(factory=dict, hash=False)

    def __rich_repr__(self) -> Iterator[tuple[str, object]]:
        return ((field.name, getattr(self, field.name)) for field in attrs.fields(Record))

    def __repr__(self) -> str:
        return shown(self, _LONGEST_REPR)

    def get(self, name: str) -> RecordValue:
        """Return the property of that name, whatever its case; ``None`` when there is none."""
        return next((value for key, value in self.properties.items() if key.lower() == name.lower()), None)

    def has(self, name: str) -> bool:
        """Say whether there is a property of that name, whatever its case, null or not."""
        return any(key.lower() == name.lower() for key in self.properties)


RecordValue = (
    None
    | bool
    | int
    | float
    | Decimal
    | str
    | datetime
    | timedelta
    | UUID
    | bytes
    | tuple["RecordValue", ...]
    | dict["RecordValue", "RecordValue"]
    | Record
)
