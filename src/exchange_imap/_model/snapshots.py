"""Declare snapshot classes, which are known by their names from then on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar, dataclass_transform

import attrs

from .declaration import Declared, declare, mark_writable, register, required_property
from .snapshot import Snapshot

if TYPE_CHECKING:
    from .cmdlet import Cmdlet

__all__ = ["SNAPSHOTS", "snapshot"]

S = TypeVar("S", bound=Snapshot)

SNAPSHOTS: Final[dict[str, type[Snapshot]]] = {}
"""Every snapshot class that has been declared so far, by its name."""


@dataclass_transform(kw_only_default=True, field_specifiers=(required_property, attrs.field))
def snapshot(
    *types: str,
    read_by: type[Cmdlet] | None = None,
    written_by: type[Declared] | None = None,
    named_by: str = "",
    name_is_pattern: bool = False,
) -> Callable[[type[S]], type[S]]:
    """Declare a class to be the snapshot of objects of these .NET types: it is read and documented from then on.

    ``read_by`` is the cmdlet that answers such objects, and no others. ``written_by`` is the cmdlet that changes such
    an object: what it has a parameter for is writable. The other arguments are class variables of :class:`Snapshot`.
    """

    def decorate(cls: type[S]) -> type[S]:
        made = declare(cls)
        made.types, made.written_by = types, written_by
        made.named_by, made.name_is_pattern = named_by, name_is_pattern
        if read_by is not None:
            read_by.answers = types
        if written_by is not None:
            mark_writable(made, written_by)
        register(SNAPSHOTS, made, made.__name__)
        return made

    return decorate
