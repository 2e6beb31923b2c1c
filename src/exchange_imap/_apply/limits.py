"""What ends a plan before its last step: an event that cancels it, or a deadline."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Final, Self

import attrs

from .._plan.errors import ApplyError, CancelledPlanError, LatePlanError
from .clock import Clock

__all__ = ["LONGEST_WAIT", "Limits"]

LONGEST_WAIT: Final = timedelta(minutes=2)
"""How long a service that is starting or stopping is waited for without a deadline. Start-Service has waited before."""
_TO_FIND_OUT: Final = 30.0
"""Seconds that reading the server may take after the deadline: what became of a step that was sent has to be read."""
_SHORTEST: Final = 0.01
"""Seconds that a transport is given at least; it takes no time of nothing."""


@attrs.define
class Limits:
    """How long a plan may go on."""

    clock: Clock = attrs.field(factory=Clock)
    cancel: threading.Event = attrs.field(factory=threading.Event)
    moment: float | None = None
    """The deadline, by the clock."""
    stepwise: bool = False
    """Whether each step is a request of its own, so that a plan can be cancelled before the next one."""
    sent: bool = attrs.field(default=False, init=False)
    """Whether anything was sent that has to be found out about."""

    @classmethod
    def of(cls, clock: Clock, cancel: threading.Event | None, deadline: timedelta | None) -> Self:
        """Return the limits of a plan that begins now."""
        moment = None if deadline is None else clock.monotonic() + deadline.total_seconds()
        return cls(clock, threading.Event() if cancel is None else cancel, moment, stepwise=cancel is not None)

    @property
    def left(self) -> float | None:
        """The seconds until the deadline, 0 when it has passed; ``None`` without one."""
        return None if self.moment is None else max(0.0, self.moment - self.clock.monotonic())

    @property
    def reached(self) -> type[ApplyError] | None:
        """The error of the limit that is reached, if one is."""
        if self.cancel.is_set():
            return CancelledPlanError
        return LatePlanError if self.left == 0 else None

    def timeout(self, *, reads: bool) -> timedelta | None:
        """Return how long a command may take; reading may take longer than the deadline once something was sent."""
        left = self.left
        if left is None:
            return None
        return timedelta(seconds=max(left, _TO_FIND_OUT if reads and self.sent else _SHORTEST))

    def end_of_wait(self) -> float:
        """Return the moment until which services are waited for."""
        longest = self.clock.monotonic() + LONGEST_WAIT.total_seconds()
        return longest if self.moment is None else self.moment

    def wait(self, seconds: float, end: float) -> bool:
        """Wait, no longer than until that moment, and say whether there was time to."""
        left = end - self.clock.monotonic()
        if left <= 0 or self.cancel.is_set():
            return False
        return not self.clock.wait(self.cancel, min(seconds, left))
