"""Carry out a plan one step at a time, and find out what became of each."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from ._cmdlet.cmdlet import Cmdlet
from ._cmdlets.services import RestartService
from ._errors import (
    ApplyError,
    ExchangeImapError,
    StalePlanError,
    TransportError,
    TransportTimeoutError,
    UnknownOutcomeError,
)
from ._plan.outcome import Effect, Outcome, StepFailure
from ._plan.plan import Plan, Step
from ._plan.state import ServerState, advance
from ._transports.seam import Reply

__all__ = ["Application"]


@attrs.define
class Application:
    """One plan being carried out: ``run`` sends a command and ``read`` reads the server."""

    plan: Plan
    run: Callable[[Cmdlet], Reply]
    read: Callable[[], ServerState]
    expected: ServerState = attrs.field(init=False)
    _applied: list[Step] = attrs.field(factory=list, init=False)
    _warnings: list[str] = attrs.field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self.expected = self.plan.before

    @property
    def pending(self) -> frozenset[str]:
        """The services that are known to run with older settings, as far as the plan got."""
        return self.expected.pending

    def carry_out(self) -> Outcome:
        """Apply every step, or raise :class:`ApplyError` with the truth so far."""
        self._refuse_stale()
        for step in self.plan.steps:
            self._apply(step)
        return self._verify()

    def _refuse_stale(self) -> None:
        current = self.read()
        if not current.same(self.plan.before):
            self.expected = attrs.evolve(current, pending=current.pending | self.plan.before.pending)
            reason = f"{self.plan.server} changed since the plan was made: make a new plan"
            raise StalePlanError(reason, self._outcome(None, current))

    def _apply(self, step: Step) -> None:
        after = advance(self.expected, step.command)
        try:
            reply = self.run(step.command)
        except ExchangeImapError as error:
            self._judge(step, error, after)
        else:
            self._warnings += reply.warnings
        self.expected = after
        self._applied.append(step)

    def _judge(self, step: Step, error: ExchangeImapError, after: ServerState) -> None:
        """Read the server again: return if only the answer was lost, else stop with what is known."""
        current = self._read_again()
        effect = _effect(step.command, error, self.expected, after, current)
        if effect is Effect.APPLIED and isinstance(error, TransportError):
            return
        if effect is Effect.UNKNOWN:
            why = "the server could not be read again" if current is None else "the server's state does not show it"
            error = _chain(UnknownOutcomeError(str(step.command), f"{error} ({why})"), error)
        if effect is not Effect.NOT_APPLIED:
            self.expected = attrs.evolve(self.expected, pending=self.expected.pending | after.pending)
        failure = StepFailure(step, error, effect)
        raise ApplyError(f"{self.plan.server}: the plan stopped", self._outcome(failure, current)) from error

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
        done = len(self._applied) + (failure is not None)
        state = attrs.evolve(current, pending=self.expected.pending) if current else None
        return Outcome(
            plan=self.plan,
            applied=tuple(self._applied),
            failed=failure,
            not_tried=self.plan.steps[done:],
            warnings=tuple(self._warnings),
            state=state,
        )


def _chain(error: UnknownOutcomeError, cause: ExchangeImapError) -> UnknownOutcomeError:
    error.__cause__ = cause
    return error


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
