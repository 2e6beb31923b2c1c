"""Who is let in by the loopback server, what is encrypted, and whose certificate it shows."""

from __future__ import annotations

import base64
import os
import ssl
import urllib.error
import urllib.request
from typing import Any

import pytest
import spnego

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, PsrpServer
from exchange_imap.testing.psrp_server import server as server_module
from exchange_imap.testing.psrp_server.authentication import NegotiateConversation
from exchange_imap.testing.psrp_server.certificates import make_certificates
from exchange_imap.testing.psrp_server.conversation import ServerAuthentication
from support import kerberos
from support.endpoints import NEEDS_KERBEROS

READ = xi.Pipeline((xi.GetImapSettings(),))
USER = ("administrator", "loopback")
SOAP = b"<s:Envelope>the banner</s:Envelope>"


def serve(**options: Any) -> PsrpServer:
    """Make a loopback server."""
    return PsrpServer(FakeExchange(servers=["MBX01"]), **options)


def failure(psrp: PsrpServer, **options: Any) -> xi.TransportError:
    """Return how a command ends."""
    with psrp, psrp.exchange(**options) as transport, pytest.raises(xi.TransportError) as caught:
        transport.run(READ)
    assert psrp.errors == []
    assert psrp.open_shells == 0
    return caught.value


@pytest.mark.parametrize("kind", ["basic", "ntlm", "negotiate"])
@pytest.mark.parametrize("options", [{"password": "wrong"}, {"username": "nobody"}], ids=["password", "user"])
def test_who_is_not_known_is_not_let_in(kind: str, options: dict[str, Any]) -> None:
    error = failure(serve(authentication=["basic", "negotiate"]), auth=kind, **options)

    assert isinstance(error, xi.AuthenticationError)
    assert error.sent is False


def test_a_login_that_is_not_offered_is_refused() -> None:
    """The client says which it was."""
    assert isinstance(failure(serve(), auth="ntlm"), xi.AuthenticationError)
    assert isinstance(failure(serve(authentication=["negotiate"]), auth="basic"), xi.AuthenticationError)


def test_a_message_in_clear_is_refused_without_tls() -> None:
    """As WinRM does, whose answer says no more."""
    error = failure(serve(authentication=["negotiate"]), auth="ntlm", encryption="never")

    assert "HTTP 500" in str(error)


OFFERED: dict[str, list[ServerAuthentication]] = {"Exchange": ["kerberos"], "WinRM": ["negotiate", "kerberos"]}
SCHEMES = {"Exchange": "Kerberos", "WinRM": "SPNEGO"}


@NEEDS_KERBEROS
@pytest.mark.parametrize("auth", ["kerberos", "negotiate"])
@pytest.mark.parametrize("offered", OFFERED)
def test_kerberos_goes_by_the_scheme_that_is_offered(offered: str, auth: Any) -> None:
    """Exchange's virtual directory knows that of its own name alone; each message is encrypted either way."""
    found = kerberos.shared_realm()
    with kerberos.configured(found), serve(authentication=OFFERED[offered], keytab=found.keytab) as psrp:
        options: xi.PsrpOptions = {
            "auth": auth,
            "port": psrp.port,
            "negotiate_hostname_override": kerberos.SERVICE_HOST,
            "encryption": "always",
        }
        for make in (xi.PsrpTransport.exchange, xi.PsrpTransport.windows):
            with make(psrp.host, **options) as transport:
                assert transport.run(xi.Pipeline((xi.GetService(),)) if "windows" in str(make) else READ).errors == ()
                messages = transport._session._connection.line._messages
                assert messages is not None
                assert messages._seal is not None
                assert messages._seal.protocol == f"application/HTTP-{SCHEMES[offered]}-session-encrypted"
        assert psrp.errors == []


def test_ntlm_is_refused_in_words_where_kerberos_alone_is_offered() -> None:
    """As a new Exchange server does; nothing was sent, and no shell is looked for."""
    error = failure(serve(authentication=["kerberos"], keytab="no.keytab"), auth="ntlm")

    assert isinstance(error, xi.AuthenticationError)
    assert error.sent is False
    assert "the server offers Kerberos" in str(error)


def test_several_logins_may_be_offered() -> None:
    with serve(authentication=["basic", "negotiate"]) as psrp:
        for kind in ("basic", "ntlm", "negotiate"):
            options: dict[str, Any] = {"auth": kind}
            with psrp.exchange(**options) as transport:
                assert len(transport.run(READ).records) == 1


