"""Write what Format-List prints.

PowerShell breaks a value that is too long for the console into several lines. Source: the output of PowerShell 7.6.

- It leaves the last column of the console empty. Every line of the value begins in the same column.
- In English, German, French, Italian, Portuguese and Spanish it breaks after a blank or tab, which stays at the end of
  the line. A word that is longer than a line is broken where the line is full.
- In all other languages it breaks only where the line is full.
- A wide character takes two columns in Out-String and in consoles of Chinese, Japanese and Korean systems, and one
  column elsewhere.
- When words have to be broken, no-break spaces, no-break hyphens and soft hyphens are lost. The printed text is then
  not the value, and does not show that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from .._dotnet import print_time_span
from .._errors import InvalidValueError
from .._shown import legible
from .record import FormatValue

__all__ = ["SEPARATOR", "cells", "show_properties", "units", "write_format_list"]

SEPARATOR = " : "

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
# The characters that take two columns in PowerShell's console: LengthInBufferCells in ConsoleControl.cs.
_WIDE = re.compile(
    "[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3040-\ua4cf\uac00-\ud7a3\uf900-\ufaff"
    "\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]"
)
_WORD = re.compile("([^ \t\u00a0\u00ad\u2011]*)([ \t\u00a0\u00ad\u2011]?)")
_SOFT_HYPHEN = "\u00ad"
_NARROWEST = 2


def units(text: str) -> int:
    """Count the columns if a wide character takes one: the number of UTF-16 units."""
    return len(text) + len(_ASTRAL.findall(text))


def cells(text: str) -> int:
    """Count the columns if a wide character takes two."""
    return units(text) + len(_WIDE.findall(text))


def write_format_list(properties: Mapping[str, FormatValue], width: int | None = None) -> str:
    """Write what Format-List prints of one object.

    ``width`` is that of the console. Longer values are broken as PowerShell does in English. Without a width a line
    ends only where the value has a line end. After the colon of a null there is one blank, as PowerShell prints it.
    Raises :class:`InvalidValueError` if the console has no room for values.

    >>> print(write_format_list({"Server": "MBX01", "SSLBindings": ("[::]:993",), "LoginType": 3}))
    Server      : MBX01
    SSLBindings : {[::]:993}
    LoginType   : 3
    """
    longest = max(map(len, properties), default=0)
    room = None if width is None else width - 1 - longest - len(SEPARATOR)
    if room is not None and room < _NARROWEST:
        raise InvalidValueError("width", f"at least {longest + len(SEPARATOR) + _NARROWEST + 1} columns", width)
    margin = "\n" + " " * (longest + len(SEPARATOR))
    printed = ((name, margin.join(_break(_print(value), room))) for name, value in properties.items())
    return "\n".join(f"{name:{longest}}{SEPARATOR}{value}" for name, value in printed)


def show_properties(properties: Mapping[str, FormatValue]) -> str:
    r"""Write what Format-List prints of one object, with control characters escaped.

    Each property is then in one line, which begins with its name.

    >>> print(show_properties({"Banner": "Ready\x1b[2J\nServer : MBX02"}))
    Banner : Ready\x1b[2J\nServer : MBX02
    """
    return write_format_list({legible(name): _legible(value) for name, value in properties.items()})


def _legible(value: FormatValue) -> FormatValue:
    if isinstance(value, tuple):
        return tuple(map(_whole, value))
    return _whole(value) if isinstance(value, str) else value


def _whole(text: str) -> str:
    return legible(text, len(text))


def _print(value: FormatValue) -> str:
    if isinstance(value, tuple):
        return "{" + ", ".join(value) + "}"
    if isinstance(value, timedelta):
        return print_time_span(value)
    return "" if value is None else str(value)


def _break(value: str, room: int | None) -> Iterator[str]:
    """Break a value into lines, without carriage returns: PowerShell prints none."""
    for line in value.replace("\r", "").split("\n"):
        if room is None or cells(line) <= room:
            yield line
        else:
            yield from _wrap(line, room)


def _wrap(line: str, room: int) -> Iterator[str]:
    """Break after words, and break a word that is longer than a line where the line is full."""
    filled, left = "", room
    for word, delimiter in _WORD.findall(line):
        whole = word + _end(word, delimiter, left)
        for part in whole if cells(whole) > room else (whole,):
            if cells(part) > left:
                yield filled
                filled, left = "", room
            filled += part
            left -= cells(part)
    yield filled


def _end(word: str, delimiter: str, left: int) -> str:
    """Return what is printed of the delimiter: a soft hyphen is visible if it is the last character of the line."""
    if delimiter == _SOFT_HYPHEN:
        return "-" if cells(word) + 1 == left else ""
    return delimiter if delimiter in " \t" else ""
