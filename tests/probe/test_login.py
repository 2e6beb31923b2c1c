"""What a probe sends to log in, when it sends nothing, and that no secret shows anywhere."""

from __future__ import annotations

import base64
import imaplib
import json
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import spnego

import exchange_imap as xi
from exchange_imap._probe.connection import Connection
from support.certificates import good
from support.ids import stable
from support.mail_servers import HOST, Conversation, Listening, imap, listening, probed

PASSWORD = 'c0rrect "horse\\'  # noqa: S105 - the canary, and of nobody
KIM = xi.PSCredential('contoso\\kim "K"', PASSWORD)
PLAIN = b"\0" + KIM.user_name.encode() + b"\0" + PASSWORD.encode()
WITHOUT_PLAIN = "IMAP4rev1 AUTH=NTLM AUTH=GSSAPI"


def forms() -> Iterator[str]:
    """Yield the forms in which the password travels, and a part of it, which no way to escape it changes."""
    yield "c0rrect"
    for data in (PASSWORD.encode(), PLAIN):
        yield data.decode()
        yield repr(data.decode())[1:-1]
        yield base64.b64encode(data).decode()
    yield PASSWORD.replace("\\", "\\\\").replace('"', '\\"')


def assert_no_secret(result: xi.ProbeResult) -> None:
    """Assert that nothing that can be had of a result has the password."""
    texts = [str(result), repr(result), json.dumps(result.to_dict()), pickle.dumps(result).decode("latin-1")]
    assert not [form for form in forms() for text in texts if form in text]


def failure(result: xi.ProbeResult) -> tuple[str, str | None]:
    """Return the stage that failed, and how."""
    assert result.failed is not None, result
    return result.failed.name.value, result.failed.failure


def commands(server: Listening) -> list[bytes]:
    """Return what the server heard, without tags."""
    return [line.strip().partition(b" ")[2] or line.strip() for line in server.heard]


def test_a_password_is_sent_by_plain(trust: Path) -> None:
    """Where the server offers it, as it takes every character."""
    result, server = probed(imap(tls=good(HOST)), ":SSL", credential=KIM, trust=trust)

    assert result.works
    assert commands(server)[1:3] == [b"AUTHENTICATE PLAIN", base64.b64encode(PLAIN)]
    assert_no_secret(result)


def test_a_password_is_sent_by_login_otherwise(trust: Path) -> None:
    """User and password are quoted strings."""
    script = imap(tls=good(HOST), capabilities=WITHOUT_PLAIN)
    result, server = probed(script, ":SSL", credential=KIM, trust=trust)

    assert result.works
    assert commands(server)[1] == b'LOGIN "contoso\\\\kim \\"K\\"" "c0rrect \\"horse\\\\"'
    assert_no_secret(result)


def test_login_takes_only_ascii(trust: Path) -> None:
    """What other letters mean there, no standard says: nothing is sent."""
    kim = xi.PSCredential("kim", "p\u00e4ssword")
    result, server = probed(imap(tls=good(HOST), capabilities=WITHOUT_PLAIN), ":SSL", credential=kim, trust=trust)
    others, _ = probed(imap(tls=good(HOST)), ":SSL", credential=kim, trust=trust)

    assert failure(result) == ("login", "unusable")
    assert len(server.heard) == 2
    assert others.works


@pytest.mark.parametrize("method", ["", ":TLS"])
def test_nothing_is_sent_in_clear(method: str) -> None:
    """Neither where the setting is not encrypted, nor where TLS cannot be had."""
    result, server = probed(imap(), method, credential=KIM)

    assert failure(result) == (("login", "in clear") if not method else ("STARTTLS", "not offered"))
    assert commands(server) == [b"CAPABILITY", b""]


def test_a_password_is_sent_in_clear_if_the_caller_says_so() -> None:
    """And the setting is not encrypted."""
    result, server = probed(imap(), credential=KIM, allow_insecure=True)
    tried, others = probed(imap(), ":TLS", credential=KIM, allow_insecure=True)

    assert result.works
    assert base64.b64encode(PLAIN) in commands(server)
    assert failure(tried) == ("STARTTLS", "not offered")
    assert base64.b64encode(PLAIN) not in commands(others)


