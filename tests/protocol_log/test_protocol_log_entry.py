"""One entry: what came of it, what it shows, and that it holds no password."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime, timedelta

import pytest

import exchange_imap as xi

NAMES = ["dateTime", "user", "command", "parameters", "context", "puid"]


def entry(*values: str, names: list[str] = NAMES) -> xi.ProtocolLogEntry:
    """Read one line."""
    (read,) = xi.read_protocol_log([",".join(values)], fields=names)
    return read


@pytest.mark.parametrize(
    ("context", "failure"),
    [
        ('R="a2 NO LOGIN failed."', "NO LOGIN failed."),
        ('R="1 BAD Command received in Invalid state."', "BAD Command received in Invalid state."),
        ('R="a NO LOGIN failed.";Msg=Proxy:mbx01:1993:SSL;ErrMsg=ProxyNotAuthenticated', "ProxyNotAuthenticated"),
        ('R="z NO [Error=ProxyNotAuthenticated Proxy=mbx01:1993:SSL] LOGIN failed."', "ProxyNotAuthenticated"),
        ('Msg="AuthFailed:LogonDenied,User: a;b";ErrMsg=AuthFailed:LogonDenied', "AuthFailed:LogonDenied"),
        ('R="a NO [AUTHENTICATIONFAILED] no."', "NO [AUTHENTICATIONFAILED] no."),
        ("R=OK", None),
        ("R=ok", None),
        ('R=OK;Msg="Proxy:mbx01:1993:SSL;ErrMsg=none"', None),
        ('R="NOTHING NOBODY"', None),
        ("", None),
        ("a2 NO LOGIN failed.", None),
    ],
)
def test_a_failure_has_the_same_words_for_the_same_cause(context: str, failure: str | None) -> None:
    """Without the client's tag, which is another in each session."""
    assert xi.ProtocolLogEntry(line=1, context=context).failure == failure


def test_what_is_received_is_no_failure() -> None:
    """In logs of Exchange 2010 a client may send anything."""
    assert xi.ProtocolLogEntry(line=1, event="<", data="a NO LOGIN").failure is None
    assert xi.ProtocolLogEntry(line=1, event=">", data="a NO LOGIN").failure == "NO LOGIN"


def test_details_keep_what_quotes_hold() -> None:
    context = 'R=OK;Msg="Proxy:mbx01:1993:SSL;ProxySuccess";Half="open;X=1'

    assert xi.ProtocolLogEntry(line=1, context=context).details == {
        "R": "OK",
        "Msg": "Proxy:mbx01:1993:SSL;ProxySuccess",
        "Half": '"open',
        "X": "1",
    }


SECRET = "hunter2"  # noqa: S105 - made up


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (("", "kim", "login", f"kim {SECRET}", "R=OK", ""), NAMES),
        (("", "kim", "LOGIN", f" {SECRET}", "R=OK", ""), NAMES),
        (("", "kim", "login", f'"""kim """"x"" {SECRET} {SECRET}"', "R=OK", ""), NAMES),
        (("", "kim", "authenticate", f"PLAIN {SECRET}", "R=OK", ""), NAMES),
        (("", "kim", f"login kim {SECRET}", "", "R=OK", ""), NAMES),
        (("", "kim", "login", "kim a", f"b{SECRET}", "c", SECRET), NAMES),
        (("", "a", "b", "login", f"kim {SECRET}", SECRET, SECRET), NAMES),
        (("", "kim", "pass", SECRET, "R=OK", ""), NAMES),
        (("", "kim", "apop", f"kim {SECRET}", "R=OK", ""), NAMES),
        (("", "kim", "login", f"kim {SECRET}"), NAMES),
        (("<", f"PASS {SECRET}"), ["event", "data"]),
        (("<", f"a1 LOGIN kim {SECRET}"), ["event", "data"]),
        (("<", f"a1 authenticate PLAIN {SECRET}"), ["event", "data"]),
        (("x", f"a1 LOGIN kim {SECRET}"), ["event", "unknown"]),
        (("login", f'"kim {SECRET}'), ["command", "parameters"]),
    ],
)
def test_a_password_is_masked_when_the_line_is_read(values: tuple[str, ...], names: list[str]) -> None:
    """Nothing holds it: no field, no repr, no dict, no pickle."""
    read = entry(*values, names=names)

    for shown in (str(read), repr(read), str(dict(read.fields)), json.dumps(read.to_dict()), str(pickle.dumps(read))):
        assert SECRET not in shown
    assert "*****" in str(dict(read.fields))


@pytest.mark.parametrize("parameters", ["kim *****", " *****", "*****", "kim", "PLAIN", ""])
def test_what_exchange_masked_stays_as_it_is(parameters: str) -> None:
    assert entry("", "kim", "login", parameters, "", "").parameters == parameters


def test_a_line_without_its_last_values_keeps_what_came_of_a_login() -> None:
    """Only more values than fields come of a comma in a password."""
    assert entry("", "kim", "login", "kim *****", "ErrMsg=X").failure == "X"
    assert entry("", "kim", "pass", "", "", "").parameters == ""
    assert entry("login", names=["command"]).command == "login"


def test_other_commands_keep_their_parameters() -> None:
    assert entry("", "kim", "select", "INBOX of login", "", "").parameters == "INBOX of login"
    assert entry("a2 OK LOGIN completed. Thank you", names=["data"]).data == "a2 OK LOGIN completed. Thank you"


def test_it_is_a_row_of_json() -> None:
    read = entry("2026-10-01T08:20:00.000Z", "kim", "login", "kim *****", 'R="a NO x"', "x")

    assert json.loads(json.dumps(read.to_dict())) == {
        "file": "",
        "line": 1,
        "time": "2026-10-01T08:20:00+00:00",
        "session": "",
        "sequence": None,
        "server_address": None,
        "server_port": None,
        "client_address": None,
        "client_port": None,
        "user": "kim",
        "duration": None,
        "request_size": None,
        "response_size": None,
        "command": "login",
        "parameters": "kim *****",
        "context": 'R="a NO x"',
        "event": "",
        "data": "",
        "fields": dict(read.fields),
        "problems": [],
        "failure": "NO x",
    }
    assert xi.ProtocolLogEntry(line=1, duration=timedelta(milliseconds=2)).to_dict()["duration"] == 0.002


def test_its_text_is_one_line() -> None:
    read = xi.ProtocolLogEntry(
        file="a.LOG",
        line=7,
        time=datetime(2026, 10, 1, 8, 20, tzinfo=UTC),
        event="<",
        data="a1 NOOP\n",
        problems=("one", "two"),
    )

    assert str(read) == "a.LOG:7 2026-10-01T08:20:00.000+00:00 (no user) <: a1 NOOP (one; two)"
