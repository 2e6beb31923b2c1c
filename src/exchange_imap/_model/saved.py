"""What somebody saved of a server in a file: its encoding and its kind are found out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from typing import Final, Literal

import attrs

from .._errors import InvalidValueError, UnexpectedReplyError
from .._files import read_text

__all__ = ["Kind", "SavedText", "load"]

Kind = Literal["CLIXML", "JSON", "Format-List"]
_BEGINS: Final[dict[str, Kind]] = {"<": "CLIXML", "{": "JSON", "[": "JSON"}


@attrs.frozen
class SavedText:
    """The text of a file, with what it was found to be."""

    path: str
    kind: Kind
    text: str

    @contextmanager
    def named(self) -> Iterator[None]:
        """Let an error about what is read of it begin with the file, and what this was taken for."""
        try:
            yield
        except UnexpectedReplyError as error:
            raise attrs.evolve(error, path=self._place(error.path)) from None
        except InvalidValueError as error:
            raise attrs.evolve(error, field=self._place(error.field)) from None

    def _place(self, within: str) -> str:
        return f"{self.path}, read as {self.kind}: {within}"


def load(path: str | PathLike[str], field: str) -> SavedText:
    """Read a file, and find out by its beginning what it is.

    Raises :class:`InvalidValueError` for a file that is no text or is larger than 64 MiB, and :class:`OSError` if it
    cannot be opened.
    """
    text = read_text(path, field)
    return SavedText(str(path), _BEGINS.get(text.lstrip()[:1], "Format-List"), text)
