"""What a probe sees of a server for submission: one that behaves, one that says no, and one that means harm."""

from __future__ import annotations

import base64
import json
import pickle
import smtplib
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import exchange_imap as xi
from exchange_imap._probe.connection import Connection
from support.certificates import good, issue
from support.mail_servers import HOST, Conversation, Listening, Script, listening, probed
from support.submission_servers import READY, smtp

PASSWORD = "c0rrect \x80 horse"  # noqa: S105 - the canary, and of nobody
KIM = xi.PSCredential("contoso\\kim", PASSWORD)
PLAIN = b"\0" + KIM.user_name.encode() + b"\0" + PASSWORD.encode()


def look(script: Script, method: str = "", **options: object) -> tuple[xi.ProbeResult, Listening]:
    """Probe a server for submission."""
    return probed(script, method, protocol=xi.Protocol.SMTP, **options)


def stages(result: xi.ProbeResult) -> list[str]:
    """Return the names of the stages that were reached."""
    return [stage.name.value for stage in result.stages]


def outcome(result: xi.ProbeResult) -> tuple[str, str]:
    """Return the stage that failed, and how."""
    assert result.failed is not None, result
    assert result.failed is result.stages[-1]
    assert result.failed.failure is not None
    return result.failed.name.value, result.failed.failure.value


def assert_no_secret(result: xi.ProbeResult) -> None:
    """Assert that nothing that can be had of a result has the password."""
    forms = [PASSWORD, repr(PASSWORD)[1:-1], *(base64.b64encode(each).decode() for each in (PASSWORD.encode(), PLAIN))]
    texts = [str(result), repr(result), json.dumps(result.to_dict()), pickle.dumps(result).decode("latin-1")]
    assert not [form for form in forms for text in texts if form in text]


@pytest.mark.parametrize("port", [25, 465, 587])
def test_the_port_says_that_it_is_submission(port: int) -> None:
    """Nothing else is at these ports."""
    moment = timedelta(milliseconds=1)

    assert xi.probe(f"mail.contoso.com:{port}", address="127.0.0.1", timeout=moment).protocol is xi.Protocol.SMTP


def test_starttls(trust: Path) -> None:
    """What the server offers is asked for before and after."""
    result, server = look(smtp(starttls=good(HOST)), ":TLS", credential=KIM, trust=trust)

    assert result.works, result
    on_tls = ["STARTTLS", "TLS", "certificate", "EHLO", "AUTH", "QUIT"]
    assert stages(result) == ["TCP", "greeting", "EHLO", *on_tls]
    assert result.greeting == READY
    assert result.capabilities_before == ("SIZE 37748736", "8BITMIME", "STARTTLS")
    assert result.capabilities == ("SIZE 37748736", "AUTH NTLM LOGIN PLAIN", "8BITMIME")
    assert result.trusted
    assert server.heard[0] == b"ehlo [127.0.0.1]\r\n"
    assert base64.b64encode(PLAIN) + b"\r\n" in server.heard
    assert_no_secret(result)


def test_tls_from_the_first_byte(trust: Path) -> None:
    """As at port 465."""
    result, _ = look(smtp(tls=good(HOST)), ":SSL", credential=KIM, trust=trust)

    assert result.works, result
    assert stages(result) == ["TCP", "TLS", "certificate", "greeting", "EHLO", "AUTH", "QUIT"]
    assert result.capabilities_before == ()


def test_not_encrypted_and_without_a_login() -> None:
    """As one server looks at another at port 25."""
    result, server = look(smtp(starttls=good(HOST)))

    assert result.works
    assert stages(result) == ["TCP", "greeting", "EHLO", "QUIT"]
    assert len(server.heard) == 2


def test_ipv6() -> None:
    """The address in EHLO is marked as one of IPv6."""
    with listening(smtp(), "::1") as server:
        assert xi.probe(f"{HOST}:{server.port}", address="::1", protocol=xi.Protocol.SMTP).works

    assert server.heard[0] == b"ehlo [IPv6:::1]\r\n"


def test_a_password_is_sent_by_login_otherwise(trust: Path) -> None:
    """Exchange offers no PLAIN here; also in the old form, which some servers write."""
    for offer in ("AUTH NTLM LOGIN", "AUTH=LOGIN"):
        script = smtp(starttls=good(HOST), offers=("SIZE 1", offer))
        result, server = look(script, ":TLS", credential=KIM, trust=trust)

        assert result.works, result
        name, password = KIM.user_name.encode(), PASSWORD.encode()
        assert server.heard[-4:-1] == [
            b"AUTH LOGIN\r\n",
            *(base64.b64encode(each) + b"\r\n" for each in (name, password)),
        ]
        assert_no_secret(result)


def test_a_mechanism_of_the_caller(trust: Path) -> None:
    """Its challenges are answered by the caller's function; the first is empty."""
    challenges: list[bytes] = []

    def respond(challenge: bytes) -> bytes:
        challenges.append(challenge)
        return b"my response"

    result, server = look(smtp(tls=good(HOST)), ":SSL", sasl=("NTLM", respond), trust=trust)

    assert result.works
    assert challenges == [b""]
    assert server.heard[1:3] == [b"AUTH NTLM\r\n", base64.b64encode(b"my response") + b"\r\n"]


