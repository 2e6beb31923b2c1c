"""The examples of the pages, as they stand, are programs in which type checkers find nothing."""

from __future__ import annotations

import doctest
import os
import subprocess
import sys
from pathlib import Path

from support import pages
from support.pyright import NEEDS_PYRIGHT, SOURCE, said_by_pyright


def programs(folder: Path) -> list[str]:
    """Write the examples of each page that has some as a program, and return their names."""
    names = []
    for page in pages.PAGES:
        text = page.read_text(encoding="utf-8").replace("```", "")
        if examples := doctest.DocTestParser().get_examples(text):
            names.append(pages.name(page).replace("/", "_").replace("-", "_").replace(".md", ".py"))
            (folder / names[-1]).write_text("".join(example.source for example in examples), encoding="utf-8")
    return names


def test_mypy_finds_nothing(tmp_path: Path) -> None:
    """In its strict mode."""
    names = programs(tmp_path)
    environment = {**os.environ, "MYPYPATH": str(SOURCE), "MYPY_CACHE_DIR": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--no-color-output", *names]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert f"no issues found in {len(names)} source files" in done.stdout, done.stdout + done.stderr


@NEEDS_PYRIGHT.mark
def test_pyright_finds_nothing(tmp_path: Path) -> None:
    """In its strict mode; that an expression stands alone is what a session is like."""
    names = programs(tmp_path)
    said = said_by_pyright(tmp_path, include=names, reportUnusedExpression=False)

    assert said["summary"]["filesAnalyzed"] == len(names)
    assert said["generalDiagnostics"] == []
