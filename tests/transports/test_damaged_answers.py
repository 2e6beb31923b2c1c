"""Whatever becomes of a server's answers on their way, only this library's errors come of it, and they are true."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import exchange_imap as xi
from exchange_imap._transports.psrp.line import Line
from exchange_imap.testing import FakeExchange, PsrpServer

Damage = Callable[[bytes, random.Random], bytes]
_STREAM = re.compile(rb"(<[^<>]*Stream[^<>]*>)([A-Za-z0-9+/=]+)(<)")
_TEXT = re.compile(rb">([^<>]{1,60})<")
_ODD = (b"", b"x", b"9" * 30, b"\xff", b"&#0;", b"_xD800_", b"\x1b[2J")


def _cut(answer: bytes, chance: random.Random) -> bytes:
    return answer[: chance.randrange(len(answer) + 1)]


def _flip(answer: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(answer))
    return answer[:at] + bytes([chance.randrange(256)]) + answer[at + 1 :]


def _empty(answer: bytes, chance: random.Random) -> bytes:  # noqa: ARG001 - as the others
    return b""


def _texts(answer: bytes, chance: random.Random) -> bytes:
    return _TEXT.sub(lambda found: found[0] if chance.random() > 0.2 else b">" + chance.choice(_ODD) + b"<", answer)


def _names(answer: bytes, chance: random.Random) -> bytes:
    return re.sub(rb"<(\w+:\w+)", lambda found: found[0] if chance.random() > 0.2 else b"<rsp:Other", answer)


def _attributes(answer: bytes, chance: random.Random) -> bytes:
    return re.sub(rb'="[^"]*"', lambda found: found[0] if chance.random() > 0.2 else b'="x"', answer)


def _within(damage: Damage) -> Damage:
    """Damage what travels in the answer: the fragments of PSRP."""

    def inner(answer: bytes, chance: random.Random) -> bytes:
        def replace(found: re.Match[bytes]) -> bytes:
            return found[1] + base64.b64encode(damage(base64.b64decode(found[2]), chance)) + found[3]

        return _STREAM.sub(replace, answer)

    return inner


DAMAGES: dict[str, Damage] = {
    "cut": _cut,
    "flipped": _flip,
    "empty": _empty,
    "other texts": _texts,
    "other names": _names,
    "other attributes": _attributes,
    "fragments cut": _within(_cut),
    "fragments flipped": _within(_flip),
    "fragments with other texts": _within(_texts),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
def test_whatever_becomes_of_an_answer_the_error_is_ours_and_true(
    damage: Damage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that was carried out is never said not to have been sent; one that was not is never said to be done."""
    send = Line.send
    chance = random.Random(20261126)  # noqa: S311 - the same in every run
    breaks, failed = False, 0

    def broken(line: Line, message: bytes, **named: Any) -> bytes:  # Any: as pypsrp calls it
        answer = send(line, message, **named)
        return damage(answer, chance) if answer and breaks and chance.random() < 0.4 else answer

    monkeypatch.setattr(Line, "send", broken)
    fake = FakeExchange(servers=["MBX01"])
    with PsrpServer(fake) as psrp:
        for number in range(1, 21):
            with psrp.exchange(operation_timeout=1, read_timeout=2) as transport:
                breaks, said = True, None
                try:
                    transport.run(
                        xi.Pipeline((xi.SetImapSettings(server="MBX01", max_connections=number),)),
                        timeout=timedelta(seconds=2),
                    )
                except xi.ExchangeImapError as error:
                    said = error
                    failed += 1
                breaks = False
            done = fake.server("MBX01").stored.max_connections == number
            assert done or said is not None
            assert not (done and getattr(said, "sent", None) is False)
            str(said).encode()
    assert failed
