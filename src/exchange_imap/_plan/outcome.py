"""The outcome of a plan: the steps that were applied, that failed, and that were not tried."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import attrs

from .._entry import entry
from .._errors import ExchangeImapError, InvalidValueError, RecordedError
from .._model.cmdlet import Cmdlet
from .._public import public
from .._shown import LONGEST_SHORT, counted, glance, legible, short
from .._transports.errors import UnknownOutcomeError
from .._viewed import Viewed
from .as_data.given import Given
from .as_data.model import PlainData
from .plan import Plan, plan_between, untold
from .state import ServerState
from .step import Step

if TYPE_CHECKING:
    from .._html.facts import Facts, Mark

__all__ = ["Effect", "Outcome", "StepFailure"]


_STEPS: Final = ("applied", "unknown", "not_tried")


@public
class Effect(enum.Enum):
    """Whether a failed command took effect all the same, as shown by reading the server again.

    >>> Effect.UNKNOWN.value
    'whether it took effect is unknown'
    """

    APPLIED = "it took effect all the same"
    NOT_APPLIED = "it did not take effect"
    UNKNOWN = "whether it took effect is unknown"


@entry
@attrs.frozen
class StepFailure(PlainData, Viewed):
    """The step at which a plan stopped, why, and whether it took effect.

    >>> step = Step(StartService(name=("MSExchangeIMAP4",)), "It is stopped.")
    >>> print(StepFailure(step, TransportError("connection lost", sent=False), Effect.NOT_APPLIED))
    Start-Service MSExchangeIMAP4: it did not take effect: connection lost.
    """

    step: Step
    error: ExchangeImapError
    effect: Effect

    def _mark(self) -> Mark:
        from .._html.facts import Mark  # noqa: PLC0415 - loaded by who looks

        return Mark.PROBLEM

    def __str__(self) -> str:
        if UnknownOutcomeError.__name__ == _type_of(self.error):
            return str(self.error)
        return f"{legible(str(self.step.command))}: {self.effect.value}: {self.error}"


def _type_of(error: ExchangeImapError) -> str:
    """Return the name of an error's class, also of one that was read from a file."""
    return error.type_name if isinstance(error, RecordedError) else type(error).__name__


@entry
@attrs.frozen(kw_only=True, repr=False)
class Outcome(PlainData, Viewed):
    """The outcome of a plan.

    ``applied`` are the steps that took effect, ``failed`` is the one at which the plan stopped, and ``not_tried`` are
    those that did not run. ``unknown`` are steps that were sent in one request with the failed one, and whose effect is
    not known. ``warnings`` are the server's. ``state`` is the server's state at the end, or ``None`` if it could not be
    read again. ``pending`` names, in lower case, the services that still have older settings if they run; pass it to
    :meth:`ImapServer.plan` if another process continues.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> server = ImapServer("MBX01", exchange=transport, windows=transport)
    >>> outcome = server.apply(server.plan(DesiredState(settings=SetImapSettings(max_connections_per_user=32))))
    >>> len(outcome.applied), outcome.failed, outcome.changed
    (1, None, True)
    """

    plan: Plan
    applied: tuple[Step, ...] = ()
    failed: StepFailure | None = None
    unknown: tuple[Step, ...] = ()
    not_tried: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = ()
    state: ServerState | None = None
    pending: frozenset[str] = frozenset()

    @property
    def changed(self) -> bool:
        """Whether the server has changed or may have changed."""
        may_be = self.failed is not None and self.failed.effect is not Effect.NOT_APPLIED
        return bool(self.applied) or may_be

    def undo(self) -> Plan:
        """Return the plan back to ``plan.before`` from wherever this one stopped.

        It starts from ``state``, so it takes back also what somebody else has changed meanwhile: read it before you
        apply it. What no cmdlet changes back is in its ``lasting``. Raises :class:`InvalidValueError` if the server
        could not be read at the end, or held a value that it no longer takes.

        >>> from exchange_imap.testing import FakeExchange
        >>> transport = FakeExchange(servers=["MBX01"]).transport()
        >>> server = ImapServer("MBX01", exchange=transport, windows=transport)
        >>> outcome = server.apply(server.plan(DesiredState(settings=SetImapSettings(max_connections_per_user=32))))
        >>> [str(step.command) for step in outcome.undo().steps]
        ['Set-ImapSettings -Server MBX01 -MaxConnectionsPerUser 16']
        """
        if self.state is None:
            hint = "Read the server, and plan what you want: server.plan(desired)."
            raise InvalidValueError("Outcome.undo", "the server's state at the end", "none", hint)
        before = self.plan.before
        # Services that had older settings before the plan may have them again: that needs no restart.
        state = attrs.evolve(self.state, pending=self.state.pending - before.pending)
        back = plan_between(self.plan.server, state, before)
        return attrs.evolve(back, lasting=(*back.lasting, *untold(before, self._perhaps_done())))

    def _perhaps_done(self) -> list[Cmdlet]:
        """Return the commands that took effect or may have."""
        failed = () if self.failed is None or self.failed.effect is Effect.NOT_APPLIED else (self.failed.step,)
        return [step.command for step in (*self.applied, *self.unknown, *failed)]

    def _check(self, given: Given) -> None:
        """Refuse steps that the plan does not have."""
        failed = (("failed", (self.failed.step,)),) if self.failed else ()
        for name, steps in (*((name, getattr(self, name)) for name in _STEPS), *failed):
            for step in steps:
                if step not in self.plan.steps:
                    raise given.at(name, str(step.command)).refused("steps of the plan")

    def __repr__(self) -> str:
        return glance(self, self._in_short())

    def _in_short(self) -> Iterator[str]:
        """Yield how far the plan came, and at which step it failed."""
        yield f"server={short(self.plan.server)}"
        yield f"{len(self.applied)} of {counted(len(self.plan.steps), 'step')} applied"
        if self.failed:
            yield f"failed={legible(str(self.failed.step.command), LONGEST_SHORT)}: {self.failed.effect.value}"
        others = {"unknown": self.unknown, "not tried": self.not_tried}
        yield from (f"{len(steps)} {name}" for name, steps in others.items() if steps)
        if self.pending:
            yield f"pending={short(tuple(sorted(self.pending)))}"
        if self.warnings:
            yield counted(len(self.warnings), "warning")

    def _facts(self) -> Facts:
        from .facts_of_outcome import facts_of_outcome  # noqa: PLC0415 - loaded by who looks

        steps = {"applied": self.applied, "unknown": self.unknown, "not tried": self.not_tried}
        failed = str(self.failed) if self.failed else ""
        return facts_of_outcome(self._title(), failed, steps, self.plan.lasting, self.warnings)

    def _title(self) -> str:
        return f"{self.plan.server}: {len(self.applied)} of {len(self.plan.steps)} steps applied"

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield legible(self._title())
        yield from (f"  applied    {legible(str(step.command))}" for step in self.applied)
        if self.failed:
            yield f"  failed     {self.failed}"
        yield from (f"  unknown    {legible(str(step.command))}" for step in self.unknown)
        yield from (f"  not tried  {legible(str(step.command))}" for step in self.not_tried)
        yield from (f"  note       {legible(text)}" for text in self.plan.lasting)
        yield from (f"  warning    {legible(warning)}" for warning in self.warnings)
