"""Read what Format-List prints, on a console of any width, also after copying.

The rules by which PowerShell breaks values are in :mod:`.format_list_writer`. The console's width is unknown, but it is
at least that of the longest line of an object. From that follows what was between two lines of a value:

- behind a blank or tab, nothing: PowerShell broke it there; unless the next word would have fitted, then a line end;
- behind anything else, nothing where the line is full, which only the longest line can be;
- behind anything else in a shorter line, a line end if the next word would have fitted. If it would not, then it was
  a blank that copying has lost, a no-break space that PowerShell left out, or a line end: only a list's comma tells.

Whether copying loses blanks shows where a property has no value: PowerShell prints a blank behind the colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import attrs

from .._entry import entry
from .._errors import CommandSyntaxError, InvalidValueError
from .._span import Span
from .format_list_writer import SEPARATOR, cells, units, write_format_list
from .record import Record

__all__ = ["Printed", "read_each", "read_format_list", "read_list", "read_printed", "write_format_list"]

_FORM = "the text that Format-List prints, a property and its value on each line"
_WIDE_CURE = "Print it again with | Format-List | Out-String -Width 4096."
_LIMIT_CURE = "Set $FormatEnumerationLimit = -1 and print it again."
_TABLE = "A table does not tell whole values: pipe the command to Format-List."
_BLANKS = " \t"
_TORN = "\ufffd"
_WIDE = 2
_NARROWEST = 20
"""No console is narrower, in columns: a shorter line is never full."""

_PROMPT = re.compile(r"(\[PS\] |PS )[^>]*>")
_COMMAND_NAME = re.compile(r"[A-Z][A-Za-z]*-[A-Z][A-Za-z]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LINE = re.compile(r"([^\r\n]*+)(?:\r\n|\r|\n|$)")
_HEAD = re.compile(r"[^ \t]*[ \t]?")


class _Line(NamedTuple):
    """One printed line, and where in the text it begins."""

    text: str
    start: int


class _Value(NamedTuple):
    """A property's lines, whole, and the column at which the value stands in them."""

    name: str
    column: int
    lines: list[_Line]


@attrs.frozen
class _Block:
    """The lines of one object, and the columns at which its names and its separators stand."""

    indent: int
    separator: int
    lines: list[_Line]

    @property
    def column(self) -> int:
        return self.separator + len(SEPARATOR)


@attrs.frozen
class _Copy:
    """What the lines of an object show about the console and copying: the longest line, and whether blanks were lost.

    A text may be put together from several consoles, so each object counts for itself.
    """

    text: str
    longest: tuple[int, int]
    keeps_blanks: bool
    loses_blanks: bool
    separates_words: bool
    """Whether a line was broken behind a blank with room left, as in English: then only a long word fills a line."""

    @classmethod
    def of(cls, block: _Block, text: str) -> _Copy:
        """Gather it; where nothing tells of blanks, or both is seen, they are neither kept nor lost."""
        lines = [line.text for line in block.lines]
        lost = any(line[block.separator :] == " :" for line in lines)
        kept = any(line.endswith(" ") for line in lines)
        longest = max(map(cells, lines)), max(map(units, lines))
        early = any(
            line.endswith(" ")
            and not following[: block.column].strip(_BLANKS)
            and cells(line) < longest[0] - 1
            and units(line) < longest[1] - 1
            for line, following in pairwise(lines)
        )
        return cls(text, longest, kept and not lost, lost and not kept, separates_words=early)

    def fits(self, line: str, more: str) -> list[bool]:
        """Say for either way to count whether a line with more behind it would be no longer than the longest."""
        return [count(line) + count(more) <= most for count, most in zip((cells, units), self.longest, strict=True)]

    def is_full(self, line: str, following: str) -> bool:
        """Say whether the line has no room for the character that follows, as far as the text tells."""
        return max(self.longest) >= _NARROWEST and not all(self.fits(line, following[0]))


