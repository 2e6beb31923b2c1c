"""A server that answers every request with the next of the texts that it was given, whatever that is."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class Canned:
    """Listens on loopback; the requests that came are kept."""

    def __init__(self, *answers: bytes) -> None:
        """Answer each request with the next, the last one over and over."""
        self.answers = list(answers)
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._connection: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                self._connection = connection
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        """Serve one connection to its end."""
        try:
            while request := self._read(connection):
                self.requests.append(request)
                connection.sendall(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])
        except OSError:
            return

    @staticmethod
    def _read(connection: socket.socket) -> bytes:
        """Read one request, its body too."""
        received = b""
        while b"\r\n\r\n" not in received:
            more = connection.recv(65536)
            if not more:
                return b""
            received += more
        head, _, body = received.partition(b"\r\n\r\n")
        lengths = [line[15:] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        length = int(lengths[0]) if lengths else 0
        while len(body) < length:
            body += connection.recv(65536)
        return head

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop listening, and end the connection that there is."""
        for each in (self._listener, self._connection):
            if each is not None:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


def page(status: str = "200 OK", body: bytes = b"", *headers: str) -> bytes:
    """Write an HTTP answer."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body
