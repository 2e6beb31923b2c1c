"""A message to oneself: it is sent, waited for, and deleted again if that hits no other message."""

from __future__ import annotations

import base64
import contextlib
import json
import pickle
import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

import exchange_imap as xi
from exchange_imap import ProbeFailure, Stage
from exchange_imap._probe.connection import Connection
from exchange_imap._probe.stopped import Stopped
from exchange_imap._transports.psrp.deadline import Deadline
from support.certificates import good
from support.mail_servers import HOST, Conversation, Listening, Script, listening
from support.submission_servers import smtp

PASSWORD = "c0rrect horse"  # noqa: S105 - the canary, and of nobody
KIM = xi.PSCredential("kim@contoso.com", PASSWORD)
SOON = timedelta(seconds=10)
ALONE = "IMAP4rev1 AUTH=PLAIN UIDPLUS"


def message_id(sending: Listening) -> str:
    """Return what the message that was sent has."""
    (line,) = [line for line in sending.heard if line.startswith(b"Message-ID: ")]
    return line.decode().split()[1]


def inbox(
    sending: Listening,
    *,
    searches: int = 1,
    stays_for: int = 1_000_000,
    offers: str = ALONE,
    answers: Mapping[str, Sequence[str]] | None = None,
) -> Script:
    """Return a mailbox to which the message comes at the so many-th search, and stays for so many.

    ``answers`` replace its own, by how a command begins.
    """
    made = 0

    def answer(command: str) -> Sequence[str]:
        done = "{tag} OK done"
        for begin, lines in (answers or {}).items():
            if command.startswith(begin):
                return lines
        if command.startswith("UID SEARCH"):
            nonlocal made
            made += 1
            return [f"* SEARCH{' 7' if searches <= made < searches + stays_for else ''}", done]
        if command.startswith("UID FETCH"):
            header = f"Message-ID: {message_id(sending)}\r\n\r\n"
            return [f"* 1 FETCH (UID 7 BODY[HEADER.FIELDS (MESSAGE-ID)] {{{len(header)}}}\r\n{header})", done]
        return [f"* CAPABILITY {offers}", done] if command == "CAPABILITY" else [done]

    def serve(client: Conversation) -> None:
        client.start_tls(good(HOST))
        client.say("* OK ready")
        while line := client.hear().decode():
            tag, _, command = line.partition(" ")
            if command.startswith("AUTHENTICATE"):
                client.say("+ ")
                client.hear()
            client.say(*(each.replace("{tag}", tag) for each in answer(command)))

    return serve


@contextlib.contextmanager
def both(sending: Script | None = None, **mailbox: object) -> Iterator[tuple[Listening, Listening, list[str]]]:
    """Start both servers; give them, and the two settings."""
    with (
        listening(sending or smtp(starttls=good(HOST))) as submission,
        listening(inbox(submission, **mailbox)) as reading,  # type: ignore[arg-type]  # a test's own
    ):
        yield submission, reading, [f"{HOST}:{submission.port}:TLS", f"{HOST}:{reading.port}:SSL"]


def travel(settings: list[str], trust: Path, **options: object) -> xi.RoundTrip:
    """Send a message, and fetch it."""
    asked: dict[str, object] = {
        "address": "127.0.0.1",
        "trust": trust,
        "timeout": SOON,
        "credential": KIM,
        **options,
    }
    return xi.probe_round_trip(*settings, **asked)  # type: ignore[arg-type]  # as above


def commands(reading: Listening) -> list[str]:
    """Return what the mailbox was asked, without tags."""
    return [line.decode().strip().partition(" ")[2] for line in reading.heard if b" " in line]


def stages(result: xi.ProbeResult | None) -> list[str]:
    """Return the names of the last stages that were reached."""
    assert result is not None
    return [stage.name.value for stage in result.stages][-4:]