def test_login_that_is_disabled_is_not_tried() -> None:
    """The server says so before TLS, as Exchange does with SecureLogin."""
    result, server = probed(imap(capabilities="IMAP4rev1 LOGINDISABLED"), credential=KIM, allow_insecure=True)

    assert failure(result) == ("login", "disabled")
    assert commands(server) == [b"CAPABILITY", b""]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"AUTHENTICATE": ["{tag} NO AUTHENTICATE failed."]}, ("login", "rejected")),
        ({"AUTHENTICATE": ["{tag} BAD what?"]}, ("login", "rejected")),
        ({"AUTHENTICATE": ["* BYE too many", "{tag} NO x"]}, ("login", "turned away")),
        ({"AUTHENTICATE": ["+ abc"]}, ("login", "garbage")),
        ({"EXAMINE": ["{tag} NO INBOX doesn't exist."]}, ("SELECT", "rejected")),
        ({"EXAMINE": ["{tag} BAD User is authenticated but not connected."]}, ("SELECT", "rejected")),
        ({"NOOP": ["{tag} NO way"]}, ("NOOP", "rejected")),
        ({"NOOP": ["* BYE idle", "{tag} OK x"]}, ("NOOP", "turned away")),
    ],
    ids=stable,
)
def test_a_server_that_says_no(answers: dict[str, list[str]], expected: tuple[str, str], trust: Path) -> None:
    """Its words are in the stage."""
    result, _ = probed(imap(tls=good(HOST), answers=answers), ":SSL", credential=KIM, trust=trust)

    assert failure(result) == expected
    assert_no_secret(result)


def authenticating(*challenges: str, end: str, line_end: str = "\r\n") -> Callable[[Conversation], None]:
    """Return a server with TLS that sends these challenges; in its last word ``{heard}`` is what it heard last."""

    def serve(client: Conversation) -> None:
        client.start_tls(good(HOST))
        client.say("* OK ready")
        tag = client.hear().decode().partition(" ")[0]
        client.say("* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=NTLM", f"{tag} OK done")
        heard = client.hear().decode()
        tag = heard.partition(" ")[0]
        for challenge in challenges:
            client.say(f"+ {challenge}")
            heard = client.hear().decode()
        client.send((end.replace("{tag}", tag).replace("{heard}", heard) + line_end).encode())
        if line_end:
            client.hear()

    return serve


@pytest.mark.parametrize("word", ["NO", "BAD", "OK [CAPABILITY X]"])
def test_a_server_that_repeats_what_it_heard_tells_no_secret(word: str, trust: Path) -> None:
    """In any form in which the password travelled."""
    said = f"{{tag}} {word} {{heard}} and {PASSWORD} and {PLAIN.decode()} for kim"
    result, _ = probed(authenticating("", end=said), ":SSL", credential=KIM, trust=trust)

    (login,) = [stage for stage in result.stages if stage.name is xi.Stage.LOGIN]
    assert "********" in login.said
    assert "for kim" in login.said
    assert_no_secret(result)


@pytest.mark.parametrize("padding", [190, 990, 3_990])
@pytest.mark.parametrize("end", ["\r\n", ""], ids=["a line", "cut"])
def test_a_secret_where_a_text_is_cut_is_masked_too(padding: int, end: str, trust: Path) -> None:
    """It is masked before: a part of it would not be found."""
    script = authenticating("", end=f"x{'x' * padding}{PASSWORD}", line_end=end)
    result, _ = probed(script, ":SSL", credential=KIM, trust=trust)

    assert failure(result) == ("login", "garbage" if end else "closed")
    assert_no_secret(result)


@pytest.mark.parametrize(
    "password", ['don\'t "say" \\', "p\u00e4ssw\u00f6rd", "\u6f22\u5b57'", "plain", "sp ace ", "li\u2028ne"]
)
@pytest.mark.parametrize("quotes", ["", "'", '"', "'\""])
def test_a_secret_in_the_repr_of_an_answer_is_masked_too(password: str, quotes: str, trust: Path) -> None:
    """``imaplib`` puts what it does not understand into its errors so."""
    kim = xi.PSCredential("kim", password)
    for said in ("what is", "{tag} BAD", "{tag} NO", "{tag} OK"):
        script = authenticating("", end=f"{said} {quotes} {password}")
        result, _ = probed(script, ":SSL", credential=kim, trust=trust)
        (shown,) = [stage.said for stage in result.stages if stage.name is xi.Stage.LOGIN]

        assert "********" in shown
        for form in (password.strip(), repr(password.encode())[2:-1], repr(password.encode() + b"'\"")[2:-4]):
            assert form not in shown


