"""A number of things, or unlimited."""

from __future__ import annotations

from typing import Any, Self

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .given import check_amount, read_whole, require_text

__all__ = ["Limit"]

_MOST = 2**31 - 1
_FORM = f"a whole number of 0 to {_MOST}, or unlimited"


def _check_count(_limit: Limit, _attribute: object, value: Any) -> None:  # Any: whatever a caller gave
    check_amount(value, "Limit.count", _MOST)


@entry
@attrs.frozen
class Limit:
    """A maximum number, such as MaxInboundConnection; ``count`` is ``None`` when there is no limit.

    >>> Limit.parse("Unlimited").count is None, str(Limit(5000)), str(Limit(None))
    (True, '5000', 'unlimited')
    """

    count: int | None = attrs.field(validator=_check_count)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``5000`` or ``unlimited``, in any case. Raises :class:`InvalidValueError`."""
        word = require_text("Limit", text).strip()
        if word.lower() == "unlimited":
            return cls(None)
        count = read_whole(word)
        if count is None:
            raise InvalidValueError("Limit", _FORM, text)
        return cls(count)

    @property
    def display(self) -> str:
        """What the server prints: ``Unlimited`` with a capital."""
        return "Unlimited" if self.count is None else str(self.count)

    def __str__(self) -> str:
        return "unlimited" if self.count is None else str(self.count)
