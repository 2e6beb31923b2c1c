"""The examples of the pages, as they stand, are programs in which type checkers find nothing."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from support import pages
from support.pyright import NEEDS_PYRIGHT, SOURCE, said_by_pyright


def sessions() -> Iterator[tuple[Path, str]]:
    """Yield each page with its examples, and each notebook with its cells; pandas has no types that a checker knows."""
    for page in pages.PAGES:
        text = page.read_text(encoding="utf-8").replace("```", "")
        yield page, "".join(example.source for example in doctest.DocTestParser().get_examples(text))
    for notebook in pages.NOTEBOOKS:
        program = "\n".join(pages.cells(notebook))
        if "import pandas" not in program:
            yield notebook, program


def programs(folder: Path) -> list[str]:
    """Write each as a program, and return their names."""
    made = {re.sub(r"\W", "_", pages.name(page)) + ".py": program for page, program in sessions() if program}
    for name, program in made.items():
        (folder / name).write_text(program, encoding="utf-8")
    return list(made)


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
