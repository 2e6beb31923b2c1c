"""Ids of parametrized tests, which are the same in every process."""

from __future__ import annotations

__all__ = ["ADDRESS", "stable"]

ADDRESS = " at 0x"
"""What the text of a function has in it: its address, which differs from process to process."""


def stable(value: object) -> str | None:
    """Return the text of a value for its id; ``None``, for pytest to number it, where that has an address in it.

    pytest-xdist runs nothing if its processes find tests with different ids.
    """
    text = str(value)
    return None if ADDRESS in text else text
