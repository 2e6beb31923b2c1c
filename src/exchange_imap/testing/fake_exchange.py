"""Fake Exchange servers without a network: state, strict validation, faults, and a log."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Literal

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._model.cmdlet import Cmdlet
from .._model.specs import Endpoint
from .._powershell.command import Command, Pipeline
from .._transports.errors import TransportError
from .._transports.transport import Reply
from .._values import Encryption
from .directory import INSTALLED
from .execution import Execution
from .fake_server import FakeServer, find_server, named_server, only_server
from .fault import Fault
from .handlers import Handler, find_handled, handler_of
from .log import LogEntry
from .new_mailbox import NewMailbox
from .new_server import NewServer, Version
from .organization import Organization
from .refusals import RefusalError, command_not_found
from .role import Role, asks_for_commands
from .strict_binding import bind
from .transport import FakeTransport

if TYPE_CHECKING:
    from .mailboxes import Mailbox

__all__ = ["FakeExchange"]


def _ticking() -> Callable[[], datetime]:
    """Make a clock that advances by one second each time it is read, the same in every run."""
    seconds = itertools.count(1)
    return lambda: INSTALLED + timedelta(seconds=next(seconds))


def _entry(pipeline: Pipeline, endpoint: Endpoint | None, fault: Fault | None, run: Execution) -> LogEntry:
    known = (find_handled(command.name) for command in pipeline.commands)
    return LogEntry(
        pipeline=pipeline,
        server=run.server.name if run.server else None,
        endpoint=endpoint or next((cmdlet.endpoint for cmdlet in known if cmdlet), None),
        effect=run.effect,
        refused=run.errors[0].fully_qualified_error_id if run.errors else None,
        fault=fault,
    )


@attrs.define
class _Armed:
    """A fault and how many commands it has seen."""

    fault: Fault
    server: FakeServer | None
    seen: int = 0

    def sees(self, pipeline: Pipeline, about: FakeServer) -> bool:
        """Count the command if it is of the fault's kind; say whether the fault strikes it."""
        counts = self.server in {None, about} and self.fault.counts(pipeline)
        self.seen += counts
        return counts and self.seen >= self.fault.nth


