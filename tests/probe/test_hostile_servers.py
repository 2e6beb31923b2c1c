"""What a hostile or broken server does is a result: in its stage, with its own failure, before the deadline."""

from __future__ import annotations

import socket
import ssl
import threading
import warnings
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import exchange_imap as xi
from support.certificates import authority, good, issue
from support.ids import stable
from support.mail_servers import HOST, Conversation, Script, imap, listening, probed

SHORT = timedelta(seconds=1)
"""For servers that make a client wait; what comes before has to be done in that time, on a busy machine too."""
LONG = timedelta(seconds=20)
KIM = xi.PSCredential("kim", "correct horse")
GREETING = "* OK IMAP4 ready."


def outcome(result: xi.ProbeResult) -> tuple[str, str]:
    """Return the stage that failed, and how."""
    assert result.failed is not None, result
    assert result.failed is result.stages[-1]
    assert result.failed.failure is not None
    assert not result.works
    assert result.findings[0].severity is xi.Severity.ERROR
    assert result.findings[0].evidence[0] == ("connection", str(result.setting))
    assert str(result).split("\n")[0].endswith(result.findings[0].reason)
    return result.failed.name.value, result.failed.failure.value


def saying(*lines: str | bytes, wait: bool = True) -> Script:
    """Return a server that says this, whatever it hears, and then waits or closes."""

    def serve(client: Conversation) -> None:
        for line in lines:
            client.send(line if isinstance(line, bytes) else f"{line}\r\n".encode())
        if wait:
            client.wait()

    return serve


def answering(*answers: str, greeting: str = GREETING, then: Callable[[Conversation], None] | None = None) -> Script:
    """Return a server that answers one command after the other with these, and then waits or does something."""

    def serve(client: Conversation) -> None:
        client.say(greeting)
        for answer in answers:
            tag = client.hear().decode().partition(" ")[0]
            client.send(answer.replace("{tag}", tag).encode())
        if then is None:
            client.wait()
        else:
            then(client)

    return serve


def limit(expected: tuple[str, str]) -> timedelta:
    """Return a time limit: a short one where it is what ends the probe."""
    return SHORT if expected[1] == "timed out" else LONG


CAPABLE = "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n{tag} OK done.\r\n"
OK = "{tag} OK done.\r\n"


def trickle(client: Conversation) -> None:
    """Say something again and again, and never a whole line."""
    while True:
        client.send(b"*")


def flood(client: Conversation) -> None:
    """Greet with 10 MB."""
    client.send(b"* OK " + b"x" * 10_000_000 + b"\r\n")


def chatter(client: Conversation) -> None:
    """Say one short line after the other."""
    client.say(GREETING)
    while True:
        client.send(b"* OK still here\r\n" * 1_000)


def answer_in_clear(client: Conversation) -> None:
    """Answer the ClientHello as if it were a command."""
    client.sock.recv(1)
    client.say("* OK what is that?")


def alert(client: Conversation) -> None:
    """Answer the ClientHello with a TLS alert: handshake_failure."""
    client.sock.recv(4096)
    client.send(b"\x15\x03\x01\x00\x02\x02\x28")


def close(_client: Conversation) -> None:
    """Leave."""


