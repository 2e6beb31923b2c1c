"""The state of one server at one moment, and how each command changes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import attrs

from .._cmdlets.imap_settings import ImapSettings, SetImapSettings
from .._cmdlets.services import RestartService, ServiceState, SetService, StartService, StopService
from .._entry import entry
from .._errors import InvalidValueError
from .._model.cmdlet import Cmdlet
from .._model.declaration import properties
from .._values import UNSET, ServiceStatus, StartupType, Unset
from .._values.given import require_text
from .difference import compare, same_settings

__all__ = ["ServerState", "advance"]


@entry
@attrs.frozen(kw_only=True)
class ServerState:
    """The stored IMAP4 settings, the IMAP4 services, and which of these still run with older settings.

    ``pending`` holds the names, in lower case, of running services that have not read the stored settings, and
    ``up_to_date`` of those that have. No server reports this: the library knows it from its own writes and starts, or
    from the caller. For a running service in neither set it is not known.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> ImapServer("MBX01", exchange=transport, windows=transport).state().service("MSExchangeIMAP4").status
    ServiceStatus.Stopped
    """

    settings: ImapSettings
    services: tuple[ServiceState, ...]
    pending: frozenset[str] = frozenset()
    up_to_date: frozenset[str] = frozenset()

    @property
    def unknown(self) -> frozenset[str]:
        """The running services, in lower case, that may or may not have read the stored settings."""
        return self.running - self.pending - self.up_to_date

    @property
    def running(self) -> frozenset[str]:
        """The services, in lower case, that are not stopped."""
        return frozenset(
            service.name.lower() for service in self.services if service.status is not ServiceStatus.Stopped
        )

    def same(self, other: ServerState) -> bool:
        """Say whether the settings, and each service's status and start type, are the same."""
        return same_settings(self.settings, other.settings) and _essence(self.services) == _essence(other.services)

    def service(self, name: str) -> ServiceState:
        """Return the service of that name, whatever its case. Raises :class:`InvalidValueError` for another name."""
        require_text("service", name)
        for service in self.services:
            if service.name.lower() == name.lower():
                return service
        raise InvalidValueError("service", f"one of {', '.join(service.name for service in self.services)}", name)

    def with_service(
        self, name: str, *, startup_type: StartupType | Unset = UNSET, status: ServiceStatus | Unset = UNSET
    ) -> Self:
        """Return the state with one service changed. Setting its status means that it is stopped or started."""
        old = self.service(name)
        new = attrs.evolve(
            old,
            startup_type=old.startup_type if isinstance(startup_type, Unset) else startup_type,
            status=old.status if isinstance(status, Unset) else status,
        )
        services = tuple(new if service is old else service for service in self.services)
        if isinstance(status, Unset):
            return attrs.evolve(self, services=services)
        changed = frozenset({name.lower()})
        up_to_date = self.up_to_date - changed | (changed if status is ServiceStatus.Running else frozenset())
        return attrs.evolve(self, services=services, pending=self.pending - changed, up_to_date=up_to_date)


def _essence(services: Iterable[ServiceState]) -> list[tuple[object, ...]]:
    return [(service.name.lower(), service.status, service.startup_type) for service in services]


def advance(state: ServerState, command: Cmdlet) -> ServerState:
    """Return the state that a command of a plan leaves behind when it succeeds.

    Raises :class:`InvalidValueError` for a command that no plan has.
    """
    match command:
        case SetImapSettings():
            return _set_settings(state, command)
        case SetService(name=str(name)):
            return state.with_service(name, startup_type=command.startup_type)
        case StartService(name=(name,)) if state.service(name).status is ServiceStatus.Running:
            return state  # Start-Service does nothing to a running service, so it reads no settings
        case StartService(name=(name,)) | RestartService(name=(name,)):
            return state.with_service(name, status=ServiceStatus.Running)
        case StopService(name=(name,)):
            return state.with_service(name, status=ServiceStatus.Stopped)
        case _:
            raise InvalidValueError("step", "a command that a plan is made of", str(command))


def _set_settings(state: ServerState, command: SetImapSettings) -> ServerState:
    names = {spec.name: field for field, spec in properties(ImapSettings).items()}
    changes: dict[str, Any] = {  # Any: each value is of the field of its name
        names[change.parameter]: change.after for change in compare(state.settings, command)
    }
    if not changes:
        return state
    settings = attrs.evolve(state.settings, **changes)
    return attrs.evolve(state, settings=settings, pending=state.running, up_to_date=frozenset())
