"""A user's program gives text and lists where the documentation does, and runs; type checkers find its mistakes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from support.pyright import NEEDS_PYRIGHT, said_by_pyright

USER: Final = Path(__file__).with_name("user.py")


def test_runs() -> None:
    """What the type checkers let through is what the library takes."""
    done = subprocess.run([sys.executable, str(USER)], capture_output=True, text=True, check=True)

    assert "Did you mean -Banner? SecureLogin\n" in done.stdout
    assert "MBX01: 3 of 3 steps applied\n" in done.stdout
    assert done.stdout.endswith("['mail.contoso.com 993 SSL', 'mail.contoso.com 143 TLS']\n")


@NEEDS_PYRIGHT.mark
def test_pyright_knows_what_each_parameter_takes_and_gives_back(tmp_path: Path) -> None:
    """In its strict mode; mypy checks the same file with all others."""
    shutil.copy(USER, tmp_path)
    said = said_by_pyright(
        tmp_path, include=["user.py"], enableTypeIgnoreComments=True, reportUnnecessaryTypeIgnoreComment="error"
    )

    assert said["summary"]["filesAnalyzed"] == 1
    assert said["generalDiagnostics"] == []
