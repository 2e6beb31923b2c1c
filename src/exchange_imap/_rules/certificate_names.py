"""How a certificate is called by what uses it, whatever texts it has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from .._cmdlets.certificates import ExchangeCertificate
from .._errors import InvalidValueError
from .._values import CertificateService, TlsCertificateName, is_dns_name

__all__ = ["LEFT_OUT", "best", "has_name", "host_of", "is_of_host", "tls_name_of"]

LEFT_OUT: Final = frozenset({CertificateService.IMAP, CertificateService.POP})
"""What Exchange does not enable a certificate for whose subject is not one host, such as a wildcard (KB 948896)."""


def has_name(certificate: ExchangeCertificate, name: TlsCertificateName | None) -> bool:
    """Say whether a connector's name of its certificate is the name of this one."""
    return name is not None and (name.issuer, name.subject) == (certificate.issuer, certificate.subject)


def best(certificates: Iterable[ExchangeCertificate], moment: datetime | None) -> ExchangeCertificate | None:
    """Return the one that serves clients best: with its key, valid, of an authority, and the newest of these."""
    return max(certificates, key=lambda each: _preference(each, moment), default=None)


def _preference(certificate: ExchangeCertificate, moment: datetime | None) -> tuple[bool, bool, bool, datetime]:
    valid = moment is None or certificate.is_valid_at(moment)
    return certificate.has_private_key is not False, valid, not certificate.is_self_signed, certificate.not_before


def host_of(certificate: ExchangeCertificate) -> str:
    """Return the subject's common name, which enabling for IMAP stores; an empty text if there is none."""
    name = tls_name_of(certificate)
    return (name and name.host) or ""


def tls_name_of(certificate: ExchangeCertificate) -> TlsCertificateName | None:
    """Return what names it to a connector; ``None`` for a subject or issuer that has no such form."""
    try:
        return certificate.tls_certificate_name
    except InvalidValueError:
        return None  # of an empty subject, as a certificate may have that has alternative names (RFC 5280, 4.1.2.6)


def is_of_host(certificate: ExchangeCertificate) -> bool:
    """Say whether its subject is one host: Exchange leaves any other, such as a wildcard, out of IMAP and POP."""
    return is_dns_name(host_of(certificate))
