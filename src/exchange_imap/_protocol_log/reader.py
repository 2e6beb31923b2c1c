"""Read a protocol log line by line: what is in which column its own header says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from typing import Final

from .._entry import entry
from .._errors import InvalidValueError
from .columns import Columns
from .lines import Line, lines_of, lines_of_file
from .log_entry import ProtocolLogEntry
from .row import split

__all__ = ["read_protocol_log"]

_HEADER: Final = "#fields:"
_PLACE: Final = "read_protocol_log(path)"
_NO_HEADER: Final = "Give the names yourself with fields=[...], as the beginning of the file has them."


@entry
def read_protocol_log(
    path: str | PathLike[str] | Iterable[str], *, fields: Sequence[str] = ()
) -> Iterator[ProtocolLogEntry]:
    r"""Read a protocol log of the IMAP4 service: each line becomes an entry, and none is left out silently.

    ``path`` names a file of the folder ``LogFileLocation``, which is ``Logging\Imap4`` below Exchange unless it was
    changed; or it is the lines themselves, such as an open file or a list. The names of the front end's files begin
    with IMAP4, those of the back end's with IMAP4BE. The encoding is found out. What each column holds the file's own
    ``#Fields:`` line says, also where another one follows in the middle; ``fields`` are the names for lines that have
    none before them. Other lines with ``#`` and empty ones are no entries.

    Entries are made while you iterate: memory does not grow with the file, of which nothing is read before the first
    entry is asked for. A line that is damaged, longer than 65,536 characters, or the last one of a file that is being
    written, is an entry too, with what could be read; :attr:`ProtocolLogEntry.problems` says what could not. Passwords
    are masked, see :class:`ProtocolLogEntry`.

    Raises :class:`OSError` if the file cannot be opened, and :class:`InvalidValueError` with file and line for an entry
    before which no names of fields stand, and for names that are empty or stand there twice.

    Source: Protocol logging for POP3 and IMAP4 (technet dd335141): CSV, one line for each event.

    >>> log = ["#Fields: dateTime,sessionId,cIp,user,command,parameters,context",
    ...     '2026-10-01T08:20:00.000Z,01,[fd00::7]:50001,frank,login,frank *****,ErrMsg=ProxyNotAuthenticated']
    >>> for entry in read_protocol_log(log):
    ...     print(entry)
    :2 2026-10-01T08:20:00.000+00:00 fd00::7 frank login: ProxyNotAuthenticated
    """
    if isinstance(path, str | PathLike):
        if isinstance(path, str) and "\n" in path:
            raise InvalidValueError(_PLACE, "the path of a file, or lines", path, "Pass text.splitlines().")
        return _entries(str(path), lines_of_file(path), fields)
    return _entries("", lines_of(path), fields)


def _entries(file: str, lines: Iterator[Line], fields: Sequence[str]) -> Iterator[ProtocolLogEntry]:
    columns = Columns.of(fields, _PLACE) if fields else None
    for line in lines:
        text = line.text.lstrip("\ufeff")  # where files were joined, it stands in the middle too
        if text[: len(_HEADER)].lower() == _HEADER:
            columns = Columns.of(text[len(_HEADER) :].split(","), f"{file}:{line.number}")
        elif text and not text.startswith("#"):
            if columns is None:
                raise InvalidValueError(f"{file}:{line.number}", "a line with #Fields: before", text[:80], _NO_HEADER)
            values, problem = split(text)
            if not columns.are(values):
                yield columns.read(file, line.number, values, [line.problem, problem])