@entry
def read_format_list(text: str) -> tuple[Record, ...]:
    r"""Read the objects that Format-List printed, as records whose values are texts, or tuples of texts for lists.

    A value in braces is taken for a list. Consoles of any width, Windows PowerShell and PowerShell 7 are read alike. An
    empty text has no objects. Raises
    :class:`CommandSyntaxError`, pointing at the line, for a text that Format-List does not print and where a copied
    text has lost what it takes to know a wrapped value, and :class:`InvalidValueError` for a list that was shortened.

    >>> record = read_format_list("Server      : MBX01\nSSLBindings : {[::]:993, 0.0.0.0:993}")[0]
    >>> record.properties["SSLBindings"]
    ('[::]:993', '0.0.0.0:993')
    """
    return tuple(Record(properties={k: _untyped(k, v) for k, v in printed.items()}) for printed in read_printed(text))


def _untyped(name: str, value: str) -> str | tuple[str, ...]:
    return read_list(value, name) if value.startswith("{") and value.endswith("}") else value


@attrs.frozen
class Printed:
    """One object as it was printed: its values, and why some of them are in doubt."""

    values: dict[str, str]
    doubts: dict[str, CommandSyntaxError]
    """By the property's name; its value is then the likeliest one."""

    def certain(self) -> dict[str, str]:
        """Return the values. Raises :class:`CommandSyntaxError` where one is in doubt."""
        for doubt in self.doubts.values():
            raise doubt
        return self.values


def read_printed(text: str) -> tuple[dict[str, str], ...]:
    """Read the objects that Format-List printed, each value as it stands there: a list with its braces.

    >>> read_printed("Banner      : {x}")
    ({'Banner': '{x}'},)
    """
    return tuple(printed.certain() for printed in read_each(text))


def read_each(text: str) -> Iterator[Printed]:
    """Read the objects one by one, and leave it to the caller which doubts matter."""
    return (_read_object(block, text) for block in _blocks(text))


def _read_object(block: _Block, text: str) -> Printed:
    values = _values(block, text)
    if len(values) == len(block.lines):  # all values are in one line, so the width of the console does not matter
        return Printed({value.name: value.lines[0].text[value.column :] for value in values}, {})
    copy = _Copy.of(block, text)
    joined = {value.name: _join(value, copy) for value in values}
    doubts = {name: doubt for name, (_, doubt) in joined.items() if doubt is not None}
    return Printed({name: value for name, (value, _) in joined.items()}, doubts)


def read_list(value: str, name: str) -> tuple[str, ...]:
    """Read ``{a, b}``; refuse one that was shortened.

    >>> read_list("{[::]:993, 0.0.0.0:993}", "SSLBindings")
    ('[::]:993', '0.0.0.0:993')
    """
    if not (value.startswith("{") and value.endswith("}")):
        raise InvalidValueError(name, "a list in braces, such as {a, b}", value)
    inside = value[1:-1]
    if inside.endswith(("...", "\u2026")):
        raise InvalidValueError(name, "the whole list", value, f"The shell shortened it. {_LIMIT_CURE}")
    return tuple(inside.split(", ")) if inside else ()


def _lines(text: str) -> Iterator[_Line]:
    mark = len(text) - len(text.removeprefix("\ufeff"))
    for found in _LINE.finditer(text, mark):
        yield _Line(found[1], found.start())


def _blocks(text: str) -> list[_Block]:
    """Group the lines of each object: empty lines stand between objects, one as long as the margin is a value's."""
    blocks: list[_Block] = []
    within = False
    for line in _lines(text):
        filled = bool(line.text.strip(_BLANKS))
        within = within and (filled or len(line.text) >= blocks[-1].column)
        if within:
            blocks[-1].lines.append(line)
        elif filled:
            blocks.append(_open(line, text))
            within = True
    _require_one_margin(blocks, text)
    return blocks