def test_a_message_goes_out_and_arrives(trust: Path) -> None:
    """It is deleted by its number alone, and nothing shows the password."""
    with both() as (sending, reading, settings):
        trip = travel(settings, trust)
        number = message_id(sending)

    assert trip.works, trip
    assert stages(trip.sent) == ["EHLO", "AUTH", "send", "QUIT"]
    assert stages(trip.read) == ["SELECT", "fetch", "delete", "LOGOUT"]
    assert (trip.address, trip.message_id) == ("kim@contoso.com", number)
    assert trip.took is not None
    assert timedelta() <= trip.took < SOON
    assert (trip.deleted, trip.may_remain) == (True, False)
    assert trip.read is not None
    assert [stage.said for stage in trip.read.stages][-3:-1] == [f"{number} is in INBOX", "number 7 alone"]
    look = [f'UID SEARCH HEADER Message-ID "{number}"', "UID FETCH 7 (BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"]
    assert commands(reading)[2:] == [
        *("EXAMINE INBOX", *look, "CAPABILITY", "SELECT INBOX", *look),
        *("UID STORE 7 +FLAGS.SILENT (\\Deleted)", "UID EXPUNGE 7", "LOGOUT"),
    ]
    first, *_, last = str(trip).splitlines()
    assert re.fullmatch(r"kim@contoso.com: works, a message arrived after \d\.\d{3} s", first)
    assert last == f"  {number} was deleted again"
    texts = [str(trip), repr(trip), json.dumps(trip.to_dict()), pickle.dumps(trip).decode("latin-1")]
    plain = f"\0{KIM.user_name}\0{PASSWORD}"
    for secret in (PASSWORD, *(base64.b64encode(each.encode()).decode() for each in (PASSWORD, plain))):
        assert not [text for text in texts if secret in text]


def errors(trip: xi.RoundTrip) -> list[str]:
    """Return the rules that say why it failed; the server is not as it should be besides."""
    return [finding.rule for finding in trip.findings if finding.severity is xi.Severity.ERROR]


def test_what_the_message_says(trust: Path) -> None:
    """From the mailbox to itself; no machine answers it."""
    with both() as (sending, _, settings):
        assert travel(settings, trust, mailbox_address="kim@other.example").works
        heard = [line.decode().strip() for line in sending.heard]

    begin = heard.index("data")
    said = [line.lower() for line in heard[begin - 2 : begin]]  # Python 3.13 writes "from" in lower case
    assert said == ["mail from:<kim@other.example>", "rcpt to:<kim@other.example>"]
    text = dict(line.split(": ") for line in heard[begin:] if ": " in line)
    assert (text["From"], text["To"], text["Auto-Submitted"]) == ("kim@other.example",) * 2 + ("auto-generated",)
    assert text["Message-ID"].endswith("@other.example>")


def test_each_message_has_a_name_of_its_own(trust: Path) -> None:
    """So that none is taken for another."""
    with both() as (*_, settings):
        one = travel(settings, trust, keep=True)
    with both() as (*_, settings):
        other = travel(settings, trust, keep=True)

    assert one.message_id != other.message_id


