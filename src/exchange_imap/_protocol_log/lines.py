"""The lines of a log, however large it is: no more than one of them is held, and no more of that one than a limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from os import PathLike
from typing import Final, TextIO

import attrs

from .._files import open_text
from .._values.given import require_instance

__all__ = ["LONGEST_LINE", "Line", "lines_of", "lines_of_file"]

LONGEST_LINE: Final = 65_536
"""How many characters of a line are read. Four times the longest command that MaxCommandSize allows."""
_FIELD: Final = "read_protocol_log(path)"
_TORN: Final = "the last line has no end: it is still being written, or was cut"
_LONG: Final = f"only the first {LONGEST_LINE} characters are read"


@attrs.frozen
class Line:
    """A line without its end, with what is wrong with it."""

    number: int
    text: str
    problem: str = ""


def lines_of_file(path: str | PathLike[str]) -> Iterator[Line]:
    """Yield the lines of a file, which is opened when the first one is asked for, and closed with the iterator."""
    with open_text(path, _FIELD) as file:
        number = 0
        while text := file.readline(LONGEST_LINE + 1):
            number += 1
            yield _read(number, text, file)


def _read(number: int, text: str, file: TextIO) -> Line:
    if text.endswith("\n"):
        return Line(number, text.rstrip("\r\n"))
    if len(text) <= LONGEST_LINE:
        return Line(number, text, _TORN)
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith("\n"):
        pass
    return Line(number, text[:LONGEST_LINE], _LONG)


def lines_of(given: Iterable[str]) -> Iterator[Line]:
    """Yield what a caller has as lines, with or without their ends. Raises :class:`InvalidValueError` for bytes."""
    for number, text in enumerate(given, 1):
        require_instance(_FIELD, "lines of text", text, str, "Open the file as text, or give its path.")
        whole = text.rstrip("\r\n")
        yield Line(number, whole[:LONGEST_LINE], _LONG if len(whole) > LONGEST_LINE else "")
