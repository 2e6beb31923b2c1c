"""The way to a server: its addresses, and a TCP connection to the first of them that answers, before a deadline."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from typing import Final

import attrs

from .._transports.psrp.deadline import Deadline
from .result import ProbeFailure
from .stopped import Stopped

__all__ = ["ascii_name", "connect", "resolve"]

_NOT_FOUND: Final = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


def ascii_name(host: str) -> str:
    """Return a host name as DNS and TLS have it: in ASCII (IDNA 2003), without the dot at the end."""
    try:
        return host.removesuffix(".").encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Stopped(ProbeFailure.NAME_NOT_FOUND, f"it is not a name that DNS can have: {error}") from None


def resolve(host: str, port: int, deadline: Deadline) -> tuple[str, ...]:
    """Return all addresses of a host, in the order in which the system wants them tried.

    ``getaddrinfo`` has no time limit. It runs in a thread that nobody waits for once the time is up.
    """
    try:
        return (str(ipaddress.ip_address(host)),)
    except ValueError:
        pass
    answers: queue.SimpleQueue[tuple[str, ...] | OSError] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(host, port, answers), name=f"DNS {host}", daemon=True).start()
    try:
        found = answers.get(timeout=deadline.remaining)
    except queue.Empty:
        raise Stopped(ProbeFailure.TIMED_OUT, "the look-up took too long") from None
    if isinstance(found, OSError):
        failure = ProbeFailure.NAME_NOT_FOUND if found.errno in _NOT_FOUND else ProbeFailure.NO_DNS_ANSWER
        raise Stopped(failure, found.strerror or str(found))
    return found


def _look_up(host: str, port: int, answers: queue.SimpleQueue[tuple[str, ...] | OSError]) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answers.put(tuple(dict.fromkeys(str(each[4][0]) for each in found)))
    except OSError as error:
        answers.put(error)


@attrs.frozen
class _Attempt:
    address: str
    failure: ProbeFailure
    said: str

    def __str__(self) -> str:
        return f"{self.address} {self.failure}" + (f" ({self.said})" if self.said else "")


def connect(addresses: tuple[str, ...], port: int, deadline: Deadline) -> tuple[socket.socket, str, str]:
    """Connect to the first address that answers; return the socket, the address, and what the others said.

    Each gets an equal share of the time that is left, so that one which does not answer leaves time for the next.
    """
    failed: list[_Attempt] = []
    for number, address in enumerate(addresses):
        left = deadline.remaining
        share = None if left is None else left / (len(addresses) - number)
        if share == 0:
            failed.append(_Attempt(address, ProbeFailure.TIMED_OUT, ""))
            continue
        try:
            sock = socket.create_connection((address, port), share)
        except OSError as error:
            failed.append(_attempt(address, error))
        else:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # commands are sent in pieces, and answered fast
            return sock, address, ", ".join(map(str, failed))
    # A way that this machine does not have, such as IPv6, says less than an answer of the server.
    telling = [each for each in failed if each.failure is not ProbeFailure.UNREACHABLE] or failed
    raise Stopped(telling[0].failure, ", ".join(map(str, failed)))


_FAILURES: Final[dict[type[OSError], ProbeFailure]] = {
    TimeoutError: ProbeFailure.TIMED_OUT,
    ConnectionRefusedError: ProbeFailure.REFUSED,
    ConnectionResetError: ProbeFailure.CLOSED,
}


def _attempt(address: str, error: OSError) -> _Attempt:
    failure = _FAILURES.get(type(error))
    if failure is None:
        return _Attempt(address, ProbeFailure.UNREACHABLE, error.strerror or str(error))
    return _Attempt(address, failure, "")