def test_a_message_that_comes_later(trust: Path) -> None:
    """The server is asked again, with NOOP between."""
    with both(searches=3) as (_, reading, settings):
        trip = travel(settings, trust)

    assert trip.works
    assert [each for each in commands(reading) if each == "NOOP"] == ["NOOP", "NOOP"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the time be up when something is waited for, however long all before has taken."""

    def pause(_connection: Connection, _seconds: float) -> None:
        raise Stopped(ProbeFailure.TIMED_OUT)

    monkeypatch.setattr(Connection, "pause", pause)


def test_a_pause_ends_with_the_time() -> None:
    """It is no longer than the time that is left, and there is none afterwards."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = Connection(ours, Deadline.after(timedelta(milliseconds=20)))
        connection.pause(3600)
        with pytest.raises(Stopped, match="timed out"):
            connection.pause(3600)


@pytest.mark.usefixtures("impatient")
def test_a_message_that_does_not_come(trust: Path) -> None:
    """The time is up at the deadline; which message may come still is said."""
    with both(searches=1_000_000) as (*_, settings):
        trip = travel(settings, trust)

    assert not trip.works
    assert trip.read is not None
    assert trip.read.failed is not None
    assert (trip.read.failed.name, trip.read.failed.failure) == (Stage.FETCH, ProbeFailure.TIMED_OUT)
    assert trip.read.failed.said == f"{trip.message_id} has not come"
    assert (trip.took, trip.deleted, trip.may_remain) == (None, False, True)
    assert errors(trip) == ["message-not-arrived"]
    assert "the message was taken and is not in INBOX" in str(trip).splitlines()[0]
    assert str(trip).endswith(f"{trip.message_id} may still be in a mailbox")


def test_a_message_that_is_kept(trust: Path) -> None:
    """INBOX is open for reading only."""
    with both() as (_, reading, settings):
        trip = travel(settings, trust, keep=True)

    assert trip.works
    assert (trip.deleted, trip.may_remain) == (False, True)
    assert not [each for each in commands(reading) if each.startswith(("SELECT", "UID STORE", "UID EXPUNGE"))]


def test_a_server_that_cannot_delete_one_message_alone(trust: Path) -> None:
    """EXPUNGE would take what others have marked: the message is left."""
    with both(offers="IMAP4rev1 AUTH=PLAIN") as (_, reading, settings):
        trip = travel(settings, trust)

    assert trip.works
    assert (trip.deleted, trip.may_remain) == (False, True)
    assert not [each for each in commands(reading) if "EXPUNGE" in each or "STORE" in each]


OTHER = "Message-ID: <another@contoso.com>\r\n\r\n"
OTHER_MESSAGE = [f"* 1 FETCH (UID 7 BODY[HEADER.FIELDS (MESSAGE-ID)] {{{len(OTHER)}}}\r\n{OTHER})", "{tag} OK done"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"EXAMINE": ["{tag} NO no mailbox"]}, ("SELECT", "rejected")),
        ({"UID SEARCH": ["{tag} NO cannot search"]}, ("fetch", "rejected")),
        ({"UID SEARCH": ["* SEARCH all", "{tag} OK done"]}, ("fetch", "garbage")),
        ({"UID FETCH": OTHER_MESSAGE}, ("fetch", "timed out")),
        ({"UID FETCH": ["{tag} OK there is nothing"]}, ("fetch", "timed out")),
        ({"SELECT": ["{tag} NO not for you"]}, ("delete", "rejected")),
        ({"SELECT": ["{tag} OK [READ-ONLY] not for you"]}, ("delete", "rejected")),
        ({"UID STORE": ["{tag} NO not for you"]}, ("delete", "rejected")),
        ({"UID EXPUNGE": ["{tag} NO not for you"]}, ("delete", "rejected")),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "-".join(value),
)
@pytest.mark.usefixtures("impatient")
def test_a_mailbox_that_does_this_ends_so(
    answers: dict[str, list[str]], expected: tuple[str, str], trust: Path
) -> None:
    """Nothing but the very message is marked, and the report says that it may still be there."""
    with both(answers=answers) as (_, reading, settings):
        trip = travel(settings, trust)

    assert trip.read is not None
    assert trip.read.failed is not None, trip
    assert (trip.read.failed.name.value, trip.read.failed.failure) == expected
    assert (trip.works, trip.deleted, trip.may_remain) == (False, False, True)
    assert (trip.took is None) == (expected[0] != "delete")
    assert bool([each for each in commands(reading) if "STORE" in each]) == (
        "UID" in next(iter(answers)) and trip.took is not None
    )


def test_a_message_that_is_gone_before_it_is_deleted(trust: Path) -> None:
    """Somebody was faster."""
    with both(stays_for=1) as (*_, settings):
        trip = travel(settings, trust)

    assert trip.read is not None
    assert trip.read.failed is not None
    assert trip.read.failed.said == f"{trip.message_id} is no longer there"


