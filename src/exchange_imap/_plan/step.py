"""One command of a plan."""

from __future__ import annotations

import attrs

from .._entry import entry
from .._model.cmdlet import Cmdlet
from .._powershell.comment import comment, printed
from .difference import Change

__all__ = ["Step"]


@entry
@attrs.frozen
class Step:
    """One command of a plan, why it is there, and what it changes.

    >>> print(Step(SetService(name="MSExchangeIMAP4", startup_type=StartupType.Automatic), "It starts by hand."))
    # It starts by hand.
    Set-Service MSExchangeIMAP4 -StartupType Automatic
    """

    command: Cmdlet
    reason: str
    changes: tuple[Change, ...] = ()

    def __str__(self) -> str:
        return f"{comment(self.reason)}\n{printed(str(self.command))}"
