"""Server programs that tests start on loopback: free ports, waiting until they answer, and an end for sure."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

__all__ = ["find", "folder_for_all", "free_ports", "running", "wait_for"]

# Where servers are installed; the path of a user who is not root may lack it.
_PATH: Final = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
_ENOUGH_TRIES: Final = 400
_A_MOMENT: Final = 0.05
_LONGEST_END: Final = 10.0


def find(program: str) -> str | None:
    """Return the path of an installed program."""
    return shutil.which(program, path=_PATH)


def free_ports(number: int) -> tuple[int, ...]:
    """Return ports of loopback at which nothing listens, each another one."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return tuple(each.getsockname()[1] for each in sockets)


@contextlib.contextmanager
def folder_for_all() -> Iterator[Path]:
    """Make a folder that other users may enter: a server started as root has users of its own. Its path is short.

    A path of a Unix socket has at most 107 bytes, and the folder of a test is longer.
    """
    with tempfile.TemporaryDirectory(prefix="xi-", dir="/tmp" if Path("/tmp").is_dir() else None) as name:  # noqa: S108 - made by mkdtemp
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def wait_for(port: int, program: subprocess.Popen[bytes], log: Path | None = None) -> None:
    """Return when something answers at the port; fail if the program ends first, or with what it logged."""
    for _ in range(_ENOUGH_TRIES):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        if program.poll() is not None:
            break
        time.sleep(_A_MOMENT)
    logged = log.read_text(errors="replace") if log and log.exists() else ""
    raise AssertionError(f"{program.args!r} does not answer at port {port}; it ended with {program.poll()}: {logged}")


@contextlib.contextmanager
def running(command: Sequence[str], ports: Sequence[int], log: Path) -> Iterator[None]:
    """Run a server until the end of the block, whatever happens in it; begin when it answers at its ports."""
    with (
        log.with_suffix(".out").open("wb") as printed,
        # In a session of its own, so that what it started can be ended with it, and Ctrl-C comes to the tests first.
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=printed, stderr=printed, start_new_session=True
        ) as program,
    ):
        try:
            for port in ports:
                wait_for(port, program, log)
            yield
        finally:
            _end(program)


def _end(program: subprocess.Popen[bytes]) -> None:
    """Ask the server to end; then kill what is left of it and of all that it started."""
    program.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        program.wait(_LONGEST_END)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
