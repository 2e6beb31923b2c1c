"""``@{Add=...; Remove=...}``: a change of some entries of a list, leaving the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

import attrs

from .._errors import InvalidValueError
from .._public import public
from .given import require_instance

__all__ = ["ListEdit"]

T = TypeVar("T")


def _entries(value: Iterable[T]) -> tuple[T, ...]:
    if isinstance(value, str):
        raise InvalidValueError("ListEdit", "entries in a tuple or list", value, f"Write ({value!r},).")
    require_instance("ListEdit", "entries in a tuple or list", value, Iterable)
    return tuple(value)


@public
@attrs.frozen(kw_only=True)
class ListEdit(Generic[T]):
    """Entries to add to and to remove from a multi-valued parameter.

    The result of an edit depends on the list that the server has, so an edit that may have run is never sent again.

    >>> str(SetImapSettings(ssl_bindings=ListEdit(add=("10.0.0.1:993",), remove=("[::]:993",))))
    'Set-ImapSettings -SSLBindings @{Add="10.0.0.1:993"; Remove="[::]:993"}'
    """

    add: tuple[T, ...] = attrs.field(default=(), converter=_entries)
    remove: tuple[T, ...] = attrs.field(default=(), converter=_entries)

    def __attrs_post_init__(self) -> None:
        if not self.add and not self.remove:
            raise InvalidValueError("ListEdit", "entries to add or to remove", "neither", "Leave the parameter out.")
