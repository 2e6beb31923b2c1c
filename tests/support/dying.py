"""A process that applies the whole document over loopback PSRP, and is killed at one of its requests.

Run as a program it is that process. What the server did is held against what the audit file says, and against what the
next process makes of it, which has the file or nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Final

import attrs

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, LogEntry, PsrpServer, WireFault, WireFaultKind

from .document import DOCUMENT, connect, new_fake

__all__ = ["check", "requests_of_all"]

_TESTS: Final = Path(__file__).parents[1]
_LOGIN: Final = ("administrator", "loopback")
_EXTERNAL: Final = ("pop.contoso.com:993:SSL",)


def apply_document(port: int, path: str) -> None:
    """Plan the document and apply it, with an audit file."""
    user, password = _LOGIN
    options: xi.PsrpOptions = {"port": port, "auth": "basic", "username": user, "password": password}
    options["allow_insecure"] = True
    exchange = xi.PsrpTransport.exchange("127.0.0.1", **options)
    with xi.ImapServer("MBX01", exchange=exchange, windows=xi.PsrpTransport.windows("127.0.0.1", **options)) as server:
        audit = xi.AuditLog(path)
        server.apply(server.plan(DOCUMENT, audit=audit), audit=audit)


@attrs.define
class _Process:
    """The process, which is killed at its nth request."""

    nth: int
    child: subprocess.Popen[bytes] | None = None

    def run(self, psrp: PsrpServer, path: Path) -> int:
        """Run it to its end, and return its exit code."""
        psrp.requests = _Killing(self)
        command = [sys.executable, "-m", "support.dying", str(psrp.port), str(path)]
        environment = {**os.environ, "PYTHONPATH": str(_TESTS)}
        self.child = subprocess.Popen(command, env=environment)
        return self.child.wait()

    def kill(self) -> None:
        """Kill it, and wait until it is dead: then its request is carried out, or not."""
        assert self.child is not None
        self.child.kill()
        self.child.wait()


class _Killing(Counter[str]):
    """Stands for a server's ``requests``: it counts them, and kills the process at one."""

    def __init__(self, process: _Process) -> None:
        super().__init__()
        self._process = process

    def __setitem__(self, action: str, number: int) -> None:
        super().__setitem__(action, number)
        if sum(self.values()) == self._process.nth:
            self._process.kill()


def _running_fake() -> FakeExchange:
    """Return a server whose services run with other settings, so that the document has to restart them."""
    fake = new_fake()
    connect(fake).enable(external=_EXTERNAL)
    return fake


@cache
def requests_of_all() -> int:
    """Count the requests where nobody is killed."""
    with tempfile.TemporaryDirectory() as folder, PsrpServer(_running_fake()) as psrp:
        assert _Process(0).run(psrp, Path(folder, "audit.jsonl")) == 0
        return sum(psrp.requests.values())


def check(nth: int, *, carried_out: bool, with_file: bool) -> None:
    """Kill the process at its nth request, which is carried out or not; go on with the audit file, or with nothing."""
    fake = _running_fake()
    before = len(fake.writes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "audit.jsonl")
        with PsrpServer(fake) as psrp:
            if not carried_out:
                psrp.fail(WireFault(kind=WireFaultKind.CUT_BEFORE, nth=nth))
            assert _Process(nth).run(psrp, path) < 0
        audit = xi.AuditLog(path)
        first = fake.writes[before:]
        _assert_recorded(audit, fake, first)
        _assert_nothing_is_claimed(fake)
        _go_on(fake, audit if with_file else None)
        if with_file:
            _assert_not_again(audit, first, fake.writes[before + len(first) :])


def _done(writes: tuple[LogEntry, ...]) -> Counter[str]:
    """Count the commands that took effect, as they are written in a plan."""
    return Counter(_said(entry.text) for entry in writes if entry.effect)


def _said(command: str) -> str:
    """Return what a command says, however it is written."""
    return repr(xi.parse(command))


def _assert_recorded(audit: xi.AuditLog, fake: FakeExchange, writes: tuple[LogEntry, ...]) -> None:
    """Assert that the file says of each step what the server did, and names what is pending."""
    done = _done(writes)
    runs = audit.runs()
    assert len(runs) <= 1
    assert runs or not done
    for run in runs:
        steps = {_said(step.command): step.state for step in run.steps}
        assert done.keys() <= steps.keys()
        for command, state in steps.items():
            assert done[command] <= (state != "not tried")
            assert done[command] == 1 or state != "applied"
    server = fake.server("MBX01")
    older = {name.lower() for name in xi.IMAP4_SERVICES if server.loaded(name) != server.stored}
    assert older <= audit.pending("MBX01")


def _assert_nothing_is_claimed(fake: FakeExchange) -> None:
    """Assert that a process that has nothing does not say that a service is up to date."""
    server = connect(fake)
    state = server.state(DOCUMENT)

    assert state.up_to_date == frozenset()
    assert "is as desired" not in str(server.plan(DOCUMENT))


def _go_on(fake: FakeExchange, audit: xi.AuditLog | None) -> None:
    """Let the next process reach the end: with the file by itself, with nothing by restarting in any case."""
    server = connect(fake)
    desired = attrs.evolve(DOCUMENT, restart=audit is None)
    outcome = server.apply(server.plan(desired, audit=audit), audit=audit)

    assert outcome.pending == frozenset()
    assert not server.plan(DOCUMENT, audit=audit)
    assert not fake.server("MBX01").pending
    if audit is not None:
        assert audit.pending("MBX01") == frozenset()


def _assert_not_again(audit: xi.AuditLog, first: tuple[LogEntry, ...], second: tuple[LogEntry, ...]) -> None:
    """Assert that nothing that is known to be done was done again, and no write but a restart took effect twice."""
    before, after = _done(first), _done(second)
    known = {_said(step.command) for run in audit.runs()[:-1] for step in run.steps if step.state == "applied"}

    assert not known & {_said(entry.text) for entry in second}
    assert all("RestartService" in command for command in before.keys() & after.keys())


if __name__ == "__main__":
    apply_document(int(sys.argv[1]), sys.argv[2])
