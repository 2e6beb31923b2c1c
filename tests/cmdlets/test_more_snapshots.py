"""Connectors, servers, certificates, components, mailboxes and tests, as servers answer them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._model.codecs.values import plain
from exchange_imap._model.declaration import own_parameters, properties
from exchange_imap._powershell.clixml import read_clixml
from exchange_imap._powershell.record import RecordValue
from support.captures import needs_captures, read_capture
from support.connectors import CONNECTOR

# What remoting adds to every object, and says nothing of it.
REMOTING = {"PSComputerName", "RunspaceId", "PSShowComputerName", "SerializationData"}
CLASSES: dict[str, type[xi.Snapshot]] = {
    "get-receiveconnector": xi.ReceiveConnector,
    "get-exchangeserver": xi.ExchangeServer,
    "get-servercomponentstate": xi.ComponentState,
}


def changed(record: xi.Record, **values: RecordValue) -> xi.Record:
    """Return the record with other values."""
    return attrs.evolve(record, properties={**record.properties, **values})


# -- captures ------------------------------------------------------------------------------------------------------


@needs_captures
@pytest.mark.parametrize("capture", CLASSES)
def test_no_field_of_a_capture_is_lost(capture: str) -> None:
    """Each property has a field, which says what it said; an empty text says nothing."""
    cls, text = CLASSES[capture], read_capture(capture)
    fields = {spec.name: field for field, spec in properties(cls).items()}

    for record, snapshot in zip(read_clixml(text), cls.all_from_clixml(text), strict=True):
        assert record.properties.keys() - REMOTING <= fields.keys()
        for name in record.properties.keys() - REMOTING:
            answered, read = said(record.properties[name]), shown(snapshot, fields[name])
            assert answered == read, name


def said(value: RecordValue) -> RecordValue:
    """Return what a property says as text, or as texts."""
    bare = plain(value)
    if isinstance(bare, tuple):
        return tuple(text for item in bare if isinstance(text := said(item), str))
    return None if bare in (None, "") else bare.isoformat() if isinstance(bare, datetime) else str(bare)


def shown(snapshot: xi.Snapshot, field: str) -> RecordValue:
    """Return what a field says as the server prints it."""
    value = getattr(snapshot, field)
    printed = None if value is None else properties(type(snapshot))[field].codec.display(value)
    if field in {"local_states", "remote_states"} and isinstance(value, tuple):
        return tuple(str(attrs.evolve(each, timestamp=american(each.timestamp))) for each in value)
    return printed if isinstance(printed, tuple | None) else str(printed)


def american(timestamp: str) -> str:
    """Print a moment as that server's shell did."""
    moment = datetime.fromisoformat(timestamp)
    hour, half = (moment.hour - 1) % 12 + 1, "PM" if moment.hour >= 12 else "AM"
    return f"{moment.month}/{moment.day}/{moment.year} {hour}:{moment:%M:%S} {half}"


@needs_captures
@pytest.mark.parametrize("capture", [*CLASSES, "get-exchangecertificate"])
def test_what_is_captured_survives_every_other_form(capture: str) -> None:
    """As a record, as printed text, as a dictionary."""
    cls = CLASSES.get(capture, xi.ExchangeCertificate)
    for snapshot in cls.all_from_clixml(read_capture(capture)):
        assert cls.from_record(snapshot.to_record()) == snapshot
        assert cls.parse(str(snapshot)) == snapshot
        assert cls.from_dict(json.loads(json.dumps(snapshot.to_dict()))) == snapshot


@needs_captures
def test_the_connector_for_clients_has_its_defaults() -> None:
    """Port 587 on every address, TLS before a password, users with a mailbox."""
    found = {each.name: each for each in xi.ReceiveConnector.all_from_clixml(read_capture("get-receiveconnector"))}

    client = found["Client Frontend WIN-CTD3L0RGEN4"]
    assert set(client.bindings) == {xi.Binding("::", 587), xi.Binding("0.0.0.0", 587)}
    assert [str(mechanism) for mechanism in client.auth_mechanism] == [
        "Tls",
        "Integrated",
        "BasicAuth",
        "BasicAuthRequireTLS",
    ]
    assert client.permission_groups == (xi.PermissionGroup.ExchangeUsers,)
    assert client.transport_role == (xi.ServerRole.FrontendTransport,)
    assert (client.connection_timeout, client.connection_inactivity_timeout) == (
        timedelta(minutes=10),
        timedelta(minutes=5),
    )
    assert client.max_message_size == xi.ByteQuota(36 * 2**20)
    assert (client.max_inbound_connection_per_source, client.message_rate_limit) == (xi.Limit(20), xi.Limit(5))
    assert (client.advertise_client_settings, client.require_tls, client.banner) == (False, False, None)


