"""The time that passes while a plan is carried out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import attrs

from .._entry import entry

__all__ = ["Clock"]


def _now() -> datetime:
    return datetime.now(UTC)


@entry
@attrs.frozen(kw_only=True)
class Clock:
    """The time by which a plan is carried out; your tests can give one that does not wait.

    ``monotonic`` returns seconds, ``now`` the time of events, and ``wait`` waits until an event is set, or for so many
    seconds.

    >>> seconds = iter(range(100))
    >>> clock = Clock(monotonic=lambda: next(seconds), wait=lambda event, longest: event.is_set())
    >>> clock.monotonic(), clock.monotonic()
    (0, 1)
    """

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _now
    wait: Callable[[threading.Event, float], bool] = threading.Event.wait
