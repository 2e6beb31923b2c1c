"""Make a value of parts that were checked before, without checking them again."""

from __future__ import annotations

from typing import Any, TypeVar

__all__ = ["trusted"]

T = TypeVar("T")
_set = object.__setattr__  # what the constructor of a frozen class uses


def trusted(known: type, cls: type[T], **parts: Any) -> T:  # Any: the constructor's own types
    """Make an instance of ``known``, a frozen class, of parts that its converters would not change.

    A class below it may have more fields and checks: an instance of such a ``cls`` is made by its constructor.
    """
    if cls is not known:
        return cls(**parts)
    made = object.__new__(cls)
    for name, part in parts.items():
        _set(made, name, part)
    return made
