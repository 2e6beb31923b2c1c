"""Several statements in one pipeline: what an error ends, as PowerShell itself has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from exchange_imap.testing import FakeExchange, PsrpServer
from support import wire
from support.bridge import make_bridge, needs_bridge
from support.wire import WINDOWS

SERVICE = "MSExchangeImap4"
LOOK: tuple[str, dict[str, object]] = ("Get-Service", {"Name": SERVICE})
# Two that are found before anything runs, and one that the running command writes: the service is disabled.
ERRORS: dict[str, tuple[str, dict[str, object]]] = {
    "unknown command": ("Foo-Bar", {}),
    "unknown parameter": ("Get-Service", {"Foo": "x"}),
    "missing parameter": ("Start-Service", {}),
    "disabled service": ("Start-Service", {"Name": SERVICE}),
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


@pytest.fixture
def pool() -> Iterator[Any]:  # Any: pypsrp as it comes
    """Open the Windows endpoint of a server whose service is disabled."""
    with PsrpServer(FakeExchange(servers=["MBX01"])) as psrp, wire.pool(psrp.port, WINDOWS) as pool:
        wire.run(pool, "Set-Service", Name=SERVICE, StartupType="Disabled")
        yield pool
    assert psrp.errors == []


@pytest.fixture(scope="module")
def real() -> Iterator[Any]:  # Any: as above
    """Open the Windows endpoint of the bridge to PowerShell itself, in the same state."""
    with make_bridge() as bridge, wire.pool(bridge.port, WINDOWS) as pool:
        wire.run(pool, "Set-Service", Name=SERVICE, StartupType="Disabled")
        yield pool


def run(pool: Any, error: str, *, stop: bool, place: int, count: int) -> tuple[int, str, list[str], list[str]]:
    """Run statements of which one fails; return what came, how it ended, the errors' ids and their exceptions."""
    name, given = ERRORS[error]
    statements = [LOOK] * count
    statements[place] = (name, given | ({"ErrorAction": "Stop"} if stop else {}))
    shell = wire.powershell.PowerShell(pool)
    for number, (cmdlet, parameters) in enumerate(statements):
        if number:
            shell.add_statement()
        shell.add_cmdlet(cmdlet).add_parameters(parameters)
    shell.invoke()
    shell.close()
    state = {4: "Completed", 5: "Failed"}[shell.state]
    found_first = [each.reason for each in shell.streams.error if error != "disabled service"]
    return len(shell.output), state, wire.ids(shell), found_first


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("stop", [False, True], ids=["continue", "stop"])
@pytest.mark.parametrize("error", ERRORS)
def test_an_error_ends_what_it_ends_in_powershell(pool: Any, error: str, *, stop: bool, place: int) -> None:
    """One that is found first is passed over only in the first statement; one that is written ends all on Stop."""
    came, state, ids, reasons = run(pool, error, stop=stop, place=place, count=3)

    assert (came, state) == END[error != "disabled service", stop, place]
    assert len(ids) == 1
    assert all((reason == "ParentContainsErrorRecordException") is (place == 0) for reason in reasons)


@needs_bridge
@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("stop", [False, True], ids=["continue", "stop"])
@pytest.mark.parametrize("error", ERRORS)
def test_powershell_agrees(pool: Any, real: Any, error: str, *, stop: bool, count: int) -> None:
    """Asked itself: records, end, ids and exceptions are the same.

    Except that behind a first statement that it passes over, PowerShell says that all is done when the second is: of
    what the third and later ones put out nothing comes.
    """
    for place in range(count):
        came, *ours = run(pool, error, stop=stop, place=place, count=count)
        answered, *theirs = run(real, error, stop=stop, place=place, count=count)

        passed_over = error != "disabled service" and place == 0
        assert ours == theirs
        assert (min(came, 1) if passed_over else came) == answered


def test_without_a_language_there_is_one_statement() -> None:
    """Exchange's endpoint is not to be relied upon for more; here it takes no more."""
    fake = FakeExchange(servers=["MBX01"])
    with PsrpServer(fake) as psrp, wire.pool(psrp.port) as pool:
        shell = wire.command(pool, "Get-ImapSettings").add_statement().add_cmdlet("Get-ImapSettings")
        shell.invoke()

    assert (wire.ids(shell), shell.had_errors, fake.log) == (["ScriptsNotAllowed"], True, ())


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
