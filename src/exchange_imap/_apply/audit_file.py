"""The file of an audit log: whole lines of JSON, each on the disk before anything else is done.

A process may end in the middle of a line. What it wrote of that line stays: the next one begins with a line end, and
says that a torn line stands before it. So a torn line is told from a file that is none of ours.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from os import PathLike
from typing import Final

import attrs

from .._errors import ExchangeImapError, InvalidValueError, sentences
from .._files import open_regular
from .._json import Json
from .._public import public

__all__ = ["TORN", "AuditError", "append", "read_lines"]

TORN: Final = "after_torn_line"
"""The key of a line behind a torn one."""
_FIELD: Final = "AuditLog.path"
_LARGEST: Final = 64 * 2**20
_HINT: Final = "Begin a new file, and keep this one."


@public
@attrs.define(slots=False, eq=False)
class AuditError(ExchangeImapError):
    """The file of an audit log could not be read or written; ``path`` names it.

    >>> _ = Path(folder, "a file").write_text("", encoding="utf-8")
    >>> try:
    ...     AuditLog(Path(folder, "a file", "audit.jsonl")).runs()
    ... except AuditError as error:
    ...     print(error.reason)
    Not a directory
    """

    path: str
    reason: str

    def __str__(self) -> str:
        return sentences(f"Audit file {self.path}: {self.reason}")


def append(path: str | PathLike[str], line: Mapping[str, Json]) -> None:
    """Write a line and wait until it is on the disk. Raises :class:`AuditError`."""
    try:
        file = open_regular(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, _FIELD)
        try:
            _append(file, line)
        finally:
            os.close(file)
    except OSError as error:
        raise _failed(path, error) from error


def _append(file: int, line: Mapping[str, Json]) -> None:
    _lock(file)
    size = _size(file)
    torn = size > 0 and _last_byte(file, size) != b"\n"
    text = json.dumps({**line, TORN: True} if torn else line, ensure_ascii=True)
    data = memoryview(f"{chr(10) * torn}{text}\n".encode("ascii"))
    while data:
        data = data[os.write(file, data) :]
    os.fsync(file)


def _lock(file: int) -> None:
    """Wait until no other thread or process writes: a line that is half written looks like a torn one.

    Linux shows the size of a file while a write to it is going on. Closing the file gives the lock back. Where a
    system has no such locks, a line may be said to be torn that is not.
    """
    with contextlib.suppress(ImportError, OSError):
        import fcntl  # noqa: PLC0415 - Windows has none

        fcntl.flock(file, fcntl.LOCK_EX)


def _last_byte(file: int, size: int) -> bytes:
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1)


def _size(file: int) -> int:
    """Return the size of a file. Raises :class:`InvalidValueError` for one that is large."""
    size = os.fstat(file).st_size
    if size > _LARGEST:
        raise InvalidValueError(_FIELD, f"a file of at most {_LARGEST} bytes", size, _HINT)
    return size


def _failed(path: str | PathLike[str], error: OSError) -> AuditError:
    return AuditError(os.fspath(path), error.strerror or type(error).__name__)


def read_lines(path: str | PathLike[str]) -> tuple[list[tuple[int, Json]], tuple[int, ...]]:
    """Return the lines with their numbers, and the numbers of those that are torn. A file that is not there has none.

    Raises :class:`InvalidValueError` for a file that is no audit log, and :class:`AuditError` if it cannot be read.
    """
    *whole, last = _read(path).split(b"\n")
    found = [(number, *_parse(line)) for number, line in enumerate(whole, 1)]
    if last:
        found.append((len(whole) + 1, *_parse(last)))
    torn = tuple(_torn(found, ends_in_one=bool(last)))
    wrong = [(number, error) for number, _, error in found if error and number not in torn]
    if wrong:
        number, error = wrong[0]
        raise InvalidValueError(f"AuditLog.path, line {number}", "a line of JSON", error, _HINT)
    return [(number, data) for number, data, error in found if not error], torn


def _read(path: str | PathLike[str]) -> bytes:
    try:
        with os.fdopen(open_regular(path, os.O_RDONLY, _FIELD), "rb") as opened:
            _size(opened.fileno())
            return opened.read()  # with a limit, Python reserves as much memory as the limit says
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _failed(path, error) from error


def _parse(line: bytes) -> tuple[Json, str]:
    """Return what a line holds, or why it holds nothing."""
    try:
        data: Json = json.loads(line.decode("ascii"))
    except (ValueError, RecursionError) as error:
        return None, str(error) or type(error).__name__
    return data, ""


def _torn(found: list[tuple[int, Json, str]], *, ends_in_one: bool) -> Iterator[int]:
    """Yield the lines that cannot be read and are the last one, or that the next line says to be torn."""
    may_be = ends_in_one
    for number, data, error in reversed(found):
        if error and may_be:
            yield number
        else:
            may_be = isinstance(data, dict) and data.get(TORN) is True
