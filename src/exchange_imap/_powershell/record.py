"""What a server answered, before it has a type."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import attrs

__all__ = ["Record", "RecordValue"]


@attrs.frozen
class Record:
    """One object as it came, with nothing lost.

    ``type_names`` are its types as written, the most derived first. ``text`` is its ToString, ``value``
    what an enum or a string with notes is made of, ``items`` a list's own elements, ``properties``
    its properties in the order sent; a name is looked up without regard to case with :meth:`get`.

    >>> Record(properties={"Status": Record(text="Running", value=4)}).get("status").text
    'Running'
    """

    type_names: tuple[str, ...] = ()
    text: str | None = None
    # A hashtable's key may be a record, and these may hold what has no hash.
    value: RecordValue = attrs.field(default=None, hash=False)
    items: tuple[RecordValue, ...] | None = attrs.field(default=None, hash=False)
    properties: Mapping[str, RecordValue] = attrs.field(factory=dict, hash=False)

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
