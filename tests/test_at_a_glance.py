"""The reprs of what a server holds can be read at a glance: what identifies it and what is unusual, the rest folded."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._model.at_a_glance import firsts, not_as_installed, values_when_new
from exchange_imap._model.declaration import writable
from exchange_imap._shown import counted, short
from exchange_imap.testing import FakeExchange
from support import seeds
from support.pictured import pictured

LONGEST = 600


@pytest.fixture
def server() -> xi.ImapServer:
    transport = FakeExchange(servers=["MBX01"]).transport()
    return xi.ImapServer("MBX01", exchange=transport, windows=transport)


DESIRED = xi.DesiredState.enabled(
    external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com", smtp="mail.contoso.com"
)


def test_new_settings_show_that_nothing_was_set(server: xi.ImapServer) -> None:
    assert repr(server.settings()) == "ImapSettings(server='MBX01', 0 settings not default, ...)"


def test_settings_show_what_is_not_as_installed(server: xi.ImapServer) -> None:
    """The first three by name."""
    new = server.settings()
    one = attrs.evolve(new, max_connections_per_user=32)
    four = attrs.evolve(one, banner="Hi.", protocol_log_enabled=True, max_command_size=2048)

    said = "ImapSettings(server='MBX01', 1 setting not default: max_connections_per_user=32, ...)"
    assert repr(one) == said
    assert "4 settings not default: banner='Hi.', max_connections_per_user=32, max_command_size=2048, ...)" in repr(
        four
    )


def test_the_order_of_a_list_and_unpublished_defaults_do_not_count(server: xi.ImapServer) -> None:
    """What differs from server to server is not unusual."""
    settings = server.settings()
    turned = attrs.evolve(settings, ssl_bindings=settings.ssl_bindings[::-1], x509_certificate_name="mail")

    assert not_as_installed(turned, xi.SetImapSettings) == {}
    assert "x509_certificate_name" not in values_when_new(xi.ImapSettings, xi.SetImapSettings)


def test_defaults_are_those_of_the_declarations() -> None:
    """There is no second table."""
    declared = {field: spec.values_when_new() for field, spec in xi.SetImapSettings._specs.items()}

    assert values_when_new(xi.ImapSettings, xi.SetImapSettings) == {
        field: declared[field] for field in writable(xi.ImapSettings) if declared[field]
    }
    assert values_when_new(xi.ServiceState, None) == {}


def test_a_default_that_differs_by_version_is_any_of_them() -> None:
    """A snapshot does not tell of which version the server is."""
    spec = attrs.evolve(xi.SetImapSettings._specs["max_connections_per_user"], new={"2016": 16, "SE": "20"})

    assert spec.values_when_new() == (16, 20)


WHOLE = [each for each in seeds.snapshots() if not isinstance(each, xi.PartialSnapshot)]


@pytest.mark.parametrize("snapshot", WHOLE, ids=lambda each: type(each).__name__)
def test_every_snapshot_names_its_object_first(snapshot: xi.Snapshot) -> None:
    """Every class declares what identifies its objects."""
    first = firsts(snapshot)
    field, value = next(iter(first.items()))

    assert repr(snapshot).startswith(f"{type(snapshot).__name__}({field}={short(value)}")
    assert len(repr(snapshot)) < LONGEST
    assert repr(snapshot).endswith(", ...)")


def test_services_show_what_they_do(server: xi.ImapServer) -> None:
    said = "ServiceState(name='MSExchangeImap4', status=Stopped, startup_type=Manual, ...)"
    assert repr(server.services()[0]) == said


def test_a_state_shows_what_runs_and_what_waits(server: xi.ImapServer) -> None:
    server.enable(external=["mail.contoso.com:993:SSL"])
    server.run(xi.SetImapSettings(server="MBX01", banner="Hi."))

    assert repr(server.state(DESIRED)) == (
        "ServerState(server='MBX01', 2 settings not default, MSExchangeImap4 Running, MSExchangeIMAP4BE Running, "
        "connectors=1, pending=(msexchangeimap4, msexchangeimap4be), ...)"
    )


def test_a_status_shows_what_could_not_be_read() -> None:
    status = xi.ImapServer("MBX01", exchange=FakeExchange(servers=["MBX01"]).transport()).status()

    assert repr(status) == (
        "ServerStatus(server='MBX01', 0 settings not default, certificates=3, connectors=5, components=2, "
        "not read=(services), ...)"
    )
    assert repr(xi.ServerStatus(server="MBX02")) == "ServerStatus(server='MBX02', ...)"


def test_a_plan_shows_its_commands(server: xi.ImapServer) -> None:
    plan = server.plan(DESIRED)

    assert repr(plan) == (
        "Plan(server='MBX01', 6 steps: Set-ImapSettings, Set-ReceiveConnector, Set-Service, Set-Service, "
        "Start-Service, 1 more, ...)"
    )
    nothing = attrs.evolve(plan, steps=(), lasting=("It stays",))
    assert repr(nothing) == "Plan(server='MBX01', 0 steps, lasting=(It stays), ...)"


def test_an_outcome_shows_where_it_stopped(server: xi.ImapServer) -> None:
    plan = server.plan(DESIRED)
    failed = xi.StepFailure(plan.steps[1], xi.TransportError("lost", sent=False), xi.Effect.NOT_APPLIED)
    outcome: Any = xi.Outcome(plan=plan, applied=plan.steps[:1], failed=failed, not_tried=plan.steps[2:])

    assert repr(outcome) == (
        "Outcome(server='MBX01', 1 of 6 steps applied, failed=Set-ReceiveConnector -Identity "
        '"MBX01\\Client Frontend MBX01" -Fqdn mail.contoso.... (114 characters): it did not take effect, '
        "4 not tried, ...)"
    )
    waiting = attrs.evolve(outcome, failed=None, pending=frozenset({"b", "a"}), warnings=("One",))
    assert repr(waiting) == "Outcome(server='MBX01', 1 of 6 steps applied, 4 not tried, pending=(a, b), 1 warning, ...)"


def test_a_desired_state_shows_what_it_states() -> None:
    assert repr(attrs.evolve(DESIRED, settings=xi.SetImapSettings(banner="Hi."))) == (
        "DesiredState(settings=Set-ImapSettings -Banner Hi., services=2 commands, "
        "connectors=Set-ReceiveConnector -Fqdn mail.contoso.com -AdvertiseClientSettings $true, restart=False, ...)"
    )


def test_a_probe_and_a_log_show_what_came_of_them() -> None:
    failed, seen, log = (pictured()[name] for name in ("a probe that failed", "a probe", "a summary of a log"))

    assert repr(failed) == "ProbeResult('mail.contoso.com:993:SSL: TCP: refused', 1 stage, ...)"
    assert repr(seen) == "ProbeResult('mail.contoso.com:993:SSL: works', 1 stage, 1 finding, ...)"
    trip = pictured()["a round trip"]
    cause, left = "kim@contoso.com: works, a message arrived after 2.000 s", "<0123@contoso.com> was deleted again"
    assert repr(trip) == f"RoundTrip('{cause}', '{left}', ...)"
    assert repr(log) == "ProtocolLogSummary(entries=2, failed=1, users=2, clients=2, ...)"


def test_capabilities_are_counted() -> None:
    assert repr(pictured()["capabilities"]) == "Capabilities(server='MBX01', yes=20, no=0, unknown=0, ...)"


def test_a_verification_shows_the_cause() -> None:
    verified = pictured()["a verification"]
    fine = attrs.evolve(verified, findings=())

    assert repr(verified) == (
        f"Verification(server='MBX01', works=False, cause={verified.cause.rule}, "
        f"{len(verified.findings)} findings, 1 probe, ...)"
    )
    assert repr(fine) == "Verification(server='MBX01', works=False, 0 findings, 1 probe, ...)"


def test_numbers_are_counted_in_words() -> None:
    assert (counted(1, "step"), counted(10_000, "step")) == ("1 step", "10,000 steps")
