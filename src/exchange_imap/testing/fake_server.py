"""One server of the fake: its stored settings, the settings of its running services, and the services' status."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import attrs

from .._cmdlets.imap_settings import ImapSettings
from .._cmdlets.services import ServiceState
from .._entry import entry
from .._errors import InvalidValueError
from .._model.declaration import writable
from .._values import UNSET, ServiceStatus, StartupType, Unset
from .new_server import NewServer
from .new_services import BACKEND, FRONT_END, new_services, with_status

__all__ = ["FakeServer", "find_server", "only_server"]

_IMAP4: Final = (FRONT_END.lower(), BACKEND.lower())
_NOT_LOADED: Final = {ServiceStatus.Stopped, ServiceStatus.StartPending}
_WRITABLE: Final = tuple(writable(ImapSettings))


@attrs.frozen
class _Loaded:
    """The settings that a service read when it started, and the number of the write that stored them."""

    revision: int
    settings: ImapSettings


@entry
@attrs.define(eq=False, repr=False)
class FakeServer:
    """One server of a :class:`FakeExchange`. Tests can read its state and change it.

    The directory stores the settings; each of the two IMAP4 services reads them when it starts and never again.

    >>> import attrs
    >>> from exchange_imap.testing import FakeExchange
    >>> server = FakeExchange(servers=["MBX01"]).server("MBX01")
    >>> server.effective is None  # a new server's IMAP4 services are stopped
    True
    >>> server.set_service("MSExchangeIMAP4", status=ServiceStatus.Running)
    >>> server.set_service("MSExchangeIMAP4BE", status=ServiceStatus.Running)
    >>> server.stored = attrs.evolve(server.stored, max_connections_per_user=32)
    >>> server.effective.max_connections_per_user, server.pending
    (16, True)
    """

    installed: NewServer
    """The state after the installation."""
    _stored: ImapSettings = attrs.field(init=False)
    _revision: int = attrs.field(default=0, init=False)
    _services: dict[str, ServiceState] = attrs.field(init=False)
    _loaded: dict[str, _Loaded] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._stored = self.installed.settings
        self._services = {service.name.lower(): service for service in new_services(self.installed.version)}

    @property
    def name(self) -> str:
        """The server's name, without its domain."""
        return self.installed.name

    @property
    def stored(self) -> ImapSettings:
        """The settings in the directory. Assign others to simulate another administrator's change, valid or not."""
        return self._stored

    @stored.setter
    def stored(self, settings: ImapSettings) -> None:
        self._stored = settings
        self._revision += 1

    @property
    def effective(self) -> ImapSettings | None:
        """The settings that clients get: the last ones that *both* services have read; ``None`` unless both run."""
        running = [self._loaded[key] for key in _IMAP4 if self._services[key].status is ServiceStatus.Running]
        return min(running, key=lambda loaded: loaded.revision).settings if len(running) == len(_IMAP4) else None

    @property
    def pending(self) -> bool:
        """Whether an IMAP4 service runs with other settings than those that are stored."""
        return any(not _same(loaded.settings, self._stored) for loaded in self._loaded.values())

    def loaded(self, service: str) -> ImapSettings | None:
        """Return the settings that an IMAP4 service read when it started; ``None`` while it does not run."""
        loaded = self._loaded.get(self._key(service))
        return loaded.settings if loaded else None

    @property
    def services(self) -> tuple[ServiceState, ...]:
        """Every service, sorted by name as Get-Service sorts them."""
        return tuple(self._services[key] for key in sorted(self._services))

    def has_service(self, name: str) -> bool:
        """Say whether there is a service of that name, in any case."""
        return name.lower() in self._services

    def service(self, name: str) -> ServiceState:
        """Return the service of that name, in any case. Raises :class:`InvalidValueError` when there is none."""
        return self._services[self._key(name)]

    def set_service(
        self,
        name: str,
        *,
        status: ServiceStatus | Unset = UNSET,
        startup_type: StartupType | Unset = UNSET,
        display_name: str | Unset = UNSET,
    ) -> None:
        """Set the state of a service directly: nothing is checked, and no other service changes.

        An IMAP4 service that becomes Running reads the stored settings. Raises :class:`InvalidValueError` if there is
        no such service.
        """
        stated: dict[str, Any] = {  # Any: fields of several types
            "status": status,
            "startup_type": startup_type,
            "display_name": display_name,
        }
        changes = {field: value for field, value in stated.items() if value is not UNSET}
        service = attrs.evolve(self.service(name), **changes)
        self._services[self._key(name)] = with_status(service, service.status)
        self._load(self._key(name), service.status)

    def _load(self, key: str, status: ServiceStatus) -> None:
        if status in _NOT_LOADED:
            self._loaded.pop(key, None)
        elif key in _IMAP4:
            self._loaded.setdefault(key, _Loaded(self._revision, self._stored))

    def _key(self, name: str) -> str:
        if not self.has_service(name):
            raise InvalidValueError("service", f"one of {', '.join(s.name for s in self.services)}", name)
        return name.lower()

    def __repr__(self) -> str:
        return f"<FakeServer {self.name}>"


def find_server(servers: Iterable[FakeServer], identity: str) -> FakeServer | None:
    """Return the server of that name, FQDN, DN or legacy DN, whatever its case."""
    return next((server for server in servers if identity.casefold() in server.installed.names), None)


def only_server(servers: tuple[FakeServer, ...]) -> FakeServer:
    """Return the machine that a session without a server is on.

    Raises :class:`InvalidValueError` if it could be on several: that is a mistake in the test, not a refusal.
    """
    if len(servers) == 1:
        return servers[0]
    hint = 'A service is one machine\'s: ask for transport(server="...").'
    raise InvalidValueError("server", f"one of {', '.join(server.name for server in servers)}", None, hint)


def _same(one: ImapSettings, other: ImapSettings) -> bool:
    """Compare the settings that services read, and not the directory's properties of the object."""
    return all(getattr(one, field) == getattr(other, field) for field in _WRITABLE)
