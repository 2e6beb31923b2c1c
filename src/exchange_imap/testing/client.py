"""What becomes of a client that connects to IMAP4 or POP3 on a fake server: as far as the certificate, before a login.

Known of real servers: the services stop as soon as a client connects while their component is inactive; a service
listens on the ports that it read when it started, and offers the certificate that X509CertificateName names. The texts
are made up after those of .NET.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from .._cmdlets.certificates import ExchangeCertificate
from .._cmdlets.protocol_settings import ProtocolSettings
from .._values import Binding, CertificateService, ComponentStatus, Encryption, ServiceStatus
from .fake_server import FakeServer

__all__ = ["ConnectionFailedError", "Protocol", "connect"]

Protocol = Literal["IMAP4", "POP3"]
_COMPONENTS: Final[dict[Protocol, str]] = {"IMAP4": "ImapProxy", "POP3": "PopProxy"}


class ConnectionFailedError(Exception):
    """The client got nowhere; the text says why."""


def connect(  # noqa: PLR0913 - what a client chooses
    server: FakeServer,
    protocol: Protocol,
    *,
    port: int,
    encryption: Encryption | None,
    host: str | None,
    now: datetime,
) -> ProtocolSettings:
    """Connect as a client does; ``host`` is the name to verify the certificate by, or ``None`` to accept any.

    Return the settings that it meets. Raises :class:`ConnectionFailedError`.
    """
    state = server.imap if protocol == "IMAP4" else server.pop
    front_end = state.services[0]
    met = server.loaded(front_end)
    if met is None or server.service(front_end).status is not ServiceStatus.Running:
        raise ConnectionFailedError(_refused(port))
    if server.components.state(_COMPONENTS[protocol]).state is ComponentStatus.Inactive:
        for service in state.services:
            server.set_service(service, status=ServiceStatus.Stopped)
        raise ConnectionFailedError("The connection was closed by the server.")
    _require_bound(port, encryption, met)
    if encryption is not None:
        _require_certificate(_offered(server, met.x509_certificate_name or "", protocol, now), host, now)
    return met


def _refused(port: int) -> str:
    return f"No connection could be made because the target machine actively refused it (port {port})."


def _require_bound(port: int, encryption: Encryption | None, met: ProtocolSettings) -> None:
    """Find the port in the list of its method; the other list's ports speak otherwise."""
    implicit = encryption is Encryption.SSL
    own, other = met.ssl_bindings, met.unencrypted_or_tls_bindings
    if _has(port, own if implicit else other):
        return
    if not _has(port, other if implicit else own):
        raise ConnectionFailedError(_refused(port))
    if implicit:
        raise ConnectionFailedError("The handshake failed due to an unexpected packet format.")
    raise ConnectionFailedError("The server did not send a greeting: the port expects TLS.")


def _has(port: int, bindings: tuple[Binding, ...]) -> bool:
    return any(binding.port == port for binding in bindings)


def _require_certificate(offered: ExchangeCertificate | None, host: str | None, now: datetime) -> None:
    """Let the client verify the certificate that the server offers."""
    if offered is None:
        raise ConnectionFailedError("The server closed the connection: it has no certificate for TLS.")
    if host is None:
        return
    if offered.is_self_signed or not offered.covers(host) or not offered.is_valid_at(now):
        raise ConnectionFailedError("The remote certificate is invalid according to the validation procedure.")


def _offered(server: FakeServer, name: str, protocol: Protocol, now: datetime) -> ExchangeCertificate | None:
    """Return the certificate that a service offers: one for its name, a valid one and the newest first.

    It has to be enabled for the service, but for a wildcard, which cannot be (Microsoft's page of Set-ImapSettings).
    """
    service = CertificateService.parse(protocol[:-1])
    found = [
        each
        for each in server.certificates.values()
        if each.has_private_key and each.covers(name) and (service in (each.services or ()) or _is_wildcard(each))
    ]
    return max(found, key=lambda each: (each.is_valid_at(now), not each.is_self_signed, each.not_before), default=None)


def _is_wildcard(certificate: ExchangeCertificate) -> bool:
    return any(name.startswith("*.") for name in certificate.certificate_domains)
