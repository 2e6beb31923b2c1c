"""Several statements in one pipeline: what an error ends, as PowerShell itself has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import pytest

from exchange_imap.testing import FakeExchange, PsrpServer
from support import wire
from support.bridge import make_bridge, needs_bridge
from support.wire import EXCHANGE, WINDOWS

SERVICE = "MSExchangeImap4"
Statement = tuple[str, dict[str, object]]
SCRIPT: Statement = ("1+1", {})
LOOKS: dict[str, Statement] = {
    WINDOWS: ("Get-Service", {"Name": SERVICE}),
    EXCHANGE: ("Get-ImapSettings", {"Server": "MBX01"}),
}
"""What answers one object."""
WRITTEN = {"disabled service", "unknown server"}
"""The errors that a running command writes; the others are found before anything runs."""
ERRORS: dict[tuple[str, str], Statement] = {
    (WINDOWS, "unknown command"): ("Foo-Bar", {}),
    (WINDOWS, "unknown parameter"): ("Get-Service", {"Foo": "x"}),
    (WINDOWS, "missing parameter"): ("Start-Service", {}),
    (WINDOWS, "disabled service"): ("Start-Service", {"Name": SERVICE}),
    (EXCHANGE, "unknown command"): ("Foo-Bar", {}),
    (EXCHANGE, "unknown parameter"): ("Get-ImapSettings", {"Foo": "x"}),
    (EXCHANGE, "script text"): SCRIPT,
    (EXCHANGE, "unknown server"): ("Get-ImapSettings", {"Server": "EX01"}),
}
# How many of three statements answer, how the pipeline ends, and the kind of exception in the record.
END: dict[tuple[bool, bool, int], tuple[int, str]] = {
    (True, False, 0): (2, "Completed"),
    (True, True, 0): (2, "Completed"),
    (True, False, 1): (1, "Failed"),
    (True, True, 1): (1, "Failed"),
    (True, False, 2): (2, "Failed"),
    (True, True, 2): (2, "Failed"),
    (False, False, 0): (2, "Completed"),
    (False, True, 0): (0, "Failed"),
    (False, False, 1): (2, "Completed"),
    (False, True, 1): (1, "Failed"),
    (False, False, 2): (2, "Completed"),
    (False, True, 2): (2, "Failed"),
}


Pools = dict[str, Any]  # Any: pypsrp as it comes


@contextmanager
def opened(port: int) -> Iterator[Pools]:
    """Open both endpoints of a server, and disable its service."""
    with wire.pool(port, WINDOWS) as windows, wire.pool(port, EXCHANGE) as exchange:
        wire.run(windows, "Set-Service", Name=SERVICE, StartupType="Disabled")
        yield {WINDOWS: windows, EXCHANGE: exchange}


@pytest.fixture
def pools() -> Iterator[Pools]:
    """Open the endpoints of the loopback server."""
    with PsrpServer(FakeExchange(servers=["MBX01"])) as psrp, opened(psrp.port) as pools:
        yield pools
    assert psrp.errors == []


@pytest.fixture(scope="module")
def real() -> Iterator[Pools]:
    """Open the endpoints of the bridge to PowerShell itself, in the same state."""
    with make_bridge() as bridge, opened(bridge.port) as pools:
        yield pools


def invoke(pool: Any, *statements: Statement) -> Any:  # Any: as above
    """Run statements as one pipeline, and let the shell forget it."""
    shell = wire.powershell.PowerShell(pool)
    for number, (name, parameters) in enumerate(statements):
        if number:
            shell.add_statement()
        if (name, parameters) == SCRIPT:
            shell.add_script(name)
        else:
            shell.add_cmdlet(name).add_parameters(parameters)
    shell.invoke()
    shell.close()
    return shell


@attrs.frozen
class Case:
    """Several statements at an endpoint, of which one fails."""

    path: str
    error: str
    stop: bool

    def run(self, pools: Pools, place: int, count: int) -> tuple[int, str, list[str], list[str]]:
        """Return how many objects came, how it ended, the errors' ids, and the exceptions of those found first."""
        name, given = ERRORS[self.path, self.error]
        statements = [LOOKS[self.path]] * count
        stop = self.stop and name != SCRIPT[0]
        statements[place] = (name, given | ({"ErrorAction": "Stop"} if stop else {}))
        shell = invoke(pools[self.path], *statements)
        state = {4: "Completed", 5: "Failed"}[shell.state]
        found_first = [each.reason for each in shell.streams.error if self.error not in WRITTEN]
        return len(shell.output), state, wire.ids(shell), found_first


CASES = [Case(path, error, stop) for path, error in ERRORS for stop in (False, True)]


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_error_ends_what_it_ends_in_powershell(pools: Pools, case: Case, place: int) -> None:
    """One that is found first is passed over only in the first statement; one that is written ends all on Stop."""
    came, state, ids, reasons = case.run(pools, place, 3)

    assert (came, state) == END[case.error not in WRITTEN, case.stop, place]
    assert len(ids) == 1
    assert all((reason == "ParentContainsErrorRecordException") is (place == 0) for reason in reasons)


@needs_bridge
@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_powershell_agrees(pools: Pools, real: Pools, case: Case, count: int) -> None:
    """Asked itself: records, end, ids and exceptions are the same.

    Except that behind a first statement that it passes over, PowerShell says that all is done when the second is: of
    what the third and later ones put out nothing comes.
    """
    for place in range(count):
        came, *ours = case.run(pools, place, count)
        answered, *theirs = case.run(real, place, count)

        passed_over = case.error not in WRITTEN and place == 0
        assert ours == theirs
        assert (min(came, 1) if passed_over else came) == answered


def test_several_statements_can_be_refused_where_there_is_no_language() -> None:
    """As an endpoint that takes one statement only would; the other endpoint takes them all the same."""
    fake = FakeExchange(servers=["MBX01"])
    with PsrpServer(fake, takes_statements=False) as psrp, opened(psrp.port) as pools:
        before = len(fake.log)
        refused = invoke(pools[EXCHANGE], LOOKS[EXCHANGE], LOOKS[EXCHANGE])
        alone = invoke(pools[EXCHANGE], LOOKS[EXCHANGE])
        services = invoke(pools[WINDOWS], LOOKS[WINDOWS], LOOKS[WINDOWS])

    assert (wire.ids(refused), refused.had_errors, refused.output) == (["ScriptsNotAllowed"], True, [])
    assert (len(alone.output), len(services.output), len(fake.log) - before) == (1, 2, 3)


def test_a_stopped_pipeline_runs_no_further_statement() -> None:
    """The one that it is at is not begun either, if it has not been."""
    fake = FakeExchange(servers=["MBX01"])
    slow = {"Start-Service": 60.0}
    with PsrpServer(fake, slow=slow) as psrp, wire.pool(psrp.port, WINDOWS) as pool:
        shell = wire.command(pool, "Set-Service", Name=SERVICE, StartupType="Manual").add_statement()
        shell.add_cmdlet("Start-Service").add_parameter("Name", SERVICE)
        shell.begin_invoke()
        while not fake.log:
            """The first has not run yet."""
        shell.stop()
        shell.close()

    assert [entry.pipeline.commands[0].name for entry in fake.log] == ["Set-Service"]
