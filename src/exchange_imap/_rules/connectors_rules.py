"""Rules about Receive connectors: the name and the certificate that clients see, and the name that servers need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._cmdlets.certificates import ExchangeCertificate
from .._cmdlets.receive_connectors import ReceiveConnector, SetReceiveConnector
from .._finding import Severity
from .._span import Span
from .._values import AuthMechanism, CertificateService, is_host_name
from .certificate_names import best, has_name, tls_name_of
from .evidence import evidence_of, written
from .found import Found
from .registry import Example, PlanExample, StateExample, review_rule, state_rule
from .script import Script
from .situation import Situation

__all__: list[str] = []

_ADVERTISES: Final = "advertise_client_settings"
_NAMING: Final = ("fqdn", "tls_certificate_name")
_FOR_CLIENTS: Final = "client frontend "
"""How the name of the connector begins that a new server has for clients."""
_CLIENTS: Final = r"Set-ReceiveConnector 'MBX01\Client Frontend MBX01'"
_DEFAULT: Final = r"Set-ReceiveConnector 'MBX01\Default MBX01' -Fqdn mail.contoso.com"
_ADVERTISED: Final = f"{_CLIENTS} -Fqdn mail.contoso.com -AdvertiseClientSettings $true"
_NAME: Final = "-TlsCertificateName '<I>CN=Contoso CA<S>CN=imap.contoso.com'"


def _advertised(situation: Situation, *fields: str) -> Iterator[tuple[str, ReceiveConnector]]:
    """Yield the connectors to check that Outlook on the web shows to users, if one of the fields is in question."""
    for name, connector in situation.objects("connectors").items():
        if connector.advertise_client_settings and situation.checks("connectors", name, _ADVERTISES, *fields):
            yield name, connector


def _certificates(situation: Situation) -> list[ExchangeCertificate]:
    return list(situation.objects("certificates").values())


@state_rule(
    "connector-certificate",
    Severity.NOTE,
    "A connector that is advertised to clients without the name of its certificate.",
    PlanExample(
        desired=(_ADVERTISED,),
        instead=(_ADVERTISED, "Enable-ExchangeCertificate {0} -Services SMTP"),
    ),
    source="Microsoft Learn: Configure authenticated SMTP settings for POP3 and IMAP4 clients",
)
def connector_certificate(situation: Situation) -> Iterator[Found[str]]:
    """Yield each advertised connector for which Exchange chooses a certificate by the name, unless one is known."""
    unnamed = ((name, each) for name, each in _advertised(situation, *_NAMING) if not each.tls_certificate_name)
    for name, connector in unnamed:
        fitting = [each for each in _certificates(situation) if connector.fqdn and each.covers(connector.fqdn)]
        if any(_serves_smtp(each) for each in fitting):
            continue
        fitted = best((each for each in fitting if tls_name_of(each)), situation.moment)
        found = tls_name_of(fitted) if fitted else None
        named = str(found) if found else "<I>issuer<S>subject"
        reason = f"{name} is advertised without TlsCertificateName: Exchange chooses a certificate for its Fqdn"
        right = f"Write -TlsCertificateName {written(named)}"
        evidence = evidence_of(connector, "tls_certificate_name", "fqdn", "advertise_client_settings", "identity")
        fix = (SetReceiveConnector(identity=_identity(connector), tls_certificate_name=found),) if found else ()
        yield Found(reason, right, name, evidence, fix)


def _identity(connector: ReceiveConnector) -> str:
    """Return what names the connector to a command, whichever server it runs on."""
    return connector.identity or rf"{connector.server}\{connector.name}"


def _serves_smtp(certificate: ExchangeCertificate) -> bool:
    return CertificateService.SMTP in (certificate.services or ())


@state_rule(
    "connector-name",
    Severity.WARNING,
    "A connector that is advertised to clients with a name that its certificate does not have.",
    PlanExample(
        desired=(f"{_ADVERTISED} {_NAME}", "Enable-ExchangeCertificate {0} -Services SMTP"),
        instead=(
            f"{_ADVERTISED} {_NAME}".replace("-Fqdn mail", "-Fqdn imap"),
            "Enable-ExchangeCertificate {0} -Services SMTP",
        ),
        certificates=({"names": ("imap.contoso.com",)},),
    ),
    source="Microsoft Learn: Configure authenticated SMTP settings for POP3 and IMAP4 clients",
)
def connector_name(situation: Situation) -> Iterator[Found[str]]:
    """Yield each advertised connector whose certificate is known and does not have its name."""
    for name, connector in _advertised(situation, *_NAMING):
        used = [each for each in _certificates(situation) if has_name(each, connector.tls_certificate_name)]
        if connector.fqdn and used and not any(each.covers(connector.fqdn) for each in used):
            reason = f"{name}: {connector.fqdn} is no name of its certificate, {used[0].subject}: clients refuse it"
            evidence = (
                *evidence_of(connector, "fqdn", "tls_certificate_name", "identity"),
                *evidence_of(used[0], "certificate_domains"),
            )
            yield Found(reason, "Write one of its names, or use a certificate with this one", name, evidence)


@state_rule(
    "connector-disabled",
    Severity.WARNING,
    "A connector that is advertised to clients and disabled.",
    PlanExample(
        before=(f"{_CLIENTS} -Enabled $false",),
        desired=(_ADVERTISED,),
        instead=(f"{_ADVERTISED} -Enabled $true",),
    ),
    source="Microsoft Learn: Set-ReceiveConnector (-Enabled)",
)
def connector_disabled(situation: Situation) -> Iterator[Found[str]]:
    """Yield each advertised connector that takes no connections."""
    for name, connector in _advertised(situation, "enabled"):
        if not connector.enabled:
            reason = f"{name} is advertised and disabled: clients cannot send"
            fix = (SetReceiveConnector(identity=_identity(connector), enabled=True),)
            evidence = evidence_of(connector, "enabled", "advertise_client_settings", "identity")
            yield Found(reason, "Write -Enabled $true", name, evidence, fix)


@state_rule(
    "connector-without-tls",
    Severity.WARNING,
    "A connector that is advertised to clients and does not offer TLS.",
    PlanExample(
        before=(f"{_CLIENTS} -AuthMechanism Integrated,BasicAuth",),
        desired=(_ADVERTISED,),
        instead=(f"{_ADVERTISED} -AuthMechanism Tls,Integrated,BasicAuth",),
    ),
    source="Microsoft Learn: Set-ReceiveConnector (-AuthMechanism)",
)
def connector_without_tls(situation: Situation) -> Iterator[Found[str]]:
    """Yield each advertised connector where passwords and mail are not encrypted."""
    for name, connector in _advertised(situation, "auth_mechanism"):
        if AuthMechanism.Tls not in connector.auth_mechanism:
            reason = f"{name} is advertised and does not offer TLS: clients send passwords and mail in clear"
            mechanisms = (AuthMechanism.Tls, *connector.auth_mechanism)
            fix = (SetReceiveConnector(identity=_identity(connector), auth_mechanism=mechanisms),)
            evidence = evidence_of(connector, "auth_mechanism", "advertise_client_settings", "identity")
            yield Found(reason, f"Write -AuthMechanism {','.join(map(str, mechanisms))}", name, evidence, fix)


@review_rule(
    "connector-not-advertised",
    Severity.NOTE,
    "A connector for clients whose name and port Outlook on the web does not show.",
    StateExample(broken=(), right=(_ADVERTISED,)),
    source="Microsoft Learn: Configure authenticated SMTP settings for POP3 and IMAP4 clients",
)
def connector_not_advertised(situation: Situation) -> Iterator[Found[str]]:
    """Yield the connectors that are made for clients, if none is advertised of all that are known."""
    connectors = situation.objects("connectors")
    if any(connector.advertise_client_settings for connector in connectors.values()):
        return
    outside = {setting.host for setting in getattr(situation.settings, "external_connection_settings", ())}
    for name, connector in connectors.items():
        if connector.name.casefold().startswith(_FOR_CLIENTS):
            reason = f"{name} is not advertised: users are not told where clients send"
            right = "Write -AdvertiseClientSettings $true, and -Fqdn with the name that clients use"
            advertise = SetReceiveConnector(identity=_identity(connector), advertise_client_settings=True)
            evidence = evidence_of(connector, "advertise_client_settings", "fqdn", "identity")
            yield Found(reason, right, name, evidence, (advertise,) if connector.fqdn in outside else ())


def _in_script(script: Script) -> Iterator[Found[Span]]:
    """Yield each command that gives a default connector another name than the server's."""
    for placed in script.commands:
        match placed.cmdlet:
            case SetReceiveConnector(identity=str(identity), fqdn=str(fqdn), what_if=what_if) if what_if is not True:
                server = _server_of_default(identity.rpartition("\\")[2])
                if server and not _is_of(server, fqdn):
                    yield Found(*_said(server, fqdn), placed.span_of("fqdn"))
            case _:
                pass