@pytest.mark.parametrize(
    ("answers", "failure", "said"),
    [
        ({"MAIL": "550 5.7.60 Client does not have permissions"}, "rejected", "550 5.7.60"),
        ({"RCPT": "550 5.1.10 Recipient not found"}, "rejected", "550 5.1.10"),
        ({"DATA": "554 5.3.4 no"}, "rejected", "554 5.3.4"),
        ({"DATA": "no"}, "garbage", "no"),
        ({".": "552 5.3.4 Message too large"}, "rejected", "552 5.3.4"),
        ({".": "421 4.4.2 later"}, "turned away", "421 4.4.2"),
    ],
)
def test_a_message_that_is_refused(answers: dict[str, str], failure: str, said: str, trust: Path) -> None:
    """It is not waited for."""
    with both(smtp(starttls=good(HOST), answers=answers)) as (_, reading, settings):
        trip = travel(settings, trust)

    assert trip.read is None
    assert trip.sent.failed is not None
    assert (trip.sent.failed.name, trip.sent.failed.failure) == (Stage.SEND, failure)
    assert trip.sent.failed.said.startswith(said)
    assert (trip.works, trip.took, trip.may_remain) == (False, None, False)
    assert reading.clients == 0
    assert len(errors(trip)) == 1
    assert str(trip).endswith("was not sent")
    assert trip.to_dict()["read"] is None


def taking(client: Conversation) -> None:
    """Take a message, and say nothing of it."""
    client.start_tls(good(HOST))
    client.say("220 ready")
    for answer in ("250-mail\r\n250 AUTH PLAIN", "334 ", "235 ok", "250 ok", "250 ok", "354 go on"):
        client.hear()
        client.say(answer)
    while client.hear() != b".":
        pass


def babbling(client: Conversation) -> None:
    """Take a message, and say what is no answer."""
    taking(client)
    client.say("what?")
    client.wait()


@pytest.mark.parametrize(("script", "failure"), [(taking, "closed"), (babbling, "garbage")], ids=["closed", "garbage"])
def test_a_message_of_which_it_is_not_known_whether_it_was_taken(script: Script, failure: str, trust: Path) -> None:
    """It may come: that is said, and it is not waited for."""
    with listening(script) as sending:
        settings = [f"{HOST}:{sending.port}:SSL", f"{HOST}:1:SSL"]
        trip = travel(settings, trust)

    assert trip.sent.failed is not None
    assert (trip.sent.failed.name, trip.sent.failed.failure) == (Stage.SEND, failure)
    assert (trip.read, trip.may_remain) == (None, True)


def test_a_good_bye_that_fails_keeps_nobody_from_looking(trust: Path) -> None:
    """The message was taken."""
    with both(smtp(starttls=good(HOST), answers={"QUIT": "500 what?"})) as (*_, settings):
        trip = travel(settings, trust)

    assert trip.deleted
    assert not trip.works
    assert str(trip).splitlines()[0].endswith("refuses QUIT: 500 what?")


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"credential": xi.PSCredential("contoso\\kim", "x")}, "mailbox_address"),
        ({"mailbox_address": "kim@contoso.com>\r\nRCPT TO:<all@contoso.com"}, "mailbox_address"),
        ({"mailbox_address": "<kim@contoso.com>"}, "mailbox_address"),
        ({"mailbox_address": "kím@contoso.com"}, "mailbox_address"),
        ({"timeout": timedelta()}, "timeout"),
    ],
)
def test_wrong_arguments_are_refused(options: dict[str, object], field: str, trust: Path) -> None:
    """Before anything is connected to."""
    with pytest.raises(xi.InvalidValueError) as caught:
        travel([f"{HOST}:587:TLS", f"{HOST}:993:SSL"], trust, **options)

    assert field in caught.value.field
