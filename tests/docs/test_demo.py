"""`make demo` explains the procedure to somebody who has just cloned the project."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[2] / "docs" / "demo.py"


def output(**environment: str) -> str:
    """Run the demonstration with its output piped."""
    variables = os.environ | environment
    done = subprocess.run([sys.executable, str(DEMO)], capture_output=True, text=True, check=True, env=variables)
    return done.stdout


def test_the_whole_procedure_is_shown_plainly_where_there_is_no_terminal() -> None:
    """What was, what differs, the commands, what happened, what it is now, and that nothing is left to do."""
    shown = output()

    for line in (
        "Microsoft Exchange IMAP4           Stopped  starts Manual",
        "Set-Service MSExchangeImap4 -StartupType Automatic",
        "MBX01: 5 of 5 steps applied",
        "Microsoft Exchange IMAP4           Running  starts Automatic",
        "# Nothing to do: MBX01 is as desired.",
        "Restart-Service MSExchangeIMAP4BE",
        "MBX01: 3 of 3 steps applied",
        "Write -UnencryptedOrTLSBindings.",
        "18 requests in all",
    ):
        assert line in shown
    assert "\x1b" not in shown


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("no_color", "colours"), [("", True), ("1", False)])
def test_a_terminal_gets_colours_unless_it_says_no(no_color: str, colours: bool) -> None:
    """By the convention of NO_COLOR."""
    pytest.importorskip("rich", reason="the colours are an extra")

    assert (b"\x1b[" in on_a_terminal(NO_COLOR=no_color)) is colours


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_gets_plain_text_without_the_extra(tmp_path: Path) -> None:
    """The demonstration itself needs no package but this one."""
    (tmp_path / "rich.py").write_text("raise ImportError", encoding="utf-8")

    shown = on_a_terminal(NO_COLOR="", PYTHONPATH=str(tmp_path))

    assert b"\x1b" not in shown
    assert b"commands were run" in shown


def on_a_terminal(**environment: str) -> bytes:
    """Run the demonstration with its output on a pseudo-terminal."""
    import pty  # noqa: PLC0415 - not on every platform

    main, side = pty.openpty()
    variables = os.environ | {"TERM": "xterm-256color"} | environment
    with subprocess.Popen([sys.executable, str(DEMO)], stdout=side, env=variables) as process:
        os.close(side)
        shown = b""
        while chunk := read(main):
            shown += chunk
    os.close(main)
    assert process.returncode == 0
    return shown


def read(main: int) -> bytes:
    """Read from a pseudo-terminal, whose end is an error."""
    try:
        return os.read(main, 65536)
    except OSError:
        return b""
