"""Carry out a plan step by step, and find out the effect of each step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import reduce
from itertools import groupby
from typing import Final

import attrs

from .._cmdlets.services import SetService, StartService, StopService
from .._errors import ExchangeImapError, attach
from .._model.cmdlet import Cmdlet
from .._model.specs import Endpoint
from .._plan.admission import (
    require_allowed_steps,
    require_no_problems,
    require_own_server,
    require_own_steps,
)
from .._plan.effect import effect_of, missing_of
from .._plan.errors import ApplyError, CancelledPlanError, LatePlanError, StalePlanError
from .._plan.knowledge import Knowledge
from .._plan.outcome import Effect, Outcome, StepFailure
from .._plan.plan import Plan
from .._plan.resource import advance, moved, owner_of, readers, resource, resources_in
from .._plan.state import ServerState
from .._transports.errors import CommandError, TransportError, TransportTimeoutError, interrupted
from .._transports.transport import Reply
from .._values import UNSET
from .batches import Batches, Read
from .judging import adopting, is_repeatable, unknown
from .limits import Limits
from .observers import Observers
from .settling import changing, settled

__all__ = ["Application"]

# Each of these leaves a trace of its own on a service. So re-reading shows the effect of each, even in one request.
_TRACEABLE: Final = (SetService, StartService, StopService)


@attrs.define
class _Progress:
    """The progress of a plan: the places of the steps that were applied, and of those that were sent."""

    applied: list[int] = attrs.field(factory=list)
    sent: Sequence[int] = ()
    """Steps that were sent and whose effect is not known yet."""

    def done(self, places: Sequence[int]) -> None:
        """Note that steps have taken effect."""
        self.applied += places
        self.sent = [place for place in self.sent if place not in places]


@attrs.define
class Application:
    """One plan being carried out: ``run`` sends a command and ``read`` reads the server.

    ``batches``, if the transport takes them, are used for commands that leave a trace each, and for the last one.
    """

    plan: Plan
    run: Callable[[Cmdlet], Reply]
    read: Read
    observers: Observers
    limits: Limits
    batches: Batches | None = None
    despite: Collection[str] | None = ()
    """The rules whose problems do not stop the plan; ``None`` for the way back, which nothing stops."""
    expected: ServerState = attrs.field(init=False)
    _progress: _Progress = attrs.field(factory=_Progress, init=False)
    _warnings: list[str] = attrs.field(factory=list, init=False)
    _begun: bool = attrs.field(default=False, init=False)
    _seen: ServerState | None = attrs.field(default=None, init=False)
    _read_after: Read = attrs.field(init=False)
    """Reads the server as the last step left it."""

    def __attrs_post_init__(self) -> None:
        self.expected = self.plan.before
        self._read_after = self.read

    @property
    def known(self) -> Knowledge | None:
        """What is known of the services' settings, from the plan's progress and the last read.

        ``None`` if the plan was refused or the server could not be read before anything was sent.
        """
        if not self._begun:
            return None
        return Knowledge(pending=self.expected.pending, up_to_date=self._up_to_date(self._seen), state=self._seen)

    def _up_to_date(self, seen: ServerState | None) -> frozenset[str]:
        """Return the services that have read the stored settings, if these are as expected."""
        if seen is None:
            return frozenset()
        parts = [each for each in resources_in(seen) if each.read_by]
        other = {each.key for each in parts if not each.same(getattr(seen, each.key), getattr(self.expected, each.key))}
        return self.expected.up_to_date - self.expected.pending - readers(other)

    def carry_out(self, *, fresh: bool = False) -> Outcome:
        """Apply every step, or raise :class:`ApplyError` with the truth so far.

        ``fresh`` says that the server was read for the plan just now, so that it need not be read again first. A plan
        without steps needs no second read either. An exception of another origin is raised unchanged, with the outcome
        attached, and so is one of an observer.
        """
        try:
            outcome = self._carry_out(fresh=fresh)
        except ApplyError as error:
            self._report(error.outcome, error)
            raise
        except BaseException as error:
            outcome = self._interrupted(error)
            self.observers.interrupted(outcome, error)
            if error is self.observers.raised or not isinstance(error, ExchangeImapError):
                attach(error, outcome)
            raise
        self._report(outcome, None)
        return outcome

    def _report(self, outcome: Outcome, error: ApplyError | None) -> None:
        """Say what became of the steps; an exception of an observer then has the outcome too."""
        try:
            self.observers.ended(outcome, error)
        except BaseException as other:
            attach(other, outcome)
            raise

    def _carry_out(self, *, fresh: bool) -> Outcome:
        require_own_steps(self.plan)
        require_allowed_steps(self.plan)
        require_no_problems(self.plan, self.despite)
        self.observers.begun(self.expected.pending)
        current = self.plan.before if fresh else self._begin()
        self._begun = True
        if not self.plan.steps:
            self._seen = current
            return self._outcome(None, current)
        places = range(len(self.plan.steps))
        for traceable, group in groupby(places, lambda place: isinstance(self._command(place), _TRACEABLE)):
            together = tuple(group)
            if traceable and self.batches is not None and len(together) > 1 and not self.limits.stepwise:
                self._apply_together(together, self.batches)
            else:
                self._apply_each(together)
        return self._verify()

    def _command(self, place: int) -> Cmdlet:
        return self.plan.steps[place].command

    def _begin(self) -> ServerState:
        """Read the server; refuse a plan that was made for another server or state."""
        before, current = self.plan.before, self._read_first()
        require_own_server(self.plan, current)
        pending = current.pending | before.pending
        self.expected = attrs.evolve(current, pending=pending)
        if not current.same(before):
            changes = moved(before, current)
            what = "; ".join(f"{change.name} {change}".strip() for change in changes)
            reason = f"{self.plan.server} changed since the plan was made ({what}): make a new plan"
            raise StalePlanError(reason, self._outcome(None, current), changes)
        require_no_problems(self.plan, self.despite, current.read_at)
        return current

    def _read_first(self) -> ServerState:
        """Read the server before anything is sent."""
        try:
            return self._read()
        except TransportTimeoutError as error:
            if self.limits.reached is not LatePlanError:
                raise
            raise self._ended(LatePlanError, "the deadline came before the server was read", None) from error

    def _require_time(self) -> None:
        """Stop before the next request if the plan was cancelled or is late."""
        limit = self.limits.reached
        if limit is None:
            return
        current = self._read_again(self.expected) if self._progress.applied else self._seen or self.plan.before
        cancelled = limit is CancelledPlanError
        why = "it was cancelled" if cancelled else "the deadline came"
        raise self._ended(limit, f"{why} before step {self._next} of {len(self.plan.steps)}", current)

    @property
    def _next(self) -> int:
        return len(self._progress.applied) + 1

    def _ended(self, limit: type[ApplyError], why: str, current: ServerState | None) -> ApplyError:
        return limit(f"{self.plan.server}: {why}", self._outcome(None, current))

    def _apply_each(self, places: Sequence[int]) -> None:
        for place in places:
            self._apply(place)

    def _apply(self, place: int, *, again: bool = False) -> None:
        command, before = self._command(place), self.expected
        after = advance(before, command)
        if not again:
            self._require_time()
            self.observers.started((place,))
        self.observers.sent((place,), self._perhaps_pending(after))
        self._on_its_way((place,), after)
        try:
            reply = self._run(place)
        except ExchangeImapError as error:
            if self._judge(place, error, before, after, again=again):
                self.expected = before
                return self._apply(place, again=True)
        else:
            self._warnings += reply.warnings
        self._take((place,), after)
        self.observers.applied((place,), self.expected.pending)
        self._look_beside(place)
        return None

    def _look_beside(self, place: int) -> None:
        """Read again what a command may have changed beside its own noun, unless a later step writes it anyway."""
        command = self._command(place)
        for key, fields in owner_of(command).beside(command).items():
            written = [
                step.command for step in self.plan.steps[place + 1 :] if type(step.command) is resource(key).states
            ]
            left = {field for field in fields if not any(getattr(each, field) is not UNSET for each in written)}
            if left and getattr(self.expected, key):
                self.expected = adopting(self.expected, self._read_beside(place), key, left)

    def _read_beside(self, place: int) -> ServerState:
        try:
            return self._read()
        except ExchangeImapError as error:
            reason = (
                f"{self.plan.server}: {self._command(place)} was applied, but what else it changed could not be read"
            )
            raise ApplyError(reason, self._outcome(None, None)) from error

    def _run(self, place: int) -> Reply:
        """Send one step. The last one takes along the read that verifies the plan, if its endpoint allows that."""
        command = self._command(place)
        if self.batches is None or not self._is_last(place) or command.endpoint is not Endpoint.WINDOWS:
            return self.run(command)
        reply, self._read_after = self.batches.run_and_read((command,))
        return reply

    def _is_last(self, place: int) -> bool:
        return place == len(self.plan.steps) - 1

    def _on_its_way(self, places: Sequence[int], after: ServerState) -> None:
        """Note the possible effects before sending, so that they are known however the plan ends."""
        self._progress.sent = places
        self.limits.sent = True
        self.expected = attrs.evolve(self.expected, pending=self._perhaps_pending(after))

    def _perhaps_pending(self, after: ServerState) -> frozenset[str]:
        """Return what is pending whether or not a step that leads to this state takes effect."""
        return self.expected.pending | after.pending

    def _take(self, places: Sequence[int], after: ServerState) -> None:
        self.expected = after
        self._progress.done(places)

    def _judge(
        self, place: int, error: ExchangeImapError, before: ServerState, after: ServerState, *, again: bool
    ) -> bool:
        """Read the server again: return if only the answer was lost, otherwise stop with what is known.

        Returns whether to send the step once more; only commands that state whole values may be.
        """
        command, current = self._command(place), self._read_again(after)
        effect = effect_of(command, error, before, after, current)
        if isinstance(error, TransportError):
            if effect is Effect.APPLIED:
                return False
            if not again and current is not None and current.same(before) and self._may_be_sent_again(command, error):
                return True
        if effect is Effect.NOT_APPLIED:
            if again:
                effect = Effect.UNKNOWN  # the proof is about the second attempt; the first was never answered
            else:
                self.expected = before
        raise self._stopped(place, error, effect, current)

    def _may_be_sent_again(self, command: Cmdlet, error: TransportError) -> bool:
        """Say whether a step may be sent once more, and there is time to."""
        return self.limits.reached is None and is_repeatable(command, error)

    def _stopped(self, place: int, error: ExchangeImapError, effect: Effect, current: ServerState | None) -> ApplyError:
        if effect is Effect.UNKNOWN:
            error = unknown(self._command(place), error, current, self.expected)
        else:
            self._progress.sent = ()
        stopped = ApplyError(f"{self.plan.server}: the plan stopped", self._outcome((place, error, effect), current))
        stopped.__cause__ = error
        return stopped

    def _apply_together(self, places: Sequence[int], batches: Batches) -> None:
        commands = [self._command(place) for place in places]
        before = self.expected
        self._require_time()
        after = _advanced(before, commands)
        self.observers.started(places)
        self.observers.sent(places, self._perhaps_pending(after))
        self._on_its_way(places, after)
        try:
            if self._is_last(places[-1]):
                reply, self._read_after = batches.run_and_read(commands)
            else:
                reply = batches.run(commands)
        except ExchangeImapError as error:
            self._judge_together(places, error, before)
        else:
            self._warnings += reply.warnings
            self._take(places, after)
            self.observers.applied(places, self.expected.pending)

    def _judge_together(self, places: Sequence[int], error: ExchangeImapError, before: ServerState) -> None:
        """Read the server again: the steps whose traces are there took effect.

        The first error ends a batch, except for errors that end only one command: then later steps may have taken
        effect, and count as applied.
        """
        commands = [self._command(place) for place in places]
        current = self._read_again(_advanced(before, commands))
        missing = missing_of(commands, error, before, current)
        left = [places[number] for number in missing]
        shown = [place for place in places if place not in left]
        self._take(shown, _advanced(before, map(self._command, shown)))
        refused_after_all = not left and not isinstance(error, TransportError)
        self.observers.applied(shown[:-1] if refused_after_all else shown, self.expected.pending)
        if left:
            # With an answer, the steps that show are done. "Never sent" is believed only if none of them shows.
            base = self.expected if isinstance(error, CommandError) else before
            effect = effect_of(self._command(left[0]), error, base, None, current)
            raise self._stopped(left[0], error, effect, current)
        if refused_after_all:
            raise self._stopped(self._progress.applied.pop(), error, Effect.APPLIED, current)

    def _read_again(self, expected: ServerState) -> ServerState | None:
        """Read the server to find out about a step that leads to the expected state, when services have settled."""
        try:
            return settled(self._read, self._read(), expected, self.limits)
        except ExchangeImapError:
            return None

    def _read(self, read: Read | None = None) -> ServerState:
        self._seen = (read or self.read)()
        return self._seen

    def _verify(self) -> Outcome:
        try:
            current = settled(self._read, self._read(self._read_after), self.expected, self.limits)
        except ExchangeImapError as error:
            reason = f"{self.plan.server}: every step was applied, but the server could not be read again: {error}"
            raise ApplyError(reason, self._outcome(None, None)) from error
        if still := changing(current, self.expected):
            limit = self.limits.reached or LatePlanError
            raise self._ended(limit, f"every step was applied, but {still}, and is not waited for any longer", current)
        outcome = self._outcome(None, current)
        if not current.same(self.expected):
            raise ApplyError(f"{self.plan.server}: every step was applied, but the server is not as planned", outcome)
        return outcome

    def _interrupted(self, error: BaseException) -> Outcome:
        """Return what is known after an exception of another origin; the server is not read again."""
        if not self._progress.sent:
            return self._outcome(None, None)
        place = self._progress.sent[0]
        return self._outcome((place, interrupted(str(self._command(place)), error), Effect.UNKNOWN), None)

    def _outcome(self, failure: tuple[int, ExchangeImapError, Effect] | None, current: ServerState | None) -> Outcome:
        steps, applied, sent = self.plan.steps, self._progress.applied, self._progress.sent
        failed = [failure[0]] if failure else []
        ran = {*applied, *failed, *sent}
        pending, state = self.expected.pending, None
        if current is not None:
            pending &= current.running
            state = attrs.evolve(current, pending=pending, up_to_date=self._up_to_date(current) & current.running)
        return Outcome(
            plan=self.plan,
            applied=tuple(steps[place] for place in applied),
            failed=StepFailure(steps[failure[0]], *failure[1:]) if failure else None,
            unknown=tuple(steps[place] for place in sent if place not in failed),
            not_tried=tuple(step for place, step in enumerate(steps) if place not in ran),
            warnings=tuple(self._warnings),
            state=state,
            pending=pending,
        )


def _advanced(state: ServerState, commands: Iterable[Cmdlet]) -> ServerState:
    return reduce(advance, commands, state)
