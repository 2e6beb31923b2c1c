"""Whatever bytes a server sends, a probe ends with a result, and never with an exception."""

from __future__ import annotations

import random
import socket
from datetime import timedelta

import pytest

import exchange_imap as xi
from exchange_imap._probe import observe
from exchange_imap._probe.connection import Connection
from support.examples import scaled

KIM = xi.PSCredential("kim", "correct horse")
PIECES = [
    *("* ", "*", "+ ", "+", "\r\n", "\n", "\r", " ", "[", "]", "(", ")", "{", "}", '"', "\0", "ü", "\ud7ff", "€"),
    *("OK", "NO", "BAD", "BYE", "PREAUTH", "CAPABILITY", "IMAP4REV1", "STARTTLS", "AUTH=PLAIN", "LOGINDISABLED"),
    *(
        "{0}",
        "{1}",
        "{9999999999}",
        "{-1}",
        f"{{{'9' * 5000}}}",
        "[CAPABILITY",
        "[READ-ONLY]",
        "3 EXISTS",
        "99 FETCH (",
    ),
    *("\x16\x03\x03\x00\x02\x02\x28", "\x15\x03\x01", "=", "====", "AAAA", "220 ", "250-", "421 ", "334 ", "535 5.7.8"),
]
IMAP4 = [
    "* OK ready\r\n",
    "* CAPABILITY IMAP4rev1 AUTH=PLAIN STARTTLS\r\n{tag}0 OK done\r\n",
    "+ \r\n",
    "{tag}1 OK done\r\n",
    "* 3 EXISTS\r\n{tag}2 OK [READ-ONLY] done\r\n",
    "{tag}3 OK done\r\n",
    "* BYE\r\n{tag}4 OK done\r\n",
]


SMTP = [
    "220 ready\r\n",
    "250-mail.contoso.com\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n",
    "334 \r\n",
    "235 2.7.0 done\r\n",
    "221 bye\r\n",
]


def said(dialogue: list[str], chance: random.Random) -> bytes:
    """Return what a server says: a good dialogue with something wrong somewhere, or pieces of one."""
    parts = list(dialogue) if chance.random() < 0.8 else chance.choices(PIECES, k=chance.randrange(20))
    for _ in range(chance.randrange(3)):
        parts.insert(chance.randrange(len(parts) + 1), "".join(chance.choices(PIECES, k=chance.randrange(1, 6))))
        del parts[chance.randrange(len(parts))]
    return "".join(parts).replace("{tag}", "AAAA").encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("method", ["", ":TLS", ":SSL"])
@pytest.mark.parametrize("protocol", list(xi.Protocol))
def test_whatever_a_server_sends_is_a_result(
    method: str, protocol: xi.Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is closed, and the password is nowhere."""
    chance = random.Random(f"{method}{protocol}")  # noqa: S311 - the same each time
    dialogue = IMAP4 if protocol is xi.Protocol.IMAP4 else SMTP
    monkeypatch.setattr("imaplib.Int2AP", lambda _: b"AAAA")
    monkeypatch.setattr(Connection, "own_literal", "[192.0.2.1]")
    ended = set()
    for _ in range(scaled(300)):
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.sendall(said(dialogue, chance))
            theirs.shutdown(socket.SHUT_WR)
            monkeypatch.setattr(observe, "connect", lambda *_, sock=ours: (sock, "192.0.2.7", ""))
            result = xi.probe(
                f"mail.contoso.com:143{method}",
                protocol=protocol,
                credential=KIM,
                address="192.0.2.7",
                allow_insecure=True,
                timeout=timedelta(seconds=20),
            )
        assert ours.fileno() == -1
        assert result.failed is not None or result.works
        assert not result.failed or result.findings
        assert "correct horse" not in f"{result}{result!r}{result.to_dict()}"
        ended.add(result.failed and result.failed.failure)

    assert len(ended) > 2
    assert (None in ended) is (not method)  # some say all that is right
