"""The audit log: what is done stands there before it is done, and is found there again."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._apply import audit_file
from exchange_imap.testing import FakeExchange, Fault, PsrpServer
from support.clocks import MOMENT, Time
from support.document import DOCUMENT, new_fake
from support.examples import scaled
from support.fuzz import change_data, change_text, dumps

DESIRED = xi.DesiredState.enabled(external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com")
BANNER = xi.DesiredState(settings=xi.SetImapSettings(banner="Welcome."))
REFUSAL = xi.ErrorRecord(message="no\x1b[2J", category="PermissionDenied", fully_qualified_error_id="Refused")
BOTH = frozenset(name.lower() for name in xi.IMAP4_SERVICES)


@pytest.fixture
def fake() -> FakeExchange:
    """Return a freshly installed server."""
    return FakeExchange(servers=["MBX01"])


@pytest.fixture
def log(tmp_path: Path) -> xi.AuditLog:
    """Return a log that is not there yet."""
    return xi.AuditLog(tmp_path / "audit.jsonl", who="kim")


def on(fake: FakeExchange) -> xi.ImapServer:
    """Reach the server as a new process would."""
    return xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport(), clock=Time().clock)


def lines(log: xi.AuditLog) -> list[dict[str, Any]]:  # Any: JSON
    """Return the lines of the file."""
    return [json.loads(line) for line in Path(log.path).read_text(encoding="ascii").splitlines()]


def states(run: xi.AuditedRun) -> list[str]:
    """Return what became of each step."""
    return [step.state for step in run.steps]


# -- what is written ---------------------------------------------------------------------------------------------------


def test_who_did_what_and_what_became_of_it_is_kept(fake: FakeExchange, log: xi.AuditLog) -> None:
    """With the values before and after each step."""
    server = on(fake)
    plan = server.plan(DESIRED)

    server.apply(plan, audit=log)

    (run,) = log.runs()
    assert (run.server, run.who, run.process, run.undoing) == ("MBX01", "kim", os.getpid(), False)
    assert (run.began, run.ended, run.unfinished, run.error) == (MOMENT, MOMENT, False, "")
    assert run.digest == plan.digest
    assert [step.command for step in run.steps] == [str(step.command) for step in plan.steps]
    assert [step.reason for step in run.steps] == [step.reason for step in plan.steps]
    assert set(states(run)) == {"applied"}
    assert run.steps[0].changes[0] == 'MBX01 ExternalConnectionSettings: @() -> "mail.contoso.com:993:SSL"'
    assert run.steps[1].changes == ("MSExchangeImap4 StartupType: Manual -> Automatic",)
    assert run.steps[3].changes == ("MSExchangeImap4 Status: Stopped -> Running",)
    assert log.pending("mbx01.contoso.com") == frozenset()


def test_a_line_is_on_the_disk_before_a_command_is_sent_and_after_its_answer(
    fake: FakeExchange, log: xi.AuditLog
) -> None:
    """As the transport sees it."""
    seen: list[tuple[str, list[str]]] = []

    @attrs.define
    class Looking:
        """The fake, which looks into the file."""

        inner: Any = attrs.field(factory=fake.transport)  # Any: the fake's transport

        def run(self, pipeline: xi.Pipeline) -> xi.Reply:
            """Look, and run."""
            if Path(log.path).exists():
                seen.append(
                    (pipeline.commands[0].name, [f"{line['event']} {line.get('steps')}" for line in lines(log)][1:])
                )
            reply: xi.Reply = self.inner.run(pipeline)
            return reply

        def close(self) -> None:
            """Close it."""

    both = Looking()
    server = xi.ImapServer("MBX01", exchange=both, windows=both)
    server.apply(server.plan(BANNER), audit=log)

    assert seen == [
        ("Get-ImapSettings", []),
        ("Get-Service", []),
        ("Set-ImapSettings", ["sent [1]"]),
        ("Get-ImapSettings", ["sent [1]", "applied [1]"]),
        ("Get-Service", ["sent [1]", "applied [1]"]),
    ]


def test_every_line_is_flushed_to_the_disk(
    fake: FakeExchange, log: xi.AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And written whole, also where the system takes only a part at a time."""
    flushed: list[int] = []
    write, fsync = os.write, os.fsync

    def flush(file: int) -> None:
        flushed.append(file)
        fsync(file)

    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:7]))
    monkeypatch.setattr(os, "fsync", flush)
    server = on(fake)
    server.apply(server.plan(BANNER), audit=log)
    monkeypatch.undo()

    assert len(flushed) == len(lines(log)) == 4
    assert not log.runs()[0].unfinished


