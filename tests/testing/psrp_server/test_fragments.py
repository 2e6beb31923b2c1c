"""Messages are cut to what an answer may carry, and pypsrp puts them together again."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from exchange_imap.testing.psrp_server.fragments import Outbox
from support import wire


def whole(number: int, data: bytes) -> bytes:
    """Write a message as one fragment, as pypsrp does."""
    packed: bytes = wire.powershell.Fragment(number, 0, data, True, True).pack()
    return packed


def put_together(parts: list[bytes]) -> dict[int, bytes]:
    """Read fragments with pypsrp's own class."""
    messages: dict[int, bytes] = {}
    for part in parts:
        rest = part
        while rest:
            fragment: Any  # Any: pypsrp as it comes
            fragment, rest = wire.powershell.Fragment.unpack(rest)
            assert (fragment.fragment_id == 0) == fragment.start
            messages[fragment.object_id] = messages.get(fragment.object_id, b"") + fragment.data
    return messages


@given(st.lists(st.binary(min_size=1, max_size=200), max_size=8), st.integers(22, 300))
def test_whatever_the_size_the_messages_arrive_whole(messages: list[bytes], limit: int) -> None:
    """No part is larger than the limit, and the size says how much there is."""
    outbox = Outbox()
    outbox.put(b"".join(whole(number, data) for number, data in enumerate(messages, 1)))
    size, parts = outbox.size, []
    while outbox:
        parts.append(outbox.take(limit))

    assert size == sum(21 + len(data) for data in messages)
    assert all(0 < len(part) <= limit for part in parts)
    assert put_together(parts) == dict(enumerate(messages, 1))


def test_no_more_messages_are_taken_than_asked_for() -> None:
    outbox = Outbox()
    outbox.put(whole(1, b"a") + whole(2, b"b") + whole(3, b"c"))

    assert put_together([outbox.take(1000, 2)]) == {1: b"a", 2: b"b"}
    assert put_together([outbox.take(1000, 2)]) == {3: b"c"}
    assert outbox.take(1000) == b""
