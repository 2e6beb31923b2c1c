"""A server with certificates and mailboxes at a time, and the lines that state what is desired of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import attrs

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, NewCertificate, NewMailbox

__all__ = ["CLIENTS", "COMPONENT", "MAIL", "NAMED", "NOW", "OLD", "RUNNING", "WILD", "at", "enabling", "serve"]

NOW: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
MAIL: Final = NewCertificate(("mail.contoso.com",))
WILD: Final = NewCertificate(("*.contoso.com",))
OLD: Final = attrs.evolve(MAIL, not_after=NOW - timedelta(days=1))
RUNNING: Final = [f"Set-Service {name} -Status Running" for name in xi.IMAP4_SERVICES]
COMPONENT: Final = "Set-ServerComponentState MBX01 -Component"
CLIENTS: Final = r"Set-ReceiveConnector 'MBX01\Client Frontend MBX01'"
NAMED: Final = "Set-ImapSettings -X509CertificateName mail.contoso.com"


def enabling(certificate: NewCertificate, services: str = "IMAP") -> str:
    """State what a certificate is enabled for."""
    return f"Enable-ExchangeCertificate {certificate.make().thumbprint} -Services {services}"


def serve(*certificates: NewCertificate) -> FakeExchange:
    """Return a server with these certificates and two mailboxes."""
    fake = FakeExchange(servers=["MBX01"], mailboxes=[NewMailbox("kim"), NewMailbox("Terry Adams")])
    for certificate in certificates:
        fake.server("MBX01").add_certificate(certificate)
    return fake


def at(fake: FakeExchange, now: datetime = NOW) -> xi.ImapServer:
    """Connect at a time."""
    return xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport(), clock=xi.Clock(now=lambda: now))
