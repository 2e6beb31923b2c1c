"""A server, or somebody in between, that means harm: no answer makes more of us than was asked for."""

from __future__ import annotations

import gzip
import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
import spnego
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from pypsrp.exceptions import AuthenticationError
from urllib3.exceptions import NewConnectionError

import exchange_imap as xi
from exchange_imap._transports.psrp import channel as channel_module
from exchange_imap._transports.psrp import login as login_module
from exchange_imap._transports.psrp.channel import Channel, Page, RedirectError, TooLargeError, UnaskedError
from exchange_imap._transports.psrp.login import headers_of, log_in
from exchange_imap._transports.psrp.messages import Messages, SealError
from exchange_imap._transports.psrp.options import ConnectionOptions, mask
from exchange_imap.testing import FakeExchange, PsrpServer, WireFault, WireFaultKind
from support.canned import Canned, page

READ = xi.Pipeline((xi.GetImapSettings(),))
WRITE = xi.Pipeline((xi.SetImapSettings(banner="x"),))
LOGINS: dict[str, Any] = {"basic": {}, "ntlm": {"auth": "ntlm", "allow_insecure": False}}


@pytest.fixture
def psrp() -> Iterator[PsrpServer]:
    """Serve a freshly installed server."""
    with PsrpServer(FakeExchange(servers=["MBX01"]), authentication=["basic", "negotiate"]) as psrp:
        yield psrp
    assert psrp.errors == []
    assert psrp.open_shells == 0


@pytest.mark.parametrize("login", LOGINS.values(), ids=LOGINS)
@pytest.mark.parametrize(("action", "sent"), [("Create", False), ("Command", None)])
def test_no_redirect_is_followed(psrp: PsrpServer, login: Any, action: str, sent: bool | None) -> None:
    """The error names where it pointed; nobody there hears of it, nor of the password. It proves nothing."""
    with Canned(page()) as elsewhere:
        place = f"http://127.0.0.1:{elsewhere.port}/PowerShell"
        psrp.fail(WireFault(kind=WireFaultKind.REDIRECT, action=action, server_text=place))
        with psrp.exchange(**login) as transport, pytest.raises(xi.EndpointError) as caught:
            transport.run(WRITE)

    assert place in str(caught.value)
    assert caught.value.sent is sent
    assert not elsewhere.requests
    assert not psrp.fake.writes