@needs_captures
def test_each_captured_connector_becomes_the_cmdlet_that_writes_it() -> None:
    """Every parameter that the server answered, and it reads back."""
    for connector in xi.ReceiveConnector.all_from_clixml(read_capture("get-receiveconnector")):
        cmdlet = connector.to_cmdlet()

        assert xi.parse(str(cmdlet)) == cmdlet
        assert cmdlet.identity == connector.identity
        unstated = {field for field in own_parameters(xi.SetReceiveConnector) if getattr(cmdlet, field) is xi.UNSET}
        assert unstated == {"domain_controller", "what_if", "confirm"}


@needs_captures
def test_a_server_says_which_product_it_is() -> None:
    """And what it does."""
    server = xi.ExchangeServer.from_clixml(read_capture("get-exchangeserver"))

    assert server.admin_display_version == xi.ServerVersion(15, 1, 2375, 7)
    assert server.admin_display_version.product == "Exchange Server 2016"
    assert (server.server_role, server.edition) == ((xi.ServerRole.Mailbox,), "StandardEvaluation")
    assert server.remaining_trial_period == timedelta()


@needs_captures
def test_a_component_says_who_wants_it_so() -> None:
    """With the exact moment, where the object has it."""
    found = {each.component: each for each in xi.ComponentState.all_from_clixml(read_capture("componentstate"))}

    assert found["ImapProxy"].state is xi.ComponentStatus.Active
    assert found["ForwardSyncDaemon"].state is xi.ComponentStatus.Inactive
    (request,) = found["ServerWideOffline"].local_states or ()
    assert (request.requester, request.state) == ("Functional", xi.ComponentStatus.Active)
    assert request.timestamp == "2021-09-28T17:20:23.569272+00:00"


# -- every shape of a value ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        ("AuthMechanism", ["Tls, BasicAuth", 5, ("Tls", "BasicAuth"), xi.Record(text="Tls, BasicAuth", value=5)]),
        ("PermissionGroups", ["None", 0, (), xi.Record(value=0)]),
        ("TransportRole", ["HubTransport", 32, "32", xi.Record(text="HubTransport", value=32)]),
        ("MaxProtocolErrors", ["5", 5, xi.Record(text="5", properties={"IsUnlimited": False, "Value": 5})]),
        ("MaxProtocolErrors", ["Unlimited", "unlimited", xi.Record(text="Unlimited")]),
        ("MaxMessageSize", ["36 MB (37,748,736 bytes)", 37748736, xi.Record(text="36 MB (37,748,736 bytes)")]),
        ("TarpitInterval", ["00:00:05", timedelta(seconds=5), xi.Record(text="00:00:05")]),
        (
            "TlsCertificateName",
            ["<I>CN=a<S>CN=b", xi.Record(text="<I>CN=a<S>CN=b", properties={"CertificateIssuer": "CN=a"})],
        ),
        (
            "RemoteIPRanges",
            [
                ("0.0.0.0-255.255.255.255",),
                "{0.0.0.0-255.255.255.255}",
                xi.Record(items=(xi.Record(text="0.0.0.0-255.255.255.255"),)),
                ("0.0.0.0/0",),
            ],
        ),
        ("Banner", [None, "", xi.Record(text="")]),
        ("SizeEnabled", ["Enabled", 1, xi.Record(text="Enabled", value=1)]),
        ("MessageRateSource", ["None", 0]),
        ("ExtendedProtectionPolicy", ["None", 0, xi.Record(text="None", value=0)]),
    ],
)
def test_a_connector_is_read_in_whatever_shape_its_values_come(name: str, shapes: list[RecordValue]) -> None:
    """First and second hop, enum objects, numbers, printed text: all the same snapshot."""
    read = [xi.ReceiveConnector.from_record(changed(CONNECTOR, **{name: shape})) for shape in shapes]

    assert all(each == read[0] for each in read)


@pytest.mark.parametrize(
    ("name", "value", "printed"),
    [
        ("AuthMechanism", 5, "Tls, BasicAuth"),
        ("PermissionGroups", (), "None"),
        ("MaxProtocolErrors", "unlimited", "Unlimited"),
        ("MaxProtocolErrors", 5, "5"),
    ],
)
def test_a_connector_prints_a_value_as_the_shell_does(name: str, value: RecordValue, printed: str) -> None:
    """Whatever shape it came in."""
    connector = xi.ReceiveConnector.from_record(changed(CONNECTOR, **{name: value}))

    (line,) = [line for line in str(connector).splitlines() if line.startswith(f"{name} ")]
    assert line.partition(" : ")[2] == printed


