"""What a picture of boxes and arrows says: the boxes in rows, what stands in them, and why something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from .facts import Mark

__all__ = ["FROM_WORST", "Arrow", "Box", "Diagram", "Line", "Note", "Panel"]

FROM_WORST: Final = (
    Mark.PROBLEM,
    Mark.PENDING,
    Mark.WARNING,
    Mark.CHANGED,
    Mark.UNUSUAL,
    Mark.NOTE,
    Mark.GOOD,
)
"""The marks, the one to notice most first."""
_MOST_NOTES: Final = 12


@attrs.frozen
class Line:
    """One line in a box."""

    text: str
    mark: Mark = Mark.NONE


@attrs.frozen(kw_only=True)
class Box:
    """One box: its place among rows and columns, its title and its lines."""

    key: str
    title: str
    lines: tuple[Line, ...]
    row: int
    column: int = 0
    span: int = 1
    mark: Mark = Mark.NONE
    notes: tuple[int, ...] = ()
    """The numbers of the notes that say why it is marked."""

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is to be noticed, the worst first."""
        given = {self.mark, *(line.mark for line in self.lines)}
        return tuple(mark for mark in FROM_WORST if mark in given)


@attrs.frozen
class Arrow:
    """A way from one box to another, by their keys."""

    start: str
    end: str
    mark: Mark = attrs.field(default=Mark.NONE, kw_only=True)
    label: str = attrs.field(default="", kw_only=True)


@attrs.frozen
class Note:
    """Why something in the picture is marked."""

    text: str
    mark: Mark


@attrs.frozen
class Panel:
    """One of the pictures, such as that of the state before."""

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[Note, ...]

    def said(self) -> Iterator[tuple[str, Mark]]:
        """Yield the first notes with their numbers and words, and how many others there are."""
        for number, note in enumerate(self.notes[:_MOST_NOTES], 1):
            yield f"{number}. [{note.mark.value}] {note.text}", note.mark
        if rest := len(self.notes[_MOST_NOTES:]):
            yield f"and {rest:,} more", Mark.NONE


@attrs.frozen
class Diagram:
    """A picture, or several below each other."""

    title: str
    panels: tuple[Panel, ...]

    def sentences(self) -> Iterator[str]:
        """Yield what it shows, for those who do not see it."""
        for panel in self.panels:
            if panel.title:
                yield f"{panel.title}."
            for box in panel.boxes:
                marks = "".join(f" [{mark.value}]" for mark in box.marks)
                yield f"{box.title}{marks}: {'; '.join(line.text for line in box.lines)}."
            yield from (text for text, _ in panel.said())
