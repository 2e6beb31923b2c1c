"""Nobody waits longer than he wants to, whatever a server does, and nothing is left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

import exchange_imap as xi
from exchange_imap._transports.psrp import line as line_module
from exchange_imap._transports.psrp import session as session_module
from exchange_imap._transports.psrp.deadline import Deadline
from exchange_imap._transports.psrp.failures import TIMED_OUT
from exchange_imap._transports.psrp.line import GivenUpError, Line
from exchange_imap._transports.psrp.messages import Messages
from exchange_imap._transports.psrp.options import ConnectionOptions
from exchange_imap.testing import FakeExchange, PsrpServer, WireFault, WireFaultKind
from support.requests_seen import RequestsSeen

READ = xi.Pipeline((xi.GetImapSettings(),))
WRITE = xi.Pipeline((xi.SetImapSettings(banner="x"),))
SECRET = xi.Pipeline((xi.Command("Get-ImapSettings", (xi.Parameter("Server", xi.Secret("MBX01")),)),))
PATIENT: xi.PsrpOptions = {"operation_timeout": 599, "read_timeout": 600}
"""Requests that would wait longer than any test may: what ends them is what is tested."""
SHORT = timedelta(seconds=0.5)
FOR_EVER = 10**9


@pytest.fixture
def psrp() -> Iterator[PsrpServer]:
    """Serve a freshly installed server."""
    with PsrpServer(FakeExchange(servers=["MBX01"])) as psrp:
        yield psrp
    assert psrp.errors == []
    assert psrp.open_shells == 0


def silence(action: str, *, after: bool = False) -> WireFault:
    """Let one request be answered by nothing."""
    return WireFault(kind=WireFaultKind.SILENT_AFTER if after else WireFaultKind.SILENT_BEFORE, action=action)


def nothing_yet(**options: Any) -> WireFault:  # Any: of WireFault
    """Let the server say that it has nothing to say yet."""
    return WireFault(kind=WireFaultKind.FAULT_BEFORE, action="Receive", code=TIMED_OUT, **options)


def test_a_shell_that_takes_long_to_open_is_waited_for(psrp: PsrpServer) -> None:
    """A server that has just started says several times that it is not ready; pypsrp gives up at the first."""
    psrp.fail(nothing_yet(times=3))
    with psrp.exchange() as transport:
        assert len(transport.run(READ).records) == 1

    assert psrp.faults == ()
    assert psrp.requests["Create"] == 1


def test_a_server_that_says_so_every_other_time_is_served_all_the_same(psrp: PsrpServer) -> None:
    """While it opens, exchanges keys, and runs commands."""
    for nth in range(1, 60, 2):
        psrp.fail(nothing_yet(nth=nth))
    with xi.ImapServer("MBX01", exchange=psrp.exchange(), windows=psrp.windows()) as server:
        assert isinstance(server.enable(external=["mail:993:SSL"]), xi.Outcome)
        assert server.exchange is not None
        assert server.exchange.run(SECRET).errors  # no parameter takes the secure string, for which keys are exchanged


@pytest.mark.parametrize("kind", [WireFaultKind.FAULT_BEFORE, WireFaultKind.EMPTY], ids=lambda kind: kind.name)
@pytest.mark.parametrize("moment", ["opening", "keys", "command"])
def test_a_server_that_never_has_anything_to_say_is_asked_less_and_less(
    psrp: PsrpServer, kind: WireFaultKind, moment: str
) -> None:
    """Up to the deadline; nothing is left there."""
    fault = WireFault(kind=kind, action="Receive", code=TIMED_OUT, times=FOR_EVER)
    with psrp.exchange(timeout=timedelta(seconds=60)) as transport:
        if moment != "opening":
            transport.run(READ)
        before = psrp.requests["Receive"]
        psrp.fail(fault)
        with pytest.raises(xi.TransportTimeoutError, match="not done in the time allowed") as caught:
            transport.run(READ if moment == "command" else SECRET, timeout=SHORT)
        assert psrp.requests["Receive"] - before < 10
        assert psrp.open_commands == (moment == "command"), "the first one, which is done"

    assert caught.value.sent is (moment == "command")


@pytest.mark.parametrize("action", ["Create", "Command", "Receive", "Send"])
@pytest.mark.parametrize("kind", [WireFaultKind.TRICKLE, WireFaultKind.SILENT_AFTER], ids=lambda kind: kind.name)
def test_a_deadline_holds_whatever_comes_slowly(psrp: PsrpServer, kind: WireFaultKind, action: str) -> None:
    """A byte now and then, or none: all of the call is under one deadline."""
    psrp.fail(WireFault(kind=kind, action=action))
    limit = SHORT
    with psrp.exchange(**PATIENT) as transport:
        while psrp.faults:  # a busy machine may need longer than the limit until it sends that request
            with pytest.raises(xi.TransportTimeoutError, match="not done in the time allowed"):
                transport.run(SECRET, timeout=limit)
            limit *= 2
        assert psrp.open_commands == 0
        assert len(transport.run(READ).records) == 1


def test_without_a_deadline_an_answer_may_take_its_time_but_not_for_ever(
    psrp: PsrpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small multiple of what each part of it may take; the command itself is asked about."""
    monkeypatch.setattr(line_module, "_SLOWEST", 0.001)
    with psrp.exchange(**PATIENT) as transport:
        psrp.fail(WireFault(kind=WireFaultKind.TRICKLE, action="Create"))
        with pytest.raises(xi.TransportTimeoutError, match="no answer in time"):
            transport.run(READ)


