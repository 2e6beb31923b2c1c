"""Put PSRP's fragments together into messages, and notice a missing one. Layout: [MS-PSRP] 2.2.4."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

import attrs

__all__ = ["Fragments", "LostPartError"]

_HEADER: Final = struct.Struct(">QQBI")
"""ObjectId, FragmentId (from 0 in each message), flags (start 1, end 2), and BlobLength, in network byte order."""
_FIRST, _LAST = 1, 2


class LostPartError(Exception):
    """The fragments do not follow each other: part of an answer was lost."""


@attrs.define
class Fragments:
    """The fragments that one receiver gets: message after message, each without a gap.

    ``last`` is the number of the last message; it begins with that of the session's last message where it is known.
    ``gapless`` is whether every number followed the one before it. A gap alone does not prove a loss: a host that
    serves several sessions numbers the messages of all of them together.
    """

    last: int | None = None
    gapless: bool = attrs.field(init=False)
    _begun: bool = attrs.field(default=False, init=False)
    """Whether a message has begun to arrive."""
    _parts: list[bytes] = attrs.field(factory=list, init=False)
    """The part of an incomplete message that has arrived."""

    def __attrs_post_init__(self) -> None:
        self.gapless = self.last is not None

    def take(self, data: bytes) -> Iterator[bytes]:
        """Yield the messages that are complete now, and keep the beginning of an incomplete one.

        Raises :class:`LostPartError` where a fragment is missing, empty, or cut short.
        """
        place = 0
        while place < len(data):
            if len(data) - place < _HEADER.size:
                raise LostPartError("a fragment without its header")
            message, number, flags, size = _HEADER.unpack_from(data, place)
            part = data[place + _HEADER.size : place + _HEADER.size + size]
            place += _HEADER.size + size
            if not part or len(part) < size:
                raise LostPartError("a fragment without its data")
            self._follow(message, number, first=bool(flags & _FIRST))
            self._parts.append(part)
            if flags & _LAST:
                whole = b"".join(self._parts)
                self._parts = []
                yield whole

    def _follow(self, message: int, number: int, *, first: bool) -> None:
        """Check that a fragment is the next one of its message."""
        if number != len(self._parts) or first != (number == 0):
            raise LostPartError(f"fragment {number} of a message, where {len(self._parts)} was due")
        if number and message != self.last:
            raise LostPartError(f"message {message}, where the rest of {self.last} was due")
        if not number:
            if self._begun and self.last is not None and message <= self.last:
                raise LostPartError(f"message {message} behind {self.last}")
            self.gapless &= self.last is not None and message == self.last + 1
        self._begun, self.last = True, message
