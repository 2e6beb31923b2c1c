"""Which services have older settings: noted before anything is sent, and claimed only with proof."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, FakeTransport, Fault

NONE: frozenset[str] = frozenset()
FRONT_END, BACKEND = frozenset({"msexchangeimap4"}), frozenset({"msexchangeimap4be"})
BOTH = FRONT_END | BACKEND
NOTHING = xi.DesiredState()
SET = xi.SetImapSettings(server="MBX01", banner="Welcome.")
AS_DESIRED = "# Nothing to do: MBX01 is as desired."
NOT_KNOWN = "stored settings are as desired; whether the services have read them is not known"
REFUSAL = xi.ErrorRecord(message="no", category="PermissionDenied", fully_qualified_error_id="Refused")


@attrs.define
class Interrupted:
    """The fake's transport, until a command comes that is interrupted, before or after its effect."""

    inner: FakeTransport
    of: str
    error: BaseException
    effect: bool = True

    def run(self, pipeline: xi.Pipeline) -> xi.Reply:
        """Run, or raise."""
        if not str(pipeline).startswith(self.of):
            return self.inner.run(pipeline)
        if self.effect:
            self.inner.run(pipeline)
        raise self.error

    def close(self) -> None:
        """Close it."""
        self.inner.close()


@pytest.fixture
def fake() -> FakeExchange:
    """Return a server on which IMAP4 is enabled."""
    fake = FakeExchange(servers=["MBX01", "MBX02"])
    connect(fake).enable(external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com")
    return fake


def connect(fake: FakeExchange) -> xi.ImapServer:
    """Open both endpoints of it, as another process would."""
    windows = fake.transport(xi.Endpoint.WINDOWS, server="MBX01")
    return xi.ImapServer("MBX01", exchange=fake.transport(xi.Endpoint.EXCHANGE), windows=windows)


def interrupt(server: xi.ImapServer, of: str, error: BaseException, *, effect: bool = True) -> None:
    """Let a command end in an exception that is not the library's."""
    exchange, windows = server.exchange, server.windows
    assert isinstance(exchange, FakeTransport)
    assert isinstance(windows, FakeTransport)
    server.exchange = Interrupted(exchange, of, error, effect)
    server.windows = Interrupted(windows, of, error, effect)


def restarts(plan: xi.Plan) -> set[str]:
    """Return the services that a plan restarts."""
    return {
        str(name).lower()
        for step in plan.steps
        if isinstance(step.command, xi.RestartService)
        for name in step.command.name or ()
    }


def run_set(server: xi.ImapServer) -> None:
    """Write by a command."""
    server.run(SET)


def run_pipe(server: xi.ImapServer) -> None:
    """Write by a pipe that ends in it."""
    server.run(xi.parse("Get-ImapSettings -Server MBX01 | Set-ImapSettings -Banner Welcome."))


def run_interrupted(server: xi.ImapServer) -> None:
    """Write, and be interrupted before the answer is there."""
    interrupt(server, "Set-ImapSettings", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        server.run(SET)


def run_lost(server: xi.ImapServer) -> None:
    """Write, and lose the answer in a transport of somebody else's."""
    interrupt(server, "Set-ImapSettings", OSError("gone"))
    with pytest.raises(OSError, match="gone"):
        server.run(SET)


def apply_interrupted(server: xi.ImapServer) -> None:
    """Apply a plan, and be interrupted behind the write."""
    plan = server.plan(xi.DesiredState(settings=SET))
    interrupt(server, "Set-ImapSettings", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        server.apply(plan)


def apply_interrupted_later(server: xi.ImapServer) -> None:
    """Apply a plan, and be interrupted at the first restart."""
    plan = server.plan(xi.DesiredState(settings=SET))
    interrupt(server, "Restart-Service", OSError("gone"), effect=False)
    with pytest.raises(OSError, match="gone"):
        server.apply(plan)


@pytest.mark.parametrize(
    "write", [run_set, run_pipe, run_interrupted, run_lost, apply_interrupted, apply_interrupted_later]
)
def test_a_write_is_pending_whoever_sent_it_and_however_it_ended(
    fake: FakeExchange, write: Callable[[xi.ImapServer], None]
) -> None:
    """The next plan restarts both services; nothing is said to be as desired."""
    server = connect(fake)

    write(server)

    assert fake.server("MBX01").pending
    assert restarts(server.plan(NOTHING)) == BOTH
    assert server.state().pending == BOTH


@pytest.mark.parametrize("error", [REFUSAL, xi.TransportError], ids=["refused", "never sent"])
def test_a_write_that_was_refused_is_not_pending_but_nothing_is_claimed(
    fake: FakeExchange, error: xi.ErrorRecord | type[xi.TransportError]
) -> None:
    """A restart that nobody asked for would cost every client its connection."""
    server = connect(fake)
    server.apply(server.plan(xi.DesiredState(restart=True)))
    assert str(server.plan(NOTHING)) == AS_DESIRED
    fake.fail(Fault(of="Set-ImapSettings", error=error, sent=False))

    with pytest.raises((xi.CommandError, xi.TransportError)):
        server.run(SET)

    assert not server.plan(NOTHING)
    assert NOT_KNOWN in str(server.plan(NOTHING))


@pytest.mark.parametrize(
    "line",
    [
        "Set-ImapSettings -Server MBX02 -Banner x",
        "Set-ImapSettings -Server MBX01 -Banner x -WhatIf",
        "Start-Service MSExchangeIMAP4",
        "Get-ImapSettings",
    ],
)
def test_what_does_not_write_this_server_s_settings_makes_nothing_pending(fake: FakeExchange, line: str) -> None:
    """Another server's, a preview, a read."""
    server = connect(fake)

    server.run(xi.parse(line))

    assert server.state().pending == NONE


@pytest.mark.parametrize(
    ("parameters", "pending"),
    [
        ("434AC224C8459924B26521298CE8834C514856AB -Services IMAP,POP", BOTH),
        ("434AC224C8459924B26521298CE8834C514856AB -Services IMAP -Server mbx01.contoso.com", BOTH),
        ("-Identity MBX01\\434AC224C8459924B26521298CE8834C514856AB -Services IMAP", BOTH),
        ("-Identity MBX02\\434AC224C8459924B26521298CE8834C514856AB -Services IMAP", NONE),
        ("434AC224C8459924B26521298CE8834C514856AB -Services IMAP -Server MBX02", NONE),
        ("434AC224C8459924B26521298CE8834C514856AB -Services SMTP", NONE),
    ],
)
def test_enabling_a_certificate_for_imap4_writes_its_name(
    fake: FakeExchange, parameters: str, pending: frozenset[str]
) -> None:
    """Exchange puts the certificate's name into the settings."""

    class Enabling:
        """Takes the one command that the fake does not know."""

        def run(self, pipeline: xi.Pipeline) -> xi.Reply:
            """Answer nothing to it."""
            return xi.Reply() if str(pipeline).startswith("Enable") else fake.transport().run(pipeline)

        def close(self) -> None:
            """Close nothing."""

    server = xi.ImapServer("MBX01", exchange=Enabling(), windows=fake.transport(xi.Endpoint.WINDOWS, server="MBX01"))

    server.run(xi.parse(f"Enable-ExchangeCertificate {parameters}"))

    assert server.state().pending == pending


@pytest.mark.parametrize(
    ("line", "pending"),
    [
        ("Restart-Service MSExchangeIMAP4,MSExchangeIMAP4BE", NONE),
        ("Restart-Service MSExchangeIMAP4* -Force", NONE),
        ("Get-Service MSExchangeIMAP4* | Restart-Service", NONE),
        ("Restart-Service MSExchangeIMAP4", BACKEND),
        ("Restart-Service MSExchangeIMAP4* -Exclude *BE", BOTH),
        ("Restart-Service MSExchangeIMAP4* -WhatIf", BOTH),
        ("Start-Service MSExchangeIMAP4*", BOTH),
    ],
)
def test_what_was_restarted_is_not_pending_any_more(fake: FakeExchange, line: str, pending: frozenset[str]) -> None:
    """As far as the command leaves no doubt which services it restarted."""
    server = connect(fake)
    server.run(SET)

    server.run(xi.parse(line))

    assert server.state().pending == pending


def test_a_service_that_was_stopped_has_nothing_older(fake: FakeExchange) -> None:
    """Started again, it reads what is stored, but nothing shows that nobody wrote in between."""
    server = connect(fake)
    server.run(SET)

    for verb in ("Stop", "Start"):
        server.run(xi.parse(f"{verb}-Service MSExchangeIMAP4,MSExchangeIMAP4BE"))

    assert NOT_KNOWN in str(server.plan(NOTHING))


def test_what_is_not_known_is_not_claimed(fake: FakeExchange) -> None:
    """Another process, which cannot know what the running services have read."""
    plan = connect(fake).plan(NOTHING)

    assert str(plan) == (
        f"# Nothing to do on MBX01: {NOT_KNOWN}.\n# DesiredState(restart=True) restarts them in any case."
    )
    assert plan.before.unknown == BOTH


def test_a_process_that_was_killed_between_set_and_restart_leaves_no_false_claim(fake: FakeExchange) -> None:
    """The next one says that it does not know."""
    connect(fake).run(SET)

    plan = connect(fake).plan(xi.DesiredState(settings=SET))

    assert not plan
    assert fake.server("MBX01").pending
    assert NOT_KNOWN in str(plan)


def test_services_that_were_seen_to_start_after_the_last_write_have_the_stored_settings(fake: FakeExchange) -> None:
    """Until somebody writes them, be it the same again."""
    server = connect(fake)
    server.apply(server.plan(xi.DesiredState(settings=SET)))
    assert str(server.plan(xi.DesiredState(settings=SET))) == AS_DESIRED

    other = connect(fake)
    other.run(attrs.evolve(SET, banner="Other."))
    other.run(SET)

    assert NOT_KNOWN in str(server.plan(xi.DesiredState(settings=SET)))


def test_services_that_are_stopped_have_nothing_to_read(fake: FakeExchange) -> None:
    """So nothing is unknown."""
    for name in xi.IMAP4_SERVICES:
        fake.server("MBX01").set_service(name, status=xi.ServiceStatus.Stopped)

    assert str(connect(fake).plan(NOTHING)) == AS_DESIRED


def test_a_plan_made_before_a_write_does_not_forget_it(fake: FakeExchange) -> None:
    """The settings are as they were, but the services restarted in between have others."""
    server = connect(fake)
    old = server.settings().banner
    plan = server.plan(xi.DesiredState(services=[xi.SetService(name="MSExchangeIMAP4", startup_type="Manual")]))
    server.run(SET)
    server.run(attrs.evolve(SET, banner=old))

    server.apply(plan)

    assert restarts(server.plan(NOTHING)) == BOTH


def foreign_plan(fake: FakeExchange, server: xi.ImapServer) -> xi.Plan:
    """Plan on another server."""
    del server
    transport = fake.transport(server="MBX02")
    return xi.ImapServer("MBX02", exchange=transport, windows=transport).plan(NOTHING)


def foreign_step(fake: FakeExchange, server: xi.ImapServer) -> xi.Plan:
    """Write a plan by hand."""
    del fake
    step = xi.Step(xi.StopService(name=("W3SVC",)), "by hand")
    return xi.Plan(server="MBX01", before=server.state(), steps=(step,))


def unreadable(fake: FakeExchange, server: xi.ImapServer) -> xi.Plan:
    """Plan on a server that cannot be read any more."""
    plan = server.plan(NOTHING)
    fake.fail(Fault(of="Get-ImapSettings"))
    return plan


def stale(fake: FakeExchange, server: xi.ImapServer) -> xi.Plan:
    """Plan on a server that is changed then."""
    plan = server.plan(NOTHING)
    fake.server("MBX01").set_service("MSExchangeIMAP4", startup_type=xi.StartupType.Manual)
    return plan


@pytest.mark.parametrize("refused", [foreign_plan, foreign_step, unreadable, stale])
def test_a_plan_that_is_refused_forgets_nothing(
    fake: FakeExchange, refused: Callable[[FakeExchange, xi.ImapServer], xi.Plan]
) -> None:
    """What this object wrote before is as pending as it was."""
    server = connect(fake)
    plan = refused(fake, server)
    server.run(SET)

    with pytest.raises(xi.ExchangeImapError):
        server.apply(plan)

    assert restarts(server.plan(NOTHING)) == BOTH


def test_a_step_that_was_refused_makes_nothing_pending(fake: FakeExchange) -> None:
    """The server answered, and is as it was: nobody's connection is cut for it."""
    server = connect(fake)
    fake.fail(Fault(of="Set-ImapSettings", error=REFUSAL))

    with pytest.raises(xi.ApplyError) as caught:
        server.apply(server.plan(xi.DesiredState(settings=SET)))

    assert caught.value.outcome.pending == NONE
    assert not server.plan(NOTHING)


def test_a_service_is_either_pending_or_up_to_date(fake: FakeExchange) -> None:
    """Also while a restart is asked for, stated, refused, or made pending by a write."""
    server = connect(fake)
    server.apply(server.plan(xi.DesiredState(restart=True)))
    assert server.state().up_to_date == BOTH

    plan = server.plan(xi.DesiredState(restart=True))
    assert (plan.before.pending, plan.before.up_to_date) == (BOTH, NONE)
    fake.fail(Fault(of="Restart-Service", nth=2, error=REFUSAL))
    with pytest.raises(xi.ApplyError) as caught:
        server.apply(plan)
    state = caught.value.outcome.state
    assert state is not None
    assert (state.pending, state.up_to_date) == (BACKEND, FRONT_END)

    server.apply(server.plan(NOTHING))
    stated = server.plan(NOTHING, pending=["MSExchangeIMAP4"]).before
    assert (stated.pending, stated.up_to_date) == (FRONT_END, BACKEND)
    server.run(SET)
    assert (server.state().pending, server.state().up_to_date) == (BOTH, NONE)


def test_what_is_said_of_a_service_ends_when_it_stops(fake: FakeExchange) -> None:
    """When it is started again, nothing shows what it read."""
    server = connect(fake)
    server.apply(server.plan(xi.DesiredState(restart=True)))
    stopped = server.state().with_service("MSExchangeIMAP4", status=xi.ServiceStatus.Stopped)
    assert stopped.up_to_date == BACKEND

    for status in (xi.ServiceStatus.Stopped, xi.ServiceStatus.Running):
        fake.server("MBX01").set_service("MSExchangeIMAP4", status=status)
        assert server.state().up_to_date == BACKEND


def test_a_service_that_somebody_stopped_meanwhile_is_not_pending(fake: FakeExchange) -> None:
    """The outcome's state names services that run."""
    server = connect(fake)
    plan = server.plan(xi.DesiredState(settings=SET))
    windows = fake.transport(xi.Endpoint.WINDOWS, server="MBX01")

    class Stopping:
        """Refuses to restart the backend, and somebody stops both services."""

        def run(self, pipeline: xi.Pipeline) -> xi.Reply:
            """Answer."""
            if str(pipeline) != "Restart-Service MSExchangeIMAP4BE":
                return windows.run(pipeline)
            for name in xi.IMAP4_SERVICES:
                fake.server("MBX01").set_service(name, status=xi.ServiceStatus.Stopped)
            return xi.Reply(errors=(REFUSAL,))

        def close(self) -> None:
            """Close nothing."""

    server.windows = Stopping()
    with pytest.raises(xi.ApplyError) as caught:
        server.apply(plan)

    state = caught.value.outcome.state
    assert state is not None
    assert (state.pending, state.up_to_date, caught.value.outcome.pending) == (NONE, NONE, NONE)


def test_starting_a_service_that_runs_makes_it_read_nothing(fake: FakeExchange) -> None:
    """A plan made by hand may have such a step."""
    server = connect(fake)
    server.run(SET)
    step = xi.Step(xi.StartService(name=("MSExchangeIMAP4",)), "by hand")

    server.apply(xi.Plan(server="MBX01", before=server.state(), steps=(step,)))

    assert restarts(server.plan(NOTHING)) == BOTH


def test_what_is_pending_is_handed_over_when_the_server_could_not_be_read_again(fake: FakeExchange) -> None:
    """To another process as well."""
    server = connect(fake)
    plan = server.plan(xi.DesiredState(settings=SET))
    fake.fail(Fault(of="Set-ImapSettings", effect=True))
    fake.fail(Fault(of="Get-ImapSettings", nth=2))

    with pytest.raises(xi.ApplyError) as caught:
        server.apply(plan)

    assert caught.value.outcome.pending == BOTH
    assert restarts(connect(fake).plan(NOTHING, pending=caught.value.outcome.pending)) == BOTH