def test_nothing_is_taken_from_the_environment(
    psrp: PsrpServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither a proxy nor a login that a file of the user's has for the host."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n", encoding="ascii")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    with psrp.exchange() as transport:
        assert len(transport.run(READ).records) == 1
    with psrp.exchange(no_proxy=False) as transport, pytest.raises(xi.EndpointError, match="proxy"):
        transport.run(READ)


def test_a_proxy_is_told_who_asks() -> None:
    """By name and password of its address, and is sent the whole address."""
    with Canned(page("502 Bad Gateway")) as proxy:
        options: xi.PsrpOptions = {"auth": "basic", "username": "u", "password": "p", "allow_insecure": True}
        options["proxy"] = f"http://u%40x:p@127.0.0.1:{proxy.port}"
        with (
            xi.PsrpTransport.exchange("mbx01.contoso.com", **options) as transport,
            pytest.raises(xi.TransportError, match="HTTP 502"),
        ):
            transport.run(READ)

    assert proxy.requests[0].startswith(b"POST http://mbx01.contoso.com:80/PowerShell ")
    assert b"proxy-authorization: Basic dUB4OnA=" in proxy.requests[0]


def test_a_proxy_that_does_not_let_it_pass_is_told(psrp: PsrpServer) -> None:
    """TLS goes through it to the server; what is asked of the proxy is not yet the message."""
    with Canned(page("403 Forbidden")) as proxy:
        options: xi.PsrpOptions = {"ssl": True, "proxy": f"http://127.0.0.1:{proxy.port}"}
        with psrp.exchange(**options) as transport, pytest.raises(xi.EndpointError, match="proxy") as caught:
            transport.run(READ)

    assert caught.value.sent is False
    assert proxy.requests[0].startswith(b"CONNECT ")


@pytest.mark.parametrize("login", LOGINS.values(), ids=LOGINS)
def test_what_is_compressed_without_being_asked_for_is_not_unpacked(psrp: PsrpServer, login: Any) -> None:
    """A megabyte may be gigabytes."""
    with psrp.exchange(**login) as transport:
        transport.run(READ)
        psrp.fail(WireFault(kind=WireFaultKind.COMPRESSED, action="Receive", times=2))
        with pytest.raises(xi.TransportError, match="encoded with 'gzip'"):
            transport.run(READ)
        assert len(transport.run(READ).records) == 1


def test_an_answer_larger_than_it_may_be_ends_its_command(psrp: PsrpServer) -> None:
    """The option says how large; the session goes on."""
    server = psrp.fake.server("MBX01")
    with psrp.exchange(max_answer_size=600_000) as transport:
        assert len(transport.run(READ).records) == 1
        server.stored = attrs.evolve(server.stored, banner="x" * 900_000)
        with pytest.raises(xi.TransportError, match="max_answer_size=") as caught:
            transport.run(READ)
        server.stored = attrs.evolve(server.stored, banner="x")
        assert len(transport.run(READ).records) == 1

    assert caught.value.sent is True
    assert psrp.requests["Create"] == 1


@pytest.mark.parametrize(
    "fault",
    [
        WireFault(kind=WireFaultKind.FAULT_AFTER, action="Command", in_clear=True, code=2150859175),
        WireFault(kind=WireFaultKind.FAULT_AFTER, action="Command", in_clear=True, code=2150858843),
        WireFault(kind=WireFaultKind.FAULT_AFTER, action="Command", in_clear=True),
    ],
    ids=["throttled", "no such shell", "aborted"],
)
def test_a_fault_in_clear_is_not_the_server_s_word(psrp: PsrpServer, fault: WireFault) -> None:
    """Anybody in between can write one where messages are encrypted: the shell is asked, and has the answer."""
    with psrp.exchange(**LOGINS["ntlm"]) as transport:
        transport.run(READ)
        psrp.fail(fault)
        assert transport.run(WRITE).warnings

    assert len(psrp.fake.writes) == 1


@pytest.mark.parametrize(
    "kind",
    [WireFaultKind.FAULT_BEFORE, WireFaultKind.NOT_FOUND, WireFaultKind.UNAUTHORIZED],
    ids=lambda kind: kind.name,
)
def test_where_the_question_is_answered_in_clear_too_nothing_is_known(psrp: PsrpServer, kind: WireFaultKind) -> None:
    """A refusal that would prove something if it were the server's."""
    with psrp.exchange(**LOGINS["ntlm"]) as transport:
        transport.run(READ)
        for action in ("Command", "Receive"):
            psrp.fail(WireFault(kind=kind, action=action, code=2150858843, in_clear=True))
        with pytest.raises(xi.TransportError, match="in clear") as caught:
            transport.run(WRITE)

    assert caught.value.sent is None


def test_a_connection_that_the_server_has_closed_is_made_anew_before_anything_is_sent(psrp: PsrpServer) -> None:
    """What was encrypted for the old one would be nothing to the new one."""
    with psrp.exchange(**LOGINS["ntlm"]) as transport:
        transport.run(READ)
        listener: Any = psrp._listener
        with listener._lock:
            for connection in listener._connections:
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        while listener._connections:
            """Its threads end."""
        assert transport.run(WRITE).warnings

    assert len(psrp.fake.writes) == 1


def options_for(**options: Any) -> ConnectionOptions:
    """Check options as the transport does."""
    stated: Any = {"auth": "basic", "username": "u", "password": "p", "allow_insecure": True, **options}
    return ConnectionOptions.exchange("127.0.0.1", mask(stated))


def channel_to(server: Canned, **options: Any) -> Channel:
    """Make a channel to it."""
    return Channel(options_for(port=server.port, **options), {})


def test_cookies_are_sent_back() -> None:
    """A load balancer finds the server by them; one that is none is passed over, and so are too many."""
    cookies = [f"Set-Cookie: c{number}=v{number}; Path=/" for number in range(80)]
    with Canned(page("200 OK", b"", "Set-Cookie: a/b=1", *cookies)) as server:
        channel = channel_to(server)
        for _ in range(2):
            channel.post(b"", {}, 5, 100)

    assert b"Cookie: c0=v0; c1=v1; " in server.requests[1]
    assert b"c49=v49" in server.requests[1]
    assert b"c50=" not in server.requests[1]


@pytest.mark.parametrize(
    ("first", "second", "sent"),
    [
        ("LB=abc; Path=/; Secure; Partitioned; SameSite=None", "", "LB=abc"),
        ("LB=abc; expires=Thursday, 26-Nov-26 15:00:00 GMT", "", "LB=abc"),
        ("LB=abc", "LB=def; Max-Age=60", "LB=def"),
        (" LB = a=b", "other", "LB=a=b"),
        ("LB=abc", "LB=\x01", "LB=abc"),
        ("LB=abc", "LB=abc; Path=/; max-age = 0", None),
        ("LB=abc", "LB=abc; Max-Age=-1", None),
        ("LB=abc", "LB=; expires=Thu, 01-Jan-1970 00:00:00 GMT", None),
    ],
)
def test_a_cookie_is_kept_whatever_its_attributes_until_it_is_over(first: str, second: str, sent: str | None) -> None:
    """Python's own reader takes none of which it does not know an attribute, and forgets none."""
    with Canned(page("200 OK", b"", f"Set-Cookie: {first}", f"Set-Cookie: {second}")) as server:
        channel = channel_to(server)
        for _ in range(2):
            channel.post(b"", {}, 5, 100)

    said = [line for line in server.requests[1].decode().split("\r\n") if line.startswith("Cookie: ")]
    assert said == ([f"Cookie: {sent}"] if sent else [])


def test_a_cookie_that_is_known_is_renewed_when_there_are_many() -> None:
    """Otherwise the one that a load balancer looks for would be an old one."""
    cookies = [f"Set-Cookie: c{number}=v{number}" for number in range(50)]
    with Canned(page("200 OK", b"", *cookies, "Set-Cookie: c7=new")) as server:
        channel = channel_to(server)
        channel.post(b"", {}, 5, 100)

    assert (channel.cookies["c7"], len(channel.cookies)) == ("new", 50)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (page("200 OK", b"x" * 101), TooLargeError),
        (page("200 OK", gzip.compress(b"x"), "Content-Encoding: gzip"), UnaskedError),
        (page("302 Found", b"", "Location: http://elsewhere"), RedirectError),
        (page("308 Permanent Redirect"), RedirectError),
    ],
    ids=["too large", "gzip", "redirect", "redirect to nowhere"],
)
def test_an_answer_that_was_not_asked_for_is_refused(answer: bytes, error: type[Exception]) -> None:
    """Before it takes memory or leads away."""
    with Canned(answer) as server, pytest.raises(error):
        channel_to(server).post(b"", {}, 5, 100)


