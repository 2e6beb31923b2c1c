"""The certificates of a server, and the services that they are enabled for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from ..._cmdlets.certificates import EnableExchangeCertificate, ExchangeCertificate, GetExchangeCertificate
from ..._errors import InvalidValueError
from ..._model.cmdlet import Cmdlet
from ..._powershell.record import Record
from ..._rules.certificate_names import LEFT_OUT, host_of, is_of_host
from ..._values import UNSET, CertificateService, Unset
from ..by_name import ByName, same_objects
from ..difference import Change, require_same_server
from ..identity import same_server
from ..own import is_own
from ..resource import Planning, Resource, just_written, resources
from ..state import ServerState
from ..step import Step
from ..written import objects_by_name

__all__ = ["RESOURCE"]

_HINT: Final = "Name a host that it covers in the settings, X509CertificateName, and leave IMAP and POP out here."
_NAME: Final = "x509_certificate_name"
_Certificates = ByName[ExchangeCertificate]
_Services = tuple[CertificateService, ...] | None


class _Resource(Resource):
    """Certificates by thumbprint. Enabling adds services; nothing takes them back."""

    key = "certificates"
    rules = "certificates_rules"
    states = EnableExchangeCertificate
    whole = ExchangeCertificate
    called = "thumbprint"
    named_by = "thumbprint"
    planned = frozenset(
        {
            "thumbprint",
            "identity",
            "services",
            "server",
            "force",
            "do_not_require_ssl",
            "network_service_allowed",
            "domain_controller",
        }
    )

    def check(self, stated: Sequence[Cmdlet]) -> None:
        """Refuse also a certificate that is named twice, or not at all."""
        super().check(stated)
        names = [_named(command)[1] for command in stated]
        if len(set(names)) < len(names):
            raise InvalidValueError("DesiredState.certificates", "each certificate once", names)

    def name_of(self, command: Cmdlet, server: str) -> str:
        """Return the thumbprint. Raises :class:`InvalidValueError` for a certificate of another server."""
        its_server, thumbprint = _named(command)
        if its_server and not same_server(its_server, server):
            raise InvalidValueError("Enable-ExchangeCertificate", f"a certificate of {server}", its_server)
        require_same_server(server, command)
        return thumbprint

    def reads(self, server: str, names: Sequence[str]) -> tuple[Cmdlet, ...]:
        """Return one command for each certificate."""
        return tuple(GetExchangeCertificate(thumbprint=name, server=server) for name in names)

    def part(self, server: str, names: Sequence[str], answers: Sequence[Sequence[Record]]) -> _Certificates:
        """Read one certificate for each thumbprint."""
        return objects_by_name(ExchangeCertificate, names, self.reads(server, names), answers)

    def desired(self, state: ServerState, server: str, stated: Sequence[Cmdlet]) -> ServerState:
        """Return the state with the certificates enabled. Raises :class:`InvalidValueError` for a wildcard."""
        for command in stated:
            certificate, services = state.certificates[self.name_of(command, server)], _services(command)
            if not is_of_host(certificate) and services & LEFT_OUT:
                left_out = " and ".join(sorted(map(str, services & LEFT_OUT)))
                expected = f"services other than {left_out}: Exchange leaves a subject such as a wildcard out"
                raise InvalidValueError("DesiredState.certificates", expected, certificate.subject, _HINT)
            state = self.advance(state, command)
        return state

    def shared(self, state: ServerState) -> Iterator[Cmdlet]:
        """Yield the certificates of an authority that do not name this host, with what they are enabled for."""
        for name, certificate in state.certificates.items():
            left_out = frozenset() if is_of_host(certificate) else LEFT_OUT
            services = [service for service in certificate.services or () if service not in left_out]
            if services and not certificate.is_self_signed and not is_own(certificate.subject, state.settings.server):
                yield EnableExchangeCertificate(thumbprint=name, services=services)

    def steps(self, planning: Planning) -> Iterator[Step]:
        """Yield one step for each certificate that lacks a service, or of which the server does not tell."""
        for command in planning.of(self.key):
            name = self.name_of(command, planning.server)
            before = planning.before.certificates[name]
            lacking = _services(command) - frozenset(before.services or ())
            if lacking:
                change = Change("Services", before.services, _both(before, lacking), resource=self.key, name=name)
                yield Step(_enable(command, planning.server, name, lacking), _reason(before, change), (change,))

    def advance(self, state: ServerState, command: Cmdlet) -> ServerState:
        """Return the state with the certificate enabled; the settings of a protocol get its name, and are pending."""
        name = self.name_of(command, state.settings.server)
        before, services = state.certificates[name], _services(command)
        if before.services is not None:
            enabled = attrs.evolve(before, services=_both(before, services))
            state = attrs.evolve(state, certificates=state.certificates.replacing(name, enabled))
        if not is_of_host(before):
            return state
        for each in _named_by(services - frozenset(before.services or ())):
            if settings := getattr(state, each.key):
                named = attrs.evolve(settings, **{_NAME: host_of(before)})
                state = just_written(attrs.evolve(state, **{each.key: named}), each.key)
        return state

    def beside(self, command: Cmdlet) -> Mapping[str, frozenset[str]]:
        """Return the name by which a protocol finds its certificate, which enabling for the protocol sets."""
        return {each.key: frozenset({_NAME}) for each in _named_by(_services(command))}

    def same(self, one: _Certificates, other: _Certificates) -> bool:
        """Say whether the same certificates are enabled for the same services, as far as the server tells."""
        return same_objects(one, other, lambda each, now: _alike(each.services, now.services))

    def moved(self, one: ServerState, other: ServerState) -> Iterator[Change]:
        """Yield the certificates that are enabled for other services."""
        for name in one.certificates:
            before, after = one.certificates[name].services, other.certificates[name].services
            if not _alike(before, after):
                yield Change("Services", before, after, resource=self.key, name=name)

    def risk(self, command: Cmdlet) -> str:
        """Say what nothing takes back, and what enabling for SMTP and IIS changes besides."""
        services, risks = _services(command), ["no cmdlet takes the services from the certificate again"]
        if CertificateService.SMTP in services:
            risks.append("it replaces the certificate by which this server's transport services prove who they are")
        if CertificateService.IIS in services and getattr(command, "do_not_require_ssl") is not True:  # noqa: B009 - a cmdlet of any kind
            risks.append("the default web site will require TLS, and clients without it are refused")
        return "; ".join(risks)

    def lasting(self, before: ServerState, after: ServerState) -> Iterator[str]:
        """Name the services that nothing takes from a certificate."""
        for name in before.certificates:
            more = set(before.certificates[name].services or ()) - set(after.certificates[name].services or ())
            if more:
                yield _stays_enabled(name, more)

    def untold(self, before: ServerState, command: Cmdlet) -> Iterator[str]:
        """Name the services of a certificate of which the server does not tell what it is enabled for."""
        name = self.name_of(command, before.settings.server)
        if before.certificates[name].services is None:
            yield _stays_enabled(name, _services(command))


def _stays_enabled(name: str, services: Iterable[CertificateService]) -> str:
    return f"{name} stays enabled for {', '.join(sorted(map(str, services)))}: no cmdlet takes that back"


def _named_by(services: frozenset[CertificateService]) -> list[Resource]:
    """Return the settings in which enabling for these services stores the certificate's name."""
    names = {str(service) for service in services}
    return [each for each in resources() if each.protocol.rstrip("0123456789") in names]


