"""The errors of plans that were refused or stopped."""

from __future__ import annotations

import attrs

from .._errors import ExchangeImapError
from .._finding import Finding
from .._public import public
from .._shown import legible
from .difference import Change
from .outcome import Outcome
from .step import Step

__all__ = [
    "ApplyError",
    "CancelledPlanError",
    "ForeignPlanError",
    "ForeignStepError",
    "LatePlanError",
    "PlanDigestError",
    "PlanProblemsError",
    "StalePlanError",
]


@public
@attrs.define(slots=False, eq=False)
class ApplyError(ExchangeImapError):
    """A plan stopped; ``outcome`` holds what was applied, what failed and what was not tried.

    With ``on_failure="roll back"`` the outcome of the way back is ``rolled_back``; its ``pending`` and ``state`` are
    the last ones. It is ``None`` if nothing was taken back; then ``reason`` says why.

    >>> from exchange_imap.testing import FakeExchange, Fault
    >>> fake = FakeExchange(servers=["MBX01"])
    >>> fake.fail(Fault(of="Start-Service"))
    >>> try:
    ...     ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport()).enable(external=["mail:993:SSL"])
    ... except ApplyError as error:
    ...     print(len(error.outcome.applied), [str(step.command) for step in error.outcome.not_tried])
    3 ['Start-Service MSExchangeIMAP4BE']
    """

    reason: str
    outcome: Outcome
    rolled_back: Outcome | None = attrs.field(default=None, init=False)

    def __str__(self) -> str:
        back = f"\nThe way back: {self.rolled_back}" if self.rolled_back else ""
        return f"{legible(self.reason)}\n{self.outcome}{back}"


@public
class CancelledPlanError(ApplyError):
    """The event ``cancel`` was set: the next step was not sent, or a service was not waited for any longer.

    >>> from threading import Event
    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> server, cancel = ImapServer("MBX01", exchange=transport, windows=transport), Event()
    >>> plan = server.plan(DesiredState(settings=SetImapSettings(banner="Welcome.")))
    >>> cancel.set()
    >>> try:
    ...     server.apply(plan, cancel=cancel)
    ... except CancelledPlanError as error:
    ...     print(len(error.outcome.not_tried), "not tried")
    1 not tried
    """


@public
class LatePlanError(ApplyError):
    """The deadline came first: the next step was not sent, or a service was still starting or stopping.

    >>> issubclass(LatePlanError, ApplyError)
    True
    """


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
class PlanDigestError(ApplyError):
    """The plan is not the one that was approved; nothing was read or sent.

    ``expected`` is the digest that was given, and ``digest`` that of the plan.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> server = ImapServer("MBX01", exchange=transport, windows=transport)
    >>> approved = server.plan(DesiredState(settings=SetImapSettings(banner="Welcome.")))
    >>> other = server.plan(DesiredState(settings=SetImapSettings(banner="Hello.")))
    >>> try:
    ...     server.apply(other, digest=approved.digest)
    ... except PlanDigestError as error:
    ...     print(error.expected == approved.digest, error.digest == other.digest)
    True True
    """

    expected: str
    digest: str


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
class PlanProblemsError(ApplyError):
    """The plan would certainly leave clients unable to connect; nothing was changed.

    ``problems`` are those that were not accepted. Correct them and plan again, or accept them by the ids of their
    rules: ``apply(plan, despite=...)``.

    >>> from exchange_imap.testing import FakeExchange, NewCertificate
    >>> fake = FakeExchange(servers=["MBX01"])
    >>> keyless = fake.server("MBX01").add_certificate(NewCertificate(("mail.contoso.com",), has_private_key=False))
    >>> server = ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport())
    >>> wanted = EnableExchangeCertificate(thumbprint=keyless.thumbprint, services=("SMTP",))
    >>> try:
    ...     server.apply(server.plan(DesiredState(certificates=[wanted])))
    ... except PlanProblemsError as error:
    ...     print(error.problems[0].right)
    Import it with its private key (Import-ExchangeCertificate)
    """

    problems: tuple[Finding, ...] = ()


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