def test_a_failure_is_kept_with_what_is_pending(fake: FakeExchange, log: xi.AuditLog) -> None:
    """The text of the server has nothing that acts on a terminal."""
    on(fake).enable(external=["mail.contoso.com:993:SSL"])
    fake.fail(Fault(of="Restart-Service", nth=2, error=xi.TransportError))
    server = on(fake)

    with pytest.raises(xi.ApplyError) as caught:
        server.apply(server.plan(BANNER), audit=log)

    (run,) = log.runs()
    assert states(run) == ["applied", "applied", "failed"]
    assert run.pending == caught.value.outcome.pending == log.pending("MBX01") == {"msexchangeimap4be"}
    assert run.error == "ApplyError: MBX01: the plan stopped"
    assert "\\u001b" not in Path(log.path).read_text(encoding="ascii")


def test_steps_of_one_request_are_kept_together(fake: FakeExchange, log: xi.AuditLog) -> None:
    """Over the wire, with the users of both sessions."""
    with PsrpServer(fake) as psrp:
        exchange = xi.RetryingTransport(psrp.exchange())
        with xi.ImapServer("MBX01", exchange=exchange, windows=psrp.windows()) as server:
            server.apply(server.plan(DESIRED), audit=log)

    assert [(line["event"], line.get("steps")) for line in lines(log)[1:-1]] == [
        ("sent", [1]),
        ("applied", [1]),
        ("sent", [2, 3, 4, 5]),
        ("applied", [2, 3, 4, 5]),
    ]
    assert [endpoint for endpoint, _ in log.runs()[0].accounts] == ["Microsoft.Exchange", "Microsoft.PowerShell"]


def test_a_retry_around_a_transport_without_a_user_has_none(fake: FakeExchange) -> None:
    """Nor has the fake."""
    assert xi.RetryingTransport(fake.transport()).username is None


def test_a_plan_that_is_refused_is_kept_as_one_that_did_nothing(fake: FakeExchange, log: xi.AuditLog) -> None:
    """But for one with steps that are no steps: nothing is said of those."""
    server = on(fake)
    plan = server.plan(DESIRED)
    server.run(xi.SetImapSettings(server="MBX01", banner="Hello."))

    with pytest.raises(xi.StalePlanError):
        server.apply(plan, audit=log)
    with pytest.raises(xi.ForeignStepError):
        server.apply(attrs.evolve(plan, steps=(xi.Step(xi.StopService(name=("W3SVC",)), "by hand"),)), audit=log)

    (run,) = log.runs()
    assert set(states(run)) == {"not tried"}
    assert run.error.startswith("StalePlanError: MBX01 changed since the plan was made")


def test_a_server_that_cannot_be_read_ends_the_run(fake: FakeExchange, log: xi.AuditLog) -> None:
    """The transport's error says why."""
    server = on(fake)
    plan = server.plan(DESIRED)
    fake.fail(Fault(of="Get-Service", error=xi.TransportError))

    with pytest.raises(xi.TransportError):
        server.apply(plan, audit=log)

    (run,) = log.runs()
    assert run.error.startswith("TransportError: FakeExchange was told to fail")
    assert not run.unfinished


def test_the_way_back_is_a_run_of_its_own(log: xi.AuditLog) -> None:
    """Which says so."""
    fake = new_fake()
    server = on(fake)
    fake.fail(Fault(of="Set-ReceiveConnector", error=REFUSAL))

    with pytest.raises(xi.ApplyError):
        server.apply(server.plan(attrs.evolve(DOCUMENT, certificates=())), audit=log, on_failure="roll back")

    there, back = log.runs()
    assert (there.undoing, back.undoing) == (False, True)
    assert states(back) == ["applied"]
    assert back.steps[0].command.startswith("Set-ImapSettings")


