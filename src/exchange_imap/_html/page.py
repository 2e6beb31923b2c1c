"""Facts as HTML: escaped, without scripts and names, and readable where a notebook takes the style away."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from .._shown import legible
from .colours import TONES
from .facts import LONGEST_TEXT, Facts, Mark, Row
from .style import style

__all__ = ["as_html"]

_FOLDED_FROM: Final = 9
"""A list with this many items or more is folded."""
_SHORT_LABEL: Final = 12
"""Where all labels of a table are as short as this, their column is narrow."""


def as_html(facts: Facts) -> str:
    """Return a fragment that a notebook shows; equal facts give equal fragments."""
    return f'<div class="xi"><style>{style()}</style>{"".join(_object(facts))}</div>'


def _text(text: str) -> str:
    """Return a text of a server as people see it: nothing in it has a meaning in HTML."""
    return escape(legible(text, LONGEST_TEXT))


def _object(facts: Facts) -> Iterator[str]:
    yield f'<p class="xi-t">{_title(facts)}</p>'
    yield from _contents(facts)


def _title(facts: Facts) -> str:
    title = f"<code>{_text(facts.title)}</code>" if facts.command else _text(facts.title)
    return f"{title}{_word(facts.mark)}"


def _contents(facts: Facts) -> Iterator[str]:
    if facts.rows:
        narrow = " xi-s" if all(len(row.label) <= _SHORT_LABEL for row in facts.rows) else ""
        yield f'<table class="xi-g{narrow}"><tbody>{"".join(map(_row, facts.rows))}</tbody></table>'
    for part in facts.parts:
        tag = f"<details{_toned(part.mark)}{' open' if part.is_open else ''}>"
        yield f"{tag}<summary>{_title(part)}</summary>{''.join(_contents(part))}</details>"


def _row(row: Row) -> str:
    value = f"{_value(row)}{_note(row)}{_word(row.mark)}"
    if not row.label:
        return f'<tr{_toned(row.mark, "xi-r")}><td class="xi-v" colspan="2">{value}</td></tr>'
    label = f'<th class="xi-k" scope="row">{_text(row.label)}</th>'
    return f'<tr{_toned(row.mark, "xi-r")}>{label}<td class="xi-v">{value}</td></tr>'


def _value(row: Row) -> str:
    items = [f"<code>{_text(item)}</code>" if row.command else _text(item) for item in row.items]
    if isinstance(row.value, str) or len(items) == 1:
        return items[0]
    listed = f'<ul class="xi-l">{"".join(f"<li>{item}</li>" for item in items)}</ul>'
    if len(items) < _FOLDED_FROM:
        return listed
    return f"<details><summary>{len(row.value):,} items</summary>{listed}</details>"


def _note(row: Row) -> str:
    return f' <span class="xi-n">({_text(row.note)})</span>' if row.note else ""


def _word(mark: Mark) -> str:
    """Say in a word what is to be noticed: the colour is not needed to know it."""
    return f' <span class="xi-m xi-{TONES[mark]}">[{mark.value}]</span>' if mark in TONES else ""


def _toned(mark: Mark, *classes: str) -> str:
    names = [*classes, *([f"xi-{TONES[mark]}"] if mark in TONES else [])]
    return f' class="{" ".join(names)}"' if names else ""
