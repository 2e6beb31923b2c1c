"""The vectors that lie beside the project: each is read as it says, or refused with the reason.

They are not part of the project: without them these tests are skipped.
"""

from __future__ import annotations

import ipaddress
import json
from datetime import timedelta
from typing import Any

import pytest

import exchange_imap as xi
from exchange_imap._cmdlets.receive_connectors import _CERTIFICATE as CERTIFICATE
from exchange_imap._model.codecs.values import TEXT
from exchange_imap._model.codecs.words import LIMIT
from exchange_imap._model.declaration import parameters
from support.outside import beside

_PATH, _VECTORS = beside("vectors", "vectors", "data", "vectors.json")
Vector = dict[str, Any]  # Any: JSON of the vectors' own form

pytestmark = _VECTORS.mark


def vectors(*kinds: str) -> list[Any]:  # Any: what pytest.param returns has no public type
    """Return the vectors of some kinds, as parameters with their ids."""
    found: list[Vector] = json.loads(_PATH.read_text(encoding="utf-8"))["vectors"] if _PATH.exists() else []
    return [pytest.param(v, id=v["id"]) for v in found if v["kind"] in kinds]


# The command lines that are refused, and why that is right.
REFUSED = {
    "{Dublin01.Contoso.com:993:SSL}": "braces make a script block, which a restricted endpoint refuses",
    "<ServerName>": "a placeholder: PowerShell itself refuses the redirection",
    "$TargetServer": "variables are read only where the caller gives their values",
    "Set-RecipientFilterConfig": "a cmdlet of another field",
}
# Where a vector says something else, and why we hold that to be wrong.
WRONG = {
    "<CAS FQDN>:1993:SSL": "a placeholder for a name, not a setting: no server takes it",
}


def comparable(value: object) -> object:
    """Put a value of ours into the vectors' form."""
    match value:
        case xi.ListEdit():
            return {"Add": comparable(value.add), "Remove": comparable(value.remove)}
        case tuple():
            return [comparable(item) for item in value]
        case xi.ConnectionSetting():
            encryption = str(value.encryption) if value.encryption else None
            return {"host": value.host, "port": value.port, "encryption": encryption}
        case xi.TlsCertificateName():
            return {"issuer": value.issuer, "subject": value.subject}
        case xi.ByteQuota():
            return "Unlimited" if value.bytes is None else {"bytes": value.bytes}
        case xi.CredentialPrompt():
            return {"_pscredential": value.user_name}
        case bool():
            return value
    return str(value)


def named(cmdlet: xi.Cmdlet) -> dict[str, object]:
    """Return a cmdlet's parameters in the vectors' form."""
    stated = {spec.name: getattr(cmdlet, field) for field, spec in parameters(type(cmdlet)).items()}
    values = {name: comparable(value) for name, value in stated.items() if value is not xi.UNSET}
    return {name: str(value).upper() if name == "Thumbprint" else value for name, value in values.items()}


@pytest.mark.parametrize("vector", vectors("cmdline"))
def test_a_command_line(vector: Vector) -> None:
    """Read to the same values, or refused for a reason that stands above."""
    line = vector["input"]
    if any(part in line for part in REFUSED):
        with pytest.raises(xi.CommandSyntaxError):
            xi.parse_script(line)
        return
    statements = [each.elements if isinstance(each, xi.Pipeline) else (each,) for each in xi.parse_script(line)]
    cmdlets = [cmdlet for statement in statements for cmdlet in statement if isinstance(cmdlet, xi.Cmdlet)]
    expected = vector["expected"]["commands"]

    printed = [c for c in cmdlets if not isinstance(c, xi.FormatList)]
    for ours, theirs in zip(printed, expected, strict=True):
        parameters = {name: value for name, value in theirs["parameters"].items() if not name.startswith("_")}
        assert (ours.cmdlet, named(ours)) == (theirs["cmdlet"], parameters)


