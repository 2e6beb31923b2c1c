"""Facts as text: one line for each, the lines of a section further in. What acts on a terminal is escaped."""

from __future__ import annotations

from collections.abc import Iterator

from .._shown import legible
from .facts import LONGEST_TEXT, Facts, Mark, Row

__all__ = ["as_text"]


def as_text(facts: Facts) -> str:
    """Return every fact that HTML shows."""
    return "\n".join(_lines(facts, ""))


def _lines(facts: Facts, margin: str) -> Iterator[str]:
    yield f"{margin}{_shown(facts.title)}{_word(facts.mark)}"
    within = f"{margin}  "
    width = max((len(row.label) for row in facts.rows), default=0)
    for row in facts.rows:
        yield from _of_row(row, within, width)
    for part in facts.parts:
        yield from _lines(part, within)


def _of_row(row: Row, margin: str, width: int) -> Iterator[str]:
    """Put the label before the first item, and what is said of them behind the last."""
    label = f"{legible(row.label):{width}}  " if row.label else ""
    note = f" ({_shown(row.note)})" if row.note else ""
    *others, last = map(_shown, row.items or ("none",))
    for item in (*others, f"{last}{note}{_word(row.mark)}"):
        yield f"{margin}{label}{item}"
        label = " " * len(label)


def _shown(text: str) -> str:
    return legible(text, LONGEST_TEXT)


def _word(mark: Mark) -> str:
    return f" [{mark.value}]" if mark.value else ""
