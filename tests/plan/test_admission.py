"""What is refused before a plan's first command: another server's plan, and steps that no plan has."""

from __future__ import annotations

import pickle

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._plan.identity import same_server
from exchange_imap._plan.plan import make_plan
from exchange_imap.testing import FakeExchange, NewServer

RUNNING = xi.DesiredState(
    services=[xi.SetService(name=name, status=xi.ServiceStatus.Running) for name in xi.IMAP4_SERVICES]
)
BANNER = xi.DesiredState(settings=xi.SetImapSettings(banner="x"))


@pytest.fixture
def fake() -> FakeExchange:
    """Return two servers that are alike."""
    return FakeExchange(servers=["MBX01", "MBX02"])


def connect(fake: FakeExchange, host: str, name: str = "") -> xi.ImapServer:
    """Open both endpoints of one server."""
    windows = fake.transport(xi.Endpoint.WINDOWS, server=host)
    return xi.ImapServer(name or host, exchange=fake.transport(xi.Endpoint.EXCHANGE), windows=windows)


@pytest.mark.parametrize("desired", [RUNNING, BANNER, xi.DesiredState()], ids=["services", "settings", "empty"])
@pytest.mark.parametrize("changed", [False, True], ids=["alike", "different"])
def test_a_plan_of_another_server_is_refused_and_nothing_is_changed(
    fake: FakeExchange, desired: xi.DesiredState, changed: bool
) -> None:
    """Whether the two are alike or not: the message names both, and does not say that one of them changed."""
    plan = connect(fake, "MBX01").plan(desired)
    if changed:
        fake.server("MBX02").set_service("MSExchangeIMAP4", startup_type=xi.StartupType.Disabled)

    with pytest.raises(xi.ForeignPlanError, match=r"of MBX01, and the server that answers is MBX02") as caught:
        connect(fake, "MBX02").apply(plan)

    assert (caught.value.planned, caught.value.answered) == ("MBX01", "MBX02")
    assert caught.value.outcome.not_tried == plan.steps
    assert fake.writes == ()


def test_a_plan_made_by_hand_is_of_one_server(fake: FakeExchange) -> None:
    """In its name, and in the state that it was made for."""
    server = connect(fake, "MBX01")
    mine, other = server.state(), connect(fake, "MBX02").state()

    for plan in (
        xi.Plan(server="MBX02", before=mine, steps=()),
        xi.Plan(server="MBX01", before=other, steps=()),
    ):
        with pytest.raises(xi.ForeignPlanError, match="MBX02"):
            server.apply(plan)


@pytest.mark.parametrize("name", ["mbx01", "MBX01.contoso.com", "DN", "legacy DN"])
def test_a_plan_is_of_the_server_however_that_is_named(fake: FakeExchange, name: str) -> None:
    """The short name, the FQDN and the distinguished names are of one server."""
    installed = fake.server("MBX01").installed
    named = {"DN": installed.distinguished_name, "legacy DN": installed.legacy_dn}.get(name, name)

    outcome = connect(fake, "MBX01").apply(connect(fake, "MBX01", named).plan(RUNNING))
    back = connect(fake, "MBX01", named).apply(outcome.plan.reverse())

    assert len(outcome.applied) == len(back.applied) == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("MBX01", "mbx01", True),
        ("MBX01.contoso.com", "mbx01", True),
        ("MBX01.contoso.com", "mbx01.CONTOSO.com", True),
        ("MBX01.contoso.com", "mbx01.fabrikam.com", False),
        ("MBX01", "MBX010", False),
        ("MBX01", "CN=MBX01,CN=Servers,CN=Exchange Administrative Group,DC=contoso,DC=com", True),
        ("MBX01", "CN=1,CN=IMAP4,CN=Protocols,CN=MBX01,CN=Servers,CN=Groups,DC=contoso,DC=com", True),
        ("MBX01", "CN=MBX01", True),
        ("1", "CN=1,CN=IMAP4,CN=Protocols,CN=MBX01,CN=Servers,CN=Groups,DC=contoso,DC=com", False),
        ("MBX01", "/o=Contoso/ou=Exchange/cn=Configuration/cn=Servers/cn=MBX01", True),
        ("MBX01", "contoso.com/Configuration/Servers/MBX01", True),
        ("10.0.0.1", "10.0.0.2", False),
    ],
)
def test_names_of_one_server(one: str, other: str, same: bool) -> None:
    """In every form that the server's name has."""
    assert same_server(one, other) is same
    assert same_server(other, one) is same


def test_a_state_of_another_server_is_not_planned_with(fake: FakeExchange) -> None:
    state = connect(fake, "MBX02").state()

    with pytest.raises(xi.InvalidValueError, match="the state of MBX01, received 'that of MBX02'"):
        make_plan("MBX01", state, BANNER)


