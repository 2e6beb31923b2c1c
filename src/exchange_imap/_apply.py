"""Carry out a plan one step at a time, and find out what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from itertools import groupby
from typing import Final

import attrs

from ._cmdlets.imap_settings import SetImapSettings
from ._cmdlets.services import SetService, StartService, StopService
from ._errors import ExchangeImapError, attach
from ._model.cmdlet import Cmdlet
from ._model.specs import Endpoint
from ._plan.admission import require_own_server, require_own_steps
from ._plan.difference import same_settings
from ._plan.effect import effect_of, missing_of
from ._plan.errors import ApplyError, StalePlanError
from ._plan.knowledge import Knowledge
from ._plan.outcome import Effect, Outcome, StepFailure
from ._plan.plan import Plan
from ._plan.state import ServerState, advance
from ._transports.errors import CommandError, TransportError, TransportTimeoutError, UnknownOutcomeError, interrupted
from ._transports.transport import Reply
from ._values import ListEdit

__all__ = ["Application", "Batches", "Read"]

Read = Callable[[], ServerState]
"""Reads the server, or returns what was read of it; raises the error of the read."""

# What leaves a trace of its own on a service, which shows of each of several sent at once whether it took effect.
_TRACEABLE: Final = (SetService, StartService, StopService)


@attrs.define
class _Progress:
    """How far a plan got: which of its steps were applied, and which are on their way, by their places in it."""

    applied: list[int] = attrs.field(factory=list)
    sent: Sequence[int] = ()
    """Those that were sent and of which it is not known yet what became of them."""

    def done(self, places: Sequence[int]) -> None:
        """Note that steps have taken effect."""
        self.applied += places
        self.sent = [place for place in self.sent if place not in places]


@attrs.frozen
class Batches:
    """How to send several commands for the services in one request.

    ``run`` sends them and returns their answer. ``run_and_read`` does the same and reads the server with them: it also
    returns what gives that state, or raises the error of the read. Neither raises the other's error.
    """

    run: Callable[[Sequence[Cmdlet]], Reply]
    run_and_read: Callable[[Sequence[Cmdlet]], tuple[Reply, Read]]


@attrs.define
class Application:
    """One plan being carried out: ``run`` sends a command and ``read`` reads the server.

    ``batches``, where there are any, are used for commands that leave a trace each, and at the end of the plan.
    """

    plan: Plan
    run: Callable[[Cmdlet], Reply]
    read: Read
    batches: Batches | None = None
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
        """What is known of the services' settings, as far as the plan got and as the server was last read.

        ``None`` where the plan was refused, or the server could not be read, before anything was sent.
        """
        if not self._begun:
            return None
        settings = self._seen.settings if self._seen else None
        return Knowledge(pending=self.expected.pending, up_to_date=self._up_to_date(self._seen), settings=settings)

    def _up_to_date(self, seen: ServerState | None) -> frozenset[str]:
        """Return the services that have read what is stored, if that is what was expected to be stored."""
        stands = seen is not None and same_settings(seen.settings, self.expected.settings)
        return self.expected.up_to_date - self.expected.pending if stands else frozenset()

    def carry_out(self, *, fresh: bool = False) -> Outcome:
        """Apply every step, or raise :class:`ApplyError` with the truth so far.

        ``fresh`` says that the server was read for the plan just now and need not be read again before. A plan without
        steps leaves the server as it was just read. An exception that is not this library's is raised as it is, with
        the outcome attached.
        """
        try:
            return self._carry_out(fresh=fresh)
        except ExchangeImapError:
            raise
        except BaseException as error:
            attach(error, self._interrupted(error))
            raise

    def _carry_out(self, *, fresh: bool) -> Outcome:
        require_own_steps(self.plan)
        current = self.plan.before if fresh else self._begin()
        self._begun = True
        if not self.plan.steps:
            self._seen = current
            return self._outcome(None, current)
        places = range(len(self.plan.steps))
        for traceable, group in groupby(places, lambda place: isinstance(self._command(place), _TRACEABLE)):
            together = tuple(group)
            if traceable and self.batches is not None and len(together) > 1:
                self._apply_together(together, self.batches)
            else:
                self._apply_each(together)
        return self._verify()

    def _command(self, place: int) -> Cmdlet:
        return self.plan.steps[place].command

    def _begin(self) -> ServerState:
        """Read the server; refuse a plan that was not made for it as it is."""
        before, current = self.plan.before, self._read()
        require_own_server(self.plan, current)
        pending = current.pending | before.pending
        self.expected = attrs.evolve(current, pending=pending)
        if not current.same(before):
            reason = f"{self.plan.server} changed since the plan was made: make a new plan"
            raise StalePlanError(reason, self._outcome(None, current))
        return current

    def _apply_each(self, places: Sequence[int]) -> None:
        for place in places:
            self._apply(place)

    def _apply(self, place: int, *, again: bool = False) -> None:
        command, before = self._command(place), self.expected
        after = advance(before, command)
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
        return None

    def _run(self, place: int) -> Reply:
        """Send one step; the last one together with the read that verifies the plan, where its endpoint allows that."""
        command = self._command(place)
        if self.batches is None or not self._is_last(place) or command.endpoint is not Endpoint.WINDOWS:
            return self.run(command)
        reply, self._read_after = self.batches.run_and_read((command,))
        return reply

    def _is_last(self, place: int) -> bool:
        return place == len(self.plan.steps) - 1

    def _on_its_way(self, places: Sequence[int], after: ServerState) -> None:
        """Note, before anything is sent, what may become of it: whatever ends the plan now, that is known."""
        self._progress.sent = places
        self.expected = attrs.evolve(self.expected, pending=self.expected.pending | after.pending)

    def _take(self, places: Sequence[int], after: ServerState) -> None:
        self.expected = after
        self._progress.done(places)

    def _judge(
        self, place: int, error: ExchangeImapError, before: ServerState, after: ServerState, *, again: bool
    ) -> bool:
        """Read the server again: return if only the answer was lost, else stop with what is known.

        Says whether to send the step once more, which only a command may be that states whole values.
        """
        command, current = self._command(place), self._read_again()
        effect = effect_of(command, error, before, after, current)
        if isinstance(error, TransportError):
            if effect is Effect.APPLIED:
                return False
            if not again and current is not None and current.same(before) and _may_be_sent_again(command, error):
                return True
        if effect is Effect.NOT_APPLIED:
            if again:
                effect = Effect.UNKNOWN  # the proof is of the second time; of the first the answer never came
            else:
                self.expected = before
        raise self._stopped(place, error, effect, current)

    def _stopped(self, place: int, error: ExchangeImapError, effect: Effect, current: ServerState | None) -> ApplyError:
        if effect is Effect.UNKNOWN:
            error = _unknown(self._command(place), error, current)
        else:
            self._progress.sent = ()
        stopped = ApplyError(f"{self.plan.server}: the plan stopped", self._outcome((place, error, effect), current))
        stopped.__cause__ = error
        return stopped

    def _apply_together(self, places: Sequence[int], batches: Batches) -> None:
        commands = [self._command(place) for place in places]
        before = self.expected
        self._on_its_way(places, _advanced(before, commands))
        try:
            if self._is_last(places[-1]):
                reply, self._read_after = batches.run_and_read(commands)
            else:
                reply = batches.run(commands)
        except ExchangeImapError as error:
            self._judge_together(places, error, before)
        else:
            self._warnings += reply.warnings
            self._take(places, _advanced(before, commands))

    def _judge_together(self, places: Sequence[int], error: ExchangeImapError, before: ServerState) -> None:
        """Read the server again: each step took effect whose trace is there.

        The first error ends a batch, unless it is of a kind that ends one command only: then later steps may have taken
        effect all the same, and count as applied.
        """
        current = self._read_again()
        missing = missing_of([self._command(place) for place in places], error, before, current)
        left = [places[number] for number in missing]
        shown = [place for place in places if place not in left]
        self._take(shown, _advanced(before, map(self._command, shown)))
        if left:
            # An answer came behind the steps that show; that nothing left is believed only if none of them does.
            base = self.expected if isinstance(error, CommandError) else before
            effect = effect_of(self._command(left[0]), error, base, None, current)
            raise self._stopped(left[0], error, effect, current)
        if not isinstance(error, TransportError):
            raise self._stopped(self._progress.applied.pop(), error, Effect.APPLIED, current)

    def _read_again(self) -> ServerState | None:
        try:
            return self._read()
        except ExchangeImapError:
            return None

    def _read(self, read: Read | None = None) -> ServerState:
        self._seen = (read or self.read)()
        return self._seen

    def _verify(self) -> Outcome:
        try:
            current = self._read(self._read_after)
        except ExchangeImapError as error:
            reason = f"{self.plan.server}: every step was applied, but the server could not be read again: {error}"
            raise ApplyError(reason, self._outcome(None, None)) from error
        outcome = self._outcome(None, current)
        if not current.same(self.plan.after):
            raise ApplyError(f"{self.plan.server}: every step was applied, but the server is not as planned", outcome)
        return outcome

    def _interrupted(self, error: BaseException) -> Outcome:
        """Say what is known when an exception came in between: the server is not read again."""
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


def _unknown(command: Cmdlet, cause: ExchangeImapError, current: ServerState | None) -> UnknownOutcomeError:
    why = "the server could not be read again" if current is None else "the server's state does not show it"
    error = UnknownOutcomeError(str(command), f"{cause} ({why})")
    error.__cause__ = cause
    return error


def _may_be_sent_again(command: Cmdlet, error: TransportError) -> bool:
    """Say whether doing it twice is the same as once: no edit of a list, and nothing that starts, stops or restarts.

    After a timeout the server is too slow to be asked for more, and what never left is the transport's to send again.
    """
    if isinstance(error, TransportTimeoutError) or error.sent is False:
        return False
    if isinstance(command, SetImapSettings):
        return not any(isinstance(value, ListEdit) for value in attrs.asdict(command, recurse=False).values())
    return isinstance(command, SetService)
