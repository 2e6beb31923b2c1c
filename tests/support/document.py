"""What the whole source document asks for, as one desired state, and a fake server that it can be applied to."""

from __future__ import annotations

from typing import Final

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, NewCertificate

__all__ = ["CERTIFICATE", "DOCUMENT", "connect", "new_fake"]

CERTIFICATE: Final = NewCertificate(("mail.contoso.com",))
_THUMBPRINT: Final = CERTIFICATE.make().thumbprint
_COMPONENT: Final = xi.SetServerComponentState(component="ImapProxy", state="Active", requester="Maintenance")
_ENABLED: Final = xi.DesiredState.enabled(
    external=("mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS"), certificate="mail.contoso.com"
)

DOCUMENT: Final = xi.DesiredState(
    settings=_ENABLED.settings,
    services=_ENABLED.services,
    connectors=[xi.SetReceiveConnector(fqdn="mail.contoso.com", advertise_client_settings=True)],
    certificates=[xi.EnableExchangeCertificate(thumbprint=_THUMBPRINT, services=("IMAP", "SMTP"))],
    components=[_COMPONENT],
)
"""Certificate, settings, connector, component and services."""


def new_fake() -> FakeExchange:
    """Return a server on which all of it is still to be done; somebody has taken IMAP4 out for maintenance."""
    fake = FakeExchange(servers=["MBX01"])
    fake.server("MBX01").add_certificate(CERTIFICATE)
    inactive = xi.SetServerComponentState(
        identity="MBX01", component="ImapProxy", state="Inactive", requester="Maintenance"
    )
    assert not fake.transport().run(xi.Pipeline((inactive,))).errors
    return fake


def connect(fake: FakeExchange) -> xi.ImapServer:
    """Connect both endpoints, as another process would."""
    exchange = fake.transport(xi.Endpoint.EXCHANGE)
    return xi.ImapServer("MBX01", exchange=exchange, windows=fake.transport(xi.Endpoint.WINDOWS, "MBX01"))
