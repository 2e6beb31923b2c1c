"""The contract of every transport for what is not settings and services: asked of each with the same questions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, PsrpServer
from support.endpoints import WAYS, Pair

CLIENTS = "Client Frontend {name}"


@pytest.fixture(params=WAYS)
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    """Open both endpoints of one server in one of the ways."""
    with ExitStack() as stack:
        yield request.param(stack)


@pytest.fixture
def server(pair: Pair) -> xi.ImapServer:
    """Return what a tool holds for the server."""
    return xi.ImapServer(pair.name, exchange=pair.exchange, windows=pair.windows)


def refused(server: xi.ImapServer, command: xi.Cmdlet) -> str | None:
    """Return the category of Exchange's failure."""
    with pytest.raises(xi.CommandError) as caught:
        server.run(command)
    return caught.value.records[0].failure_category


class TestReceiveConnectors:
    """Get- and Set-ReceiveConnector."""

    def test_come_back_typed(self, server: xi.ImapServer) -> None:
        """All five of a mailbox server, the one for mail clients among them."""
        found = map(xi.ReceiveConnector.from_record, server.run(xi.GetReceiveConnector(server=server.name)).records)

        assert CLIENTS.format(name=server.name) in {connector.name for connector in found}

    def test_change(self, server: xi.ImapServer) -> None:
        """What was written is what is stored, in whatever form it travels."""
        identity = f"{server.name}\\{CLIENTS.format(name=server.name)}"
        change = xi.SetReceiveConnector(
            identity=identity,
            fqdn="mail.contoso.com",
            advertise_client_settings=True,
            tls_certificate_name='<I>CN=Contoso CA, O="Contoso, Ltd"<S>CN=mail.contoso.com',
            auth_mechanism=("Tls", "BasicAuth", "BasicAuthRequireTLS"),
            max_message_size="50MB",
            max_inbound_connection="unlimited",
            connection_timeout="00:20:00",
            remote_ip_ranges=xi.ListEdit(add=("10.0.0.0/8",)),
            size_enabled="Disabled",
        )

        server.run(change)

        (record,) = server.run(xi.GetReceiveConnector(identity=identity)).records
        after = xi.ReceiveConnector.from_record(record)
        stated = after.to_cmdlet()
        for field in ("fqdn", "tls_certificate_name", "auth_mechanism", "max_message_size", "max_inbound_connection"):
            assert getattr(stated, field) == getattr(change, field)
        assert xi.IPRange.parse("10.0.0.0/8") in after.remote_ip_ranges
        assert xi.ReceiveConnector.parse(str(after)) == after

    def test_are_refused_what_cannot_be(self, server: xi.ImapServer) -> None:
        """Ids are what a program may go by."""
        identity = f"{server.name}\\{CLIENTS.format(name=server.name)}"

        assert refused(server, xi.GetReceiveConnector(identity="Nothing")) == "Cmdlet-ManagementObjectNotFoundException"
        assert refused(server, xi.SetReceiveConnector(identity=identity, chunking_enabled=False)) == (
            "Cmdlet-DataValidationException"
        )


class TestCertificates:
    """Get- and Enable-ExchangeCertificate."""

    def test_come_back_typed(self, server: xi.ImapServer) -> None:
        """The one that every service of a new server uses is there, with its bytes."""
        records = server.run(xi.GetExchangeCertificate(server=server.name)).records
        found = [each for each in map(xi.ExchangeCertificate.from_record, records) if each.covers(server.name)]

        assert any(each.is_self_signed and each.raw_data for each in found)

    def test_one_is_found_by_its_thumbprint(self, server: xi.ImapServer) -> None:
        """And told apart from one that is not there."""
        first = xi.ExchangeCertificate.from_record(server.run(xi.GetExchangeCertificate(server=server.name)).records[0])

        (again,) = server.run(xi.GetExchangeCertificate(thumbprint=first.thumbprint, server=server.name)).records
        assert xi.ExchangeCertificate.from_record(again) == first
        missing = xi.GetExchangeCertificate(thumbprint="0" * 40, server=server.name)
        assert refused(server, missing) == "Cmdlet-InvalidOperationException"

    def test_enabling_one_names_it_in_the_settings(self, server: xi.ImapServer) -> None:
        """The self-signed certificate of a new server, whose name is the server's."""
        records = server.run(xi.GetExchangeCertificate(server=server.name)).records
        mine = next(each for each in map(xi.ExchangeCertificate.from_record, records) if each.covers(server.name))
        server.run(xi.SetImapSettings(server=server.name, x509_certificate_name="mail.contoso.com"))

        server.run(xi.EnableExchangeCertificate(thumbprint=mine.thumbprint, services="IMAP", server=server.name))

        assert server.settings().x509_certificate_name == mine.tls_certificate_name.host


class TestComponents:
    """Get- and Set-ServerComponentState."""

    def test_come_back_typed(self, server: xi.ImapServer) -> None:
        """Every component, the one for IMAP4 among them."""
        records = server.run(xi.GetServerComponentState(identity=server.name)).records

        assert "ImapProxy" in {xi.ComponentState.from_record(record).component for record in records}

    def test_change_at_the_request_of_one(self, server: xi.ImapServer) -> None:
        """Who takes it back as well."""

        def request(state: str) -> xi.ComponentState:
            server.run(
                xi.SetServerComponentState(
                    identity=server.name, component="ImapProxy", state=state, requester="Sidelined"
                )
            )
            (record,) = server.run(xi.GetServerComponentState(identity=server.name, component="ImapProxy")).records
            return xi.ComponentState.from_record(record)

        inactive, active = request("Inactive"), request("Active")

        assert (str(inactive.state), str(active.state)) == ("Inactive", "Active")
        assert "Sidelined" in {each.requester for each in inactive.local_states or ()}
        assert xi.ComponentState.parse(str(inactive)) == inactive


