"""One look at a server: all its parts, what is known of pending, and what is left where a part cannot be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, Fault, NewCertificate, PsrpServer, WireFault, WireFaultKind
from support.endpoints import WAYS, Pair

EXTERNAL = ("mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS")
FRONT, BACK = "MSExchangeImap4", "MSExchangeIMAP4BE"
PARTS = {"settings", "services", "components", "connectors", "certificates"}
IIS = "if Outlook on the web shows something older, restart IIS: net stop w3svc /y, then net start w3svc"


@pytest.fixture
def fake() -> FakeExchange:
    """Return a freshly installed server."""
    return FakeExchange(servers=["MBX01"])


def on_the_fake(fake: FakeExchange) -> xi.ImapServer:
    """Reach both endpoints in sessions of their own."""
    exchange = fake.transport(xi.Endpoint.EXCHANGE)
    return xi.ImapServer("MBX01", exchange=exchange, windows=fake.transport(xi.Endpoint.WINDOWS, server="MBX01"))


def texts(settings: tuple[xi.ConnectionSetting, ...] | None) -> list[str]:
    """Return settings that were read as text."""
    assert settings is not None
    return list(map(str, settings))


class TestAWholeServer:
    """Everything can be read."""

    @pytest.fixture(params=WAYS)
    def pair(self, request: pytest.FixtureRequest) -> Iterator[Pair]:
        """Open both endpoints in one of the ways."""
        with ExitStack() as stack:
            yield request.param(stack)

    def test_is_the_same_over_every_transport(self, pair: Pair) -> None:
        """Each part, as it is read by itself."""
        server = xi.ImapServer(pair.name, exchange=pair.exchange, windows=pair.windows)
        status = server.status()

        assert not status.errors
        assert (status.settings, status.services) == (server.settings(), server.services())
        assert status.connectors == server.read(xi.GetReceiveConnector(server=pair.name))
        assert status.certificates == server.read(xi.GetExchangeCertificate(server=pair.name))
        assert status.components is not None
        assert {name: str(each.state) for name, each in status.components.items()} == {
            "ImapProxy": "Active",
            "ServerWideOffline": "Active",
        }
        pair.settled()

    def test_takes_few_requests(self, fake: FakeExchange) -> None:
        """Two for each endpoint, beside those that open the sessions."""
        with (
            PsrpServer(fake) as psrp,
            xi.ImapServer("MBX01", exchange=psrp.exchange(), windows=psrp.windows()) as server,
        ):
            server.status()
            opened = sum(psrp.requests.values())
            server.status()

            assert opened <= 10
            assert sum(psrp.requests.values()) - opened == 4
        assert fake.writes == ()

    def test_tells_what_clients_are_told(self, fake: FakeExchange) -> None:
        """Outside, inside, for sending, and by Outlook on the web, which is what the fake's shows after a restart."""
        server = on_the_fake(fake)
        server.run(xi.SetImapSettings(server="MBX01", external_connection_settings=EXTERNAL))
        server.run(xi.SetReceiveConnector(identity=r"MBX01\Client Frontend MBX01", advertise_client_settings=True))
        fake.server("MBX01").set_service("W3SVC", status=xi.ServiceStatus.Stopped)
        fake.server("MBX01").set_service("W3SVC", status=xi.ServiceStatus.Running)
        status, web = server.status(), fake.server("MBX01").outlook_web

        assert texts(status.external) == list(EXTERNAL)
        assert texts(status.internal) == ["mbx01.contoso.com:993:SSL", "mbx01.contoso.com:143:TLS"]
        assert texts(status.submission) == ["mbx01.contoso.com:587:TLS"]
        assert texts(status.outlook_web) == ["mail.contoso.com:993:SSL"]
        assert web is not None
        assert (web.imap, web.smtp) == (status.outlook_web, status.submission)
        lines = str(status).split("\n")
        assert "  web         mail.contoso.com:993:SSL" in lines
        assert "              that hides mail.contoso.com:143:TLS" in lines
        assert f"              {IIS}" in lines

    def test_is_shown_in_short(self, fake: FakeExchange) -> None:
        """A line for each thing, and nothing about what is as it should be."""
        assert str(on_the_fake(fake).status()).split("\n") == [
            "MBX01",
            "  settings    stored; last written: 2025-01-01T09:00:00+00:00; LoginType SecureLogin",
            "  services    MSExchangeImap4 Stopped, Manual: it reads the settings when it starts",
            "              MSExchangeIMAP4BE Stopped, Manual: it reads the settings when it starts",
            "  components  ImapProxy Active",
            "              ServerWideOffline Active",
            "  certificate 757BA5C17776CBCF3AD9156C1B9087641E7EF03E, CN=MBX01, valid until 2029-12-31 09:00 UTC",
            "              the only one for MBX01",
            "  external    nothing",
            "  internal    mbx01.contoso.com:993:SSL, mbx01.contoso.com:143:TLS",
            "  sending     nothing",
            "  web         nothing",
            f"              {IIS}",
        ]

    def test_is_written_down(self, fake: FakeExchange) -> None:
        """As JSON, with what follows from the parts."""
        status = on_the_fake(fake).status()
        data: Any = json.loads(json.dumps(status.to_dict()))  # Any: JSON

        assert data["settings"]["LoginType"] == "SecureLogin"
        assert data["freshness"] == {FRONT: "STOPPED", BACK: "STOPPED"}
        assert [each["Component"] for each in data["components"]] == ["ImapProxy", "ServerWideOffline"]
        assert (len(data["services"]), len(data["connectors"]), len(data["certificates"])) == (2, 5, 3)
        assert data["certificate"] == "757BA5C17776CBCF3AD9156C1B9087641E7EF03E"
        assert data["certificate_note"] == "the only one for MBX01"
        assert (data["external"], data["submission"], data["outlook_web"]) == ([], [], [])
        assert data["internal"] == ["mbx01.contoso.com:993:SSL", "mbx01.contoso.com:143:TLS"]
        assert data["errors"] == {}


