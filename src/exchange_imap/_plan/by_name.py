"""Objects of one kind under the names by which they were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._values.given import require_instance, require_text

__all__ = ["ByName", "same_objects"]

S = TypeVar("S")


def _pairs(given: Mapping[str, S]) -> tuple[tuple[str, S], ...]:
    require_instance("ByName", "a mapping from names to objects", given, Mapping)
    for name in given:
        require_text("ByName", name)
    return tuple(given.items())


@entry
@attrs.frozen(repr=False)
class ByName(Mapping[str, S], Generic[S]):
    """Objects under the names by which they were asked for, which are found in any case. Their order does not count.

    >>> names = ByName({"Client Frontend MBX01": 587})
    >>> names["client frontend mbx01"], names.name_of("CLIENT FRONTEND MBX01"), "x" in names
    (587, 'Client Frontend MBX01', False)
    """

    _pairs: tuple[tuple[str, S], ...] = attrs.field(factory=dict, converter=_pairs, eq=frozenset, alias="objects")

    def __attrs_post_init__(self) -> None:
        names = [name.casefold() for name in self]
        if len(set(names)) < len(names):
            raise InvalidValueError("names", "each name once", list(self))

    def __getitem__(self, name: str) -> S:
        kept = self.name_of(name)
        return next(value for known, value in self._pairs if known == kept)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def name_of(self, name: object) -> str:
        """Return the name as it was asked for. Raises :class:`KeyError` for another."""
        for known in self:
            if isinstance(name, str) and known.casefold() == name.casefold():
                return known
        raise KeyError(name)

    def replacing(self, name: str, value: S) -> ByName[S]:
        """Return the same objects with another one under this name."""
        kept = self.name_of(name)
        return ByName({known: value if known == kept else old for known, old in self._pairs})

    def __repr__(self) -> str:
        return f"ByName({dict(self._pairs)!r})"


def same_objects(one: ByName[S], other: ByName[S], same: Callable[[S, S], bool]) -> bool:
    """Say whether both have the same names, and objects under them that are the same."""
    names = {name.casefold() for name in one} == {name.casefold() for name in other}
    return names and all(same(each, other[name]) for name, each in one.items())
