"""Wait for services that are starting or stopping: a status between two others is none to judge by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from .._plan.resource import resources_in
from .._plan.state import ServerState
from .limits import Limits

__all__ = ["changing", "settled"]

_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 5.0
"""Seconds between two reads: they double from the first pause to the longest one."""


def changing(state: ServerState, expected: ServerState) -> str:
    """Name what is on its way to another state than this one, and is not expected in this one."""
    return ", ".join(text for each in resources_in(state) for text in each.changing(state, expected))


def settled(
    read: Callable[[], ServerState], current: ServerState, expected: ServerState, limits: Limits
) -> ServerState:
    """Read the server again until nothing of it is changing, or a limit is reached; return the last state."""
    end, pause = limits.end_of_wait(), _FIRST_PAUSE
    while changing(current, expected) and limits.wait(pause, end):
        current, pause = read(), min(2 * pause, _LONGEST_PAUSE)
    return current
