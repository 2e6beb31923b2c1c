"""Cut PSRP's messages to what one answer may carry.

Layout: [MS-PSRP] 2.2.4. A fragment is the message's number (ObjectId, 8 bytes), its own number (FragmentId, 8), flags
(1 for the first and 2 for the last of a message), the length of the blob (4), and the blob.
"""

from __future__ import annotations

import struct
from collections import deque
from typing import Final

import attrs

__all__ = ["Outbox"]

_HEADER: Final = struct.Struct(">QQBI")
_FIRST, _LAST = 1, 2


@attrs.frozen
class _Rest:
    """The rest of a message, from its fragment ``number`` on."""

    message: int
    number: int
    data: bytes

    def cut(self, size: int) -> tuple[bytes, _Rest | None]:
        """Return a fragment with at most so many bytes of the message, and the rest after it."""
        part, rest = self.data[:size], self.data[size:]
        flags = (_FIRST if self.number == 0 else 0) | (0 if rest else _LAST)
        fragment = _HEADER.pack(self.message, self.number, flags, len(part)) + part
        return fragment, _Rest(self.message, self.number + 1, rest) if rest else None


@attrs.define
class Outbox:
    """Messages on their way to one receiver, in order."""

    _rests: deque[_Rest] = attrs.field(factory=deque, init=False)

    def put(self, fragments: bytes) -> None:
        """Add messages, each as one whole fragment."""
        while fragments:
            message, number, _, size = _HEADER.unpack_from(fragments)
            end = _HEADER.size + size
            self._rests.append(_Rest(message, number, fragments[_HEADER.size : end]))
            fragments = fragments[end:]

    def __bool__(self) -> bool:
        return bool(self._rests)

    @property
    def size(self) -> int:
        """The size of all messages in bytes."""
        return sum(_HEADER.size + len(rest.data) for rest in self._rests)

    def take(self, room: int, messages: int | None = None) -> bytes:
        """Take as much as fits into so many bytes, of at most so many messages; a message that does not fit is cut."""
        taken, left = bytearray(), len(self._rests) if messages is None else messages
        while self._rests and left and room - len(taken) > _HEADER.size:
            fragment, rest = self._rests.popleft().cut(room - len(taken) - _HEADER.size)
            taken += fragment
            left -= 1
            if rest is not None:
                self._rests.appendleft(rest)
        return bytes(taken)
