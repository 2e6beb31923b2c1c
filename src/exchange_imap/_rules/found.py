"""What the function of a rule yields."""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

from .._finding import Evidence
from .._model.cmdlet import Cmdlet

__all__ = ["Found"]

P = TypeVar("P")


@attrs.frozen
class Found(Generic[P]):
    """What the function of a rule yields: a finding without its rule.

    ``at`` is what the finding is about: a field of the settings, or a part of a script.
    """

    reason: str
    right: str
    at: P
    evidence: Evidence = ()
    fix: tuple[Cmdlet, ...] = ()
