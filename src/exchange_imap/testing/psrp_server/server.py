"""The loopback server: HTTP in front, the fake Exchange behind, and whatever is to go wrong in between."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import TYPE_CHECKING, Final, Literal, Self, Unpack

import attrs

from ..._cmdlet.declaration import Endpoint
from ..fake_exchange import FakeExchange
from .conversation import BasicConversation, Conversation
from .faults import WireFault, WireFaultKind
from .session import Session, Surroundings
from .shells import Shells
from .wsman import TOO_MANY_SHELLS, Request, WSManFault, fault_answer

if TYPE_CHECKING:
    from ..._transports.psrp.options import PsrpOptions
    from ..._transports.psrp.transport import PsrpTransport

__all__ = ["PsrpServer", "ServerAuthentication"]

ServerAuthentication = Literal["basic", "negotiate", "kerberos"]

_DOORS: Final = {"powershell": Endpoint.EXCHANGE, "wsman": Endpoint.WINDOWS}
_THROTTLED: Final = (
    "The budget of this account is used up: the operation will not be approved for at least {wait} milliseconds."
)
_THROTTLING_CODE: Final = 2150859174
_PAGE: Final = b"<html><head><title>Not this</title></head><body><h1>%d</h1><hr><p>HTTP Error</body></html>"
_PAGES: Final = {
    WireFaultKind.NOT_FOUND: 404,
    WireFaultKind.SERVER_ERROR: 500,
    WireFaultKind.UNAVAILABLE: 503,
}
_BEFORE: Final = {
    WireFaultKind.CUT_BEFORE,
    WireFaultKind.SILENT_BEFORE,
    WireFaultKind.UNAUTHORIZED,
    WireFaultKind.THROTTLED,
    WireFaultKind.SHELL_LIMIT,
    *_PAGES,
}
_LOOK_EVERY: Final = 0.05


class _Gone(Exception):  # noqa: N818 - no error of anyone's
    """There is to be no answer: the connection ends."""


@attrs.define
class _Armed:
    fault: WireFault
    seen: int = 0

    def sees(self, request: Request, endpoint: Endpoint) -> bool:
        counts = self.fault.counts(request.action, endpoint)
        self.seen += counts
        return counts and self.seen >= self.fault.nth


@attrs.define(eq=False, repr=False)
class PsrpServer:
    """A :class:`FakeExchange` behind real HTTP, WSMan and PSRP on 127.0.0.1, for tests with any PSRP client.

    ``POST /PowerShell`` is Exchange's endpoint, in no-language mode and with Exchange's cmdlets, and ``POST /wsman``
    the ordinary one, with the ``*-Service`` cmdlets of ``server`` (the first of the fake's unless stated). A context
    manager. What stands behind is the fake: its state, its refusals, its log.

    ``credential`` is who is let in. ``latency`` is seconds before each answer, ``slow`` seconds that commands take, by
    name. ``shell_limit`` and ``max_commands`` are what an account and a shell may have. :meth:`fail` arranges failures
    on the wire. ``requests`` counts by WSMan's action; ``connections``, ``open_shells``, ``peak_shells`` and
    ``open_commands`` tell what there was and is.

    >>> from exchange_imap.testing import FakeExchange, PsrpServer
    >>> with PsrpServer(FakeExchange(servers=["MBX01"])) as psrp, psrp.exchange() as transport:
    ...     reply = transport.run(Pipeline((GetImapSettings(),)))
    ...     print(reply.records[0].get("ProtocolName"), psrp.open_shells)
    IMAP4 1
    """

    fake: FakeExchange
    server: str | None = attrs.field(default=None, kw_only=True)
    port: int = attrs.field(default=0, kw_only=True)
    credential: tuple[str, str] = attrs.field(default=("administrator", "loopback"), kw_only=True)
    latency: float = attrs.field(default=0.0, kw_only=True)
    slow: Mapping[str, float] = attrs.field(factory=dict, kw_only=True)
    shell_limit: int = attrs.field(default=18, kw_only=True)
    max_commands: int = attrs.field(default=1000, kw_only=True)
    requests: Counter[str] = attrs.field(factory=Counter, init=False)
    connections: int = attrs.field(default=0, init=False)
    errors: list[BaseException] = attrs.field(factory=list, init=False)
    """What went wrong in the server itself; nothing should."""
    _shells: Shells = attrs.field(init=False)
    _armed: list[_Armed] = attrs.field(factory=list, init=False)
    _valueless: bool = attrs.field(default=False, init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)
    _listener: _Listener | None = attrs.field(default=None, init=False)
    _closing: threading.Event = attrs.field(factory=threading.Event, init=False)

    def __attrs_post_init__(self) -> None:
        if self.server is None:
            self.server = self.fake.servers[0].name
        self._shells = Shells(self._make_session, self.shell_limit, self.max_commands)

    host: str = attrs.field(default="127.0.0.1", init=False)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self.host}:{self.port}"

    @property
    def open_shells(self) -> int:
        """How many shells there are now."""
        return len(self._shells.open)

    @property
    def peak_shells(self) -> int:
        """The most shells that there were at a time."""
        return self._shells.peak

    @property
    def open_commands(self) -> int:
        """How many commands the shells have, done or not."""
        return sum(shell.session.commands for shell in self._shells.open)

    def fail(self, fault: WireFault) -> None:
        """Arrange a failure; several may be arranged, and each strikes once."""
        with self._lock:
            self._armed.append(_Armed(fault))

    @property
    def faults(self) -> tuple[WireFault, ...]:
        """The faults that have not struck yet."""
        return tuple(armed.fault for armed in self._armed)

    def exchange(self, **options: Unpack[PsrpOptions]) -> PsrpTransport:
        """Make a transport to Exchange's endpoint here, as ``credential`` and with Basic unless stated."""
        from ..._transports.psrp.transport import PsrpTransport  # noqa: PLC0415 - loads pypsrp

        return PsrpTransport.exchange(self.host, **self._options(options))

    def windows(self, **options: Unpack[PsrpOptions]) -> PsrpTransport:
        """Make a transport to the Windows endpoint here, as :meth:`exchange` does."""
        from ..._transports.psrp.transport import PsrpTransport  # noqa: PLC0415 - loads pypsrp

        return PsrpTransport.windows(self.host, **self._options(options))

    def _options(self, options: PsrpOptions) -> PsrpOptions:
        user, password = self.credential
        ours: PsrpOptions = {"port": self.port, "auth": "basic", "username": user, "password": password}
        return {**ours, "allow_insecure": True, **options}

    def start(self) -> None:
        """Listen; the port is known from now on."""
        self._listener = listener = _Listener((self.host, self.port), _Handler)
        listener.psrp = self
        self.port = listener.server_address[1]
        threading.Thread(target=listener.serve_forever, args=(_LOOK_EVERY,), name="PsrpServer").start()

    def close(self) -> None:
        """Stop listening, end every shell and connection, and wait for every thread."""
        self._closing.set()
        self._shells.drop()
        if self._listener is not None:
            self._listener.shutdown()
            self._listener.end_connections()
            self._listener.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<PsrpServer {self.url}>"

    def _make_session(self, endpoint: Endpoint) -> Session:
        transport = self.fake.transport(endpoint, self.server)
        return Session(
            Surroundings(
                run=transport.run,
                has_language=endpoint is Endpoint.WINDOWS,
                delay=self._delay,
                takes_values=self._takes_values,
            )
        )

    def _delay(self, command: str) -> float:
        return {name.lower(): seconds for name, seconds in self.slow.items()}.get(command.lower(), 0.0)

    def _takes_values(self) -> bool:
        with self._lock:
            taken, self._valueless = self._valueless, False
            return taken

    def _converse(self) -> Conversation:
        return BasicConversation(*self.credential)

    def _count(self, request: Request, endpoint: Endpoint) -> WireFaultKind | None:
        """Count a request; return what is to go wrong with it."""
        with self._lock:
            self.requests[request.action] += 1
            struck = [armed for armed in self._armed if armed.sees(request, endpoint)]
            if not struck:
                return None
            self._armed.remove(struck[0])
            return struck[0].fault.kind

    def _answer(self, request: Request, endpoint: Endpoint, kind: WireFaultKind | None) -> bytes:
        """Carry out a request with what is to go wrong with what it does."""
        if kind is WireFaultKind.NULL_PROPERTIES:
            self._valueless = True
        if kind is WireFaultKind.IDLE_DROP:
            self._shells.drop(request.shell_id)
        if kind is WireFaultKind.THROTTLED:
            raise WSManFault(_THROTTLING_CODE, _THROTTLED.format(wait=200))
        if kind is WireFaultKind.SHELL_LIMIT:
            raise WSManFault(
                TOO_MANY_SHELLS, "The maximum number of concurrent shells for this user has been exceeded."
            )
        return self._shells.answer(request, endpoint)


class _Listener(ThreadingHTTPServer):
    """One thread a connection; all of them are waited for."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128
    psrp: PsrpServer

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._connections: set[socket.socket] = set()

    def keep(self, connection: socket.socket) -> None:
        """Remember a connection, to end it when the server closes."""
        self._connections.add(connection)

    def let_go(self, connection: socket.socket) -> None:
        """Forget a connection that has ended."""
        self._connections.discard(connection)

    def end_connections(self) -> None:
        """End every connection, so that whoever reads from one stops."""
        for connection in list(self._connections):
            _cut(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """Do nothing: clients that go away are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    """One TCP connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener

    def setup(self) -> None:
        """Begin the conversation."""
        super().setup()
        self.server.keep(self.connection)
        psrp = self.server.psrp
        self.conversation = psrp._converse()  # noqa: SLF001 - the handler is a part of the server
        with psrp._lock:  # noqa: SLF001 - the same
            psrp.connections += 1

    def finish(self) -> None:
        """End it."""
        self.server.let_go(self.connection)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as declared
        """Say nothing."""

    def do_POST(self) -> None:
        """Answer one request."""
        psrp = self.server.psrp
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        time.sleep(psrp.latency)
        try:
            self._serve(psrp, body)
        except _Gone:
            self.close_connection = True
            _cut(self.connection)

    def _serve(self, psrp: PsrpServer, body: bytes) -> None:
        endpoint = _DOORS.get(self.path.partition("?")[0].strip("/").lower())
        if endpoint is None:
            return self._page(404)
        challenge = self.conversation.authenticate(self.headers.get("Authorization"))
        if challenge is not None:
            return self._reply(401, b"", challenge.headers)
        if not body:
            return self._reply(200, b"", self.conversation.response_headers)
        try:
            soap = self.conversation.unwrap(self.headers.get("Content-Type", ""), body)
        except ValueError:
            return self._page(400)
        return self._serve_soap(psrp, endpoint, soap)

    def _serve_soap(self, psrp: PsrpServer, endpoint: Endpoint, soap: bytes) -> None:
        message_id = ""
        try:
            request = Request.read(soap)
            message_id = request.message_id
            kind = psrp._count(request, endpoint)  # noqa: SLF001 - the handler is a part of the server
            if kind in _BEFORE and not self._goes_on(psrp, kind):
                return None
            made = psrp._answer(request, endpoint, kind)  # noqa: SLF001 - the same
        except WSManFault as fault:
            return self._reply_soap(500, fault_answer(message_id, fault))
        except _Gone:
            raise
        except Exception as error:
            psrp.errors.append(error)
            raise _Gone from error
        if kind is WireFaultKind.CUT_AFTER:
            raise _Gone
        if kind is WireFaultKind.SILENT_AFTER:
            self._keep_silent(psrp)
        return self._reply_soap(200, made[: len(made) // 2] if kind is WireFaultKind.MALFORMED_XML else made)

    def _goes_on(self, psrp: PsrpServer, kind: WireFaultKind) -> bool:
        """Let a request fail that is to do nothing; say whether it is still to be answered with a fault."""
        if kind is WireFaultKind.CUT_BEFORE:
            raise _Gone
        if kind is WireFaultKind.SILENT_BEFORE:
            self._keep_silent(psrp)
        if kind in _PAGES:
            self._page(_PAGES[kind])
            return False
        if kind is WireFaultKind.UNAUTHORIZED:
            self._reply(401, b"", (("WWW-Authenticate", 'Basic realm="WSMAN"'),))
            return False
        return True

    def _keep_silent(self, psrp: PsrpServer) -> None:
        """Say nothing until the client goes away or the server closes."""
        while not psrp._closing.is_set():  # noqa: SLF001 - the handler is a part of the server
            readable, _, _ = select.select([self.connection], [], [], _LOOK_EVERY)
            if readable:
                break
        raise _Gone

    def _page(self, status: int) -> None:
        self._reply(status, _PAGE % status, (("Content-Type", "text/html"),))

    def _reply_soap(self, status: int, soap: bytes) -> None:
        content_type, body = self.conversation.wrap(soap)
        self._reply(status, body, (("Content-Type", content_type), *self.conversation.response_headers))

    def _reply(self, status: int, body: bytes, headers: Iterable[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
