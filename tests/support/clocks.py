"""A clock for plans: time passes only where a plan waits, or where a test lets it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import attrs

import exchange_imap as xi

__all__ = ["MOMENT", "Time"]

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@attrs.define
class Time:
    """Seconds that pass when a plan waits; ``then`` is called after each wait with how many there were."""

    then: Callable[[int], None] = lambda _: None
    seconds: float = 1000.0
    pauses: list[float] = attrs.field(factory=list)

    @property
    def clock(self) -> xi.Clock:
        """Return the clock."""
        return xi.Clock(monotonic=lambda: self.seconds, now=lambda: MOMENT, wait=self.wait)

    def wait(self, event: threading.Event, longest: float) -> bool:
        """Let the time pass."""
        self.pauses.append(longest)
        self.seconds += longest
        self.then(len(self.pauses))
        return event.is_set()
