"""What a probe sees of an IMAP4 server that behaves, and of one that says no."""

from __future__ import annotations

from pathlib import Path

import exchange_imap as xi
from support.certificates import good
from support.mail_servers import HOST, imap, probed

PASSWORD = "correct horse"  # noqa: S105 - the canary, and of nobody
KIM = xi.PSCredential("contoso\\kim", PASSWORD)


def names(result: xi.ProbeResult) -> list[str]:
    """Return the stages that were reached."""
    return [stage.name.value for stage in result.stages]


def test_tls_from_the_first_byte(trust: Path) -> None:
    """All stages, in order, and what was seen on the way."""
    result, server = probed(imap(tls=good(HOST)), ":SSL", credential=KIM, trust=trust)

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
    assert certificate.names == (HOST,)
    assert (certificate.subject, certificate.key) == (f"CN={HOST}", "EC 256")
    assert [line.split()[1] for line in server.heard if b" " in line][-1] == b"LOGOUT"
    assert b"EXAMINE" in b"".join(server.heard)


def test_starttls(trust: Path) -> None:
    """The capabilities are asked for before and after."""
    result, _ = probed(imap(starttls=good(HOST)), ":TLS", credential=KIM, trust=trust)

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