def test_the_environment_is_as_it_was_after_a_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it said before, it says again."""
    monkeypatch.setenv("KRB5_KTNAME", "mine")
    monkeypatch.delenv("NTLM_USER_FILE", raising=False)

    logged_in(NegotiateConversation(USER, None, encrypt=True))

    assert (os.environ["KRB5_KTNAME"], "NTLM_USER_FILE" in os.environ) == ("mine", False)


def logged_in(conversation: NegotiateConversation) -> spnego.ContextProxy:
    """Log a client in, step by step."""
    client = spnego.client(*USER, hostname="127.0.0.1", service="HTTP", protocol="ntlm")
    token = client.step()
    while token:
        challenge = conversation.authenticate(f"Negotiate {base64.b64encode(token).decode()}")
        headers = challenge.headers if challenge else conversation.response_headers
        text = dict(headers).get("WWW-Authenticate", "").partition(" ")[2]
        token = client.step(base64.b64decode(text)) if text else None
    return client


def test_what_travels_is_not_what_is_said() -> None:
    """The client reads it all the same."""
    conversation = NegotiateConversation(USER, None, encrypt=True)
    client = logged_in(conversation)
    header, data, _ = client.wrap_winrm(SOAP)
    part = b"Length=1\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n"
    body = part + len(header).to_bytes(4, "little") + header + data + b"--Encrypted Boundary--\r\n"

    assert conversation.unwrap("multipart/encrypted;x", body) == SOAP
    content_type, answer = conversation.wrap(SOAP)
    assert content_type.startswith("multipart/encrypted;")
    assert b"banner" not in body + answer
    assert conversation.user == "administrator"
    assert conversation.authenticate(None) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no part at all",
        b"Length=1\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n\x02\0\0\0abcdefghijklmnopq",
    ],
    ids=["nothing", "no part", "other key"],
)
def test_what_cannot_be_decrypted_is_refused(body: bytes) -> None:
    """With a plain error, which becomes HTTP 400."""
    conversation = NegotiateConversation(USER, None, encrypt=True)
    logged_in(conversation)

    with pytest.raises(ValueError, match="encrypted"):
        conversation.unwrap("multipart/encrypted", body)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Basic x",
        "Negotiate",
        "Negotiate ???",
        "Negotiate AAAA",
        f"Negotiate {base64.b64encode(b'`' * 40).decode()}",
    ],
    ids=["none", "other", "empty", "no base64", "no token", "unknown"],
)
def test_what_is_no_login_is_challenged(header: str | None) -> None:
    """And may begin anew."""
    conversation = NegotiateConversation(USER, None, encrypt=True)

    challenge = conversation.authenticate(header)

    assert challenge is not None
    assert challenge.headers == (("WWW-Authenticate", "Negotiate"),)
    assert conversation.user is None


def test_ntlm_is_not_taken_where_kerberos_alone_is_offered() -> None:
    """By whichever scheme: there is nobody whom it could know."""
    token = base64.b64encode(spnego.client(*USER, protocol="ntlm").step() or b"").decode()
    conversation = NegotiateConversation(None, "no.keytab", encrypt=True)

    for scheme in ("Negotiate", "Kerberos"):
        challenge = conversation.authenticate(f"{scheme} {token}")
        assert challenge is not None
        assert challenge.headers == (("WWW-Authenticate", "Kerberos"),)


def test_winrm_offers_two_schemes() -> None:
    """Negotiate first."""
    challenge = NegotiateConversation(USER, "no.keytab", encrypt=True).authenticate(None)

    assert challenge is not None
    assert challenge.headers == (("WWW-Authenticate", "Negotiate"), ("WWW-Authenticate", "Kerberos"))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"authentication": ["digest"]}, "some of basic, negotiate, kerberos"),
        ({"authentication": []}, "some of basic"),
        ({"authentication": ["negotiate"], "credential": None}, "for NTLM"),
        ({"authentication": ["kerberos"]}, "the key of HTTP"),
    ],
    ids=["unknown", "none", "no credential", "no keytab"],
)
def test_a_server_that_nobody_could_log_in_to_is_refused(options: dict[str, Any], text: str) -> None:
    with pytest.raises(xi.InvalidValueError, match=text):
        serve(**options).start()


def test_whoever_names_himself_is_let_in_without_a_credential() -> None:
    """For tests that are about something else."""
    with serve(credential=None) as psrp, psrp.exchange() as transport:
        assert len(transport.run(READ).records) == 1


def test_the_certificate_is_verified() -> None:
    """It is of an unknown authority."""
    error = failure(serve(tls=True), cert_validation=True)

    assert isinstance(error, xi.EndpointError)
    assert "cert_validation=" in error.hint


def test_there_is_no_certificate_without_tls() -> None:
    """Nor before it listens."""
    with pytest.raises(xi.InvalidValueError, match="tls=True"):
        _ = serve(tls=True).certificate


@pytest.mark.parametrize(
    ("certificates", "text"),
    [({"expired": True}, "certificate has expired"), ({"names": ["mail.contoso.com"]}, "IP address mismatch")],
    ids=["expired", "other name"],
)
def test_a_certificate_that_does_not_hold_is_refused(
    monkeypatch: pytest.MonkeyPatch, certificates: dict[str, Any], text: str
) -> None:
    monkeypatch.setattr(server_module, "make_certificates", lambda: make_certificates(**certificates))

    assert text in str(failure(serve(tls=True)))


def test_the_files_of_the_certificate_are_removed() -> None:
    with serve(tls=True) as psrp:
        path = psrp.certificate
        with pytest.raises(urllib.error.HTTPError, match="405"):
            urllib.request.urlopen(  # noqa: S310 - loopback
                psrp.url, context=ssl.create_default_context(cafile=path), timeout=10
            )

    with pytest.raises(OSError, match="No such file"):
        open(path, encoding="ascii")  # noqa: PTH123, SIM115 - it is not there
