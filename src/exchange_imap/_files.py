"""Open the files that a caller names: regular ones only, and as text in the encoding that their first bytes show."""

from __future__ import annotations

import io
import os
import stat
from os import PathLike
from typing import Final, TextIO

from ._errors import InvalidValueError

__all__ = ["encoding_of", "open_regular", "open_text", "read_text"]

_HEAD: Final = 4
_BINARY: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_LARGEST: Final = 64 * 2**20
_HINT: Final = "Save it again as UTF-8, for example with Out-File -Encoding utf8."


def open_regular(path: str | PathLike[str], flags: int, field: str) -> int:
    """Open a regular file, and return its descriptor. ``field`` names the parameter that has the path.

    A pipe is opened without waiting until somebody opens its other end (Windows has no such), and refused. Raises
    :class:`InvalidValueError` for what is no regular file, and :class:`OSError` if it cannot be opened.
    """
    try:
        file = os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o600)
    except ValueError as error:  # a NUL in it
        raise InvalidValueError(field, "the path of a file", str(path)) from error
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise InvalidValueError(field, "a file", str(path))
    return file


def open_text(path: str | PathLike[str], field: str) -> TextIO:
    r"""Open a file as text whose lines end in ``\n``; bytes that are not of its encoding become ``\xff``.

    Raises as :func:`open_regular`.
    """
    file = os.fdopen(open_regular(path, _BINARY, field), "rb")
    head = file.peek(_HEAD)[:_HEAD]
    return io.TextIOWrapper(file, encoding_of(head), errors="backslashreplace", newline="\n")


def read_text(path: str | PathLike[str], field: str) -> str:
    """Read the whole text of a file of 64 MiB at most.

    Raises :class:`InvalidValueError` also for a larger one, and for what is no text of its encoding.
    """
    with os.fdopen(open_regular(path, _BINARY, field), "rb") as file:
        if os.fstat(file.fileno()).st_size > _LARGEST:
            raise InvalidValueError(field, f"a file of at most {_LARGEST} bytes", str(path))
        data = file.read()  # with a limit, Python reserves as much memory as the limit says
    try:
        return data.decode(encoding_of(data[:_HEAD]))
    except UnicodeDecodeError:
        raise InvalidValueError(field, "a file of text in UTF-8 or UTF-16", str(path), _HINT) from None


def encoding_of(head: bytes) -> str:
    r"""Return the encoding of a text from its first four bytes, with or without a byte order mark.

    Windows PowerShell saves as UTF-16 what ``>`` and ``Out-File`` write, and PowerShell 7 as UTF-8.

    >>> encoding_of(b"#Fie"), encoding_of(b"\xff\xfe#\0"), encoding_of(b"\0<\0O")
    ('utf-8-sig', 'utf-16', 'utf-16-be')
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    zeros = [byte == 0 for byte in head]
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    return "utf-16-be" if zeros == [True, False, True, False] else "utf-8-sig"
