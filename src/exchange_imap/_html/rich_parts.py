"""Facts as rich shows them: names with values. This needs no rich."""

from __future__ import annotations

from collections.abc import Iterator

from .._shown import legible
from .facts import LONGEST_TEXT, Facts, Mark, Row

__all__ = ["as_rich"]


def as_rich(facts: Facts, name: str) -> Iterator[str | tuple[str, object]]:
    """Yield the title, unless it only has the name of the class and what the first fact has, and all facts."""
    title = facts.title.removeprefix(name).strip()
    if title and title not in [row.value for row in facts.rows[:1]]:
        yield _shown(title)
    yield from _parts(facts)


def _parts(facts: Facts) -> Iterator[tuple[str, object]]:
    """Yield the facts and, by their titles, the sections."""
    if facts.mark.value:
        yield "mark", facts.mark.value
    for number, row in enumerate(facts.rows, 1):
        yield _shown(row.label) or f"line {number}", _value(row)
    for part in facts.parts:
        yield _shown(part.title), _named(_parts(part))


def _named(pairs: Iterator[tuple[str, object]]) -> dict[str, object]:
    """Put pairs into a dictionary; a name that is there already gets a number."""
    named: dict[str, object] = {}
    for name, value in pairs:
        named[f"{name} ({len(named) + 1})" if name in named else name] = value
    return named


def _value(row: Row) -> object:
    said = [f"({_shown(row.note)})"] if row.note else []
    said += [f"[{row.mark.value}]"] if row.mark is not Mark.NONE else []
    items = tuple(map(_shown, row.items))
    if said:
        return " ".join((", ".join(items), *said))
    return items[0] if len(items) == 1 else items


def _shown(text: str) -> str:
    return legible(text, LONGEST_TEXT)
