"""HTTP/1.1 in front of the shells: one thread for each connection, logins, and arranged faults."""

from __future__ import annotations

import gzip
import selectors
import socket
import ssl
import sys
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Protocol

from ..._model.specs import Endpoint
from .conversation import SOAP, ConversationFactory, MessageInClearError
from .faults import WireFault, WireFaultKind
from .wsman import Request, WSManFault, aborted, answer, fault_answer

__all__ = ["ENDPOINTS", "Listener", "Service"]

ENDPOINTS: Final = {"powershell": Endpoint.EXCHANGE, "wsman": Endpoint.WINDOWS}
"""The endpoints by path, in lower case."""
_PAGE: Final = (
    "<html><head><title>{0}</title></head><body><h1>HTTP Error {0}.</h1><hr><p>There is no more to say.</body>"
)
_STATUSES: Final = {
    WireFaultKind.NOT_FOUND: 404,
    WireFaultKind.SERVER_ERROR: 500,
    WireFaultKind.UNAVAILABLE: 503,
}
_ANSWERS: Final = {WireFaultKind.UNAUTHORIZED, WireFaultKind.FAULT_BEFORE, WireFaultKind.REDIRECT, *_STATUSES}
"""The faults that are answered before any effect."""
_ELSEWHERE: Final = "http://127.0.0.1:1/elsewhere"
_TRICKLE_EVERY: Final = 0.05
"""Seconds between two bytes of an answer that does not end."""


class _EndOfConnectionError(Exception):
    """Ends the connection without an answer."""


class Service(Protocol):
    """The part of the server that a listener calls."""

    closing: threading.Event
    """Set when the server closes."""

    def opened(self) -> None:
        """Take note of a connection."""
        ...

    def pause(self) -> None:
        """Wait for the latency of an answer."""
        ...

    def too_large(self, size: int) -> WSManFault | None:
        """Return the refusal of a body of so many bytes; ``None`` if it is accepted."""
        ...

    def count(self, request: Request, endpoint: Endpoint) -> WireFault | None:
        """Count a request; return the fault that strikes it."""
        ...

    def answer(self, request: Request, endpoint: Endpoint, fault: WireFault | None) -> bytes:
        """Carry out a request and return the envelope. Raises :class:`WSManFault`."""
        ...

    def report(self, error: BaseException) -> None:
        """Note an error of the server itself."""
        ...