SET = xi.SetImapSettings(server="MBX01", banner="x")
FOREIGN: list[tuple[xi.Step, str]] = [
    (xi.Step(xi.StopService(name=("W3SVC",)), "x"), "it is about W3SVC"),
    (xi.Step(xi.StopService(name=("MSExchangeIMAP4*",)), "x"), "it is about MSExchangeIMAP4*"),
    (xi.Step(xi.StopService(name=xi.IMAP4_SERVICES), "x"), "it is about MSExchangeIMAP4, MSExchangeIMAP4BE"),
    (xi.Step(xi.StartService(display_name=("Microsoft Exchange IMAP4",)), "x"), "has no -DisplayName"),
    (xi.Step(xi.StartService(), "x"), "it is about no service"),
    (xi.Step(xi.RestartService(name=("MSExchangeIMAP4",), what_if=True), "x"), "has no -WhatIf"),
    (xi.Step(xi.SetService(name="Spooler", startup_type=xi.StartupType.Manual), "x"), "it is about Spooler"),
    (xi.Step(xi.SetService(name="MSExchangeIMAP4", status=xi.ServiceStatus.Running), "x"), "has no -Status"),
    (
        xi.Step(xi.GetImapSettings(server="MBX01"), "x"),
        "Set-ReceiveConnector, Set-ServerComponentState, Set-Service",
    ),
    (xi.Step(attrs.evolve(SET, server="MBX02"), "x"), "it is of MBX02"),
    (xi.Step(attrs.evolve(SET, server=xi.UNSET), "x"), "it does not say of which server"),
    (xi.Step(attrs.evolve(SET, what_if=True), "x"), "has no -WhatIf"),
]


@pytest.mark.parametrize(("step", "why"), FOREIGN, ids=[why for _, why in FOREIGN])
def test_a_step_that_no_plan_has_is_refused_before_the_first_command(
    fake: FakeExchange, step: xi.Step, why: str
) -> None:
    """Behind one that would be carried out, also after a pickle: nothing is sent, not even to read."""
    server = connect(fake, "MBX01")
    first = xi.Step(SET, "first")
    plan = xi.Plan(server="MBX01", before=server.state(), steps=(first, step))
    before = fake.log

    with pytest.raises(xi.ForeignStepError) as caught:
        server.apply(pickle.loads(pickle.dumps(plan)))  # noqa: S301 - made here

    assert why in caught.value.why
    assert str(step.command) in str(caught.value)
    assert caught.value.step == step
    assert fake.log == before


def test_a_plan_is_made_of_steps_and_a_step_of_a_cmdlet(fake: FakeExchange) -> None:
    """Refused where it is written."""
    before = connect(fake, "MBX01").state()

    with pytest.raises(xi.InvalidValueError, match=r"Write Step\(command, reason\)"):
        xi.Plan(server="MBX01", before=before, steps=(SET,))  # type: ignore[arg-type]  # the mistake itself
    with pytest.raises(xi.InvalidValueError, match=r"Step.command: expected a Cmdlet"):
        xi.Step("Get-ImapSettings", "x")  # type: ignore[arg-type]  # the mistake itself


def test_every_kind_of_step_that_plans_have_is_taken(fake: FakeExchange) -> None:
    """Settings, start types, starts, restarts and stops."""
    server = connect(fake, "MBX01")
    off = [
        xi.SetService(name=name, status=xi.ServiceStatus.Stopped, startup_type=xi.StartupType.Disabled)
        for name in xi.IMAP4_SERVICES
    ]
    server.enable(external=["mail.contoso.com:993:SSL"])
    outcomes = [server.apply(server.plan(desired)) for desired in (BANNER, xi.DesiredState(services=off))]

    assert {type(step.command) for outcome in outcomes for step in outcome.applied} == {
        xi.SetImapSettings,
        xi.RestartService,
        xi.StopService,
        xi.SetService,
    }


@pytest.mark.parametrize("name", ["unknown", ""])
def test_a_service_that_the_state_does_not_have_is_named_with_those_that_it_has(fake: FakeExchange, name: str) -> None:
    """No StopIteration, which ends a ``map`` without a word."""
    state = connect(fake, "MBX01").state()

    with pytest.raises(xi.InvalidValueError, match="one of MSExchangeImap4, MSExchangeIMAP4BE"):
        list(map(state.service, [name]))
    assert state.service("msexchangeimap4be").name == "MSExchangeIMAP4BE"


def test_a_plan_of_another_organization_s_server_of_that_name_is_refused() -> None:
    """By the GUID of the settings: the server answers its short name in both."""
    one, other = (FakeExchange(servers=[NewServer("MBX01", domain=domain)]) for domain in ("contoso.com", "lab.local"))
    plan = xi.ImapServer("MBX01", exchange=one.transport(), windows=one.transport()).plan(
        xi.DesiredState(services=[xi.SetService(name="MSExchangeIMAP4", status=xi.ServiceStatus.Running)])
    )

    with pytest.raises(xi.ForeignPlanError, match="settings"):
        xi.ImapServer("MBX01", exchange=other.transport(), windows=other.transport()).apply(plan)
    assert not other.writes
