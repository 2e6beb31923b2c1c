"""Rules about certificates: their time, names, keys and services, where a plan enables them or something uses them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from .._cmdlets.certificates import EnableExchangeCertificate, ExchangeCertificate, GetExchangeCertificate
from .._finding import Severity
from .._span import Span
from .._values import UNSET, CertificateService, CertificateStatus
from .certificate_faults import SHORTEST, SOON, expired, expires_soon, not_yet_valid, self_signed, weak
from .certificate_names import LEFT_OUT, best, has_name, host_of, is_of_host
from .evidence import evidence_of, written
from .found import Found
from .registry import Example, PlanExample, StateExample, review_rule, state_rule
from .resulting import CONNECTIONS, parameter_of
from .script import Placed, Script
from .situation import Situation

__all__: list[str] = []

_EC_BITS: Final = frozenset({521})
"""Lengths of keys on elliptic curves that could be those of short RSA keys; the others are shorter than any of RSA."""
_SHORTEST_RSA: Final = 512
_IMAP: Final = (CertificateService.IMAP,)
_ENABLE: Final = "Enable-ExchangeCertificate {0} -Services IMAP"
_ENABLE_OTHER: Final = "Enable-ExchangeCertificate {1} -Services IMAP"
_MAIL: Final = ("mail.contoso.com",)
_NAMED: Final = "Set-ImapSettings -X509CertificateName mail.contoso.com"
_ADVERTISED: Final = "-InternalConnectionSettings imap.contoso.com:993:SSL"


def _enabling(**wrong: object) -> PlanExample:
    """Show a certificate that is enabled although something is wrong, and one that differs in nothing else."""
    return PlanExample(
        desired=(_ENABLE,), instead=(_ENABLE_OTHER,), certificates=({"names": _MAIL, **wrong}, {"names": _MAIL})
    )


def _in_question(situation: Situation) -> Iterator[ExchangeCertificate]:
    """Yield the certificates that the plan enables, and those that IMAP4 or a connector for clients uses by name."""
    used = [*_of_connectors(situation)]
    if situation.checks_settings("x509_certificate_name"):
        used.append(_of_imap(situation))
    for thumbprint, certificate in situation.objects("certificates").items():
        enabled = situation.changes("certificates", thumbprint, "services")
        if enabled or any(certificate is each for each in used):
            yield certificate


def _of_imap(situation: Situation) -> ExchangeCertificate | None:
    """Return the certificate that IMAP4 finds by its name, as far as the known ones tell."""
    name = _name(situation)
    found = [each for each in situation.objects("certificates").values() if name and each.covers(name)]
    return best(filter(_may_serve_imap, found), situation.moment)


def _name(situation: Situation) -> str:
    """Return the name by which IMAP4 finds its certificate; an empty text if it has none, or none is known."""
    return (situation.settings and situation.settings.x509_certificate_name) or ""


def _may_serve_imap(certificate: ExchangeCertificate) -> bool:
    """Say whether IMAP4 may use it: one for several hosts needs not be enabled (KB 948896)."""
    return (
        certificate.services is None or CertificateService.IMAP in certificate.services or not is_of_host(certificate)
    )


def _of_connectors(situation: Situation) -> Iterator[ExchangeCertificate | None]:
    """Yield what connectors use: those whose certificate a plan names, or in a review those that clients are told of.

    A certificate that was renewed has the name of the old one.
    """
    certificates = situation.objects("certificates").values()
    for name, connector in situation.objects("connectors").items():
        reviewed = situation.changed is None and connector.advertise_client_settings
        if reviewed or situation.changes("connectors", name, "tls_certificate_name"):
            named = (each for each in certificates if has_name(each, connector.tls_certificate_name))
            yield best(named, situation.moment)


def _found(situation: Situation, certificate: ExchangeCertificate, reason: str, right: str, *fields: str) -> Found[str]:
    """Say what is wrong with a certificate; enabling a better one puts it right, if the server has one."""
    better = _better(situation) if certificate is _of_imap(situation) else None
    fix = _enabled(situation, better) if better else ()
    return Found(reason, right, certificate.thumbprint, evidence_of(certificate, *fields), fix)


def _better(situation: Situation) -> ExchangeCertificate | None:
    """Return the best certificate that IMAP4 would use were it enabled, such as one that was renewed and forgotten."""
    name, moment = _name(situation), situation.moment
    found = [
        each
        for each in situation.objects("certificates").values()
        if each.covers(name) and not _may_serve_imap(each)
        if not each.is_self_signed and each.has_private_key is not False and not _weak_bits(each)
        if moment is not None and each.is_valid_at(moment) and each.not_after - moment >= SOON
    ]
    return max(found, key=lambda each: each.not_before, default=None)


def _enabled(situation: Situation, certificate: ExchangeCertificate) -> tuple[EnableExchangeCertificate, ...]:
    """Return the command that enables it for IMAP."""
    server = situation.settings.server if situation.settings else UNSET
    return (EnableExchangeCertificate(thumbprint=certificate.thumbprint, services=_IMAP, server=server),)


@state_rule(
    "certificate-expired",
    Severity.ERROR,
    "A certificate that has expired.",
    _enabling(not_after=datetime(2026, 1, 1, tzinfo=UTC)),
    source="RFC 5280, 4.1.2.5",
)
def certificate_expired(situation: Situation) -> Iterator[Found[str]]:
    """Yield each certificate that is no longer valid, by the time of reading or by what the server says."""
    for certificate in _in_question(situation):
        begun = situation.moment is None or certificate.not_before <= situation.moment
        ended = situation.moment is not None and situation.moment > certificate.not_after
        if ended or (begun and certificate.status is CertificateStatus.DateInvalid):
            yield _found(situation, certificate, *expired(certificate), "thumbprint", "not_after", "status")


@state_rule(
    "certificate-not-yet-valid",
    Severity.ERROR,
    "A certificate that is not valid yet.",
    _enabling(not_before=datetime(2027, 1, 1, tzinfo=UTC)),
    source="RFC 5280, 4.1.2.5",
)
def certificate_not_yet_valid(situation: Situation) -> Iterator[Found[str]]:
    """Yield each certificate whose time has not begun."""
    for certificate in _in_question(situation):
        if situation.moment is not None and situation.moment < certificate.not_before:
            yield _found(situation, certificate, *not_yet_valid(certificate), "thumbprint", "not_before")


@state_rule(
    "certificate-expires-soon",
    Severity.WARNING,
    "A certificate that is valid for less than 30 days.",
    _enabling(not_after=datetime(2026, 7, 20, tzinfo=UTC)),
    source="CSS-Exchange, HealthChecker: a certificate is shown in red from 30 days on",
)
def certificate_expires_soon(situation: Situation) -> Iterator[Found[str]]:
    """Yield each certificate that expires in the next 30 days."""
    for certificate in _in_question(situation):
        left = None if situation.moment is None else certificate.not_after - situation.moment
        if left is not None and timedelta() <= left < SOON:
            yield _found(situation, certificate, *expires_soon(certificate, left), "thumbprint", "not_after")


@state_rule(
    "certificate-without-key",
    Severity.ERROR,
    "A certificate without its private key: the server cannot use it, and refuses to enable it.",
    PlanExample(
        desired=(_ENABLE,),
        instead=(_ENABLE_OTHER,),
        certificates=({"names": _MAIL, "has_private_key": False}, {"names": _MAIL, "key_bits": 4096}),
    ),
    source="Microsoft Learn: Get-ExchangeCertificate (HasPrivateKey)",
)
def certificate_without_key(situation: Situation) -> Iterator[Found[str]]:
    """Yield each certificate of which the server says that it has no private key."""
    for certificate in _in_question(situation):
        if certificate.has_private_key is False:
            reason = f"{certificate.subject} has no private key on the server"
            right = "Import it with its private key (Import-ExchangeCertificate)"
            yield _found(situation, certificate, reason, right, "thumbprint", "has_private_key")


@state_rule(
    "certificate-not-enabled",
    Severity.WARNING,
    "A certificate that X509CertificateName names and that is not enabled for IMAP.",
    PlanExample(
        desired=(_NAMED, "Enable-ExchangeCertificate {0} -Services SMTP"),
        instead=(_NAMED, "Enable-ExchangeCertificate {0} -Services IMAP,SMTP"),
    ),
    source="Microsoft Learn: Set-ImapSettings (-X509CertificateName)",
)
def certificate_not_enabled(situation: Situation) -> Iterator[Found[str]]:
    """Yield each certificate that has the name, if none of those that are known may be used by IMAP4.

    Others may be on the server: that is why it is a warning.
    """
    settings, name = situation.settings, _name(situation)
    if settings is None or not situation.checks_settings("x509_certificate_name") or _of_imap(situation) is not None:
        return
    for thumbprint, certificate in situation.objects("certificates").items():
        if name and certificate.covers(name):
            reason = f"X509CertificateName: {name} is a name of {certificate.subject}, which is not enabled for IMAP"
            right = f"Write Enable-ExchangeCertificate {thumbprint} -Services IMAP, unless another one has the name"
            evidence = (
                *evidence_of(settings, "x509_certificate_name"),
                *evidence_of(certificate, "thumbprint", "services"),
            )
            yield Found(reason, right, thumbprint, evidence, _enabled(situation, certificate))


@state_rule(
    "certificate-names",
    Severity.WARNING,
    "An advertised host that is not a name of the certificate that IMAP4 uses.",
    PlanExample(
        desired=(f"{_NAMED} {_ADVERTISED}", _ENABLE),
        instead=(f"{_NAMED} {_ADVERTISED}".replace("imap.", "mail."), _ENABLE),
    ),
    source="RFC 9525, 6",
)
def certificate_names(situation: Situation) -> Iterator[Found[str]]:
    """Yield each list of connections with hosts that the certificate does not cover."""
    certificate, resulting = _of_imap(situation), situation.resulting
    if certificate is None or resulting is None:
        return
    enabled = situation.changes("certificates", certificate.thumbprint, "services")
    for field in CONNECTIONS:
        hosts = dict.fromkeys(setting.host for setting in resulting.advertised(field))
        others = [host for host in hosts if not certificate.covers(host)]
        if others and (enabled or situation.checks_settings("x509_certificate_name", field)):
            named = f"{', '.join(others)} is no name" if not others[1:] else f"{', '.join(others)} are no names"
            reason = f"{parameter_of(field)}: {named} of the certificate that IMAP4 uses, {certificate.subject}"
            right = "Advertise hosts that it covers, or use a certificate with these names"
            evidence = (
                *resulting.evidence(field),
                *evidence_of(certificate, "certificate_domains", "thumbprint"),
            )
            yield Found(reason, right, certificate.thumbprint, evidence)


def _left_out(name: str) -> tuple[str, str]:
    reason = f"a certificate for {name} is not for one host: the server does not enable it for IMAP"
    return reason, "Leave IMAP out, and name a host that it covers with Set-ImapSettings -X509CertificateName"


def _in_script(script: Script) -> Iterator[Found[Span]]:
    """Yield a certificate that is searched for by a wildcard and enabled for IMAP."""
    for source, placed in script.pipes():
        wild = [name for name in _looked_for(source) if name.startswith("*.")]
        if wild and _enables_imap(placed):
            yield Found(*_left_out(wild[0]), placed.span_of("services"))


def _looked_for(source: Placed) -> tuple[str, ...]:
    names = source.cmdlet.domain_name if isinstance(source.cmdlet, GetExchangeCertificate) else ()
    return names if isinstance(names, tuple) else ()


def _enables_imap(placed: Placed) -> bool:
    cmdlet = placed.cmdlet
    return isinstance(cmdlet, EnableExchangeCertificate) and CertificateService.IMAP in cmdlet.services


@state_rule(
    "wildcard-certificate",
    Severity.WARNING,
    "A wildcard certificate that is enabled for IMAP: the server warns and does not enable it.",
    PlanExample(
        desired=("Enable-ExchangeCertificate {0} -Services SMTP",),
        instead=("Enable-ExchangeCertificate {1} -Services SMTP",),
        certificates=(
            {"names": ("*.contoso.com",), "services": (CertificateService.IMAP,)},
            {"names": ("*.contoso.com",), "key_bits": 4096},
        ),
    ),
    script=_in_script,
    example=Example(
        'Get-ExchangeCertificate -DomainName "*.contoso.com" | Enable-ExchangeCertificate -Services IMAP', "IMAP"
    ),
    source="Microsoft KB 948896, about Exchange 2007; later versions are assumed to do the same",
)
def wildcard_certificate(situation: Situation) -> Iterator[Found[str]]:
    """Yield each certificate for no one host that is said to be enabled for IMAP or POP."""
    for thumbprint, certificate in situation.objects("certificates").items():
        enabled = LEFT_OUT & set(certificate.services or ())
        if enabled and not is_of_host(certificate) and situation.checks("certificates", thumbprint, "services"):
            name = host_of(certificate) or certificate.subject
            said = _is_enabled(name) if situation.changed is None else _left_out(name)
            yield Found(*said, thumbprint, evidence_of(certificate, "services", "thumbprint"))


def _is_enabled(name: str) -> tuple[str, str]:
    reason = f"a certificate for {name} is not for one host, and enabled all the same: IMAP4 finds it by a name alone"
    return reason, "Name a host that it covers with Set-ImapSettings -X509CertificateName"


@state_rule(
    "self-signed-certificate",
    Severity.WARNING,
    "A certificate that no authority has signed: clients do not trust it.",
    _enabling(issuer=""),
    source="Microsoft Learn: Digital certificates and encryption in Exchange Server",
)
def self_signed_certificate(situation: Situation) -> Iterator[Found[str]]:
    """Yield each certificate that has signed itself."""
    for certificate in _in_question(situation):
        if certificate.is_self_signed:
            yield _found(situation, certificate, *self_signed(certificate), "thumbprint", "is_self_signed")


@state_rule(
    "weak-key",
    Severity.WARNING,
    "A certificate with an RSA key of less than 2048 bits.",
    _enabling(key_bits=1024),
    source="NIST SP 800-131A, which allows no signature by a shorter RSA key",
)
def weak_key(situation: Situation) -> Iterator[Found[str]]:
    """Yield each certificate with a short key; the short ones on elliptic curves are not weak."""
    for certificate in _in_question(situation):
        if bits := _weak_bits(certificate):
            yield _found(situation, certificate, *weak(certificate, bits), "thumbprint", "public_key_size")


def _weak_bits(certificate: ExchangeCertificate) -> int:
    """Return the length of a key that is too short; 0 for others, and where it is not known."""
    bits = certificate.public_key_size
    return bits if bits is not None and _SHORTEST_RSA <= bits < SHORTEST and bits not in _EC_BITS else 0


@review_rule(
    "certificate-missing",
    Severity.WARNING,
    "A name of a certificate (X509CertificateName) that no certificate on the server has.",
    StateExample(
        broken=("Set-ImapSettings -Server MBX01 -X509CertificateName imap.contoso.com",),
        right=("Set-ImapSettings -Server MBX01 -X509CertificateName mail.contoso.com",),
        certificates=({"names": _MAIL},),
    ),
    source="Microsoft Learn: Set-ImapSettings (-X509CertificateName)",
)
def certificate_missing(situation: Situation) -> Iterator[Found[str]]:
    """Yield the name if the certificates were read and none of them covers it."""
    settings, name = situation.settings, _name(situation)
    certificates = situation.parts.get("certificates")
    if settings is None or not name or certificates is None:
        return
    if not any(each.covers(name) for each in certificates.values()):
        reason = f"X509CertificateName: {name} is no name of a certificate that was read ({len(certificates)})"
        right = "Name an advertised host that a certificate on the server covers, or import one for it"
        names = dict.fromkeys(domain for each in certificates.values() for domain in each.certificate_domains)
        evidence = (*evidence_of(settings, "x509_certificate_name"), ("CertificateDomains", written([*names])))
        yield Found(reason, right, name, evidence)
