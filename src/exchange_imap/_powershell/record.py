"""What a server answered, before it has a type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

import attrs

from .._entry import entry
from .._public import public
from .._shown import Walkable, shown

__all__ = ["FormatValue", "Keys", "Record", "RecordValue", "class_name"]

_MOST_ALIKE: Final = 100
_LONGEST_REPR = 10_000


@public
@attrs.frozen(repr=False)
class Record(Walkable):
    """One object as it came, with nothing lost.

    ``type_names`` are its types as written, the most derived first. ``text`` is its ToString, ``value``
    what an enum or a string with notes is made of, ``items`` a list's own elements, ``properties``
    its properties in the order sent; a name is looked up without regard to case with :meth:`get`. A repr longer than
    10,000 characters is cut: what a record holds several times may be more than fits into memory.

    >>> status = Record(properties={"Status": Record(text="Running", value=4)}).get("status")
    >>> str(status.text) if isinstance(status, Record) else status
    'Running'
    """

    type_names: tuple[str, ...] = ()
    text: str | None = None
    value: RecordValue = None
    items: tuple[RecordValue, ...] | None = None
    properties: Mapping[str, RecordValue] = attrs.field(factory=dict)

    def __hash__(self) -> int:
        """Hash all of it: a hashtable may have many records as its keys."""
        return hash((self.type_names, self.text, *map(_hash, (self.value, self.items, self.properties))))

    def __repr__(self) -> str:
        return shown(self, _LONGEST_REPR)

    @entry
    def get(self, name: str) -> RecordValue:
        """Return the property of that name without regard to case; ``None`` if there is none."""
        return next((value for key, value in self.properties.items() if key.lower() == name.lower()), None)

    @entry
    def has(self, name: str) -> bool:
        """Say whether there is a property of that name without regard to case, null or not."""
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
FormatValue = None | bool | int | str | timedelta | tuple[str, ...]
"""What Format-List prints of a property."""


def class_name(type_name: str) -> str:
    """Return ``Y`` of ``Deserialized.N.X.Y``; an array or list of them is another type.

    Types are compared by it, since a namespace may differ from version to version.
    """
    return re.split("[`,]", type_name)[0].rpartition(".")[2]


def _hash(value: RecordValue | Mapping[str, RecordValue]) -> int:
    """Hash a value, a table too, whose order does not count."""
    if isinstance(value, tuple):
        return hash(tuple(map(_hash, value)))
    if isinstance(value, Mapping):
        return sum(hash((_hash(key), _hash(item))) for key, item in value.items())
    return hash(value)


class Keys:
    """The keys of one table while it is read: no more than a hundred may have the same hash.

    A dictionary compares each of these with every other. A text can hold any number of such keys, all multiples of
    2**61 - 1, say, and would take hours to read; no server has two.
    """

    def __init__(self) -> None:
        self._alike: Counter[int] = Counter()

    def take(self, key: RecordValue) -> bool:
        """Count a key; say whether it can be one."""
        try:
            number = hash(key)
        except TypeError:
            return False
        self._alike[number] += 1
        return self._alike[number] <= _MOST_ALIKE