class TestMailboxes:
    """Get- and Set-CASMailbox."""

    @pytest.fixture
    def identity(self, server: xi.ImapServer) -> str:
        """Return the name of a mailbox that is not the Administrator's."""
        found = map(xi.CASMailbox.from_record, server.run(xi.GetCASMailbox(result_size="unlimited")).records)
        return next(str(each.identity) for each in found if each.name != "Administrator")

    def test_change(self, server: xi.ImapServer, identity: str) -> None:
        """What was written is what is stored, in whatever form it travels."""
        server.run(
            xi.SetCASMailbox(
                identity=identity,
                imap_enabled=False,
                imap_messages_retrieval_mime_format="HtmlOnly",
                ews_allow_list=("Outlook*", "Mail"),
            )
        )

        (record,) = server.run(xi.GetCASMailbox(identity=identity, protocol_settings=True)).records
        after = xi.CASMailbox.from_record(record)
        assert (after.imap_enabled, after.ews_allow_list) == (False, ("Outlook*", "Mail"))
        assert after.imap_messages_retrieval_mime_format is xi.MimeTextFormat.HtmlOnly
        assert after.internal_imap_settings
        assert xi.CASMailbox.parse(str(after)) == after

    def test_are_refused_by_a_wrong_name(self, server: xi.ImapServer) -> None:
        """Ids are what a program may go by."""
        missing = xi.SetCASMailbox(identity="nobody@example.org", imap_enabled=False)

        assert refused(server, missing) == "Cmdlet-ManagementObjectNotFoundException"


def test_settings_of_pop3_change(server: xi.ImapServer) -> None:
    """As those of IMAP4 do."""
    change = xi.SetPopSettings(server=server.name, banner="Ready.", message_retrieval_sort_order="Descending")

    reply = server.run(change)

    (record,) = server.run(xi.GetPopSettings(server=server.name)).records
    after = xi.PopSettings.from_record(record)
    assert (after.banner, after.message_retrieval_sort_order) == ("Ready.", xi.SortOrder.Descending)
    assert any(server.name in warning for warning in reply.warnings)
    assert xi.PopSettings.parse(str(after)) == after


def test_a_server_says_what_it_is(server: xi.ImapServer) -> None:
    """Its name and version at least."""
    (record,) = server.run(xi.GetExchangeServer(identity=server.name, status=True)).records

    found = xi.ExchangeServer.from_record(record)
    assert found.name.lower() == server.name.lower().partition(".")[0]
    assert found.admin_display_version.product.startswith("Exchange Server")
    assert found.current_config_domain_controller
    assert xi.ExchangeServer.parse(str(found)) == found


class TestClients:
    """Test-ImapConnectivity and Invoke-MonitoringProbe."""

    @pytest.mark.parametrize("password", ["correct horse", "wrong"])
    def test_a_credential_travels_encrypted(self, server: xi.ImapServer, password: str) -> None:
        """And a login that fails is no error of the command."""
        credential = xi.PSCredential("kim@contoso.com", password)
        command = xi.TestImapConnectivity(
            client_access_server=server.name, light_mode=True, mailbox_credential=credential, connection_type="Ssl"
        )

        (record,) = server.run(command).records

        found = xi.ConnectivityResult.from_record(record)
        assert (found.user_name, found.succeeded) == ("kim@contoso.com", False)  # the services are stopped
        assert found.error
        assert xi.ConnectivityResult.parse(str(found)) == found

    def test_a_probe_answers(self, server: xi.ImapServer) -> None:
        """Whatever it finds."""
        reply = server.run(xi.InvokeMonitoringProbe(identity=r"IMAP.Protocol\ImapSelfTestProbe", server=server.name))

        assert [record.get("ResultType") for record in reply.records] == ["Failed"]


# Every object of the Exchange endpoint that a new server has, and the class of each.
OBJECTS = {
    xi.GetImapSettings(server="MBX01"): xi.ImapSettings,
    xi.GetPopSettings(server="MBX01"): xi.PopSettings,
    xi.GetReceiveConnector(server="MBX01"): xi.ReceiveConnector,
    xi.GetExchangeCertificate(server="MBX01"): xi.ExchangeCertificate,
    xi.GetServerComponentState(identity="MBX01"): xi.ComponentState,
    xi.GetCASMailbox(protocol_settings=True): xi.CASMailbox,
    xi.GetExchangeServer(identity="MBX01", status=True): xi.ExchangeServer,
    xi.TestImapConnectivity(client_access_server="MBX01"): xi.ConnectivityResult,
}


@pytest.mark.parametrize(("command", "cls"), OBJECTS.items(), ids=str)
def test_an_object_is_the_same_over_the_wire(command: xi.Cmdlet, cls: type[xi.Snapshot]) -> None:
    """As the fake itself answers it, type names, text and all."""
    whole = FakeExchange(servers=["MBX01"]).transport(xi.Endpoint.EXCHANGE).run(xi.Pipeline((command,)))

    with PsrpServer(FakeExchange(servers=["MBX01"])) as psrp, psrp.exchange() as transport:
        reply = transport.run(xi.Pipeline((command,)))

    assert psrp.errors == []
    assert reply.records
    assert list(map(cls.from_record, reply.records)) == list(map(cls.from_record, whole.records))
    assert [shape(record) for record in reply.records] == [shape(record) for record in whole.records]


def shape(record: xi.Record) -> tuple[tuple[str, ...], list[str]]:
    """Return types and text, whose line ends XML does not keep."""
    return record.type_names, (record.text or "").splitlines()