def test_a_mechanism_that_gives_up(trust: Path) -> None:
    """It is cancelled, as the standard has it."""
    result, server = look(smtp(tls=good(HOST)), ":SSL", sasl=("NTLM", lambda _challenge: None), trust=trust)

    assert outcome(result) == ("AUTH", "rejected")
    assert server.heard[-2:] == [b"*\r\n", b""]


@pytest.mark.parametrize(
    ("offers", "sasl", "said"),
    [
        (("SIZE 1",), None, "AUTH is not offered"),
        (("AUTH NTLM GSSAPI",), None, "AUTH NTLM GSSAPI"),
        (("AUTH LOGIN",), ("GSSAPI", b"x"), "AUTH=GSSAPI"),
    ],
)
def test_a_login_that_is_not_offered(offers: tuple[str, ...], sasl: object, said: str, trust: Path) -> None:
    """Nothing is sent."""
    login: dict[str, object] = {"sasl": sasl} if sasl else {"credential": KIM}
    result, server = look(smtp(tls=good(HOST), offers=offers), ":SSL", trust=trust, **login)

    assert outcome(result) == ("AUTH", "not offered")
    assert result.failed is not None
    assert result.failed.said == said
    assert len(server.heard) == 1 + 1  # EHLO, and the end


def test_a_password_is_sent_in_clear_only_if_the_caller_says_so() -> None:
    """Not even what it is sent by."""
    kept, unaware = look(smtp(), credential=KIM)
    sent, aware = look(smtp(), credential=KIM, allow_insecure=True)

    assert outcome(kept) == ("AUTH", "in clear")
    assert b"AUTH" not in b"".join(unaware.heard).upper()
    assert sent.works
    assert base64.b64encode(PLAIN) + b"\r\n" in aware.heard
    assert_no_secret(sent)


def test_a_certificate_that_is_refused(trust: Path) -> None:
    """It is looked at on a second connection, by STARTTLS, and no login is tried."""
    script = smtp(starttls=issue("other.contoso.com", ["other.contoso.com"]).context())
    result, server = look(script, ":TLS", credential=KIM, trust=trust)

    assert outcome(result) == ("certificate", "self-signed")
    assert [each.subject for each in result.certificates] == ["CN=other.contoso.com"]
    assert server.clients == 2
    assert b"AUTH" not in b"".join(server.heard)


def enough_for(expected: tuple[str, str]) -> timedelta:
    """Return a short time where it is to run out, and a long one otherwise, for machines that are busy."""
    return timedelta(seconds=0.5 if expected[1] == "timed out" else 10)


def saying(*lines: str | bytes, wait: bool = True) -> Script:
    """Return a server that says one thing after each command, and then waits or closes."""

    def serve(client: Conversation) -> None:
        for number, line in enumerate(lines):
            if number:
                client.hear()
            client.send(line if isinstance(line, bytes) else f"{line}\r\n".encode())
        if wait:
            client.wait()

    return serve


def endless(first: str, again: bytes) -> Script:
    """Return a server whose answer never ends."""

    def serve(client: Conversation) -> None:
        client.send(first.encode())
        while True:
            client.send(again * 1_000)

    return serve


EHLO = "250-mail.contoso.com\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (saying("554 5.7.1 No service for you"), ("greeting", "turned away")),
        (saying("421 4.3.2 Service not active"), ("greeting", "turned away")),
        (saying("* OK The Microsoft Exchange IMAP4 service is ready."), ("greeting", "garbage")),
        (saying(b"\x16\x03\x01\r\n"), ("greeting", "garbage")),
        (saying(b"\r\n"), ("greeting", "garbage")),
        (saying("-22 hello"), ("greeting", "garbage")),
        (saying("250 hello"), ("greeting", "garbage")),
        (saying(READY, "354 go on"), ("EHLO", "garbage")),
        (saying("220-half an answer"), ("greeting", "timed out")),
        (saying(), ("greeting", "timed out")),
        (saying(wait=False), ("greeting", "closed")),
        (saying("220-half", wait=False), ("greeting", "closed")),
        (saying(READY, "502 5.5.1 Command not implemented"), ("EHLO", "rejected")),
        (saying(READY, "421 4.4.2 Timeout"), ("EHLO", "turned away")),
        (saying(READY, "no"), ("EHLO", "garbage")),
        (saying(READY, b"\r\n"), ("EHLO", "garbage")),
        (saying(READY, wait=False), ("EHLO", "closed")),
        (saying(READY, EHLO, "500 5.3.3 Unrecognized command"), ("QUIT", "rejected")),
        (endless("", b"220-again\r\n"), ("greeting", "too long")),
        (endless(f"{READY}\r\n", b"250-auth=x\r\n"), ("EHLO", "too long")),
        (endless("220 ", b"x" * 10_000), ("greeting", "too long")),
        (saying("220 " + "x" * 9_000), ("greeting", "too long")),
    ],
    ids=lambda value: "" if callable(value) else "-".join(value),
)
def test_a_server_that_does_this_ends_so(script: Script, expected: tuple[str, str]) -> None:
    """In its stage, before the deadline."""
    result, _ = look(script, timeout=enough_for(expected))

    assert outcome(result) == expected
    assert all(len(stage.said) < 1_200 for stage in result.stages)


