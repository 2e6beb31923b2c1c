"""The way back from wherever a plan stopped, what nothing takes back, and what moved while a plan waited."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._plan.resource import moved
from exchange_imap.testing import FakeExchange, FakeServer, Fault
from support.document import CERTIFICATE, DOCUMENT, connect, new_fake

THUMBPRINT = CERTIFICATE.make().thumbprint
RESTART = xi.RestartService(name=("MSExchangeIMAP4",))
STOP = xi.StopService(name=("MSExchangeIMAP4BE",))
CONNECTOR = "Client Frontend MBX01"
WITHOUT_CERTIFICATE = attrs.evolve(DOCUMENT, certificates=())


def parse(line: str) -> xi.Cmdlet:
    """Read one command."""
    command = xi.parse(line)
    assert isinstance(command, xi.Cmdlet)
    return command


@pytest.mark.parametrize("nth", range(1, 9))
@pytest.mark.parametrize("effect", [False, True], ids=["before", "after"])
def test_a_plan_that_stopped_anywhere_is_taken_back(nth: int, effect: bool) -> None:
    """The server is as before but for what a certificate is enabled for, which the plan back names."""
    fake = new_fake()
    server = connect(fake)
    refusal = xi.ErrorRecord(message="no", category="PermissionDenied", fully_qualified_error_id="Refused")
    fake.fail(Fault(nth=nth, writes=True, effect=effect, error=refusal))

    with pytest.raises(xi.ApplyError) as caught:
        server.apply(server.plan(DOCUMENT))
    outcome = caught.value.outcome
    back = outcome.undo()
    server.apply(back)

    assert len(outcome.applied) == nth - 1
    left = moved(outcome.plan.before, server.state(DOCUMENT))
    assert [change.resource for change in left] == ([] if (nth, effect) == (1, False) else ["certificates"])
    assert bool(back.lasting) == bool(left)
    assert all(f"# Note: {text}." in str(back) for text in back.lasting)


def test_a_whole_plan_is_taken_back() -> None:
    """`apply; undo` leaves the server as it was, and a second undo has nothing to do."""
    fake = new_fake()
    server = connect(fake)
    before = server.state(WITHOUT_CERTIFICATE)

    outcome = server.apply(server.plan(WITHOUT_CERTIFICATE))
    back = server.apply(outcome.undo())

    assert server.state(WITHOUT_CERTIFICATE).same(before)
    assert back.plan.lasting == ()
    assert not attrs.evolve(outcome, state=back.state).undo()


def test_a_plan_back_names_what_nothing_takes_back_even_if_there_is_nothing_to_do() -> None:
    """It does not say that the server is as desired."""
    fake = new_fake()
    server = connect(fake)
    enabled = xi.EnableExchangeCertificate(thumbprint=THUMBPRINT, services=("SMTP",))
    plan = server.plan(xi.DesiredState(certificates=[enabled]))

    for back in (plan.reverse(), server.apply(plan).undo()):
        assert not back
        assert str(back) == (
            "# Nothing to do on MBX01: a plan cannot change what is still different.\n"
            f"# Note: {THUMBPRINT} stays enabled for SMTP: no cmdlet takes that back."
        )


def test_services_that_had_older_settings_before_may_have_them_again() -> None:
    """Nothing of a restart that failed is to be taken back."""
    fake = new_fake()
    server = connect(fake)
    server.enable(external=["mail.contoso.com:993:SSL"])
    fake.fail(Fault(of="Restart-Service", error=xi.TransportError, sent=False))

    with pytest.raises(xi.ApplyError) as caught:
        server.apply(server.plan(xi.DesiredState(restart=True)))

    assert not caught.value.outcome.undo()


def test_without_the_state_at_the_end_there_is_no_way_back() -> None:
    """It would be a guess."""
    fake = new_fake()
    server = connect(fake)
    fake.fail(Fault(of="Get-ImapSettings", nth=3))

    with pytest.raises(xi.ApplyError, match="could not be read again") as caught:
        server.apply(server.plan(WITHOUT_CERTIFICATE))

    with pytest.raises(xi.InvalidValueError, match="the server's state at the end"):
        caught.value.outcome.undo()


MOVED: list[tuple[str, str, str]] = [
    ("Set-ImapSettings -Server MBX01 -Banner Hello", "settings", "Banner"),
    ("Set-Service MSExchangeIMAP4 -StartupType Disabled", "services", "StartupType"),
    ("Start-Service MSExchangeIMAP4BE", "services", "Status"),
    (f'Set-ReceiveConnector "MBX01\\{CONNECTOR}" -Fqdn smtp.contoso.com', "connectors", "Fqdn"),
    (f"Enable-ExchangeCertificate -Thumbprint {THUMBPRINT} -Services POP -Server MBX01", "certificates", "Services"),
    (
        "Set-ServerComponentState MBX01 -Component ImapProxy -State Inactive -Requester Deployment",
        "components",
        "State",
    ),
]


@pytest.mark.parametrize(("line", "resource", "parameter"), MOVED, ids=[line.split()[0] for line, _, _ in MOVED])
def test_a_stale_plan_names_what_moved_with_both_values(line: str, resource: str, parameter: str) -> None:
    """In the order in which a plan changes it; nothing is written."""
    fake = new_fake()
    server = connect(fake)
    plan = server.plan(DOCUMENT)
    server.run(parse(line))
    writes = len(fake.writes)

    with pytest.raises(xi.StalePlanError) as caught:
        server.apply(plan)

    (change,) = caught.value.moved
    assert (change.resource, change.parameter) == (resource, parameter)
    assert change.before != change.after
    assert f"({change.name} {change}): make a new plan" in str(caught.value)
    assert len(fake.writes) == writes
    now = server.state(DOCUMENT)
    assert [(each.before, each.after) for each in moved(now, plan.before)] == [(change.after, change.before)]


def start_and_disable(server: FakeServer) -> None:
    """Change one service twice."""
    server.set_service("MSExchangeIMAP4", startup_type=xi.StartupType.Disabled, status=xi.ServiceStatus.Running)


def leave(_: FakeServer) -> None:
    """Change nothing."""


@pytest.mark.parametrize(("change", "expected"), [(leave, 0), (start_and_disable, 2)])
def test_what_moved_is_nothing_exactly_where_states_are_the_same(
    change: Callable[[FakeServer], None], expected: int
) -> None:
    """Every resource says the same of both."""
    fake = new_fake()
    server = connect(fake)
    before = server.state(DOCUMENT)
    change(fake.server("MBX01"))
    after = server.state(DOCUMENT)

    assert len(moved(before, after)) == expected
    assert before.same(after) == (expected == 0)


RISKS = [
    ("Restart-Service MSExchangeIMAP4", "every IMAP4 client of this server is disconnected, and can connect again"),
    ("Stop-Service MSExchangeIMAP4BE", "every IMAP4 client of this server is disconnected and refused"),
    ("Start-Service MSExchangeIMAP4", ""),
    ("Set-Service MSExchangeIMAP4 -StartupType Manual", ""),
    ("Set-ImapSettings -Server MBX01 -Banner x", ""),
    (f"Enable-ExchangeCertificate -Thumbprint {THUMBPRINT} -Services IMAP", "no cmdlet takes the services"),
    (f"Enable-ExchangeCertificate -Thumbprint {THUMBPRINT} -Services SMTP", "it replaces the certificate by which"),
    (f"Enable-ExchangeCertificate -Thumbprint {THUMBPRINT} -Services IIS", "the default web site will require TLS"),
    ("Set-ReceiveConnector x -Fqdn mail.contoso.com", "clients see another name in the banner"),
    ("Set-ReceiveConnector x -AdvertiseClientSettings $true", ""),
    (
        "Set-ServerComponentState MBX01 -Component ImapProxy -State Inactive -Requester Maintenance",
        "clients that ImapProxy serves are turned away until Maintenance asks for Active",
    ),
    ("Set-ServerComponentState MBX01 -Component ImapProxy -State Active -Requester Maintenance", ""),
    ("Set-CASMailbox kim -ImapEnabled $false -PopEnabled $false", "its clients are refused from then on: "),
    ("Set-CASMailbox kim -ImapEnabled $true", ""),
]


@pytest.mark.parametrize(("line", "risk"), RISKS, ids=[line for line, _ in RISKS])
def test_a_step_says_whom_it_disconnects_and_what_nothing_takes_back(line: str, risk: str) -> None:
    """Also in the script that is printed, as a comment."""
    step = xi.Step(parse(line), "because")

    assert risk in step.risk
    assert bool(step.risk) == bool(risk)
    assert str(step).splitlines()[1:-1] == ([f"# Risk: {step.risk}."] if risk else [])


def test_iis_without_tls_and_a_command_of_no_plan_have_no_such_risk() -> None:
    """What the command says is considered."""
    line = f"Enable-ExchangeCertificate -Thumbprint {THUMBPRINT} -Services IIS -DoNotRequireSsl"

    assert "require TLS" not in xi.Step(parse(line), "because").risk
    assert xi.Step(xi.GetImapSettings(), "because").risk == ""


def test_a_mailbox_that_moved_is_named() -> None:
    """Mailboxes are no server's, and a plan about them is stale like any other."""
    fake = FakeExchange(servers=["MBX01"])
    server = connect(fake)
    plan = server.plan(xi.DesiredState(mailboxes=[xi.SetCASMailbox(identity="kim", imap_enabled=False)]))
    server.run(parse("Set-CASMailbox kim -PopEnabled $false"))

    with pytest.raises(xi.StalePlanError) as caught:
        server.apply(plan)

    assert [str(change) for change in caught.value.moved] == ["PopEnabled: $true -> $false"]


