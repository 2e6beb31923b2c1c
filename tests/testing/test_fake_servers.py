"""Get-ExchangeServer on the fake."""

from __future__ import annotations

from typing import Literal

import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, NewServer
from support.captures import needs_captures, read_capture
from support.fakes import ask, failure, read


@pytest.fixture
def fake() -> FakeExchange:
    """Three servers in two domains."""
    return FakeExchange(servers=["MBX01", "MBX02", NewServer("EX1", domain="fabrikam.com", version="2016")])


@pytest.mark.parametrize(
    ("command", "names"),
    [
        (xi.GetExchangeServer(), ["MBX01", "MBX02", "EX1"]),
        (xi.GetExchangeServer(identity="mbx02.contoso.com"), ["MBX02"]),
        (xi.GetExchangeServer(identity="MBX0?"), ["MBX01", "MBX02"]),
        (xi.GetExchangeServer(identity="*.fabrikam.com"), ["EX1"]),
        (xi.GetExchangeServer(identity="X*"), []),
        (xi.GetExchangeServer(domain="Fabrikam.com"), ["EX1"]),
        (xi.GetExchangeServer(domain="adatum.com"), []),
    ],
    ids=str,
)
def test_servers_are_found(fake: FakeExchange, command: xi.GetExchangeServer, names: list[str]) -> None:
    """One, those whose names fit, those of a domain, or all."""
    assert [each.name for each in read(xi.ExchangeServer, fake, command)] == names


def test_one_is_found_by_what_it_says_of_itself(fake: FakeExchange) -> None:
    """GUID, place and legacy name."""
    (server,) = read(xi.ExchangeServer, fake, xi.GetExchangeServer(identity="EX1"))

    for name in (server.guid, server.distinguished_name, server.exchange_legacy_dn, server.identity, server.fqdn):
        assert read(xi.ExchangeServer, fake, xi.GetExchangeServer(identity=str(name))) == [server]
    assert fake.log[-1].server == "EX1"


def test_one_that_is_not_there_is_refused(fake: FakeExchange) -> None:
    """As with every other cmdlet."""
    assert failure(fake, xi.GetExchangeServer(identity="MBX09")) == "Cmdlet-ManagementObjectNotFoundException"


@pytest.mark.parametrize(
    ("version", "product"),
    [
        ("2016", "Exchange Server 2016"),
        ("2019", "Exchange Server 2019"),
        ("SE", "Exchange Server Subscription Edition"),
    ],
)
def test_says_which_version_it_is(version: Literal["2016", "2019", "SE"], product: str) -> None:
    """By the build."""
    (server,) = read(xi.ExchangeServer, FakeExchange(servers=["MBX01"], version=version), xi.GetExchangeServer())

    assert (server.admin_display_version.product, server.is_unified_messaging_server) == (
        product,
        version == "2016",
    )


def test_asks_the_server_itself_only_when_told_to(fake: FakeExchange) -> None:
    """Which domain controllers it uses is not in the directory."""
    (plain,) = read(xi.ExchangeServer, fake, xi.GetExchangeServer(identity="MBX01"))
    (whole,) = read(xi.ExchangeServer, fake, xi.GetExchangeServer(identity="MBX01", status=True))

    assert (plain.current_domain_controllers, plain.current_config_domain_controller) == ((), None)
    assert whole.current_domain_controllers == ("DC01.contoso.com",)
    assert whole.current_config_domain_controller == "DC01.contoso.com"


@needs_captures
def test_the_record_is_that_of_a_real_server() -> None:
    """All properties but the four that the client adds; and what is the same on every server is the same."""
    (real,) = xi.read_clixml(read_capture("get-exchangeserver"))
    name, domain = "SOLO-E16A", "Solo.local"
    fake = FakeExchange(servers=[NewServer(name, domain=domain, version="2016")])
    (mine,) = ask(fake, xi.GetExchangeServer(status=True)).records

    added = {"PSComputerName", "RunspaceId", "PSShowComputerName", "SerializationData"}
    assert set(mine.properties) == set(real.properties) - added
    assert (mine.type_names, mine.text) == (real.type_names, real.text)
    one, other = xi.ExchangeServer.from_record(mine), xi.ExchangeServer.from_record(real)
    for field in ("server_role", "object_class", "site", "data_path", "object_category", "exchange_version", "id"):
        assert getattr(one, field) == getattr(other, field)
    assert {each.lower() for each in one.network_address or ()} == {
        each.lower() for each in other.network_address or ()
    }
