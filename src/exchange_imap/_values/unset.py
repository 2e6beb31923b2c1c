"""The third nothing: a parameter that was not stated, apart from ``None`` (``$null``) and ``()`` (an empty list)."""

from __future__ import annotations

import enum
from typing import Final, Literal

from .._public import public

__all__ = ["UNSET", "Unset"]


@public
class Unset(enum.Enum):
    """The type of :data:`UNSET`, an enum so that a type checker tells it apart."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""Not stated: the parameter is left out of the command and the server keeps what it has."""
