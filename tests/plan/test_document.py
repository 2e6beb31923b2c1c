"""The whole document as one desired state: what differs is planned, nothing else, and the server converges.

The pairs of a state and a desired state are a table. Seven of them are wrong answers of the closest peer, a module for
PowerShell Desired State Configuration: wildcards as patterns, lists by their text, sizes by their text, and so on.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, FakeServer, NewCertificate, PsrpServer
from exchange_imap.testing.directory import INSTALLED
from support.document import connect as on
from support.examples import is_long
from support.lines import desire

IMAP = "MSExchangeImap4"
MAIL = NewCertificate(("mail.contoso.com", "imap.contoso.com"))
WILD = NewCertificate(("*.contoso.com",))
NAMELESS = NewCertificate(("Contoso Mail", "mail.contoso.com"))
T = MAIL.make().thumbprint
W = WILD.make().thumbprint
CONNECTOR = r"MBX01\Client Frontend MBX01"
Prepare = Callable[[FakeServer], object]


def store(**settings: object) -> Prepare:
    """Store settings before."""

    def prepare(server: FakeServer) -> None:
        server.stored = attrs.evolve(server.stored, **settings)  # type: ignore[arg-type]  # each under its own name

    return prepare


def connect(**properties: object) -> Prepare:
    """Change the document's connector before."""

    def prepare(server: FakeServer) -> None:
        name = "Client Frontend MBX01"
        server.connectors[name] = attrs.evolve(server.connectors[name], **properties)  # type: ignore[arg-type]  # as above

    return prepare


def run(server: FakeServer) -> None:
    """Start both services."""
    for name in xi.IMAP4_SERVICES:
        server.set_service(name, status=xi.ServiceStatus.Running)


def run_pop(server: FakeServer) -> None:
    """Start both services of POP3."""
    for name in POP3:
        server.set_service(name, status=xi.ServiceStatus.Running)


def certify(*certificates: NewCertificate) -> Prepare:
    """Put certificates on the server before."""

    def prepare(server: FakeServer) -> None:
        for each in certificates:
            server.add_certificate(each)

    return prepare


def ask(component: str, requester: str, state: str = "Inactive", *, remote: bool = True) -> Prepare:
    """Ask for a state of a component before."""

    def prepare(server: FakeServer) -> None:
        status, who = xi.ComponentStatus.parse(state), xi.ComponentRequester.parse(requester)
        server.components.set(component, status, who, INSTALLED, remote=remote)

    return prepare


def _(server: FakeServer) -> None:
    """Leave the server as it was installed."""


POP3 = ("MSExchangePop3", "MSExchangePOP3BE")
SET = "Set-ImapSettings"
OWN = "Set-ImapSettings -Server MBX01"
SMTP = 'Set-ReceiveConnector "Client Frontend MBX01"'
SENT = f'Set-ReceiveConnector -Identity "{CONNECTOR}"'
ENABLE = f"Enable-ExchangeCertificate -Thumbprint {T}"
STATE = "Set-ServerComponentState MBX01 -Component ImapProxy"
SENT_STATE = "Set-ServerComponentState -Identity MBX01 -Component ImapProxy"

