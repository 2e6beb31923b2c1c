"""A part of a text: its position, and a drawing of it with the text around it."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import Final, NamedTuple

from ._patterns import pattern
from ._public import public
from ._shown import acts

__all__ = ["InText", "Span", "point_out"]

_AROUND: Final = 200
"""How many characters before and after the beginning of a span are drawn."""
_BREAK: Final = pattern(r"\r\n|\r|\n")


@public
class Span(NamedTuple):
    """A part of a text, in characters: from ``start`` up to, but not including, ``end``.

    >>> Span(4, 9).start
    4
    """

    start: int
    end: int


def line_and_column(source: str, span: Span) -> tuple[int, int]:
    """Return the line and column at which a span starts, both counted from 1."""
    starts = _line_starts(source)
    line = bisect_right(starts, span.start)
    return line, span.start - starts[line - 1] + 1


def draw_caret(source: str, span: Span) -> str:
    """Return the line on which a span starts and, below it, carets under the span.

    Of a long line only the part around the beginning of the span is drawn.
    """
    line, column = line_and_column(source, span)
    begin, end = span.start - column + 1, (*_line_starts(source)[line : line + 1], len(source))[0]
    before = source[max(begin, span.start - _AROUND) : span.start]
    behind = source[span.start : min(end, span.start + _AROUND)].rstrip("\r\n")
    carets = "^" * max(sum(map(_cells, behind[: max(span.end - span.start, 1)])), 1)
    blank = "".join(character if character == "\t" else " " * _cells(character) for character in before)
    return f"{_visible(before + behind)}\n{blank}{carets}"


class InText:
    """Something about a part of a text: ``span`` is that part of ``source``."""

    __slots__ = ()
    source: str
    span: Span

    @property
    def line(self) -> int:
        """The line on which the part starts, counted from 1."""
        return line_and_column(self.source, self.span)[0]

    @property
    def column(self) -> int:
        """The place of its start in that line, in characters counted from 1."""
        return line_and_column(self.source, self.span)[1]

    @property
    def caret(self) -> str:
        """The line and, below it, carets under the part."""
        return draw_caret(self.source, self.span)


def point_out(source: str, span: Span, said: str) -> str:
    """Return a message with the position at which a span starts, and the line with the span underlined."""
    line, column = line_and_column(source, span)
    drawn = "\n".join(f"    {drawing}" for drawing in draw_caret(source, span).replace("\t", " ").splitlines())
    return f"line {line}, column {column}: {said}\n{drawn}"


@lru_cache(maxsize=2)
def _line_starts(source: str) -> tuple[int, ...]:
    """Return where each line starts, as PowerShell ends them: at CR LF, LF or CR, and nowhere else.

    The result is cached for the last texts: the errors and findings of a script are all about the same text.
    """
    return (0, *(found.end() for found in _BREAK.finditer(source)))


def _cells(character: str) -> int:
    """Return how many columns a terminal uses for the character, or for the dot that replaces it."""
    if acts(character):
        return 1
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _visible(text: str) -> str:
    """Replace control characters by dots, so that the line stays one line and the carets stand in the right columns."""
    return "".join("·" if acts(c) and c != "\t" else c for c in text)
