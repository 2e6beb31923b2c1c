"""A desired state as plain data. What a part looks like follows from its resource: nothing here names one.

A part is an object with the parameters of the cmdlet that states it, or, where a server has several objects, such an
object under the name of each. The name is the parameter ``Resource.named_by``; an empty name stands for none. Several
commands about one object are a list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

import attrs

from ..._errors import InvalidValueError
from ..._json import Json
from ..._model.cmdlet import Cmdlet
from ..._model.declaration import parameters, required
from ..._values import UNSET
from ..parts import keys_of, resource_module
from ..planned import unplanned
from .given import Given

__all__ = ["read_desired", "write_desired"]

_NO_NAME = "a value besides the name"


class _Resource(Protocol):
    """What is asked of a resource; the class itself is not imported, since it imports what imports this module."""

    states: type[Cmdlet]
    named_by: str
    hints: Mapping[str, str]

    @property
    def planned(self) -> Collection[str]: ...
    def check(self, stated: Sequence[Cmdlet]) -> None: ...


def _resource(key: str) -> _Resource:
    found: _Resource = resource_module(key).RESOURCE
    return found


def write_desired(stated: Mapping[str, Sequence[Cmdlet]], others: Mapping[str, Json]) -> dict[str, Json]:
    """Return what JSON can hold: the parts that state something, and the other fields."""
    return {key: _write_part(_resource(key), each) for key, each in stated.items()} | dict(others)


def _write_part(found: _Resource, stated: Sequence[Cmdlet]) -> Json:
    if not found.named_by:
        return stated[0].to_dict()["parameters"]
    named: dict[str, list[Json]] = {}
    for command in stated:
        name, values = _split(found, command)
        named.setdefault(name, []).append(values)
    return {name: each[0] if len(each) == 1 else each for name, each in named.items()}


def _split(found: _Resource, command: Cmdlet) -> tuple[str, Json]:
    """Return the name of an object, and the other parameters."""
    naming = parameters(found.states)[found.named_by].name
    values: Any = command.to_dict()["parameters"]  # Any: JSON, which is an object here
    return values.get(naming, ""), {name: value for name, value in values.items() if name != naming}


def read_desired(cls: type, data: object) -> dict[str, Any]:  # Any: each of the field of its name
    """Return the arguments of the constructor. Raises :class:`InvalidValueError` with the path of what is wrong."""
    keys = keys_of(cls)
    fields = [field.name for field in attrs.fields(cls)]
    parts = Given(data).parts(fields, "a part of a desired state")
    return {name: _read_part(_resource(name), part) if name in keys else part.flag() for name, part in parts.items()}


def _read_part(found: _Resource, part: Given) -> Cmdlet | tuple[Cmdlet, ...]:
    if not found.named_by:
        return _read_command(found, part, "")
    stated = tuple(
        _read_command(found, given, name)
        for name, entry in part.entries()
        for given in (entry.items() if isinstance(entry.value, list | tuple) else (entry,))
    )
    _check(found, stated, part)
    return stated


def _read_command(found: _Resource, given: Given, name: str) -> Cmdlet:
    """Read what is stated of one object."""
    specs = parameters(found.states)
    fields = {spec.name: field for field, spec in specs.items()}
    values: dict[str, object] = {}
    if name:
        values[found.named_by] = Given(name, given.path).of(specs[found.named_by])
    for parameter, part in given.parts(fields, f"a parameter of {found.states.cmdlet}").items():
        field = fields[parameter]
        if field in values:
            raise InvalidValueError(part.path, _NO_NAME, part.value, f"The name of the object is {name!r} already.")
        if field not in found.planned and not specs[field].common:
            raise unplanned(part.path, field, part.value, found.hints)
        values[field] = part.of(specs[field])
    command = _built(found, values, given)
    _check(found, (command,), given)
    return command


def _built(found: _Resource, values: dict[str, object], given: Given) -> Cmdlet:
    for field, spec in parameters(found.states).items():
        if field in required(found.states) and values.get(field, UNSET) is UNSET:
            raise InvalidValueError(given.at(spec.name, None).path, "this parameter", "nothing")
    try:
        return found.states.build(values)
    except InvalidValueError as error:
        raise error.with_field(given.path) from None


def _check(found: _Resource, stated: Sequence[Cmdlet], given: Given) -> None:
    """Refuse what contradicts itself, as :class:`DesiredState` does, with its path."""
    try:
        found.check(stated)
    except InvalidValueError as error:
        raise error.with_field(given.path) from None
