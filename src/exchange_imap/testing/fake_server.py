"""One server of the fake: its stored settings, the settings of its running services, and the services' status."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs

from .._cmdlets.imap_settings import ImapSettings
from .._cmdlets.services import ServiceState
from .._entry import entry
from .._errors import InvalidValueError
from .._powershell.command import Pipeline
from .._powershell.syntax import Array, String
from .._values import UNSET, ServiceStatus, StartupType, Unset
from .new_server import NewServer
from .new_services import BACKEND, FRONT_END, POP_BACKEND, POP_FRONT_END, new_services, with_status
from .protocol_state import ProtocolState

if TYPE_CHECKING:
    from .._cmdlets.certificates import ExchangeCertificate
    from .._cmdlets.pop_settings import PopSettings
    from .._cmdlets.receive_connectors import ReceiveConnector
    from .components import Components
    from .new_certificate import NewCertificate
    from .outlook_web import OutlookWeb

__all__ = ["FakeServer", "find_server", "named_server", "only_server"]

T = TypeVar("T")
_IMAP4: Final = (FRONT_END.lower(), BACKEND.lower())
_NAMING: Final = {"server", "identity", "computername", "cn", "clientaccessserver", "mailboxserver"}
"""The parameters that name a server, or an object as ``Server\\Name``."""
_IIS: Final = "w3svc"
_POP3: Final = (POP_FRONT_END.lower(), POP_BACKEND.lower())


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
    >>> server.effective == server.stored, server.pending  # the services have not read the change
    (False, True)
    """

    installed: NewServer
    """The state after the installation."""
    bare_certificates: bool = attrs.field(default=False, kw_only=True)
    """Whether Get-ExchangeCertificate answers little more than the bytes, as in some remote sessions."""
    imap: ProtocolState[ImapSettings] = attrs.field(init=False)
    """The IMAP4 settings, stored and read by the services; :attr:`stored` and the others are a short way to them."""
    _services: dict[str, ServiceState] = attrs.field(init=False)
    _parts: dict[str, Any] = attrs.field(factory=dict, init=False)  # Any: what each property makes on first use

    def __attrs_post_init__(self) -> None:
        self.imap = ProtocolState(self.installed.settings, _IMAP4)
        self._services = {service.name.lower(): service for service in new_services(self.installed.version)}

    def _part(self, name: str, make: Callable[[], T]) -> T:
        """Make a part of the state when it is first asked for: most tests are about one."""
        if name not in self._parts:
            self._parts[name] = make()
        part: T = self._parts[name]
        return part

    @property
    def name(self) -> str:
        """The server's name, without its domain."""
        return self.installed.name

    @property
    def stored(self) -> ImapSettings:
        """The settings in the directory. Assign others to simulate another administrator's change, valid or not."""
        return self.imap.stored

    @stored.setter
    def stored(self, settings: ImapSettings) -> None:
        self.imap.stored = settings

    @property
    def effective(self) -> ImapSettings | None:
        """The settings that clients get: the last ones that *both* services have read; ``None`` unless both run."""
        return self.imap.effective

    @property
    def pending(self) -> bool:
        """Whether an IMAP4 service runs with other settings than those that are stored."""
        return self.imap.pending

    @property
    def pop(self) -> ProtocolState[PopSettings]:
        """The POP3 settings: ``stored``, ``effective`` and ``pending``, as of IMAP4."""
        return self._part("pop", lambda: ProtocolState(self.installed.pop_settings, _POP3))

    @property
    def connectors(self) -> dict[str, ReceiveConnector]:
        """The Receive connectors by name. Assign one to simulate another administrator's change, valid or not."""
        from .new_connectors import new_connectors  # noqa: PLC0415 - see _part

        return self._part("connectors", lambda: new_connectors(self.installed))

    @property
    def certificates(self) -> dict[str, ExchangeCertificate]:
        """The certificates by thumbprint, in upper case."""
        from .new_certificate import new_certificates  # noqa: PLC0415 - see _part

        return self._part("certificates", lambda: {each.thumbprint: each for each in new_certificates(self.installed)})

    def add_certificate(self, certificate: NewCertificate) -> ExchangeCertificate:
        """Put a certificate on the server, and return it."""
        made = certificate.make()
        self.certificates[made.thumbprint] = made
        return made

    @property
    def transport_certificate(self) -> str:
        """The thumbprint of the certificate that SMTP uses between servers."""
        return self._part("transport_certificate", lambda: next(iter(self.certificates)))

    @transport_certificate.setter
    def transport_certificate(self, thumbprint: str) -> None:
        self._parts["transport_certificate"] = thumbprint

    @property
    def components(self) -> Components:
        """The components, such as ImapProxy, and who has asked for their states: ``state`` and ``set``."""
        from .components import Components  # noqa: PLC0415 - see _part

        return self._part("components", lambda: Components(self.installed))

    @property
    def outlook_web(self) -> OutlookWeb | None:
        """What Outlook on the web shows of ``imap``, ``pop`` and ``smtp``; ``None`` while IIS (W3SVC) does not run.

        IIS reads the settings when it starts: restart W3SVC after a change.
        """
        from .outlook_web import OutlookWeb  # noqa: PLC0415 - see _part

        runs = self.service(_IIS).status is ServiceStatus.Running
        return self._part("outlook_web", lambda: OutlookWeb((), (), ())) if runs else None

    def _read_by_iis(self) -> OutlookWeb:
        from .._cmdlets.advertised import submission  # noqa: PLC0415 - see _part
        from .outlook_web import OutlookWeb  # noqa: PLC0415 - see _part

        imap, pop = (each.external_connection_settings for each in (self.stored, self.pop.stored))
        return OutlookWeb(imap, pop, tuple(submission(self.connectors.values())))

    def loaded(self, service: str) -> ImapSettings | PopSettings | None:
        """Return the settings that a service of IMAP4 or POP3 read when it started; ``None`` while it does not run."""
        key = self._key(service)
        return self.pop.loaded(key) if key in _POP3 else self.imap.loaded(key)

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

        A service of IMAP4 or POP3 that becomes Running reads the stored settings. Raises :class:`InvalidValueError` if
        there is no such service.
        """
        stated: dict[str, Any] = {  # Any: fields of several types
            "status": status,
            "startup_type": startup_type,
            "display_name": display_name,
        }
        changes = {field: value for field, value in stated.items() if value is not UNSET}
        before = self.service(name)
        service = attrs.evolve(before, **changes)
        self._services[self._key(name)] = with_status(service, service.status)
        if service.status is not before.status:
            self._load(self._key(name), service.status)

    def _load(self, key: str, status: ServiceStatus) -> None:
        if key == _IIS and status is ServiceStatus.Running:
            self._parts["outlook_web"] = self._read_by_iis()
        elif key in _IMAP4:
            self.imap.follow(key, status)
        elif key in _POP3:
            self.pop.follow(key, status)

    def _key(self, name: str) -> str:
        if not self.has_service(name):
            raise InvalidValueError("service", f"one of {', '.join(s.name for s in self.services)}", name)
        return name.lower()

    def __repr__(self) -> str:
        return f"<FakeServer {self.name}>"


def find_server(servers: Iterable[FakeServer], identity: str) -> FakeServer | None:
    """Return the server of that name, FQDN, DN or legacy DN, whatever its case."""
    return next((server for server in servers if identity.casefold() in server.installed.names), None)


def named_server(pipeline: Pipeline, servers: tuple[FakeServer, ...], home: FakeServer | None) -> FakeServer:
    r"""Return the server that a command names, alone or as ``Server\Name``; without one the session's, or the first."""
    for text in _naming(pipeline):
        found = find_server(servers, text) or find_server(servers, text.partition("\\")[0])
        if found is not None:
            return found
    return home or servers[0]


def _naming(pipeline: Pipeline) -> Iterator[str]:
    for command in pipeline.commands:
        for parameter in command.parameters:
            if parameter.name.lower() in _NAMING:
                values = parameter.value.items if isinstance(parameter.value, Array) else (parameter.value,)
                yield from (value.value for value in values if isinstance(value, String))


def only_server(servers: tuple[FakeServer, ...]) -> FakeServer:
    """Return the machine that a session without a server is on.

    Raises :class:`InvalidValueError` if it could be on several: that is a mistake in the test, not a refusal.
    """
    if len(servers) == 1:
        return servers[0]
    hint = 'A service is one machine\'s: ask for transport(server="...").'
    raise InvalidValueError("server", f"one of {', '.join(server.name for server in servers)}", None, hint)