def reset(client: Conversation) -> None:
    """Leave without a good-bye of TCP, once the client has sent something."""
    client.sock.recv(1)
    client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (saying(), ("greeting", "timed out")),
        (saying("* OK ready", "* what is this", "nonsense"), ("CAPABILITY", "garbage")),
        (trickle, ("greeting", "timed out")),
        (flood, ("greeting", "too long")),
        (chatter, ("CAPABILITY", "too long")),
        (close, ("greeting", "closed")),
        (answering(CAPABLE, then=reset), ("LOGOUT", "closed")),
        (saying(b"* OK half a li", wait=False), ("greeting", "closed")),
        (saying("SSH-2.0-OpenSSH_9.2"), ("greeting", "garbage")),
        (saying(b"\x00\xff\xfe\r\n"), ("greeting", "garbage")),
        (saying("* OK lines", b"without carriage return\n"), ("CAPABILITY", "garbage")),
        (saying("* BYE Server Unavailable. 21"), ("greeting", "turned away")),
        (saying("* NO"), ("greeting", "garbage")),
        (saying("* OK a literal {9999999999}"), ("greeting", "too long")),
        (saying(f"* OK a literal {{{'9' * 5_000}}}"), ("greeting", "garbage")),
        (saying("* OK a literal {100}"), ("greeting", "timed out")),
        (answering("{tag} OK nothing said.\r\n"), ("CAPABILITY", "garbage")),
        (answering("* CAPABILITY POP3\r\n{tag} OK\r\n{tag} OK done.\r\n"), ("CAPABILITY", "garbage")),
        (answering("* CAPABILITY POP3\r\n{tag} OK done.\r\n"), ("CAPABILITY", "garbage")),
        (answering("* CAPABILITY IMAP4rev1 ä\r\n{tag} OK done.\r\n"), ("CAPABILITY", "garbage")),
        (answering("* CAPABILITY {3}\r\nabc\r\n{tag} OK done.\r\n"), ("CAPABILITY", "garbage")),
        (answering("{tag} BAD no.\r\n"), ("CAPABILITY", "garbage")),
        (answering("* BYE idle for too long.\r\n"), ("CAPABILITY", "turned away")),
        (answering("* CAPABILITY IMAP4", then=close), ("CAPABILITY", "closed")),
        (answering(CAPABLE, "{tag} OK", then=close), ("LOGOUT", "closed")),
        (answering(CAPABLE, "{tag} NO stay.\r\n"), ("LOGOUT", "rejected")),
        (answering(CAPABLE, "+ go on\r\n"), ("LOGOUT", "timed out")),
    ],
    ids=stable,
)
def test_a_server_without_tls_that_does_this_ends_so(script: Script, expected: tuple[str, str]) -> None:
    """Those that say nothing end at the deadline, the others long before it."""
    result, _ = probed(script, timeout=limit(expected))

    assert outcome(result) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (answering("* CAPABILITY IMAP4rev1\r\n{tag} OK done.\r\n"), ("STARTTLS", "not offered")),
        (answering(CAPABLE, "{tag} NO not today.\r\n"), ("STARTTLS", "rejected")),
        (answering(CAPABLE, "{tag} BAD what?\r\n"), ("STARTTLS", "rejected")),
        (answering(CAPABLE, "* BYE\r\n"), ("STARTTLS", "turned away")),
        (answering(CAPABLE, then=close), ("STARTTLS", "closed")),
        (answering(CAPABLE, greeting="* PREAUTH welcome, kim"), ("STARTTLS", "already logged in")),
        (answering(CAPABLE, f"{OK}* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"), ("TLS", "injected")),
        (answering(CAPABLE, f"{OK}\x16"), ("TLS", "injected")),
        (answering(CAPABLE, OK, then=answer_in_clear), ("TLS", "injected")),
        (answering(CAPABLE, OK, then=close), ("TLS", "closed")),
        (answering(CAPABLE, OK, then=alert),
         ("TLS", "TLS failed")),
    ],
    ids=stable,
)  # fmt: skip
def test_starttls_that_goes_wrong_ends_so(script: Script, expected: tuple[str, str]) -> None:
    """And no credential is sent, nor anything read that came in clear."""
    result, server = probed(script, ":TLS", credential=KIM)

    assert outcome(result) == expected
    assert not any(word in line for line in server.heard for word in (b"LOGIN", b"AUTHENTICATE"))
    assert result.tls is None
    assert result.capabilities == ()


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (saying(GREETING, "\x16\x03\x01 said back"), ("TLS", "not TLS")),
        (saying(), ("TLS", "timed out")),
        (saying(b"\x16\x03\x03"), ("TLS", "timed out")),
        (close, ("TLS", "closed")),
        (reset, ("TLS", "closed")),
        (saying(b"\x16\x03\x03\x00\x04abcd"), ("TLS", "TLS failed")),
    ],
    ids=stable,
)
def test_a_server_for_tls_that_does_this_ends_so(script: Script, expected: tuple[str, str]) -> None:
    """A server that speaks plain text says what it is."""
    result, _ = probed(script, ":SSL", timeout=limit(expected))

    assert outcome(result) == expected
    assert result.failed is not None
    assert expected[1] != "not TLS" or result.failed.said == GREETING


