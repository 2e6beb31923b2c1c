"""Read and write what Format-List prints.

How PowerShell wraps a value, as PowerShell itself answers: where its language separates words, behind a blank, which
stays at the end of the line; where no blank is near, or in Japanese and Chinese, when the line is full. So the lines
of a value joined with nothing between them are the value. A line end inside a value looks the same as a wrap, except
where the line is neither full nor ends in a blank.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

import attrs

from .._errors import CommandSyntaxError, InvalidValueError, Span
from .record import Record

__all__ = ["FormatValue", "read_format_list", "read_list", "read_printed", "write_format_list"]

FormatValue = None | bool | int | str | tuple[str, ...]

_FORM = "the text that Format-List prints, a property and its value on each line"
_WIDE_CURE = "Print it again with | Format-List | Out-String -Width 4096."
_LIMIT_CURE = "Set $FormatEnumerationLimit = -1 and print it again."
_SEPARATOR = " : "
_LAST_NARROW = 0xFFFF


@attrs.frozen
class _Line:
    """One printed line, and where in the text it begins."""

    text: str
    start: int

    @property
    def widths(self) -> tuple[int, int]:
        """The columns that it takes: where the host gives a wide character two, and where it gives it one."""
        pairs = sum(ord(c) > _LAST_NARROW for c in self.text)
        wide = sum(unicodedata.east_asian_width(c) in "WF" and ord(c) <= _LAST_NARROW for c in self.text)
        return len(self.text) + pairs + wide, len(self.text) + pairs


@attrs.define
class _Value:
    """A property's lines, the first without its name, and the lines that they are of."""

    name: str
    pieces: list[str]
    lines: list[_Line]


def read_format_list(text: str) -> tuple[Record, ...]:
    r"""Read the objects that Format-List printed, as records whose values are texts, or tuples of texts for lists.

    Consoles of any width, Windows PowerShell and PowerShell 7 are read alike. Raises :class:`CommandSyntaxError`,
    pointing at the line, for a text that Format-List does not print, for a list that was shortened, and where a
    copied text has lost what it takes to know a wrapped value.

    >>> record = read_format_list("Server      : MBX01\nSSLBindings : {[::]:993, 0.0.0.0:993}")[0]
    >>> record.properties["SSLBindings"]
    ('[::]:993', '0.0.0.0:993')
    """
    return tuple(Record(properties={k: _untyped(k, v) for k, v in printed.items()}) for printed in read_printed(text))


def _untyped(name: str, value: str) -> str | tuple[str, ...]:
    return read_list(value, name) if value.startswith("{") and value.endswith("}") else value


def read_printed(text: str) -> tuple[dict[str, str], ...]:
    """Read the objects that Format-List printed, each value as it stands there: a list with its braces."""
    widths = [line.widths for line in _lines(text)]
    console = (max(wide for wide, _ in widths), max(narrow for _, narrow in widths)) if widths else (0, 0)
    return tuple({v.name: _join(v, text, console) for v in _values(block, text)} for block in _blocks(text))


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
    return tuple(re.split(", ?", inside)) if inside else ()


def _lines(text: str) -> Iterator[_Line]:
    for found in re.finditer(r"([^\r\n]*)(\r\n|\r|\n|$)", text.removeprefix("\ufeff")):
        if found[0]:
            yield _Line(found[1], found.start() + (len(text) - len(text.removeprefix("\ufeff"))))


def _blocks(text: str) -> Iterator[list[_Line]]:
    """Group the lines of each object: empty lines stand between objects."""
    block: list[_Line] = []
    for line in (*_lines(text), _Line("", len(text))):
        if line.text:
            block.append(line)
        elif any(each.text.strip() for each in block):
            yield block
            block = []
        else:
            block = []


def _values(block: list[_Line], text: str) -> list[_Value]:
    indent = len(block[0].text) - len(block[0].text.lstrip(" "))
    separator = _find_separator(block[0], text)
    column = separator + len(_SEPARATOR)
    values: list[_Value] = []
    for line in block:
        if values and not line.text[:column].strip(" "):
            values[-1].pieces.append(line.text[column:])
            values[-1].lines.append(line)
        elif line.text[separator:column].rstrip() == " :" and line.text[indent:separator].strip():
            values.append(_Value(line.text[indent:separator].strip(), [line.text[column:]], [line]))
        else:
            raise _error(_FORM, line, text)
    return values


def _find_separator(line: _Line, text: str) -> int:
    found = line.text.find(_SEPARATOR)
    if found < 0 and line.text.endswith(" :"):
        found = len(line.text) - 2
    if found < 1:
        hint = "A table does not tell whole values: pipe the command to Format-List."
        raise _error(_FORM, line, text, hint)
    return found


def _error(expected: str, line: _Line, text: str, hint: str = "") -> CommandSyntaxError:
    span = Span(line.start, line.start + len(line.text))
    return CommandSyntaxError("Format-List text", expected, line.text, hint, text, span)


def _is_full(line: _Line, console: tuple[int, int]) -> bool:
    """Say whether the line is as long as the longest, or one short, where a wide character did not fit."""
    return any(width >= widest - 1 for width, widest in zip(line.widths, console, strict=True))


def _join(value: _Value, text: str, console: tuple[int, int]) -> str:
    """Join a value's lines, refusing where the text does not tell what stood between them."""
    is_list = value.pieces[0].startswith("{")
    for piece, line in zip(value.pieces[:-1], value.lines[:-1], strict=True):
        wrapped = piece.endswith((" ", "\t", "\u00ad")) or _is_full(line, console)
        if not wrapped and not (is_list and piece.endswith(",")):
            hint = f"A blank at its end was lost in copying, or the value has several lines. {_WIDE_CURE}"
            raise _error(f"{value.name} in one line, or a line that ends in a blank or is full", line, text, hint)
    return "".join(value.pieces)


def write_format_list(properties: Mapping[str, FormatValue]) -> str:
    """Write what Format-List prints of one object on a console of unlimited width.

    >>> print(write_format_list({"Server": "MBX01", "SSLBindings": ("[::]:993",), "OwaServerUrl": None}))
    Server       : MBX01
    SSLBindings  : {[::]:993}
    OwaServerUrl :
    """
    width = max(map(len, properties), default=0)
    margin = "\n" + " " * (width + len(_SEPARATOR))
    printed = ((name, _print(value).replace("\n", margin)) for name, value in properties.items())
    return "\n".join(f"{name:{width}}{_SEPARATOR}{value}" if value else f"{name:{width}} :" for name, value in printed)


def _print(value: FormatValue) -> str:
    if isinstance(value, tuple):
        return "{" + ", ".join(value) + "}"
    return "" if value is None else str(value)