def test_a_server_that_asks_again_gets_no_second_answer(trust: Path) -> None:
    """PLAIN has one response: the client gives up (RFC 3501, 6.2.2)."""
    script = authenticating("", "bW9yZQ==", end="{tag} BAD you said {heard}")
    result, server = probed(script, ":SSL", credential=KIM, trust=trust)

    assert failure(result) == ("login", "rejected")
    assert commands(server)[-1] in {b"*", b""}
    assert b"*\r\n" in server.heard


# -- SASL --------------------------------------------------------------------------------------------------------------


def test_a_mechanism_with_one_response(trust: Path) -> None:
    """As it was made beforehand."""
    script = authenticating("", end="{tag} OK done")
    result, server = probed(script, ":SSL", sasl=("plain", b"made before"), trust=trust)

    assert result.stages[-1].name is xi.Stage.SELECT
    assert base64.b64encode(b"made before") in commands(server)
    assert base64.b64encode(b"made before").decode() not in str(result.to_dict())


def test_a_mechanism_with_a_function_that_responds(trust: Path) -> None:
    """Which gets each challenge, as ``spnego.client(...).step`` wants it."""
    heard: list[bytes] = []

    def step(challenge: bytes) -> bytes:
        heard.append(challenge)
        return b"answer %d" % len(heard)

    script = authenticating("", base64.b64encode(b"challenge").decode(), end="{tag} NO {heard} answer 1")
    result, server = probed(script, ":SSL", sasl=("NTLM", step), trust=trust)

    assert failure(result) == ("login", "rejected")
    assert heard == [b"", b"challenge"]
    assert commands(server)[1:4] == [b"AUTHENTICATE NTLM", base64.b64encode(b"answer 1"), base64.b64encode(b"answer 2")]
    assert result.stages[-1].said == "******** ********"