# Before, desired, and the commands that are expected.
PAIRS: list[tuple[Prepare, list[str], list[str]]] = [
    # Settings: nothing where nothing differs in meaning.
    (_, [SET], []),
    (_, [f"{SET} -LoginType SecureLogin"], []),
    (_, [f"{SET} -SSLBindings '[0:0:0:0:0:0:0:0]:993','0.0.0.0:993'"], []),
    (_, [f"{SET} -SSLBindings 0.0.0.0:993,[::]:993"], []),
    (_, [f"{SET} -SSLBindings 0.0.0.0:993,[::]:993,[::]:993"], []),
    (_, [f"{SET} -LogPerFileSizeQuota 0B"], []),
    (_, [f"{SET} -AuthenticatedConnectionTimeout 00:30:00"], []),
    (_, [f"{SET} -X509CertificateName mbx01"], []),
    (_, [f"{SET} -ExternalConnectionSettings $null"], []),
    (_, [f"{SET} -OwaServerUrl $null"], []),
    (store(owa_server_url="https://mail.contoso.com/owa"), [f"{SET} -OwaServerUrl HTTPS://MAIL.contoso.com/owa"], []),
    (store(log_per_file_size_quota="1 MB (1,048,576 bytes)"), [f"{SET} -LogPerFileSizeQuota 1MB"], []),
    (store(external_connection_settings="h:143"), [f"{SET} -ExternalConnectionSettings h:143:"], []),
    (store(external_connection_settings="h:143"), [f"{SET} -ExternalConnectionSettings @{{Add='h:143'}}"], []),
    (_, [f"{SET} -ExternalConnectionSettings @{{Remove='h:143'}}"], []),
    # Settings: exactly what differs.
    (_, [f"{SET} -Banner x -LoginType SecureLogin"], [f"{OWN} -Banner x"]),
    (_, [f"{SET} -Banner ''"], [f'{OWN} -Banner ""']),
    (_, [f"{SET} -ExternalConnectionSettings h:993:SSL"], [f'{OWN} -ExternalConnectionSettings "h:993:SSL"']),
    (
        store(external_connection_settings="a:993:SSL"),
        [f"{SET} -ExternalConnectionSettings @{{Add='b:993:SSL'}}"],
        [f'{OWN} -ExternalConnectionSettings "a:993:SSL","b:993:SSL"'],
    ),
    (
        store(external_connection_settings="a:993:SSL"),
        [f"{SET} -ExternalConnectionSettings @()"],
        [f"{OWN} -ExternalConnectionSettings @()"],
    ),
    (
        _,
        [f"{SET} -DomainController dc01.contoso.com -Banner x"],
        [f"{OWN} -Banner x -DomainController dc01.contoso.com"],
    ),
    (_, [f"{SET} -MaxConnectionsPerUser 32"], [f"{OWN} -MaxConnectionsPerUser 32"]),
    (run, [f"{SET} -Banner x"], [f"{OWN} -Banner x", f"Restart-Service {IMAP}", f"Restart-Service {IMAP}BE".upper()]),
    # The peer's seven.
    (
        store(x509_certificate_name="*.contoso.com"),
        [f"{SET} -X509CertificateName mail.contoso.com"],
        [f"{OWN} -X509CertificateName mail.contoso.com"],
    ),  # the server's value was taken for a pattern
    (store(banner="[x]"), [f"{SET} -Banner '[x]'"], []),  # a text in brackets never equalled itself
    (
        store(external_connection_settings=("a:993:SSL", "b:993:SSL")),
        [f"{SET} -ExternalConnectionSettings a:993:SSL,a:993:SSL"],
        [f'{OWN} -ExternalConnectionSettings "a:993:SSL"'],
    ),  # as long as the server's, and each in it
    (store(external_connection_settings="h:143"), [f"{SET} -ExternalConnectionSettings 'h:143:'"], []),  # for ever
    (store(ssl_bindings="[::]:993"), [f"{SET} -SSLBindings [0:0:0:0:0:0:0:0]:993"], []),  # for ever
    (store(log_per_file_size_quota="2MB"), [f"{SET} -LogPerFileSizeQuota 2097152"], []),  # sizes compared as text
    (_, [f"{SMTP} -AuthMechanism Tls,Integrated,BasicAuth,BasicAuthRequireTLS"], []),  # joined without a separator
    # Services.
    (_, ["Set-Service MSExchangeIMAP4 -StartupType Manual"], []),
    (_, ["Set-Service MSExchangeIMAP4 -Status Stopped"], []),
    (_, ["Set-Service msexchangeimap4 -Status Running"], [f"Start-Service {IMAP}"]),
    (run, ["Set-Service MSExchangeIMAP4 -Status Running"], []),
    (run, ["Set-Service MSExchangeIMAP4 -Status Stopped"], [f"Stop-Service {IMAP}"]),
    (
        _,
        ["Set-Service MSExchangeIMAP4 -StartupType Automatic -Status Running"],
        [f"Set-Service {IMAP} -StartupType Automatic", f"Start-Service {IMAP}"],
    ),
    (
        lambda server: server.set_service(IMAP, startup_type=xi.StartupType.Disabled),
        ["Set-Service MSExchangeIMAP4 -StartupType Manual -Status Running"],
        [f"Set-Service {IMAP} -StartupType Manual", f"Start-Service {IMAP}"],
    ),
    (
        run,
        ["Set-Service MSExchangeIMAP4 -StartupType Disabled -Status Stopped"],
        [f"Set-Service {IMAP} -StartupType Disabled", f"Stop-Service {IMAP}"],
    ),
    # Connectors.
    (_, [SMTP], []),
    (_, [f"{SMTP} -Fqdn MBX01.contoso.com"], []),
    (_, [f"{SMTP} -AdvertiseClientSettings $false"], []),
    (_, [f"{SMTP} -MaxMessageSize 36MB"], []),
    (_, [f"{SMTP} -ConnectionTimeout 00:10:00"], []),
    (_, [f"{SMTP} -Bindings 0.0.0.0:587,[::]:587"], []),
    (_, [f"{SMTP} -PermissionGroups ExchangeUsers"], []),
    (connect(permission_groups="ExchangeUsers, Custom"), [f"{SMTP} -PermissionGroups ExchangeUsers"], []),
    (_, [f"{SMTP} -Fqdn mail.contoso.com"], [f"{SENT} -Fqdn mail.contoso.com"]),
    (
        _,
        ['Set-ReceiveConnector "client frontend mbx01" -Comment x'],
        [f"{SENT} -Comment x".replace("Client F", "client f")],
    ),
    (_, [r'Set-ReceiveConnector "mbx01\Client Frontend MBX01" -Comment x'], [f"{SENT} -Comment x"]),
    (
        _,
        [f"{SMTP} -AdvertiseClientSettings $true -TlsCertificateName '<I>CN=x<S>CN=y' -Fqdn mail.contoso.com"],
        [f'{SENT} -Fqdn mail.contoso.com -TlsCertificateName "<I>CN=x<S>CN=y" -AdvertiseClientSettings $true'],
    ),
    (
        _,
        ['Set-ReceiveConnector "Default Frontend MBX01" -Comment a', f"{SMTP} -Comment b"],
        [
            r'Set-ReceiveConnector -Identity "MBX01\Default Frontend MBX01" -Comment a',
            f"{SENT} -Comment b",
        ],
    ),
    # Certificates.
    (certify(MAIL), [f"{ENABLE} -Services None"], []),
    (certify(attrs.evolve(MAIL, services=(xi.CertificateService.IMAP,))), [f"{ENABLE} -Services IMAP"], []),
    (certify(MAIL), [f"{ENABLE} -Services IMAP"], [f"{ENABLE} -Services IMAP -Server MBX01"]),
    (
        certify(MAIL),
        [f"Enable-ExchangeCertificate {T.lower()} -Services IMAP"],
        [f"{ENABLE} -Services IMAP -Server MBX01"],
    ),
    (certify(MAIL), [f"{ENABLE} -Services SMTP"], [f"{ENABLE} -Services SMTP -Server MBX01 -Force"]),
    (
        certify(attrs.evolve(MAIL, services=(xi.CertificateService.SMTP,))),
        [f"{ENABLE} -Services SMTP,POP"],
        [f"{ENABLE} -Services POP -Server MBX01"],
    ),
    (
        certify(MAIL),
        [f"{ENABLE} -Services IIS -DoNotRequireSsl"],
        [f"{ENABLE} -Services IIS -Server MBX01 -DoNotRequireSsl"],
    ),
    (
        lambda server: [prepare(server) for prepare in (run, certify(MAIL))],
        [f"{ENABLE} -Services IMAP"],
        [f"{ENABLE} -Services IMAP -Server MBX01", f"Restart-Service {IMAP}", "RESTART-SERVICE MSEXCHANGEIMAP4BE"],
    ),
    (
        certify(MAIL),
        [f"{ENABLE} -Services IMAP", f"{SET} -X509CertificateName mail.contoso.com"],
        [f"{ENABLE} -Services IMAP -Server MBX01", f"{OWN} -X509CertificateName mail.contoso.com"],
    ),  # enabling may store another name
    (
        certify(MAIL),
        [f"{ENABLE} -Services IMAP", f"{SET} -X509CertificateName mbx01.contoso.com"],
        [f"{ENABLE} -Services IMAP -Server MBX01", f"{OWN} -X509CertificateName mbx01.contoso.com"],
    ),
    (
        certify(WILD),
        [f"Enable-ExchangeCertificate {W} -Services IIS", f"{SET} -X509CertificateName mail.contoso.com"],
        [
            f"Enable-ExchangeCertificate -Thumbprint {W} -Services IIS -Server MBX01",
            f"{OWN} -X509CertificateName mail.contoso.com",
        ],
    ),
    (
        certify(MAIL),
        [f"{ENABLE} -Services POP", "Set-PopSettings -X509CertificateName mail.contoso.com"],
        [
            f"{ENABLE} -Services POP -Server MBX01",
            "Set-PopSettings -Server MBX01 -X509CertificateName mail.contoso.com",
        ],
    ),
    # POP3.
    (_, ["Set-PopSettings -LoginType SecureLogin -MessageRetrievalSortOrder Ascending"], []),
    (
        _,
        ["Set-PopSettings -Banner x", "Set-Service msexchangepop3 -Status Running", "Set-Service MSExchangePOP3BE"],
        ["Set-PopSettings -Server MBX01 -Banner x", "Start-Service MSExchangePop3"],
    ),
    (
        run_pop,
        ["Set-PopSettings -Banner x"],
        ["Set-PopSettings -Server MBX01 -Banner x", *(f"Restart-Service {name}" for name in POP3)],
    ),
    # Components.
    (_, [f"{STATE} -State Active -Requester Functional"], []),
    (ask("ImapProxy", "HealthAPI"), [f"{STATE} -State Active -Requester Functional"], []),
    (ask("ImapProxy", "HealthAPI", "Active"), [f"{STATE} -State Active -Requester HealthAPI"], []),
    (
        ask("ImapProxy", "HealthAPI"),
        [f"{STATE} -State Active -Requester HealthAPI"],
        [f"{SENT_STATE} -State Active -Requester HealthAPI"],
    ),
    (
        ask("ImapProxy", "HealthAPI", remote=False),
        [f"{STATE} -State Active -Requester HealthAPI"],
        [f"{SENT_STATE} -State Active -Requester HealthAPI"],
    ),
    (_, [f"{STATE} -State Inactive -Requester Maintenance"], [f"{SENT_STATE} -State Inactive -Requester Maintenance"]),
    (ask("ImapProxy", "Maintenance"), [f"{STATE} -State Inactive -Requester Maintenance"], []),
    (
        ask("ImapProxy", "Maintenance"),
        [f"{STATE} -State Draining -Requester Maintenance"],
        [f"{SENT_STATE} -State Draining -Requester Maintenance"],
    ),
]


