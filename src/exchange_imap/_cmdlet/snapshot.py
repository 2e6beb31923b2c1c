"""The base of every snapshot class: what a server answered, typed and with nothing missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import attrs

from .._errors import InvalidValueError, UnexpectedReplyError
from .._powershell.format_list import read_printed, write_format_list
from .._powershell.record import Record, RecordValue
from .declaration import PropertySpec, mandatory, properties
from .kinds import Json

__all__ = ["Snapshot"]


@attrs.frozen(kw_only=True)
class Snapshot:
    """One object as a server had it at one moment.

    Every property is there: one that the server must have and that did not come, or came as null, raises
    :class:`UnexpectedReplyError` and is never replaced by a default. ``str(snapshot)`` is the text that
    Format-List prints, which :meth:`parse` reads.
    """

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
        found = cls.parse_all(text)
        if len(found) != 1:
            raise InvalidValueError(cls.__name__, "one object", f"{len(found)} objects", "Use parse_all.")
        return found[0]

    @classmethod
    def parse_all(cls, text: str) -> tuple[Self, ...]:
        """Read the text that ``Format-List`` printed of any number of objects."""
        return tuple(map(cls.from_record, read_printed(text)))

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
        return write_format_list(shown)

    def _display(self, field: str, spec: PropertySpec) -> Any:  # Any: the kind's own value
        value = getattr(self, field)
        return None if value is None else spec.kind.display(value)


def _decode(owner: str, spec: PropertySpec, record: Record, *, needed: bool) -> object:
    path = f"{owner}.{spec.name}"
    value = next((record.get(name) for name in (spec.name, *spec.others) if record.has(name)), None)
    if value is None and needed:
        raise _missing(path, spec, record)
    if value is None or (value == "" and not needed):
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