def injecting(client: Conversation) -> None:
    """Answer STARTTLS, and go on in plain text in the same piece."""
    client.say(READY)
    client.hear()
    client.say(EHLO)
    client.hear()
    client.say("220 Go ahead", "250-mail.contoso.com", "250 AUTH LOGIN")
    client.wait()


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (smtp(), ("STARTTLS", "not offered")),
        (saying(READY, EHLO, "454 4.7.0 TLS not available"), ("STARTTLS", "rejected")),
        (saying(READY, EHLO, "220 Go ahead", b"500 what?\r\n"), ("TLS", "injected")),
        (saying(READY, EHLO, "220 Go ahead", wait=False), ("TLS", "closed")),
        (saying(READY, EHLO, "220 Go ahead"), ("TLS", "timed out")),
        (injecting, ("TLS", "injected")),
    ],
    ids=lambda value: "" if callable(value) else "-".join(value),
)
def test_starttls_that_goes_wrong_ends_so(script: Script, expected: tuple[str, str], trust: Path) -> None:
    """No login is tried."""
    result, server = look(script, ":TLS", credential=KIM, timeout=enough_for(expected), trust=trust)

    assert outcome(result) == expected
    assert b"AUTH" not in b"".join(server.heard)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("535 5.7.3 Authentication unsuccessful", ("AUTH", "rejected")),
        ("503 5.5.1 Already authenticated", ("AUTH", "rejected")),
        ("421 4.3.2 Service not active", ("AUTH", "turned away")),
        ("334 x", ("AUTH", "garbage")),
        ("what?", ("AUTH", "garbage")),
    ],
)
def test_a_login_that_goes_wrong_ends_so(answer: str, expected: tuple[str, str], trust: Path) -> None:
    """With the server's own words."""
    script = smtp(tls=good(HOST), answers={"AUTH": answer})
    result, _ = look(script, ":SSL", credential=KIM, trust=trust)

    assert outcome(result) == expected
    assert result.failed is not None
    assert answer in result.failed.said


@pytest.mark.parametrize("repeat", [lambda line: line, base64.b64decode])
def test_a_server_that_repeats_what_it_heard_tells_no_secret(repeat: Callable[[bytes], bytes], trust: Path) -> None:
    """Neither encoded nor decoded."""

    def serve(client: Conversation) -> None:
        client.start_tls(good(HOST))
        client.say(READY)
        client.hear()
        client.say("250-mail.contoso.com", "250 AUTH LOGIN")
        client.hear()
        client.say("334 ")
        client.hear()
        client.say("334 ")
        client.send(b"535 " + repeat(client.hear()) + b"\r\n")

    result, _ = look(serve, ":SSL", credential=KIM, trust=trust)

    assert outcome(result) == ("AUTH", "rejected")
    assert result.failed is not None
    assert result.failed.said == "535 ********"
    assert_no_secret(result)


def test_smtplibs_own_output_is_off(
    trust: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Somebody may have switched it on for all of a process; and an audit hook does not get the password."""
    monkeypatch.setattr(smtplib.SMTP, "debuglevel", 2)
    seen: list[str] = []
    listens = [True]
    sys.addaudithook(lambda event, arguments: seen.append(f"{event} {arguments}") if listens[0] else None)
    try:
        result, _ = look(smtp(tls=good(HOST)), ":SSL", credential=KIM, trust=trust)
    finally:
        listens.clear()
        listens.append(False)

    assert result.works
    assert capfd.readouterr() == ("", "")
    assert not [each for each in seen if PASSWORD in each or base64.b64encode(PLAIN).decode() in each]
    assert not [each for each in seen if each.startswith("smtplib.send")]


@pytest.mark.parametrize("offer", ["AUTH LOGIN", "AUTH PLAIN"])
def test_an_interrupt_while_a_password_is_sent_keeps_none(offer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither as it is, nor as it travels, in any frame of the traceback but the test's own."""
    encoded = [base64.b64encode(each) for each in (PASSWORD.encode(), PLAIN)]
    send = Connection.sendall

    def interrupt(connection: Connection, data: bytes) -> None:
        if data.strip() in encoded:
            raise KeyboardInterrupt
        send(connection, data)

    monkeypatch.setattr(Connection, "sendall", interrupt)
    with pytest.raises(KeyboardInterrupt) as caught:
        look(smtp(offers=(offer,)), credential=KIM, allow_insecure=True)

    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    kept = [repr(frame.f_locals) for frame in frames if frame.f_code.co_filename != __file__]
    assert kept
    forms = (PASSWORD, repr(PASSWORD)[1:-1], *(each.decode() for each in encoded))
    assert not [form for form in forms for text in kept if form in text]
