"""The facts of an object, in the order in which a person should read them: what text, HTML and rich all show.

Texts are kept as they came. Whoever shows them escapes them, and cuts what is too long.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Final, Protocol, TypeVar, runtime_checkable

import attrs

__all__ = ["LONGEST_TEXT", "MOST_ITEMS", "MOST_OBJECTS", "Facts", "HasFacts", "Mark", "Row", "listed"]

T = TypeVar("T")

LONGEST_TEXT: Final = 1_000
"""How many characters of one text are shown."""
MOST_ITEMS: Final = 50
"""How many items of a list are shown."""
MOST_OBJECTS: Final = 20
"""How many objects of a kind are shown."""


class Mark(enum.Enum):
    """What is to be noticed about a fact, in the word that stands beside it."""

    NONE = ""
    CHANGED = "changed"
    UNUSUAL = "not default"
    PENDING = "pending"
    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"
    GOOD = "good"


@attrs.frozen
class Row:
    """One fact: a value or a list of values, the word before it, and what is to be noticed."""

    label: str
    value: str | tuple[str, ...]
    mark: Mark = attrs.field(default=Mark.NONE, kw_only=True)
    note: str = attrs.field(default="", kw_only=True)
    """What is said of the value beside it."""
    command: bool = attrs.field(default=False, kw_only=True)
    """Whether the value is a command, or several."""

    @property
    def items(self) -> tuple[str, ...]:
        """The values that are shown, of a long list the first ones and how many there are."""
        return (self.value,) if isinstance(self.value, str) else _some(self.value, MOST_ITEMS)


@attrs.frozen
class Facts:
    """The facts of an object: its title, its own facts, and sections with those of its parts, which may be folded."""

    title: str
    rows: tuple[Row, ...] = ()
    parts: tuple[Facts, ...] = ()
    mark: Mark = attrs.field(default=Mark.NONE, kw_only=True)
    is_open: bool = attrs.field(default=False, kw_only=True)
    """Whether its section is unfolded at first."""
    command: bool = attrs.field(default=False, kw_only=True)
    """Whether the title is a command."""


@runtime_checkable
class HasFacts(Protocol):
    """An object that tells its facts."""

    def _facts(self) -> Facts: ...


def _some(values: Collection[str], most: int) -> tuple[str, ...]:
    """Return the first values, and how many others there are."""
    rest = len(values) - most
    return (*islice(values, most), *([f"and {rest:,} more"] if rest > 0 else []))


def listed(title: str, objects: Iterable[Facts], count: int, most: int = MOST_OBJECTS) -> Facts:
    """Make a section of several objects, of which the first are shown."""
    rest = count - most
    rows = (Row("", f"the first {most}, and {rest:,} more that are not shown"),) if rest > 0 else ()
    return Facts(f"{title} ({count:,})", rows, tuple(islice(objects, most)))