@pytest.mark.parametrize("vector", vectors("connection_setting"))
def test_a_connection_setting(vector: Vector) -> None:
    """Host, port and method."""
    if vector["input"] in WRONG:
        with pytest.raises(xi.InvalidValueError, match="placeholder"):
            xi.ConnectionSetting.parse(vector["input"])
        return
    assert comparable(xi.ConnectionSetting.parse(vector["input"])) == vector["expected"]


@pytest.mark.parametrize("vector", vectors("ip_binding"))
def test_a_binding(vector: Vector) -> None:
    """Address, port, and zone."""
    binding, expected = xi.Binding.parse(vector["input"]), vector["expected"]
    address, _, zone = str(binding.address).partition("%")

    assert (ipaddress.ip_address(address), binding.port) == (
        ipaddress.ip_address(expected["address"]),
        expected["port"],
    )
    assert zone == str(expected.get("scope_id", ""))
    assert str(binding) == expected.get("to_string", str(binding))


@pytest.mark.parametrize("vector", vectors("timespan"))
def test_a_time_span(vector: Vector) -> None:
    """In seconds."""
    assert xi.parse_time_span(vector["input"]) == timedelta(seconds=vector["expected"]["seconds"])


@pytest.mark.parametrize("vector", vectors("byte_quota"))
def test_a_byte_quota(vector: Vector) -> None:
    """In bytes, or unlimited."""
    expected = vector["expected"]

    assert xi.ByteQuota.parse(vector["input"]).bytes == (None if expected.get("unlimited") else expected["bytes"])


ENUMS = {
    "LoginOptions": xi.LoginType,
    "CalendarItemRetrievalOptions": xi.CalendarItemRetrievalOption,
    "LogFileRollOver": xi.LogFileRollOver,
    "MimeTextFormat": xi.MimeTextFormat,
    "ServiceControllerStatus": xi.ServiceStatus,
    "ExtendedProtectionTokenCheckingMode": xi.ExtendedProtectionPolicy,
    "ServiceState (component)": xi.ComponentStatus,
}


@pytest.mark.parametrize("vector", vectors("enum"))
def test_an_enumeration(vector: Vector) -> None:
    """Every member has its number."""
    enum = ENUMS[vector["input"]]

    for name, number in vector["expected"]["members"].items():
        assert enum.parse(name).value == number
    assert {str(member) for member in enum} >= set(vector["expected"].get("names", ()))


PRODUCTS = {"Exchange Server 2019": "Exchange 2019", "Exchange Server Subscription Edition": "Exchange SE"}


@pytest.mark.parametrize("vector", vectors("server_version"))
def test_a_server_version(vector: Vector) -> None:
    """Its four numbers, its product, and itself."""
    version, expected = xi.ServerVersion.parse(vector["input"]), dict(vector["expected"])

    assert PRODUCTS[version.product] == expected.pop("product")
    assert {name: getattr(version, name) for name in expected} == expected
    assert str(version) == vector["input"]


@pytest.mark.parametrize("vector", vectors("clixml_shape"))
def test_a_property_in_the_shape_in_which_it_comes(vector: Vector) -> None:
    """Limits and names of certificates; whole objects have their captures."""
    text, answered = vector["expected"].get("ToString"), vector["expected"].get("props")
    shape = xi.Record(text=text, properties=answered or {})

    if answered and "IsUnlimited" in answered:
        assert LIMIT.decode(shape) == xi.Limit(answered.get("Value"))
    elif answered and "CertificateIssuer" in answered:
        name = CERTIFICATE.decode(shape)
        found = {"CertificateIssuer": name.issuer, "CertificateSubject": name.subject, "SubjectCommonName": name.host}
        assert found == answered
    elif answered and "Component" in answered:
        state = xi.ComponentState.from_record(answered | {"State": xi.Record(text=answered["State"][0], value=1),
                                                      "RemoteStates": (), "LocalStates": ()})  # fmt: skip
        assert (state.component, state.state, state.local_states) == ("ImapProxy", xi.ComponentStatus.Active, ())
    elif answered and "Domain" in answered:
        assert TEXT.decode(shape) == answered["Domain"]
    else:
        assert vector["id"] in {"v111", "v112", "v122", "v123"}


