"""The listener by itself: TLS, connections that come too late, and what its own parts do wrong."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, PsrpServer, WireFault, WireFaultKind
from exchange_imap.testing.psrp_server.conversation import BasicConversation
from exchange_imap.testing.psrp_server.http import Listener
from support import wire


@attrs.define
class Unreadable(BasicConversation):
    """A conversation that lets everybody in and understands nobody."""

    def authenticate(self, authorization: str | None) -> None:
        """Let in."""
        del authorization

    def unwrap(self, content_type: str, body: bytes) -> bytes:
        """Refuse."""
        raise ValueError(content_type, body)


@contextmanager
def listening(listener: Listener) -> Iterator[http.client.HTTPConnection]:
    """Start it, and connect."""
    listener.start()
    connection = http.client.HTTPConnection("127.0.0.1", listener.server_address[1])
    with closing(connection):
        yield connection
    listener.close()


def post(connection: http.client.HTTPConnection, body: str) -> int:
    """Send something; return the status of the answer."""
    connection.request("POST", "/wsman", body)
    with connection.getresponse() as answer:
        answer.read()
        return answer.status


def test_what_is_not_encrypted_as_it_must_be_is_refused() -> None:
    """The conversation says so."""
    psrp = PsrpServer(FakeExchange(servers=["MBX01"]))
    with listening(Listener(("127.0.0.1", 0), psrp, lambda: Unreadable(None), None)) as connection:
        assert [post(connection, "x"), post(connection, "")] == [400, 200]


def test_a_connection_that_comes_too_late_is_ended() -> None:
    """The server closes already."""
    psrp = PsrpServer(FakeExchange(servers=["MBX01"]))
    psrp.closing.set()
    listener = Listener(("127.0.0.1", 0), psrp, lambda: Unreadable(None), None)
    ended = (http.client.RemoteDisconnected, ConnectionResetError)
    with listening(listener) as connection, pytest.raises(ended):
        post(connection, "")


def test_no_answer_is_begun_once_the_server_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that waited for its latency until then: its answer would be cut in the middle."""
    monkeypatch.setattr(PsrpServer, "pause", lambda psrp: psrp.closing.set())
    psrp = PsrpServer(FakeExchange(servers=["MBX01"]))
    listener = Listener(("127.0.0.1", 0), psrp, lambda: Unreadable(None), None)
    ended = (http.client.RemoteDisconnected, ConnectionResetError)
    with listening(listener) as connection, pytest.raises(ended):
        post(connection, "")


def test_a_client_that_has_gone_before_it_is_accepted_does_no_harm() -> None:
    """The next one is served."""

    class Hasty(Listener):
        """A listener whose first client does not wait."""

        gone = False

        def get_request(self) -> tuple[socket.socket, Any]:  # Any: as declared
            """Accept, or fail as accept does then."""
            connection, address = super().get_request()
            if self.gone:
                return connection, address
            self.gone = True
            connection.close()
            raise ConnectionAbortedError

    psrp = PsrpServer(FakeExchange(servers=["MBX01"]))
    with listening(Hasty(("127.0.0.1", 0), psrp, lambda: Unreadable(None), None)) as connection:
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            post(connection, "")
        connection.close()

        assert post(connection, "") == 200


@pytest.mark.parametrize("kind", [WireFaultKind.SILENT_BEFORE, WireFaultKind.SILENT_AFTER, WireFaultKind.TRICKLE])
def test_closing_ends_answers_that_do_not_end(kind: WireFaultKind) -> None:
    """Long before the client gives up; every thread of the server has gone then."""
    with ThreadPoolExecutor() as executor, PsrpServer(FakeExchange(servers=["MBX01"])) as psrp:
        psrp.fail(WireFault(kind=kind))
        with psrp.exchange(read_timeout=3600) as transport:
            running = executor.submit(transport.run, xi.Pipeline((xi.GetImapSettings(),)))
            while psrp.faults:
                """The request is not there yet."""
            psrp.close()

            assert isinstance(running.exception(), xi.TransportError)
        assert not [thread for thread in threading.enumerate() if "PsrpServer" in thread.name]


def test_what_goes_wrong_in_it_is_kept() -> None:
    """The client is cut off, and the test that looks sees why."""
    with PsrpServer(FakeExchange(servers=["MBX01"])) as psrp:
        psrp.latency = "soon"  # type: ignore[assignment] # the point
        connection = http.client.HTTPConnection(psrp.host, psrp.port)
        with closing(connection), pytest.raises(http.client.RemoteDisconnected):
            post(connection, "")

    assert [type(error) for error in psrp.errors] == [TypeError]


def test_its_certificate_is_verified_as_strictly_as_python_3_13_does() -> None:
    """Which asks of an authority what RFC 5280 asks of it, such as what its key may be used for."""
    with PsrpServer(FakeExchange(servers=["MBX01"]), tls=True) as psrp:
        context = ssl.create_default_context(cafile=psrp.certificate)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        with (
            socket.create_connection(("127.0.0.1", psrp.port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as encrypted,
        ):
            assert encrypted.version() is not None


def test_tls_has_a_certificate_of_an_authority_of_its_own() -> None:
    """Which clients verify with its file; it is removed with the server, and there is none without TLS."""
    with PsrpServer(FakeExchange(servers=["MBX01"]), tls=True) as psrp:
        authority = psrp.certificate
        with wire.pool(psrp.port, ssl=True, cert_validation=authority) as pool:
            assert wire.run(pool, "Get-ImapSettings").output
        with psrp.exchange() as transport:
            assert transport.run(xi.Pipeline((xi.GetImapSettings(),))).records
        with closing(wire.connect(psrp.port, ssl=True)) as connection:
            pool = wire.powershell.RunspacePool(connection, configuration_name="Microsoft.Exchange")
            with pytest.raises(wire.powershell.requests.exceptions.SSLError):
                pool.open()
    assert psrp.url.startswith("https://127.0.0.1:")
    assert psrp.errors == []
    with pytest.raises(xi.InvalidValueError, match="tls=True"):
        _ = psrp.certificate
    with pytest.raises(OSError, match="No such file"):
        ssl.create_default_context(cafile=authority)


@pytest.mark.parametrize("shakes_hands", [False, True])
def test_a_client_of_tls_that_says_nothing_does_not_hold_the_server(*, shakes_hands: bool) -> None:
    """Before or after the handshake."""
    before = set(threading.enumerate())
    with PsrpServer(FakeExchange(servers=["MBX01"]), tls=True) as psrp:
        connection = socket.create_connection((psrp.host, psrp.port))
        if shakes_hands:
            context = ssl.create_default_context(cafile=psrp.certificate)
            connection = context.wrap_socket(connection, server_hostname=psrp.host)
            while psrp.connections == 0:
                """The conversation has not begun."""
    connection.close()

    assert set(threading.enumerate()) == before
    assert psrp.errors == []
