"""What Outlook on the web shows on the fake: what IIS read when it started."""

from __future__ import annotations

import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, FakeServer
from support.fakes import ask


@pytest.fixture
def fake() -> FakeExchange:
    """One server."""
    return FakeExchange(servers=["MBX01"])


def shown(server: FakeServer) -> tuple[list[str], list[str], list[str]]:
    """Return the settings of the three protocols as text."""
    assert server.outlook_web is not None
    imap, pop, smtp = (
        [str(each) for each in settings]
        for settings in (server.outlook_web.imap, server.outlook_web.pop, server.outlook_web.smtp)
    )
    return imap, pop, smtp


def advertise(fake: FakeExchange) -> None:
    """Advertise all three protocols."""
    settings = ("mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS")
    ask(fake, xi.SetImapSettings(server="MBX01", external_connection_settings=settings))
    ask(fake, xi.SetPopSettings(server="MBX01", external_connection_settings=("mail.contoso.com:110:TLS",)))
    ask(fake, xi.SetReceiveConnector(identity="Client Frontend MBX01", advertise_client_settings=True))


def test_a_change_is_shown_after_a_restart_of_iis(fake: FakeExchange) -> None:
    """And 993 hides 143."""
    server = fake.server("MBX01")
    advertise(fake)
    assert shown(server) == ([], [], [])

    ask(fake, xi.RestartService(name=("W3SVC",), force=True))

    assert shown(server) == (
        ["mail.contoso.com:993:SSL"],
        ["mail.contoso.com:110:TLS"],
        ["mbx01.contoso.com:587:TLS"],
    )


def test_nothing_is_shown_while_iis_does_not_run(fake: FakeExchange) -> None:
    """``net stop w3svc`` is that."""
    server = fake.server("MBX01")
    ask(fake, xi.StopService(name=("w3svc",)))
    assert server.outlook_web is None

    advertise(fake)
    ask(fake, xi.StartService(name=("w3svc",)))

    assert shown(server)[0] == ["mail.contoso.com:993:SSL"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"enabled": False}, []),
        ({"fqdn": None}, []),
        ({"auth_mechanism": "None"}, ["mbx01.contoso.com:587"]),
        ({"fqdn": "mail.contoso.com", "bindings": "0.0.0.0:588"}, ["mail.contoso.com:588:TLS"]),
    ],
    ids=str,
)
def test_a_connector_is_shown_as_clients_meet_it(
    fake: FakeExchange, change: dict[str, object], expected: list[str]
) -> None:
    """By its name and port, with TLS where it offers that."""
    advertise(fake)
    ask(fake, xi.SetReceiveConnector.build({"identity": "Client Frontend MBX01", **change}))
    ask(fake, xi.RestartService(name=("W3SVC",)))

    assert shown(fake.server("MBX01"))[2] == expected
