"""Tell who watches a plan what happens to its steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import attrs

from .._plan.outcome import Outcome
from .._plan.plan import Plan
from .._plan.step import Step
from .step_event import Kind, StepEvent

__all__ = ["Observers"]


@attrs.define
class Observers:
    """Who watches a plan; nothing is sent before they have heard of it.

    An exception of theirs stops the plan. It is kept in ``raised``, so that it is not taken for one of a command.
    """

    plan: Plan
    now: Callable[[], datetime]
    on_step: Callable[[StepEvent], None] | None = None
    undoing: bool = False
    raised: BaseException | None = attrs.field(default=None, init=False)

    def started(self, places: Sequence[int]) -> None:
        """Say that steps are about to be sent."""
        self._tell("started", places)

    def applied(self, places: Sequence[int]) -> None:
        """Say that steps have taken effect."""
        self._tell("applied", places)

    def ended(self, outcome: Outcome) -> None:
        """Say of the other steps of a plan that stopped what became of them."""
        failed = [outcome.failed.step] if outcome.failed else []
        self._tell("failed", self._places(failed))
        self._tell("unknown", self._places(outcome.unknown))
        self._tell("not tried", self._places(outcome.not_tried))

    def _places(self, steps: Iterable[Step]) -> list[int]:
        """Return the places of steps, which may be equal to others of the plan."""
        wanted = list(map(id, steps))
        return [place for place, step in enumerate(self.plan.steps) if id(step) in wanted]

    def _tell(self, kind: Kind, places: Iterable[int]) -> None:
        if self.on_step is None:
            return
        for place in places:
            event = StepEvent(
                kind=kind,
                step=self.plan.steps[place],
                number=place + 1,
                of=len(self.plan.steps),
                time=self.now(),
                undoing=self.undoing,
            )
            try:
                self.on_step(event)
            except BaseException as error:
                self.raised = error
                raise