def _open(line: _Line, text: str) -> _Block:
    """Find the columns by an object's first line."""
    indent = len(line.text) - len(line.text.lstrip(_BLANKS))
    separator = line.text.find(SEPARATOR)
    if separator < 0 and line.text.endswith(" :"):
        separator = len(line.text) - 2
    if separator <= indent:
        hint = "Leave out the prompt and the command." if _PROMPT.match(line.text) else _TABLE
        raise _error(_FORM, line, text, hint)
    return _Block(indent, separator, [line])


def _require_one_margin(blocks: list[_Block], text: str) -> None:
    for block in blocks:
        if block.indent != blocks[0].indent:
            hint = f"An empty line of a value may have lost its blanks in copying. {_WIDE_CURE}"
            raise _error("objects that begin in the same column", block.lines[0], text, hint)


def _values(block: _Block, text: str) -> list[_Value]:
    values: list[_Value] = []
    seen: set[str] = set()
    for line in block.lines:
        if values and not line.text[: block.column].strip(_BLANKS):
            values[-1].lines.append(line)
            continue
        name = _name(line, block, text)
        if name.lower() in seen:
            raise _error("each property of an object once", line, text, "An empty line stands between objects.")
        seen.add(name.lower())
        values.append(_Value(name, block.column, [line]))
    if len(values) == 1 and _COMMAND_NAME.fullmatch(values[0].name):
        raise _error(_FORM, block.lines[0], text, "This looks like an error message of the command.")
    return values


def _name(line: _Line, block: _Block, text: str) -> str:
    name = line.text[block.indent : block.separator].strip(" ")
    if not name or line.text[: block.indent].strip(_BLANKS):
        raise _error(_FORM, line, text)
    if line.text[block.separator : block.column].rstrip(" ") != " :":
        raise _misplaced(line, block, text)
    if _CONTROL.search(name):
        raise _error(_FORM, line, text, "It has colours in it: set $PSStyle.OutputRendering = 'PlainText'.")
    return name


def _misplaced(line: _Line, block: _Block, text: str) -> CommandSyntaxError:
    """Make the error for a line whose colon, if it has one, stands elsewhere than the first line's."""
    before, colon, _ = (line.text + " ").partition(SEPARATOR)
    if not colon or not before.strip(_BLANKS):
        return _error(_FORM, line, text)
    hint = "Format-List prints all colons of an object in one column: copy its text unchanged."
    return _error(f"a colon in column {block.separator + 2}, as in the first line of the object", line, text, hint)


def _error(
    expected: str, line: _Line, text: str, hint: str = "", field: str = "Format-List text"
) -> CommandSyntaxError:
    span = Span(line.start, line.start + len(line.text))
    return CommandSyntaxError(field, expected, line.text, hint, text, span)


def _join(value: _Value, copy: _Copy) -> tuple[str, CommandSyntaxError | None]:
    """Join a value's lines with what stood between them, and say why that is in doubt, if it is."""
    pieces = [line.text[value.column :] for line in value.lines]
    is_list = pieces[0].startswith("{") and pieces[-1].endswith("}")
    has_words = any(re.search("[^,] " if is_list else " ", piece) for piece in pieces)
    gaps = [
        _Gap(value, line, piece, following, is_list=is_list, has_words=has_words)
        for line, (piece, following) in zip(value.lines, pairwise(pieces), strict=False)
    ]
    read = [gap.read(copy) for gap in gaps]
    joints = [joint for joint, _ in read]
    joined = "".join([pieces[0], *(joint + piece for joint, piece in zip(joints, pieces[1:], strict=True))])
    doubt = next(((gap, doubt) for gap, (_, doubt) in zip(gaps, read, strict=True) if doubt is not None), None)
    doubt = doubt or _full_line_among_line_ends(gaps, joints)
    return joined, None if doubt is None else doubt[0].error(doubt[1], copy)