def test_a_channel_that_was_given_up_is_never_used_again() -> None:
    """Neither the connection that it has nor another."""
    with Canned(page()) as server:
        channel = channel_to(server)
        channel.post(b"", {}, 5, 100)
        channel.give_up()
        channel.give_up()
        assert channel._sock is not None
        assert channel._sock.fileno() == -1
        with pytest.raises(ConnectionAbortedError):
            channel.writing()
        unused = channel_to(server)
        unused.give_up()
        with pytest.raises(Exception, match="abort"):
            unused.post(b"", {}, 5, 100)

    assert len(server.requests) == 1


def sealed(server: Canned, monkeypatch: pytest.MonkeyPatch) -> Messages:
    """Make messages that are encrypted, and a connection for them."""
    messages = Messages(channel_to(server, auth="ntlm"))
    context: Any = spnego.client("u", "p", hostname="h", protocol="ntlm")
    monkeypatch.setattr(context, "wrap_winrm", lambda data: spnego._context.WinRMWrapResult(b"", data, 0))
    messages.channel.post(b"", {}, 5, 1000)
    messages._seal = login_module.encryption_of(context, "Negotiate")
    return messages


def test_nothing_is_written_where_there_is_no_connection() -> None:
    """Over plain HTTP it is made when the request is written: one that is refused proves that nothing left."""
    channel = Channel(options_for(port=1), {})
    channel.is_message = True

    with pytest.raises(NewConnectionError):
        channel.post(b"x", {}, 5, 100)

    assert not channel.left


def test_tls_in_a_proxy_s_tls_is_cut_below_both() -> None:
    """urllib3's own object for it is no socket, but has one, and knows the server's certificate."""

    class Tunnel:
        def __init__(self, below: socket.socket) -> None:
            self.socket = below

        def getpeercert(self, *, binary_form: bool) -> bytes:
            return b"der" if binary_form else b""

    here, there = socket.socketpair()
    with here, there:
        channel = Channel(options_for(), {})
        tunnel: Any = Tunnel(here)
        channel.connected(tunnel)
        channel.give_up()
        assert there.recv(1) == b""

    assert channel.certificate == b"der"


