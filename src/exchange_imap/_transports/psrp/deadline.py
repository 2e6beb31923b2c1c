"""How long a call may still take."""

from __future__ import annotations

import math
import time
from datetime import timedelta
from typing import Final, Self

import attrs

from ..._errors import InvalidValueError

__all__ = ["Deadline", "require_time"]


_NEVER: Final = 10 * 365 * 86400.0
"""Ten years; longer limits make no difference, and threads can wait no longer than 292 years."""


def require_time(name: str, value: object) -> None:
    """Refuse anything but a positive timedelta."""
    if not isinstance(value, timedelta):
        raise InvalidValueError(name, "a datetime.timedelta", value, "Write timedelta(seconds=30).")
    if value <= timedelta():
        raise InvalidValueError(name, "a time longer than none", value)


@attrs.frozen
class Deadline:
    """A moment of the monotonic clock; ``None`` means never."""

    moment: float | None = None

    @classmethod
    def after(cls, timeout: timedelta | None) -> Self:
        """Return the deadline after ``timeout`` from now. Raises :class:`InvalidValueError` unless it is positive."""
        if timeout is None:
            return cls()
        require_time("timeout", timeout)
        return cls(time.monotonic() + min(timeout.total_seconds(), _NEVER))

    def sooner(self, timeout: timedelta) -> Deadline:
        """Return this deadline or one after ``timeout`` from now, whichever is earlier."""
        other = Deadline.after(timeout)
        return other if self.moment is None or other.moment is None or other.moment < self.moment else self

    @property
    def remaining(self) -> float | None:
        """The seconds left, 0 when it has passed; ``None`` without a limit."""
        return None if self.moment is None else max(0.0, self.moment - time.monotonic())

    @property
    def passed(self) -> bool:
        """Whether the time is up."""
        return self.remaining == 0

    def within(self, seconds: int | None) -> int | None:
        """Limit a request's own time, in whole seconds, to the time left; at least one second."""
        left = self.remaining
        if left is None:
            return seconds
        whole = max(1, math.ceil(left))
        return whole if seconds is None else min(seconds, whole)
