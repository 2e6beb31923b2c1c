"""``UNSET``: the parameter was not given. ``None`` is ``$null``, and ``()`` is an empty list."""

from __future__ import annotations

import enum
from typing import Final, Literal

from .._public import public

__all__ = ["UNSET", "Unset"]


@public
class Unset(enum.Enum):
    """The type of :data:`UNSET`, an enum so that type checkers distinguish it from other values."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""The parameter is left out of the command, and the server keeps its value."""
