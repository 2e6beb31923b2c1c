"""The pages that people read: those beside the README, and those of the site."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
# What `make docs` writes.
_MADE = {"_build", "api", "project"}
_OURS = (page for page in DOCS.rglob("*.md") if page.relative_to(DOCS).parts[0] not in _MADE)
NOTEBOOKS = sorted(DOCS.glob("notebooks/*.ipynb"))
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(_OURS)]


def name(page: Path) -> str:
    """Return the page's path in the project."""
    return page.relative_to(ROOT).as_posix()


def headings(page: Path) -> set[str]:
    """Return what a link can name of a page behind ``#``, as GitHub and the site make it of each heading."""
    lines = page.read_text(encoding="utf-8").splitlines()
    return {
        re.sub(r"[^\w -]", "", line.strip("# ").lower()).replace(" ", "-") for line in lines if line.startswith("#")
    }


def cells(notebook: Path) -> list[str]:
    """Return the code of a notebook, cell by cell."""
    held = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in held if cell["cell_type"] == "code"]
