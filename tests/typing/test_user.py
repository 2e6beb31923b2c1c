"""A user's program gives text and lists where the documentation does, and runs; type checkers find its mistakes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import exchange_imap as xi
from support.outside import Outside

USER: Final = Path(__file__).with_name("user.py")
SOURCE: Final = Path(xi.__file__).parents[1]
BESIDE_PYTHON: Final = Path(sys.executable).parent
PYRIGHT: Final = shutil.which("basedpyright", path=str(BESIDE_PYTHON)) or shutil.which("pyright")
NEEDS_PYRIGHT: Final = Outside("pyright", "" if PYRIGHT else "no pyright; pip install --group pyright")


def test_runs() -> None:
    """What the type checkers let through is what the library takes."""
    done = subprocess.run([sys.executable, str(USER)], capture_output=True, text=True, check=True)

    assert "Did you mean -Banner? SecureLogin\n" in done.stdout
    assert "MBX01: 3 of 3 steps applied\n" in done.stdout
    assert done.stdout.endswith("['mail.contoso.com 993 SSL', 'mail.contoso.com 143 TLS']\n")


@NEEDS_PYRIGHT.mark
def test_pyright_knows_what_each_parameter_takes_and_gives_back(tmp_path: Path) -> None:
    """In its strict mode; mypy checks the same file with all others."""
    assert PYRIGHT is not None
    shutil.copy(USER, tmp_path)
    settings = {
        "typeCheckingMode": "strict",
        "include": ["user.py"],
        "extraPaths": [str(SOURCE)],
        "enableTypeIgnoreComments": True,
        "reportUnnecessaryTypeIgnoreComment": "error",
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [PYRIGHT, "--outputjson", "--pythonpath", sys.executable]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    said = json.loads(done.stdout)
    assert said["summary"]["filesAnalyzed"] == 1
    assert said["generalDiagnostics"] == []
