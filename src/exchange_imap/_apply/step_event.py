"""What happens to a step while a plan is carried out."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import attrs

from .._entry import entry
from .._plan.as_data.model import PlainData
from .._plan.step import Step
from .._shown import legible
from .._viewed import Viewed

__all__ = ["Kind", "StepEvent"]

Kind = Literal["started", "applied", "failed", "unknown", "not tried"]


@entry
@attrs.frozen(kw_only=True)
class StepEvent(PlainData, Viewed):
    """What happens to a step; :meth:`ImapServer.apply` calls ``on_step`` with it.

    ``kind`` is ``started`` before the step is sent, and then one of ``applied``, ``failed``, ``unknown`` (it was sent
    in one request with the failed one) or ``not tried``. ``number`` counts from 1 to ``of``. ``undoing`` says that the
    step is of the way back, after a failure.

    >>> from datetime import UTC, datetime
    >>> step = Step(StartService(name=("MSExchangeIMAP4",)), "It is stopped.")
    >>> print(StepEvent(kind="started", step=step, number=4, of=5, time=datetime(2026, 1, 1, tzinfo=UTC)))
    4 of 5 started: Start-Service MSExchangeIMAP4
    """

    kind: Kind
    step: Step
    number: int
    of: int
    time: datetime
    undoing: bool = False

    def __str__(self) -> str:
        back = "back, " if self.undoing else ""
        return f"{back}{self.number} of {self.of} {self.kind}: {legible(str(self.step.command))}"
