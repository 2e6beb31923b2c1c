"""Snapshots are read from the files that people keep: Export-Clixml's and ConvertTo-Json's."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

import exchange_imap as xi
from exchange_imap._model.codecs.values import plain
from exchange_imap._model.declaration import properties
from exchange_imap._powershell.clixml import read_clixml
from exchange_imap.testing import FakeExchange
from support.captures import needs_captures, read_capture
from support.clixml import file


def service(name: str, *, kind: str = "System.ServiceProcess.ServiceController", status: str = "Running") -> str:
    """Write a service as Export-Clixml does."""
    types = f"<TN><T>{kind}</T><T>System.Object</T></TN><ToString>{name}</ToString>"
    state = f"<Obj N='Status'><TN><T>E</T></TN><ToString>{status}</ToString><I32>4</I32></Obj>"
    start = "<Obj N='StartType'><ToString>Manual</ToString><I32>3</I32></Obj>"
    return f"<Obj>{types}<Props><S N='DisplayName'>IMAP4</S>{state}{start}</Props><MS><S N='Name'>{name}</S></MS></Obj>"


@needs_captures
def test_every_service_of_a_server_is_read() -> None:
    """The two of IMAP4 are among 245."""
    states = xi.ServiceState.all_from_clixml(read_capture("get-service"))

    found = {state.name: (str(state.status), str(state.startup_type)) for state in states}
    assert len(found) == 245
    assert found["MSExchangeImap4"] == found["MSExchangeIMAP4BE"] == ("Stopped", "Manual")


@needs_captures
def test_no_field_of_a_service_is_lost() -> None:
    """What the file says of each property, the snapshot says."""
    text = read_capture("get-service")

    for record, state in zip(read_clixml(text), xi.ServiceState.all_from_clixml(text), strict=True):
        for field, spec in properties(xi.ServiceState).items():
            answered, read = record.get(spec.name), getattr(state, field)
            assert (answered is None) == (read is None), spec.name
            if isinstance(answered, xi.Record):
                expected = answered.text if answered.items is None else tuple(map(plain, answered.items))
                assert (read if isinstance(read, tuple) else str(read)) == expected
            else:
                assert read == answered
        assert xi.ServiceState.from_record(state.to_record()) == state


@needs_captures
def test_a_capture_of_something_else_is_refused() -> None:
    """With what it is."""
    with pytest.raises(xi.UnexpectedReplyError, match=r"^ServiceState\[0\]: .*received 'Microsoft.*ReceiveConnector'"):
        xi.ServiceState.all_from_clixml(read_capture("get-receiveconnector"))


@pytest.mark.parametrize(
    "kind",
    [
        "System.ServiceProcess.ServiceController",
        "Deserialized.System.ServiceProcess.ServiceController",
        "Selected.Deserialized.System.ServiceProcess.ServiceController",
        "System.Management.Automation.PSCustomObject",
        "System.Service.ServiceController",
    ],
)
def test_an_object_is_read_under_every_name_that_its_type_gets(kind: str) -> None:
    """As it came, read from a file before, selected from; or without a type of its own."""
    assert xi.ServiceState.from_clixml(file(service("MSExchangeImap4", kind=kind))).status is xi.ServiceStatus.Running


@pytest.mark.parametrize("kind", ["System.Diagnostics.Process", "System.ServiceProcess.ServiceController[]"])
def test_an_object_of_another_type_is_refused(kind: str) -> None:
    """Even if it has the properties."""
    with pytest.raises(xi.UnexpectedReplyError, match="read_clixml") as caught:
        xi.ServiceState.from_clixml(file(service("x", kind=kind)))

    assert (caught.value.path, caught.value.received) == ("ServiceState", kind)


def test_one_object_is_wanted_where_one_is_asked_for() -> None:
    with pytest.raises(xi.InvalidValueError, match=r"2 objects'\. Use all_from_clixml"):
        xi.ServiceState.from_clixml(file(service("a"), service("b")))
    with pytest.raises(xi.InvalidValueError, match=r"0 objects'\. Use all_from_json"):
        xi.ServiceState.from_json("[]")


def test_a_list_that_was_written_as_one_object_is_read_as_its_objects() -> None:
    """``Export-Clixml -InputObject $services`` writes it so."""
    listed = f"<Obj><TN><T>System.Object[]</T></TN><LST>{service('a')}{service('b')}</LST></Obj>"

    assert [state.name for state in xi.ServiceState.all_from_clixml(file(listed))] == ["a", "b"]


def test_of_several_objects_the_wrong_one_is_named() -> None:
    """By its place in the file and the property."""
    with pytest.raises(xi.UnexpectedReplyError) as caught:
        xi.ServiceState.all_from_clixml(file(service("a"), service("b", status="Broken")))

    assert caught.value.path == "ServiceState[1].Status"


def test_a_single_wrong_object_is_named_without_a_place() -> None:
    """There is no other."""
    with pytest.raises(xi.UnexpectedReplyError) as caught:
        xi.ServiceState.from_json('{"Name": "a"}')

    assert caught.value.path == "ServiceState.DisplayName"


_SERVICE = {"Name": "MSExchangeImap4", "DisplayName": "IMAP4", "Status": 4, "StartType": 2}


@dataclass
class _Case:
    """Properties in addition, and the field that they make."""

    answered: dict[str, object]
    field: str
    value: object


@pytest.mark.parametrize(
    "case",
    [
        _Case({}, "status", xi.ServiceStatus.Running),
        _Case({"Status": {"value": 1, "Value": "Stopped"}}, "status", xi.ServiceStatus.Stopped),
        _Case({"Status": "Paused"}, "status", xi.ServiceStatus.Paused),
        _Case({"ServiceType": 16}, "service_type", "Win32OwnProcess"),
        _Case({"ServiceType": 272}, "service_type", "Win32OwnProcess, InteractiveProcess"),
        _Case({"ServiceType": 208}, "service_type", "208"),
        _Case({"ServiceType": 0}, "service_type", "0"),
        _Case({"ServiceType": "Adapter"}, "service_type", "Adapter"),
        _Case({"RequiredServices": ["a", {"Name": "b"}]}, "services_depended_on", ("a", "b")),
        _Case(
            {"ServicesDependedOn": [{"ServiceName": "c", "Deep": "System.Object[]"}]}, "services_depended_on", ("c",)
        ),
        _Case({"DependentServices": {"value": ["d"], "Count": 1}}, "dependent_services", ("d",)),
        _Case({"Site": "System.Object[]"}, "name", "MSExchangeImap4"),
    ],
)
def test_a_service_is_read_from_json(case: _Case) -> None:
    """Enums as numbers, objects by their names, lists with their Count; what is not asked for may be cut."""
    assert getattr(xi.ServiceState.from_json(json.dumps(_SERVICE | case.answered)), case.field) == case.value


def test_settings_are_read_from_json_with_objects_in_it() -> None:
    """End points by their parts, time spans by their ticks."""
    settings = installed()
    answered = settings.to_dict() | {
        "SSLBindings": [{"Port": 993, "AddressFamily": 23, "Address": "::"}],
        "UnencryptedOrTLSBindings": [{"Port": 143, "Address": {"IPAddressToString": "0.0.0.0", "ScopeId": None}}],
        "AuthenticatedConnectionTimeout": {"Ticks": 18000000000, "TotalMilliseconds": 1800000},
    }

    read = xi.ImapSettings.from_json(json.dumps([answered]))

    assert read.ssl_bindings == (xi.Binding("::", 993),)
    assert read.unencrypted_or_tls_bindings == (xi.Binding("0.0.0.0", 143),)
    assert xi.format_time_span(read.authenticated_connection_timeout) == "00:30:00"


@pytest.mark.parametrize(
    ("name", "value", "path", "fragment"),
    [
        ("SSLBindings", "System.Object[]", "SSLBindings", "-Depth"),
        ("SSLBindings", ["[::]:993", "@{Port=993}"], "SSLBindings", "-Depth"),
        ("LoginType", "Microsoft.Exchange.Data.LoginType", "LoginType", "Export-Clixml"),
        ("SSLBindings", [{"Port": 993}], "SSLBindings[0]", "Export-Clixml"),
        ("LogPerFileSizeQuota", {}, "LogPerFileSizeQuota", "leaves out what such an object prints"),
    ],
)
def test_what_json_has_lost_is_refused_with_the_cure(name: str, value: object, path: str, fragment: str) -> None:
    """Never taken for a text."""
    with pytest.raises(xi.UnexpectedReplyError) as caught:
        xi.ImapSettings.from_json(json.dumps(installed().to_dict() | {name: value}))

    assert caught.value.path == f"ImapSettings.{path}"
    assert fragment in str(caught.value)


def installed() -> xi.ImapSettings:
    """Return the settings of a freshly installed server."""
    return FakeExchange(servers=["MBX01"]).server("MBX01").stored
