"""What is known of the settings that the running services have read: no server tells."""

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
# What leaves no doubt which services a command is about, and that they have stopped when it is done.
_PLAIN: Final = {"name", "force", "pass_thru", "verbose", "warning_action", "information_action"}


@attrs.frozen(kw_only=True)
class Knowledge:
    """The services, by their names in lower case, that have older settings, and those that have the stored ones.

    Of a service that is in neither nothing is known. Only what is written and started through this library counts, so
    ``pending`` is noted before a write is sent, and ``up_to_date`` only holds for the very ``settings`` that were
    stored when the services were started: what something else has written since is different, or of another time.
    """

    pending: frozenset[str] = frozenset()
    up_to_date: frozenset[str] = frozenset()
    settings: ImapSettings | None = None

    def with_pending(self, pending: Iterable[str]) -> Self:
        """Return what is known when a caller says which services have older settings."""
        return attrs.evolve(self, pending=self.pending | frozenset(pending))

    def seen(self, settings: ImapSettings, services: Iterable[ServiceState]) -> Self:
        """Return what is known of the services that run, now that the server has been read."""
        running = {service.name.lower() for service in services if service.status is not ServiceStatus.Stopped}
        up_to_date = self.up_to_date & running - self.pending if self._stands(settings) else frozenset[str]()
        return attrs.evolve(self, pending=self.pending & running, up_to_date=up_to_date)

    def _stands(self, settings: ImapSettings) -> bool:
        """Say whether the stored settings have not been written since: the same, and of the same moment."""
        old = self.settings
        return old is not None and same_settings(old, settings) and _moments(old) == _moments(settings)

    def before(self, command: Cmdlet, server: str) -> Self:
        """Return what is known while a command is on its way, whatever becomes of it."""
        if not _writes_settings(command, server):
            return self
        return attrs.evolve(self, pending=_NAMES)

    def without(self) -> Self:
        """Return what is known when a write was refused: it may have done something all the same."""
        return attrs.evolve(self, up_to_date=frozenset())

    def after(self, command: Cmdlet) -> Self:
        """Return what is known when a command is done. That a service was started does not show that it had stopped."""
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
    """Say whether nothing is stated that may leave a service out, or leave it running."""
    stated = {field for field in parameters(type(command)) if getattr(command, field)}
    return stated <= _PLAIN