def test_the_table_is_as_long_as_it_is_said_to_be() -> None:
    """At least sixty pairs."""
    assert len(PAIRS) >= 60


@pytest.mark.parametrize(("prepare", "lines", "commands"), PAIRS)
def test_a_plan_writes_exactly_what_differs(prepare: Prepare, lines: list[str], commands: list[str]) -> None:
    """Then the server is as desired, and a second plan has nothing to do."""
    fake = FakeExchange(servers=["MBX01"])
    prepare(fake.server("MBX01"))
    server = on(fake)
    desired = desire(*lines)

    plan = server.plan(desired)
    sent = [str(step.command) for step in plan.steps]
    outcome = server.apply(plan)

    assert [line.upper() for line in sent] == [line.upper() for line in commands]
    assert len(outcome.applied) == len(commands)
    assert not server.plan(desired)
    assert not on(fake).plan(desired)


EXTERNAL = "mail.contoso.com:993:SSL,mail.contoso.com:143:TLS"
DOCUMENT = (
    f"{SET} -ExternalConnectionSettings {EXTERNAL} -X509CertificateName mail.contoso.com",
    *(f"Set-Service {name} -StartupType Automatic -Status Running" for name in xi.IMAP4_SERVICES),
    f"{SMTP} -Fqdn mail.contoso.com -AdvertiseClientSettings $true",
    f"{ENABLE} -Services IMAP,SMTP",
    f"{STATE} -State Active -Requester Functional",
)