class TestWhetherTheServicesHaveReadTheSettings:
    """It is said only where it is known, and why."""

    def test_of_services_that_this_program_started(self, fake: FakeExchange) -> None:
        """They have what was stored then."""
        server = on_the_fake(fake)
        server.enable(external=EXTERNAL)
        status = server.status()

        assert dict(status.freshness) == {FRONT: xi.Freshness.UP_TO_DATE, BACK: xi.Freshness.UP_TO_DATE}
        assert "it has started since they were written" in str(status)

    def test_of_services_that_ran_when_settings_were_written(self, fake: FakeExchange) -> None:
        """They have older ones until they are restarted."""
        server = on_the_fake(fake)
        server.enable(external=EXTERNAL)
        server.run(xi.SetImapSettings(server="MBX01", banner="Welcome."))
        server.run(xi.StopService(name=(BACK,)))
        status = server.status()

        assert dict(status.freshness) == {FRONT: xi.Freshness.PENDING, BACK: xi.Freshness.STOPPED}
        assert status.pending == {FRONT.lower()}
        assert f"{FRONT} Running, Automatic: it has older settings: they were written after it had started" in str(
            status
        )

    def test_of_services_that_ran_before_this_program_looked(self, fake: FakeExchange) -> None:
        """Nobody tells that."""
        fake.server("MBX01").set_service(FRONT, status=xi.ServiceStatus.Running)
        status = on_the_fake(fake).status()

        assert status.freshness[FRONT] is xi.Freshness.UNKNOWN
        assert "whether it has read the stored settings is not known: no server tells that" in str(status)

    def test_is_not_known_where_the_settings_cannot_be_read(self, fake: FakeExchange) -> None:
        """Somebody may have written since."""
        server = on_the_fake(fake)
        server.enable(external=EXTERNAL)
        refusal = xi.ErrorRecord(message="no", category="PermissionDenied", fully_qualified_error_id="Refused")
        fake.fail(Fault(of="Get-ImapSettings", error=refusal))
        status = server.status()

        assert set(status.freshness.values()) == {xi.Freshness.UNKNOWN}
        assert list(status.errors) == ["settings"]


