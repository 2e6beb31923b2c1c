"""A session recorded and played back: the same answers, the same errors, and no secret."""

from __future__ import annotations

import json
import math
import sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._powershell.record import RecordValue
from exchange_imap._transports.recorded_values import read_record, read_value, write_record, write_value
from exchange_imap.testing import FakeExchange, Fault
from support.examples import share

READ = xi.Pipeline((xi.GetImapSettings(),))
EXTERNAL = ("mail.contoso.com:993:SSL",)


def test_a_whole_procedure_is_played_back(tmp_path: Path) -> None:
    """Without a server, to the same outcome."""
    fake = FakeExchange(servers=["MBX01"])
    exchange = xi.RecordingTransport(fake.transport(xi.Endpoint.EXCHANGE), tmp_path / "exchange.json")
    windows = xi.RecordingTransport(fake.transport(xi.Endpoint.WINDOWS), tmp_path / "windows.json")
    with xi.ImapServer("MBX01", exchange=exchange, windows=windows) as server:
        recorded = server.enable(external=EXTERNAL)

    played = [xi.ReplayTransport.load(tmp_path / name) for name in ("exchange.json", "windows.json")]
    with xi.ImapServer("MBX01", exchange=played[0], windows=played[1]) as server:
        outcome = server.enable(external=EXTERNAL)

    assert outcome == recorded
    assert [transport.remaining for transport in played] == [(), ()]


ERRORS = [
    xi.TransportError("lost", "x", None, "look"),
    xi.TransportTimeoutError("late", "x", sent=True),
    xi.AuthenticationError("no", "x", sent=False),
    xi.EndpointError("no", "x", sent=False, url="http://h:80/PowerShell", port=80),
    xi.ThrottledError("much", "x", sent=False, wait=timedelta(seconds=1.5)),
    xi.ThrottledError("much", "x", sent=False),
]


@pytest.mark.parametrize("error", ERRORS, ids=[type(error).__name__ for error in ERRORS])
def test_an_error_is_played_back(tmp_path: Path, error: xi.TransportError) -> None:
    """With everything that it knew."""
    fake = FakeExchange(servers=["MBX01"])

    class Failing:
        """Raises."""

        def run(self, pipeline: xi.Pipeline) -> xi.Reply:
            """Raise."""
            del pipeline
            raise error

        def close(self) -> None:
            fake.transport().close()

    path = tmp_path / "session.json"
    with xi.RecordingTransport(Failing(), path) as transport, pytest.raises(type(error)):
        transport.run(READ)

    with pytest.raises(type(error)) as caught:
        xi.ReplayTransport.load(path).run(READ)
    assert str(caught.value) == str(error)
    assert vars(caught.value) == vars(error)


def test_a_refusal_is_an_answer(tmp_path: Path) -> None:
    """Its records come back."""
    fake = FakeExchange(servers=["MBX01"])
    wrong = xi.Pipeline((xi.GetImapSettings(server="MBX09"),))
    with xi.RecordingTransport(fake.transport(), tmp_path / "s.json") as transport:
        reply = transport.run(wrong)

    assert xi.ReplayTransport.load(tmp_path / "s.json").run(wrong) == reply
    assert reply.errors


def test_another_command_is_refused(tmp_path: Path) -> None:
    """It was not recorded; the next one still is."""
    fake = FakeExchange(servers=["MBX01"])
    with xi.RecordingTransport(fake.transport(), tmp_path / "s.json") as transport:
        transport.run(READ)
    played = xi.ReplayTransport.load(tmp_path / "s.json")

    with pytest.raises(xi.InvalidValueError, match="expected Get-ImapSettings, received 'Get-Service'"):
        played.run(xi.Pipeline((xi.GetService(),)))

    assert played.remaining == ("Get-ImapSettings",)
    played.close()


@pytest.mark.parametrize("text", ["{", "[]", '{"format": "other"}'])
def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(text)

    with pytest.raises(xi.InvalidValueError, match=r"s\.json"):
        xi.ReplayTransport.load(path)


REPLY: dict[str, Any] = {"records": [], "errors": [], "warnings": [], "seconds": 1.5}
ERROR: dict[str, Any] = {"class": "ThrottledError", "reason": "much", "command": "x", "sent": False, "wait": 1.5}


def recording(**exchange: Any) -> list[Any]:
    """Return the exchanges of a recording: one of this form."""
    return [{"command": "Get-ImapSettings", **exchange}]