def test_ntlm_by_pyspnego(trust: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its ``step`` is the function that responds, and the server half of pyspnego accepts what it says."""
    users = tmp_path / "users"
    users.write_text(f"contoso:kim:{PASSWORD}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(users))

    def serve(client: Conversation) -> None:
        accept = spnego.server(protocol="ntlm")
        client.start_tls(good(HOST))
        client.say("* OK ready")
        while tag := client.hear().decode().partition(" ")[0]:
            match client.server.heard[-1].split()[1:]:
                case [b"CAPABILITY"]:
                    client.say("* CAPABILITY IMAP4rev1 AUTH=NTLM")
                case [b"AUTHENTICATE", b"NTLM"]:
                    client.say("+ ")
                    challenge = accept.step(base64.b64decode(client.hear())) or b""
                    client.say(f"+ {base64.b64encode(challenge).decode()}")
                    accept.step(base64.b64decode(client.hear()))
                    assert accept.complete
            client.say(f"{tag} OK done")

    context = spnego.client("contoso\\kim", PASSWORD, hostname=HOST, service="imap", protocol="ntlm")
    result, _ = probed(serve, ":SSL", sasl=("NTLM", context.step), trust=trust)

    assert context.complete
    assert result.works, result
    assert_no_secret(result)


def test_a_mechanism_that_is_not_offered_is_not_tried(trust: Path) -> None:
    result, server = probed(imap(tls=good(HOST)), ":SSL", sasl=("GSSAPI", b"ticket"), trust=trust)

    assert failure(result) == ("login", "not offered")
    assert commands(server) == [b"CAPABILITY", b""]


def broken(challenge: bytes) -> bytes:
    """Fail, and say what must not be said."""
    raise ValueError(PASSWORD, challenge)


@pytest.mark.parametrize(
    ("respond", "said"),
    [
        (broken, "the SASL function raised ValueError"),
        (lambda _: PASSWORD, "the SASL function returned str, not bytes"),
    ],
    ids=["raises", "returns text"],
)
def test_a_function_that_fails_is_a_failure_of_the_login(respond: object, said: str, trust: Path) -> None:
    """It was given what a server sent."""
    result, _ = probed(imap(tls=good(HOST)), ":SSL", sasl=("PLAIN", respond), trust=trust)

    assert failure(result) == ("login", "unusable")
    assert result.stages[-1].said == said
    assert_no_secret(result)


def test_a_server_to_which_one_is_logged_in_already(trust: Path) -> None:
    """There is nothing to log in to."""
    script = imap(tls=good(HOST), greeting="* PREAUTH welcome")
    result, server = probed(script, ":SSL", credential=KIM, trust=trust)

    assert failure(result) == ("login", "already logged in")
    assert commands(server) == [b"CAPABILITY", b""]


# -- nothing else has it -----------------------------------------------------------------------------------------------


def test_imaplibs_own_output_is_off(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, trust: Path
) -> None:
    """It would print every command."""
    monkeypatch.setattr(imaplib, "Debug", 5)
    with caplog.at_level(logging.DEBUG):
        for capabilities in (WITHOUT_PLAIN, "IMAP4rev1 AUTH=PLAIN"):
            probed(imap(tls=good(HOST), capabilities=capabilities), ":SSL", credential=KIM, trust=trust)
    printed = "".join(capfd.readouterr()) + caplog.text

    assert not [form for form in forms() if form in printed]


def test_an_interrupt_passes_and_closes_the_connection(trust: Path) -> None:
    """The frames of its traceback keep no secret."""

    def interrupt(_challenge: bytes) -> bytes:
        raise KeyboardInterrupt

    with listening(imap(tls=good(HOST))) as server, pytest.raises(KeyboardInterrupt) as caught:
        xi.probe(f"{HOST}:{server.port}:SSL", address="127.0.0.1", sasl=("PLAIN", interrupt), trust=trust)
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]

    assert server.heard[-1] == b""
    assert not any("sock" in frame.f_locals for frame in frames if "_probe" in frame.f_code.co_filename)


def test_an_interrupt_while_a_password_is_sent_keeps_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither as it is, nor as it travels."""

    def interrupt(self: Connection, data: bytes) -> None:
        sent.append(data)
        if b"LOGIN" in data or PLAIN in base64.b64decode(data + b"===", validate=False):
            raise KeyboardInterrupt
        send(self, data)

    send = Connection.sendall
    for capabilities in (WITHOUT_PLAIN, "IMAP4rev1 AUTH=PLAIN"):
        sent: list[bytes] = []
        monkeypatch.setattr(Connection, "sendall", interrupt)
        with pytest.raises(KeyboardInterrupt) as caught:
            probed(imap(capabilities=capabilities), credential=KIM, allow_insecure=True)
        monkeypatch.setattr(Connection, "sendall", send)
        frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
        kept = [repr(frame.f_locals) for frame in frames if frame.f_code.co_filename != __file__]

        assert len(sent) == 2 + ("PLAIN" in capabilities)
        assert kept
        assert not [form for form in forms() for text in kept if form in text]


# -- wrong arguments ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "field", "fragment"),
    [
        ({"credential": xi.CredentialPrompt("kim")}, "credential", "nobody is there"),
        ({"credential": lambda: "kim"}, "credential", "a function that returns a PSCredential"),
        ({"credential": xi.PSCredential("kim\r\nA1 DELETE x", "x")}, "credential", "without control characters"),
        ({"credential": xi.PSCredential("kim", "x\0y")}, "credential", "without control characters"),
        ({"credential": KIM, "sasl": ("NTLM", b"x")}, "sasl", "Give one of them"),
        ({"sasl": ("NTLM\r\nA1 X", b"x")}, "sasl", "SASL mechanism"),
        ({"sasl": "NTLM"}, "sasl", "a tuple"),
        ({"address": "mail.contoso.com"}, "address", "an IP address"),
        ({"timeout": timedelta()}, "timeout", "longer than none"),
        ({"timeout": 5}, "timeout", "a timedelta"),
    ],
    ids=stable,
)
def test_wrong_arguments_are_refused(options: dict[str, Any], field: str, fragment: str) -> None:  # Any: wrong ones
    """Before anything is done."""
    with pytest.raises(xi.InvalidValueError) as caught:
        xi.probe("mail.contoso.com:993:SSL", **options)

    assert caught.value.field == f"probe({field})"
    assert fragment in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_a_credential_may_be_a_function(trust: Path) -> None:
    """It is called when it is needed: a secret does not have to be handed around."""
    result, server = probed(imap(tls=good(HOST)), ":SSL", credential=lambda: KIM, trust=trust)

    assert result.works
    assert base64.b64encode(PLAIN) in commands(server)
