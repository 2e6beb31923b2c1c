"""A stretch of a text: where it is, and how it is drawn with the text around it."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import Final, NamedTuple

from ._patterns import pattern
from ._public import public
from ._shown import acts

__all__ = ["Span", "draw_caret", "line_and_column", "point_out"]

_AROUND: Final = 200
"""Characters before and behind the beginning of a stretch that are drawn."""
_BREAK: Final = pattern(r"\r\n|\r|\n")


@public
class Span(NamedTuple):
    """A stretch of a text: from ``start`` up to, not including, ``end``, in characters.

    >>> Span(4, 9).start
    4
    """

    start: int
    end: int


def line_and_column(source: str, span: Span) -> tuple[int, int]:
    """Return where a stretch starts, both counted from 1."""
    starts = _line_starts(source)
    line = bisect_right(starts, span.start)
    return line, span.start - starts[line - 1] + 1


def draw_caret(source: str, span: Span) -> str:
    """Return the line on which a stretch starts and, below it, carets under the stretch.

    Of a long line, only what is around the beginning of the stretch.
    """
    line, column = line_and_column(source, span)
    begin, end = span.start - column + 1, (*_line_starts(source)[line : line + 1], len(source))[0]
    before = source[max(begin, span.start - _AROUND) : span.start]
    behind = source[span.start : min(end, span.start + _AROUND)].rstrip("\r\n")
    carets = "^" * max(sum(map(_cells, behind[: max(span.end - span.start, 1)])), 1)
    blank = "".join(character if character == "\t" else " " * _cells(character) for character in before)
    return f"{_visible(before + behind)}\n{blank}{carets}"


def point_out(source: str, span: Span, said: str) -> str:
    """Say something of a stretch: where it starts, what is said, and the line with the stretch underlined."""
    line, column = line_and_column(source, span)
    drawn = "\n".join(f"    {drawing}" for drawing in draw_caret(source, span).replace("\t", " ").splitlines())
    return f"line {line}, column {column}: {said}\n{drawn}"


@lru_cache(maxsize=2)
def _line_starts(source: str) -> tuple[int, ...]:
    """Return where each line starts, as PowerShell ends them: at CR LF, LF or CR, and nowhere else.

    What is found is kept for the last texts: a script has many errors and findings, all of the same text.
    """
    return (0, *(found.end() for found in _BREAK.finditer(source)))


def _cells(character: str) -> int:
    """Count the columns that a terminal gives the character, or the dot in its place."""
    if acts(character):
        return 1
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _visible(text: str) -> str:
    """Show what a terminal would act on as a dot, so that a drawn line stays one line and the carets in their place."""
    return "".join("·" if acts(c) and c != "\t" else c for c in text)