def test_old_tls_is_refused(trust: Path) -> None:
    """A client that is careful does not speak TLS 1.1."""
    context = issue(HOST, [HOST], issuer=authority()).context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    result, _ = probed(imap(tls=context), ":SSL", trust=trust)

    assert outcome(result) == ("TLS", "TLS failed")


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (close, ("greeting", "closed")),
        (lambda client: client.wait(), ("greeting", "timed out")),
        (lambda client: client.send(b"x" * 2_000_000), ("greeting", "too long")),
        (lambda client: client.sock.unwrap(), ("greeting", "closed")),
        (lambda client: socket.socket.send(client.sock, b"\x17\x03\x03\x00\x05abcde"), ("greeting", "TLS failed")),
    ],
    ids=["closes", "hangs", "floods", "ends TLS", "breaks TLS"],
)  # fmt: skip
def test_what_goes_wrong_within_tls_ends_so(
    after: Callable[[Conversation], None], expected: tuple[str, str], trust: Path
) -> None:
    """The same bounds hold there."""

    def serve(client: Conversation) -> None:
        client.start_tls(good(HOST))
        after(client)

    result, _ = probed(serve, ":SSL", trust=trust, timeout=limit(expected))

    assert outcome(result) == expected
    assert result.trusted


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("{tag} OK done.", ("CAPABILITY", "garbage")),
        ("{tag} BAD no.", ("CAPABILITY", "rejected")),
        ("* CAPABILITY ü", ("CAPABILITY", "garbage")),
        ("* BYE", ("CAPABILITY", "turned away")),
    ],
    ids=stable,
)
def test_what_a_server_says_after_starttls_counts_alone(answer: str, expected: tuple[str, str], trust: Path) -> None:
    """What it offered before is forgotten: somebody between may have said it."""

    def serve(client: Conversation) -> None:
        answering(CAPABLE, f"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{OK}", then=lambda c: c.start_tls(good(HOST)))(client)
        tag = client.hear().decode().partition(" ")[0]
        client.say(answer.replace("{tag}", tag), f"{tag} OK done.")
        client.wait()

    result, _ = probed(serve, ":TLS", credential=KIM, trust=trust)

    assert outcome(result) == expected
    assert result.capabilities == ()


# -- the way to a server -----------------------------------------------------------------------------------------------


def free_port() -> int:
    """Return a port at which nothing listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def test_nothing_listens() -> None:
    result = xi.probe(f"{HOST}:{free_port()}:SSL", address="127.0.0.1", timeout=LONG)

    assert outcome(result) == ("TCP", "refused")
    assert result.address is None


def test_every_address_is_reported_and_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until one answers; what the others did is said."""
    with listening(imap()) as server:
        monkeypatch.setattr(socket, "getaddrinfo", addresses("127.0.0.2", "127.0.0.1", "127.0.0.3"))
        result = xi.probe(f"{HOST}:{server.port}", timeout=LONG)

    assert result.works
    assert result.addresses == ("127.0.0.2", "127.0.0.1", "127.0.0.3")
    assert result.address == "127.0.0.1"
    assert [stage.said for stage in result.stages[:2]] == [
        "127.0.0.2, 127.0.0.1, 127.0.0.3",
        "127.0.0.2 refused, 127.0.0.1 answers",
    ]


REAL = socket.getaddrinfo


