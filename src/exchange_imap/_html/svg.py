"""Draw a diagram as SVG: escaped, valid XML, in the reader's theme, and with all that it shows as a description.

The colours stand in attributes as well, in those of the light theme: some programs know no variables of CSS.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from itertools import accumulate
from typing import Final

import attrs

from .._shown import legible
from .colours import THEMES, TONES, themed
from .diagram import Arrow, Box, Diagram, Line, Panel
from .facts import LONGEST_TEXT, Mark
from .style import CODE_FONT, TEXT_FONT

__all__ = ["as_svg"]

_WIDTH: Final = 640
_COLUMNS: Final = 3
_EDGE: Final = 8
"""Between the picture and its border, and between a box and its text."""
_APART: Final = 14
_LANE: Final = (_WIDTH - 2 * _EDGE - (_COLUMNS - 1) * _APART) / _COLUMNS
_ROW_GAP: Final = 32
_LINE: Final = 15
_CHARACTER: Final = 6.9
"""The width of a character of 11 pixels in the widest of the fonts."""
_NOTE_LINE: Final = 98
"""How many characters of a note stand in a line."""
# The two characters that no XML may have and that people may see.
_NOT_IN_XML: Final = {0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}


def as_svg(diagram: Diagram) -> str:
    """Return a whole SVG document, which HTML may have within; equal diagrams give equal ones."""
    drawn, height = [], float(_EDGE)
    for panel in diagram.panels:
        lines, height = _panel(panel, height)
        drawn += lines
    size = f'viewBox="0 0 {_WIDTH} {height:g}" width="{_WIDTH}" height="{height:g}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="xi-map" role="img" {size}>'
    told = f"<title>{_text(diagram.title)}</title><desc>{_description(diagram)}</desc>"
    border = f'x="0.5" y="0.5" width="{_WIDTH - 1}" height="{height - 1:g}" rx="6"'
    paper = f"<rect {_coloured('xi-page', 'paper', 'line')} {border}/>"
    return "\n".join((head, told, f"<style>{_style()}</style>", paper, *drawn, "</svg>"))


def _description(diagram: Diagram) -> str:
    return "\n".join(map(_text, diagram.sentences()))


def _text(text: str) -> str:
    return escape(legible(text, LONGEST_TEXT).translate(_NOT_IN_XML))


@cache
def _style() -> str:
    tones = "".join(
        f".xi-map .xi-b.xi-{tone}{{fill:var(--xi-{tone}-paper);stroke:var(--xi-{tone})}}"
        f".xi-map .xi-a.xi-{tone}{{stroke:var(--xi-{tone})}}"
        f".xi-map text.xi-{tone},.xi-map .xi-h.xi-{tone}{{fill:var(--xi-{tone})}}"
        for tone in sorted(set(TONES.values()))
    )
    return (
        f"{themed('.xi-map')}.xi-map{{max-width:100%;height:auto;font:11px {TEXT_FONT}}}"
        ".xi-map .xi-page{fill:var(--xi-paper);stroke:var(--xi-line)}"
        ".xi-map .xi-b{fill:var(--xi-panel);stroke:var(--xi-line)}.xi-map text{fill:var(--xi-text)}"
        ".xi-map .xi-a{stroke:var(--xi-quiet);fill:none;stroke-width:1.5}.xi-map .xi-h{fill:var(--xi-quiet)}"
        ".xi-map .xi-o{paint-order:stroke;stroke:var(--xi-paper);stroke-width:4px}"
        f".xi-map .xi-c{{font-family:{CODE_FONT}}}.xi-map .xi-t{{font-weight:600}}{tones}"
    )


def _coloured(name: str, fill: str, stroke: str = "") -> str:
    """Return the class that a theme colours, and the colours of the light one."""
    light = THEMES["light"]
    outline = f' stroke="{light[stroke]}"' if stroke else ""
    return f'class="{name}" fill="{light.get(fill, "none")}"{outline}'


@attrs.frozen
class _Placed:
    """A box with its place in the picture."""

    box: Box
    top: float
    height: float

    @property
    def left(self) -> float:
        return _EDGE + self.box.column * (_LANE + _APART)

    @property
    def width(self) -> float:
        return self.box.span * _LANE + (self.box.span - 1) * _APART

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    def nearest(self, x: float) -> float:
        """Return where an arrow that comes from x, or goes there, meets the box."""
        return min(max(x, self.left + 24), self.left + self.width - 24)

    def spans(self, other: _Placed) -> bool:
        """Say whether it is as wide as the other, and above or below it."""
        return self.left <= other.left and other.left + other.width <= self.left + self.width


def _panel(panel: Panel, top: float) -> tuple[list[str], float]:
    """Return what is drawn of a panel, and where it ends."""
    drawn = []
    if panel.title:
        drawn += [_string(panel.title, _EDGE, top + 14, "xi-t")]
        top += 26
    placed = _place(panel.boxes, top)
    drawn += [line for arrow in panel.arrows for line in _arrow(arrow, placed)]
    drawn += [line for each in placed.values() for line in _box(each)]
    bottom = max(each.top + each.height for each in placed.values()) + _EDGE
    notes, bottom = _notes(panel, bottom)
    return drawn + notes, bottom + _EDGE


def _place(boxes: Sequence[Box], top: float) -> Mapping[str, _Placed]:
    """Give each row the height of its highest box, with room for arrows below."""
    rows = range(max(box.row for box in boxes) + 1)
    heights = [max((_height(box) for box in boxes if box.row == row), default=0.0) for row in rows]
    tops = list(accumulate((height + _ROW_GAP for height in heights), initial=top))
    return {box.key: _Placed(box, tops[box.row], heights[box.row]) for box in boxes}


def _height(box: Box) -> float:
    return 2 * _EDGE + _LINE * (len(box.lines) + 1 + bool(box.marks))


def _box(placed: _Placed) -> Iterator[str]:
    box, x = placed.box, placed.left + _EDGE
    whole = "\n".join(_text(text) for text in (box.title, *(line.text for line in box.lines)))
    yield f"<g><title>{whole}</title>"
    tone = TONES[box.marks[0]] if box.marks else ""
    colours = _coloured(f"xi-b xi-{tone}", f"{tone}-paper", tone) if tone else _coloured("xi-b", "panel", "line")
    place = f'x="{placed.left:g}" y="{placed.top:g}" width="{placed.width:g}" height="{placed.height:g}"'
    yield f'<rect {colours} {place} rx="5"/>'
    room = int((placed.width - 2 * _EDGE) / _CHARACTER)
    lines = (Line(box.title), *box.lines, *_word(box))
    for number, line in enumerate(lines):
        style = ("xi-t",) if number == 0 else ("xi-c",)
        yield _string(_shortened(line.text, room), x, placed.top + 18 + _LINE * number, *style, mark=line.mark)
    yield "</g>"


def _word(box: Box) -> Iterator[Line]:
    """Say what the colour says, and which notes say why."""
    if box.marks:
        words = " ".join(f"[{mark.value}]" for mark in box.marks)
        why = f" see {', '.join(map(str, box.notes))}" if box.notes else ""
        yield Line(f"{words}{why}", box.marks[0])


def _shortened(text: str, room: int) -> str:
    """Cut a text that is too long for its box; the whole one is in the title of the box."""
    seen = legible(text, LONGEST_TEXT)
    return seen if len(seen) <= room else f"{seen[: room - 1]}\u2026"


def _string(text: str, x: float, y: float, *classes: str, mark: Mark = Mark.NONE) -> str:
    tone = TONES.get(mark, "")
    names = " ".join((*classes, *([f"xi-{tone}"] if tone else [])))
    font = "monospace" if "xi-c" in classes else "sans-serif"
    bold = ' font-weight="600"' if "xi-t" in classes else ""
    place = f'x="{x:g}" y="{y:g}" font-size="11" font-family="{font}"{bold}'
    return f"<text {_coloured(names, tone or 'text')} {place}>{_text(text)}</text>"


def _ends(start: _Placed, end: _Placed) -> tuple[float, float]:
    """Return where an arrow leaves and arrives: straight down where one box is above the other."""
    narrower = start if end.spans(start) else end if start.spans(end) else None
    return (narrower.middle,) * 2 if narrower else (start.nearest(end.middle), end.nearest(start.middle))


def _arrow(arrow: Arrow, placed: Mapping[str, _Placed]) -> Iterator[str]:
    start, end = placed[arrow.start], placed[arrow.end]
    one, other = _ends(start, end)
    top, bottom = start.top + start.height, end.top
    half = (top + bottom) / 2
    tone = TONES.get(arrow.mark, "quiet")
    dashes = ' stroke-dasharray="4 3"' if arrow.mark is Mark.PROBLEM or arrow.mark is Mark.WARNING else ""
    path = f"M{one:g} {top:g}C{one:g} {half:g} {other:g} {half:g} {other:g} {bottom - 5:g}"
    yield f'<path {_coloured(f"xi-a xi-{tone}", "none", tone)} stroke-width="1.5"{dashes} d="{path}"/>'
    head = f"M{other - 4:g} {bottom - 7:g}L{other + 4:g} {bottom - 7:g}L{other:g} {bottom:g}Z"
    yield f'<path {_coloured(f"xi-h xi-{tone}", tone)} d="{head}"/>'
    if arrow.label:
        yield _string(arrow.label, other + 8, bottom - 8, "xi-o", mark=arrow.mark)


def _notes(panel: Panel, top: float) -> tuple[list[str], float]:
    """Write the notes below a panel, in lines."""
    drawn = []
    for text, mark in panel.said():
        seen = legible(text, LONGEST_TEXT)
        for place, line in enumerate(textwrap.wrap(seen, _NOTE_LINE, break_on_hyphens=False)):
            top += _LINE
            drawn += [_string(line, _EDGE + (14 if place else 0), top, mark=mark)]
    return drawn, top
