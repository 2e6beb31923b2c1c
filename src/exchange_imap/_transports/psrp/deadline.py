"""How long a call may still take."""

from __future__ import annotations

import math
import time
from datetime import timedelta
from typing import Self

import attrs

from ..._errors import InvalidValueError

__all__ = ["Deadline"]


@attrs.frozen
class Deadline:
    """A moment of the monotonic clock; ``None`` is never."""

    moment: float | None = None

    @classmethod
    def after(cls, timeout: timedelta | None) -> Self:
        """Start the time allowed. Raises :class:`InvalidValueError` for none at all."""
        if timeout is None:
            return cls()
        if timeout <= timedelta():
            raise InvalidValueError("timeout", "a time longer than none", timeout)
        return cls(time.monotonic() + timeout.total_seconds())

    @property
    def remaining(self) -> float | None:
        """The seconds left, 0 when it has passed; ``None`` without end."""
        return None if self.moment is None else max(0.0, self.moment - time.monotonic())

    @property
    def passed(self) -> bool:
        """Whether the time is over."""
        return self.remaining == 0

    def within(self, seconds: int | None) -> int | None:
        """Shorten a request's own limit, in whole seconds, to what is left; at least one."""
        left = self.remaining
        if left is None:
            return seconds
        whole = max(1, math.ceil(left))
        return whole if seconds is None else min(seconds, whole)
