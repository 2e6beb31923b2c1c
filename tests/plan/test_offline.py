"""A plan without a server: from a state that somebody has written down."""

from __future__ import annotations

import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange
from support.connectors import CONNECTOR

CONNECTED = xi.DesiredState(connectors=[xi.SetReceiveConnector(fqdn="mail.contoso.com")])


@pytest.fixture
def server() -> xi.ImapServer:
    """Return a server from which what is written down comes."""
    transport = FakeExchange(servers=["MBX01"]).transport()
    return xi.ImapServer("MBX01", exchange=transport, windows=transport)


def written(server: xi.ImapServer) -> xi.ServerState:
    """Read settings and services from texts."""
    settings, services = str(server.settings()), "\n\n".join(map(str, server.services()))
    return xi.ServerState(settings=xi.ImapSettings.parse(settings), services=xi.ServiceState.parse_all(services))


def test_a_plan_is_the_same_as_that_of_the_server(server: xi.ImapServer) -> None:
    """From printed text, and from the JSON of a state."""
    desired = xi.DesiredState.enabled(external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com")
    planned = server.plan(desired)

    offline = xi.plan("mbx01.contoso.com", written(server), desired)

    assert [step.changes for step in offline.steps] == [step.changes for step in planned.steps]
    assert xi.plan("MBX01", xi.ServerState.from_dict(planned.before.to_dict()), desired) == planned


def test_what_else_is_desired_is_under_its_name(server: xi.ImapServer) -> None:
    """A connector is found by its name without the server, in any case."""
    connector = xi.ReceiveConnector.from_record(CONNECTOR)
    given = written(server)
    state = xi.ServerState(
        settings=given.settings,
        services=given.services,
        connectors=xi.ByName({"client frontend mbx01": connector}),
    )

    plan = xi.plan("MBX01", state, CONNECTED)

    assert [str(step.command) for step in plan.steps] == [
        r'Set-ReceiveConnector -Identity "MBX01\client frontend mbx01" -Fqdn mail.contoso.com'
    ]


@pytest.mark.parametrize(
    ("desired", "where", "what"),
    [
        (CONNECTED, "plan(state).connectors", "Client Frontend MBX01"),
        (xi.DesiredState.from_dict({"mailboxes": {"kim": {}}}), "plan(state).mailboxes", "kim"),
    ],
    ids=["connector", "mailbox"],
)
def test_a_state_without_what_is_desired_is_refused(
    server: xi.ImapServer, desired: xi.DesiredState, where: str, what: str
) -> None:
    """With what it lacks."""
    with pytest.raises(xi.InvalidValueError, match=what) as caught:
        xi.plan("MBX01", written(server), desired)

    assert caught.value.field == where


def test_a_state_without_a_service_or_of_another_server_is_refused(server: xi.ImapServer) -> None:
    """Both services belong to every state."""
    state = written(server)
    half = xi.ServerState(settings=state.settings, services=state.services[:1])

    with pytest.raises(xi.InvalidValueError, match=r"plan\(state\).services: expected MSExchangeIMAP4BE"):
        xi.plan("MBX01", half, xi.DesiredState())
    with pytest.raises(xi.InvalidValueError, match="the state of MBX02"):
        xi.plan("MBX02", state, xi.DesiredState())
