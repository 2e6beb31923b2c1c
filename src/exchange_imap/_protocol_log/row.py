"""Split a line into its values."""

from __future__ import annotations

import csv

__all__ = ["split"]


def split(text: str) -> tuple[list[str], str]:
    """Return the values of a line, and what is wrong with it; what is no CSV is split at its commas.

    Each line is read by itself: a quote that is never closed would take in the rest of the file otherwise.
    """
    try:
        return next(csv.reader([text], strict=True)), ""
    except csv.Error as error:
        return text.split(","), f"no CSV ({error}): it is split at every comma"