def test_an_interrupted_run_says_what_was_being_done(fake: FakeExchange, log: xi.AuditLog) -> None:
    """As the exception's outcome does."""
    server = on(fake)

    def watch(event: xi.StepEvent) -> None:
        if (event.kind, event.number) == ("applied", 2):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        server.apply(server.plan(DESIRED), audit=log, on_step=watch)

    (run,) = log.runs()
    assert states(run) == ["applied", "applied", "not tried", "not tried", "not tried"]
    assert run.error == "KeyboardInterrupt: "


# -- what is found there again -----------------------------------------------------------------------------------------


def cut(log: xi.AuditLog, count: int) -> None:
    """Leave as many lines as there are when a process is killed."""
    kept = Path(log.path).read_bytes().splitlines(keepends=True)[:count]
    Path(log.path).write_bytes(b"".join(kept))


@pytest.mark.parametrize(
    ("count", "fates", "pending"),
    [
        (1, ["not tried"] * 3, frozenset()),
        (2, ["sent", "not tried", "not tried"], BOTH),
        (3, ["applied", "not tried", "not tried"], BOTH),
        (4, ["applied", "sent", "not tried"], BOTH),
        (5, ["applied", "applied", "not tried"], frozenset({"msexchangeimap4be"})),
        (7, ["applied", "applied", "applied"], frozenset()),
    ],
)
def test_the_next_run_can_tell_what_was_being_done(
    fake: FakeExchange, log: xi.AuditLog, count: int, fates: list[str], pending: frozenset[str]
) -> None:
    """And plans the restarts that may be missing."""
    on(fake).enable(external=["mail.contoso.com:993:SSL"])
    server = on(fake)
    server.apply(server.plan(BANNER), audit=log)
    cut(log, count)

    (run,) = log.runs()
    assert (states(run), run.pending, run.unfinished) == (fates, pending, True)
    assert log.pending("MBX01") == pending
    plan = on(fake).plan(BANNER, audit=log)
    assert {str(step.command).split()[1].lower() for step in plan.steps} == pending


def test_what_a_killed_run_left_pending_is_so_until_a_later_run_restarts_it(
    fake: FakeExchange, log: xi.AuditLog
) -> None:
    """Even if a run of another process, which knew nothing of it, ended well in between."""
    on(fake).enable(external=["mail.contoso.com:993:SSL"])
    server = on(fake)
    server.apply(server.plan(BANNER), audit=log)
    cut(log, 3)
    other = xi.DesiredState(services=[xi.SetService(name="MSExchangeIMAP4", startup_type="Manual")])
    server = on(fake)
    outcome = server.apply(server.plan(other), audit=log)

    assert outcome.pending == log.pending("MBX01") == BOTH
    server = on(fake)
    server.apply(server.plan(BANNER, audit=log), audit=log)
    assert log.pending("MBX01") == frozenset()


def test_a_service_that_a_later_run_starts_is_not_pending_any_more(fake: FakeExchange, log: xi.AuditLog) -> None:
    """Somebody had stopped it after a run was killed: it reads the stored settings when it starts."""
    on(fake).enable(external=["mail.contoso.com:993:SSL"])
    server = on(fake)
    server.apply(server.plan(BANNER), audit=log)
    cut(log, 3)
    for name in xi.IMAP4_SERVICES:
        fake.server("MBX01").set_service(name, status=xi.ServiceStatus.Stopped)
    started = attrs.evolve(DESIRED, settings=BANNER.settings)

    server = on(fake)
    outcome = server.apply(server.plan(started, audit=log), audit=log)

    assert [str(step.command).split()[0] for step in outcome.applied] == ["Start-Service"] * 2
    assert (log.runs()[-1].up_to_date, log.pending("MBX01")) == (BOTH, frozenset())
    assert not on(fake).plan(started, audit=log)


