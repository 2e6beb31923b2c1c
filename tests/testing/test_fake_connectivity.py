"""Clients of the fake: what Test-ImapConnectivity and the probes answer, and what a client does to the services."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, FakeServer, NewCertificate, NewMailbox
from support.fakes import ask, failure, read

KIM = xi.PSCredential("kim@contoso.com", "correct horse")
WILDCARD = NewCertificate(("*.contoso.com",))
MAIL = NewCertificate(("mail.contoso.com", "mbx01.contoso.com"))


@pytest.fixture
def fake() -> FakeExchange:
    """One server with IMAP4 enabled, and a certificate of an authority for its name."""
    fake = FakeExchange(servers=["MBX01"])
    server = fake.server("MBX01")
    thumbprint = server.add_certificate(MAIL).thumbprint
    ask(fake, xi.EnableExchangeCertificate(thumbprint=thumbprint, services=("IMAP", "POP")))
    for service in (*xi.IMAP4_SERVICES, "MSExchangePop3", "MSExchangePOP3BE"):
        server.set_service(service, status=xi.ServiceStatus.Running)
    return fake


@pytest.fixture
def server(fake: FakeExchange) -> FakeServer:
    """Return the server."""
    return fake.server("MBX01")


def outcome(fake: FakeExchange, **parameters: Any) -> xi.ConnectivityResult:  # Any: each parameter's own type
    """Test the connectivity."""
    stated = {"client_access_server": "MBX01", "light_mode": True, "mailbox_credential": KIM, **parameters}
    (found,) = read(xi.ConnectivityResult, fake, xi.TestImapConnectivity.build(stated))
    return found


class TestConnectivity:
    """Test-ImapConnectivity."""

    def test_succeeds(self, fake: FakeExchange) -> None:
        """With everything that a printed result has."""
        found = outcome(fake)

        assert found.succeeded
        assert (found.port, found.connection_type, found.secure_access) == (993, xi.ConnectionType.Ssl, True)
        assert (found.error, found.latency, found.milliseconds) == (None, timedelta(milliseconds=125), "125.00")
        assert (found.user_name, found.client_access_server) == ("kim@contoso.com", "mbx01.contoso.com")

    @pytest.mark.parametrize(
        ("parameters", "port"),
        [
            ({"connection_type": "Tls"}, 143),
            ({"connection_type": "Tls", "port_client_access_server": 143}, 143),
            ({"connection_type": "Ssl", "port_client_access_server": 993}, 993),
            ({"light_mode": False, "mailbox_server": "MBX01", "timeout": 60, "per_connection_timeout": 10}, 993),
        ],
        ids=str,
    )
    def test_succeeds_by_every_way_that_is_bound(
        self, fake: FakeExchange, parameters: dict[str, Any], port: int
    ) -> None:
        """STARTTLS on 143, TLS on 993."""
        found = outcome(fake, **parameters)

        assert (found.succeeded, found.port) == (True, port)

    @pytest.mark.parametrize(
        ("parameters", "error"),
        [
            ({"port_client_access_server": 1993}, "refused"),
            ({"port_client_access_server": 143}, "unexpected packet"),
            ({"connection_type": "Tls", "port_client_access_server": 993}, "expects TLS"),
            ({"connection_type": "Plaintext"}, "in clear"),
            ({"mailbox_credential": xi.PSCredential("kim", "wrong")}, "LOGIN failed"),
            ({"mailbox_credential": xi.PSCredential("nobody", "correct horse")}, "LOGIN failed"),
            ({"mailbox_credential": xi.PSCredential(r"contoso\Administrator", "correct horse")}, "LOGIN failed"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_fails_in_the_object(self, fake: FakeExchange, parameters: dict[str, Any], error: str) -> None:
        """And not among the command's errors."""
        found = outcome(fake, **parameters)

        assert (found.succeeded, found.latency, found.milliseconds) == (False, -timedelta(milliseconds=1), None)
        assert error in str(found.error)
        assert found.event_type == "Error"

    def test_has_no_test_user(self, fake: FakeExchange) -> None:
        """Without a credential it never connects."""
        (found,) = read(xi.ConnectivityResult, fake, xi.TestImapConnectivity())

        assert (found.port, found.user_name, found.succeeded) == (0, None, False)
        assert "New-TestCasConnectivityUser" in str(found.error)

    def test_a_mailbox_that_may_not_use_imap_does_not_log_in(self, fake: FakeExchange) -> None:
        """The server says no more than of a wrong password."""
        ask(fake, xi.SetCASMailbox(identity="kim", imap_enabled=False))

        assert outcome(fake).error == "NO LOGIN failed."

    @pytest.mark.parametrize(("service", "error"), [(0, "actively refused"), (1, "LOGIN failed")])
    def test_needs_both_services(self, fake: FakeExchange, server: FakeServer, service: int, error: str) -> None:
        """The front end to connect to, the backend to log in."""
        server.set_service(xi.IMAP4_SERVICES[service], status=xi.ServiceStatus.Stopped)

        assert error in str(outcome(fake).error)

    def test_a_message_needs_transport(self, fake: FakeExchange, server: FakeServer) -> None:
        """Only without -LightMode is one sent."""
        server.set_service("MSExchangeFrontEndTransport", status=xi.ServiceStatus.Stopped)

        assert outcome(fake).succeeded
        assert "message" in str(outcome(fake, light_mode=False).error)

    def test_meets_what_the_service_has_read(self, fake: FakeExchange, server: FakeServer) -> None:
        """A change counts after a restart."""
        ask(fake, xi.SetImapSettings(server="MBX01", ssl_bindings=("0.0.0.0:1993",), login_type="PlainTextLogin"))
        assert (outcome(fake).succeeded, outcome(fake, connection_type="Plaintext").succeeded) == (True, False)

        ask(fake, xi.RestartService(name=xi.IMAP4_SERVICES))
        assert (outcome(fake).succeeded, outcome(fake, connection_type="Plaintext").succeeded) == (False, True)
        assert outcome(fake, port_client_access_server=1993).succeeded
        assert not server.pending

    @pytest.mark.parametrize("name", ["MBX01", "mail.fabrikam.com"])
    def test_fails_with_a_certificate_that_does_not_fit(self, fake: FakeExchange, name: str) -> None:
        """Self-signed, or none for the name; the first is accepted by who trusts any."""
        ask(fake, xi.SetImapSettings(server="MBX01", x509_certificate_name=name))
        ask(fake, xi.RestartService(name=xi.IMAP4_SERVICES))

        assert "certificate" in str(outcome(fake).error)
        assert outcome(fake, trust_any_ssl_certificate=True).succeeded is (name == "MBX01")

    @pytest.mark.parametrize(
        ("certificate", "name", "succeeds"),
        [
            (WILDCARD, "imap.contoso.com", True),
            (NewCertificate(("imap.contoso.com", "mbx01.contoso.com")), "imap.contoso.com", False),
            (
                NewCertificate(("*.contoso.com",), not_after=datetime(2025, 1, 1, 9, 0, 1, tzinfo=UTC)),
                "a.contoso.com",
                False,
            ),
            (attrs.evolve(WILDCARD, has_private_key=False), "imap.contoso.com", False),
        ],
        ids=["wildcard", "not enabled", "expired", "no key"],
    )
    def test_a_service_offers_what_it_may(
        self, fake: FakeExchange, server: FakeServer, certificate: NewCertificate, name: str, succeeds: bool
    ) -> None:
        """A wildcard without being enabled for it, any other only then."""
        server.add_certificate(certificate)
        ask(fake, xi.SetImapSettings(server="MBX01", x509_certificate_name=name))
        ask(fake, xi.RestartService(name=xi.IMAP4_SERVICES))

        assert outcome(fake).succeeded is succeeds

    def test_the_services_stop_while_the_component_is_inactive(self, fake: FakeExchange, server: FakeServer) -> None:
        """As soon as a client connects; they do not start by themselves when it is active again."""
        request = {"identity": "MBX01", "component": "ImapProxy", "requester": "HealthAPI"}
        ask(fake, xi.SetServerComponentState.build({**request, "state": "Inactive"}))
        assert server.effective is not None

        assert "closed by the server" in str(outcome(fake).error)
        assert {str(server.service(name).status) for name in xi.IMAP4_SERVICES} == {"Stopped"}

        ask(fake, xi.SetServerComponentState.build({**request, "state": "Active"}))
        assert "actively refused" in str(outcome(fake).error)
        assert [entry.effect for entry in fake.log if not entry.write] == [True, False]
        ask(fake, xi.StartService(name=xi.IMAP4_SERVICES))
        assert outcome(fake).succeeded

    def test_with_what_if_nobody_connects(self, fake: FakeExchange) -> None:
        """And with -Confirm nobody answers."""
        assert ask(fake, xi.TestImapConnectivity(mailbox_credential=KIM, what_if=True)).records == ()
        reply = ask(fake, xi.TestImapConnectivity(mailbox_credential=KIM, confirm=True))

        assert reply.errors[0].fully_qualified_error_id == "HostException,Test-ImapConnectivity"

    @pytest.mark.parametrize("field", ["client_access_server", "mailbox_server"])
    def test_a_server_that_is_not_there_is_refused(self, fake: FakeExchange, field: str) -> None:
        """That is an error of the command."""
        command = xi.TestImapConnectivity.build({field: "MBX09", "mailbox_credential": KIM})

        assert failure(fake, command) == "Cmdlet-ManagementObjectNotFoundException"

    def test_what_the_fake_does_not_model_is_refused_as_its_own(self, fake: FakeExchange) -> None:
        """The events of monitoring, and the test user."""
        for switch in ("monitoring_context", "reset_test_account_credentials"):
            (error,) = ask(fake, xi.TestImapConnectivity.build({switch: True})).errors
            assert error.fully_qualified_error_id == "ParameterNotModelled,exchange_imap.testing"

    def test_a_session_goes_on_to_the_server_of_the_mailbox(self) -> None:
        """Whose backend has to run."""
        fake = FakeExchange(servers=["MBX01", "MBX02"], mailboxes=[NewMailbox("Kim Akers", server="MBX02")])
        fake.server("MBX01").set_service(xi.IMAP4_SERVICE, status=xi.ServiceStatus.Running)
        assert outcome(fake, trust_any_ssl_certificate=True).error == "NO LOGIN failed."

        fake.server("MBX02").set_service(xi.IMAP4_BACKEND_SERVICE, status=xi.ServiceStatus.Running)
        assert outcome(fake, trust_any_ssl_certificate=True).succeeded


