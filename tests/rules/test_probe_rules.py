"""The rules about what a probe saw: each finds its example, and nothing in what works."""

from __future__ import annotations

import runpy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._rules.every import RULES
from exchange_imap._rules.probe_findings import probe_findings
from exchange_imap._rules.registry import ProbeExample, Rule

_PAGE = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "rules.py"))
_RULES = [pytest.param(rule, rule.seen, id=rule.id) for rule in RULES.values() if rule.seen]
_SETTINGS = ["mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS"]
CERTIFICATE: xi.SeenCertificate = _PAGE["CERTIFICATE"]
REFUSALS = {
    *(xi.ProbeFailure.EXPIRED, xi.ProbeFailure.NOT_YET_VALID, xi.ProbeFailure.WRONG_NAME, xi.ProbeFailure.SELF_SIGNED),
    *(xi.ProbeFailure.UNKNOWN_AUTHORITY, xi.ProbeFailure.MISSING_INTERMEDIATE, xi.ProbeFailure.NOT_TRUSTED),
}


def seen(example: ProbeExample) -> xi.ProbeResult:
    """Return what a probe saw, with what is found in it."""
    result: xi.ProbeResult = _PAGE["seen"](example)
    return result


def ids(result: xi.ProbeResult) -> list[str]:
    """Return the rules of what is found."""
    return [found.rule for found in probe_findings(result)]


@pytest.mark.parametrize(("rule", "example"), _RULES)
def test_each_rule_finds_its_example(rule: Rule, example: ProbeExample) -> None:
    """What stopped the client comes first and is an error; anything else is as bad as the rule says."""
    result = seen(example)
    (found,) = [each for each in result.findings if each.rule == rule.id]

    assert found.evidence[0] == ("connection", example.setting)
    assert found.source == rule.source
    if example.failed:
        assert found is result.findings[0]
        assert found.severity is xi.Severity.ERROR
        assert str(result).startswith(f"{example.setting}: {found.reason}")
    else:
        assert result.works
        assert found.severity is rule.severity
        assert str(result).startswith(f"{example.setting}: works\n")


@pytest.mark.parametrize("setting", _SETTINGS)
def test_nothing_is_found_in_what_works(setting: str) -> None:
    result = seen(ProbeExample(setting=setting))

    assert result.works
    assert result.findings == ()


LOGINS = {xi.Stage.LOGIN, xi.Stage.AUTH}
ONLY_AT = {
    xi.ProbeFailure.NOT_OFFERED: {xi.Stage.STARTTLS, *LOGINS},
    xi.ProbeFailure.UNUSABLE: LOGINS,
}
"""Where a failure can be that cannot be everywhere, of those that have no rule elsewhere."""


@pytest.mark.parametrize("protocol", list(xi.Protocol))
@pytest.mark.parametrize("stage", list(xi.Stage))
@pytest.mark.parametrize("failure", list(xi.ProbeFailure))
def test_every_failure_is_explained(failure: xi.ProbeFailure, stage: xi.Stage, protocol: xi.Protocol) -> None:
    """By one rule, which names the cause in the first line."""
    ended = (xi.ProbeStage(name=stage, elapsed=timedelta(), failure=failure, said="words of the server"),)
    result = seen(ProbeExample(facts={"stages": ended, "protocol": protocol}))
    errors = [found for found in result.findings if found.severity is xi.Severity.ERROR]

    assert len(errors) == (stage in ONLY_AT.get(failure, xi.Stage))
    assert not errors or str(result).split("\n")[0] == f"{result.setting}: {errors[0].reason}"


@pytest.mark.parametrize("failure", sorted(REFUSALS))
def test_a_refused_certificate_that_was_not_seen_is_explained_too(failure: xi.ProbeFailure) -> None:
    """The second look may fail, or an authority on this machine may be the reason."""
    example = ProbeExample(failed=(xi.Stage.CERTIFICATE, failure), facts={"certificates": ()})

    assert ids(seen(example)) == ["certificate-not-trusted"]


def test_all_that_is_wrong_with_a_certificate_is_found() -> None:
    """OpenSSL names the first reason alone."""
    wrong = {"not_after": datetime(2026, 1, 1, tzinfo=UTC), "names": (), "key": "RSA 1024", "is_self_signed": True}
    result = seen(ProbeExample(failed=(xi.Stage.CERTIFICATE, xi.ProbeFailure.SELF_SIGNED), certificate=wrong))

    assert ids(result) == ["self-signed-certificate", "certificate-expired", "certificate-names", "weak-key"]
    assert [each.severity.value for each in result.findings] == ["error", "error", "warning", "warning"]


