"""What a server answered: records and printed text to typed snapshots and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._model.declaration import own_parameters, properties
from exchange_imap._powershell.record import RecordValue
from exchange_imap.testing import FakeExchange


@pytest.fixture
def record() -> xi.Record:
    """Return the answer of a freshly installed server."""
    return FakeExchange(servers=["MBX01"]).transport().run(xi.Pipeline((xi.GetImapSettings(),))).records[0]


def changed(record: xi.Record, **values: RecordValue) -> xi.Record:
    """Return the record with other values."""
    return attrs.evolve(record, properties=record.properties | values)  # type: ignore[operator]  # the fake's is a dict


def test_a_record_becomes_typed_settings(record: xi.Record) -> None:
    """The defaults of a new server, every field of its type."""
    settings = xi.ImapSettings.from_record(record)

    assert settings.ssl_bindings == (xi.Binding("::", 993), xi.Binding("0.0.0.0", 993))
    assert settings.external_connection_settings == ()
    assert settings.login_type is xi.LoginType.SecureLogin
    assert settings.authenticated_connection_timeout == timedelta(minutes=30)
    assert settings.log_per_file_size_quota == xi.ByteQuota(0)
    assert settings.max_connections_per_user == 16
    assert settings.protocol_log_enabled is False
    assert settings.owa_server_url is None
    assert isinstance(settings.guid, UUID)


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        ("LoginType", ["SecureLogin", 3, xi.Record(text="SecureLogin", value=3), xi.Record(value=3)]),
        ("AuthenticatedConnectionTimeout", ["00:30:00", timedelta(minutes=30), xi.Record(text="00:30:00")]),
        ("LogPerFileSizeQuota", ["0 B (0 bytes)", xi.Record(text="0 B (0 bytes)"), "0"]),
        ("MaxConnectionsPerUser", [16, "16"]),
        ("ProtocolLogEnabled", [False, "False"]),
        (
            "SSLBindings",
            [
                ("[::]:993", "0.0.0.0:993"),
                xi.Record(items=("[::]:993", "0.0.0.0:993")),
                xi.Record(items=(xi.Record(text="[::]:993"), xi.Record(text="0.0.0.0:993"))),
                "{[::]:993, 0.0.0.0:993}",
            ],
        ),
        ("OwaServerUrl", [None, ""]),
    ],
)
def test_a_value_is_read_in_whatever_shape_it_comes(record: xi.Record, name: str, shapes: list[RecordValue]) -> None:
    """First and second hop, enum objects, printed text: all the same snapshot."""
    expected = xi.ImapSettings.from_record(record)

    for shape in shapes:
        assert xi.ImapSettings.from_record(changed(record, **{name: shape})) == expected


def test_names_are_read_in_any_case(record: xi.Record) -> None:
    """A mapping does as well as a record."""
    lower = {name.lower(): value for name, value in record.properties.items()}

    assert xi.ImapSettings.from_record(lower) == xi.ImapSettings.from_record(record)


def test_an_exact_moment_is_kept(record: xi.Record) -> None:
    """As ISO 8601."""
    moment = datetime(2026, 11, 23, 22, 10, tzinfo=UTC)

    assert xi.ImapSettings.from_record(changed(record, WhenChangedUTC=moment)).when_changed_utc == moment.isoformat()


@pytest.mark.parametrize(
    ("name", "value", "fragment"),
    [
        ("SSLBindings", None, "Null is not"),
        ("Banner", None, "Null is not"),
        ("SSLBindings", 5, "a list"),
        ("SSLBindings", ("mail:993",), "IP address"),
        ("SSLBindings", "{[::]:993, 0.0.0.0:993...}", "FormatEnumerationLimit"),
        ("LoginType", "Basic", "SecureLogin"),
        ("MaxConnections", 1.5, "a whole number"),
        ("ProtocolLogEnabled", "Falsch", "$true or $false"),
        ("Guid", "not one", "a GUID"),
    ],
)
def test_an_answer_of_another_form_is_refused_with_its_path(
    record: xi.Record, name: str, value: RecordValue, fragment: str
) -> None:
    """Never a default in its place."""
    with pytest.raises(xi.UnexpectedReplyError, match=f"^ImapSettings.{name}: ") as caught:
        xi.ImapSettings.from_record(changed(record, **{name: value}))

    assert caught.value.path == f"ImapSettings.{name}"
    assert fragment in str(caught.value)


def test_a_property_that_did_not_come_is_named() -> None:
    """With what came instead, and what to do."""
    few = {"Server": "MBX01", "Banner": "x"}

    with pytest.raises(xi.UnexpectedReplyError, match="It has only Server, Banner: ask for all"):
        xi.ImapSettings.from_record(few)
    with pytest.raises(xi.UnexpectedReplyError, match="no properties"):
        xi.ServiceState.from_record({})


def test_settings_become_the_cmdlet_that_writes_them(record: xi.Record) -> None:
    """Every writable setting, and nothing differs."""
    settings = xi.ImapSettings.from_record(record)

    cmdlet = settings.to_cmdlet()

    assert cmdlet.server == "MBX01"
    assert xi.diff(settings, cmdlet) is None
    unstated = {field for field in own_parameters(xi.SetImapSettings) if getattr(cmdlet, field) is xi.UNSET}
    assert unstated == {"domain_controller", "what_if", "confirm"}


def test_a_value_that_the_server_holds_and_no_longer_takes_is_read_and_not_written(record: xi.Record) -> None:
    """Leniently on reading, strictly on writing."""
    settings = xi.ImapSettings.from_record(changed(record, MaxCommandSize=512))

    assert settings.max_command_size == 512
    with pytest.raises(xi.InvalidValueError, match="MaxCommandSize"):
        settings.to_cmdlet()


def test_every_setting_of_the_cmdlet_is_a_property_of_the_snapshot() -> None:
    """But those that are about the command itself."""
    specs = own_parameters(xi.SetImapSettings)
    writable = {field for field, spec in properties(xi.ImapSettings).items() if spec.writable}

    assert specs.keys() - writable == {"server", "domain_controller", "what_if", "confirm"}


def test_what_is_always_there_is_never_null(record: xi.Record) -> None:
    """Nor does a dict or a constructor take it."""
    data = xi.ImapSettings.from_record(record).to_dict()

    with pytest.raises(xi.InvalidValueError, match=r"^LoginType: expected one of .*, received None\."):
        xi.ImapSettings.from_dict({**data, "LoginType": None})
    with pytest.raises(xi.InvalidValueError, match=r"^Server: expected text, received None\."):
        attrs.evolve(xi.ImapSettings.from_record(record), server=None)  # type: ignore[arg-type]  # that is the subject


def test_text_of_several_objects_is_read(record: xi.Record) -> None:
    """With parse_all; parse wants exactly one."""
    one = xi.ImapSettings.from_record(record)
    other = attrs.evolve(one, server="MBX02")
    text = f"\n{one}\n\n{other}\n\n"

    assert xi.ImapSettings.parse_all(text) == (one, other)
    with pytest.raises(xi.InvalidValueError, match="Use parse_all"):
        xi.ImapSettings.parse(text)
    with pytest.raises(
        xi.InvalidValueError, match=r"one object, received '0 objects'\. Use parse_all where there may be none"
    ):
        xi.ImapSettings.parse("")


@pytest.mark.parametrize("data", [{}, {"Nonsense": 1}])
def test_a_wrong_dict_of_a_snapshot_is_refused(data: dict[str, int]) -> None:
    """Every property is there, and no other."""
    with pytest.raises(xi.InvalidValueError, match=r"^ServiceState"):
        xi.ServiceState.from_dict(data)


def test_a_message_names_some_of_many_properties() -> None:
    """However many a server sends."""
    many: dict[str, RecordValue] = {f"Property{n}": "x" for n in range(10_000)}

    with pytest.raises(xi.UnexpectedReplyError, match=r"Property59 and 9940 more: ask for all") as caught:
        xi.ServiceState.from_record(many)

    assert len(caught.value.hint) < 2_000
