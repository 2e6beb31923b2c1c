"""Who connected, from where, and what failed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import exchange_imap as xi
from exchange_imap._protocol_log import summary as room

NAMES = ["dateTime", "sessionId", "cIp", "user", "command", "context"]


def summary(lines: Iterable[str], *, most: int = 10_000) -> xi.ProtocolLogSummary:
    """Count what is on lines."""
    return xi.ProtocolLogSummary.of(xi.read_protocol_log(lines, fields=NAMES), most=most)


def session(number: int, client: str, user: str, context: str = "R=OK") -> Iterator[str]:
    """Yield the lines of a session in which one user logs in."""
    start = f"2026-10-01T08:{number:02}"
    yield f"{start}:00.000Z,{number:016X},{client}:{50000 + number},,OpenSession,"
    yield f"{start}:01.000Z,{number:016X},{client}:{50000 + number},,capability,R=OK"
    yield f"{start}:02.000Z,{number:016X},{client}:{50000 + number},{user},login,{context}"
    yield f"{start}:03.000Z,{number:016X},{client}:{50000 + number},{user},CloseSession,"


LINES = [
    *session(1, "10.1.1.70", "kim"),
    *session(2, "10.1.1.70", "kim"),
    *session(3, "[fd00::7]", "Frank", "R=a NO LOGIN failed."),
    *session(4, "[fd00::7]", "frank", "ErrMsg=ProxyNotAuthenticated"),
    *session(5, "10.1.1.71", "", "R=z NO LOGIN failed."),
]


def test_three_questions_are_answered() -> None:
    """Who connects, from where, with which failures."""
    found = summary(LINES)

    assert (found.entries, found.damaged) == (20, 0)
    assert (found.total.sessions, found.total.commands, found.total.failed) == (5, 10, 3)
    assert found.total.failures == {"NO LOGIN failed.": 2, "ProxyNotAuthenticated": 1}
    assert [(each.name, each.sessions, each.failed) for each in found.users] == [
        ("Frank", 2, 2),
        ("", 1, 1),
        ("kim", 2, 0),
    ]
    assert [(each.name, each.sessions, each.failed) for each in found.clients] == [
        ("fd00::7", 2, 2),
        ("10.1.1.71", 1, 1),
        ("10.1.1.70", 2, 0),
    ]
    kim = found.users[2]
    assert (kim.first, kim.last) == (
        datetime(2026, 10, 1, 8, 1, 2, tzinfo=UTC),
        datetime(2026, 10, 1, 8, 2, 3, tzinfo=UTC),
    )
    assert (found.other_users, found.other_clients) == (None, None)


def test_it_prints_as_a_short_report() -> None:
    assert str(summary(LINES)) == (
        "20 entries from 2026-10-01 08:01:00 to 2026-10-01 08:05:03 UTC: 5 sessions, 10 commands, 3 failed:"
        " 2 NO LOGIN failed., 1 ProxyNotAuthenticated\n"
        "  users       Frank: 2 sessions, 2 commands, 2 failed: 1 NO LOGIN failed., 1 ProxyNotAuthenticated\n"
        "              (none): 1 session, 6 commands, 1 failed: 1 NO LOGIN failed.\n"
        "              kim: 2 sessions, 2 commands, 0 failed\n"
        "  clients     fd00::7: 2 sessions, 4 commands, 2 failed: 1 NO LOGIN failed., 1 ProxyNotAuthenticated\n"
        "              10.1.1.71: 1 session, 2 commands, 1 failed: 1 NO LOGIN failed.\n"
        "              10.1.1.70: 2 sessions, 4 commands, 0 failed"
    )


def test_it_is_json() -> None:
    data = summary(LINES, most=1).to_dict()

    assert json.loads(json.dumps(data)) == data
    assert data["users"] == [
        {
            "name": "",
            "sessions": 1,
            "commands": 6,
            "failed": 1,
            "failures": {"NO LOGIN failed.": 1},
            "first": "2026-10-01T08:01:00+00:00",
            "last": "2026-10-01T08:05:03+00:00",
        }
    ]
    assert summary([]).to_dict()["total"] == {
        "name": "",
        "sessions": 0,
        "commands": 0,
        "failed": 0,
        "failures": {},
        "first": None,
        "last": None,
    }


def test_names_beyond_the_limit_are_counted_together() -> None:
    """Whoever tries many names does not use up the memory."""
    found = summary(
        [line for number in range(60) for line in session(number, f"10.0.0.{number}", f"u{number}")], most=12
    )

    assert (len(found.users), len(found.clients)) == (12, 12)
    assert found.other_users is not None
    assert found.other_clients is not None
    assert (found.other_users.sessions, found.other_clients.sessions) == (49, 48)  # nobody is one of the twelve users
    assert found.total.sessions == 60
    assert "and 2 more\n              all others: 49 sessions, 49 commands, 0 failed" in str(found)


def test_causes_names_and_sessions_have_their_limits() -> None:
    """So that no text of a client takes more than its share."""
    lines = [f",1,10.0.0.1:1,{'x' * 9999},login,ErrMsg={number}{'y' * 999}" for number in range(100)]
    found = summary([*lines, lines[0]])

    (user,) = found.users
    assert len(user.name) == 320
    assert len(user.failures) == 21
    assert [*user.failures.values()][:2] == [80, 2]
    assert max(map(len, user.failures)) == 200


def test_a_session_counts_once_while_it_is_among_those_that_are_open() -> None:
    """And again when it goes on after ten thousand others were opened: that many are kept."""
    lines = [f",{number},10.0.0.1:1,,OpenSession," for number in range(room._MOST_SESSIONS + 1)]

    assert summary([*lines, lines[-1]]).total.sessions == len(lines)
    assert summary([*lines, lines[0]]).total.sessions == len(lines) + 1


def test_a_session_may_have_several_users_or_none() -> None:
    """It is one of each, and of nobody while it has none."""
    start = ",1,10.0.0.1:1"
    found = summary([f"{start},,OpenSession,", f"{start},kim,login,", f"{start},,noop,", f"{start},kay,login,"])

    assert {each.name: each.sessions for each in found.users} == {"kim": 1, "kay": 1, "": 0}
    assert [each.sessions for each in summary([f"{start},kim,noop,"]).users] == [1]
    assert [(each.name, each.sessions) for each in summary([f"{start},,OpenSession,"] * 2).users] == [("", 1)]


def test_a_log_of_exchange_2010_has_events_instead_of_commands() -> None:
    names = ["session-id", "remote-endpoint", "event", "data"]
    lines = [
        "1,10.0.0.1:1,+,",
        "1,10.0.0.1:1,<,a NOOP",
        "1,10.0.0.1:1,>,a BAD NOOP",
        "1,10.0.0.1:1,-,",
        "1,10.0.0.1:1,+,",
    ]
    found = xi.ProtocolLogSummary.of(xi.read_protocol_log(lines, fields=names))

    assert (found.total.sessions, found.total.commands, found.total.failures) == (2, 1, {"BAD NOOP": 1})


def test_entries_without_sessions_are_counted_too() -> None:
    """A line of which little could be read has no address."""
    found = summary(["x", "y"])

    assert (found.entries, found.damaged, found.total.sessions, found.clients) == (2, 2, 0, ())
    assert str(found) == "2 entries, 2 of them damaged: 0 sessions, 0 commands, 0 failed"
