"""Rules about the certificates that a server sends, by the time of the probe and as clients compare them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from .._finding import Severity
from .._probe.result import ProbeFailure, ProbeResult, Protocol, SeenCertificate, Stage
from .certificate_faults import SHORTEST, SOON, expired, expires_soon, not_yet_valid, self_signed, weak
from .certificates_rules import (
    certificate_expired,
    certificate_expires_soon,
    certificate_names,
    certificate_not_yet_valid,
    self_signed_certificate,
    weak_key,
)
from .found import Found
from .registry import ProbeExample, probe_rule, seen_too
from .seen import ended, last_words, stopped

__all__: list[str] = []

_F: Final = ProbeFailure
_OTHERS: Final = (
    *(_F.EXPIRED, _F.NOT_YET_VALID, _F.WRONG_NAME, _F.SELF_SIGNED),
    *(_F.MISSING_INTERMEDIATE, _F.NOT_TRUSTED),
)


def _refused(failure: ProbeFailure, **wrong: object) -> ProbeExample:
    return ProbeExample(failed=(Stage.CERTIFICATE, failure), certificate=wrong)


def _own(result: ProbeResult) -> SeenCertificate | None:
    """Return the server's own certificate, which comes first."""
    return result.certificates[0] if result.certificates else None


def _found(
    result: ProbeResult, certificate: SeenCertificate, said: tuple[str, str], *failures: ProbeFailure, **shown: object
) -> Found[str]:
    """Return what is wrong with a certificate; ``failures`` are those that it explains."""
    stage = result.failed
    at = stage.name.value if stage and stage.failure in failures else ""
    evidence = [("connection", str(result.setting)), ("Thumbprint", certificate.thumbprint)]
    return Found(*said, at, (*evidence, *((name, str(value)) for name, value in shown.items())))


@seen_too(certificate_expired, _refused(_F.EXPIRED, not_after=datetime(2026, 1, 1, tzinfo=UTC)))
def seen_expired(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield each certificate of the chain that is no longer valid."""
    for certificate in result.certificates:
        if certificate.not_after < result.began:
            yield _found(result, certificate, expired(certificate), _F.EXPIRED, NotAfter=certificate.not_after)


@seen_too(certificate_not_yet_valid, _refused(_F.NOT_YET_VALID, not_before=datetime(2027, 1, 1, tzinfo=UTC)))
def seen_not_yet_valid(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield each certificate of the chain whose time has not begun."""
    for certificate in result.certificates:
        if result.began < certificate.not_before:
            said = not_yet_valid(certificate)
            yield _found(result, certificate, said, _F.NOT_YET_VALID, NotBefore=certificate.not_before)


@seen_too(certificate_expires_soon, ProbeExample(certificate={"not_after": datetime(2026, 7, 20, tzinfo=UTC)}))
def seen_expires_soon(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield each certificate of the chain that expires in the next 30 days."""
    for certificate in result.certificates:
        left = certificate.not_after - result.began
        if timedelta() <= left < SOON:
            yield _found(result, certificate, expires_soon(certificate, left), NotAfter=certificate.not_after)


@seen_too(certificate_names, _refused(_F.WRONG_NAME, names=("imap.contoso.com",)))
def seen_names(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield the server's certificate if the host is not one of its names."""
    own = _own(result)
    if own and not own.covers(result.setting.host):
        names = ", ".join(own.names) or "none"
        reason = f"{result.setting.host} is no name of the certificate that the server sends (its names: {names})"
        right = "Advertise a host that it covers, or use a certificate with this name"
        yield _found(result, own, (reason, right), _F.WRONG_NAME, CertificateDomains=names)


@seen_too(self_signed_certificate, _refused(_F.SELF_SIGNED, issuer="CN=mail.contoso.com", is_self_signed=True))
def seen_self_signed(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield the server's certificate if it has signed itself; an authority that was sent has done that, too."""
    own = _own(result)
    if own and own.is_self_signed:
        yield _found(result, own, self_signed(own), _F.SELF_SIGNED, IsSelfSigned="$true")


@seen_too(weak_key, ProbeExample(certificate={"key": "RSA 1024"}))
def seen_weak_key(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield each certificate of the chain with a short RSA key."""
    for certificate in result.certificates:
        kind, _, bits = certificate.key.partition(" ")
        if kind == "RSA" and bits.isdigit() and int(bits) < SHORTEST:
            yield _found(result, certificate, weak(certificate, int(bits)), PublicKeySize=bits)


@probe_rule(
    "missing-intermediate",
    Severity.ERROR,
    "A server that does not send who signed its certificate, and a client that does not know it.",
    _refused(_F.MISSING_INTERMEDIATE, issuer="CN=Contoso Issuing CA"),
    source="RFC 8446, 4.4.2",
)
def missing_intermediate(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield the issuer that is missing. An authority that only some machines trust cannot be told from one between."""
    own = _own(result)
    if own and ended(result, _F.MISSING_INTERMEDIATE):
        reason = f"the server does not send the certificate of {own.issuer}, which this machine does not know either"
        services = "both services" if result.protocol is Protocol.IMAP4 else "MSExchangeFrontEndTransport"
        right = (
            f"Import it into the Intermediate Certification Authorities of the server, and restart {services}."
            " If it is your own root authority, let the clients trust it; here, give trust=..."
        )
        yield stopped(result, reason, right)


@probe_rule(
    "certificate-not-trusted",
    Severity.ERROR,
    "A certificate that this machine does not trust.",
    _refused(_F.UNKNOWN_AUTHORITY, issuer="CN=Contoso CA"),
    source="RFC 5280, 6",
)
def certificate_not_trusted(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield an authority that is not trusted, or whatever else no other rule explains."""
    if ended(result, _F.UNKNOWN_AUTHORITY):
        issuer = result.certificates[-1].issuer if result.certificates else "an authority that it does not know"
        reason = f"this machine does not trust the certificate: it goes back to {issuer}"
        right = (
            "Let the clients trust that authority, or use a certificate of one that they trust; here, give trust=..."
        )
        yield stopped(result, reason, right)
    elif ended(result, *_OTHERS) and not _explained(result):
        reason = f"the certificate is refused: {last_words(result)}"
        yield stopped(
            result, reason, "Use a certificate that clients accept, and see that what it goes back to is valid"
        )


def _explained(result: ProbeResult) -> bool:
    """Say whether a certificate that was sent shows why it was refused; one on this machine may be the reason."""
    rules = (seen_expired, seen_not_yet_valid, seen_names, seen_self_signed, missing_intermediate)
    return any(found.at for rule in rules for found in rule(result))


@probe_rule(
    "certificate-not-the-named",
    Severity.WARNING,
    "A server that sends another certificate than X509CertificateName names.",
    ProbeExample(facts={"expected_name": "imap.contoso.com"}),
    source="Microsoft Learn: Set-ImapSettings (-X509CertificateName)",
)
def certificate_not_the_named(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a certificate that does not have the name by which the settings name it."""
    own, name = _own(result), result.expected_name
    if own and name and not own.covers(name):
        reason = f"the server sends {own.subject}, and X509CertificateName is {name}"
        right = "Restart both services if they run with older settings, and enable the named certificate for IMAP"
        yield _found(result, own, (reason, right), X509CertificateName=name, CertificateDomains=", ".join(own.names))
