"""The facts of an object of a server: what identifies it, what is not as freshly installed, and the rest folded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from .._html.facts import Facts, Mark, Row
from .._powershell.record import FormatValue
from .at_a_glance import firsts, not_as_installed, values_when_new
from .declaration import Declared, properties

__all__ = ["facts_of_object"]

_FOLDED_FROM: Final = 9
"""A section of settings with this many or more is folded."""


def facts_of_object(
    value: Declared, writer: type[Declared] | None, shown: Mapping[str, FormatValue], doubtful: tuple[str, ...]
) -> Facts:
    """Return the facts; ``shown`` are the values by field name as Format-List has them."""
    cls = type(value)
    first = [field for field in firsts(value) if field in shown]
    unusual = [field for field in not_as_installed(value, writer) if field in shown and field not in first]
    rest = [field for field in shown if field not in {*first, *unusual}]
    settings = [field for field in rest if properties(cls)[field].writable]
    others = [field for field in rest if field not in settings]
    unpublished = [field for field in settings if field not in values_when_new(cls, writer)]
    installed = [field for field in settings if field not in unpublished]
    made = {field: Row(properties(cls)[field].name, _texts(each)) for field, each in shown.items()}
    marked = (_unusual(made[field], cls, field, writer) for field in unusual)
    parts = (
        _section("other settings", unpublished, made, is_open=len(unpublished) < _FOLDED_FROM),
        _section("settings as freshly installed", installed, made),
        _section("about the object" if writer else "more", others, made),
    )
    named = [str(getattr(value, field)) for field in first[:1]]
    rows = (*(made[field] for field in first), *marked, *_doubts(doubtful))
    return Facts(" ".join((cls.__qualname__, *named)), rows, tuple(part for part in parts if part.rows))


def _unusual(row: Row, cls: type[Declared], field: str, writer: type[Declared] | None) -> Row:
    """Mark a setting that is not as freshly installed, and say how that would be."""
    new = values_when_new(cls, writer)[field]
    displayed = (_texts(properties(cls)[field].codec.display(value)) for value in new)
    texts = (text if isinstance(text, str) else ", ".join(text) for text in displayed)
    return attrs.evolve(row, mark=Mark.UNUSUAL, note=f"freshly installed: {' or '.join(texts)}")


def _doubts(names: tuple[str, ...]) -> Iterator[Row]:
    if names:
        yield Row("doubtful", names, mark=Mark.NOTE, note="the printed text does not tell certainly what they are")


def _section(title: str, names: list[str], made: Mapping[str, Row], *, is_open: bool = False) -> Facts:
    return Facts(f"{title} ({len(names)})", tuple(made[name] for name in names), is_open=is_open)


def _texts(value: FormatValue) -> str | tuple[str, ...]:
    """Write a value as Format-List does, of a list each item."""
    if isinstance(value, tuple):
        return value or "none"
    return "none" if value is None else str(value)