class Listener(ThreadingHTTPServer):
    """Listens on loopback; closing waits for every thread."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], service: Service, converse: ConversationFactory, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(address, _Handler)
        self.service, self.converse, self._tls = service, converse, tls
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._woken, self._waker = socket.socketpair()
        self._thread = threading.Thread(target=self._listen, name="PsrpServer")

    def start(self) -> None:
        """Serve on a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening, end every connection, and wait for every thread."""
        self._waker.close()
        self._thread.join()
        with self._lock:
            for connection in self._connections:
                _cut(connection)
        self.server_close()
        self._woken.close()

    def _listen(self) -> None:
        """Accept connections until the listener closes; `serve_forever` would look for that only now and then."""
        while self._woken not in self.wait_for(self.socket):
            try:
                connection, address = self.get_request()
            except OSError:  # the client has gone again
                continue
            self.process_request(connection, address)

    def wait_for(self, readable: socket.socket, timeout: float | None = None) -> set[object]:
        """Wait until a socket can be read, this listener closes, or time is up; return what of the two came."""
        with selectors.DefaultSelector() as selector:
            for each in (readable, self._woken):  # the other end of _woken is closed then
                selector.register(each, selectors.EVENT_READ)
            return {key.fileobj for key, _ in selector.select(timeout)}

    def finish_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override] # declared for datagrams too
        """Serve a connection to its end."""
        connection = self._keep(request)
        try:
            if isinstance(connection, ssl.SSLSocket):
                connection.do_handshake()
            _Handler(connection, client_address, self)
        finally:
            with self._lock:
                self._connections.discard(connection)
            _cut(connection)
            connection.close()

    def _keep(self, connection: socket.socket) -> socket.socket:
        """Put TLS around the connection if asked for, and remember it, to end it when the server closes."""
        with self._lock:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
            self._connections.add(connection)
            if self.service.closing.is_set():
                _cut(connection)
        return connection

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - as declared
        """Report an error of the server itself; clients that go away are part of the tests."""
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.service.report(error)


class _Handler(BaseHTTPRequestHandler):
    """One TCP connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener

    def setup(self) -> None:
        """Begin the conversation."""
        super().setup()
        self.conversation = self.server.converse()
        self.server.service.opened()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as declared
        """Say nothing."""

    def do_GET(self) -> None:
        """Refuse: WSMan uses POST only."""
        self._page(405)

    def do_POST(self) -> None:
        """Answer one request."""
        length = self.headers.get("Content-Length", "")
        body = self.rfile.read(int(length) if length.isdecimal() else 0)
        self.server.service.pause()
        if self.server.service.closing.is_set():  # an answer that is begun now would be cut in the middle
            self.close_connection = True
            return
        try:
            self._serve(body)
        except _EndOfConnectionError:
            self.close_connection = True

    def _serve(self, body: bytes) -> None:
        endpoint = ENDPOINTS.get(self.path.partition("?")[0].strip("/").lower())
        if endpoint is None:
            return self._page(404)
        challenge = self.conversation.authenticate(self.headers.get("Authorization"))
        if challenge is not None:
            return self._reply(401, b"", challenge.headers)
        if not body:
            return self._reply(200, b"", self.conversation.response_headers)
        try:
            soap = self.conversation.unwrap(self.headers.get("Content-Type", ""), body)
        except MessageInClearError:
            return self._page(500)  # as WinRM: diyan/pywinrm#129 and #208, cloudsoft/winrm4j#151, ansible/ansible#33385
        except ValueError:
            return self._page(400)
        return self._serve_soap(endpoint, soap)

    def _serve_soap(self, endpoint: Endpoint, soap: bytes) -> None:
        message_id = ""
        try:
            request = self._read(soap)
            message_id = request.message_id
            fault = self.server.service.count(request, endpoint)
            if fault is not None and self._is_answered(fault, request):
                return None
            made = self.server.service.answer(request, endpoint, fault)
        except WSManFault as refusal:
            return self._reply_soap(500, fault_answer(message_id, refusal))
        return self._reply_after(made, fault, message_id)

    def _read(self, soap: bytes) -> Request:
        refusal = self.server.service.too_large(len(soap))
        if refusal is not None:
            raise refusal
        return Request.read(soap)

    def _is_answered(self, fault: WireFault, request: Request) -> bool:
        """Apply a fault that comes before the effect; say whether the request is answered by that."""
        if fault.kind is WireFaultKind.CUT_BEFORE:
            raise _EndOfConnectionError
        if fault.kind is WireFaultKind.SILENT_BEFORE:
            self._keep_silent()
        if fault.kind is WireFaultKind.UNAUTHORIZED:
            self._refuse_login()
        elif fault.kind is WireFaultKind.FAULT_BEFORE:
            self._reply_fault(fault, request.message_id)
        elif fault.kind is WireFaultKind.REDIRECT:
            self._reply(307, b"", (("Location", fault.server_text or _ELSEWHERE),))
        elif fault.kind is WireFaultKind.EMPTY and request.action == "Receive":
            self._reply_soap(200, answer(request, "<rsp:ReceiveResponse/>"))
        elif fault.kind in _STATUSES:
            self._page(_STATUSES[fault.kind], fault.server_text)
        return fault.kind in _ANSWERS or (fault.kind is WireFaultKind.EMPTY and request.action == "Receive")

    def _reply_after(self, made: bytes, fault: WireFault | None, message_id: str) -> None:
        """Send the answer, or apply a fault that comes after the effect."""
        kind = None if fault is None else fault.kind
        if fault is not None and kind is WireFaultKind.FAULT_AFTER:
            return self._reply_fault(fault, message_id)
        if kind is WireFaultKind.CUT_AFTER:
            raise _EndOfConnectionError
        if kind is WireFaultKind.SILENT_AFTER:
            self._keep_silent()
        if kind is WireFaultKind.TRICKLE:
            return self._trickle(made)
        if kind is WireFaultKind.COMPRESSED:
            content_type, body = self.conversation.wrap(made)
            return self._reply(200, gzip.compress(body), (("Content-Type", content_type), ("Content-Encoding", "gzip")))
        return self._reply_soap(200, made[: len(made) // 2] if kind is WireFaultKind.MALFORMED_XML else made)

    def _reply_fault(self, fault: WireFault, message_id: str) -> None:
        soap = fault_answer(message_id, aborted(fault.code, fault.server_text))
        if fault.in_clear:
            return self._reply(500, soap, (("Content-Type", SOAP),))
        return self._reply_soap(500, soap)

    def _refuse_login(self) -> None:
        """Ask for a new login, as if the client had never logged in."""
        self.conversation = self.server.converse()
        challenge = self.conversation.authenticate(None)
        self._reply(401, b"", () if challenge is None else challenge.headers)

    def _keep_silent(self) -> None:
        """Wait until the client goes away or the server closes."""
        self.server.wait_for(self.connection)
        raise _EndOfConnectionError

    def _trickle(self, soap: bytes) -> None:
        """Send an answer one byte at a time; it does not end while the client listens."""
        content_type, body = self.conversation.wrap(soap)
        self._reply(200, b"", (("Content-Type", content_type),), len(body))
        while not self.server.wait_for(self.connection, _TRICKLE_EVERY):
            self.wfile.write(body[:1])
        raise _EndOfConnectionError

    def _page(self, status: int, text: str | None = None) -> None:
        page = _PAGE.format(status) if text is None else text
        self._reply(status, page.encode(), (("Content-Type", "text/html"),))

    def _reply_soap(self, status: int, soap: bytes) -> None:
        content_type, body = self.conversation.wrap(soap)
        self._reply(status, body, (("Content-Type", content_type), *self.conversation.response_headers))

    def _reply(self, status: int, body: bytes, headers: Iterable[tuple[str, str]], length: int | None = None) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body) if length is None else length))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _cut(connection: socket.socket) -> None:
    """End the connection below TLS: to end it in TLS would disturb a handshake in another thread."""
    try:
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
    except OSError:
        return
