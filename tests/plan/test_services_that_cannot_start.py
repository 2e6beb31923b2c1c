"""A plan never stops what it cannot start again, and says of a service that changes that it does."""

from __future__ import annotations

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._plan.plan import make_plan
from exchange_imap.testing import FakeExchange

ENABLED = xi.DesiredState.enabled(external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com")
BANNER = xi.SetImapSettings(banner="Welcome.")
FRONT_END, _ = xi.IMAP4_SERVICES
DISABLED = xi.SetService(name=FRONT_END, startup_type=xi.StartupType.Disabled)


@pytest.fixture
def server() -> xi.ImapServer:
    """Enable IMAP4 on a server."""
    transport = FakeExchange(servers=["MBX01"]).transport()
    server = xi.ImapServer("MBX01", exchange=transport, windows=transport)
    server.apply(server.plan(ENABLED))
    return server


def with_status(state: xi.ServerState, status: xi.ServiceStatus) -> xi.ServerState:
    """Give the front end another status."""
    first, other = state.services
    return attrs.evolve(state, services=(attrs.evolve(first, status=status), other))


def test_a_service_that_will_be_disabled_is_not_restarted(server: xi.ImapServer) -> None:
    """It would stay stopped; nothing is planned, and the message says what to state."""
    with pytest.raises(xi.InvalidValueError, match=r"MSExchangeImap4: .* Restart-Service .* or the status Stopped"):
        server.plan(xi.DesiredState(settings=BANNER, services=[DISABLED]))


@pytest.mark.parametrize(
    "desired",
    [
        xi.DesiredState(settings=BANNER),
        xi.DesiredState(restart=True),
    ],
    ids=["settings", "restart"],
)
def test_a_running_service_that_is_disabled_is_not_restarted(server: xi.ImapServer, desired: xi.DesiredState) -> None:
    """Set-Service leaves it running; a restart ends it for good."""
    server.run(DISABLED)

    with pytest.raises(xi.InvalidValueError, match="Automatic or Manual"):
        server.plan(desired)


def test_a_disabled_service_is_started_with_a_start_type(server: xi.ImapServer) -> None:
    """Without one that cannot be done; neither can it be taken back."""
    server.apply(server.plan(xi.DesiredState(services=[attrs.evolve(DISABLED, status=xi.ServiceStatus.Stopped)])))
    running = xi.SetService(name=FRONT_END, status=xi.ServiceStatus.Running)

    with pytest.raises(xi.InvalidValueError, match="Start-Service"):
        server.plan(xi.DesiredState(services=[running]))
    assert server.plan(xi.DesiredState(services=[attrs.evolve(running, startup_type=xi.StartupType.Manual)]))


def test_a_service_that_stays_as_it_runs_may_be_disabled(server: xi.ImapServer) -> None:
    """There is nothing to restart it for."""
    assert [step.command.cmdlet for step in server.plan(xi.DesiredState(services=[DISABLED])).steps] == ["Set-Service"]


@pytest.mark.parametrize("start_type", [xi.StartupType.Boot, xi.StartupType.System], ids=str)
def test_a_start_type_of_drivers_is_refused(start_type: xi.StartupType) -> None:
    """No service of Exchange can have it."""
    with pytest.raises(xi.InvalidValueError, match="Automatic, Manual or Disabled"):
        xi.DesiredState(services=[xi.SetService(name=FRONT_END, startup_type=start_type)])


@pytest.mark.parametrize(
    "status", [xi.ServiceStatus.StopPending, xi.ServiceStatus.StartPending, xi.ServiceStatus.Paused], ids=str
)
def test_a_service_that_changes_is_not_as_desired(server: xi.ImapServer, status: xi.ServiceStatus) -> None:
    """Where nothing can be done now, the text says so."""
    plan = make_plan("MBX01", with_status(server.state(), status), xi.DesiredState())

    assert str(plan) == (
        f"# Nothing to do on MBX01 now: MSExchangeImap4 is {status}. Plan again when that has changed."
    )


def test_a_paused_service_is_stopped_where_that_is_desired(server: xi.ImapServer) -> None:
    """It is up, although it serves nobody."""
    stopped = xi.SetService(name=FRONT_END, status=xi.ServiceStatus.Stopped)

    plan = make_plan("MBX01", with_status(server.state(), xi.ServiceStatus.Paused), xi.DesiredState(services=[stopped]))

    assert [str(step.command) for step in plan.steps] == ["Stop-Service MSExchangeImap4"]