def test_what_enabling_a_certificate_changes_beside_it_is_taken_back() -> None:
    """It stores the certificate's name in the settings of POP3, which nobody desired: services restart, and undo."""
    fake = new_fake()
    there = fake.server("MBX01")
    there.set_service("MSExchangePOP3", status=xi.ServiceStatus.Running)
    named = there.pop.stored.x509_certificate_name
    server = connect(fake)
    desired = xi.DesiredState(certificates=[xi.EnableExchangeCertificate(thumbprint=THUMBPRINT, services=("POP",))])

    outcome = server.apply(server.plan(desired))
    assert [str(step.command) for step in outcome.applied][1:] == ["Restart-Service MSExchangePop3"]
    assert there.pop.stored.x509_certificate_name != named
    assert not server.plan(desired)

    server.apply(outcome.undo())
    assert there.pop.stored.x509_certificate_name == named


def test_a_state_without_what_changes_beside_it_is_planned_offline() -> None:
    """Only what is desired has to be there."""
    server = connect(new_fake())
    desired = xi.DesiredState(certificates=[xi.EnableExchangeCertificate(thumbprint=THUMBPRINT, services=("POP",))])
    state = attrs.evolve(server.state(desired), pop_settings=None)
    assert [step.command.cmdlet for step in xi.plan("MBX01", state, desired).steps] == ["Enable-ExchangeCertificate"]


def test_a_plan_back_names_what_nothing_takes_back_even_if_the_server_does_not_tell_it() -> None:
    """Some remote sessions do not tell what a certificate is enabled for."""
    fake = FakeExchange(servers=["MBX01"], bare_certificates=True)
    fake.server("MBX01").add_certificate(CERTIFICATE)
    server = connect(fake)
    enabled = xi.EnableExchangeCertificate(thumbprint=THUMBPRINT, services=("SMTP",))
    plan = server.plan(xi.DesiredState(certificates=[enabled]))
    stays = (f"{THUMBPRINT} stays enabled for SMTP: no cmdlet takes that back",)
    assert plan.reverse().lasting == stays

    refusal = xi.ErrorRecord(message="no", category="PermissionDenied", fully_qualified_error_id="Refused")
    fake.fail(Fault(writes=True, error=refusal))
    with pytest.raises(xi.ApplyError) as caught:
        server.apply(plan)
    may_be = caught.value.outcome.failed
    assert may_be is not None
    assert (may_be.effect, caught.value.outcome.undo().lasting) == (xi.Effect.UNKNOWN, stays)
    assert server.apply(plan).undo().lasting == stays