@pytest.mark.parametrize(
    "body",
    [b"x", b"--Encrypted Boundary\r\nLength=5\r\n--Encrypted Boundary\r\nxxxxxxxxxx--Encrypted Boundary--\r\n"],
    ids=["no parts", "no seal"],
)
def test_an_answer_that_cannot_be_decrypted_is_unreadable(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    """Whatever the parser of it makes of that."""
    answer = page("200 OK", body, 'Content-Type: multipart/encrypted;boundary="Encrypted Boundary"')
    with Canned(answer) as server:
        messages = sealed(server, monkeypatch)
        with pytest.raises(SealError):
            messages.exchange(b"x", 5, 1000)


@pytest.mark.parametrize("named", [';boundary="(x+x+)+y"', ";boundary=Encrypted", ""])
def test_no_other_boundary_is_looked_for(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    """One that is a regular expression took for ever, and the whole process with it."""
    answer = page("200 OK", b"--" + b"x" * 40, f"Content-Type: multipart/encrypted{named}")
    with Canned(answer) as server:
        messages = sealed(server, monkeypatch)
        monkeypatch.setattr(messages._seal, "unwrap_message", None)
        with pytest.raises(SealError, match="another boundary"):
            messages.exchange(b"x", 5, 1000)


def test_whatever_a_library_says_of_a_seal_it_is_not_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The errors of gssapi are none of spnego's: a ticket that has run out is one of them."""

    def expired(*_: object) -> bytes:
        raise Exception("expired")  # noqa: TRY002 - of a library that need not be there

    answer = page("200 OK", b"x", 'Content-Type: multipart/encrypted;boundary="Encrypted Boundary"')
    with Canned(answer) as server:
        messages = sealed(server, monkeypatch)
        monkeypatch.setattr(messages._seal, "unwrap_message", expired)
        with pytest.raises(SealError):
            messages.exchange(b"x", 5, 1000)


def test_a_server_that_asks_for_no_login_cannot_encrypt() -> None:
    """So nothing is sent to it."""
    with Canned(page()) as server:
        options: Any = {"auth": "ntlm", "username": "u", "password": "p", "port": server.port}
        with (
            xi.PsrpTransport.exchange("127.0.0.1", **options) as transport,
            pytest.raises(xi.AuthenticationError, match="cannot be encrypted") as caught,
        ):
            transport.run(READ)

    assert caught.value.sent is False
    assert all(b"Content-Length: 0" in request for request in server.requests)


def offered(*challenges: str) -> Page:
    """Make an answer that asks for a login."""
    return Page(401, "", challenges, b"")


@pytest.mark.parametrize(
    ("auth", "challenges", "text"),
    [
        ("negotiate", ["Digest realm=x"], "offers Digest realm=x"),
        ("negotiate", [], "offers no login"),
        ("ntlm", ["Kerberos"], "offers Kerberos"),
        ("kerberos", ["NTLM"], "offers NTLM"),
    ],
)
def test_a_login_that_is_not_offered_is_not_tried(auth: str, challenges: list[str], text: str) -> None:
    """The error says what is."""
    with pytest.raises(AuthenticationError, match=text):
        log_in(options_for(auth=auth), lambda _: offered(*challenges), lambda: None)


def test_a_login_ends_where_neither_side_has_more_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Kerberos does, whose last token is the server's."""

    class Context:
        tokens = [b"first", None]  # noqa: RUF012 - of one test

        def step(self, _: bytes | None = None) -> bytes | None:
            return self.tokens.pop(0)

    monkeypatch.setattr(spnego, "client", lambda *_, **__: Context())
    done = Page(200, "", ("Kerberos bGFzdA==",), b"")
    answers = iter([offered("Kerberos"), done])

    last, context, scheme = log_in(options_for(auth="kerberos"), lambda _: next(answers), lambda: None)

    assert context is not None
    assert (last, scheme) == (done, "Kerberos")


@pytest.mark.parametrize("last", ["Negotiate YWJj", "Negotiate A", "Negotiate"], ids=["more", "no base64", "none"])
def test_what_was_taken_is_not_sent_again(monkeypatch: pytest.MonkeyPatch, last: str) -> None:
    """Whatever the token beside the answer is, and whatever the library would say to it."""

    class Context:
        def step(self, _: bytes | None = None) -> bytes | None:
            return b"more"

    monkeypatch.setattr(spnego, "client", lambda *_, **__: Context())
    done = Page(200, "", (last,), b"done")
    answers = iter([offered("Negotiate"), done])

    assert log_in(options_for(auth="negotiate", ssl=True), lambda _: next(answers), lambda: None)[0] is done


def test_a_token_that_is_none_ends_the_login() -> None:
    """It is no base64."""
    answers = iter([offered("Negotiate"), offered("Negotiate A")])
    with pytest.raises(AuthenticationError, match="no base64"):
        log_in(options_for(auth="ntlm"), lambda _: next(answers), lambda: None)


def test_a_login_that_is_refused_at_its_end_says_so(psrp: PsrpServer) -> None:
    """The server's last word is 401."""
    wrong: Any = {"auth": "ntlm", "password": "wrong"}
    with psrp.exchange(**wrong) as transport, pytest.raises(xi.AuthenticationError, match="not accepted") as caught:
        transport.run(READ)

    assert caught.value.sent is False


@pytest.fixture
def tls() -> Iterator[PsrpServer]:
    """Serve over TLS."""
    with PsrpServer(FakeExchange(servers=["MBX01"]), authentication=["basic", "negotiate"], tls=True) as psrp:
        yield psrp


@pytest.mark.parametrize("bound", [True, False])
def test_over_tls_the_login_is_bound_to_it(tls: PsrpServer, bound: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what RFC 5929 has for the server's certificate, unless the caller does not want that."""
    seen: list[object] = []
    client = spnego.client

    def note(*arguments: Any, **options: Any) -> spnego.ContextProxy:
        seen.append(options["channel_bindings"])
        return client(*arguments, **options)

    monkeypatch.setattr(spnego, "client", note)
    with tls.exchange(auth="ntlm", negotiate_send_cbt=bound) as transport:
        assert len(transport.run(READ).records) == 1

    assert [each is not None for each in seen] == [bound]


def test_the_certificate_is_known_when_the_connection_has_ended(tls: PsrpServer) -> None:
    """A server may close it with its first 401: the login is bound to it all the same."""
    channel = Channel(options_for(port=tls.port, ssl=True, cert_validation=False), {})

    channel.post(b"", {}, 5, 1000)
    channel.drop()

    assert channel.certificate


def test_authorities_may_be_in_a_folder(tls: PsrpServer, tmp_path: Path) -> None:
    """OpenSSL finds them there by hashes of their names; in a folder without any nobody is trusted."""
    with tls.exchange(cert_validation=str(tmp_path)) as transport, pytest.raises(xi.EndpointError, match="TLS"):
        transport.run(READ)


def test_who_it_is_need_not_be_verified(tls: PsrpServer) -> None:
    """When the caller insists; there is no warning then."""
    with tls.exchange(cert_validation=False) as transport:
        assert len(transport.run(READ).records) == 1


@pytest.mark.parametrize("hash_name", ["md5", "sha256", "unknown"])
def test_a_binding_uses_the_certificate_s_own_hash_unless_it_is_weak(
    monkeypatch: pytest.MonkeyPatch, hash_name: str
) -> None:
    """RFC 5929, 4.1: SHA-256 in place of MD5 and SHA-1."""
    kinds: Any = {"md5": hashes.MD5(), "sha256": hashes.SHA256()}  # noqa: S303 - the one that is weak

    class Certificate:
        @property
        def signature_hash_algorithm(self) -> hashes.HashAlgorithm:
            if hash_name not in kinds:
                raise UnsupportedAlgorithm(hash_name)
            found: hashes.HashAlgorithm = kinds[hash_name]
            return found

    monkeypatch.setattr("cryptography.x509.load_der_x509_certificate", lambda _: Certificate())

    expected = b"tls-server-end-point:" + hashlib.sha256(b"der").digest()
    assert login_module._bindings(b"der").application_data == expected


def test_a_certificate_logs_in_by_itself() -> None:
    """The header says only that it does."""
    made = options_for(auth="certificate", ssl=True, certificate_pem="a", certificate_key_pem="b")

    assert headers_of(made)["Authorization"].endswith("/secprofile/https/mutual")
    assert not made.encrypts


def test_what_the_environment_says_of_proxies_is_used_where_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not for a host that it leaves out."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    assert channel_module._proxy(options_for(no_proxy=False)) is None
    monkeypatch.delenv("no_proxy")
    assert channel_module._proxy(options_for(no_proxy=False)) == "http://127.0.0.1:1"