def _alike(one: _Services, other: _Services) -> bool:
    return one is None or other is None or set(one) == set(other)


def _named(command: Cmdlet) -> tuple[str, str]:
    r"""Return the server, if ``Server\Thumbprint`` names one, and the thumbprint."""
    if not isinstance(command, EnableExchangeCertificate):
        raise InvalidValueError("certificate", "an EnableExchangeCertificate", command)
    if isinstance(command.thumbprint, str):
        return "", command.thumbprint.upper()
    if isinstance(command.identity, str):
        server, _, thumbprint = command.identity.rpartition("\\")
        return server, thumbprint.upper()
    raise InvalidValueError("Enable-ExchangeCertificate -Thumbprint", "a certificate's thumbprint", "none")


def _services(command: Cmdlet) -> frozenset[CertificateService]:
    return frozenset(getattr(command, "services"))  # noqa: B009 - a cmdlet of any kind


def _both(before: ExchangeCertificate, more: frozenset[CertificateService]) -> tuple[CertificateService, ...]:
    return tuple(service for service in CertificateService if service in {*(before.services or ()), *more})


def _reason(before: ExchangeCertificate, change: Change) -> str:
    known = "" if before.services is not None else "; the server does not tell what it is enabled for"
    return f"{before.subject}: {change}{known}"


def _enable(
    command: Cmdlet, server: str, name: str, services: frozenset[CertificateService]
) -> EnableExchangeCertificate:
    """Return the command that is sent. For SMTP it has ``-Force``, since no host answers a question over remoting."""
    own = {field: getattr(command, field) for field in ("force", "do_not_require_ssl", "network_service_allowed")}
    force = own.pop("force")
    asks = CertificateService.SMTP in services
    controller: str | Unset = getattr(command, "domain_controller")  # noqa: B009 - a cmdlet of any kind
    return EnableExchangeCertificate(
        thumbprint=name,
        services=tuple(service for service in CertificateService if service in services),
        server=server,
        force=asks or UNSET if force is UNSET else force,
        domain_controller=controller,
        **own,
    )


RESOURCE: Final = _Resource()
