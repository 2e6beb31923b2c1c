"""Make the objects of a file ready for a snapshot class: refuse those of another type and what JSON cut away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from .._errors import UnexpectedReplyError
from .._powershell.json_reader import is_cut
from .._powershell.record import Record, RecordValue, class_name
from .specs import PropertySpec

__all__ = ["complete", "require_type", "said_types", "single_objects"]

_UNTYPED = {"PSCustomObject", "PSObject", "Object"}
_DEEPER = "ConvertTo-Json cut it away: write ConvertTo-Json -Depth 6, or better Export-Clixml."
_NO_TEXT = "ConvertTo-Json leaves out what such an object prints: write Export-Clixml instead."


def single_objects(records: Iterable[Record]) -> Iterator[Record]:
    """Yield the objects, also those of a list that was written as one object (``Export-Clixml -InputObject``)."""
    for record in records:
        items = record.items or ()
        if items and all(isinstance(item, Record) for item in items):
            yield from (item for item in items if isinstance(item, Record))
        else:
            yield record


def said_types(record: Record) -> set[str]:
    """Return the names of the classes that an object says it is of; none if it has lost its type."""
    return {class_name(name) for name in record.type_names} - _UNTYPED


def require_type(place: str, record: Record, types: tuple[str, ...]) -> None:
    """Refuse an object that says that it is something else; one that has lost its type passes."""
    names = said_types(record)
    if types and names and names.isdisjoint(map(class_name, types)):
        hint = "read_clixml reads objects of any type."
        raise UnexpectedReplyError(place, f"an object of type {' or '.join(types)}", record.type_names[0], hint)


def complete(place: str, record: Record, specs: Iterable[PropertySpec]) -> Record:
    """Refuse what ConvertTo-Json cut away of these properties, and let its objects stand for what names them."""
    wanted = {name for spec in specs for name in spec.names}
    found = {
        name: _tell(f"{place}.{name}", value) if name.lower() in wanted else value
        for name, value in record.properties.items()
    }
    return attrs.evolve(record, properties=found)


def _tell(path: str, value: RecordValue) -> RecordValue:
    if is_cut(value):
        raise UnexpectedReplyError(path, "its value", value, _DEEPER)
    if isinstance(value, tuple):
        return tuple(_tell(f"{path}[{place}]", item) for place, item in enumerate(value))
    if isinstance(value, Record) and value == Record(properties=value.properties):
        return _named(path, value)
    return value


def _named(path: str, record: Record) -> str:
    """Say what an object's ToString says, where its properties tell: an end point, or whatever has a name."""
    address, port = record.get("Address"), record.get("Port")
    name = record.get("Name") or record.get("ServiceName")
    if isinstance(address, Record):
        address = address.get("IPAddressToString")
    if isinstance(address, str) and isinstance(port, int):
        return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    if isinstance(name, str):
        return name
    raise UnexpectedReplyError(path, "a text or a number", dict(record.properties), _NO_TEXT)
