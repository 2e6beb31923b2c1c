"""What a server should be like; whatever is not said stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Self

import attrs

from .._cmdlet.cmdlet import Cmdlet
from .._cmdlet.declaration import own_parameters, properties
from .._cmdlets.imap_settings import ImapSettings, SetImapSettings
from .._cmdlets.services import IMAP4_SERVICES, SetService
from .._entry import entry
from .._errors import InvalidValueError
from .._values import UNSET, Binding, ConnectionSetting, ServiceStatus, StartupType, Unset
from .._values.given import require_instance

__all__ = ["PLANNED", "DesiredState"]

_SETTINGS = (SetImapSettings, type(None))
_SERVICES = "Write services=[SetService(...)]."
_WRITABLE = {field for field, spec in properties(ImapSettings).items() if spec.writable}
PLANNED: Final[Mapping[type[Cmdlet], frozenset[str]]] = {
    SetImapSettings: frozenset({"server", "domain_controller", *_WRITABLE}),
    SetService: frozenset({"name", "startup_type", "status"}),
}
"""The cmdlets that a desired state is made of, and the fields of each that a plan carries out."""

_PREVIEW = "A plan only reads until it is applied: preview it with print(plan)."
_ELSEWHERE = "A plan does not change it: send the command itself with server.run(...)."
_HINTS: Final = {
    "what_if": _PREVIEW,
    "confirm": _PREVIEW,
    "computer_name": "A plan is of one server: plan it on that server.",
    "pass_thru": "Leave it out: the outcome of a plan has the state of the services.",
}


def _several(services: list[SetService] | tuple[SetService, ...]) -> tuple[SetService, ...]:
    require_instance("DesiredState.services", "a list or tuple of SetService", services, (list, tuple), _SERVICES)
    return tuple(services)


@entry(settings="SetImapSettings.parse(text) reads a line.")
@attrs.frozen(kw_only=True)
class DesiredState:
    """A desired state: the ``Set-`` cmdlets that would bring it about are its parts.

    ``services``, a list or tuple, name services of IMAP4 with the start type and status that they should have.
    ``restart`` asks for the services to be restarted even where nothing is known to be pending. Whatever is stated is
    carried out by a plan: what a plan does not carry out, such as ``-WhatIf`` or a ``-ComputerName``, is refused
    with :class:`InvalidValueError`.

    >>> DesiredState(settings=SetImapSettings.parse("Set-ImapSettings -LoginType SecureLogin")).services
    ()
    """

    settings: SetImapSettings | None = None
    services: tuple[SetService, ...] = attrs.field(default=(), converter=_several)
    restart: bool = False

    def __attrs_post_init__(self) -> None:
        wanted = "Write settings=SetImapSettings.parse(...)."
        require_instance("DesiredState.settings", "a SetImapSettings", self.settings, _SETTINGS, wanted)
        require_instance("DesiredState.restart", "True or False", self.restart, bool)
        if self.settings is not None:
            _refuse_unplanned(self.settings, PLANNED[SetImapSettings])
        for service in self.services:
            _check_service(service)
        names = [str(service.name).lower() for service in self.services]
        if len(set(names)) < len(names):
            raise InvalidValueError("DesiredState.services", "each service once", names)

    @classmethod
    def enabled(
        cls,
        *,
        external: Iterable[ConnectionSetting | str] | str,
        certificate: str | None = None,
        ssl_bindings: Iterable[Binding | str] | Unset = UNSET,
        unencrypted_or_tls_bindings: Iterable[Binding | str] | Unset = UNSET,
    ) -> Self:
        """Describe a server with IMAP4 enabled, as Microsoft's procedure leaves it.

        Both services run and start automatically; ``external`` is what external clients are told, and
        ``certificate`` the host name by which the certificate is found (left as it is when not given). The
        bindings stay as they are unless given.

        >>> desired = DesiredState.enabled(external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com")
        >>> str(desired.settings)
        'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:SSL" -X509CertificateName mail.contoso.com'
        """
        settings = SetImapSettings(
            external_connection_settings=tuple(
                map(_connection_setting, (external,) if isinstance(external, str) else external)
            ),
            x509_certificate_name=UNSET if certificate is None else certificate,
            ssl_bindings=_bindings(ssl_bindings),
            unencrypted_or_tls_bindings=_bindings(unencrypted_or_tls_bindings),
        )
        running = (
            SetService(name=name, startup_type=StartupType.Automatic, status=ServiceStatus.Running)
            for name in IMAP4_SERVICES
        )
        return cls(settings=settings, services=tuple(running))


def _refuse_unplanned(command: Cmdlet, planned: frozenset[str]) -> None:
    """Refuse a parameter that no plan would carry out: left out silently, it would be done without.

    The common parameters say nothing of a state, and what a plan does about errors is its own.
    """
    for field, spec in own_parameters(type(command)).items():
        if field not in planned and getattr(command, field) is not UNSET:
            where, hint = f"DesiredState: {command.cmdlet} -{spec.name}", _HINTS.get(field, _ELSEWHERE)
            raise InvalidValueError(where, "no such parameter in a desired state", getattr(command, field), hint)


def _check_service(service: SetService) -> None:
    require_instance("DesiredState.services", "a list or tuple of SetService", service, SetService, _SERVICES)
    service.require_whole()
    _refuse_unplanned(service, PLANNED[SetService])
    if str(service.name).lower() not in {name.lower() for name in IMAP4_SERVICES}:
        raise InvalidValueError("DesiredState.services", f"one of {', '.join(IMAP4_SERVICES)}", service.name)
    if service.status not in {UNSET, ServiceStatus.Running, ServiceStatus.Stopped}:
        raise InvalidValueError(str(service.name), "the status Running or Stopped", str(service.status))
    if service.status is ServiceStatus.Running and service.startup_type is StartupType.Disabled:
        raise InvalidValueError(str(service.name), "Automatic or Manual for a service that shall run", "Disabled")


def _connection_setting(value: ConnectionSetting | str) -> ConnectionSetting:
    return ConnectionSetting.parse(value) if isinstance(value, str) else value


def _bindings(values: Iterable[Binding | str] | Unset) -> tuple[Binding, ...] | Unset:
    if isinstance(values, Unset):
        return UNSET
    return tuple(Binding.parse(value) if isinstance(value, str) else value for value in values)