@entry(fault='Write Fault(of="Set-ImapSettings"), which says what fails and how.')
@attrs.define(eq=False, repr=False)
class FakeExchange:
    """An Exchange organisation for tests. Each server is freshly installed and refuses what a real server refuses.

    It knows the cmdlets of the library; docs/coverage.md says which. Any other command is not found, and Format-List
    neither, since that is for the shell of a person. A pipe between them runs for each object. Cmdlets
    and parameters in ``hidden``, such as ``Set-ImapSettings -SSLBindings``, are not found either, as if a management
    role hid them; with ``Get-Command`` among them the Exchange endpoint does not tell what it has. ``servers`` are
    names, or :class:`NewServer` for a server with its own version or domain, and ``mailboxes`` the organisation's, or
    else the Administrator's and three more.
    With ``bare_certificates`` Get-ExchangeCertificate answers the bytes and no services, as some remote sessions do.
    ``latency`` is the time that each reply reports; nothing ever sleeps. ``clock`` returns the time of each command; by
    default it begins with the installation and advances by a second each time. Threads may share it.

    >>> from exchange_imap.testing import FakeExchange
    >>> fake = FakeExchange(servers=["MBX01"])
    >>> reply = fake.transport().run(Pipeline((SetImapSettings(server="MBX01", max_connections_per_user=32),)))
    >>> reply.warnings[0].partition(" after ")[0]
    'Changes to IMAP4 settings will only take effect'
    >>> fake.server("mbx01.contoso.com").stored.max_connections_per_user
    32
    """

    _given: Sequence[str | NewServer] = attrs.field(alias="servers")
    domain: str = attrs.field(default="contoso.com", kw_only=True)
    version: Version = attrs.field(default="2019", kw_only=True)
    hidden: Iterable[str] = attrs.field(default=(), kw_only=True)
    _given_mailboxes: Sequence[NewMailbox] | None = attrs.field(default=None, alias="mailboxes", kw_only=True)
    bare_certificates: bool = attrs.field(default=False, kw_only=True)
    latency: timedelta = attrs.field(default=timedelta(), kw_only=True)
    clock: Callable[[], datetime] = attrs.field(factory=_ticking, kw_only=True)
    _servers: tuple[FakeServer, ...] = attrs.field(init=False)
    _organization: Organization = attrs.field(init=False)
    _role: Role = attrs.field(init=False)
    _log: list[LogEntry] = attrs.field(factory=list, init=False)
    _armed: list[_Armed] = attrs.field(factory=list, init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)

    def __attrs_post_init__(self) -> None:
        if isinstance(self._given, str) or not self._given:
            raise InvalidValueError("servers", "a list of one or more servers", self._given)
        self._servers = tuple(
            FakeServer(self._install(each), bare_certificates=self.bare_certificates) for each in self._given
        )
        if len({server.name.casefold() for server in self._servers}) < len(self._servers):
            raise InvalidValueError("servers", "each server once", [server.name for server in self._servers])
        self._organization = Organization(self._servers, self._given_mailboxes)
        self._role = Role.hiding(self.hidden)

    def _install(self, server: str | NewServer) -> NewServer:
        if isinstance(server, NewServer):
            return server
        return NewServer(server, domain=self.domain, version=self.version)

    @property
    def servers(self) -> tuple[FakeServer, ...]:
        """The servers; a session runs on the first one unless stated otherwise."""
        return self._servers

    def server(self, identity: str) -> FakeServer:
        """Return a server by name, FQDN, DN or legacy DN. Raises :class:`InvalidValueError` when there is none."""
        found = find_server(self._servers, identity)
        if found is None:
            raise InvalidValueError("server", f"one of {', '.join(each.name for each in self._servers)}", identity)
        return found

    @property
    def mailboxes(self) -> tuple[Mailbox, ...]:
        """The mailboxes of the organisation."""
        return self._organization.mailboxes

    def mailbox(self, identity: str) -> Mailbox:
        """Return a mailbox by any of its names. Raises :class:`InvalidValueError` where there is not exactly one."""
        found = self._organization.find_mailboxes(identity)
        if len(found) != 1:
            raise InvalidValueError("mailbox", f"one of {', '.join(m.stored.name for m in self.mailboxes)}", identity)
        return found[0]

    def transport(self, endpoint: Endpoint | None = None, server: str | None = None) -> FakeTransport:
        """Open a session with one endpoint, or without ``endpoint`` with both at once.

        ``server`` is the machine to connect to. You may leave it out if there is only one, and for the Exchange
        endpoint, where it matters only for a command without ``-Server``.
        """
        home = self.server(server) if server is not None else None
        if endpoint is Endpoint.WINDOWS and home is None:
            home = only_server(self._servers)
        return FakeTransport(partial(self._run, endpoint=endpoint, home=home))

    def connect(
        self,
        server: str,
        *,
        port: int = 993,
        encryption: Encryption | None = Encryption.SSL,
        protocol: Literal["IMAP4", "POP3"] = "IMAP4",
        host: str | None = None,
    ) -> str:
        """Connect to a server as a mail client does, and return why that fails, or nothing.

        The services stop when a client connects while their component is inactive. ``host`` is the name to verify the
        certificate by; without one any is accepted. Nobody logs in: Test-ImapConnectivity does.
        """
        from .client import ConnectionFailedError, connect  # noqa: PLC0415 - few tests have a client

        with self._lock:
            found, now = self.server(server), self.clock()
            try:
                connect(found, protocol, port=port, encryption=encryption, host=host, now=now)
            except ConnectionFailedError as error:
                return str(error)
            return ""

    def fail(self, fault: Fault) -> None:
        """Arrange a failure; several may be arranged, and each strikes once.

        Raises :class:`InvalidValueError` for one of a server that is not there.
        """
        server = None if fault.server is None else self.server(fault.server)
        with self._lock:
            self._armed.append(_Armed(fault, server))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that have not struck yet."""
        return tuple(armed.fault for armed in self._armed)

    @property
    def log(self) -> tuple[LogEntry, ...]:
        """Every command that reached the fake, in order."""
        return tuple(self._log)

    @property
    def writes(self) -> tuple[LogEntry, ...]:
        """The commands in :attr:`log` that change a server, including refused ones."""
        return tuple(entry for entry in self._log if entry.write)

    def _run(self, pipeline: Pipeline, *, endpoint: Endpoint | None, home: FakeServer | None) -> Reply:
        with self._lock:
            commands = Pipeline(pipeline.commands)
            fault = self._due(commands, named_server(commands, self._servers, home))
            run = Execution(self._organization, home, len(self._log) + 1, self.clock())
            try:
                self._answer(commands, endpoint, fault, run)
            finally:
                self._log.append(_entry(commands, endpoint, fault, run))
            return Reply(
                records=tuple(run.records), errors=tuple(run.errors), warnings=tuple(run.warnings), elapsed=self.latency
            )

    def _due(self, pipeline: Pipeline, about: FakeServer) -> Fault | None:
        """Let every fault count the command; return the first that strikes it, and remove it."""
        struck = [armed for armed in self._armed if armed.sees(pipeline, about)]
        if not struck:
            return None
        self._armed.remove(struck[0])
        return struck[0].fault

    def _answer(self, pipeline: Pipeline, endpoint: Endpoint | None, fault: Fault | None, run: Execution) -> None:
        if fault is None or fault.effect:
            self._carry_out(pipeline, endpoint, run)
        if fault is not None:
            run.errors.append(fault.strike(str(pipeline)))

    def _carry_out(self, pipeline: Pipeline, endpoint: Endpoint | None, run: Execution) -> None:
        try:
            if asks_for_commands(pipeline):
                from .get_command import get_command  # noqa: PLC0415 - few sessions ask

                get_command(pipeline.commands[0], endpoint, self._role, run)
                return
            for place, (cmdlet, handler) in enumerate(self._resolve(pipeline, endpoint)):
                run.command(cmdlet, handler, piped=place > 0)
        except RefusalError as refusal:
            run.errors.append(refusal.record)
        except TransportError as error:
            error.command = str(pipeline)
            raise

    def _resolve(self, pipeline: Pipeline, endpoint: Endpoint | None) -> list[tuple[Cmdlet, Handler]]:
        """Find all commands, then bind each, as PowerShell does: nothing runs before all of that has succeeded."""
        found = [(command, self._find(command, endpoint)) for command in pipeline.commands]
        if not found:
            raise InvalidValueError("pipeline", "a command", "none")
        return [
            (bind(command, cmdlet, self._role, piped=place > 0), handler)
            for place, (command, (cmdlet, handler)) in enumerate(found)
        ]

    def _find(self, command: Command, endpoint: Endpoint | None) -> tuple[type[Cmdlet], Handler]:
        cmdlet = find_handled(command.name)
        handler = handler_of(cmdlet) if cmdlet else None
        if not cmdlet or not handler or endpoint not in {None, cmdlet.endpoint} or not self._role.has(cmdlet):
            raise command_not_found(command.name)
        return cmdlet, handler

    def __repr__(self) -> str:
        return f"FakeExchange(servers={[server.name for server in self._servers]})"