def test_runs_of_other_servers_and_runs_beside_each_other_are_told_apart(log: xi.AuditLog) -> None:
    """What one of them ended, another may still have pending."""
    fake = FakeExchange(servers=["MBX01", "MBX02"])

    def reach(name: str) -> xi.ImapServer:
        return xi.ImapServer(name, exchange=fake.transport(server=name), windows=fake.transport(server=name))

    for name in ("MBX01", "MBX02"):
        reach(name).enable(external=["mail.contoso.com:993:SSL"])
    first, second = (reach(name) for name in ("MBX01", "MBX02"))
    first.apply(first.plan(BANNER), audit=log)
    killed = lines(log)[:3]
    Path(log.path).unlink()
    second.apply(second.plan(BANNER), audit=log)
    mixed = [*killed[:1], *lines(log)[:1], *killed[1:], *lines(log)[1:]]
    Path(log.path).write_text("".join(json.dumps(line) + "\n" for line in mixed), encoding="ascii")

    assert [log.pending(name) for name in ("MBX01", "MBX02", "MBX03")] == [BOTH, frozenset(), frozenset()]


# -- torn lines --------------------------------------------------------------------------------------------------------


def test_a_torn_last_line_is_named_and_left_out(fake: FakeExchange, log: xi.AuditLog) -> None:
    """Wherever it was torn; the next run goes on behind it."""
    on(fake).enable(external=["mail.contoso.com:993:SSL"])
    server = on(fake)
    server.apply(server.plan(BANNER), audit=log)
    whole = Path(log.path).read_bytes()
    last = whole.rfind(b"\n", 0, -1) + 1

    for end in (last + 1, last + 40, len(whole) - 3):
        Path(log.path).write_bytes(whole[:end])
        assert log.torn() == (8,)
        assert log.runs()[0].unfinished
        server = on(fake)
        server.apply(server.plan(BANNER), audit=log)
        assert log.torn() == (8,)
        assert [run.unfinished for run in log.runs()] == [True, False]
        assert len(Path(log.path).read_bytes().splitlines()) == 10


def test_a_line_that_lacks_only_its_end_is_whole(fake: FakeExchange, log: xi.AuditLog) -> None:
    """What it says was written."""
    server = on(fake)
    server.apply(server.plan(BANNER), audit=log)
    Path(log.path).write_bytes(Path(log.path).read_bytes()[:-1])

    assert (log.torn(), log.runs()[0].unfinished) == ((), False)
    server.apply(server.plan(BANNER), audit=log)
    assert (log.torn(), len(log.runs())) == ((), 2)


def test_a_line_torn_behind_a_torn_one_is_one_too(fake: FakeExchange, log: xi.AuditLog) -> None:
    """A process may be killed at its first line as well."""
    server = on(fake)
    server.apply(server.plan(BANNER), audit=log)
    with Path(log.path).open("ab") as file:
        file.write(b'{"audit": 1, "ru\n{"aud')

    assert log.torn() == (5, 6)
    server.apply(server.plan(BANNER), audit=log)
    assert (log.torn(), len(log.runs())) == ((5, 6), 2)


# -- files that are none of ours ---------------------------------------------------------------------------------------

STEP: dict[str, object] = {"command": "x", "reason": "y", "changes": []}
BEGIN: dict[str, object] = {
    "audit": 1,
    "run": "a",
    "event": "begin",
    "time": "2026-01-02T03:04:05+00:00",
    "server": "MBX01",
    "digest": None,
    "who": "kim",
    "process": 1,
    "accounts": {},
    "undoing": False,
    "steps": [STEP],
    "pending": [],
}
SENT = {"audit": 1, "run": "a", "event": "sent", "time": BEGIN["time"], "steps": [1], "pending": []}
END = {
    **SENT,
    "event": "end",
    "applied": [1],
    "failed": [],
    "unknown": [],
    "not tried": [],
    "up to date": [],
    "error": "",
}
del END["steps"]