def serve(start_type: xi.StartupType, *statuses: xi.ServiceStatus) -> Prepare:
    """Give both services a start type and a status before."""

    def prepare(server: FakeServer) -> None:
        for name, status in zip(xi.IMAP4_SERVICES, statuses, strict=True):
            server.set_service(name, status=status, startup_type=start_type)

    return prepare


SERVICES = [
    serve(start_type, *statuses)
    for statuses in itertools.product((xi.ServiceStatus.Stopped, xi.ServiceStatus.Running), repeat=2)
    for start_type in (xi.StartupType.Manual, xi.StartupType.Automatic, xi.StartupType.Disabled)
]
SETTINGS = [
    _,
    store(x509_certificate_name="mail.contoso.com"),
    store(external_connection_settings=("mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS")),
]
CERTIFICATES = [
    certify(MAIL),
    certify(attrs.evolve(MAIL, services=(xi.CertificateService.IMAP,))),
    certify(attrs.evolve(MAIL, services=(xi.CertificateService.IMAP, xi.CertificateService.SMTP))),
]
CONNECTORS = [_, connect(fqdn="mail.contoso.com"), connect(fqdn="mail.contoso.com", advertise_client_settings=True)]
COMPONENTS = [_, ask("ImapProxy", "Functional"), ask("ImapProxy", "Functional", remote=False)]


