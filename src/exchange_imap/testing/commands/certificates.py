"""Get-ExchangeCertificate and Enable-ExchangeCertificate as the server carries them out.

The texts of what is refused are Exchange's own where they have been seen: a certificate that is not there, or that
Exchange cannot use for the reason PrivateKeyMissing. The warning about a wildcard has been seen of POP3.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import attrs

from ..._cmdlets.certificates import EnableExchangeCertificate, ExchangeCertificate, GetExchangeCertificate
from ..._values import UNSET, CertificateService, CertificateStatus, Unset, is_dns_name
from ..execution import Execution
from ..fake_server import FakeServer
from ..handlers import carries_out
from ..refusals import RefusalError, prompt_not_answered
from ..wire import certificate_record

if TYPE_CHECKING:
    from ..protocol_state import ProtocolState, S

__all__: list[str] = []

_Certificate = GetExchangeCertificate | EnableExchangeCertificate
_FEWEST_BITS: Final = 1024
_SETTINGS: Final = {CertificateService.IMAP: "Set-ImapSettings", CertificateService.POP: "Set-PopSettings"}
"""The services whose settings name their certificate, and the cmdlets that change them."""
_UNIFIED_MESSAGING: Final = {CertificateService.UM, CertificateService.UMCallRouter}


@carries_out(GetExchangeCertificate)
def _get(cmdlet: GetExchangeCertificate, run: Execution) -> None:
    """Return the certificate of that thumbprint, those for a host name, or all."""
    if cmdlet.thumbprint is UNSET and cmdlet.identity is UNSET:
        server = run.find_server(cmdlet.server, GetExchangeCertificate)
        found: Iterable[ExchangeCertificate] = server.certificates.values()
    else:
        server, certificate = _find(cmdlet, cmdlet.thumbprint, run)
        found = (certificate,)
    shown = [_at(each, server, run) for each in found]
    if cmdlet.domain_name is not UNSET:
        hosts = cmdlet.domain_name
        shown = sorted((each for each in shown if any(map(each.covers, hosts))), key=_preference, reverse=True)
    run.records += [certificate_record(each, bare=server.bare_certificates) for each in shown]


def _preference(certificate: ExchangeCertificate) -> tuple[bool, bool, float]:
    """Order as SMTP chooses: a valid one, of an authority, that lasts the longest."""
    valid = certificate.status is CertificateStatus.Valid
    return valid, not certificate.is_self_signed, certificate.not_after.timestamp()


def _at(certificate: ExchangeCertificate, server: FakeServer, run: Execution) -> ExchangeCertificate:
    """Return the certificate as it is at that moment on that server."""
    valid = certificate.is_valid_at(run.now)
    status = CertificateStatus.Valid if valid else CertificateStatus.DateInvalid
    return attrs.evolve(certificate, status=status, identity=rf"{server.installed.fqdn}\{certificate.thumbprint}")


def _find(cmdlet: _Certificate, thumbprint: str | Unset, run: Execution) -> tuple[FakeServer, ExchangeCertificate]:
    r"""Return the certificate by thumbprint, and by server where ``Server\Thumbprint`` or -Server names one."""
    if isinstance(cmdlet.identity, str):
        name, _, thumbprint = cmdlet.identity.rpartition("\\")
        server = run.find_server(name or UNSET, type(cmdlet))
    else:
        server = run.find_server(cmdlet.server, type(cmdlet))
    found = server.certificates.get(str(thumbprint).upper())
    if found is None:
        raise _rpc_error(f"The certificate with thumbprint {thumbprint} was not found.", server, cmdlet, run)
    return server, found


def _rpc_error(message: str, server: FakeServer, cmdlet: _Certificate, run: Execution) -> RefusalError:
    text = f"A special Rpc error occurs on server {server.name}: {message}"
    return run.failure("InvalidOperationException", text, type(cmdlet))


@carries_out(EnableExchangeCertificate)
def _enable(cmdlet: EnableExchangeCertificate, run: Execution) -> None:
    """Enable a certificate for services: validate, ask, then let each service know; nothing takes it back."""
    server, certificate = _find(cmdlet, cmdlet.thumbprint, run)
    wanted = set(cmdlet.services)
    _require_usable(certificate, server, cmdlet, run)
    if not run.may_change(cmdlet, certificate.thumbprint):
        return
    if CertificateService.SMTP in wanted and server.transport_certificate != certificate.thumbprint:
        if cmdlet.force is not True:
            raise prompt_not_answered(EnableExchangeCertificate, "the existing default SMTP certificate")
        server.transport_certificate = certificate.thumbprint
        run.effect = True
    for service in _SETTINGS:
        if service in wanted and not _name(service, certificate, server, run):
            wanted.discard(service)
    _add(wanted, certificate, server, run)


def _add(wanted: set[CertificateService], before: ExchangeCertificate, server: FakeServer, run: Execution) -> None:
    had = set(before.services or ())
    after = tuple(service for service in CertificateService if service in had | wanted)
    server.certificates[before.thumbprint] = attrs.evolve(before, services=after)
    run.effect = run.effect or bool(wanted - had)


def _require_usable(
    certificate: ExchangeCertificate, server: FakeServer, cmdlet: EnableExchangeCertificate, run: Execution
) -> None:
    """Refuse what Exchange would not use."""
    reason = ""
    if not certificate.has_private_key:
        reason = "PrivateKeyMissing"
    elif (certificate.public_key_size or 0) < _FEWEST_BITS:
        reason = "PublicKeyUnsupportedSize"
    elif not certificate.is_valid_at(run.now):
        reason = "DateInvalid"
    if reason:
        message = (
            f"The certificate with thumbprint {certificate.thumbprint} was found but is not valid for use with "
            f"Exchange Server (reason: {reason})."
        )
        raise _rpc_error(message, server, cmdlet, run)
    if _UNIFIED_MESSAGING & set(cmdlet.services):
        message = "A certificate can be enabled for UM only when the UM startup mode is TLS or Dual."
        raise _rpc_error(message, server, cmdlet, run)


def _name(service: CertificateService, certificate: ExchangeCertificate, server: FakeServer, run: Execution) -> bool:
    """Write the certificate's name into the settings of a protocol; warn of a name that is no host's, and leave it."""
    host = certificate.tls_certificate_name.host or ""
    if not is_dns_name(host):
        run.warnings.append(
            f'This certificate with thumbprint {certificate.thumbprint} and subject "{host}" cannot used for {service} '
            "SSL/TLS connections because the subject is not a Fully Qualified Domain Name (FQDN). Use command "
            f"{_SETTINGS[service]} to set X509CertificateName to the FQDN of the service."
        )
        return False
    if service is CertificateService.IMAP:
        _store(server.imap, host, run)
    else:
        _store(server.pop, host, run)
    return True


def _store(state: ProtocolState[S], host: str, run: Execution) -> None:
    if state.stored.x509_certificate_name != host:
        when = run.now.isoformat()
        state.stored = attrs.evolve(state.stored, x509_certificate_name=host, when_changed=when, when_changed_utc=when)
        run.effect = True