@pytest.mark.parametrize(
    ("exchanges", "path", "expected"),
    [
        (None, "", "a list"),
        ([5], "[0]", "an object"),
        ([{}], "[0].command", "this key"),
        ([{"command": 5, "reply": REPLY}], "[0].command", "text"),
        (recording(), "[0]", "a reply or an error"),
        (recording(reply=REPLY, error=ERROR), "[0]", "a reply or an error"),
        (recording(reply=REPLY, other=1), "[0].other", "one of command, reply, error"),
        (recording(reply=None), "[0].reply", "an object"),
        (recording(reply={**REPLY, "records": {}}), "[0].reply.records", "a list"),
        (recording(reply={**REPLY, "records": [5]}), "[0].reply.records[0]", "an object"),
        (recording(reply={**REPLY, "records": [{"odd": 1}]}), "[0].reply.records[0].odd", "one of types, text, "),
        (recording(reply={**REPLY, "records": [{"types": "x"}]}), "[0].reply.records[0].types", "a list"),
        (recording(reply={**REPLY, "records": [{"text": 5}]}), "[0].reply.records[0].text", "text"),
        (recording(reply={**REPLY, "records": [{"items": 5}]}), "[0].reply.records[0].items", "a list"),
        (recording(reply={**REPLY, "records": [{"properties": 5}]}), "[0].reply.records[0].properties", "an object"),
        (recording(reply={**REPLY, "errors": [{"message": "x"}]}), "[0].reply.errors[0].category", "this key"),
        (recording(reply={**REPLY, "warnings": [None]}), "[0].reply.warnings[0]", "text"),
        (recording(reply={**REPLY, "seconds": "1"}), "[0].reply.seconds", "a number of seconds"),
        (recording(reply={**REPLY, "seconds": True}), "[0].reply.seconds", "a number of seconds"),
        (recording(reply={**REPLY, "seconds": 1e300}), "[0].reply.seconds", "a number of seconds"),
        (recording(reply={**REPLY, "seconds": float("nan")}), "[0].reply.seconds", "a number of seconds"),
        (recording(error={**ERROR, "class": "KeyError"}), "[0].error.class", "one of TransportError, "),
        (recording(error={**ERROR, "class": []}), "[0].error.class", "text"),
        (recording(error={"class": "TransportError"}), "[0].error.reason", "this key"),
        (recording(error={**ERROR, "url": "http://h"}), "[0].error.url", "one of reason, command, sent, hint, wait"),
        (recording(error={**ERROR, "sent": 1}), "[0].error.sent", "true or false"),
        (recording(error={**ERROR, "wait": "1"}), "[0].error.wait", "a number of seconds"),
        (
            recording(error={"class": "EndpointError", "reason": "no", "port": "80"}),
            "[0].error.port",
            "a whole number",
        ),
    ],
)
def test_what_is_wrong_in_a_recording_is_named(tmp_path: Path, exchanges: Any, path: str, expected: str) -> None:
    """By its path, before the first command is answered."""
    file = tmp_path / "s.json"
    file.write_text(json.dumps({"format": "exchange_imap recording 1", "exchanges": exchanges}))

    with pytest.raises(xi.InvalidValueError) as caught:
        xi.ReplayTransport.load(file)

    assert caught.value.field == f"recording.exchanges{path}"
    assert caught.value.expected.startswith(expected)


