"""A connection has what ``imaplib`` and ``smtplib`` use of a socket and of its file, and a bound."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from exchange_imap._probe.connection import Connection
from exchange_imap._probe.result import ProbeFailure
from exchange_imap._probe.stopped import Stopped
from exchange_imap._transports.psrp.deadline import Deadline


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Return the client's socket and the server's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_it_is_its_own_file(pair: tuple[socket.socket, socket.socket]) -> None:
    """Lines and bytes come from one buffer."""
    ours, theirs = pair
    connection = Connection(ours, Deadline.after(timedelta(seconds=5)))
    theirs.sendall(b"one\r\ntwo\r\nthree")

    assert connection.makefile("rb") is connection
    assert connection.readline() == b"one\r\n"
    assert connection.read(3) == b"two"
    assert connection.readline() == b"\r\n"
    assert connection.read(5) == b"three"
    connection.close()
    connection.close()


@pytest.mark.parametrize("bound", [0, 1, 9])
def test_what_comes_behind_the_bound_is_not_read(bound: int, pair: tuple[socket.socket, socket.socket]) -> None:
    """Whether it is a line or announced bytes."""
    ours, theirs = pair
    connection = Connection(ours, Deadline.after(timedelta(seconds=5)), bound)
    theirs.sendall(b"ten bytes\n")

    with pytest.raises(Stopped) as caught:
        connection.read(10)
    assert (caught.value.failure, caught.value.said) == (ProbeFailure.TOO_LONG, "the server announces 10 bytes")
    with pytest.raises(Stopped) as caught:
        connection.readline()
    assert (caught.value.failure, caught.value.said) == (ProbeFailure.TOO_LONG, "ten bytes"[:bound].strip())


def test_sending_ends_at_the_deadline_too(pair: tuple[socket.socket, socket.socket]) -> None:
    """Where the server reads little by little."""
    ours, theirs = pair
    connection = Connection(ours, Deadline.after(timedelta(milliseconds=300)))
    stopped = threading.Event()

    def read_slowly() -> None:
        while not stopped.wait(0.01):
            theirs.recv(1_000)

    reader = threading.Thread(target=read_slowly)
    reader.start()
    with pytest.raises(Stopped) as caught:
        connection.sendall(b"x" * 50_000_000)
    stopped.set()
    connection.close()  # the reader may wait for more: of a process that paused, nothing was sent
    reader.join()

    assert caught.value.failure is ProbeFailure.TIMED_OUT


def test_buffered_lines_end_at_the_deadline_too(pair: tuple[socket.socket, socket.socket]) -> None:
    """A server that has sent much is not read beyond it."""
    ours, theirs = pair
    connection = Connection(ours, Deadline(0.0))
    theirs.sendall(b"one\r\n")

    with pytest.raises(Stopped) as caught:
        connection.readline()
    assert caught.value.failure is ProbeFailure.TIMED_OUT


def test_without_a_deadline_it_waits(pair: tuple[socket.socket, socket.socket]) -> None:
    """As any socket does."""
    ours, theirs = pair
    theirs.sendall(b"one\r\n")

    assert Connection(ours, Deadline()).readline() == b"one\r\n"


def test_a_connection_without_tls_has_no_certificates(pair: tuple[socket.socket, socket.socket]) -> None:
    """Asking for them is a mistake in this library."""
    with pytest.raises(TypeError, match="no TLS"):
        _ = Connection(pair[0], Deadline()).chain
