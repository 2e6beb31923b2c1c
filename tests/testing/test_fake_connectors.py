"""The fake's Receive connectors: what a new server has, how they are found, and what Set-ReceiveConnector refuses."""

from __future__ import annotations

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, NewServer
from support.captures import needs_captures, read_capture
from support.fakes import ask, failure, read

CLIENTS = r"MBX01\Client Frontend MBX01"


@pytest.fixture
def fake() -> FakeExchange:
    """Two servers."""
    return FakeExchange(servers=["MBX01", "MBX02"])


def client_frontend(fake: FakeExchange) -> xi.ReceiveConnector:
    """Return the connector for mail clients, as the directory has it."""
    return fake.server("MBX01").connectors["Client Frontend MBX01"]


class TestNewConnectors:
    """What a new server has."""

    def test_are_the_five_of_a_mailbox_server(self, fake: FakeExchange) -> None:
        """Each on its port."""
        found = {each.name: str(each.bindings[0]) for each in fake.server("MBX02").connectors.values()}

        assert found == {
            "Default MBX02": "[::]:2525",
            "Client Proxy MBX02": "[::]:465",
            "Default Frontend MBX02": "[::]:25",
            "Outbound Proxy Frontend MBX02": "[::]:717",
            "Client Frontend MBX02": "[::]:587",
        }

    def test_advertise_nothing_and_name_no_certificate(self, fake: FakeExchange) -> None:
        """Until an administrator says so."""
        connector = client_frontend(fake)

        assert not connector.advertise_client_settings
        assert connector.tls_certificate_name is None
        assert connector.fqdn == "mbx01.contoso.com"

    @needs_captures
    def test_are_those_of_a_real_server(self) -> None:
        """Setting by setting, but for the order of bindings and what its owner changed for Exchange Online."""
        real = xi.ReceiveConnector.all_from_clixml(read_capture("get-receiveconnector"))
        name = real[0].server
        made = FakeExchange(servers=[NewServer(name, domain="exlab.dom")]).servers[0].connectors

        for connector in real:
            mine = made[connector.name]
            assert set(differences(connector, mine)) <= {"bindings", "tls_certificate_name", "tls_domain_capabilities"}
            assert set(connector.bindings) == set(mine.bindings)

    @needs_captures
    def test_have_the_properties_of_a_real_server(self, fake: FakeExchange) -> None:
        """All but the four that the client adds."""
        (record, *_) = xi.read_clixml(read_capture("get-receiveconnector"))
        (mine,) = ask(fake, xi.GetReceiveConnector(identity=CLIENTS)).records

        added = {"PSComputerName", "RunspaceId", "PSShowComputerName", "SerializationData"}
        assert set(mine.properties) == set(record.properties) - added
        assert mine.type_names == record.type_names


def differences(real: xi.ReceiveConnector, mine: xi.ReceiveConnector) -> list[str]:
    """Return the settings in which two connectors differ; texts without regard to case."""
    fields = [f.name for f in attrs.fields(xi.SetReceiveConnector) if hasattr(real, f.name)]
    texts = {field: (str(getattr(real, field)).lower(), str(getattr(mine, field)).lower()) for field in fields}
    return [field for field, (one, other) in texts.items() if one != other and field != "identity"]


class TestFindingConnectors:
    """What -Identity and -Server take."""

    @pytest.mark.parametrize("identity", ["Client Frontend MBX01", CLIENTS, CLIENTS.lower(), "guid", "dn"])
    def test_one_is_found_by_each_of_its_names(self, fake: FakeExchange, identity: str) -> None:
        r"""Name, ``Server\Name``, GUID and distinguished name, in any case."""
        connector = client_frontend(fake)
        names = {"guid": str(connector.guid), "dn": str(connector.distinguished_name)}

        assert read(xi.ReceiveConnector, fake, xi.GetReceiveConnector(identity=names.get(identity, identity))) == [
            connector
        ]
        assert fake.log[-1].server == "MBX01"

    @pytest.mark.parametrize(
        ("command", "count"),
        [
            (xi.GetReceiveConnector(), 10),
            (xi.GetReceiveConnector(server="mbx02.contoso.com"), 5),
            (xi.GetReceiveConnector(identity="Client Frontend*"), 2),
            (xi.GetReceiveConnector(identity=r"MBX01\*Frontend*"), 3),
            (xi.GetReceiveConnector(identity="Client?Proxy MBX0?"), 2),
            (xi.GetReceiveConnector(identity="Nothing*"), 0),
        ],
        ids=str,
    )
    def test_several_are_found(self, fake: FakeExchange, command: xi.GetReceiveConnector, count: int) -> None:
        """A name with a wildcard is searched for on every server of the organisation."""
        assert len(read(xi.ReceiveConnector, fake, command)) == count

    @pytest.mark.parametrize(
        "command",
        [
            xi.GetReceiveConnector(identity="Client Frontend"),
            xi.GetReceiveConnector(identity="[C]lient Frontend MBX01"),
            xi.GetReceiveConnector(server="MBX03"),
            xi.SetReceiveConnector(identity="Client Frontend MBX03", enabled=False),
            xi.SetReceiveConnector(identity="Client Frontend*", enabled=False),
        ],
        ids=str,
    )
    def test_what_is_not_there_is_refused(self, fake: FakeExchange, command: xi.Cmdlet) -> None:
        """And nothing else changes."""
        assert failure(fake, command) == "Cmdlet-ManagementObjectNotFoundException"
        assert not fake.log[-1].effect

    def test_a_name_of_two_is_refused(self, fake: FakeExchange) -> None:
        """Two servers may each have a connector of one name."""
        for server in fake.servers:
            ask(fake, xi.SetReceiveConnector(identity=rf"Default {server.name}", name="Inbound"))

        assert failure(fake, xi.SetReceiveConnector(identity="Inbound", enabled=False)) == (
            "Cmdlet-ManagementObjectAmbiguousException"
        )
        assert len(read(xi.ReceiveConnector, fake, xi.GetReceiveConnector(identity="Inbound"))) == 2


