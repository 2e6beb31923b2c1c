"""Tell who watches a plan what happens to its steps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from .._errors import ExchangeImapError
from .._plan.errors import ApplyError
from .._plan.outcome import Outcome
from .._plan.plan import Plan
from .._plan.step import Step
from .step_event import Kind, StepEvent

if TYPE_CHECKING:
    from .recorder import Recorder  # few plans are audited

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
    audit: Recorder | None = None
    raised: BaseException | None = attrs.field(default=None, init=False)
    _recording: bool = attrs.field(default=False, init=False)

    def begun(self, pending: Collection[str]) -> None:
        """Say that a plan is carried out."""
        if self.audit is not None:
            with self._heard():
                self.audit.begin(self.plan, pending, undoing=self.undoing)
            self._recording = True

    def started(self, places: Sequence[int]) -> None:
        """Say that steps are about to be sent."""
        self._tell("started", places)

    def sent(self, places: Sequence[int], pending: Collection[str]) -> None:
        """Say that steps are sent now, and what is pending if they take effect."""
        if self.audit is not None:
            with self._heard():
                self.audit.sent([place + 1 for place in places], pending)

    def applied(self, places: Sequence[int], pending: Collection[str]) -> None:
        """Say that steps have taken effect."""
        if self.audit is not None and places:
            with self._heard():
                self.audit.applied([place + 1 for place in places], pending)
        self._tell("applied", places)

    def ended(self, outcome: Outcome, error: ApplyError | None) -> None:
        """Say of the other steps of a plan what became of them."""
        places = self._fates(outcome)
        with self._heard():
            self._record_end(outcome, error)
        for kind in ("failed", "unknown", "not tried"):
            self._tell(kind, places[kind])

    def interrupted(self, outcome: Outcome, error: BaseException) -> None:
        """Write that an exception of another origin ended the plan; who watches is not told, and none is raised."""
        with suppress(ExchangeImapError):
            self._record_end(outcome, error)

    def _record_end(self, outcome: Outcome, error: BaseException | None) -> None:
        if self.audit is not None and self._recording:
            numbers = {fate: [place + 1 for place in places] for fate, places in self._fates(outcome).items()}
            self.audit.end(outcome, numbers, error)

    def _fates(self, outcome: Outcome) -> dict[Kind, list[int]]:
        """Return the places of the steps by what became of them."""
        failed = [outcome.failed.step] if outcome.failed else []
        steps: dict[Kind, Iterable[Step]] = {
            "applied": outcome.applied,
            "failed": failed,
            "unknown": outcome.unknown,
            "not tried": outcome.not_tried,
        }
        return {fate: self._places(each) for fate, each in steps.items()}

    @contextmanager
    def _heard(self) -> Iterator[None]:
        """Keep an exception of who watches."""
        try:
            yield
        except BaseException as error:
            self.raised = error
            raise

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
            with self._heard():
                self.on_step(event)
