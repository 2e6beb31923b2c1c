"""Read one Exchange server: its settings and services, its state, and what the account may do there."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, overload

import attrs

from .._apply.clock import Clock
from .._apply.endpoints import Endpoints
from .._apply.limits import Limits
from .._apply.state_reader import StateReader
from .._cmdlets.imap_settings import ImapSettings
from .._cmdlets.registry import answered_by
from .._cmdlets.services import IMAP4_SERVICES, ServiceState
from .._entry import entry
from .._errors import ExchangeImapError, InvalidValueError
from .._model.cmdlet import Cmdlet
from .._model.snapshot import Snapshot
from .._plan.desired import DesiredState
from .._plan.knowledge import Knowledge
from .._plan.scope import scope_to_read
from .._plan.state import ServerState
from .._powershell.command import Pipeline
from .._transports.errors import CommandError, TransportError
from .._transports.transport import Reply, Transport
from .._values.given import require_instance

if TYPE_CHECKING:
    from .._cmdlets.certificates import ExchangeCertificate, GetExchangeCertificate
    from .._cmdlets.components import ComponentState, GetServerComponentState
    from .._cmdlets.connectivity import ConnectivityResult, TestImapConnectivity
    from .._cmdlets.imap_settings import GetImapSettings
    from .._cmdlets.mailboxes import CASMailbox, GetCASMailbox
    from .._cmdlets.pop_settings import GetPopSettings, PopSettings
    from .._cmdlets.receive_connectors import GetReceiveConnector, ReceiveConnector
    from .._cmdlets.servers import ExchangeServer, GetExchangeServer
    from .._cmdlets.services import GetService
    from .._plan.capabilities import Capabilities
    from .server_status import ServerStatus

__all__ = ["TRANSPORT_HINT", "ServerReader"]

TRANSPORT_HINT: Final = "ImapServer.connect(host) makes transports, and so does PsrpTransport.exchange(host)."


def _check_name(_server: ServerReader, _attribute: object, name: str) -> None:
    expected = "the server's name, FQDN or distinguished name"
    require_instance("ImapServer.name", expected, name, str)
    if not name.strip():
        raise InvalidValueError("ImapServer.name", expected, name)


@entry(
    command="Give a cmdlet, or a pipeline of them: parse(text) reads one.",
    desired="Write DesiredState(settings=...), or services=, or both.",
)
@attrs.define(eq=False)
class ServerReader:
    """What :class:`ImapServer` reads, and what it knows of the server besides."""

    name: str = attrs.field(validator=_check_name)
    exchange: Transport | None = attrs.field(default=None, kw_only=True, repr=False)
    windows: Transport | None = attrs.field(default=None, kw_only=True, repr=False)
    clock: Clock = attrs.field(factory=Clock, kw_only=True, repr=False)
    _known: Knowledge = attrs.field(factory=Knowledge, init=False, repr=False)
    _capabilities: Any = attrs.field(default=None, init=False, repr=False)  # Any: Capabilities, which few load
    _limits: Limits = attrs.field(init=False, repr=False)

    @_limits.default
    def _no_limits(self) -> Limits:
        return Limits(self.clock)

    def run(self, command: Cmdlet | Pipeline) -> Reply:
        """Run one cmdlet at the endpoint that has it, or a pipeline command by command, and return the answer.

        A pipeline is never sent as one. The first command runs, then the next one runs once for each object of the
        answer, by name. So the effect on each object is known, whatever the endpoint allows in a pipe. Format-List,
        which may come last, is done here: the records have the properties that it names.

        Raises :class:`CommandError` when the server refuses, :class:`TransportError` when it cannot be asked, and
        :class:`PipelineError` when a pipeline did not run for every object. Any other exception that ends a pipeline,
        such as a KeyboardInterrupt, has that error as its attribute ``outcome``, and as a note.

        >>> from exchange_imap.testing import FakeExchange
        >>> server = ImapServer("MBX01", exchange=FakeExchange(servers=["MBX01"]).transport())
        >>> server.run(parse("Get-ImapSettings -Server MBX01 | Format-List LoginType,*Command*")).records[0].properties
        {'LoginType': 'SecureLogin', 'MaxCommandSize': 10240}
        """
        if isinstance(command, Pipeline):
            from .._cmdlets.pipes import run_pipeline  # noqa: PLC0415 - most commands stand alone

            return run_pipeline(command, self.run)
        return self._run_noting(command)

    def _run_noting(self, command: Cmdlet) -> Reply:
        """Run a command. Note what it makes pending before it is sent, so that it is known however the call ends."""
        known = self._known
        self._known = known.before(command, self.name)
        try:
            reply = self._endpoints.send(command)
        except ExchangeImapError as error:
            if isinstance(error, CommandError) or (isinstance(error, TransportError) and error.sent is False):
                self._known = known.without()
            raise
        self._known = self._known.after(command)
        return reply

    @property
    def _endpoints(self) -> Endpoints:
        return Endpoints(self.name, self.exchange, self.windows, self._limits)

    def settings(self) -> ImapSettings:
        """Read the stored IMAP4 settings; running services may still have older ones.

        Raises :class:`UnexpectedReplyError` when the answer is not exactly one object with every property.
        """
        settings: ImapSettings = self._reader.part("settings", (self.name,))
        return settings

    def services(self) -> tuple[ServiceState, ...]:
        """Read the two IMAP4 services, the front end first."""
        services: tuple[ServiceState, ...] = self._reader.part("services", IMAP4_SERVICES)
        return services

    @property
    def _reader(self) -> StateReader:
        return StateReader(self._endpoints, self.run, self._seen)

    @overload
    def read(self, command: GetImapSettings) -> tuple[ImapSettings, ...]: ...
    @overload
    def read(self, command: GetPopSettings) -> tuple[PopSettings, ...]: ...
    @overload
    def read(self, command: GetReceiveConnector) -> tuple[ReceiveConnector, ...]: ...
    @overload
    def read(self, command: GetCASMailbox) -> tuple[CASMailbox, ...]: ...
    @overload
    def read(self, command: GetExchangeServer) -> tuple[ExchangeServer, ...]: ...
    @overload
    def read(self, command: GetExchangeCertificate) -> tuple[ExchangeCertificate, ...]: ...
    @overload
    def read(self, command: GetServerComponentState) -> tuple[ComponentState, ...]: ...
    @overload
    def read(self, command: TestImapConnectivity) -> tuple[ConnectivityResult, ...]: ...
    @overload
    def read(self, command: GetService) -> tuple[ServiceState, ...]: ...
    def read(self, command: Cmdlet) -> tuple[Snapshot, ...]:
        """Run a cmdlet that answers objects of a snapshot class, and return these.

        Raises what :meth:`run` raises, :class:`UnexpectedReplyError` for an answer of another form, and
        :class:`InvalidValueError` for a cmdlet that answers nothing or other objects.

        >>> from exchange_imap.testing import FakeExchange
        >>> server = ImapServer("MBX01", exchange=FakeExchange(servers=["MBX01"]).transport())
        >>> (connector,) = server.read(GetReceiveConnector(identity="Client Frontend MBX01"))
        >>> connector.advertise_client_settings
        False
        """
        snapshot = answered_by(type(command))
        if snapshot is None:
            expected = "a cmdlet whose answer has a class, such as GetReceiveConnector"
            raise InvalidValueError("ImapServer.read(command)", expected, command, "Use run(command).")
        return tuple(map(snapshot.from_record, self.run(command).records))

    def state(self, desired: DesiredState | None = None) -> ServerState:
        """Read settings and services, and what else ``desired`` names; add what is known to be pending."""
        return self._reader.state(scope_to_read(self.name, desired.stated if desired else {}))

    def _seen(self, parts: Mapping[str, Any]) -> ServerState:  # Any: as above
        """Add what is known to be pending, and the time, to what was read."""
        state = ServerState(**parts, read_at=self.clock.now())
        self._known = known = self._known.seen(state)
        return attrs.evolve(state, pending=known.pending & state.running, up_to_date=known.up_to_date & state.running)

    def status(self) -> ServerStatus:
        """Read what there is to know about IMAP4 on this server, and ask each endpoint once.

        That is settings, services, components, connectors and certificates, and what is known of whether the services
        have read the settings. A part that cannot be read is ``None``, and ``ServerStatus.errors`` says why.

        >>> from exchange_imap.testing import FakeExchange
        >>> transport = FakeExchange(servers=["MBX01"]).transport()
        >>> print(ImapServer("MBX01", exchange=transport, windows=transport).status())
        MBX01
          settings    stored; last written: ...; LoginType SecureLogin
          services    MSExchangeImap4 Stopped, Manual: it reads the settings when it starts
                      MSExchangeIMAP4BE Stopped, Manual: it reads the settings when it starts
          components  ImapProxy Active
                      ServerWideOffline Active
        ...
        """
        from .status import read_status  # noqa: PLC0415 - few programs ask

        return read_status(self._endpoints, self._seen, self.clock.now())

    def capabilities(self) -> Capabilities:
        """Ask both endpoints which cmdlets and parameters this account may run; keep the answer, and ask only once.

        Get-Command tells. Where the endpoint does not have it, the commands that only read are tried, and of the others
        nothing is known. An endpoint that cannot be asked leaves its cmdlets unknown, and the next call asks again.
        Raises :class:`UnexpectedReplyError` for an answer that Get-Command does not give.

        >>> from exchange_imap.testing import FakeExchange
        >>> transport = FakeExchange(servers=["MBX01"], hidden=["Set-ReceiveConnector"]).transport()
        >>> found = ImapServer("MBX01", exchange=transport, windows=transport).capabilities()
        >>> print(found.of("Set-ReceiveConnector"))
        Set-ReceiveConnector: no (Get-Command does not find it at the Exchange endpoint)
        """
        from .capabilities import read_capabilities  # noqa: PLC0415 - few programs ask

        found: Capabilities | None = self._capabilities
        if found is None:
            found, answered = read_capabilities(self._endpoints)
            self._capabilities = found if answered else None
        return found

    def close(self) -> None:
        """Close both transports, the second one even if closing the first fails."""
        self._endpoints.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