@pytest.mark.parametrize(
    ("name", "value", "fragment"),
    [
        ("Bindings", None, "Null is not"),
        ("AuthMechanism", "9" * 5000, "any of Tls"),
        ("AuthMechanism", "٣", "any of Tls"),
        ("SizeEnabled", xi.Record(value=10**5000), "expected one of"),
        ("MaxMessageSize", f"1 B ({'9' * 5000} bytes)", "a number with B"),
        ("MaxProtocolErrors", xi.Record(value=10**5000), "whole number"),
        ("MaxHopCount", "9" * 5000, "a whole number"),
        ("Bindings", ("0.0.0.0",), "address"),
        ("AuthMechanism", "Tls, Magic", "any of Tls"),
        ("AuthMechanism", 64, "any of Tls"),
        ("AuthMechanism", 1.5, "any of Tls"),
        ("AuthMechanism", ("Tls", 5), "any of Tls"),
        ("TransportRole", "", "any of Cafe"),
        ("MaxMessageSize", "big", "a number with B"),
        ("MaxProtocolErrors", "-1", "or unlimited"),
        ("MaxHopCount", "many", "a whole number"),
        ("TlsCertificateName", "mail.contoso.com", "<I>issuer<S>subject"),
        ("RemoteIPRanges", ("everyone",), "an address, first-last"),
    ],
)
def test_a_connector_of_another_form_is_refused_with_its_path(name: str, value: RecordValue, fragment: str) -> None:
    """Never a default in its place."""
    with pytest.raises(xi.UnexpectedReplyError) as caught:
        xi.ReceiveConnector.from_record(changed(CONNECTOR, **{name: value}))

    assert caught.value.path == f"ReceiveConnector.{name}"
    assert fragment in str(caught.value)


def test_a_connector_becomes_the_cmdlet_that_writes_it() -> None:
    """Every parameter that the server answered, and it reads back."""
    connector = xi.ReceiveConnector.from_record(CONNECTOR)

    cmdlet = connector.to_cmdlet()

    assert xi.parse(str(cmdlet)) == cmdlet
    assert cmdlet.identity == connector.identity
    unstated = {field for field in own_parameters(xi.SetReceiveConnector) if getattr(cmdlet, field) is xi.UNSET}
    assert unstated == {"domain_controller", "what_if", "confirm"}


def test_a_connector_of_an_older_server_lacks_what_came_later() -> None:
    """It is read, and written without that; a role of its own decides what is written."""
    old = {name: value for name, value in CONNECTOR.properties.items() if name not in {"SmtpUtf8Enabled", "Identity"}}

    connector = xi.ReceiveConnector.from_record({**old, "TransportRole": "Mailbox, HubTransport"})

    assert connector.smtp_utf8_enabled is None
    assert connector.to_cmdlet().smtp_utf8_enabled is xi.UNSET
    assert connector.to_cmdlet().transport_role is xi.UNSET
    assert connector.to_cmdlet().identity == r"MBX01\Client Frontend MBX01"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Requestor:HealthApi; State:Active; Timestamp:x", ("HealthApi", "Active", "x")),
        (
            xi.Record(text="y", properties={"Requester": "Maintenance", "State": "Inactive", "Timestamp": "z"}),
            ("Maintenance", "Inactive", "z"),
        ),
        (
            xi.Record(
                properties={
                    "Requester": "Sidelined",
                    "State": xi.Record(text="Draining", value=2),
                    "Timestamp": datetime(2026, 1, 2, tzinfo=UTC),
                }
            ),
            ("Sidelined", "Draining", "2026-01-02T00:00:00+00:00"),
        ),
    ],
)
def test_a_request_is_read_as_text_and_as_object(value: RecordValue, expected: tuple[str, str, str]) -> None:
    """The object tells the moment exactly."""
    answered: dict[str, RecordValue] = {
        "ServerFqdn": "a", "Component": "ImapProxy", "State": 1, "LocalStates": (value,)
    }  # fmt: skip

    (request,) = xi.ComponentState.from_record(answered).local_states or ()

    assert (request.requester, str(request.state), request.timestamp) == expected


