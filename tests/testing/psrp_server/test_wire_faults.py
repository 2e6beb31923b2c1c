"""Failures on the wire: each kind strikes the request that it is meant for, once, before or after its effect."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, PsrpServer, WireFault, WireFaultKind
from support import wire
from support.wire import WINDOWS

CUT = "ConnectionError"


@pytest.fixture
def psrp() -> Iterator[PsrpServer]:
    """Serve a freshly installed server."""
    with PsrpServer(FakeExchange(servers=["MBX01"])) as psrp:
        yield psrp
    assert psrp.errors == []
    assert psrp.faults == ()


def struck(psrp: PsrpServer, kind: WireFaultKind, **options: Any) -> tuple[BaseException, int]:  # Any: of WireFault
    """Let the Command of a write fail; return what pypsrp raises, and how many writes had an effect by then."""
    with wire.pool(psrp.port, read_timeout=2, operation_timeout=1) as pool:
        psrp.fail(WireFault(kind=kind, action="Command", **options))
        assert len(psrp.faults) == 1
        with pytest.raises(Exception) as caught:  # noqa: PT011 - the test looks at it
            wire.run(pool, "Set-ImapSettings", Banner="x")
        if kind is WireFaultKind.IDLE_DROP:
            pool.state = wire.powershell.RunspacePoolState.CLOSED
        else:
            assert wire.run(pool, "Get-ImapSettings").output
    return caught.value, sum(entry.effect for entry in psrp.fake.writes)


@pytest.mark.parametrize(
    ("kind", "name", "effects"),
    [
        (WireFaultKind.CUT_BEFORE, "ConnectionError", 0),
        (WireFaultKind.CUT_AFTER, "ConnectionError", 1),
        (WireFaultKind.SILENT_BEFORE, "ReadTimeout", 0),
        (WireFaultKind.SILENT_AFTER, "ReadTimeout", 1),
        (WireFaultKind.MALFORMED_XML, "ParseError", 1),
        (WireFaultKind.UNAUTHORIZED, "AuthenticationError", 0),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_request_fails_before_or_after_its_effect(
    psrp: PsrpServer, kind: WireFaultKind, name: str, effects: int
) -> None:
    """And the next one does not."""
    error, effective = struck(psrp, kind)

    assert (type(error).__name__, effective) == (name, effects)


@pytest.mark.parametrize(
    ("kind", "status"),
    [(WireFaultKind.NOT_FOUND, 404), (WireFaultKind.SERVER_ERROR, 500), (WireFaultKind.UNAVAILABLE, 503)],
    ids=lambda value: getattr(value, "name", None),
)
@pytest.mark.parametrize("text", [None, "", "<h1>Recycling"])
def test_a_status_comes_with_a_page(psrp: PsrpServer, kind: WireFaultKind, status: int, text: str | None) -> None:
    """HTTP.sys's kind of page unless stated; it is no XML, so that the status is not lost."""
    error: Any
    error, effective = struck(psrp, kind, server_text=text)

    assert (error.code, effective) == (status, 0)
    assert error.response_text == text if text is not None else f"HTTP Error {status}" in error.response_text


