"""Cmdlets and snapshots as plain data: read with the path of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from ..._cmdlets.registry import find_class
from ..._errors import InvalidValueError
from ..._model.cmdlet import Cmdlet
from ..._model.declaration import parameters, properties, required
from ..._model.snapshot import Snapshot
from ..._model.specs import Spec
from .given import Given

__all__ = ["DOUBTFUL", "read_command", "read_snapshot"]

S = TypeVar("S", bound=Snapshot)
DOUBTFUL: Final = "doubtful"
"""What does not count when snapshots are compared."""


def read_snapshot(cls: type[S], given: Given) -> S:
    """Read what ``Snapshot.to_dict`` returned. Raises :class:`InvalidValueError`."""
    names = [spec.name for spec in properties(cls).values()]
    parts = given.parts([*names, DOUBTFUL], f"a property of {cls.__name__}", required=names)
    doubtful = parts.pop(DOUBTFUL, Given(()))
    return cls(**_values(properties(cls), parts), doubtful=doubtful.texts())


def read_command(given: Given) -> Cmdlet:
    """Read what ``Cmdlet.to_dict`` returned, with its parameters in the order of the class."""
    parts = given.parts(("cmdlet", "parameters"), required=("cmdlet", "parameters"))
    cls = find_class(parts["cmdlet"].text())
    if cls is None:
        raise parts["cmdlet"].refused("the name of a cmdlet")
    specs = parameters(cls)
    names = {field: spec.name for field, spec in specs.items()}
    needed = [name for field, name in names.items() if field in required(cls)]
    stated = parts["parameters"].parts(names.values(), f"a parameter of {cls.cmdlet}", required=needed)
    values = _values(specs, stated)
    try:
        return cls(**values)
    except InvalidValueError as error:
        raise error.with_field(given.path) from None


def _values(specs: Mapping[str, Spec[Any]], parts: Mapping[str, Given]) -> dict[str, Any]:  # Any: each field's own type
    fields = {spec.name: field for field, spec in specs.items()}
    return {fields[name]: part.of(specs[fields[name]]) for name, part in parts.items()}
