"""A fault at any request of a procedure: what is said of each step is what the server did.

Six procedures, two logins, with and without a retry, every kind of fault, and that at each request in turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache, partial
from typing import Final

import attrs

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, FakeServer, LogEntry, PsrpServer, WireFault, WireFaultKind

from .document import DOCUMENT, connect, new_fake
from .examples import is_long

__all__ = ["FAULTS", "PROCEDURES", "SAMPLED", "SETUPS", "check", "sample"]

EXTERNAL: Final = ("mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS")
ENABLED: Final = xi.DesiredState.enabled(external=EXTERNAL, certificate="mail.contoso.com")
EDIT: Final = xi.SetImapSettings(
    server="MBX01", ssl_bindings=xi.ListEdit(add=(xi.Binding.parse("10.0.0.1:993"),)), banner="Welcome."
)
OFF: Final = tuple(
    xi.SetService(name=name, startup_type=xi.StartupType.Disabled, status=xi.ServiceStatus.Stopped)
    for name in xi.IMAP4_SERVICES
)
# Where an answer comes in any case, a busy machine may take its time; where none comes, it is waited for in vain.
_PATIENCE: Final = 30
SILENT: Final = {WireFaultKind.SILENT_BEFORE, WireFaultKind.SILENT_AFTER, WireFaultKind.TRICKLE}
_TIMED_OUT: Final = 2150858793
CODED: Final = {WireFaultKind.FAULT_BEFORE, WireFaultKind.FAULT_AFTER}
# ERROR_OPERATION_ABORTED, access denied, the operation timed out, and an unknown code: none proves anything.
_PROVE_NOTHING: Final = (995, 5, _TIMED_OUT, 424242)
# No such shell, no such resource, and a quota: what a server checks before it carries anything out.
_NO_SHELL: Final = 2150858843
_REFUSALS: Final = (_NO_SHELL, 2150858811, 2150859174)


def _plan_edit(server: xi.ImapServer) -> xi.Plan:
    """Plan by hand with an edit of a list, which may be carried out once and no more."""
    plan = server.plan(xi.DesiredState(settings=EDIT))
    first, *others = plan.steps
    return attrs.evolve(plan, steps=(attrs.evolve(first, command=EDIT), *others))


def _enable(server: xi.ImapServer) -> xi.Outcome:
    """Read the server once for plan and verification."""
    return server.enable(external=EXTERNAL, certificate="mail.contoso.com")


@attrs.frozen
class Procedure:
    """What is to be done, and on what."""

    desired: xi.DesiredState
    enabled: bool = True
    """Whether IMAP4 is enabled before, so that services run with settings that they have read."""
    make_plan: Callable[[xi.ImapServer], xi.Plan] | None = None
    carry_out: Callable[[xi.ImapServer], xi.Outcome] | None = None
    """What does all of it, where that is not to plan and apply."""
    make_fake: Callable[[], FakeExchange] = lambda: FakeExchange(servers=["MBX01"])

    def apply(self, server: xi.ImapServer) -> xi.Outcome:
        """Plan it and carry it out."""
        return self.carry_out(server) if self.carry_out else server.apply(self.plan(server))

    def plan(self, server: xi.ImapServer) -> xi.Plan:
        """Plan it."""
        return self.make_plan(server) if self.make_plan else server.plan(self.desired)

    def fake(self) -> FakeExchange:
        """Make the server that it is done on."""
        fake = self.make_fake()
        if self.enabled:
            transport = fake.transport()
            server = xi.ImapServer("MBX01", exchange=transport, windows=transport)
            server.apply(server.plan(ENABLED))
        return fake


PROCEDURES: Final = {
    "fresh": Procedure(ENABLED, enabled=False),
    "settings edit": Procedure(xi.DesiredState(settings=EDIT), make_plan=_plan_edit),
    "restart": Procedure(xi.DesiredState(restart=True)),
    "nothing to do": Procedure(ENABLED, carry_out=_enable),
    "stop and disable": Procedure(xi.DesiredState(services=OFF)),
    "the whole document": Procedure(DOCUMENT, enabled=False, make_fake=new_fake),
}


@attrs.frozen
class Setup:
    """How a client is connected."""

    ntlm: bool
    retry: bool

    def __str__(self) -> str:
        return f"{'NTLM, encrypted' if self.ntlm else 'Basic'}, {'with retry' if self.retry else 'bare'}"

    def serve(self, fake: FakeExchange) -> PsrpServer:
        """Make the loopback server."""
        return PsrpServer(fake, authentication=["negotiate"] if self.ntlm else ["basic"])

    def carry_out(self, procedure: Procedure, psrp: PsrpServer, patience: int) -> xi.Outcome | xi.ExchangeImapError:
        """Do it as a tool would: read, plan, apply, verify, close; return how it ended.

        ``patience`` is how many seconds an answer may take.
        """
        options: xi.PsrpOptions = {"operation_timeout": 1, "read_timeout": patience}
        options["timeout"] = timedelta(seconds=4 * patience)
        options["auth"] = "ntlm" if self.ntlm else "basic"
        exchange, windows = self._wrapped(psrp.exchange(**options)), self._wrapped(psrp.windows(**options))
        try:
            with xi.ImapServer("MBX01", exchange=exchange, windows=windows) as server:
                return procedure.apply(server)
        except xi.ExchangeImapError as error:
            return error

    def _wrapped(self, transport: xi.PsrpTransport) -> xi.Transport:
        return xi.RetryingTransport(transport, pause=timedelta()) if self.retry else transport


SETUPS: Final = tuple(Setup(ntlm, retry) for ntlm in (False, True) for retry in (False, True))


def _faults() -> Iterator[WireFault]:
    yield from (WireFault(kind=kind) for kind in WireFaultKind if kind not in CODED)
    yield from (WireFault(kind=WireFaultKind.FAULT_BEFORE, code=code) for code in (*_PROVE_NOTHING, *_REFUSALS))
    yield from (WireFault(kind=WireFaultKind.FAULT_AFTER, code=code) for code in _PROVE_NOTHING)
    # What somebody in between can forge where messages are encrypted, whatever the code would prove.
    for code in (995, *_REFUSALS):
        yield WireFault(kind=WireFaultKind.FAULT_AFTER, code=code, in_clear=True)


FAULTS: Final = {
    " ".join(filter(None, (f.kind.name, str(f.code) if f.kind in CODED else "", "in clear" * f.in_clear))): f
    for f in _faults()
}


# The longest procedure meets every third fault: those that come of it are those of the others.
_LONGEST: Final = "the whole document"
SAMPLED: Final = [
    (name, fault) for name in PROCEDURES for place, fault in enumerate(FAULTS) if name != _LONGEST or not place % 3
]


@cache
def _requests_of(name: str, setup: Setup) -> int:
    """Count the requests of a procedure in which nothing goes wrong."""
    procedure = PROCEDURES[name]
    with setup.serve(procedure.fake()) as psrp:
        assert isinstance(setup.carry_out(procedure, psrp, _PATIENCE), xi.Outcome)
        return sum(psrp.requests.values())


def _is_silent(fault: WireFault) -> bool:
    """Say whether an answer never comes: a server that says that its time is up keeps what it would have answered."""
    return fault.kind in SILENT or (fault.kind is WireFaultKind.FAULT_AFTER and fault.code == _TIMED_OUT)


def check(name: str, setup: Setup, fault: WireFault, *, first: int = 1, step: int = 1) -> int:
    """Let a fault strike at each request of a procedure, or at every so many; return how many scenarios that were."""
    faults = [attrs.evolve(fault, nth=nth) for nth in range(first, _requests_of(name, setup) + 1, step)]
    with ThreadPoolExecutor(8 if _is_silent(fault) else 2) as executor:  # the others wait for nothing but processors
        return len(list(executor.map(partial(_scenario, PROCEDURES[name], setup), faults)))


def sample(name: str, fault: str) -> int:
    """Check some requests, with one setup; others for each procedure and fault, so that all are met.

    `make test` checks one request of each, `make test-long` every sixth. :data:`SAMPLED` says of which.
    """
    turn = list(PROCEDURES).index(name) + list(FAULTS).index(fault)
    setups = [setup for setup in SETUPS if setup.ntlm or not FAULTS[fault].in_clear]
    setup = setups[turn % len(setups)]
    step = 6 if is_long() else _requests_of(name, setup)
    return check(name, setup, FAULTS[fault], first=turn % step + 1, step=step)


def _scenario(procedure: Procedure, setup: Setup, fault: WireFault) -> None:
    """Let one thing go wrong, and hold the end against what the server did."""
    fake = procedure.fake()
    before = len(fake.writes)
    with setup.serve(fake) as psrp:
        psrp.fail(fault)
        end = setup.carry_out(procedure, psrp, 2 if _is_silent(fault) else _PATIENCE)

        # A server that says of a shell that it is not there is believed.
        assert psrp.open_shells == 0 or (fault.kind is WireFaultKind.FAULT_BEFORE and fault.code == _NO_SHELL)
        # A machine may be so busy that an answer comes too late before it strikes: that is a fault like any other.
        assert psrp.faults == () or not isinstance(end, xi.Outcome), end
        assert psrp.errors == []
    _assert_true(end, fake.writes[before:])
    if isinstance(end, xi.Outcome):
        _assert_verified(end, fake.server("MBX01"))
        assert connect(fake).state(procedure.desired).same(end.plan.after)
    _assert_converges(procedure, fake, end)


def _said(command: object) -> str:
    """Return what a command says, however it is written: over the wire every parameter has its name."""
    return repr(xi.parse(str(command)))


def _outcome(end: xi.Outcome | xi.ExchangeImapError) -> xi.Outcome | None:
    return end if isinstance(end, xi.Outcome) else end.outcome if isinstance(end, xi.ApplyError) else None


def _assert_true(end: xi.Outcome | xi.ExchangeImapError, writes: tuple[LogEntry, ...]) -> None:
    """Assert of each step that what is said of it is what the server did; without an outcome it did nothing."""
    done = Counter(_said(entry.pipeline) for entry in writes if entry.effect)
    sent = Counter(_said(entry.pipeline) for entry in writes)
    outcome = _outcome(end)
    if outcome is None:
        assert not done
        return
    steps = {_said(step.command): step for step in outcome.plan.steps}
    assert sent.keys() <= steps.keys()
    assert all(number == 1 for said, number in sent.items() if not _whole(steps[said].command))
    named = [
        *outcome.applied,
        *outcome.unknown,
        *outcome.not_tried,
        *([outcome.failed.step] if outcome.failed else []),
    ]
    assert sorted(_said(step.command) for step in named) == sorted(steps)
    assert all(done[_said(step.command)] == 1 for step in outcome.applied)
    assert not any(sent[_said(step.command)] for step in outcome.not_tried)
    if outcome.failed and outcome.failed.effect is not xi.Effect.UNKNOWN:
        assert done[_said(outcome.failed.step.command)] == (outcome.failed.effect is xi.Effect.APPLIED)


def _assert_verified(outcome: xi.Outcome, server: FakeServer) -> None:
    """Assert that a plan without an error ended in the state that the outcome has."""
    assert outcome.state is not None
    assert outcome.state.same(outcome.plan.after)
    assert outcome.state.settings == server.stored
    assert {(each.name, each.status, each.startup_type) for each in outcome.state.services} == {
        (each.name, each.status, each.startup_type) for each in map(server.service, xi.IMAP4_SERVICES)
    }
    assert all(server.loaded(name) == server.stored for name in outcome.state.up_to_date)


_WHOLE: Final = (
    xi.SetImapSettings,
    xi.SetService,
    xi.SetReceiveConnector,
    xi.SetServerComponentState,
    xi.EnableExchangeCertificate,
)


def _whole(command: xi.Cmdlet) -> bool:
    """Say whether doing it twice is the same as once."""
    return isinstance(command, _WHOLE) and command != EDIT


def _assert_converges(procedure: Procedure, fake: FakeExchange, end: xi.Outcome | xi.ExchangeImapError) -> None:
    """Assert that the next process, which gets what is pending, reaches what was wanted."""
    outcome, server = _outcome(end), connect(fake)
    server.apply(server.plan(procedure.desired, pending=outcome.pending if outcome else ()))

    assert not server.plan(attrs.evolve(procedure.desired, restart=False))
    assert not fake.server("MBX01").pending