def test_an_authority_that_was_sent_is_no_self_signed_certificate() -> None:
    """Only the server's own may not be one; but each has to be valid."""
    root = attrs.evolve(
        CERTIFICATE, subject="CN=Root", issuer="CN=Root", is_self_signed=True, names=(),
        not_after=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    result = seen(ProbeExample(facts={"certificates": (CERTIFICATE, root)}))

    assert ids(result) == ["certificate-expired"]


@pytest.mark.parametrize("key", ["EC 256", "Ed25519", "", "RSA"])
def test_other_keys_are_not_weak(key: str) -> None:
    assert ids(seen(ProbeExample(certificate={"key": key}))) == []


def test_a_certificate_of_the_expected_name_is_the_named_one() -> None:
    """A wildcard covers it."""
    example = ProbeExample(
        facts={"expected_name": "imap.contoso.com"}, certificate={"names": ("mail.contoso.com", "*.contoso.com")}
    )

    assert ids(seen(example)) == []


def test_a_password_that_is_not_taken_with_tls_either() -> None:
    """Nobody is told to connect with what the connection has."""
    in_clear, with_tls = (
        seen(ProbeExample(setting=setting, failed=(xi.Stage.LOGIN, xi.ProbeFailure.DISABLED)))
        for setting in ("mail.contoso.com:143", "mail.contoso.com:993:SSL")
    )

    assert in_clear.findings[0].right.startswith("Connect with SSL or TLS")
    assert with_tls.findings[0].right.startswith("Use a mechanism that is offered")


def test_what_an_unencrypted_connection_should_be() -> None:
    """STARTTLS where that is offered."""
    offered = seen(ProbeExample(setting="mail.contoso.com:143", facts={"capabilities_before": ("STARTTLS",)}))
    not_offered = seen(ProbeExample(setting="mail.contoso.com:143", facts={"capabilities_before": ("IMAP4",)}))

    assert offered.findings[0].right == "Advertise mail.contoso.com:143:TLS"
    assert not_offered.findings[0].right == "Advertise a connection with SSL or TLS"


def test_what_stops_smtp_names_its_own_services() -> None:
    """The front-end transport, and the connector."""
    for stage, failure, words in (
        (xi.Stage.TCP, xi.ProbeFailure.REFUSED, "Get-ReceiveConnector"),
        (xi.Stage.LOGIN, xi.ProbeFailure.REJECTED, "PermissionGroups"),
        (xi.Stage.LOGIN, xi.ProbeFailure.NOT_OFFERED, "BasicAuthRequireTLS"),
        (xi.Stage.STARTTLS, xi.ProbeFailure.NOT_OFFERED, "TlsCertificateName"),
        (xi.Stage.TLS, xi.ProbeFailure.CLOSED, "TlsCertificateName"),
        (xi.Stage.TLS, xi.ProbeFailure.NOT_TLS, "STARTTLS"),
        (xi.Stage.TLS, xi.ProbeFailure.INJECTED, "answers in the server's place"),
        (xi.Stage.CERTIFICATE, xi.ProbeFailure.MISSING_INTERMEDIATE, "MSExchangeFrontEndTransport"),
    ):
        setting = "mail.contoso.com:587:TLS" if stage is xi.Stage.STARTTLS else "mail.contoso.com:465:SSL"
        result = seen(ProbeExample(setting=setting, failed=(stage, failure), facts={"protocol": xi.Protocol.SMTP}))
        assert words in result.findings[0].right
        for of_imap4 in ("X509CertificateName", "SSLBindings", "993", "both services"):
            assert of_imap4 not in result.findings[0].right


def test_an_address_of_ipv6_has_brackets_before_the_port() -> None:
    """Otherwise nobody sees where it ends."""
    result = seen(ProbeExample(failed=(xi.Stage.LOGIN, xi.ProbeFailure.REJECTED), facts={"address": "2001:db8::7"}))

    assert result.findings[0].reason.startswith("[2001:db8::7]:993 refuses the login")


@pytest.mark.parametrize(("line", "found"), [("AUTH NTLM LOGIN", True), ("AUTH NTLM GSSAPI", False), ("", False)])
def test_smtp_that_takes_passwords_in_clear(line: str, found: bool) -> None:
    """It offers all mechanisms in one line."""
    facts = {"protocol": xi.Protocol.SMTP, "capabilities_before": ("SIZE 37748736", line)}
    result = seen(ProbeExample(setting="mail.contoso.com:587:TLS", facts=facts))

    assert [each.rule for each in result.findings] == ["clear-text-login"] * found
    assert not found or "BasicAuthRequireTLS" in result.findings[0].right


def test_a_result_shows_its_findings() -> None:
    """The cause in the first line, and each finding with its severity and what to do."""
    result = seen(ProbeExample(failed=(xi.Stage.LOGIN, xi.ProbeFailure.REJECTED), said="LOGIN failed."))
    first, *_, last = str(result).split("\n")

    assert first == "mail.contoso.com:993:SSL: 192.0.2.7:993 refuses the login: LOGIN failed."
    assert last.startswith("  error: 192.0.2.7:993 refuses the login: LOGIN failed.; check user and password")
    assert result.to_dict()["works"] is False


def test_without_findings_a_result_names_the_stage() -> None:
    """As one that was made by hand."""
    result = xi.ProbeResult(
        setting=xi.ConnectionSetting.parse("mail.contoso.com:993:SSL"), protocol=xi.Protocol.IMAP4,
        began=datetime(2026, 7, 1, tzinfo=UTC), elapsed=timedelta(),
        stages=(xi.ProbeStage(name=xi.Stage.TCP, elapsed=timedelta(), failure=xi.ProbeFailure.REFUSED),),
    )  # fmt: skip

    assert str(result).startswith("mail.contoso.com:993:SSL: TCP: refused\n")
