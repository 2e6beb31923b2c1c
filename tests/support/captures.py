"""The files that real servers' objects were exported to, where the project finds them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).parents[3] / "shared" / "data" / "clixml"


def find_captures() -> list[Path]:
    """Return the captures of the folder that EXCHANGE_IMAP_CAPTURES names, or of the one beside the project."""
    return sorted(Path(os.environ.get("EXCHANGE_IMAP_CAPTURES") or _BESIDE).glob("*.xml"))


needs_captures = pytest.mark.skipif(not find_captures(), reason="no captures: set EXCHANGE_IMAP_CAPTURES")


def read_capture(part: str) -> str:
    """Return the text of the capture whose name contains the part."""
    return next(path for path in find_captures() if part in path.name).read_text(encoding="utf-8-sig")