class TestClients:
    """FakeExchange.connect."""

    @pytest.mark.parametrize(("protocol", "port"), [("IMAP4", 993), ("POP3", 995)])
    def test_a_client_connects(self, fake: FakeExchange, protocol: Literal["IMAP4", "POP3"], port: int) -> None:
        """And verifies the certificate if it has a name to do so."""
        assert fake.connect("mbx01", port=port, protocol=protocol) == ""
        assert fake.connect("MBX01", port=port, protocol=protocol, host="mail.contoso.com") == ""
        assert "invalid" in fake.connect("MBX01", port=port, protocol=protocol, host="imap.fabrikam.com")
        assert "refused" in fake.connect("MBX01", port=1, protocol=protocol)

    def test_the_services_of_one_protocol_stop_with_its_component(self, fake: FakeExchange, server: FakeServer) -> None:
        """And those of the other stay."""
        server.components.set(
            "PopProxy", xi.ComponentStatus.Inactive, xi.ComponentRequester.HealthAPI, datetime(2025, 1, 1, tzinfo=UTC)
        )

        assert "closed" in fake.connect("MBX01", port=110, encryption=xi.Encryption.TLS, protocol="POP3")
        assert (server.pop.effective, server.effective is None) == (None, False)

    def test_a_client_in_clear_needs_no_certificate(self, fake: FakeExchange, server: FakeServer) -> None:
        """It only sees the greeting."""
        server.certificates.clear()

        assert fake.connect("MBX01", port=143, encryption=None) == ""
        assert "no certificate" in fake.connect("MBX01")

    def test_a_service_that_starts_takes_no_client(self, fake: FakeExchange, server: FakeServer) -> None:
        """Nor one that stops."""
        server.set_service(xi.IMAP4_SERVICE, status=xi.ServiceStatus.StopPending)

        assert "refused" in fake.connect("MBX01")


