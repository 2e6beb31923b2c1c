"""What a probe makes of a server's certificates: each defect has its own failure, and what was sent is reported."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import exchange_imap as xi
from exchange_imap._probe.trust import read_chain, reason_of, sent_chain, verifying_context
from support.certificates import DAY, Issued, authority, good, issue
from support.mail_servers import HOST, Conversation, imap, listening, probed

NOW = datetime.now(UTC)
OTHER = authority("Other CA")
MIDDLE = issue("Middle CA", issuer=authority(), ca=True)

CERTIFICATES: dict[str, tuple[Callable[[], tuple[Issued, ...]], str]] = {
    "expired": (
        lambda: (issue(HOST, [HOST], issuer=authority(), not_before=NOW - 9 * DAY, not_after=NOW - DAY),),
        "expired",
    ),
    "not yet valid": (lambda: (issue(HOST, [HOST], issuer=authority(), not_before=NOW + DAY),), "not yet valid"),
    "another name": (lambda: (issue("imap.contoso.com", ["imap.contoso.com"], issuer=authority()),), "wrong name"),
    "two labels": (lambda: (issue("*.com", ["*.com"], issuer=authority()),), "wrong name"),
    "common name beside others": (lambda: (issue(HOST, ["imap.contoso.com"], issuer=authority()),), "wrong name"),
    "self-signed": (lambda: (issue(HOST, [HOST]),), "self-signed"),
    "authority was sent": (lambda: (issue(HOST, [HOST], issuer=OTHER), OTHER), "unknown authority"),
    "middle without authority": (
        lambda: _below(issue("Strange CA", issuer=OTHER, ca=True)),
        "unknown authority",
    ),
    "only its own": (lambda: (issue(HOST, [HOST], issuer=MIDDLE),), "missing intermediate"),
    "a wrong one": (lambda: (issue(HOST, [HOST], issuer=MIDDLE), OTHER), "missing intermediate"),
    "signed by no authority": (lambda: _below(issue("No CA", issuer=authority())), "not trusted"),
}


def _below(middle: Issued) -> tuple[Issued, ...]:
    return issue(HOST, [HOST], issuer=middle), middle


@pytest.mark.parametrize("method", [":SSL", ":TLS"])
@pytest.mark.parametrize(("made", "expected"), CERTIFICATES.values(), ids=list(CERTIFICATES))
def test_a_certificate_that_is_refused(
    made: Callable[[], tuple[Issued, ...]], expected: str, method: str, trust: Path
) -> None:
    """The probe ends, nothing was sent, and the result has what the server sent."""
    own, *others = made()
    context = own.context(*others)
    script = imap(tls=context) if method == ":SSL" else imap(starttls=context)
    result, server = probed(script, method, trust=trust, credential=xi.PSCredential("kim", "correct horse"))

    assert result.failed is not None
    assert (result.failed.name, result.failed.failure) == (xi.Stage.CERTIFICATE, expected), result
    assert result.trusted is False
    assert [each.thumbprint for each in result.certificates] == [
        hashlib.sha1(each.der).hexdigest().upper()  # noqa: S324 - how Exchange names it
        for each in (own, *others)
    ]
    assert result.certificates[0].subject in result.failed.said
    assert result.tls is not None
    assert result.capabilities == ()
    assert server.clients == 2
    assert not any(b"AUTH" in line or b"LOGIN" in line for line in server.heard)


@pytest.mark.parametrize(
    ("made", "names"),
    [
        (lambda: (issue("*.contoso.com", ["*.contoso.com"], issuer=authority()),), ("*.contoso.com",)),
        (lambda: (issue(None, [HOST], issuer=authority()),), (HOST,)),
        (lambda: (issue("imap.contoso.com", [HOST], issuer=authority()),), (HOST,)),
        (lambda: (issue(HOST, [], issuer=authority()),), (HOST,)),
        (lambda: (issue(HOST, ["192.0.2.1"], issuer=authority()),), (HOST, "192.0.2.1")),
        (lambda: _below(MIDDLE), (HOST,)),
    ],
    ids=[
        "wildcard",
        "no common name",
        "another common name",
        "common name alone",
        "beside an address",
        "with its intermediate",
    ],
)
def test_a_certificate_that_is_accepted(
    made: Callable[[], tuple[Issued, ...]], names: tuple[str, ...], trust: Path
) -> None:
    """By its alternative names, or by the common name where there are none."""
    own, *others = made()
    result, _ = probed(imap(tls=own.context(*others)), ":SSL", trust=trust)

    assert result.works, result
    assert result.trusted
    assert result.certificates[0].names == names
    assert len(result.certificates) == 1 + len(others)


def test_a_host_that_is_an_address(trust: Path) -> None:
    """Is compared with the addresses of the certificate."""
    context = issue(HOST, [HOST, "127.0.0.1"], issuer=authority()).context()
    with listening(imap(tls=context)) as server:
        result = xi.probe(f"127.0.0.1:{server.port}:SSL", trust=trust)

    assert result.works
    assert result.certificates[0].names == (HOST, "127.0.0.1")


def test_the_authorities_of_this_machine_are_trusted_otherwise() -> None:
    """And the one of the test is none of them."""
    result, _ = probed(imap(tls=good(HOST)), ":SSL")

    assert result.trusted is False
    assert result.failed is not None
    assert result.failed.failure is xi.ProbeFailure.MISSING_INTERMEDIATE


def test_a_server_that_does_not_answer_a_second_time() -> None:
    """Then the reason is known, and nothing of the certificate."""
    served: list[Conversation] = []

    def serve(client: Conversation) -> None:
        served.append(client)
        if len(served) == 1:
            client.start_tls(good(HOST))

    result, _ = probed(serve, ":SSL")

    assert len(served) == 2
    assert result.certificates == ()
    assert result.failed is not None
    assert (result.failed.name, result.failed.failure) == (xi.Stage.CERTIFICATE, xi.ProbeFailure.UNKNOWN_AUTHORITY)
    assert result.trusted is False


def test_the_facts_of_a_certificate(trust: Path) -> None:
    """As Exchange names them."""
    made = issue(HOST, [HOST], issuer=authority(), not_after=NOW.replace(microsecond=0) + 9 * DAY)
    result, _ = probed(imap(tls=made.context()), ":SSL", trust=trust)
    (seen,) = result.certificates

    assert (seen.subject, seen.issuer, seen.is_self_signed) == (f"CN={HOST}", "CN=Test CA", False)
    assert seen.not_after == NOW.replace(microsecond=0) + 9 * DAY
    assert int(seen.serial, 16) == made.certificate.serial_number
    assert seen.to_dict()["key"] == "EC 256"
    assert seen.covers(HOST.upper())


# -- what Python tells, and what OpenSSL counts ------------------------------------------------------------------------


class Tells:
    """A TLS connection as Python from 3.13 on has it, and before."""

    def __init__(self, **members: object) -> None:
        vars(self).update(members)


class Inner:
    """What the chain consists of before Python 3.13."""

    def public_bytes(self, form: int) -> bytes:
        return b"inner %d" % form


@pytest.mark.parametrize(
    ("tls", "expected"),
    [
        (Tells(get_unverified_chain=lambda: [b"a", b"b"]), (b"a", b"b")),
        (Tells(get_unverified_chain=lambda: None), ()),
        (Tells(_sslobj=Tells(get_unverified_chain=lambda: (Inner(),))), (b"inner 2",)),
        (Tells(_sslobj=None, getpeercert=lambda binary_form: b"own" if binary_form else None), (b"own",)),
        (Tells(getpeercert=lambda binary_form: None), ()),  # noqa: ARG005 - as it is called
    ],
    ids=["3.13", "none", "3.11", "its own alone", "nothing"],
)
def test_the_chain_is_what_python_can_tell(tls: Any, expected: tuple[bytes, ...]) -> None:  # Any: not a whole one
    assert sent_chain(tls) == expected


def test_a_certificate_that_cannot_be_read_is_left_out() -> None:
    """OpenSSL may accept what is no proper certificate."""
    good = issue(HOST, [HOST])

    assert [each.subject for each in read_chain([b"no certificate", good.der])] == [f"CN={HOST}"]


def test_without_a_chain_the_authority_is_unknown() -> None:
    """Nothing says that something was missing."""
    assert reason_of(20, ()) is xi.ProbeFailure.UNKNOWN_AUTHORITY
    assert reason_of(99, ()) is xi.ProbeFailure.NOT_TRUSTED


def test_trust_is_a_file_of_certificates(tmp_path: Path) -> None:
    """One that is not is refused before anything is done."""
    (tmp_path / "empty.pem").write_text("nothing")
    for wrong in (tmp_path / "empty.pem", tmp_path / "missing.pem"):
        with pytest.raises(xi.InvalidValueError, match=r"probe\(trust\).*PEM"):
            xi.probe("mail.contoso.com:993:SSL", trust=wrong, timeout=timedelta(seconds=1))


def test_authorities_are_loaded_once_and_again_when_their_file_has_changed(tmp_path: Path) -> None:
    """A machine's own take long enough to hold up many probes at once."""
    path = tmp_path / "authorities.pem"
    path.write_bytes(authority().pem)
    first = verifying_context(path)
    again = verifying_context(str(path))
    path.write_bytes(authority().pem + OTHER.pem)
    other = verifying_context(path)

    assert again is first
    assert (len(first.get_ca_certs()), len(other.get_ca_certs())) == (1, 2)
    assert verifying_context(None) is verifying_context(None)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_trust_is_no_pipe(tmp_path: Path) -> None:
    """Which could keep a probe, and all others, waiting for ever."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for trust in (pipe, os.devnull, "a\0b"):
        with pytest.raises(xi.InvalidValueError, match=r"probe\(trust\)"):
            xi.probe("mail.contoso.com:993:SSL", trust=trust)
