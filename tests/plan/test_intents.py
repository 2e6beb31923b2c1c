"""Desired states by their intent: enabled, disabled, with another certificate, and like another server."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pytest
from hypothesis import given

import exchange_imap as xi
from exchange_imap._plan.own import is_own
from exchange_imap._plan.plan import make_plan
from exchange_imap.testing import FakeExchange, NewCertificate
from exchange_imap.testing.directory import INSTALLED
from support.examples import share
from support.plans import legal_states

MAIL = NewCertificate(("mail.contoso.com", "imap.contoso.com"))
WILD = NewCertificate(("*.contoso.com",))
EXTERNAL = ["mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS"]


@pytest.fixture
def fake() -> FakeExchange:
    """Return two new servers."""
    return FakeExchange(servers=["MBX01", "MBX02"])


def connect(fake: FakeExchange, name: str = "MBX01") -> xi.ImapServer:
    """Connect both endpoints of a server."""
    return xi.ImapServer(name, exchange=fake.transport(), windows=fake.transport(server=name))


def reach(server: xi.ImapServer, desired: xi.DesiredState) -> list[str]:
    """Apply the desired state, which then leaves nothing to do, and return the commands without the server's name."""
    outcome = server.apply(server.plan(desired))
    assert not server.plan(attrs.evolve(desired, restart=False))
    return [str(step.command).replace(f" -Server {server.name}", "") for step in outcome.applied]


# -- enabled and disabled --------------------------------------------------------------------------------------------


def test_enabling_may_state_where_clients_send(fake: FakeExchange) -> None:
    """The document's fourth step, for the connector through which clients send."""
    outcome = connect(fake).enable(external=EXTERNAL, certificate="mail.contoso.com", smtp="mail.contoso.com")

    connector = fake.server("MBX01").connectors["Client Frontend MBX01"]
    assert len(outcome.applied) == 6
    assert (connector.fqdn, connector.advertise_client_settings) == ("mail.contoso.com", True)


def test_a_disabled_server_is_as_it_was_installed(fake: FakeExchange) -> None:
    """But for the name of the certificate, which may stay."""
    server = connect(fake)
    installed = server.state()
    server.enable(external=EXTERNAL)

    commands = reach(server, xi.DesiredState.disabled())

    assert commands == [
        "Set-ImapSettings -ExternalConnectionSettings @()",
        "Set-Service MSExchangeImap4 -StartupType Manual",
        "Set-Service MSExchangeIMAP4BE -StartupType Manual",
        "Stop-Service MSExchangeImap4",
        "Stop-Service MSExchangeIMAP4BE",
    ]
    assert server.state().same(installed)


# -- another certificate ---------------------------------------------------------------------------------------------


def test_a_certificate_is_enabled_named_presented_and_the_services_restart(fake: FakeExchange) -> None:
    """The whole rollover is one plan, and the second one is empty."""
    certificate = fake.server("MBX01").add_certificate(MAIL)
    server = connect(fake)
    server.enable(external=EXTERNAL)
    tls = str(certificate.tls_certificate_name)

    commands = reach(
        server, xi.DesiredState.certificate(certificate.thumbprint, name="imap.contoso.com", tls_certificate_name=tls)
    )

    assert commands == [
        f"Enable-ExchangeCertificate -Thumbprint {certificate.thumbprint} -Services IMAP,SMTP -Force",
        "Set-ImapSettings -X509CertificateName imap.contoso.com",
        rf'Set-ReceiveConnector -Identity "MBX01\Client Frontend MBX01" -TlsCertificateName "{tls}"',
        "Restart-Service MSExchangeImap4",
        "Restart-Service MSExchangeIMAP4BE",
    ]


def test_a_certificate_that_is_enabled_for_imap_brings_its_name(fake: FakeExchange) -> None:
    """Nothing else has to be stated."""
    certificate = fake.server("MBX01").add_certificate(MAIL)
    server = connect(fake)
    server.enable(external=EXTERNAL)

    commands = reach(server, xi.DesiredState.certificate(certificate.thumbprint))

    assert [command.partition(" ")[0] for command in commands] == [
        "Enable-ExchangeCertificate",
        "Restart-Service",
        "Restart-Service",
    ]
    assert server.settings().x509_certificate_name == "mail.contoso.com"


@pytest.mark.parametrize("services", [(), ["SMTP"]], ids=["none", "SMTP"])
def test_a_wildcard_certificate_is_named_and_the_services_restart(fake: FakeExchange, services: Sequence[str]) -> None:
    """Also where it has the name of the one before: no setting tells the services to read it."""
    certificate = fake.server("MBX01").add_certificate(WILD)
    server = connect(fake)
    server.enable(external=EXTERNAL, certificate="mail.contoso.com")
    desired = xi.DesiredState.certificate(certificate.thumbprint, services=services, name="mail.contoso.com")

    commands = reach(server, desired)

    assert desired.restart
    assert commands[-2:] == ["Restart-Service MSExchangeImap4", "Restart-Service MSExchangeIMAP4BE"]
    assert len(commands) == 2 + len(services)


def test_a_connector_may_be_named_and_a_restart_refused() -> None:
    """Each part of the rollover can be said."""
    tls = xi.TlsCertificateName("CN=CA", "CN=mail.contoso.com")

    desired = xi.DesiredState.certificate(
        "1" * 40, services=["POP"], connector="Relay", tls_certificate_name=tls, restart=False
    )

    assert desired.to_dict() == {
        "connectors": {"Relay": {"TlsCertificateName": "<I>CN=CA<S>CN=mail.contoso.com"}},
        "certificates": {"1" * 40: {"Services": ["POP"]}},
        "restart": False,
    }