class TestChangingAConnector:
    """Set-ReceiveConnector."""

    def test_stores_what_is_stated(self, fake: FakeExchange) -> None:
        """And says nothing: only settings of IMAP4 and POP3 need a restart."""
        change = xi.SetReceiveConnector(
            identity=CLIENTS,
            fqdn="mail.contoso.com",
            advertise_client_settings=True,
            tls_certificate_name="<I>CN=Contoso CA<S>CN=mail.contoso.com",
            auth_mechanism=("BasicAuthRequireTLS", "BasicAuth", "Tls"),
            remote_ip_ranges=xi.ListEdit(add=("10.0.0.0/8",), remove=("0.0.0.0-255.255.255.255",)),
            transport_role="HubTransport",
            comment="",
        )

        reply = ask(fake, change)

        after = client_frontend(fake)
        assert reply == xi.Reply()
        assert (after.fqdn, after.advertise_client_settings) == ("mail.contoso.com", True)
        assert after.auth_mechanism == tuple(map(xi.AuthMechanism.parse, ("Tls", "BasicAuth", "BasicAuthRequireTLS")))
        assert [str(each) for each in after.remote_ip_ranges][1:] == ["10.0.0.0/8"]
        assert after.transport_role == (xi.ServerRole.HubTransport,)
        assert after.comment is None
        assert after.when_changed != after.when_created

    def test_takes_a_name_off_again(self, fake: FakeExchange) -> None:
        """``$null`` empties what may be empty."""
        ask(fake, xi.SetReceiveConnector(identity=CLIENTS, service_discovery_fqdn="mail.contoso.com"))
        ask(fake, xi.SetReceiveConnector(identity=CLIENTS, service_discovery_fqdn=None, fqdn=None))

        assert (client_frontend(fake).service_discovery_fqdn, client_frontend(fake).fqdn) == (None, None)

    def test_says_when_nothing_was_modified(self, fake: FakeExchange) -> None:
        """As every Set- does; the order in which flags are named is no change."""
        change = xi.SetReceiveConnector(
            identity=CLIENTS, auth_mechanism=("BasicAuthRequireTLS", "BasicAuth", "Integrated", "Tls")
        )

        reply = ask(fake, change)

        assert reply.warnings == (
            rf"The command completed successfully but no settings of '{CLIENTS}' have been modified.",
        )
        assert not fake.log[-1].effect

    def test_changes_nothing_with_what_if(self, fake: FakeExchange) -> None:
        """And asks nobody with -Confirm."""
        before = client_frontend(fake)

        assert ask(fake, xi.SetReceiveConnector(identity=CLIENTS, enabled=False, what_if=True)).errors == ()
        reply = ask(fake, xi.SetReceiveConnector(identity=CLIENTS, enabled=False, confirm=True))

        assert reply.errors[0].fully_qualified_error_id == "HostException,Set-ReceiveConnector"
        assert client_frontend(fake) == before

    def test_gives_it_another_name(self, fake: FakeExchange) -> None:
        """Under which it is found from then on."""
        ask(fake, xi.SetReceiveConnector(identity=CLIENTS, name="Submission"))

        (found,) = read(xi.ReceiveConnector, fake, xi.GetReceiveConnector(identity=r"mbx01\submission"))
        assert str(found.distinguished_name).startswith(
            "CN=Submission,CN=SMTP Receive Connectors,CN=Protocols,CN=MBX01"
        )
        assert found.identity == r"MBX01\Submission"
        assert "Client Frontend MBX01" not in fake.server("MBX01").connectors

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"connection_inactivity_timeout": "00:10:00"}, id="idle as long as connected"),
            pytest.param({"connection_timeout": "00:04:00"}, id="connected for less than idle"),
            pytest.param({"require_tls": True, "auth_mechanism": "Integrated"}, id="TLS wanted and not offered"),
            pytest.param({"auth_mechanism": ("Tls", "BasicAuthRequireTLS")}, id="Basic over TLS without Basic"),
            pytest.param({"auth_mechanism": ("BasicAuth", "BasicAuthRequireTLS")}, id="Basic over TLS without TLS"),
            pytest.param({"auth_mechanism": ("ExternalAuthoritative", "Integrated")}, id="external and another"),
            pytest.param({"auth_mechanism": "ExternalAuthoritative"}, id="external for users"),
            pytest.param({"domain_secure_enabled": True, "auth_mechanism": "Integrated"}, id="mutual TLS without TLS"),
            pytest.param({"chunking_enabled": False}, id="binary without chunks"),
            pytest.param({"banner": "SMTP"}, id="a greeting without its number"),
            pytest.param({"long_addresses_enabled": True}, id="long addresses at the front end"),
            pytest.param({"bindings": None}, id="no binding"),
            pytest.param({"remote_ip_ranges": ()}, id="nobody may connect"),
            pytest.param({"bindings": "0.0.0.0:25"}, id="another connector's binding"),
            pytest.param({"name": "default mbx01"}, id="another connector's name"),
            pytest.param({"bindings": ("0.0.0.0:588", "0.0.0.0:588")}, id="a binding twice"),
            pytest.param({"bindings": xi.ListEdit(remove=("0.0.0.0:588",))}, id="remove what is not there"),
            pytest.param({"bindings": xi.ListEdit(add=("[::]:587",))}, id="add what is there"),
        ],
    )
    def test_refuses_what_the_page_rules_out(self, fake: FakeExchange, change: dict[str, object]) -> None:
        """After which the connector is as it was."""
        before = dict(fake.server("MBX01").connectors)

        assert failure(fake, xi.SetReceiveConnector.build({"identity": CLIENTS, **change})) == (
            "Cmdlet-DataValidationException"
        )
        assert fake.server("MBX01").connectors == before

    def test_takes_the_same_binding_for_other_clients(self, fake: FakeExchange) -> None:
        """Two connectors may share a port if each is for others."""
        reply = ask(
            fake, xi.SetReceiveConnector(identity=CLIENTS, bindings="0.0.0.0:25", remote_ip_ranges="10.0.0.0/8")
        )

        assert reply.errors == ()

    @pytest.mark.parametrize(
        ("command", "error"),
        [
            (xi.Command("Set-ReceiveConnector"), "MissingMandatoryParameter"),
            (xi.Command("Set-ReceiveConnector", (xi.Parameter("Identity"),)), "MissingArgument"),
            (xi.parse("Set-ReceiveConnector x").to_command(), ""),  # type: ignore[union-attr]  # no pipe
        ],
        ids=["no identity", "no value", "whole"],
    )
    def test_must_name_a_connector(self, fake: FakeExchange, command: xi.Command, error: str) -> None:
        """No host is there to ask for the rest."""
        reply = fake.transport().run(xi.Pipeline((command,)))

        assert reply.errors[0].fully_qualified_error_id.startswith(error)

    def test_is_one_or_all_of_a_server(self, fake: FakeExchange) -> None:
        """-Identity and -Server are in different parameter sets."""
        both = (*xi.GetReceiveConnector(identity=CLIENTS).to_command().parameters,)
        command = xi.Command(
            "Get-ReceiveConnector", (*both, *xi.GetReceiveConnector(server="MBX01").to_command().parameters)
        )

        reply = fake.transport().run(xi.Pipeline((command,)))

        assert reply.errors[0].fully_qualified_error_id == "AmbiguousParameterSet,Get-ReceiveConnector"


def test_a_pipe_changes_the_connector_of_every_server(fake: FakeExchange) -> None:
    """As Microsoft's page warns."""
    pipe = xi.parse("Get-ReceiveConnector 'Client Frontend*' | Set-ReceiveConnector -AdvertiseClientSettings $true")
    assert isinstance(pipe, xi.Pipeline)

    assert fake.transport().run(pipe).errors == ()
    assert [
        server.connectors[f"Client Frontend {server.name}"].advertise_client_settings for server in fake.servers
    ] == [
        True,
        True,
    ]


@pytest.mark.parametrize("hidden", ["Set-ReceiveConnector", "set-receiveconnector  -fqdn"])
def test_a_role_hides_them_as_any_other(hidden: str) -> None:
    """The cmdlet or the parameter is not there."""
    fake = FakeExchange(servers=["MBX01"], hidden=[hidden])

    reply = ask(fake, xi.SetReceiveConnector(identity=CLIENTS, fqdn="mail.contoso.com"))

    assert reply.errors[0].fully_qualified_error_id.partition(",")[0] in {
        "CommandNotFoundException",
        "NamedParameterNotFound",
    }
    assert client_frontend(fake).fqdn == "mbx01.contoso.com"
