"""Whatever goes wrong at whichever request of the whole procedure: the truth is told, and nothing is done twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import attrs

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, LogEntry, PsrpServer, WireFault, WireFaultKind

DESIRED = xi.DesiredState.enabled(
    external=("mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS"), certificate="mail.contoso.com"
)
assert DESIRED.settings is not None
CHANGED = attrs.evolve(DESIRED, settings=attrs.evolve(DESIRED.settings, banner="Welcome."))
SILENT = {WireFaultKind.SILENT_BEFORE, WireFaultKind.SILENT_AFTER}


@attrs.frozen
class Procedure:
    """What is to be done, and on what."""

    desired: xi.DesiredState
    enabled: bool
    """Whether IMAP4 is enabled before, so that services are to be restarted."""

    def fake(self) -> FakeExchange:
        """Make the server that it is done on."""
        fake = FakeExchange(servers=["MBX01"])
        if self.enabled:
            doors = {door.name.lower(): fake.transport(door) for door in xi.Endpoint}
            server = xi.ImapServer("MBX01", **doors)
            server.apply(server.plan(DESIRED))
        return fake

    def carry_out(self, psrp: PsrpServer) -> xi.Outcome | xi.ExchangeImapError:
        """Do it as a tool would: read, plan, apply, verify, close; return how it ended."""
        options: xi.PsrpOptions = {"operation_timeout": 1, "read_timeout": 2}
        exchange = xi.RetryingTransport(psrp.exchange(**options), pause=timedelta())
        windows = xi.RetryingTransport(psrp.windows(**options), pause=timedelta())
        try:
            with xi.ImapServer("MBX01", exchange=exchange, windows=windows) as server:
                return server.apply(server.plan(self.desired))
        except xi.ExchangeImapError as error:
            return error


PROCEDURES = {"enable": Procedure(DESIRED, enabled=False), "restart": Procedure(CHANGED, enabled=True)}


def matrix(name: str, kind: WireFaultKind) -> str:
    """Let one kind of failure strike at each request of a procedure; say how all of these ended."""
    found = PROCEDURES[name]
    with PsrpServer(found.fake()) as psrp:
        assert isinstance(found.carry_out(psrp), xi.Outcome)
        requests = sum(psrp.requests.values())
    with ThreadPoolExecutor(8 if kind in SILENT else 1) as executor:
        ends = Counter(executor.map(partial(scenario, found, kind), range(1, requests + 1)))

    shown = ", ".join(f"{number} x {end}" for end, number in sorted(ends.items()))
    return f"PSRP faults: {name}, {kind.name} at each of {requests} requests: {shown}"


def scenario(procedure: Procedure, kind: WireFaultKind, nth: int) -> str:
    """Let one thing go wrong, hold the end against what the server did, and return how it ended."""
    fake = procedure.fake()
    before = len(fake.writes)
    with PsrpServer(fake) as psrp:
        psrp.fail(WireFault(kind=kind, nth=nth))
        end = procedure.carry_out(psrp)

        assert psrp.open_shells == 0
        assert psrp.faults == ()
        assert_nothing_twice(fake.writes[before:])
        assert_true(end, fake.writes[before:])
        assert psrp.errors == []
    with PsrpServer(fake) as psrp:
        assert_converges(procedure, psrp, end)
    return "success" if isinstance(end, xi.Outcome) else type(end).__name__


def said(command: object) -> str:
    """Return what a command says, however it is written: over the wire every parameter has its name."""
    return repr(xi.parse(str(command)))


def assert_nothing_twice(writes: tuple[LogEntry, ...]) -> None:
    """Assert that nothing was carried out again but what states whole values."""
    done = Counter(said(entry.pipeline) for entry in writes)

    assert not {command for command, number in done.items() if number > 1 and not command.startswith("Set")}


def assert_true(end: xi.Outcome | xi.ExchangeImapError, writes: tuple[LogEntry, ...]) -> None:
    """Assert that what is said to be applied is what the server did; without an outcome it did nothing."""
    outcome = end if isinstance(end, xi.Outcome) else end.outcome if isinstance(end, xi.ApplyError) else None
    effects = list(dict.fromkeys(said(entry.pipeline) for entry in writes if entry.effect))
    applied = [said(step.command) for step in outcome.applied] if outcome else []
    failed = outcome.failed if outcome else None
    maybe = [said(failed.step.command)] if failed and failed.effect is not xi.Effect.NOT_APPLIED else []

    assert sorted(effects) in (sorted(applied), sorted(applied + maybe))
    if failed and failed.effect is xi.Effect.APPLIED:
        assert sorted(effects) == sorted(applied + maybe)


def assert_converges(procedure: Procedure, psrp: PsrpServer, end: xi.Outcome | xi.ExchangeImapError) -> None:
    """Assert that the next run, which is told what is pending, reaches what was wanted."""
    outcome = end if isinstance(end, xi.Outcome) else end.outcome if isinstance(end, xi.ApplyError) else None
    with xi.ImapServer("MBX01", exchange=psrp.exchange(), windows=psrp.windows()) as server:
        server.apply(server.plan(procedure.desired, pending=outcome.pending if outcome else ()))
        assert not server.plan(procedure.desired)
    effective = psrp.fake.server("MBX01").effective
    assert effective is not None
    assert procedure.desired.settings is not None
    assert xi.diff(effective, procedure.desired.settings) is None
    assert not psrp.fake.server("MBX01").pending
