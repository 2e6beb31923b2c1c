"""Keep track of which settings the running services have read: no server reports that."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, Self

import attrs

from .._cmdlets.imap_settings import ImapSettings, SetImapSettings
from .._cmdlets.services import IMAP4_SERVICES, RestartService, ServiceState, StopService
from .._model.cmdlet import Cmdlet
from .._model.declaration import parameters
from .._values import CertificateService, ServiceStatus, Unset
from .difference import same_settings
from .identity import same_server

if TYPE_CHECKING:
    from .._cmdlets.certificates import EnableExchangeCertificate

__all__ = ["Knowledge"]

_ENABLES_CERTIFICATE: Final = "Enable-ExchangeCertificate"

_NAMES: Final = frozenset(name.lower() for name in IMAP4_SERVICES)
# With these parameters alone it is certain which services a command stops, and that they have stopped when it ends.
_PLAIN: Final = {"name", "force", "pass_thru", "verbose", "warning_action", "information_action"}


@attrs.frozen(kw_only=True)
class Knowledge:
    """The services, by name in lower case, with older settings (``pending``) and with the stored ones (``up_to_date``).

    Of any other service it is not known. Only writes and starts of this library count, so ``pending`` is noted before
    a write is sent. ``up_to_date`` holds only for the ``settings`` that were stored when the services started: if
    another program has written since, they differ in values or in their time.
    """

    pending: frozenset[str] = frozenset()
    up_to_date: frozenset[str] = frozenset()
    settings: ImapSettings | None = None

    def with_pending(self, pending: Iterable[str]) -> Self:
        """Add services that have older settings by what the caller knows."""
        return attrs.evolve(self, pending=self.pending | frozenset(pending))

    def seen(self, settings: ImapSettings, services: Iterable[ServiceState]) -> Self:
        """Return what is known of the running services after reading the server."""
        running = {service.name.lower() for service in services if service.status is not ServiceStatus.Stopped}
        up_to_date = self.up_to_date & running - self.pending if self._stands(settings) else frozenset[str]()
        return attrs.evolve(self, pending=self.pending & running, up_to_date=up_to_date)

    def _stands(self, settings: ImapSettings) -> bool:
        """Say whether the stored settings have not been written since: same values and same time."""
        old = self.settings
        return old is not None and same_settings(old, settings) and _moments(old) == _moments(settings)

    def before(self, command: Cmdlet, server: str) -> Self:
        """Return what is known as soon as a command may be sent."""
        if not _writes_settings(command, server):
            return self
        return attrs.evolve(self, pending=_NAMES)

    def without(self) -> Self:
        """Return what is known after a refused write: it may have changed something all the same."""
        return attrs.evolve(self, up_to_date=frozenset())

    def after(self, command: Cmdlet) -> Self:
        """Return what is known after a command. A start is no proof that the service had been stopped before."""
        if not isinstance(command, StopService | RestartService) or not _is_plain(command):
            return self
        patterns = [name.lower() for name in command.name or ()]
        ended = {name for name in _NAMES if any(fnmatchcase(name, pattern) for pattern in patterns)}
        return attrs.evolve(self, pending=self.pending - ended)


def _moments(settings: ImapSettings) -> tuple[str | None, ...]:
    return settings.when_changed, settings.when_changed_utc


def _writes_settings(command: Cmdlet, server: str) -> bool:
    """Say whether a command may write this server's settings: enabling a certificate for IMAP4 writes its name."""
    if isinstance(command, SetImapSettings):
        named = command.server
    elif command.cmdlet == _ENABLES_CERTIFICATE:
        from .._cmdlets.certificates import EnableExchangeCertificate  # noqa: PLC0415 - loaded by what made the command

        if not isinstance(command, EnableExchangeCertificate) or CertificateService.IMAP not in command.services:
            return False
        named = _server_of(command)
    else:
        return False
    return command.what_if is not True and (isinstance(named, Unset) or same_server(named, server))


def _server_of(command: EnableExchangeCertificate) -> str | Unset:
    r"""Return the server that is named alone, or before the thumbprint: ``Server\Thumbprint``."""
    if isinstance(command.identity, str) and "\\" in command.identity:
        return command.identity.partition("\\")[0]
    return command.server


def _is_plain(command: Cmdlet) -> bool:
    """Say whether no parameter can exclude a service or leave it running."""
    stated = {field for field in parameters(type(command)) if getattr(command, field)}
    return stated <= _PLAIN
