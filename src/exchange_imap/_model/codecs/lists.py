"""The codecs of lists: multi-valued properties with their edits, and plain lists of names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

import attrs

from ..._errors import InvalidValueError
from ..._json import Json
from ..._powershell.record import FormatValue, RecordValue
from ..._powershell.renderer import render_literal
from ..._powershell.syntax import Array, Hashtable, Literal, Null, Number, Quote, String
from ..._values import ListEdit
from .values import Codec, plain

__all__ = ["EditableListCodec", "ListCodec", "Listed"]

T = TypeVar("T")

Listed = tuple[T, ...] | ListEdit[T]
"""What a multi-valued parameter holds: the whole list, or an edit of it."""


@attrs.frozen
class ListCodec(Generic[T]):
    """A list of values of one codec; one value alone stands for a list of one.

    ``bare`` lists are written without quotes where PowerShell needs none, as the documentation writes names.
    """

    item: Codec[T]
    bare: bool = False

    def read(self, literal: Literal) -> tuple[T, ...]:
        """Read ``a,b``, ``@("a","b")``, one value, or ``@()``."""
        if isinstance(literal, Array):
            return tuple(map(self._read_item, literal.items))
        return (self.item.read(literal),)

    def _read_item(self, literal: Literal) -> T:
        """Read one of several: in a list, PowerShell hands over the value of an unquoted number, not the word."""
        return self.item.read(Number(literal.value) if isinstance(literal, Number) else literal)

    def check(self, value: object) -> tuple[T, ...]:
        """Take an iterable of values or of their texts; a single text is a list of one."""
        if isinstance(value, str) or not hasattr(value, "__iter__"):
            return (self.item.check(value),)
        return tuple(map(self.item.check, value))

    def decode(self, value: RecordValue) -> tuple[T, ...]:
        """Read a list as it was serialised, or as Format-List prints it."""
        bare = plain(value)
        if isinstance(bare, str):
            from ..._powershell.format_list import read_list  # noqa: PLC0415 - few values come as printed text

            bare = read_list(bare, "")
        if not isinstance(bare, tuple):
            raise InvalidValueError("", f"a list, each item {self.item.expected}", bare)
        return tuple(map(self.item.decode, bare))

    def write(self, value: tuple[T, ...]) -> Literal:
        items = map(self.item.write, value)
        return Array(tuple(items if self.bare else map(_quoted, items)))

    def display(self, value: tuple[T, ...]) -> FormatValue:
        return tuple(str(self.item.display(item)) for item in value)

    def to_json(self, value: tuple[T, ...]) -> Json:
        return [self.item.to_json(item) for item in value]


@attrs.frozen
class EditableListCodec(Generic[T]):
    """A multi-valued parameter: the whole list, or ``@{Add=...; Remove=...}``."""

    whole: ListCodec[T]

    def read(self, literal: Literal) -> Listed[T]:
        return self._read_edit(literal) if isinstance(literal, Hashtable) else self.whole.read(literal)

    def _read_edit(self, table: Hashtable) -> ListEdit[T]:
        parts = {key.value.lower(): value for key, value in table.entries}
        if not 0 < len(table.entries) == len(parts) or not {"add", "remove"}.issuperset(parts):
            raise InvalidValueError("", '@{Add="..."; Remove="..."}', render_literal(table))
        read = {key: () if isinstance(part, Null) else self.whole.read(part) for key, part in parts.items()}
        return ListEdit(add=read.get("add", ()), remove=read.get("remove", ()))

    def check(self, value: object) -> Listed[T]:
        """Take a list or an edit, or what :meth:`to_json` made of an edit."""
        if isinstance(value, ListEdit):
            value = {"Add": value.add, "Remove": value.remove}
        if not isinstance(value, Mapping):
            return self.whole.check(value)
        return ListEdit(add=self.whole.check(value.get("Add", ())), remove=self.whole.check(value.get("Remove", ())))

    def write(self, value: Listed[T]) -> Literal:
        """Write the list, or the edit with what it adds first."""
        if not isinstance(value, ListEdit):
            return self.whole.write(value)
        parts = {"Add": value.add, "Remove": value.remove}
        return Hashtable(tuple((String(key), self.whole.write(items)) for key, items in parts.items() if items))

    def to_json(self, value: Listed[T]) -> Json:
        """Keep the list, or the edit under its own keys."""
        if not isinstance(value, ListEdit):
            return self.whole.to_json(value)
        return {"Add": self.whole.to_json(value.add), "Remove": self.whole.to_json(value.remove)}


def _quoted(literal: Literal) -> Literal:
    """Ask for quotes around a string, as the documentation writes the items of a list."""
    return String(literal.value, Quote.DOUBLE) if isinstance(literal, String) else literal
