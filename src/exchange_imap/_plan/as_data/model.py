"""The classes of the plan model as plain data: their fields by name, each as its type is written and read.

A new field of a class is written and read as soon as it is declared. What users save has the version of this form.
"""

from __future__ import annotations

import enum
import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, Final, Literal, Self, cast

import attrs

from ..._entry import entry
from ..._errors import ExchangeImapError, InvalidValueError, RecordedError
from ..._json import FORM_VERSION, Json
from ..._model.cmdlet import Cmdlet
from ..._model.snapshot import Snapshot
from ..by_name import ByName
from ..parts import PART, resource_module
from .given import Given
from .objects import DOUBTFUL, read_command, read_snapshot

__all__ = ["PlainData"]

_VERSION: Final = "version"
_OF_AN_ERROR: Final = ("type", "message", "attributes", "cause")


@entry
class PlainData:
    """An object of the plan model, which JSON can hold."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold, with stable keys, and the version of the form as ``version``."""
        return {_VERSION: FORM_VERSION, **self._to_data()}

    def _to_compare(self) -> dict[str, Json]:
        """Return the same without what does not count in comparisons: it is the same for equal objects."""
        return {_VERSION: FORM_VERSION, **self._to_data(compared=True)}

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what :meth:`to_dict` returned: the object is equal to the one that was written.

        Raises :class:`InvalidValueError`, whose ``field`` is the path of what is wrong, such as
        ``$.steps[0].command.parameters.Banner``. Another ``version`` is refused.
        """
        given = Given(data)
        if not any(name.lower() == _VERSION for name, _ in given.entries()):
            raise given.at(_VERSION, "nothing").refused(f"{FORM_VERSION}, the version of the form")
        made: Self = _read(cls, given)
        return made

    def _to_data(self, *, compared: bool = False) -> dict[str, Json]:
        """Return the fields; a part of a state that was not asked for is left out."""
        fields = [field for field in _fields(type(self)).values() if field.eq or not compared]
        values = {field: getattr(self, field.name) for field in fields}
        asked = {field: value for field, value in values.items() if field.metadata != PART or value}
        return {field.name: _write(value, compared=compared) for field, value in asked.items()}

    @classmethod
    def _from_data(cls, given: Given) -> Self:
        fields = _fields(cls)
        needed = [name for name, field in fields.items() if field.default is attrs.NOTHING]
        parts = given.parts([*fields, _VERSION], required=needed)
        values = {name: _read_field(cls, fields[name], part) for name, part in parts.items() if name != _VERSION}
        try:
            made = cls(**values)
        except InvalidValueError as error:
            raise given.placed(error, parts) from None
        made._check(given)
        return made

    def _check(self, given: Given) -> None:
        """Refuse data whose parts are right and do not go together; most classes have none."""


def _fields(cls: type) -> dict[str, attrs.Attribute[Any]]:  # Any: of whatever type
    return {field.name: field for field in attrs.fields(cls) if field.init}


def _write(value: Any, *, compared: bool) -> Json:  # Any: what fields of these classes hold
    match value:
        case enum.Enum():
            written: object = value.name
        case datetime():
            written = value.isoformat()
        case tuple():
            written = [_write(item, compared=compared) for item in value]
        case frozenset():
            written = sorted(value)
        case ByName():
            written = {name: _write(item, compared=compared) for name, item in value.items()}
        case PlainData():
            written = value._to_data(compared=compared)  # noqa: SLF001 - of the same base
        case Cmdlet() | Snapshot() | ExchangeImapError():
            left_out = {_VERSION, DOUBTFUL} if compared else {_VERSION}
            written = {name: part for name, part in value.to_dict().items() if name not in left_out}
        case _:
            written = value
    return cast("Json", written)


def _read(cls: type[PlainData], given: Given) -> Any:  # Any: an object of the class
    """Read an object, whose version, if it has one, is ours."""
    for name, version in given.entries():
        if name.lower() == _VERSION and (type(version.value) is not int or version.value != FORM_VERSION):
            hint = "It was written by another release of this library: read it with that one."
            raise version.refused(f"{FORM_VERSION}, the version that this release reads", hint)
    return cls._from_data(given)


@cache
def _types(cls: type) -> Mapping[str, Any]:  # Any: annotations
    return typing.get_type_hints(cls)


def _read_field(cls: type, field: attrs.Attribute[Any], given: Given) -> object:  # Any: of whatever type
    whole: type[Snapshot] | None = resource_module(field.name).RESOURCE.whole if field.metadata == PART else None
    return _read_as(_types(cls)[field.name], given, whole)


def _read_as(kind: Any, given: Given, whole: type[Snapshot] | None = None) -> object:  # Any: an annotation
    """Read a value of the type that an annotation says; ``whole`` is the class of a part's objects."""
    origin, items = typing.get_origin(kind), typing.get_args(kind)
    if origin in {UnionType, typing.Union}:
        return None if given.value is None else _read_as(items[0], given, whole)
    if origin is tuple:
        return tuple(_read_as(items[0], item, whole) for item in given.items())
    if origin is frozenset:
        return frozenset(given.texts())
    if origin is Literal:
        return _read_word(items, given)
    if origin is ByName:
        return _read_objects(items[0], given, whole)
    return _read_one(kind, given, whole)


def _read_objects(kind: Any, given: Given, whole: type[Snapshot] | None) -> ByName[object]:  # Any: an annotation
    found = {name: _read_as(kind, each, whole) for name, each in given.entries()}
    try:
        return ByName(found)
    except InvalidValueError as error:
        raise error.with_field(given.path) from None


def _read_word(words: tuple[str, ...], given: Given) -> str:
    if given.value not in words:
        raise given.refused(f"one of {', '.join(words)}")
    return given.text()


def _read_moment(given: Given) -> datetime:
    try:
        return datetime.fromisoformat(given.text())
    except ValueError:
        raise given.refused("a moment such as 2026-11-23T22:10:00+00:00") from None


def _read_one(kind: type, given: Given, whole: type[Snapshot] | None) -> object:
    if issubclass(kind, Snapshot):
        return read_snapshot(whole or kind, given)
    if issubclass(kind, enum.Enum):
        return _read_member(kind, given)
    return _read(kind, given) if issubclass(kind, PlainData) else _READERS[kind](given)


def _read_member(kind: type[enum.Enum], given: Given) -> enum.Enum:
    found = [member for member in kind if member.name == given.value]
    if not found:
        raise given.refused(f"one of {', '.join(member.name for member in kind)}")
    return found[0]


def _read_error(given: Given) -> RecordedError:
    parts = given.parts((*_OF_AN_ERROR, _VERSION), required=_OF_AN_ERROR)
    attributes: dict[str, Any] = {name: part.value for name, part in parts["attributes"].entries()}  # Any: JSON
    error = RecordedError(parts["type"].text(), parts["message"].text(), attributes)
    if parts["cause"].value is not None:
        error.__cause__ = _read_error(parts["cause"])
    return error


_READERS: Final[Mapping[type, Callable[[Given], object]]] = {
    str: Given.text,
    bool: Given.flag,
    int: Given.whole,
    datetime: _read_moment,
    Cmdlet: read_command,
    ExchangeImapError: _read_error,
}