class TestTheCertificateInUse:
    """The one that X509CertificateName names, or why it is not known."""

    def status(self, fake: FakeExchange, name: str | None = "mail.contoso.com") -> xi.ServerStatus:
        """Look at a server whose settings name this certificate."""
        server = on_the_fake(fake)
        stored = fake.server("MBX01").stored
        fake.server("MBX01").imap.stored = attrs.evolve(stored, x509_certificate_name=name)
        return server.status()

    def test_is_the_only_one_for_its_name(self, fake: FakeExchange) -> None:
        """Among those that are enabled for IMAP and have their key."""
        imap = (xi.CertificateService.IMAP,)
        made = fake.server("MBX01").add_certificate(NewCertificate(("mail.contoso.com",), services=imap))
        fake.server("MBX01").add_certificate(NewCertificate(("mail.contoso.com", "x.contoso.com")))
        fake.server("MBX01").add_certificate(
            NewCertificate(("mail.contoso.com", "y.contoso.com"), services=imap, has_private_key=False)
        )
        status = self.status(fake)

        assert status.certificate is not None
        assert status.certificate.thumbprint == made.thumbprint
        assert status.certificate_note == "the only one for mail.contoso.com"

    def test_may_be_a_wildcard(self, fake: FakeExchange) -> None:
        """Which is never enabled for IMAP."""
        made = fake.server("MBX01").add_certificate(NewCertificate(("*.contoso.com",)))
        used = self.status(fake).certificate

        assert used is not None
        assert used.thumbprint == made.thumbprint

    def test_is_not_known_of_several(self, fake: FakeExchange) -> None:
        """All of them are shown."""
        imap = (xi.CertificateService.IMAP,)
        names = ("mail.contoso.com", "x.contoso.com")
        made = [fake.server("MBX01").add_certificate(NewCertificate(names[:count], services=imap)) for count in (1, 2)]
        status = self.status(fake)

        assert status.certificate is None
        assert status.certificate_note == "not known: 2 certificates are for mail.contoso.com and for IMAP"
        assert all(f"{each.thumbprint}, CN=mail.contoso.com, valid until" in str(status) for each in made)

    @pytest.mark.parametrize(
        ("name", "note"),
        [
            ("imap.fabrikam.com", "not known: no certificate is for imap.fabrikam.com and for IMAP"),
            ("", "not known: X509CertificateName is empty"),
            (None, "not known: X509CertificateName is empty"),
        ],
    )
    def test_is_not_known_of_none(self, fake: FakeExchange, name: str | None, note: str) -> None:
        """And the report says so."""
        status = self.status(fake, name)

        assert (status.certificate, status.certificate_note) == (None, note)
        assert f"  certificate {note}" in str(status)

    def test_may_be_enabled_for_what_the_server_does_not_tell(self) -> None:
        """Some sessions carry the bytes alone."""
        fake = FakeExchange(servers=["MBX01"], bare_certificates=True)
        status = self.status(fake, "MBX01")

        assert status.certificate is not None
        assert (
            status.certificate_note == "the only one for MBX01; the server does not tell whether it is enabled for IMAP"
        )

    @pytest.mark.parametrize(
        ("hidden", "note"),
        [
            (["Get-ImapSettings"], "not known: the settings could not be read"),
            (["Get-ExchangeCertificate"], "not known: the certificates could not be read"),
            (
                ["Get-ImapSettings", "Get-ExchangeCertificate"],
                "not known: the settings and the certificates could not be read",
            ),
        ],
    )
    def test_is_not_known_where_a_part_is_missing(self, hidden: list[str], note: str) -> None:
        """Which part that is, is said."""
        status = on_the_fake(FakeExchange(servers=["MBX01"], hidden=hidden)).status()

        assert (status.certificate, status.certificate_note) == (None, note)