@contextmanager
def cancelled(psrp: PsrpServer, transport: xi.PsrpTransport, action: str) -> Iterator[None]:
    """Cancel from another thread, once the server has had a request of a kind."""
    seen = RequestsSeen(psrp)

    def cancel() -> None:
        seen.wait_for(action)
        transport.cancel()

    other = threading.Thread(target=cancel)
    other.start()
    try:
        yield
    finally:
        other.join()


@pytest.mark.parametrize("action", ["Create", "Command", "Receive", "Send"])
def test_cancelling_does_not_wait_for_the_server(psrp: PsrpServer, action: str) -> None:
    """At whichever request: it is not answered at all, and would be waited for for ten minutes."""
    psrp.fail(silence(action, after=True))
    with psrp.exchange(**PATIENT) as transport:
        with cancelled(psrp, transport, action), pytest.raises(xi.TransportTimeoutError, match="cancelled"):
            transport.run(SECRET)
        assert psrp.open_commands == 0
        assert len(transport.run(READ).records) == 1


def test_cancelling_a_command_stops_it_on_the_server(psrp: PsrpServer) -> None:
    """While the server holds the request that waits for its answer."""
    psrp.slow = {"Set-ImapSettings": 600}
    with psrp.exchange(**PATIENT) as transport:
        with cancelled(psrp, transport, "Command"), pytest.raises(xi.TransportTimeoutError, match="cancelled"):
            transport.run(WRITE)
        assert psrp.open_commands == 0
        assert psrp.requests["Create"] == 1
    assert not psrp.fake.writes


def test_cancelling_while_it_pauses_is_noticed(psrp: PsrpServer) -> None:
    """Before the server is asked again."""
    psrp.fail(WireFault(kind=WireFaultKind.EMPTY, action="Receive", times=FOR_EVER))
    with (
        psrp.exchange() as transport,
        cancelled(psrp, transport, "Receive"),
        pytest.raises(xi.TransportTimeoutError, match="cancelled"),
    ):
        transport.run(READ)


def test_cancelling_when_nothing_runs_changes_nothing(psrp: PsrpServer) -> None:
    """Neither before the first command nor between two."""
    with psrp.exchange() as transport:
        transport.cancel()
        assert len(transport.run(READ).records) == 1
        transport.cancel()
        assert len(transport.run(READ).records) == 1


def test_a_request_that_nobody_cancelled_is_not_interrupted() -> None:
    """Such as one that stops a command, which nobody is to stop."""
    line = Line(ConnectionOptions.exchange("mbx01", {}))

    line.interrupt()
    line.drop()

    assert line._answers.empty()


