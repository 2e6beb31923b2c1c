"""Values that a caller gives for variables: whatever the parameter itself takes, and nothing else."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi

LOOPBACK = xi.Binding.parse("127.0.0.1:993")
WRITTEN: list[tuple[str, object, str]] = [
    ("Set-ImapSettings -SSLBindings $s", {"Add": "127.0.0.1:993"}, '@{Add="127.0.0.1:993"}'),
    ("Set-ImapSettings -SSLBindings $s", {"remove": (LOOPBACK,), "ADD": ["[::]:993"]},
     '@{Add="[::]:993"; Remove="127.0.0.1:993"}'),
    ("Set-ImapSettings -SSLBindings $s", xi.ListEdit(add=(LOOPBACK,)), '@{Add="127.0.0.1:993"}'),
    ("Set-ImapSettings -SSLBindings $s", LOOPBACK, '"127.0.0.1:993"'),
    ('Set-ImapSettings -SSLBindings $s,"[::]:993"', LOOPBACK, '"127.0.0.1:993"'),
    ("Set-ImapSettings -SSLBindings @{Add=$s}", LOOPBACK, '"127.0.0.1:993"'),
    ("Set-ImapSettings -ExternalConnectionSettings $s", [xi.ConnectionSetting.parse("a:993:SSL"), "b:143"],
     '"a:993:SSL","b:143"'),
    ("Set-ImapSettings -ExternalConnectionSettings $s", (), "@()"),
    ("Set-ImapSettings -ExternalConnectionSettings $s", None, "$null"),
    ("Set-ImapSettings -AuthenticatedConnectionTimeout $s", timedelta(minutes=5), "00:05:00"),
    ("Set-ImapSettings -LogPerFileSizeQuota $s", xi.ByteQuota.parse("2MB"), "2MB"),
    ("Set-ImapSettings -LogPerFileSizeQuota $s", xi.ByteQuota(None), "unlimited"),
    ("Set-ImapSettings -LoginType $s", xi.LoginType.SecureLogin, "SecureLogin"),
    ("Set-ImapSettings -LoginType $s", 3, "SecureLogin"),
    ("Set-ImapSettings -MaxConnections $s", 7.0, "7"),
    ("Set-ImapSettings -MaxConnections $s", Decimal("8.5"), "8"),
    ("Set-ImapSettings -ProtocolLogEnabled $s", True, "$true"),
    ('Set-ImapSettings -Banner "to $s"', xi.LoginType.SecureLogin,  "SecureLogin"),
    ('Set-ImapSettings -Banner "to $s"', 5,  "5"),
    ("Set-ReceiveConnector -Identity c -RemoteIPRanges $s", [ipaddress.ip_address("10.0.0.1"), xi.IPRange.parse("::1")],
     '"10.0.0.1","::1"'),
    ("Set-ReceiveConnector -Identity c -RemoteIPRanges $s", ipaddress.ip_network("10.0.0.0/8"), '"10.0.0.0/8"'),
    ("Set-ReceiveConnector -Identity c -AuthMechanism $s", (xi.AuthMechanism.Tls, xi.AuthMechanism.BasicAuth),
     "Tls,BasicAuth"),
    ("Set-ReceiveConnector -Identity c -MaxInboundConnection $s", xi.Limit(5), "5"),
    ("Test-ImapConnectivity -MailboxCredential $s", xi.PSCredential("kim", "pw"), "(Get-Credential kim)"),
    ("Test-ImapConnectivity -MailboxCredential $s", xi.CredentialPrompt("kim"), "(Get-Credential kim)"),
    (r"Invoke-MonitoringProbe IMAP\x -Server b -Password $s", xi.Secret("pw"), "<secret>"),
    ("Get-ImapSettings -ErrorAction $s", xi.ActionPreference.Stop, "Stop"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "written"), WRITTEN)
def test_every_value_that_the_parameter_takes_is_taken(text: str, value: Any, written: str) -> None:
    """And written as ever; names of variables in any case."""
    assert str(xi.parse(text.replace("$s", "$S"), {"s": value})) == text.replace("$s", written)


REFUSED: list[tuple[str, object, str]] = [
    ("Set-ImapSettings -SSLBindings $s", {"Ad": "127.0.0.1:993"}, "SSLBindings: expected @{Add="),
    ("Set-ImapSettings -SSLBindings $s", {"Add": "x"}, "Binding: expected|SSLBindings: expected"),
    ("Set-ImapSettings -SSLBindings $s", {}, "SSLBindings: expected @{Add="),
    ("Set-ImapSettings -SSLBindings $s", {1: "127.0.0.1:993"}, r"variables\['s'\]: expected a dict with text for keys"),
    ("Set-ImapSettings -SSLBindings $s", {"a": "x", "A": "y"}, r"variables\['s'\]: expected .* each key once"),
    ("Set-ImapSettings -SSLBindings $s", [["127.0.0.1:993"]], r"variables\['s'\]: expected no list in a list"),
    ("Set-ImapSettings -Banner $s", {"Add": "x"}, "Banner: expected text, received '@{Add="),
    (
        "Set-ImapSettings -Banner $s",
        b"x",
        r"variables\['s'\]: expected text, a number, .* received 'something of type bytes'",
    ),
    ("Set-ImapSettings -Banner $s", {1, 2}, r"variables\['s'\]: expected text, a number"),
    ("Set-ImapSettings -Banner $s", xi.UNSET, r"variables\['s'\]: expected text, a number"),
    ("Set-ImapSettings -LogFileLocation $s", Path("D:/Logs"), r"variables\['s'\]: expected text, a number"),
    ("Set-ImapSettings -Banner $s", xi.PSCredential("kim", "canary1"), "Banner: expected text"),
    ("Set-ImapSettings -MaxConnections $s", float("nan"), r"variables\['s'\]: expected a finite number"),
    ("Set-ImapSettings -MaxConnections $s", Decimal("inf"), r"variables\['s'\]: expected a number of at most 96 bits"),
    ("Set-ImapSettings -MaxConnections $s", 2**96, "expected a number of at most 96 bits, received 'one of 97"),
    ("Set-ImapSettings -MaxConnections $s", xi.LoginType.SecureLogin, "MaxConnections: expected"),
    ('Set-ImapSettings -Banner "to $s"', True, "a text or whole number for"),
    ('Set-ImapSettings -Banner "to $s"', 1.5, "a text or whole number for"),
    ('Set-ImapSettings -Banner "to $s"', xi.Secret("canary1"), "a text or whole number for"),
    ("Test-ImapConnectivity -MailboxCredential $s", "canary1", "MailboxCredential: expected"),
    ("& $s", xi.LoginType.SecureLogin, "command: expected one of"),
    ("& $s", 5, "a command"),
]


@pytest.mark.parametrize(("text", "value", "said"), REFUSED)
def test_anything_else_is_refused_by_name_and_where_it_stands(text: str, value: Any, said: str) -> None:
    """With our own error, which shows no secret."""
    with pytest.raises(xi.CommandSyntaxError, match=said) as caught:
        xi.parse(text, {"s": value})

    assert text[slice(*caught.value.span)] == "$s"
    assert "canary1" not in f"{caught.value}{caught.value!r}"


@pytest.mark.parametrize("variables", [["s"], "s", {1: "x"}, {"$s": "x"}], ids=repr)
def test_variables_are_a_dict_by_name(variables: Any) -> None:
    for read in (
        xi.parse,
        xi.parse_script,
        xi.GetImapSettings.parse,
        lambda text, v: xi.check_script(text, variables=v),
    ):
        with pytest.raises(xi.InvalidValueError, match=r"^(.*\(variables\)|variables): expected"):
            read("Get-ImapSettings -Server $s", variables)


def test_a_script_is_checked_with_the_same_values() -> None:
    """What is wrong with a value is found at the variable."""
    (finding,) = xi.check_script("Set-ImapSettings -SSLBindings $s", variables={"s": {"Ad": "x"}})
    assert finding.rule == "invalid-value"
    (finding,) = xi.check_script("Set-ImapSettings -Banner $s", variables={"s": b"x"})
    assert finding.rule == "invalid-value"


def test_a_number_keeps_its_worth() -> None:
    """As in PowerShell a text parameter receives it as text."""
    assert xi.parse("Set-ImapSettings -Banner $n", {"n": 2**96 - 1}) == xi.SetImapSettings(banner=str(2**96 - 1))


@given(st.one_of(st.binary(), st.sets(st.integers()), st.complex_numbers(), st.dates(), st.builds(object)))
def test_law_other_objects_are_never_taken(value: Any) -> None:
    with pytest.raises(xi.CommandSyntaxError):
        xi.parse("Set-ImapSettings -Banner $s", {"s": value})