@pytest.mark.parametrize(
    ("kind", "code", "wording"),
    [
        (WireFaultKind.THROTTLED, 2150859175, "not be approved for at least 200 milliseconds"),
        (WireFaultKind.SHELL_LIMIT, 2150859173, "maximum number of 18 concurrent shells"),
        (WireFaultKind.IDLE_DROP, 2150858843, "shell was not found"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_fault_comes_with_windows_code_and_words(
    psrp: PsrpServer, kind: WireFaultKind, code: int, wording: str
) -> None:
    error: Any
    error, effective = struck(psrp, kind)

    assert (error.code, effective) == (code, 0)
    assert wording in error.reason


@pytest.mark.parametrize(
    ("kind", "effects"), [(WireFaultKind.FAULT_BEFORE, 0), (WireFaultKind.FAULT_AFTER, 1)], ids=["before", "after"]
)
@pytest.mark.parametrize("code", [995, 4711])
def test_any_fault_comes_before_or_after_the_effect(
    psrp: PsrpServer, kind: WireFaultKind, effects: int, code: int
) -> None:
    """With a code that says nothing of it."""
    error: Any
    error, effective = struck(psrp, kind, code=code)

    assert (error.code, effective) == (code, effects)


@pytest.mark.parametrize(
    "kind", [WireFaultKind.THROTTLED, WireFaultKind.SHELL_LIMIT, WireFaultKind.FAULT_AFTER], ids=lambda kind: kind.name
)
def test_a_fault_may_have_other_words(psrp: PsrpServer, kind: WireFaultKind) -> None:
    error: Any
    error, _ = struck(psrp, kind, server_text="Nicht jetzt <&>")

    assert error.reason == "Nicht jetzt <&>"


def test_the_next_records_have_no_values(psrp: PsrpServer) -> None:
    """The property is there and null; the records behind them have theirs, and those of another shell always had."""
    with wire.pool(psrp.port) as pool, wire.pool(psrp.port) as other:
        psrp.fail(WireFault(kind=WireFaultKind.NULL_PROPERTIES, action="Command"))
        shells = [
            wire.run(pool, "Set-ImapSettings", Banner="x"),
            wire.run(other, "Get-ImapSettings"),
            wire.run(pool, "Get-ImapSettings"),
            wire.run(pool, "Get-ImapSettings"),
        ]

    protocols = [shell.output[0].adapted_properties["ProtocolName"] for shell in shells[1:]]
    assert protocols == ["IMAP4", None, "IMAP4"]


@pytest.mark.parametrize("kind", [WireFaultKind.NULL_PROPERTIES, WireFaultKind.IDLE_DROP], ids=lambda kind: kind.name)
def test_what_is_about_a_shell_needs_one(psrp: PsrpServer, kind: WireFaultKind) -> None:
    """At the creation of one there is nothing to spoil."""
    psrp.fail(WireFault(kind=kind, action="Create"))
    with wire.pool(psrp.port) as pool:
        (settings,) = wire.run(pool, "Get-ImapSettings").output

    assert settings.adapted_properties["ProtocolName"] == "IMAP4"


def test_the_nth_request_of_its_kind_is_struck(psrp: PsrpServer) -> None:
    """Counted from when it was arranged, by action and by endpoint."""
    cut = wire.powershell.requests.exceptions.ConnectionError
    with wire.pool(psrp.port) as pool, wire.pool(psrp.port, WINDOWS) as windows:
        wire.run(windows, "Get-Service")
        psrp.fail(WireFault(kind=WireFaultKind.CUT_BEFORE, nth=2, action="Command", endpoint=xi.Endpoint.WINDOWS))
        wire.run(pool, "Get-ImapSettings")
        wire.run(windows, "Get-Service")
        with pytest.raises(cut):
            wire.run(windows, "Get-Service")
        assert psrp.faults == ()


def test_an_answer_that_was_lost_can_be_asked_for(psrp: PsrpServer) -> None:
    """The client chose the command's number: whether it ran is no secret."""
    with wire.pool(psrp.port) as pool:
        for kind, arrived in ((WireFaultKind.CUT_AFTER, True), (WireFaultKind.CUT_BEFORE, False)):
            psrp.fail(WireFault(kind=kind, action="Command"))
            shell = wire.command(pool, "Set-ImapSettings", Banner=kind.name)
            with pytest.raises(wire.powershell.requests.exceptions.ConnectionError):
                shell.begin_invoke()
            shell._command_id, shell.state = shell.id, wire.complex_objects.PSInvocationState.RUNNING
            if arrived:
                shell.end_invoke()
                assert len(shell.streams.warning) == 1
            else:
                with pytest.raises(wire.Fault) as caught:
                    shell.end_invoke()
                assert caught.value.code == 2150858843
    assert len(psrp.fake.writes) == 1


def test_a_silent_server_still_closes(psrp: PsrpServer) -> None:
    """A client that waits for it is let go."""
    psrp.fail(WireFault(kind=WireFaultKind.SILENT_BEFORE, action="Create"))
    ended = []

    def wait() -> None:
        with closing(wire.connect(psrp.port)) as connection:
            pool = wire.powershell.RunspacePool(connection, configuration_name="Microsoft.Exchange")
            with pytest.raises(wire.powershell.requests.exceptions.ConnectionError) as caught:
                pool.open()
            ended.append(caught.type.__name__)

    waiting = threading.Thread(target=wait)
    waiting.start()
    while psrp.faults:
        """It has not asked yet."""
    psrp.close()
    waiting.join()

    assert ended == [CUT]


def test_a_fault_is_counted_from_one() -> None:
    """There is no request before the first."""
    with pytest.raises(xi.InvalidValueError, match=r"WireFault\.nth"):
        WireFault(kind=WireFaultKind.CUT_BEFORE, nth=0)
