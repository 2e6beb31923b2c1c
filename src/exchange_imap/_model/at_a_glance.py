"""What of an object is seen first: what identifies it, and the settings that are not as freshly installed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .._shown import counted, short
from .declaration import Declared, own_parameters, properties

__all__ = ["firsts", "in_short", "not_as_installed", "values_when_new"]

_MOST = 3
"""How many settings a repr names."""

_Writer = type[Declared] | None
"""The cmdlet that writes the object, if there is one."""


def firsts(value: Declared) -> dict[str, object]:
    """Return what comes first, by field name: what identifies the object before all."""
    found = {field: getattr(value, field) for field, spec in properties(type(value)).items() if spec.first}
    return {field: each for field, each in found.items() if each is not None}


def values_when_new(cls: type[Declared], writer: _Writer) -> dict[str, tuple[object, ...]]:
    """Return what a new server may have of each setting, by field name: what the cmdlet that writes it declares.

    Settings are left out that differ from server to server, or whose default is not published.
    """
    specs = {} if writer is None else own_parameters(writer)
    new = {spec.name: spec.values_when_new() for spec in specs.values()}
    return {field: new[spec.name] for field, spec in properties(cls).items() if new.get(spec.name)}


def not_as_installed(value: Declared, writer: _Writer) -> dict[str, object]:
    """Return the settings that no new server has so, by field name. The order of a list does not count."""
    new = values_when_new(type(value), writer)
    found = {field: getattr(value, field) for field in new}
    return {field: each for field, each in found.items() if _unordered(each) not in map(_unordered, new[field])}


def _unordered(value: object) -> object:
    return frozenset(value) if isinstance(value, tuple) else value


def in_short(value: Declared, writer: _Writer) -> Iterator[str]:
    """Yield what identifies an object, the first settings that are not as freshly installed, and how many are not."""
    yield from _shown(firsts(value))
    if values_when_new(type(value), writer):
        changed = not_as_installed(value, writer)
        some = dict([*changed.items()][:_MOST])
        named = f": {', '.join(_shown(some))}" if some else ""
        yield f"{counted(len(changed), 'setting')} not default{named}"


def _shown(values: Mapping[str, object]) -> Iterator[str]:
    return (f"{field}={short(value)}" for field, value in values.items())
