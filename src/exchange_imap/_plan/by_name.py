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
    _found: dict[str, tuple[str, S]] = attrs.field(init=False, eq=False)
    """Each name with its object, by the name as it is compared: a look-up costs the same among ten thousand."""

    @_found.default
    def _by_compared_name(self) -> dict[str, tuple[str, S]]:
        return {name.casefold(): (name, value) for name, value in self._pairs}

    def __attrs_post_init__(self) -> None:
        if len(self._found) < len(self._pairs):
            raise InvalidValueError("names", "each name once", list(self))

    def __getitem__(self, name: str) -> S:
        return self._found[self.name_of(name).casefold()][1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def name_of(self, name: object) -> str:
        """Return the name as it was asked for. Raises :class:`KeyError` for another."""
        if isinstance(name, str) and name.casefold() in self._found:
            return self._found[name.casefold()][0]
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