@state_rule(
    "default-connector-name",
    Severity.WARNING,
    "A connector `Default <server>` with another name than the server's: mail between servers fails.",
    PlanExample(desired=(_DEFAULT,), instead=(_DEFAULT.replace("mail", "mbx01"),)),
    script=_in_script,
    example=Example(_DEFAULT, "mail.contoso.com"),
    source="Microsoft Learn: Set-ReceiveConnector (-Fqdn)",
)
def default_connector_name(situation: Situation) -> Iterator[Found[str]]:
    """Yield each default connector with another name than the server's."""
    for name, connector in situation.objects("connectors").items():
        server = _server_of_default(connector.name)
        if not server or not connector.fqdn or not situation.checks("connectors", name, "fqdn"):
            continue
        if not _is_of(server, connector.fqdn):
            fix = (SetReceiveConnector(identity=_identity(connector), fqdn=server),) if is_host_name(server) else ()
            yield Found(*_said(server, connector.fqdn), name, evidence_of(connector, "fqdn", "identity"), fix)


def _said(server: str, fqdn: str) -> tuple[str, str]:
    reason = f"Default {server} is called {fqdn}: mail between the servers of the organization fails"
    return reason, f"Leave it the name of {server}; clients use Client Frontend {server}"


def _server_of_default(connector: str) -> str:
    """Return the server of a connector called ``Default <server>``; an empty text for another connector."""
    kind, _, server = connector.partition(" ")
    return server if kind.casefold() == "default" and " " not in server else ""


def _is_of(server: str, fqdn: str) -> bool:
    """Say whether a name is the server's own, with or without its domain."""
    return fqdn.partition(".")[0].casefold() == server.casefold()
