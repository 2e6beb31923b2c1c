"""The errors of plans that were refused or stopped."""

from __future__ import annotations

import attrs

from .._errors import ExchangeImapError
from .._public import public
from .._shown import legible
from .difference import Change
from .outcome import Outcome
from .step import Step

__all__ = ["ApplyError", "ForeignPlanError", "ForeignStepError", "StalePlanError"]


@public
@attrs.define(slots=False, eq=False)
class ApplyError(ExchangeImapError):
    """A plan stopped; ``outcome`` holds what was applied, what failed and what was not tried.

    >>> from exchange_imap.testing import FakeExchange, Fault
    >>> fake = FakeExchange(servers=["MBX01"])
    >>> fake.fail(Fault(of="Start-Service"))
    >>> try:
    ...     ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport()).enable(external=["mail:993:SSL"])
    ... except ApplyError as error:
    ...     print(len(error.outcome.applied), error.outcome.failed.step.command, len(error.outcome.not_tried))
    3 Start-Service MSExchangeImap4 1
    """

    reason: str
    outcome: Outcome

    def __str__(self) -> str:
        return f"{legible(self.reason)}\n{self.outcome}"


@public
@attrs.define(slots=False, eq=False)
class ForeignPlanError(ApplyError):
    """The plan is of another server than the one that answers; nothing was changed.

    ``planned`` is the plan's server, and ``answered`` the one that answered.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01", "MBX02"]).transport(server="MBX01")
    >>> plan = ImapServer("MBX01", exchange=transport, windows=transport).plan(DesiredState())
    >>> try:
    ...     ImapServer("MBX02", exchange=transport, windows=transport).apply(plan)
    ... except ForeignPlanError as error:
    ...     print(error.reason)
    The plan is of MBX01, and the server that answers is MBX02: make a plan of this one
    """

    planned: str
    answered: str


@public
@attrs.define(slots=False, eq=False)
class ForeignStepError(ApplyError):
    """A step is not one that planning makes, for example in a plan made by hand; nothing was sent.

    ``step`` is the first such step, and ``why`` says what is wrong with it.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> server = ImapServer("MBX01", exchange=transport, windows=transport)
    >>> step = Step(StopService(name=("W3SVC",)), "by hand")
    >>> try:
    ...     server.apply(Plan(server="MBX01", before=server.state(), steps=(step,)))
    ... except ForeignStepError as error:
    ...     print(error.why)
    it is about W3SVC, and the plan about MSExchangeImap4, MSExchangeIMAP4BE
    """

    step: Step
    why: str


@public
@attrs.define(slots=False, eq=False)
class StalePlanError(ApplyError):
    """The server has changed since the plan was made; nothing was written. Make a new plan.

    ``moved`` are the values that differ, each as the plan has it (``before``) and as the server has it (``after``).

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> server = ImapServer("MBX01", exchange=transport, windows=transport)
    >>> plan = server.plan(DesiredState(settings=SetImapSettings(banner="Welcome.")))
    >>> _ = server.run(SetImapSettings(max_connections_per_user=32))
    >>> try:
    ...     server.apply(plan)
    ... except StalePlanError as error:
    ...     print(*error.moved)
    MaxConnectionsPerUser: 16 -> 32
    """

    moved: tuple[Change, ...] = ()