# -- like another server ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "own"),
    [
        ("MBX01", True),
        ("mbx01.contoso.com", True),
        ("Welcome to mbx01!", True),
        (r"\\MBX01\Logs", True),
        ("https://mbx01.contoso.com/owa", True),
        ("MBX011", False),
        ("x-MBX01", False),
        ("mail.contoso.com", False),
        (xi.ConnectionSetting.parse("mbx01.contoso.com:993:SSL"), True),
        (xi.ConnectionSetting.parse("10.0.0.12:993:SSL"), True),
        (xi.ConnectionSetting.parse("mail.contoso.com:993:SSL"), False),
        (xi.Binding.parse("0.0.0.0:993"), False),
        (xi.Binding.parse("[::1]:993"), False),
        (xi.Binding.parse("10.0.0.12:993"), True),
        ((xi.Binding.parse("0.0.0.0:993"), xi.Binding.parse("[fe80::1]:993")), True),
        (xi.TlsCertificateName("CN=CA", "CN=MBX01"), True),
        (xi.TlsCertificateName("CN=MBX01 CA", "CN=mail.contoso.com"), False),
        (xi.TlsCertificateName("CN=CA", "O=Contoso"), False),
        (16, False),
        ((), False),
    ],
    ids=repr,
)
def test_a_value_is_of_one_host_if_it_names_it_or_one_address(value: object, own: bool) -> None:
    """What stands for every host's addresses is every host's."""
    assert is_own(value, "MBX01.contoso.com") is own


def test_a_server_is_made_like_another(fake: FakeExchange) -> None:
    """What names the first is not carried over; the second then needs nothing more, and the first never did."""
    first, model = connect(fake), fake.server("MBX01")
    certificate = model.add_certificate(MAIL)
    fake.server("MBX02").add_certificate(MAIL)
    first.enable(external=EXTERNAL, smtp="mail.contoso.com")
    first.apply(first.plan(xi.DesiredState.certificate(certificate.thumbprint)))
    model.components.set("ImapProxy", xi.ComponentStatus.Active, xi.ComponentRequester.Functional, INSTALLED)
    asked = xi.DesiredState.from_dict(
        {
            "connectors": {"Default Frontend MBX01": {}, "Client Frontend MBX01": {}},
            "certificates": {thumbprint: {"Services": []} for thumbprint in model.certificates},
            "components": {"ImapProxy": {"State": "Active", "Requester": "Functional"}},
            "mailboxes": {"kim@contoso.com": {}},
        }
    )
    state = first.state(asked)

    desired = xi.DesiredState.of(state)

    assert desired.settings is not None
    assert desired.settings.internal_connection_settings is xi.UNSET
    assert desired.settings.x509_certificate_name == "mail.contoso.com"
    assert desired.settings.server is xi.UNSET
    assert [connector.identity for connector in desired.connectors] == [xi.UNSET]
    assert desired.certificates == (xi.EnableExchangeCertificate(thumbprint=certificate.thumbprint, services=["IMAP"]),)
    assert [str(component.requester) for component in desired.components] == ["Functional"]
    assert [mailbox.identity for mailbox in desired.mailboxes] == ["kim@contoso.com"]
    assert not first.plan(desired)
    assert reach(connect(fake, "MBX02"), desired)


def test_what_a_service_cannot_be_asked_for_is_left_out(fake: FakeExchange) -> None:
    """One that is starting, one that runs and is Disabled, one whose start type no cmdlet sets."""
    state = connect(fake).state()
    one, other = state.services
    strange = attrs.evolve(
        state,
        services=(
            attrs.evolve(one, status=xi.ServiceStatus.StartPending, startup_type=xi.StartupType.parse("Boot")),
            attrs.evolve(other, status=xi.ServiceStatus.Running, startup_type=xi.StartupType.Disabled),
        ),
    )

    assert xi.DesiredState.of(strange).services == (
        xi.SetService(name="MSExchangeImap4"),
        xi.SetService(name="MSExchangeIMAP4BE", startup_type=xi.StartupType.Disabled),
    )


def test_a_request_of_whom_nobody_can_name_is_left_out(fake: FakeExchange) -> None:
    """The parameter takes the requesters that Exchange documents."""
    server = connect(fake)
    state = server.state(
        xi.DesiredState.from_dict({"components": {"ImapProxy": {"State": "Active", "Requester": "Functional"}}})
    )
    request = xi.ComponentRequest("Somebody", xi.ComponentStatus.Inactive, "now")
    component = attrs.evolve(state.components["ImapProxy"], local_states=(request,))

    desired = xi.DesiredState.of(attrs.evolve(state, components=xi.ByName({"ImapProxy": component})))

    assert desired.components == ()


def test_a_certificate_without_a_subject_is_left_out_of_imap(fake: FakeExchange) -> None:
    """Its names are alternative ones; Exchange enables it for SMTP."""
    certificate = fake.server("MBX01").add_certificate(MAIL)
    nameless = attrs.evolve(certificate, subject="", is_self_signed=False, services=("IMAP", "SMTP"))
    state = attrs.evolve(connect(fake).state(), certificates=xi.ByName({certificate.thumbprint: nameless}))

    desired = xi.DesiredState.of(state)

    assert [each.services for each in desired.certificates] == [(xi.CertificateService.SMTP,)]


@share(10)
@given(legal_states)
def test_law_a_server_is_like_itself(state: xi.ServerState) -> None:
    """Whatever it has: what is stated of it is so, and plain data."""
    desired = xi.DesiredState.of(state)

    assert not make_plan("MBX01", state, desired)
    assert xi.DesiredState.from_dict(desired.to_dict()) == desired
