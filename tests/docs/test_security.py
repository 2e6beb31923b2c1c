"""SECURITY.md promises nothing without a test that holds it, and names only tests that there are."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
PROMISES = PAGE.partition("## What is promised")[2].partition("\n## ")[0]
NAMED = re.findall(r"\[`(\w+)`\]\((tests/[\w/]+\.py)\)", PAGE)


def functions(path: Path) -> set[str]:
    """Return the names of the tests in a file, without running it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("name", "path"), sorted(set(NAMED)), ids=lambda part: str(part).rpartition("/")[2])
def test_every_test_that_is_named_is_there(name: str, path: str) -> None:
    """In the file that is named, under that name."""
    assert name.startswith("test_")
    assert name in functions(ROOT / path)


def test_every_promise_names_a_test() -> None:
    """One row each; and there are many."""
    rows = [line for line in PROMISES.splitlines() if line.startswith("| ") and not line.startswith("| What")]

    assert len(rows) > 20
    assert [row for row in rows if not re.search(r"\[`test_\w+`\]\(tests/", row)] == []


def test_nothing_else_looks_like_a_test() -> None:
    """Each mention of one is a link that is checked."""
    assert len(re.findall(r"\btest_\w+`\]", PAGE)) == len(NAMED)


def test_readers_find_it() -> None:
    """From the page that they read first."""
    assert "](SECURITY.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