@attrs.frozen
class _Doubt:
    """Why it is uncertain what was between two lines: what is expected, and what may have been there."""

    expected: str
    hint: str


_UNKNOWN = _Doubt(
    "a value in one line, or lines that are full or end in a blank",
    "Here may have been a blank that copying lost, a no-break space or a line end.",
)
_TORN_PAIR = _Doubt("whole characters", "The console tore one in two at the line's end.")


@attrs.frozen
class _Gap:
    """A place between two lines of a value; whether that value is a list and shows blanks, other than a list's own."""

    value: _Value
    line: _Line
    piece: str
    following: str
    is_list: bool
    has_words: bool

    def read(self, copy: _Copy) -> tuple[str, _Doubt | None]:
        """Say what was there: nothing, a line end or a blank; and if that is uncertain, why."""
        if not self.piece or not self.following:
            return "\n", None
        if self.piece.endswith(_TORN) and self.following.startswith(_TORN):
            return "", _TORN_PAIR
        if self.piece.endswith((" ", "\t")):
            return "\n" if self._fits(copy, self._head) else "", None
        return self._read_unmarked(copy)

    def _read_unmarked(self, copy: _Copy) -> tuple[str, _Doubt | None]:
        """Say it of a line that ends in no blank."""
        full = copy.is_full(self.line.text, self.following)
        if self._lost_behind_comma(copy):
            # The comma may be an item's own, and the item broken behind it.
            return " ", _UNKNOWN if full and self._is_one_word(copy) else None
        if self._fits(copy, self._head if copy.keeps_blanks else " " + self._head):
            return "\n", None
        if full and self._is_certain(copy):
            return "", None
        return "" if copy.keeps_blanks else " ", _UNKNOWN

    def error(self, doubt: _Doubt, copy: _Copy) -> CommandSyntaxError:
        """Make the error that says why the value is uncertain."""
        return _error(doubt.expected, self.line, copy.text, f"{doubt.hint} {_WIDE_CURE}", self.value.name)

    @property
    def _head(self) -> str:
        """The next word, with the blank behind it."""
        found = _HEAD.match(self.following)
        return found[0] if found else ""

    def _fits(self, copy: _Copy, more: str) -> bool:
        return all(copy.fits(self.line.text, more))

    def _lost_behind_comma(self, copy: _Copy) -> bool:
        """Say whether a list's separator ended the line, and its blank was lost."""
        return self.is_list and self.piece.endswith(",") and not copy.keeps_blanks and self.following[0] != " "

    def _is_certain(self, copy: _Copy) -> bool:
        """Say whether a full line was broken at no blank.

        Where blanks were lost this takes a run of wide characters for one word, and the items of a list, as long as
        no blank shows in them.
        """
        if self.following[0] in _BLANKS:
            return not copy.loses_blanks
        one_word = self._is_one_word(copy)
        if copy.separates_words and not one_word:
            return False
        if copy.loses_blanks:
            wide = cells(self.piece[-1]) == cells(self.following[0]) == _WIDE
            return not self.has_words and (wide or self.is_list)
        return copy.keeps_blanks or not self.has_words or one_word

    def _is_one_word(self, copy: _Copy) -> bool:
        """Say whether the words on both sides would be one that no line holds."""
        tail = re.split("[ \t]", self.piece)[-1]
        word = tail + self._head
        rooms = [most - self.value.column for most in copy.longest]
        return any(count(word) > room for count, room in zip((cells, units), rooms, strict=True))


def _full_line_among_line_ends(gaps: list[_Gap], joints: list[str]) -> tuple[_Gap, _Doubt] | None:
    """Doubt a full line in a value that has line ends: the line may be the longest because it is the value's own."""
    if "\n" not in joints:
        return None
    pairs = zip(gaps, joints, strict=True)
    full = (gap for gap, joint in pairs if not joint and not gap.piece.endswith((" ", "\t")))
    return next(((gap, _UNKNOWN) for gap in full), None)