@pytest.mark.parametrize(
    ("depth", "fragment"), [(100_000, "a JSON file"), (sys.getrecursionlimit() // 2, "objects within each other")]
)
def test_a_recording_that_is_too_deep_is_refused(tmp_path: Path, depth: int, fragment: str) -> None:
    """Whether it is Python's JSON that gives up or what reads its values."""
    nested = f"{'[' * depth}{']' * depth}"
    reply = json.dumps(REPLY).replace('"records": []', f'"records": [{{"value": {nested}}}]')
    file = tmp_path / "s.json"
    file.write_text(
        f'{{"format": "exchange_imap recording 1", "exchanges": [{{"command": "Get-ImapSettings", "reply": {reply}}}]}}'
    )

    with pytest.raises(xi.InvalidValueError, match=fragment):
        xi.ReplayTransport.load(file)


def test_half_a_character_is_recorded_and_played_back(tmp_path: Path) -> None:
    """A server's text may have it, and UTF-8 may not: it used to leave an empty file."""
    reply = xi.Reply(records=(xi.Record(text="a\ud800b\udfff"),))

    class Peer:
        """Answer with that text."""

        def run(self, pipeline: xi.Pipeline) -> xi.Reply:
            """Answer."""
            del pipeline
            return reply

        def close(self) -> None:
            """There is no session."""

    with xi.RecordingTransport(Peer(), tmp_path / "s.json") as transport:
        transport.run(READ)

    assert xi.ReplayTransport.load(tmp_path / "s.json").run(READ) == reply


def test_a_failing_close_still_writes(tmp_path: Path) -> None:
    """What was recorded is not lost when the last command failed."""
    fake = FakeExchange(servers=["MBX01"])
    fake.fail(Fault(nth=2))
    with xi.RecordingTransport(fake.transport(), tmp_path / "s.json") as transport:
        transport.run(READ)
        with pytest.raises(xi.TransportError):
            transport.run(READ)

    recording = json.loads((tmp_path / "s.json").read_text())
    assert [sorted(exchange) for exchange in recording["exchanges"]] == [["command", "reply"], ["command", "error"]]


ZONES = st.none() | st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.builds(lambda moment, zone: moment.replace(tzinfo=zone, fold=0), st.datetimes(), ZONES)
KEYS = st.text() | st.integers() | st.uuids()
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.decimals(allow_nan=False)
    | st.text()
    | MOMENTS
    | st.timedeltas()
    | st.uuids()
    | st.binary()
)


def _inner(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(values, max_size=3).map(tuple)
    records = st.builds(
        xi.Record,
        type_names=st.lists(st.text(), max_size=2).map(tuple),
        text=st.none() | st.text(),
        value=values,
        items=st.none() | lists,
        properties=st.dictionaries(st.text(), values, max_size=3),
    )
    return lists | st.dictionaries(KEYS, values, max_size=3) | records


VALUES = st.recursive(LEAVES, _inner, max_leaves=10)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1.5, 1.5),
        (math.inf, {"real": "inf"}),
        (b"\x00\xff", {"bytes": "AP8="}),
        ("a", "a"),
        ((1, None), [1, None]),
        ({"a": 1}, {"pairs": [["a", 1]]}),
    ],
    ids=repr,
)
def test_a_value_is_written_as_json_has_it(value: RecordValue, written: object) -> None:
    """Or under the name of its type."""
    assert write_value(value) == written
    assert read_value(write_value(value)) == value


@share(4)
@given(VALUES)
def test_law_a_value_is_kept_exactly(value: Any) -> None:
    """Through JSON text and back, with its type."""
    again = read_value(json.loads(json.dumps(write_value(value))))

    assert repr(again) == repr(value)


def test_an_empty_list_stays_one() -> None:
    """It is not nothing."""
    record = xi.Record(items=())

    assert read_record(write_record(record)) == record


def test_what_is_no_number_comes_back_as_none() -> None:
    """NaN is not equal to itself, so it has a test of its own."""
    assert repr(read_value(write_value(float("nan")))) == "nan"


@pytest.mark.parametrize(
    "data",
    [
        *(
            {"a": 1, "b": 2},
            {},
            {"odd": 1},
            {"guid": "x"},
            {"decimal": "x"},
            {"bytes": "?"},
            {"moment": 5},
            {"record": 1},
        ),
        *(
            {"microseconds": "9" * 400},
            {"microseconds": "9" * 5000},
            {"decimal": "1e9999999999999999999"},
            {"guid": []},
        ),
        *({"pairs": 5}, {"pairs": [["a"]]}, {"pairs": ["ab"]}, {"pairs": [[[{"pairs": []}], 1]]}, {"bytes": "٣"}),
        {"pairs": [[number * (2**61 - 1), 0] for number in range(101)]},
    ],
    ids=lambda data: str(data)[:40],
)
def test_what_was_not_recorded_is_refused(data: Any) -> None:
    """Somebody edited the file."""
    with pytest.raises(xi.InvalidValueError):
        read_value(data)


def test_the_file_is_readable() -> None:
    """A person finds the command and the property."""
    record = xi.Record(
        properties={
            "Guid": UUID(int=1),
            "Size": Decimal("1.5"),
            "When": datetime(2026, 1, 2, tzinfo=timezone.utc),  # noqa: UP017 - the zone is the subject
            "Span": timedelta(seconds=1),
        }
    )

    assert write_record(record) == {
        "properties": {
            "Guid": {"guid": "00000000-0000-0000-0000-000000000001"},
            "Size": {"decimal": "1.5"},
            "When": {"moment": "2026-01-02T00:00:00+00:00"},
            "Span": {"microseconds": "1000000"},
        }
    }
