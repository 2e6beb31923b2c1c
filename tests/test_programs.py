"""Servers that tests start end with the test, whatever it does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.programs import free_ports, running, wait_for

# Ends when it is asked to; what it started does not.
SERVER = """
import pathlib, signal, socket, subprocess, sys
ignores = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
child = subprocess.Popen([sys.executable, "-c", ignores], stdout=subprocess.PIPE)
child.stdout.readline()
pathlib.Path(sys.argv[2]).write_text(str(child.pid))
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
signal.pause()
"""


def ended(process: int) -> bool:
    """Say whether a process has ended; one that nobody has asked for its end yet has ended, too."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state in "ZX"


def fail_beside_a_server(folder: Path, pids: Path) -> None:
    """Do what a test does that fails while its server runs."""
    (port,) = free_ports(1)
    with running([sys.executable, "-c", SERVER, str(port), str(pids)], [port], folder / "log"):
        assert not ended(int(pids.read_text(encoding="utf-8")))
        raise ZeroDivisionError


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")
def test_a_server_and_what_it_started_end_with_a_test_that_fails(tmp_path: Path) -> None:
    """Also what does not listen to SIGTERM."""
    pids = tmp_path / "pids"

    with pytest.raises(ZeroDivisionError):
        fail_beside_a_server(tmp_path, pids)

    child = int(pids.read_text(encoding="utf-8"))
    while not ended(child):  # killed, and ends as soon as the system comes to it
        os.sched_yield()


def test_a_server_that_ends_at_once_is_no_server(tmp_path: Path) -> None:
    """What it logged is in the error."""
    (port,) = free_ports(1)
    log = tmp_path / "log"
    log.write_text("the port is taken", encoding="utf-8")
    with (
        subprocess.Popen([sys.executable, "-c", ""]) as program,
        pytest.raises(AssertionError, match="the port is taken"),
    ):
        wait_for(port, program, log)