class TestAPartThatCannotBeRead:
    """The others are there all the same, and the error of the part says why."""

    @pytest.mark.parametrize(
        ("hidden", "part"),
        [
            ("Get-ImapSettings", "settings"),
            ("Get-ServerComponentState", "components"),
            ("Get-ServerComponentState -Component", "components"),
            ("Get-ReceiveConnector", "connectors"),
            ("Get-ExchangeCertificate -Server", "certificates"),
        ],
    )
    @pytest.mark.parametrize("wire", [False, True], ids=["fake", "loopback"])
    def test_for_a_role(self, hidden: str, part: str, *, wire: bool) -> None:
        """Over loopback, where several reads go in one request, too."""
        fake = FakeExchange(servers=["MBX01"], hidden=[hidden])
        with PsrpServer(fake) as psrp, psrp.exchange() as exchange, psrp.windows() as windows:
            server = xi.ImapServer("MBX01", exchange=exchange, windows=windows) if wire else on_the_fake(fake)
            status = server.status()

        assert list(status.errors) == [part]
        assert isinstance(status.errors[part], xi.CommandError)
        assert {name for name in PARTS if getattr(status, name) is not None} == PARTS - {part}
        assert f"  not read    {part}: Get-" in str(status)
        data: Any = status.to_dict()  # Any: JSON
        assert data[part] is None
        assert data["errors"][part]["type"] == "CommandError"

    def test_without_a_transport(self, fake: FakeExchange) -> None:
        """For the services, or for everything else."""
        transport = fake.transport()
        services = xi.ImapServer("MBX01", windows=transport).status()
        others = xi.ImapServer("MBX01", exchange=transport).status()

        assert set(services.errors) == PARTS - {"services"}
        assert [name for name in PARTS if getattr(services, name) is not None] == ["services"]
        assert {type(error) for error in services.errors.values()} == {xi.EndpointError}
        assert (services.external, services.internal, services.submission, services.outlook_web) == (None,) * 4
        assert IIS not in str(services)
        assert list(others.errors) == ["services"]
        assert "Give ImapServer a transport as windows=." in str(others)

    def test_of_an_endpoint_that_breaks(self, fake: FakeExchange) -> None:
        """The other endpoint's parts are there."""
        with PsrpServer(fake) as psrp, psrp.exchange() as exchange, psrp.windows() as windows:
            server = xi.ImapServer("MBX01", exchange=exchange, windows=windows)
            server.services()
            psrp.fail(WireFault(kind=WireFaultKind.CUT_AFTER, action="Create"))
            status = server.status()

        assert set(status.errors) == PARTS - {"services"}
        assert all(isinstance(error, xi.TransportError) for error in status.errors.values())
        assert status.services is not None

    def test_for_an_answer_that_no_server_gives(self) -> None:
        """The part is refused, and not guessed."""

        class Nothing:
            """Answers no object to anything."""

            def run(self, pipeline: xi.Pipeline) -> xi.Reply:
                """Answer."""
                del pipeline
                return xi.Reply()

            def close(self) -> None:
                """Nothing is open."""

        status = xi.ImapServer("MBX01", exchange=Nothing(), windows=Nothing()).status()

        assert set(status.errors) == {"settings", "services", "components"}
        assert {type(error) for error in status.errors.values()} == {xi.UnexpectedReplyError}
        assert (status.connectors, status.certificates) == ((), ())

    def test_is_shown_without_what_acts_on_a_terminal(self, fake: FakeExchange) -> None:
        """An error has the server's words."""
        refusal = xi.ErrorRecord(message="no\x1b[2J\nMBX02", category="X", fully_qualified_error_id="Y")
        fake.fail(Fault(of="Get-ReceiveConnector", error=refusal))
        text = str(on_the_fake(fake).status())

        assert "\x1b" not in text
        assert text.rsplit("\n", maxsplit=1)[-1].startswith("  not read    connectors: ")
