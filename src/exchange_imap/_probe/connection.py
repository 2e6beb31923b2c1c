"""A connection whose every wait ends at one deadline, and which reads no more than a bound.

It has what ``imaplib`` and ``smtplib`` use of a socket and of its file, so that they parse and nobody waits: a server
that trickles, says nothing, sends 10 MB or announces a literal of 9 GB ends as a :class:`Stopped`. It is neither an
``OSError``, which these modules would replace by their own, nor an end of file, which they tell from nothing else.

TLS is done by ``ssl`` in memory (``MemoryBIO``). So all bytes pass here: each read of the network has the same deadline
and bound, and the first bytes of the server can be looked at before they are taken for TLS.
"""

from __future__ import annotations

import functools
import socket
import ssl
import time
from collections.abc import Callable
from typing import Final, TypeVar

from .._transports.psrp.deadline import Deadline
from .result import ProbeFailure, TlsSession
from .stopped import Stopped, Untrusted, text_of
from .trust import sent_chain

__all__ = ["BOUND", "Connection"]

T = TypeVar("T")

BOUND: Final = 1_000_000
"""How many bytes of a server are read by default, TLS aside. No answer to a probe is longer than a few thousand."""
_PIECE: Final = 16_384
_PEEKED: Final = 200
_RECORDS: Final = (b"\x15", b"\x16")
"""How TLS records with an alert or a handshake begin, the only ones that a server begins with (RFC 8446, 5.1)."""


class Connection:
    """A socket with a deadline and a bound. Every failure is a :class:`Stopped`."""

    def __init__(self, sock: socket.socket, deadline: Deadline, bound: int = BOUND) -> None:
        self._sock = sock
        self._deadline = deadline
        self._bound = self._left = bound
        self._tls: ssl.SSLObject | None = None
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._buffer = bytearray()

    # -- what a file has -----------------------------------------------------------------------------------------------

    def makefile(self, _mode: str) -> Connection:
        """Return itself: it is its own file."""
        return self

    def readline(self, _limit: int = -1) -> bytes:
        """Return one line, with its end."""
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            self._receive()
        self._time()
        return self._take(end + 1)

    def read(self, size: int) -> bytes:
        """Return so many bytes, unless they are more than may still be read."""
        if size > len(self._buffer) + self._left:
            raise Stopped(ProbeFailure.TOO_LONG, f"the server announces {str(size)[:20]} bytes")
        while len(self._buffer) < size:
            self._receive()
        return self._take(size)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _receive(self) -> None:
        """Add what comes next to the buffer."""
        data = self._receive_raw() if self._tls is None else self._failing(functools.partial(self._decrypt, self._tls))
        if not data:
            raise Stopped(ProbeFailure.CLOSED, self._begun())
        self._buffer += data

    def _receive_raw(self) -> bytes:
        if self._left <= 0:
            raise Stopped(ProbeFailure.TOO_LONG, self._begun())
        data = self._waiting(lambda: self._sock.recv(min(_PIECE, self._left)))
        if not data:
            raise Stopped(ProbeFailure.CLOSED, self._begun())
        self._left -= len(data)
        return data

    def _begun(self) -> str:
        """Return what has come of the present answer, uncut: a secret that is cut would not be masked."""
        return text_of(bytes(self._buffer))

    # -- what a socket has ---------------------------------------------------------------------------------------------

    def sendall(self, data: bytes) -> None:
        """Send the bytes."""
        if self._tls is not None:
            self._failing(functools.partial(self._tls.write, data))
            data = self._outgoing.read()
        self._send(data)

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._waiting(functools.partial(self._sock.send, view)) :]

    def close(self) -> None:
        """Close the socket; a second time does nothing."""
        self._sock.close()

    @property
    def own_literal(self) -> str:
        """This side's address as EHLO has it (RFC 5321, 4.1.3)."""
        address = str(self._sock.getsockname()[0]).partition("%")[0]
        return f"[IPv6:{address}]" if ":" in address else f"[{address}]"

    # -- TLS -----------------------------------------------------------------------------------------------------------

    def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Speak TLS from here on.

        The server has to be silent until it answers the ClientHello. What it sends before, or instead of TLS, is plain
        text that a careless client takes for the answer to a later command. It is looked for in what was read already,
        and in what comes first now.
        """
        if self._buffer:
            raise Stopped(ProbeFailure.INJECTED, self._begun())
        spoken = self._left < self._bound
        tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        first = True
        while not self._failing(functools.partial(_shakes_hands, tls)):
            self._send(self._outgoing.read())
            data = self._receive_raw()
            if first and not data.startswith(_RECORDS):
                failure = ProbeFailure.INJECTED if spoken else ProbeFailure.NOT_TLS
                raise Stopped(failure, text_of(data[:_PEEKED].partition(b"\n")[0]))  # it may echo what we sent
            first = False
            self._incoming.write(data)
        self._send(self._outgoing.read())
        self._tls = tls

    def _decrypt(self, tls: ssl.SSLObject) -> bytes:
        """Return the next bytes within TLS; none at its end."""
        while True:
            try:
                return tls.read(_PIECE)
            except ssl.SSLWantReadError:
                self._incoming.write(self._receive_raw())

    @property
    def tls(self) -> TlsSession:
        """The version and the cipher."""
        version, cipher = self._secured.version(), self._secured.cipher()
        return TlsSession(version or "", cipher[0] if cipher else "")

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates as the server sent them (DER), its own first."""
        return sent_chain(self._secured)

    @property
    def _secured(self) -> ssl.SSLObject:
        if self._tls is None:
            raise TypeError("there is no TLS yet")
        return self._tls

    # -- waiting -------------------------------------------------------------------------------------------------------

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the deadline."""
        left = self._time()
        time.sleep(seconds if left is None else min(seconds, left))

    def _time(self) -> float | None:
        left = self._deadline.remaining
        if left == 0:
            raise Stopped(ProbeFailure.TIMED_OUT)
        return left

    def _waiting(self, call: Callable[[], T]) -> T:
        """Do something that waits, for the time that is left and no longer."""
        self._sock.settimeout(self._time())
        return self._failing(call)

    def _failing(self, call: Callable[[], T]) -> T:
        """Do something that may fail, with a failure of our own."""
        try:
            return call()
        except TimeoutError:
            raise Stopped(ProbeFailure.TIMED_OUT) from None
        except ssl.SSLCertVerificationError as error:
            raise Untrusted(error.verify_code, error.verify_message) from None
        except ssl.SSLError as error:
            raise Stopped(ProbeFailure.TLS_FAILED, error.reason or str(error)) from None
        except OSError as error:
            raise Stopped(ProbeFailure.CLOSED, error.strerror or str(error)) from None


def _shakes_hands(tls: ssl.SSLObject) -> bool:
    """Go on with the handshake; say whether it is complete, or needs more of the server."""
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True