def test_nothing_is_sent_once_it_is_cancelled() -> None:
    """Also where that happens between two requests."""
    line = Line(ConnectionOptions.exchange("mbx01", {}))
    line.cancelled = threading.Event()
    line.cancelled.set()

    with pytest.raises(GivenUpError, match="cancelled"):
        line.send(b"x")


def test_an_answer_that_does_not_come_is_asked_for_again_in_the_same_words(psrp: PsrpServer) -> None:
    """A server gives its answer to a Receive once more, so nothing is lost."""
    with psrp.exchange(operation_timeout=1, read_timeout=2) as transport:
        transport.run(READ)
        psrp.fail(silence("Receive", after=True))
        assert len(transport.run(READ).records) == 1


def test_the_question_about_a_command_keeps_the_deadline_too(psrp: PsrpServer) -> None:
    """The answer to the command was lost, and then the server says nothing."""
    with psrp.exchange(**PATIENT) as transport:
        transport.run(READ)
        psrp.fail(WireFault(kind=WireFaultKind.CUT_AFTER, action="Command"))
        psrp.fail(silence("Receive"))
        with pytest.raises(xi.TransportTimeoutError, match="time allowed") as caught:
            transport.run(WRITE, timeout=SHORT)

    assert caught.value.sent is None


def test_a_command_that_was_given_up_before_it_left_was_not_sent(
    psrp: PsrpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection was still being made: what comes of that is thrown away."""
    going_on, connect = threading.Event(), Messages.exchange

    def hang(*arguments: Any) -> bytes:
        going_on.wait()
        return connect(*arguments)

    with psrp.exchange() as transport:
        transport.run(READ)
        with monkeypatch.context() as patch:
            patch.setattr(Messages, "exchange", hang)
            with pytest.raises(xi.TransportTimeoutError) as caught:
                transport.run(WRITE, timeout=timedelta(seconds=0.1))
            going_on.set()
    assert caught.value.sent is False
    assert not psrp.fake.writes


def test_closing_takes_no_longer_than_it_may(psrp: PsrpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that does not answer is asked twice."""
    monkeypatch.setattr(session_module, "_TIME_TO_CLOSE", timedelta(seconds=0.6))
    with psrp.exchange(**PATIENT) as transport:
        transport.run(READ)
        psrp.fail(WireFault(kind=WireFaultKind.SILENT_BEFORE, action="Delete"))

    assert psrp.requests["Delete"] == 2


def test_a_session_ends_also_when_no_thread_starts_any_more(psrp: PsrpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the interpreter ends, from Python 3.12 on: then each request is carried out where it is waited for."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    transport = psrp.exchange()
    transport.run(READ)
    before, start = psrp.requests["Delete"], threading.Thread.start

    def start_the_server_s(thread: threading.Thread) -> None:
        if thread.name.startswith("exchange_imap"):
            refuse(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_the_server_s)
    assert len(transport.run(READ).records) == 1
    transport.close()
    assert psrp.requests["Delete"] == before + 1


@pytest.mark.parametrize("limit", [timedelta(0), timedelta(seconds=-1), 5.0, 30, "5 s"], ids=repr)
def test_a_limit_that_is_none_is_refused(psrp: PsrpServer, limit: Any) -> None:
    """With what would do; nothing is sent."""
    with psrp.exchange() as transport, pytest.raises(xi.InvalidValueError, match="expected a time"):
        transport.run(READ, timeout=limit)
    assert not psrp.requests


def test_a_limit_longer_than_any_is_as_none(psrp: PsrpServer) -> None:
    """More than a thread could wait for."""
    with psrp.exchange(timeout=timedelta.max) as transport:
        assert len(transport.run(READ, timeout=timedelta.max).records) == 1


def test_the_sooner_of_two_deadlines_counts() -> None:
    """Also where one never comes."""
    never, soon = Deadline(), Deadline.after(timedelta(seconds=1))

    assert never.sooner(timedelta(hours=1)).moment is not None
    assert soon.sooner(timedelta(hours=1)) is soon
    assert soon.sooner(timedelta(seconds=0.1)) is not soon