@pytest.mark.parametrize("value", ["Active", "Requestor:a; State:Broken; Timestamp:b", 5])
def test_a_request_of_another_form_is_refused(value: RecordValue) -> None:
    answered: dict[str, RecordValue] = {
        "ServerFqdn": "a", "Component": "ImapProxy", "State": 1, "LocalStates": (value,)
    }  # fmt: skip

    with pytest.raises(xi.UnexpectedReplyError, match=r"^ComponentState.LocalStates"):
        xi.ComponentState.from_record(answered)


def test_a_request_is_printed_as_it_was_read() -> None:
    """Who wants it, what, and since when."""
    text = "Requestor:Functional; State:Active; Timestamp:2021-09-28T17:20:23Z"

    assert str(xi.ComponentRequest.parse(text)) == text


@pytest.mark.parametrize("part", ["", "a;b", "a\nb", 5])
def test_a_request_has_no_part_that_would_not_read_back(part: str) -> None:
    """Semicolons separate its parts."""
    with pytest.raises(xi.InvalidValueError, match=r"ComponentRequest\.requester: expected text"):
        xi.ComponentRequest(part, xi.ComponentStatus.Active, "x")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Success", xi.ConnectivityStatus.Success),
        ("*FAILURE*", xi.ConnectivityStatus.Failure),
        (xi.Record(text="Skipped", value=3), xi.ConnectivityStatus.Skipped),
    ],
)
def test_a_test_says_how_it_ended(value: RecordValue, expected: xi.ConnectivityStatus) -> None:
    """In the words of every version."""
    result = xi.ConnectivityResult.from_record({"Result": value, "Latency": "00:00:01"})

    assert result.result is expected
    assert result.succeeded is (expected is xi.ConnectivityStatus.Success)


def test_pop_settings_become_the_cmdlet_that_writes_them() -> None:
    imap = xi.testing.FakeExchange(servers=["MBX01"]).server("MBX01").stored.to_record().properties
    settings = xi.PopSettings.from_record({**imap, "MessageRetrievalSortOrder": "Descending", "MaxCommandSize": 512})

    cmdlet = settings.to_cmdlet()

    assert (cmdlet.server, cmdlet.message_retrieval_sort_order) == ("MBX01", xi.SortOrder.Descending)
    assert xi.parse(str(cmdlet)) == cmdlet


WRITTEN_BY = {
    xi.ImapSettings: xi.SetImapSettings,
    xi.PopSettings: xi.SetPopSettings,
    xi.ReceiveConnector: xi.SetReceiveConnector,
    xi.CASMailbox: xi.SetCASMailbox,
}


_NAMED: dict[type[xi.Cmdlet], set[str]] = {
    xi.SetImapSettings: {"Server"},
    xi.SetPopSettings: {"Server"},
    xi.SetReceiveConnector: {"Identity"},
    xi.SetCASMailbox: {"Identity"},
}


@pytest.mark.parametrize(("snapshot", "cmdlet"), WRITTEN_BY.items(), ids=lambda cls: cls.__name__)
def test_a_property_is_writable_that_the_cmdlet_has_a_parameter_for(
    snapshot: type[xi.Snapshot], cmdlet: type[xi.Cmdlet]
) -> None:
    """All but the one that names the object; field and parameter have one name in Python too."""
    writable = {(field, spec.name) for field, spec in properties(snapshot).items() if spec.writable}
    answered = {(field, spec.name) for field, spec in properties(snapshot).items()}
    taken = {(field, spec.name) for field, spec in own_parameters(cmdlet).items()}

    assert {name for _, name in answered & taken} == {name for _, name in answered} & {name for _, name in taken}
    assert (answered & taken) - writable == {(name.lower(), name) for name in _NAMED[cmdlet]}
    assert writable <= taken


def test_what_names_a_mailbox_to_people_is_writable() -> None:
    """Set-CASMailbox has parameters for these, although they are not about clients."""
    writable = {spec.name for spec in properties(xi.CASMailbox).values() if spec.writable}

    assert {"Name", "DisplayName", "SamAccountName", "PrimarySmtpAddress", "EmailAddresses"} <= writable


def test_what_clients_of_a_mailbox_are_told_is_one_text() -> None:
    """ExternalImapSettings and its like are of type String."""
    answered = "mail.contoso.com:993:SSL"
    mailbox = xi.CASMailbox.from_record(
        {
            "Name": "Kim Akers",
            "ImapEnabled": True,
            "ImapUseProtocolDefaults": True,
            "ImapMessagesRetrievalMimeFormat": "BestBodyFormat",
            "ExternalImapSettings": answered,
            "InternalSmtpSettings": None,
        }
    )

    assert (mailbox.external_imap_settings, mailbox.internal_smtp_settings) == (answered, None)
