"""The objects of a file in which those of several classes may stand, and of which class each of them is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

import attrs

from .._powershell.clixml import read_clixml
from .._powershell.format_list import Printed, read_each
from .._powershell.json_reader import read_json
from .._powershell.record import Record, class_name
from .captured import complete, said_types, single_objects
from .declaration import properties, required
from .saved import SavedText
from .snapshot import Snapshot

__all__ = ["SavedObject", "objects_in"]

S = TypeVar("S", bound=Snapshot)


@attrs.frozen
class SavedObject:
    """One object as a file has it, which has not been read yet."""

    place: str
    record: Record
    printed: Printed | None = None
    """What Format-List printed, if it did."""
    is_json: bool = False

    def class_among(self, classes: Iterable[type[S]]) -> type[S] | None:
        """Return the class that the object is of: by its type, or by having all that objects of the class must have."""
        said = said_types(self.record)
        if said:
            return next((cls for cls in classes if not said.isdisjoint(map(class_name, cls.types))), None)
        names = {name.lower() for name in self.record.properties}
        fitting = [cls for cls in classes if all(not names.isdisjoint(each) for each in _needed(cls))]
        return max(fitting, key=lambda cls: len(_needed(cls)), default=None)

    def read_as(self, cls: type[S]) -> S:
        """Read it as an object of a class. Raises what the readers of the class raise."""
        if self.printed is not None:
            return cls._from_printed(self.printed)
        place = f"{self.place} ({cls.__name__})"
        record = complete(place, self.record, properties(cls).values()) if self.is_json else self.record
        return cls._one_from(place, record)


def _needed(cls: type[Snapshot]) -> list[tuple[str, ...]]:
    """Return the names of each property that an object must have, in lower case."""
    needed = required(cls)
    return [tuple(spec.names) for field, spec in properties(cls).items() if field in needed]


def objects_in(saved: SavedText) -> Iterator[SavedObject]:
    """Yield the objects of a file. Raises what the reader of its kind raises."""
    if saved.kind == "Format-List":
        found = (SavedObject("", Record(properties=printed.values), printed) for printed in read_each(saved.text))
    elif saved.kind == "JSON":
        found = (SavedObject("", record, is_json=True) for record in read_json(saved.text))
    else:
        found = (SavedObject("", record) for record in single_objects(read_clixml(saved.text)))
    return (attrs.evolve(each, place=f"object {number}") for number, each in enumerate(found, 1))
