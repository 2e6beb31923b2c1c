"""The facts of an object that has no others to tell: its fields, with their names."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from .facts import Facts, HasFacts, Mark, Row, listed

__all__ = ["facts_of_fields"]


def facts_of_fields(
    value: Any,  # Any: an object of an attrs class
    mark: Mark,
    without: Collection[str] = (),
) -> Facts:
    """Return the fields of an object that its repr has, as facts, but for some of them.

    Objects that tell their facts themselves become sections. What is ``None`` or empty is left out.
    """
    fields = [field.name for field in attrs.fields(type(value)) if field.repr and field.name not in without]
    held = {field.replace("_", " "): getattr(value, field) for field in fields}
    first = next(iter(held.values()), None)
    title = f"{type(value).__qualname__} {first}" if isinstance(first, str) else type(value).__qualname__
    rows = (row for name, each in held.items() for row in _rows(name, each))
    parts = (part for name, each in held.items() for part in _parts(name, each))
    return Facts(title, tuple(rows), tuple(parts), mark=mark)


def _rows(name: str, value: object) -> Iterator[Row]:
    """Yield the fact that a field is, unless it is nothing or a section."""
    if isinstance(value, frozenset):
        value = tuple(sorted(value, key=str))
    if isinstance(value, Mapping) and not _holds_facts(value.values()):
        value = tuple(value.items())
    if value is None or value in ("", ()) or any(True for _ in _parts(name, value)):
        return
    yield Row(name, tuple(map(_said, value)) if isinstance(value, tuple) else _said(value))


def _parts(name: str, value: object) -> Iterator[Facts]:
    """Yield the section that a field is, if it is one: an object, or several under their names or in their order."""
    if isinstance(value, HasFacts):
        yield _titled(name, value)
    elif isinstance(value, Mapping) and _holds_facts(value.values()):
        yield listed(name, (_titled(str(key), each) for key, each in value.items()), len(value))
    elif isinstance(value, tuple) and _holds_facts(value):
        yield listed(name, (_titled("", each) for each in value), len(value))


def _holds_facts(values: Iterable[object]) -> bool:
    return any(isinstance(each, HasFacts) for each in values)


def _titled(name: str, value: object) -> Facts:
    """Return the facts of an object with a name before their title."""
    if not isinstance(value, HasFacts):
        return Facts(name, (Row("", _said(value)),))
    facts = value._facts()  # noqa: SLF001 - what the protocol is about
    return attrs.evolve(facts, title=f"{name}: {facts.title}") if name else facts


def _said(value: object) -> str:
    """Say a value in a word or two."""
    match value:
        case bool():
            return "yes" if value else "no"
        case enum.Enum():
            return str(value.value)
        case (str(name), str() | int() as text):
            return f"{name}: {text}"
        case timedelta():
            return f"{value.total_seconds():g} s"
        case datetime():
            return value.isoformat(sep=" ")
        case _:
            return str(value)
