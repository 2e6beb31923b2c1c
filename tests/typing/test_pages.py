"""The examples of pages and docstrings, as they stand, are programs in which type checkers find nothing."""

from __future__ import annotations

import ast
import doctest
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import exchange_imap as xi
from exchange_imap import testing
from support import pages
from support.pyright import NEEDS_PYRIGHT, SOURCE, said_by_pyright

# What the examples of docstrings have besides the public names.
READERS = {
    "timedelta": "from datetime import timedelta",
    "Path": "from pathlib import Path",
    "folder": "folder = ''",
}


def examples(text: str) -> str:
    """Return the examples of a text as a program."""
    return "".join(example.source for example in doctest.DocTestParser().get_examples(text.replace("```", "")))


def docstring(text: str) -> str:
    """Return the examples of a docstring with the imports that its reader has made, of what they do not bind."""
    program = examples(text)
    names = {node.id for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Name)}
    bound = {node.id for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Name) and not is_read(node)}
    bound |= {node.name for node in ast.walk(ast.parse(program)) if isinstance(node, ast.alias)}
    imports = [f"from exchange_imap import {name}" for name in dir(xi) if name in names - bound]
    return "\n".join([*imports, *(line for name, line in READERS.items() if name in names - bound), program])


def is_read(node: ast.Name) -> bool:
    """Whether a name is used here, and not bound."""
    return isinstance(node.ctx, ast.Load)


def documented() -> Iterator[tuple[str, str]]:
    """Yield each public class and function, and what a class has of its own, with its docstring."""
    public = {name: getattr(xi, name) for name in dir(xi)}
    for name, value in (public | {f"testing.{n}": getattr(testing, n) for n in dir(testing)}).items():
        if inspect.isclass(value) or inspect.isfunction(value):
            yield name, value.__doc__ or ""
        if inspect.isclass(value):
            yield from (
                (f"{name}.{n}", inspect.getdoc(m) or "")
                for n, m in vars(value).items()
                if callable(getattr(m, "__get__", None)) and n[0] != "_"
            )


def sessions() -> Iterator[tuple[str, str]]:
    """Yield each page, docstring and notebook with its program; pandas has no types that a checker knows."""
    yield from ((pages.name(page), examples(page.read_text(encoding="utf-8"))) for page in pages.PAGES)
    yield from ((name, docstring(inspect.cleandoc(text))) for name, text in documented() if ">>>" in text)
    programs = {pages.name(notebook): "\n".join(pages.cells(notebook)) for notebook in pages.NOTEBOOKS}
    yield from ((name, program) for name, program in programs.items() if "import pandas" not in program)


def programs(folder: Path) -> list[str]:
    """Write each as a program, and return their names."""
    made = {re.sub(r"\W", "_", name) + ".py": program for name, program in sessions() if program}
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
    """In its strict mode; an expression may stand alone, and what a class is may be shown."""
    names = programs(tmp_path)
    said = said_by_pyright(tmp_path, include=names, reportUnusedExpression=False, reportUnnecessaryIsInstance=False)

    assert said["summary"]["filesAnalyzed"] == len(names)
    assert said["generalDiagnostics"] == []