FOREIGN: list[tuple[str, list[object], str]] = [
    ("no object", [1], "line 1: expected an object"),
    ("no run", [{"audit": 1}], "line 1.run: expected this key"),
    ("another version", [{**BEGIN, "audit": 2}], "line 1.audit: expected 1, the version"),
    ("another event", [{**BEGIN, "event": "x"}], "line 1.event: expected one of begin, sent, applied, end"),
    ("another key", [{**BEGIN, "x": 1}], "line 1.x: expected one of"),
    ("a key too few", [{key: BEGIN[key] for key in BEGIN if key != "steps"}], "line 1.steps: expected this key"),
    ("two beginnings", [BEGIN, BEGIN], "line 2: expected one begin of a run"),
    ("no beginning", [SENT], "line 1: expected one begin of a run"),
    ("two ends", [BEGIN, END, END], "line 3: expected one begin of a run"),
    ("a step that is not there", [BEGIN, {**SENT, "steps": [2]}], "line 2.steps: expected numbers of 1 steps"),
    ("a step before the first", [BEGIN, {**SENT, "steps": [0]}], "line 2.steps: expected numbers of 1 steps"),
    ("no number", [BEGIN, {**SENT, "steps": [True]}], "line 2.steps[0]: expected a whole number"),
    ("no time", [{**BEGIN, "time": "yesterday"}], "line 1.time: expected a time with its zone"),
    ("no zone", [{**BEGIN, "time": "2026-01-02T03:04:05"}], "line 1.time: expected a time with its zone"),
    ("no text", [{**BEGIN, "who": 1}], "line 1.who: expected text"),
    ("no digest", [{**BEGIN, "digest": 1}], "line 1.digest: expected text"),
    ("no user", [{**BEGIN, "accounts": {"x": 1}}], "line 1.accounts.x: expected text"),
    (
        "no change",
        [{**BEGIN, "steps": [{"command": "x", "reason": "y", "changes": [1]}]}],
        "changes[0]: expected an object",
    ),
    ("no services", [{**BEGIN, "pending": "x"}], "line 1.pending: expected a list"),
]


@pytest.mark.parametrize(("written", "expected"), [case[1:] for case in FOREIGN], ids=[case[0] for case in FOREIGN])
def test_lines_of_another_form_are_refused_with_their_place(
    log: xi.AuditLog, written: list[object], expected: str
) -> None:
    """By our own error."""
    Path(log.path).write_text("".join(json.dumps(line) + "\n" for line in written), encoding="ascii")

    with pytest.raises(xi.InvalidValueError) as caught:
        log.runs()

    assert expected in str(caught.value)
    with pytest.raises(xi.InvalidValueError):
        log.pending("MBX01")


@pytest.mark.parametrize(
    "content",
    [
        b"Dear Kim,\n",
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        b"1" * 5_000 + b"\n",
        b"{}\n\n",
        b"\0" * 100 + b"\n",
        b"a torn line\n" + json.dumps(BEGIN).encode() + b"\n",
    ],
    ids=["a letter", "bytes", "deep", "a long number", "an empty line", "zeros", "unsaid"],
)
def test_a_file_of_something_else_is_refused_and_left_as_it_is(
    fake: FakeExchange, log: xi.AuditLog, content: bytes
) -> None:
    """Before anything is sent or written into it."""
    Path(log.path).write_bytes(content)
    server = on(fake)
    plan = server.plan(BANNER)

    with pytest.raises(xi.InvalidValueError, match=r"AuditLog\.path, line"):
        server.apply(plan, audit=log)

    assert Path(log.path).read_bytes() == content
    assert fake.writes == ()


@pytest.mark.law
def test_law_a_changed_file_is_read_or_refused_by_our_own_errors(fake: FakeExchange, log: xi.AuditLog) -> None:
    """Whatever has changed in its text, or in what a line holds."""
    server = on(fake)
    server.apply(server.plan(DESIRED), audit=log)
    text = Path(log.path).read_text(encoding="ascii")
    whole = lines(log)

    for number in range(scaled(150)):
        random = Random(number)  # noqa: S311 - the same in every run
        if number % 2:
            changed = change_text(random, text, text)
        else:
            changed = "".join(dumps(random, change_data(random, line)) + "\n" for line in whole)
        Path(log.path).write_bytes(changed.encode("utf-8", "surrogatepass"))
        with suppress(xi.ExchangeImapError):
            log.torn()
            log.pending("MBX01")
            log.runs()


