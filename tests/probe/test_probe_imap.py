"""What a probe sees of an IMAP4 server that behaves, and of one that says no."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import exchange_imap as xi
from support.certificates import authority, issue
from support.mail_servers import Listening, Script, imap, listening

HOST = "mail.contoso.com"
PASSWORD = "correct horse"  # noqa: S105 - the canary, and of nobody
KIM = xi.PSCredential("contoso\\kim", PASSWORD)
SOON = timedelta(seconds=5)

Probe = Callable[..., xi.ProbeResult]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where files of certificates are."""
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture(scope="module")
def trust(folder: Path) -> str:
    """Return the file of the authority that clients trust."""
    return authority().write(folder)


@pytest.fixture(scope="module")
def tls(folder: Path) -> ssl.SSLContext:
    """Return the context of a server with a good certificate."""
    return issue(HOST, [HOST, "imap.contoso.com"], issuer=authority()).context(folder)


def probed(script: Script, method: str, **options: object) -> tuple[xi.ProbeResult, Listening]:
    """Probe a server that does this, with this encryption."""
    with listening(script) as server:
        asked: dict[str, object] = {"address": "127.0.0.1", "timeout": SOON, **options}
        return xi.probe(f"{HOST}:{server.port}{method}", **asked), server  # type: ignore[arg-type]  # a test's own


def names(result: xi.ProbeResult) -> list[str]:
    """Return the stages that were reached."""
    return [stage.name.value for stage in result.stages]


def test_tls_from_the_first_byte(tls: ssl.SSLContext, trust: str) -> None:
    """All stages, in order, and what was seen on the way."""
    result, server = probed(imap(tls=tls), ":SSL", credential=KIM, trust=trust)

    assert result.works
    assert names(result) == ["TCP", "TLS", "certificate", "greeting", "CAPABILITY", "login", "SELECT", "NOOP", "LOGOUT"]
    assert result.greeting == "* OK The Microsoft Exchange IMAP4 service is ready."
    assert (result.address, result.addresses) == ("127.0.0.1", ())
    assert "AUTH=PLAIN" in result.capabilities
    assert result.capabilities_before == ()
    assert result.tls is not None
    assert result.tls.version == "TLSv1.3"
    assert result.trusted
    (certificate,) = result.certificates
    assert certificate.names == (HOST, "imap.contoso.com")
    assert (certificate.subject, certificate.key) == (f"CN={HOST}", "EC 256")
    assert [line.split()[1] for line in server.heard if b" " in line][-1] == b"LOGOUT"
    assert b"EXAMINE" in b"".join(server.heard)


def test_starttls(tls: ssl.SSLContext, trust: str) -> None:
    """The capabilities are asked for before and after."""
    result, _ = probed(imap(starttls=tls), ":TLS", credential=KIM, trust=trust)

    assert result.works
    assert names(result)[:7] == ["TCP", "greeting", "CAPABILITY", "STARTTLS", "TLS", "certificate", "CAPABILITY"]
    assert "STARTTLS" in result.capabilities_before
    assert "STARTTLS" not in result.capabilities


def test_not_encrypted() -> None:
    """Without a credential nothing is sent that matters."""
    result, server = probed(imap(), "")

    assert result.works
    assert names(result) == ["TCP", "greeting", "CAPABILITY", "LOGOUT"]
    assert (result.tls, result.trusted) == (None, None)
    assert len(server.heard) == 2
