"""The notebooks run from top to bottom, as in Jupyter but without it; `make docs` runs them in Jupyter's kernel."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from support.pages import NOTEBOOKS, cells, name


def shown(cell: str, names: dict[str, object]) -> object:
    """Run a cell, and return the value of the expression that it ends with."""
    tree = ast.parse(cell)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - the project's own notebook
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307 - as above


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=name)
def test_a_notebook_runs_and_shows_its_values(notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a cell ends with has HTML where it is an object of the library's."""
    monkeypatch.chdir(notebook.parent)
    names: dict[str, object] = {}
    values = [shown(cell, names) for cell in cells(notebook)]
    pages = [value._repr_html_() for value in values if hasattr(value, "_repr_html_")]

    assert len(pages) >= 2
    assert all("<" in page for page in pages)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=name)
def test_a_notebook_is_kept_without_what_it_shows(notebook: Path) -> None:
    """That would be what it showed once."""
    held = json.loads(notebook.read_text(encoding="utf-8"))["cells"]

    assert [cell for cell in held if cell.get("outputs") or cell.get("execution_count")] == []


def test_there_are_notebooks() -> None:
    """A folder that was moved would pass."""
    assert len(NOTEBOOKS) >= 3
