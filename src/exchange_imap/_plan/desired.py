"""The desired state of a server; what it does not state stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

import attrs

from .._cmdlets.imap_settings import SetImapSettings
from .._cmdlets.services import IMAP4_SERVICES, SetService
from .._entry import entry
from .._errors import InvalidValueError
from .._values import UNSET, Binding, ConnectionSetting, ServiceStatus, StartupType, Unset
from .._values.given import require_instance
from .planned import refuse_unplanned

__all__ = ["DesiredState"]

_SERVICES = "Write services=[SetService(...)]."
_START_TYPES = frozenset({UNSET, StartupType.Automatic, StartupType.Manual, StartupType.Disabled})


def _several(services: list[SetService] | tuple[SetService, ...]) -> tuple[SetService, ...]:
    require_instance("DesiredState.services", "a list or tuple of SetService", services, (list, tuple), _SERVICES)
    return tuple(services)


@entry(settings="SetImapSettings.parse(text) reads a line.")
@attrs.frozen(kw_only=True)
class DesiredState:
    """A desired state: the ``Set-`` cmdlets that would bring it about are its parts.

    ``services``, a list or tuple, name IMAP4 services with the start type and status that they should have.
    ``restart`` asks for a restart of the services even if nothing is known to be pending. A plan carries out all that
    is stated; anything that it cannot carry out, such as ``-WhatIf`` or ``-ComputerName``, raises
    :class:`InvalidValueError`. Only the common parameters, such as ``-ErrorAction``, are ignored: they say how a
    command runs, and nothing about a state.

    >>> DesiredState(settings=SetImapSettings.parse("Set-ImapSettings -LoginType SecureLogin")).services
    ()
    """

    settings: SetImapSettings | None = None
    services: tuple[SetService, ...] = attrs.field(default=(), converter=_several)
    restart: bool = False

    def __attrs_post_init__(self) -> None:
        if self.settings is not None:
            refuse_unplanned(self.settings)
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

        Both services run and start automatically; ``external`` are the settings that external clients get, and
        ``certificate`` is the host name by which the certificate is found (unchanged if not given). The
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


def _check_service(service: SetService) -> None:
    require_instance("DesiredState.services", "a list or tuple of SetService", service, SetService, _SERVICES)
    service.require_whole()
    refuse_unplanned(service)
    if str(service.name).lower() not in {name.lower() for name in IMAP4_SERVICES}:
        raise InvalidValueError("DesiredState.services", f"one of {', '.join(IMAP4_SERVICES)}", service.name)
    if service.status not in {UNSET, ServiceStatus.Running, ServiceStatus.Stopped}:
        raise InvalidValueError(str(service.name), "the status Running or Stopped", str(service.status))
    if service.startup_type not in _START_TYPES:
        raise InvalidValueError(str(service.name), "the start type Automatic, Manual or Disabled", service.startup_type)
    if service.status is ServiceStatus.Running and service.startup_type is StartupType.Disabled:
        raise InvalidValueError(str(service.name), "Automatic or Manual for a service that shall run", "Disabled")


def _connection_setting(value: ConnectionSetting | str) -> ConnectionSetting:
    return ConnectionSetting.parse(value) if isinstance(value, str) else value


def _bindings(values: Iterable[Binding | str] | Unset) -> tuple[Binding, ...] | Unset:
    if isinstance(values, Unset):
        return UNSET
    return tuple(Binding.parse(value) if isinstance(value, str) else value for value in values)
