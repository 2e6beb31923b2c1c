"""What an account and a shell may have, how long anything is kept, and many clients at once."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, PsrpServer
from exchange_imap.testing.psrp_server.session import Session, Surroundings
from support import wire
from support.wire import EXCHANGE, WINDOWS


@pytest.fixture
def serve() -> Iterator[Callable[..., PsrpServer]]:
    """Return what starts a server with limits; nothing may be left of it."""
    started = []
    with ExitStack() as stack:

        def start(**limits: Any) -> PsrpServer:  # Any: each limit's own type
            psrp = stack.enter_context(PsrpServer(FakeExchange(servers=["MBX01"]), **limits))
            started.append(psrp)
            return psrp

        yield start
    assert [error for psrp in started for error in psrp.errors] == []


def test_an_account_has_as_many_shells_as_it_may(serve: Callable[..., PsrpServer]) -> None:
    """One more is refused with Windows' own fault; closing one allows another."""
    psrp = serve(shell_limit=2)
    with wire.pool(psrp.port), wire.pool(psrp.port, WINDOWS):
        with pytest.raises(wire.Fault, match="maximum number of 2 concurrent shells") as caught, wire.pool(psrp.port):
            raise AssertionError
        assert caught.value.code == 2150859173
        assert psrp.open_shells == 2
    with wire.pool(psrp.port):
        assert (psrp.open_shells, psrp.peak_shells) == (1, 2)


def test_a_shell_has_as_many_commands_as_it_may(serve: Callable[..., PsrpServer]) -> None:
    """Done or not; forgetting one allows another."""
    psrp = serve(max_commands=2)
    with wire.pool(psrp.port) as pool:
        kept = [wire.command(pool, "Get-ImapSettings") for _ in range(2)]
        for each in kept:
            each.invoke()
        with pytest.raises(wire.Fault, match="concurrent commands per shell") as caught:
            wire.run(pool, "Get-ImapSettings")
        assert caught.value.code == 2150859241
        kept[0].close()
        assert wire.run(pool, "Get-ImapSettings").output


def test_an_account_has_its_commands_in_their_time(serve: Callable[..., PsrpServer]) -> None:
    """Then it is put off, with the time to wait."""
    psrp = serve(throttle=(2, 3600.0))
    with wire.pool(psrp.port) as pool:
        for _ in range(2):
            wire.run(pool, "Get-ImapSettings")
        with pytest.raises(wire.Fault, match=r"at least 3[56]\d{5} milliseconds") as caught:
            wire.run(pool, "Get-ImapSettings")

    assert caught.value.code == 2150859175
    assert "quota of 2 requests per 3600 seconds" in caught.value.reason
    assert len(psrp.fake.log) == 2


def test_what_was_long_ago_does_not_count(serve: Callable[..., PsrpServer]) -> None:
    """A budget of one command in no time is never spent."""
    psrp = serve(throttle=(1, 0.0))
    with wire.pool(psrp.port) as pool:
        assert [len(wire.run(pool, "Get-ImapSettings").output) for _ in range(3)] == [1, 1, 1]


def test_an_envelope_has_a_largest_size(serve: Callable[..., PsrpServer]) -> None:
    """A request beyond it is refused."""
    psrp = serve(max_envelope=200)
    with wire.pool(psrp.port) as pool:
        shell = wire.command(pool, "Set-ImapSettings", Banner="a" * 300_000)
        with pytest.raises(wire.Fault, match="maximum of 200 KB") as caught:
            shell.begin_invoke()

    assert caught.value.code == 2150858790


def test_a_shell_that_nobody_uses_goes(serve: Callable[..., PsrpServer]) -> None:
    """After the server's time, or the client's when that is shorter; use keeps it."""
    psrp = serve(idle_timeout=100)
    now = [0.0]
    psrp._shells.clock = lambda: now[0]
    with wire.pool(psrp.port) as kept, ExitStack() as stack:
        connection = wire.connect(psrp.port)
        stack.callback(connection.close)
        short = wire.powershell.RunspacePool(connection, configuration_name="Microsoft.Exchange", idle_timeout=30)
        short.open()
        now[0] = 90
        wire.run(kept, "Get-ImapSettings")
        now[0] = 180

        assert wire.run(kept, "Get-ImapSettings").output
        with pytest.raises(wire.Fault) as caught:
            wire.run(short, "Get-ImapSettings")
        assert caught.value.code == 2150858843
        assert psrp.open_shells == 1


def test_a_pause_before_each_answer(serve: Callable[..., PsrpServer]) -> None:
    """It may be changed while the server runs, and ends with it."""
    psrp = serve()
    with wire.pool(psrp.port) as pool:
        psrp.latency = 60
        late = threading.Thread(target=_fail, args=(pool,))
        late.start()
        while not psrp._listener or not psrp._listener._connections:
            """It has not connected."""
        psrp.close()
        late.join()
        pool.state = wire.powershell.RunspacePoolState.CLOSED


def _fail(pool: Any) -> None:  # Any: pypsrp as it comes
    with pytest.raises((wire.Fault, wire.powershell.requests.exceptions.ConnectionError)):
        wire.run(pool, "Get-ImapSettings")


def test_forty_clients_at_once(
    serve: Callable[..., PsrpServer], record_property: Callable[[str, object], None]
) -> None:
    """Each with a shell at both endpoints; all of them are served, and nothing is left."""
    psrp = serve(shell_limit=80)
    together = threading.Barrier(40)

    def work(number: int) -> int:
        with wire.pool(psrp.port, EXCHANGE) as exchange, wire.pool(psrp.port, WINDOWS) as windows:
            together.wait(60)
            wire.run(exchange, "Set-ImapSettings", Banner=f"Banner {number}")
            services = wire.run(windows, "Get-Service", "*imap4*").output
            return len(wire.run(exchange, "Get-ImapSettings").output) + len(services)

    with ThreadPoolExecutor(40) as executor:
        results = list(executor.map(work, range(40)))

    assert results == [3] * 40
    assert (psrp.peak_shells, psrp.open_shells, len(psrp.fake.writes)) == (80, 0, 40)
    record_property(
        "figure", f"PsrpServer: 40 clients at once, {psrp.requests.total()} requests, 80 shells at the most"
    )


def test_both_doors_open_with_this_library_s_own_transport(serve: Callable[..., PsrpServer]) -> None:
    """As the account that is let in; where anybody is, as somebody."""
    for credential in (("kim", "secret"), None):
        psrp = serve(credential=credential)
        with xi.ImapServer("MBX01", exchange=psrp.exchange(), windows=psrp.windows()) as server:
            assert server.settings().protocol_name == "IMAP4"
            assert len(server.services()) == 2


def test_a_session_that_has_not_begun_cannot_be_taken_over() -> None:
    """There is nothing in it."""

    def never(*_: object) -> Any:  # Any: it is not called
        raise AssertionError

    session = Session(Surroundings(run=never, has_language=True, delay=never, report=never))
    with pytest.raises(ValueError, match="cannot be read"):
        session.connect(b"")

    assert session.closed


def test_what_never_was_can_be_removed() -> None:
    """The second finds nothing to do."""
    session = PsrpServer(FakeExchange(servers=["MBX01"]))._make_session(xi.Endpoint.EXCHANGE)
    session.remove(uuid.UUID(int=1))

    assert session.commands == ()
