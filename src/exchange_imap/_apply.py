"""Carry out a plan one step at a time, and find out what became of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final

import attrs

from ._cmdlet.cmdlet import Cmdlet
from ._cmdlets.imap_settings import SetImapSettings
from ._cmdlets.services import RestartService, SetService, StartService, StopService
from ._errors import (
    ApplyError,
    ExchangeImapError,
    StalePlanError,
    TransportError,
    TransportTimeoutError,
    UnknownOutcomeError,
)
from ._plan.admission import require_own_server, require_own_steps
from ._plan.outcome import Effect, Outcome, StepFailure
from ._plan.plan import Plan, Step
from ._plan.state import ServerState, advance
from ._transports.seam import Reply
from ._values import ListEdit

__all__ = ["Application"]

# What leaves a trace of its own on a service, by which each of several sent at once can be told to have worked.
_TRACEABLE: Final = (SetService, StartService, StopService)


@attrs.define
class Application:
    """One plan being carried out: ``run`` sends a command and ``read`` reads the server.

    ``run_batch``, where there is one, sends several commands at once; it is used for what services are told.
    """

    plan: Plan
    run: Callable[[Cmdlet], Reply]
    read: Callable[[], ServerState]
    run_batch: Callable[[Sequence[Cmdlet]], Reply] | None = None
    expected: ServerState = attrs.field(init=False)
    _applied: list[Step] = attrs.field(factory=list, init=False)
    _warnings: list[str] = attrs.field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self.expected = self.plan.before

    @property
    def pending(self) -> frozenset[str]:
        """The services that are known to run with older settings, as far as the plan got."""
        return self.expected.pending

    def carry_out(self, *, fresh: bool = False) -> Outcome:
        """Apply every step, or raise :class:`ApplyError` with the truth so far.

        ``fresh`` says that the server was read for the plan just now and need not be read again before.
        """
        require_own_steps(self.plan)
        if not fresh:
            self._refuse_stale()
        for traceable, group in groupby(self.plan.steps, lambda step: isinstance(step.command, _TRACEABLE)):
            steps = tuple(group)
            if traceable and self.run_batch is not None and len(steps) > 1:
                self._apply_together(steps, self.run_batch)
            else:
                self._apply_each(steps)
        return self._verify()

    def _refuse_stale(self) -> None:
        current = self.read()
        require_own_server(self.plan, current)
        if not current.same(self.plan.before):
            self.expected = attrs.evolve(current, pending=current.pending | self.plan.before.pending)
            reason = f"{self.plan.server} changed since the plan was made: make a new plan"
            raise StalePlanError(reason, self._outcome(None, current))

    def _apply_each(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self._apply(step)

    def _apply(self, step: Step, *, again: bool = False) -> None:
        after = advance(self.expected, step.command)
        try:
            reply = self.run(step.command)
        except ExchangeImapError as error:
            if self._judge(step, error, after, again=again):
                return self._apply(step, again=True)
        else:
            self._warnings += reply.warnings
        self.expected = after
        self._applied.append(step)
        return None

    def _judge(self, step: Step, error: ExchangeImapError, after: ServerState, *, again: bool) -> bool:
        """Read the server again: return if only the answer was lost, else stop with what is known.

        Says whether to send the step once more, which only a command may be that states whole values.
        """
        current = self._read_again()
        effect = _effect(step.command, error, self.expected, after, current)
        if isinstance(error, TransportError):
            if effect is Effect.APPLIED:
                return False
            was_lost = effect is Effect.NOT_APPLIED and error.sent is not False
            if was_lost and not again and _states_whole_values(step.command):
                return True
        if effect is Effect.UNKNOWN:
            error = _unknown(step.command, error, current)
        if effect is not Effect.NOT_APPLIED:
            self.expected = attrs.evolve(self.expected, pending=self.expected.pending | after.pending)
        raise self._stopped(StepFailure(step, error, effect), current)

    def _stopped(self, failure: StepFailure, current: ServerState | None) -> ApplyError:
        error = ApplyError(f"{self.plan.server}: the plan stopped", self._outcome(failure, current))
        error.__cause__ = failure.error
        return error

    def _apply_together(self, steps: Sequence[Step], run_batch: Callable[[Sequence[Cmdlet]], Reply]) -> None:
        try:
            reply = run_batch([step.command for step in steps])
        except ExchangeImapError as error:
            self._judge_together(steps, error)
        else:
            self._warnings += reply.warnings
            self._take(steps)

    def _take(self, steps: Sequence[Step]) -> None:
        """Note that the steps have taken effect."""
        for step in steps:
            self.expected = advance(self.expected, step.command)
            self._applied.append(step)

    def _judge_together(self, steps: Sequence[Step], error: ExchangeImapError) -> None:
        """Read the server again, and tell of each step by the trace that it leaves whether it took effect.

        The first error ends a batch, unless it is of a kind that ends one command only: then later steps may have taken
        effect all the same, and are told as applied.
        """
        never_sent = isinstance(error, TransportError) and error.sent is False
        current = None if never_sent else self._read_again()
        shown = [step for step in steps if current is not None and _shows(current, step.command)]
        self._take(shown)
        missing = [step for step in steps if step not in shown]
        if not missing and isinstance(error, TransportError):
            return
        effect = _effect_of_batch(error, self.expected, current, never_sent=never_sent)
        failed, effect = (missing[0], effect) if missing else (self._applied.pop(), Effect.APPLIED)
        if effect is Effect.UNKNOWN:
            error = _unknown(failed.command, error, current)
        raise self._stopped(StepFailure(failed, error, effect), current)

    def _read_again(self) -> ServerState | None:
        try:
            return self.read()
        except ExchangeImapError:
            return None

    def _verify(self) -> Outcome:
        try:
            current = self.read()
        except ExchangeImapError as error:
            reason = f"{self.plan.server}: every step was applied, but the server could not be read again: {error}"
            raise ApplyError(reason, self._outcome(None, None)) from error
        outcome = self._outcome(None, current)
        if not current.same(self.plan.after):
            raise ApplyError(f"{self.plan.server}: every step was applied, but the server is not as planned", outcome)
        return outcome

    def _outcome(self, failure: StepFailure | None, current: ServerState | None) -> Outcome:
        told = [*self._applied, *([failure.step] if failure else [])]
        state = attrs.evolve(current, pending=self.expected.pending) if current else None
        return Outcome(
            plan=self.plan,
            applied=tuple(self._applied),
            failed=failure,
            not_tried=tuple(step for step in self.plan.steps if step not in told),
            warnings=tuple(self._warnings),
            state=state,
        )


def _unknown(command: Cmdlet, cause: ExchangeImapError, current: ServerState | None) -> UnknownOutcomeError:
    why = "the server could not be read again" if current is None else "the server's state does not show it"
    error = UnknownOutcomeError(str(command), f"{cause} ({why})")
    error.__cause__ = cause
    return error


def _states_whole_values(command: Cmdlet) -> bool:
    """Say whether doing it twice is the same as once: no edit of a list, and nothing that starts or stops."""
    if isinstance(command, SetImapSettings):
        return not any(isinstance(value, ListEdit) for value in attrs.asdict(command, recurse=False).values())
    return isinstance(command, SetService)


def _shows(current: ServerState, command: Cmdlet) -> bool:
    """Say whether the command would change nothing, because what it does is done."""
    return advance(current, command).same(current)


def _effect_of_batch(
    error: ExchangeImapError, before: ServerState, current: ServerState | None, *, never_sent: bool
) -> Effect:
    """Tell of the first command of a batch that left no trace whether it may still have done something."""
    if never_sent:
        return Effect.NOT_APPLIED
    if current is None or isinstance(error, TransportTimeoutError) or not current.same(before):
        return Effect.UNKNOWN
    return Effect.NOT_APPLIED


def _effect(
    command: Cmdlet, error: ExchangeImapError, before: ServerState, after: ServerState, current: ServerState | None
) -> Effect:
    """Tell from the server's present state whether the command took effect.

    A restart leaves no trace, so a lost answer leaves it unknown. A state that has not changed shows that a
    command did nothing, except after a timeout: it may be running still.
    """
    if isinstance(error, TransportError) and error.sent is False:
        return Effect.NOT_APPLIED
    if current is None or isinstance(command, RestartService):
        return Effect.UNKNOWN
    if current.same(after):
        return Effect.APPLIED
    if current.same(before) and not isinstance(error, TransportTimeoutError):
        return Effect.NOT_APPLIED
    return Effect.UNKNOWN