class TestProbes:
    """Invoke-MonitoringProbe."""

    def probe(self, fake: FakeExchange, identity: str, **parameters: Any) -> tuple[object, object]:  # Any: as above
        """Run a probe, and return how it ended and why."""
        command = xi.InvokeMonitoringProbe.build({"identity": identity, "server": "MBX01", **parameters})
        (record,) = ask(fake, command).records
        return record.get("ResultType"), record.get("Error")

    @pytest.mark.parametrize(
        "identity",
        [r"IMAP.Protocol\ImapSelfTestProbe", r"imap.proxy\ImapProxyTestProbe", r"POP.Proxy\PopProxyTestProbe"],
    )
    def test_some_need_no_mailbox(self, fake: FakeExchange, identity: str) -> None:
        """They run on the server itself."""
        assert self.probe(fake, identity) == ("Succeeded", "")

    @pytest.mark.parametrize("identity", [r"IMAP\ImapCTPProbe", r"IMAP.Protocol\ImapDeepTestProbe", r"POP\PopCTPProbe"])
    def test_some_log_in(self, fake: FakeExchange, identity: str) -> None:
        """With the account that is named."""
        assert self.probe(fake, identity, account="kim", password="correct horse") == ("Succeeded", "")  # noqa: S106 - the fake's
        assert self.probe(fake, identity)[0] == "Failed"

    def test_the_proxy_test_needs_the_loopback_address(self, fake: FakeExchange, server: FakeServer) -> None:
        """Where no binding covers it, monitoring may take ImapProxy out of service."""
        server.stored = attrs.evolve(server.stored, ssl_bindings=("10.0.0.1:993",))
        ask(fake, xi.RestartService(name=xi.IMAP4_SERVICES))

        assert self.probe(fake, r"IMAP.Proxy\ImapProxyTestProbe") == (
            "Failed",
            "No connection could be made to 127.0.0.1.",
        )

    def test_each_needs_its_services(self, fake: FakeExchange, server: FakeServer) -> None:
        """The self test only the backend."""
        server.set_service(xi.IMAP4_SERVICE, status=xi.ServiceStatus.Stopped)
        assert self.probe(fake, r"IMAP.Proxy\ImapProxyTestProbe")[0] == "Failed"
        assert self.probe(fake, r"IMAP.Protocol\ImapSelfTestProbe")[0] == "Succeeded"

        server.set_service(xi.IMAP4_BACKEND_SERVICE, status=xi.ServiceStatus.Stopped)
        assert self.probe(fake, r"IMAP.Protocol\ImapSelfTestProbe") == (
            "Failed",
            "The service MSExchangeIMAP4BE doesn't run.",
        )

    @pytest.mark.parametrize("identity", [r"IMAP\ImapProxyTestProbe", "IMAP", r"EWS\EwsCtpProbe", r"IMAP\PopCTPProbe"])
    def test_another_is_refused(self, fake: FakeExchange, identity: str) -> None:
        """One of another health set, or of another protocol."""
        command = xi.InvokeMonitoringProbe(identity=identity, server="MBX01")

        assert failure(fake, command) == "Cmdlet-ArgumentException"