def test_a_large_file_is_refused(log: xi.AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not read."""
    monkeypatch.setattr(audit_file, "_LARGEST", 10)
    Path(log.path).write_bytes(b" " * 11)

    with pytest.raises(xi.InvalidValueError, match="at most 10 bytes"):
        log.runs()


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["directory", "pipe"])
def test_what_is_no_file_is_refused_without_waiting_for_it(
    fake: FakeExchange, log: xi.AuditLog, make: Callable[[str], None]
) -> None:
    """Neither read nor written."""
    make(os.fspath(log.path))
    server = on(fake)

    with pytest.raises((xi.InvalidValueError, xi.AuditError)):
        log.runs()
    with pytest.raises((xi.InvalidValueError, xi.AuditError)):
        audit_file.append(log.path, {})
    with pytest.raises((xi.InvalidValueError, xi.AuditError)):
        server.plan(BANNER, audit=log)


def test_a_path_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    """By our own error."""
    with pytest.raises(xi.InvalidValueError, match="the path of a file"):
        xi.AuditLog(f"{tmp_path}/a\0b").runs()


def test_a_file_that_cannot_be_read_is_an_error_of_ours(tmp_path: Path) -> None:
    """With its path and the reason of the system."""
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(xi.AuditError, match="Not a directory") as caught:
        xi.AuditLog(tmp_path / "file" / "audit.jsonl").runs()
    assert caught.value.path == str(tmp_path / "file" / "audit.jsonl")


# -- a file that cannot be written -------------------------------------------------------------------------------------


@pytest.mark.parametrize("good", range(13))
def test_nothing_is_done_that_cannot_be_written_down(
    fake: FakeExchange, log: xi.AuditLog, monkeypatch: pytest.MonkeyPatch, good: int
) -> None:
    """The disk is full after so many lines: the plan stops, and what is said of each step is true."""
    left = [good]
    fsync = os.fsync

    def flush(file: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        fsync(file)

    monkeypatch.setattr(os, "fsync", flush)
    server = on(fake)
    plan = server.plan(DESIRED)
    if good == 12:  # one for the plan, two for each of five steps, and the end
        assert len(server.apply(plan, audit=log).applied) == 5
        return

    with pytest.raises(xi.AuditError, match="No space left on device") as caught:
        server.apply(plan, audit=log)

    outcome = vars(caught.value)["outcome"]
    done = [str(entry.pipeline) for entry in fake.writes if entry.effect]
    assert [str(step.command) for step in outcome.applied] == done
    assert len(done) == good // 2
    assert (outcome.failed, len(outcome.not_tried)) == (None, 5 - len(done))


def test_an_audit_that_fails_while_the_plan_is_interrupted_hides_nothing(
    fake: FakeExchange, log: xi.AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first exception is the one that is raised."""

    def watch(_: xi.StepEvent) -> None:
        monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(5, "I/O error")))
        raise KeyboardInterrupt

    server = on(fake)
    with pytest.raises(KeyboardInterrupt):
        server.apply(server.plan(DESIRED), audit=log, on_step=watch)


@pytest.mark.parametrize("error", [KeyError("uid"), OSError("no user")], ids=["KeyError", "OSError"])
def test_a_process_without_a_user_is_named_by_its_number(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """As in a container."""

    def nobody() -> str:
        raise error

    assert xi.AuditLog("x").who
    monkeypatch.setattr("getpass.getuser", nobody)
    assert xi.AuditLog("x").who == f"process {os.getpid()}"


def test_a_line_that_another_process_is_writing_is_waited_for(log: xi.AuditLog, tmp_path: Path) -> None:
    """It has no line end yet, and is not torn."""
    server = on(FakeExchange(servers=["MBX01"]))
    server.apply(server.plan(DESIRED), audit=log)
    whole = Path(log.path).read_bytes()
    text = xi.AuditLog(tmp_path / "shared.jsonl", who="kim")
    later = on(FakeExchange(servers=["MBX01"]))
    plan = later.plan(DESIRED)
    thread = threading.Thread(target=later.apply, args=(plan,), kwargs={"audit": text})
    with Path(text.path).open("ab", buffering=0) as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        other.write(whole[:-10])
        thread.start()
        thread.join(0.1)  # without the lock it is done by then
        other.write(whole[-10:])
    thread.join()

    assert text.torn() == ()
    assert len(text.runs()) == 2


def test_several_threads_may_share_a_file(log: xi.AuditLog) -> None:
    """No line is mixed with another."""
    fakes = [FakeExchange(servers=["MBX01"]) for _ in range(4)]

    def enable(fake: FakeExchange) -> None:
        server = on(fake)
        server.apply(server.plan(DESIRED), audit=log)

    threads = [threading.Thread(target=enable, args=(fake,)) for fake in fakes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [run.unfinished for run in log.runs()] == [False] * 4
    assert log.torn() == ()