def addresses(*found: str | Exception, asked: list[object] | None = None) -> Callable[..., list[object]]:
    """Return a ``getaddrinfo`` that knows one name."""

    def look_up(host: str, port: int, *args: object, **options: object) -> list[object]:
        if host[:1].isdigit() or ":" in host:
            return [*REAL(host, port, *args, **options)]  # type: ignore[arg-type]  # as it was called
        if asked is not None:
            asked.append(host)
        for each in found:
            if isinstance(each, Exception):
                raise each
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    return look_up


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "name not found"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "no DNS answer"),
        (OSError("out of files"), "no DNS answer"),
    ],
    ids=stable,
)
def test_a_name_that_is_not_found(error: Exception, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that does not exist, and a look-up that failed, are told apart."""
    monkeypatch.setattr(socket, "getaddrinfo", addresses(error))
    result = xi.probe("mail.contoso.com:993:SSL", timeout=LONG)

    assert outcome(result) == ("DNS", expected)
    assert result.addresses == ()


def test_a_look_up_that_hangs_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """``getaddrinfo`` itself has no limit."""
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait(10) and [])
    result = xi.probe("mail.contoso.com:993:SSL", timeout=SHORT)
    answered.set()

    assert outcome(result) == ("DNS", "timed out")


def test_a_name_with_other_letters_is_looked_up_in_ascii(trust: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the certificate is compared with it in that form."""
    asked: list[object] = []
    context = issue(None, ["mail.xn--bcher-kva.example"], issuer=authority()).context()
    monkeypatch.setattr(socket, "getaddrinfo", addresses("127.0.0.1", asked=asked))
    with listening(imap(tls=context)) as server:
        result = xi.probe(f"mail.b\u00fccher.example.:{server.port}:SSL", trust=trust, timeout=LONG)

    assert result.works, result
    assert asked == ["mail.xn--bcher-kva.example"]
    assert result.certificates[0].covers("mail.b\u00fccher.example")


def test_a_name_that_dns_cannot_have_is_not_found() -> None:
    name = "\u00fc" * 60
    result = xi.probe(f"{name}.example:993:SSL", timeout=SHORT)

    assert outcome(result) == ("DNS", "name not found")


def test_a_host_that_is_an_address_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", addresses("127.0.0.1", asked=asked))
    with listening(imap()) as server:
        result = xi.probe(f"127.0.0.1:{server.port}", timeout=LONG)

    assert result.works
    assert (result.addresses, asked) == (("127.0.0.1",), [])


def test_ipv6() -> None:
    with listening(imap(), "::1") as server:
        result = xi.probe(f"{HOST}:{server.port}", address="::1", timeout=LONG)

    assert result.works
    assert result.address == "::1"


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ([OSError(101, "Network is unreachable"), ConnectionRefusedError()], "refused"),
        ([OSError(101, "Network is unreachable"), OSError(113, "No route to host")], "unreachable"),
        ([TimeoutError(), ConnectionRefusedError()], "timed out"),
        ([ConnectionResetError(104, "Connection reset by peer"), TimeoutError()], "closed"),
        ([OSError("no number"), TimeoutError()], "timed out"),
    ],
    ids=stable,
)
def test_how_a_connection_fails(errors: list[OSError], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A way that this machine does not have says less than what the server does."""
    tried: list[float] = []

    def fail(_address: object, share: float) -> None:
        tried.append(share)
        raise errors[len(tried) - 1]

    monkeypatch.setattr(socket, "getaddrinfo", addresses("192.0.2.1", "192.0.2.2"))
    monkeypatch.setattr(socket, "create_connection", fail)
    result = xi.probe("mail.contoso.com:993:SSL", timeout=LONG)

    assert outcome(result) == ("TCP", expected)
    assert tried[0] <= LONG.total_seconds() / 2 < tried[1]


def test_an_address_that_hangs_may_take_all_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the next ones are not tried, and the deadline holds."""

    def hang(_address: object, share: float) -> None:
        threading.Event().wait(share * 3)
        raise TimeoutError

    monkeypatch.setattr(socket, "getaddrinfo", addresses("192.0.2.1", "192.0.2.2"))
    monkeypatch.setattr(socket, "create_connection", hang)
    result = xi.probe("mail.contoso.com:993:SSL", timeout=SHORT)

    assert outcome(result) == ("TCP", "timed out")
    assert result.stages[-1].said == "192.0.2.1 timed out, 192.0.2.2 timed out"
