"""A bar for a plan: of rich, of tqdm, or lines of text."""

from __future__ import annotations

import importlib.util
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

import exchange_imap as xi
from exchange_imap._apply import progress
from exchange_imap.testing import FakeExchange, Fault


@pytest.fixture
def fake() -> FakeExchange:
    """Return a fake with one server."""
    return FakeExchange(servers=["MBX01"])


def applied(fake: FakeExchange, bar: xi.Progress, **options: Any) -> None:  # Any: those of apply
    """Apply a plan with a bar; a command of it looks like rich's markup."""
    server = xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport())
    services = [xi.SetService(name="MSExchangeIMAP4", status=xi.ServiceStatus.Running)]
    desired = xi.DesiredState(settings=xi.SetImapSettings(banner="[red]x[/no]"), services=services)
    with bar:
        server.apply(server.plan(desired), on_step=bar, **options)


def event(kind: Any, number: int, of: int) -> xi.StepEvent:  # Any: one of the kinds
    """Make an event."""
    step = xi.Step(xi.StartService(name=("a",)), "x")
    return xi.StepEvent(kind=kind, step=step, number=number, of=of, time=datetime(2026, 1, 1, tzinfo=UTC))


def test_text_is_a_line_for_each_event(fake: FakeExchange, capsys: pytest.CaptureFixture[str]) -> None:
    applied(fake, xi.Progress("text"))

    assert capsys.readouterr().err.splitlines() == [
        '[0/2] Set-ImapSettings -Server MBX01 -Banner "[red]x[/no]"',
        '[1/2] Set-ImapSettings -Server MBX01 -Banner "[red]x[/no]"',
        "[1/2] Start-Service MSExchangeImap4",
        "[2/2] Start-Service MSExchangeImap4",
    ]


def test_what_failed_and_the_way_back_are_shown(fake: FakeExchange, capsys: pytest.CaptureFixture[str]) -> None:
    """With how many steps were done."""
    fake.fail(Fault(of="Start-Service", error=xi.ErrorRecord(message="x", category="x", fully_qualified_error_id="x")))

    with pytest.raises(xi.ApplyError):
        applied(fake, xi.Progress("text"), on_failure="roll back")

    lines = capsys.readouterr().err.splitlines()
    assert "[1/2] failed: Start-Service MSExchangeImap4" in lines
    assert any(line.startswith("[1/1] back: Set-ImapSettings") for line in lines)


@pytest.mark.parametrize("library", ["rich", "tqdm"])
def test_a_bar_of_another_library_shows_the_same(
    fake: FakeExchange, library: Any, capsys: pytest.CaptureFixture[str]
) -> None:  # Any: both are there
    """Brackets in a command are no markup of it."""
    applied(fake, xi.Progress(library))

    captured = capsys.readouterr()
    shown = captured.out + captured.err
    assert "Start-Service MSExchangeImap4" in shown
    assert "2/2" in shown or "100%" in shown


class _Shown:
    """A bar that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def show(self, text: str, done: int, of: int) -> None:
        """Keep it."""
        self.told.append((text, done, of))

    def close(self) -> None:
        """Keep that it ended."""
        self.told.append("closed")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[_Shown]:
    """Return the bars that are made."""
    bars: list[_Shown] = []

    def make() -> _Shown:
        bars.append(_Shown())
        return bars[-1]

    monkeypatch.setitem(progress._BARS, "text", make)
    return bars


def test_a_bar_ends_with_the_last_step_and_another_may_begin(made: list[_Shown]) -> None:
    """Without a with statement too."""
    bar = xi.Progress("text")
    for kind, number in (("started", 1), ("failed", 1), ("not tried", 2), ("started", 1)):
        bar(event(kind, number, 2))

    first, second = made
    assert first.told == [
        ("Start-Service a", 0, 2),
        ("failed: Start-Service a", 0, 2),
        ("not tried: Start-Service a", 0, 2),
        "closed",
    ]
    assert second.told == [("Start-Service a", 0, 2)]
    bar.close()
    bar.close()
    assert second.told[1:] == ["closed"]


def test_a_long_command_is_cut(made: list[_Shown]) -> None:
    """So that the bar has room."""
    step = xi.Step(xi.SetImapSettings(banner="x" * 100), "x")
    xi.Progress("text")(
        xi.StepEvent(kind="started", step=step, number=1, of=1, time=datetime(2026, 1, 1, tzinfo=UTC), undoing=True)
    )

    assert made[0].told == [(f"back: Set-ImapSettings -Banner {'x' * 26}...", 0, 1)]


def test_what_goes_wrong_with_showing_is_ignored(fake: FakeExchange, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception of who watches stops a plan."""

    class Gone:
        """A terminal that is not there any more."""

        def write(self, text: str) -> int:
            raise BrokenPipeError(text)

        def flush(self) -> None:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Gone())
    applied(fake, xi.Progress("text"))

    assert fake.server("MBX01").stored.banner == "[red]x[/no]"


def test_without_a_library_there_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that is not installed cannot be chosen."""
    assert xi.Progress()._make is progress._Rich
    monkeypatch.setattr(progress, "find_spec", lambda name: importlib.util.find_spec(name) if name == "tqdm" else None)
    assert xi.Progress()._make is progress._Tqdm
    monkeypatch.setattr(progress, "find_spec", lambda _: None)
    assert xi.Progress()._make is progress._BARS["text"]

    with pytest.raises(
        xi.InvalidValueError, match=r"^Progress.library: expected one of text, received 'rich'. The others"
    ):
        xi.Progress("rich")
