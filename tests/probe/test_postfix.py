"""What a probe sees of a real server for submission, which asks Dovecot whether a login is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import exchange_imap as xi
from exchange_imap import ProbeFailure, Stage
from support.dovecot import DOMAIN, DOVECOT, KIM, PASSWORD
from support.postfix import POSTFIX, Postfix, shared_postfix

pytestmark = [POSTFIX.mark, DOVECOT.mark]

KIMS = xi.PSCredential(KIM, PASSWORD)


@pytest.fixture
def postfix() -> Postfix:
    """Return the server."""
    return shared_postfix()


def look(server: Postfix, host: str = "good", method: str = "TLS", **options: object) -> xi.ProbeResult:
    """Probe it by the name of one of its hosts; it has the certificate of ``good`` only."""
    port = server.submissions if method == "SSL" else server.submission
    asked: dict[str, object] = {
        "address": "127.0.0.1",
        "trust": server.dovecot.trust,
        "protocol": xi.Protocol.SMTP,
        **options,
    }
    setting = f"{host}.{DOMAIN}:{port}" + (f":{method}" if method else "")
    return xi.probe(setting, **asked)  # type: ignore[arg-type]  # a test's own


def failure(result: xi.ProbeResult) -> tuple[Stage, ProbeFailure | None]:
    """Return the stage that failed, and how."""
    assert result.failed is not None, result
    return result.failed.name, result.failed.failure


@pytest.mark.parametrize("method", ["SSL", "TLS"])
def test_each_encryption(postfix: Postfix, method: str) -> None:
    """AUTH is offered within TLS only."""
    result = look(postfix, method=method, credential=KIMS)

    assert result.works, result
    assert result.greeting == f"220 good.{DOMAIN} ESMTP Postfix"
    assert "AUTH PLAIN LOGIN" in result.capabilities
    assert not [each for each in result.capabilities_before if each.startswith("AUTH")]
    assert ("STARTTLS" in result.capabilities_before) == (method == "TLS")
    assert [each.subject for each in result.certificates] == [f"CN=good.{DOMAIN}", "CN=Test Intermediate"]


def test_the_mechanism_login(postfix: Postfix) -> None:
    """Which asks twice."""
    responses = iter((KIM.encode(), PASSWORD.encode()))
    result = look(postfix, sasl=("LOGIN", lambda _challenge: next(responses)))

    assert result.works, result


def test_a_wrong_password(postfix: Postfix) -> None:
    """The server's own words are kept."""
    result = look(postfix, credential=xi.PSCredential(KIM, "wrong"))

    assert failure(result) == (Stage.AUTH, ProbeFailure.REJECTED)
    assert result.failed is not None
    assert result.failed.said.startswith("535 5.7.8 ")


def test_a_name_that_the_certificate_does_not_have(postfix: Postfix) -> None:
    """The login is not tried."""
    result = look(postfix, "wrong", credential=KIMS)

    assert failure(result) == (Stage.CERTIFICATE, ProbeFailure.WRONG_NAME)
    assert result.certificates[0].names == (f"good.{DOMAIN}",)


def test_a_login_in_clear_is_not_offered(postfix: Postfix) -> None:
    """Whatever the caller allows."""
    result = look(postfix, method="", credential=KIMS, allow_insecure=True)

    assert failure(result) == (Stage.AUTH, ProbeFailure.NOT_OFFERED)


def travel(server: Postfix, sending: str = "TLS", reading: str = "SSL", **options: object) -> xi.RoundTrip:
    """Send a message through Postfix, and fetch it from Dovecot."""
    port = {"TLS": server.submission, "SSL": server.submissions}[sending]
    other = {"TLS": server.dovecot.imap, "SSL": server.dovecot.imaps}[reading]
    asked: dict[str, object] = {
        "address": "127.0.0.1",
        "trust": server.dovecot.trust,
        "credential": KIMS,
        **options,
    }
    settings = f"good.{DOMAIN}:{port}:{sending}", f"good.{DOMAIN}:{other}:{reading}"
    return xi.probe_round_trip(*settings, **asked)  # type: ignore[arg-type]  # a test's own


def texts(server: Postfix) -> dict[str, str]:
    """Return the messages of the mailbox: where they are, as the server's files have it, and what they say."""
    folder = server.dovecot.mail_of(KIM)
    return {
        str(path.relative_to(folder)): path.read_text() for name in ("cur", "new") for path in (folder / name).iterdir()
    }


@pytest.mark.parametrize(("sending", "reading"), [("TLS", "SSL"), ("SSL", "TLS")])
def test_a_message_goes_out_and_arrives(postfix: Postfix, sending: str, reading: str) -> None:
    """And is deleted again; the other messages are as they were."""
    before = texts(postfix)

    trip = travel(postfix, sending, reading)

    assert trip.works, trip
    assert trip.took is not None
    assert (trip.deleted, trip.may_remain) == (True, False)
    after = texts(postfix)
    assert sorted(after.values()) == sorted(before.values())
    # Dovecot moves a message to cur when INBOX is opened for writing; the flags, behind the comma, are the same.
    assert not [name for name in after if "S" in name.partition(":2,")[2] or "T" in name.partition(":2,")[2]]


def test_a_message_that_is_kept(postfix: Postfix) -> None:
    """As it was sent, and new."""
    trip = travel(postfix, keep=True)

    assert trip.works, trip
    (kept,) = [text for text in texts(postfix).values() if f"Message-ID: {trip.message_id}" in text]
    assert "Subject: Test message of exchange_imap" in kept
    assert "Auto-Submitted: auto-generated" in kept


def test_an_address_of_somebody_else(postfix: Postfix) -> None:
    """The server does not let this user write as another one, and the message is not waited for."""
    trip = travel(postfix, mailbox_address=f"other@{DOMAIN}")

    assert failure(trip.sent) == (Stage.SEND, ProbeFailure.REJECTED)
    assert trip.sent.failed is not None
    assert "not owned by user" in trip.sent.failed.said
    assert (trip.read, trip.may_remain) == (None, False)
    assert [finding.rule for finding in trip.findings] == ["message-refused"]


def test_a_wrong_password_sends_nothing(postfix: Postfix) -> None:
    """The cause is in the first line, and the password is nowhere."""
    trip = travel(postfix, credential=xi.PSCredential(KIM, "not the canary 8"))

    assert failure(trip.sent) == (Stage.AUTH, ProbeFailure.REJECTED)
    assert "refuses the login: 535 5.7.8" in str(trip).splitlines()[0]
    assert [finding.rule for finding in trip.findings] == ["login-refused"]
    assert "canary" not in f"{trip} {trip!r} {trip.to_dict()}"


def test_the_guide_shows_what_is_printed(postfix: Postfix) -> None:
    """Line by line; three dots stand for what differs each time."""
    guide = Path(__file__).parents[2].joinpath("docs", "how-to", "prove-a-message.md").read_text(encoding="utf-8")
    shown = guide.partition("```text\n")[2].partition("```")[0].splitlines()

    printed = str(travel(postfix)).splitlines()

    assert len(printed) == len(shown)
    for line, expected in zip(printed, shown, strict=True):
        assert re.fullmatch(re.escape(expected).replace(re.escape("..."), ".*"), line), (line, expected)