@pytest.mark.law
@pytest.mark.parametrize("services", range(len(SERVICES)))
def test_law_the_document_is_reached_from_every_state_and_taken_back(services: int) -> None:
    """Each combination of services, start types, settings, certificate, connector and component: 972 in all.

    `make test` asks every eleventh of them.
    """
    rests = list(itertools.product(SETTINGS, CERTIFICATES, CONNECTORS, COMPONENTS))
    for rest in rests if is_long() else rests[services % 11 :: 11]:
        fake = FakeExchange(servers=["MBX01"])
        for prepare in (SERVICES[services], *rest):
            prepare(fake.server("MBX01"))
        desired, server = desire(*DOCUMENT), on(fake)
        before = server.state(desired)

        outcome = server.apply(server.plan(desired))

        assert not server.plan(desired)
        assert fake.server("MBX01").effective == fake.server("MBX01").stored
        back = server.apply(outcome.plan.reverse()).state
        assert back is not None
        assert attrs.evolve(back, certificates=before.certificates).same(before)


@pytest.mark.parametrize("services", range(0, len(SERVICES), 3))
def test_the_document_as_json_is_reached_over_the_network(services: int) -> None:
    """What a file has is read, applied over loopback PSRP, and nothing is left to do."""
    fake = FakeExchange(servers=["MBX01"])
    for prepare in (SERVICES[services], CERTIFICATES[0], CONNECTORS[services % 3], COMPONENTS[services % 2]):
        prepare(fake.server("MBX01"))
    text = json.dumps(desire(*DOCUMENT).to_dict())
    with PsrpServer(fake) as psrp, psrp.exchange() as exchange, psrp.windows() as windows:
        server, desired = (
            xi.ImapServer("MBX01", exchange=exchange, windows=windows),
            xi.DesiredState.from_dict(json.loads(text)),
        )

        outcome = server.apply(server.plan(desired))

        assert outcome.failed is None
        assert not server.plan(desired)
        assert server.state(desired).same(on(fake).state(desired))


def test_a_connector_that_is_not_named_is_the_document_s() -> None:
    """The one that clients send through."""
    server = on(FakeExchange(servers=["MBX01"]))

    plan = server.plan(xi.DesiredState(connectors=[xi.SetReceiveConnector(comment="x")]))

    assert [str(step.command) for step in plan.steps] == [f"{SENT} -Comment x"]
