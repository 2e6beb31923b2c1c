"""The files that real servers' objects were exported to, where the project finds them."""

from __future__ import annotations

from typing import Final

from .outside import beside

_PATH, CAPTURES = beside("captures", "files captured from real servers", "data", "clixml")
needs_captures: Final = CAPTURES.mark
PATHS: Final = sorted(_PATH.glob("*.xml"))


def read_capture(part: str) -> str:
    """Return the text of the capture whose name contains the part."""
    CAPTURES.expect_mark()
    return next(path for path in PATHS if part in path.name).read_text(encoding="utf-8-sig")
