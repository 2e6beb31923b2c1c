"""The base of every snapshot class: what a server answered, typed and with nothing missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self
from uuid import UUID

import attrs

from .._errors import InvalidValueError, UnexpectedReplyError
from .._powershell.clixml import read_clixml
from .._powershell.format_list import read_printed
from .._powershell.format_list_writer import show_properties
from .._powershell.json_reader import read_json
from .._powershell.record import Record, RecordValue
from .captured import complete, require_type, single_objects
from .declaration import PropertySpec, mandatory, properties
from .kinds import Json, plain

__all__ = ["Snapshot"]

_PLAIN = (bool, int, str, Decimal, UUID, datetime, timedelta, bytes)
"""What a record holds as it is."""


@attrs.frozen(kw_only=True)
class Snapshot:
    """One object as a server had it at one moment.

    Every property is there: one that the server must have and that did not come, or came as null, raises
    :class:`UnexpectedReplyError` and is never replaced by a default. ``str(snapshot)`` is the text that
    Format-List prints, which :meth:`parse` reads. What a terminal would act on, such as ESC or a line end, is escaped
    in it; the fields and :meth:`to_dict` have it exactly.
    """

    types: ClassVar[tuple[str, ...]] = ()
    """The types in .NET of the objects that it is read from; without any, a file's objects are not compared."""

    @classmethod
    def from_record(cls, record: Record | Mapping[str, RecordValue]) -> Self:
        """Read an object as it came, whatever way its values were serialised.

        Raises :class:`UnexpectedReplyError` with the path of what is missing or has another form.
        """
        given = record if isinstance(record, Record) else Record(properties=record)
        required = mandatory(cls)
        values: dict[str, Any] = {  # Any: each field's own type, checked by its converter
            field: _decode(cls.__name__, spec, given, needed=field in required)
            for field, spec in properties(cls).items()
        }
        return cls(**values)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text that ``Format-List`` printed of exactly one object.

        Raises :class:`InvalidValueError` for a text that is none, and :class:`UnexpectedReplyError` for one that
        lacks properties.
        """
        return cls._only(cls.parse_all(text), "parse_all")

    @classmethod
    def parse_all(cls, text: str) -> tuple[Self, ...]:
        """Read the text that ``Format-List`` printed of any number of objects."""
        return tuple(map(cls.from_record, read_printed(text)))

    @classmethod
    def from_clixml(cls, text: str) -> Self:
        """Read the one object of a file that ``Export-Clixml`` wrote; ``text`` is the decoded file.

        Raises :class:`InvalidValueError` for several objects or none, and :class:`UnexpectedReplyError` for an object
        of another type, one that lacks properties, and what is no CLIXML.
        """
        return cls._only(cls.all_from_clixml(text), "all_from_clixml")

    @classmethod
    def all_from_clixml(cls, text: str) -> tuple[Self, ...]:
        """Read every object of a file that ``Export-Clixml`` wrote."""
        records = tuple(single_objects(read_clixml(text)))
        for place, record in cls._places(records):
            require_type(place, record, cls.types)
        return cls._all_from(records)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the one object that ``ConvertTo-Json`` wrote.

        Raises :class:`InvalidValueError` for several objects or none, and :class:`UnexpectedReplyError` for one that
        lacks properties or whose values were cut away (``-Depth``), and for what is no JSON.
        """
        return cls._only(cls.all_from_json(text), "all_from_json")

    @classmethod
    def all_from_json(cls, text: str) -> tuple[Self, ...]:
        """Read every object that ``ConvertTo-Json`` wrote."""
        names = [name for spec in properties(cls).values() for name in (spec.name, *spec.others)]
        return cls._all_from([complete(place, record, names) for place, record in cls._places(read_json(text))])

    @classmethod
    def _places(cls, records: Sequence[Record]) -> list[tuple[str, Record]]:
        """Name each object for what is said of it: by its place where there are several."""
        several = len(records) > 1
        return [(f"{cls.__name__}[{n}]" if several else cls.__name__, record) for n, record in enumerate(records)]

    @classmethod
    def _all_from(cls, records: Sequence[Record]) -> tuple[Self, ...]:
        return tuple(cls._one_from(place, record) for place, record in cls._places(records))

    @classmethod
    def _one_from(cls, place: str, record: Record) -> Self:
        """Read an object of several, and say which one it was when that fails."""
        try:
            return cls.from_record(record)
        except UnexpectedReplyError as error:
            path = place + error.path.removeprefix(cls.__name__)
            raise UnexpectedReplyError(path, error.expected, error.received, error.hint) from error

    @classmethod
    def _only(cls, found: tuple[Self, ...], other: str) -> Self:
        if len(found) != 1:
            raise InvalidValueError(cls.__name__, "one object", f"{len(found)} objects", f"Use {other}.")
        return found[0]

    def to_record(self) -> Record:
        """Return the object as an ordinary session would carry it; :meth:`from_record` reads it again.

        Values that PowerShell serialises by their text, such as enums, sizes and bindings, are text.
        """
        values = {spec.name: self._wire(field, spec) for field, spec in properties(type(self)).items()}
        return Record(type_names=self.types, properties=values)

    def _wire(self, field: str, spec: PropertySpec) -> RecordValue:
        value = getattr(self, field)
        return value if value is None or isinstance(value, _PLAIN) else spec.kind.display(value)

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold, under PowerShell's names."""
        return {spec.name: self._json(field, spec) for field, spec in properties(type(self)).items()}

    def _json(self, field: str, spec: PropertySpec) -> Json:
        value = getattr(self, field)
        return None if value is None else spec.kind.to_json(value)

    @classmethod
    def from_dict(cls, data: Mapping[str, Json]) -> Self:
        """Read what :meth:`to_dict` returned. Raises :class:`InvalidValueError`."""
        fields = {spec.name: field for field, spec in properties(cls).items()}
        for name in data.keys() ^ fields.keys():
            expected = "this property" if name in fields else f"one of {', '.join(fields)}"
            raise InvalidValueError(f"{cls.__name__}.{name}", expected, data.get(name, "nothing"))
        values: dict[str, Any] = {fields[name]: value for name, value in data.items()}  # Any: see from_record
        return cls(**values)

    def __str__(self) -> str:
        shown = {spec.name: self._display(field, spec) for field, spec in properties(type(self)).items()}
        return show_properties(shown)

    def _display(self, field: str, spec: PropertySpec) -> Any:  # Any: the kind's own value
        value = getattr(self, field)
        return None if value is None else spec.kind.display(value)


def _decode(owner: str, spec: PropertySpec, record: Record, *, needed: bool) -> object:
    path = f"{owner}.{spec.name}"
    value = next((record.get(name) for name in (spec.name, *spec.others) if record.has(name)), None)
    if value is None and needed:
        raise _missing(path, spec, record)
    if value is None or (not needed and plain(value) == ""):
        return None
    try:
        return spec.kind.decode(value)
    except InvalidValueError as error:
        raise UnexpectedReplyError(path, error.expected, error.received, error.hint) from error


def _missing(path: str, spec: PropertySpec, record: Record) -> UnexpectedReplyError:
    if not record.has(spec.name):
        hint = (
            f"It has only {', '.join(record.properties) or 'no properties'}: ask for all (Format-List without names)."
        )
        return UnexpectedReplyError(path, "this property", "nothing", hint)
    hint = 'Null is not "unset": Exchange sends it when its serialization payload could not be read.'
    return UnexpectedReplyError(path, "a value", None, hint)