def test_a_script_in_the_wild_is_read_where_its_variables_are_given() -> None:
    """Flags as one text with commas, a size with its unit, a switch by a variable."""
    found = [each.values[0]["input"] for each in vectors("cmdline") if "$TargetServer" in each.values[0]["input"]]

    (cmdlet,) = xi.parse_script(found[0], {"TargetServer": "MBX01", "TargetFqdn": "mail.contoso.com", "WhatIf": True})

    assert isinstance(cmdlet, xi.SetReceiveConnector)
    assert cmdlet.identity == r"MBX01\Default Frontend MBX01"
    assert cmdlet.auth_mechanism == tuple(
        map(xi.AuthMechanism.parse, ["Tls", "Integrated", "BasicAuth", "BasicAuthRequireTLS", "ExchangeServer"])
    )
    assert cmdlet.max_message_size == xi.ByteQuota(37748736)
    assert cmdlet.tls_certificate_name == xi.TlsCertificateName("CN=Contoso CA", "CN=mail.contoso.com")
    assert cmdlet.what_if is True


@pytest.mark.parametrize("vector", vectors("binding_match"))
def test_settings_against_bindings(vector: Vector) -> None:
    """Consistent, or not."""
    given = vector["input"]

    mismatches = xi.match_bindings(
        map(xi.ConnectionSetting.parse, given["connection_settings"]),
        ssl_bindings=[xi.Binding.parse(text) for text in given["ssl_bindings"]],
        unencrypted_or_tls_bindings=[xi.Binding.parse(text) for text in given["unencrypted_or_tls_bindings"]],
    )

    assert (not mismatches) == vector["expected"]["consistent"]


@pytest.mark.parametrize("vector", vectors("transcript"))
def test_a_transcript(vector: Vector) -> None:
    """Format-List is read; a row of a table is refused."""
    if " : " not in vector["input"]:
        with pytest.raises(xi.CommandSyntaxError, match="Format-List"):
            xi.read_format_list(vector["input"])
        return
    (record,) = xi.read_format_list(vector["input"])
    expected = {name: [_item(item) for item in items] for name, items in vector["expected"].items()}

    assert {name: list(value) for name, value in record.properties.items() if isinstance(value, tuple)} == expected


def _item(item: Any) -> str:  # Any: JSON
    if isinstance(item, str):
        return item
    return str(xi.Binding(item["address"], item["port"]))


# Refused as commands are; the last ones read, and what is wrong with them is something else.
READ = {"10.0.0.0:995": "a port of another protocol: the server takes it, and our plan warns of it"}


@pytest.mark.parametrize("vector", vectors("invalid_cmdline"))
def test_an_invalid_command_line(vector: Vector) -> None:
    """Refused; where the parameter has another name, the message has it."""
    line, reason = vector["input"], vector["expected"]["reason"]
    if any(part in line for part in READ):
        assert isinstance(xi.parse(line), xi.SetImapSettings)
        return
    with pytest.raises(xi.CommandSyntaxError) as caught:
        xi.parse(line.replace("<CAS server name>", "CAS01"))
    if "real name " in reason:
        assert reason.partition("real name ")[2].split()[0] in str(caught.value)


@pytest.mark.parametrize("vector", vectors("invalid_connection_setting"))
def test_an_invalid_connection_setting(vector: Vector) -> None:
    with pytest.raises(xi.InvalidValueError):
        xi.ConnectionSetting.parse(vector["input"])


@pytest.mark.parametrize("vector", vectors("invalid_ip_binding"))
def test_an_invalid_binding(vector: Vector) -> None:
    with pytest.raises(xi.InvalidValueError):
        xi.Binding.parse(vector["input"])


@pytest.mark.parametrize("vector", vectors("invalid_parameter_value"))
def test_an_invalid_parameter_value(vector: Vector) -> None:
    """Refused, naming the parameter."""
    ((name, value),) = vector["input"].items()
    cmdlet, _, parameter = name.rpartition(" -")

    with pytest.raises(xi.InvalidValueError) as caught:
        xi.parse(f"{cmdlet or 'Set-ImapSettings'} -{parameter} '{value}'")

    assert caught.value.field == parameter
