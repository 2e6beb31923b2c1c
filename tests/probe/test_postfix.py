"""What a probe sees of a real server for submission, which asks Dovecot whether a login is right."""

from __future__ import annotations

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
