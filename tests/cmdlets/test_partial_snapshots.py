"""What is read of an object that is not there as a whole: some of its properties, or a copy that lost its blanks."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
from datetime import datetime, timedelta
from uuid import UUID

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._model import snapshot as snapshot_module
from exchange_imap._model.declaration import properties, required
from exchange_imap._powershell.format_list import write_format_list
from exchange_imap._powershell.json_reader import is_cut
from exchange_imap._powershell.record import FormatValue, RecordValue
from exchange_imap.testing import FakeExchange
from support import clixml, strategies
from support.examples import share

CLASSES = [
    cls
    for cls in (getattr(xi, name) for name in dir(xi))
    if isinstance(cls, type) and issubclass(cls, xi.Snapshot) and cls.types
]
each_class = pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)

# Get-ImapSettings | Format-List *ConnectionSettings,*Bindings,X509CertificateName
DOCUMENTED = """

ExternalConnectionSettings : {mail.contoso.com:993:SSL, mail.contoso.com:143:TLS}
InternalConnectionSettings : {mbx01.contoso.com:993:SSL, mbx01.contoso.com:143:TLS}
UnencryptedOrTLSBindings   : {[::]:143, 0.0.0.0:143}
SSLBindings                : {[::]:993, 0.0.0.0:993}
X509CertificateName        : mail.contoso.com


"""


@pytest.fixture
def stored() -> xi.ImapSettings:
    """Return the settings of a freshly installed server."""
    return FakeExchange(servers=["MBX01"]).server("MBX01").stored


def printed(snapshot: xi.Snapshot, width: int = 120) -> str:
    """Print it on a console of that width."""
    values: dict[str, FormatValue] = {}
    for field, spec in properties(type(snapshot)).items():
        value = getattr(snapshot, field)
        values[spec.name] = None if value is None else spec.codec.display(value)
    return write_format_list(values, width)


def trimmed(text: str) -> str:
    """Copy it the way that many editors do."""
    return "\n".join(line.rstrip(" ") for line in text.split("\n"))


# -- copies that lost their blanks --------------------------------------------------------------------------------


def test_a_copy_of_settings_that_lost_its_blanks_is_read(stored: xi.ImapSettings) -> None:
    """At 120 columns DistinguishedName always wraps; the settings are certain, and what is not is named."""
    settings_ = xi.ImapSettings.parse(trimmed(printed(stored)))

    assert settings_ == stored
    assert settings_.doubtful == ("DistinguishedName",)
    assert "doubtful=('DistinguishedName',)" in repr(settings_)


def test_a_copy_with_its_blanks_leaves_no_doubt(stored: xi.ImapSettings) -> None:
    """And says nothing of any."""
    settings_ = xi.ImapSettings.parse(printed(stored))

    assert settings_.doubtful == ()
    assert "doubtful" not in repr(settings_)
    assert "doubtful" not in json.dumps(settings_.to_dict())


def test_doubt_stays_with_the_snapshot_and_counts_in_no_comparison(stored: xi.ImapSettings) -> None:
    """Neither a copy nor a pickle forgets it."""
    doubtful = attrs.evolve(stored, doubtful=("DistinguishedName",))

    assert doubtful == stored
    assert hash(doubtful) == hash(stored)
    assert pickle.loads(pickle.dumps(doubtful)).doubtful == copy.copy(doubtful).doubtful == ("DistinguishedName",)  # noqa: S301 - made here
    assert xi.diff(doubtful, stored.to_cmdlet()) is None


@pytest.mark.parametrize("name", ["Banner", "LogFileLocation", "X509CertificateName", "Server", "Identity"])
def test_a_setting_and_what_names_the_object_are_never_in_doubt(stored: xi.ImapSettings, name: str) -> None:
    """Nothing that a command would be made of is a guess."""
    fields = {spec.name: field for field, spec in properties(xi.ImapSettings).items()}
    settings_ = attrs.evolve(stored, **{fields[name]: "some words " * 20 + "end"})  # type: ignore[arg-type]  # a text

    with pytest.raises(xi.CommandSyntaxError, match="Out-String -Width 4096") as caught:
        xi.ImapSettings.parse(trimmed(printed(settings_)))

    assert caught.value.field == name


def test_doubt_about_what_no_snapshot_holds_is_no_doubt(stored: xi.ImapSettings) -> None:
    """A property of another version of Exchange."""
    head = "Unknown".ljust(33) + " : "
    text = f"{printed(stored, 4096)}\n{head}some words\n{' ' * len(head)}{'x' * 250}"

    assert xi.ImapSettings.parse(text).doubtful == ()


def test_the_reader_without_types_refuses_any_doubt(stored: xi.ImapSettings) -> None:
    """It does not know which properties are settings."""
    with pytest.raises(xi.CommandSyntaxError, match="DistinguishedName"):
        xi.read_format_list(trimmed(printed(stored)))


# -- some properties -----------------------------------------------------------------------------------------------


def test_the_documented_five_properties_are_read_with_their_types() -> None:
    """The rest is not stated: neither null nor a default."""
    some = xi.ImapSettings.parse_some(DOCUMENTED)

    assert some.ssl_bindings == (xi.Binding("::", 993), xi.Binding("0.0.0.0", 993))
    assert some.external_connection_settings[1] == xi.ConnectionSetting.parse("mail.contoso.com:143:TLS")
    assert some.x509_certificate_name == "mail.contoso.com"
    assert some.banner is xi.UNSET
    assert some.owa_server_url is xi.UNSET
    assert not isinstance(some, xi.ImapSettings)


def test_some_properties_are_compared_with_what_is_desired() -> None:
    """Each as a whole snapshot's would be."""
    some = xi.ImapSettings.parse_some(DOCUMENTED)
    settings_ = '-ExternalConnectionSettings "mail.contoso.com:143:TLS","mail.contoso.com:993:SSL"'
    same = xi.SetImapSettings.parse(f"Set-ImapSettings {settings_} -X509CertificateName MAIL.contoso.com")
    other = attrs.evolve(same, ssl_bindings=xi.ListEdit(add=(xi.Binding.parse("127.0.0.1:993"),)))

    assert xi.compare(some, same) == ()
    assert xi.diff(some, same) is None
    assert str(xi.diff(some, other)) == 'Set-ImapSettings -SSLBindings "[::]:993","0.0.0.0:993","127.0.0.1:993"'


def test_what_is_desired_and_was_not_printed_is_named() -> None:
    """Never taken for equal, for null or for a default."""
    some = xi.ImapSettings.parse_some(DOCUMENTED)
    fields = {f: spec for f, spec in properties(xi.ImapSettings).items() if spec.writable}
    whole = FakeExchange(servers=["MBX01"]).server("MBX01").stored.to_cmdlet()

    for field, spec in fields.items():
        if getattr(some, field) is not xi.UNSET:
            continue
        desired = xi.SetImapSettings(**{field: getattr(whole, field)})
        with pytest.raises(xi.UnexpectedReplyError, match=f"ask for {spec.name} too") as caught:
            xi.diff(some, desired)
        assert caught.value.path == f"ImapSettings.{spec.name}"
        with pytest.raises(xi.UnexpectedReplyError, match=f"ask for {spec.name} too"):
            xi.compare(some, desired)


def test_the_server_of_a_change_is_the_one_that_was_printed_or_is_desired() -> None:
    """Where the text names none, the command names none either; another server is refused."""
    some = xi.ImapSettings.parse_some("Server : MBX01\nBanner : x")
    nameless = xi.ImapSettings.parse_some("Banner : x")

    assert str(xi.diff(some, xi.SetImapSettings(banner="y"))) == "Set-ImapSettings -Server MBX01 -Banner y"
    assert str(xi.diff(nameless, xi.SetImapSettings(banner="y"))) == "Set-ImapSettings -Banner y"
    wanted = xi.SetImapSettings(server="MBX02", banner="y")
    assert str(xi.diff(nameless, wanted)) == "Set-ImapSettings -Server MBX02 -Banner y"
    with pytest.raises(xi.InvalidValueError, match="MBX02"):
        xi.diff(some, wanted)


@pytest.mark.parametrize("text", ["Nonsense : 1", "BannerText : x\nServe      : y"])
def test_an_object_without_any_known_property_is_none_of_these(text: str) -> None:
    """It would be a part with nothing in it."""
    with pytest.raises(xi.UnexpectedReplyError, match="at least one of its properties"):
        xi.ImapSettings.parse_some(text)


def test_null_in_a_part_is_what_it_is_in_the_whole() -> None:
    """No setting that must be there, and nothing for one that may be missing."""
    with pytest.raises(xi.UnexpectedReplyError, match="Null is not"):
        xi.ImapSettings.Partial.from_record({"Banner": None})
    assert xi.ImapSettings.Partial.from_record({"OwaServerUrl": None}).owa_server_url is None


def test_a_setting_in_doubt_is_refused_in_a_part_too() -> None:
    """What was printed with it shows the console's width."""
    banner = f"{'some words whose blank went astray'.ljust(34)}\n{' ' * 14}{'x' * 50}"
    text = f"WhenChanged : {'x' * 60}\nBanner      : {banner}"

    with pytest.raises(xi.CommandSyntaxError, match="Banner"):
        xi.ImapSettings.parse_some(text)


def test_a_part_of_several_objects_is_read() -> None:
    """With parse_all; parse_some wants exactly one."""
    text = "Server : MBX01\nBanner : x\n\nServer : MBX02\nBanner : y\n"

    assert [some.server for some in xi.ImapSettings.Partial.parse_all(text)] == ["MBX01", "MBX02"]
    with pytest.raises(xi.InvalidValueError, match="Use parse_all"):
        xi.ImapSettings.parse_some(text)


def test_a_part_shows_what_it_has() -> None:
    """As text, and as an expression that makes it again."""
    some = xi.ImapSettings.parse_some("Server : MBX01\nSSLBindings : {[::]:993}".replace("Server ", "Server      "))
    names = {"ImapSettings": xi.ImapSettings, "Binding": xi.Binding}

    assert str(some) == "Server      : MBX01\nSSLBindings : {[::]:993}"
    assert eval(repr(some), names) == some  # noqa: S307 - the repr of what was made here


def test_only_a_property_can_be_missing() -> None:
    """Any other name is a slip."""
    some = xi.ImapSettings.parse_some("Banner : x")

    assert some.missing("login_type").path == "ImapSettings.LoginType"
    with pytest.raises(xi.InvalidValueError, match=r"one of .*, login_type, "):
        some.missing("nonsense")


def test_a_part_of_a_part_is_one() -> None:
    """There is nothing to make of it."""
    nested: object = xi.ImapSettings.Partial.Partial

    assert nested is xi.ImapSettings.Partial


@pytest.mark.parametrize("data", [{"Nonsense": 1}, {"Banner": 1}])
def test_a_wrong_dict_of_a_part_is_refused(data: dict[str, int]) -> None:
    """Unknown names and values of other types."""
    with pytest.raises(xi.InvalidValueError, match=r"^(ImapSettings\.Nonsense|Banner): "):
        xi.ImapSettings.Partial.from_dict(data)


def test_a_part_of_a_certificate_is_told_by_its_bytes() -> None:
    """Whatever the whole one would read out of them."""
    broken: dict[str, RecordValue] = {"RawData": b"no certificate", "Subject": "CN=x"}

    with pytest.raises(xi.UnexpectedReplyError, match="RawData"):
        xi.ExchangeCertificate.Partial.from_record(broken)
    assert xi.ExchangeCertificate.Partial.from_record({"Subject": "CN=x"}).subject == "CN=x"


def selected(record: xi.Record) -> str:
    """Write what Select-Object answers, as Export-Clixml does."""
    types = (f"Selected.{record.type_names[0]}", "System.Management.Automation.PSCustomObject", "System.Object")
    names = "".join(f"<T>{clixml.written(name)}</T>" for name in types)
    notes = "".join(element(value, name) for name, value in record.properties.items())
    return clixml.file(f'<Obj RefId="0"><TN RefId="0">{names}</TN><MS>{notes}</MS></Obj>')


def element(value: RecordValue, name: str = "") -> str:
    """Write a value that a session would carry as text, or as a list of texts."""
    attribute = f' N="{name}"' if name else ""
    if value is None:
        return f"<Nil{attribute} />"
    if isinstance(value, tuple):
        return f'<Obj{attribute} RefId="1{name}"><LST>{"".join(map(element, value))}</LST></Obj>'
    text = value.isoformat() if isinstance(value, datetime) else clixml.written(str(value))
    tag = {bool: "B", int: "I64", datetime: "DT", UUID: "G"}.get(type(value), "S")
    return f"<{tag}{attribute}>{text.lower() if tag == 'B' else text}</{tag}>"


@each_class
@share(200)
@given(data=st.data())
def test_law_a_part_is_what_the_whole_is_there(cls: type[xi.Snapshot], data: st.DataObject) -> None:
    """Of every class, from text, from Select-Object's CLIXML and JSON, and from a record."""
    whole = data.draw(strategies.snapshots(cls))
    assume(getattr(whole, "raw_data", None) is None)
    record = whole.to_record()
    names = data.draw(
        st.lists(st.sampled_from(sorted(record.properties.keys() - {"RawData"})), min_size=1, unique=True)
    )
    values = {name: record.properties[name] for name in names}
    part = cls.Partial.from_record(values)

    stated = {spec.name: field for field, spec in properties(cls).items() if spec.name in names}
    for name, field in stated.items():
        assert getattr(part, field) == getattr(whole, field), name
    for field in properties(cls).keys() - stated.values():
        assert getattr(part, field) is xi.UNSET
    assert cls.parse_some(str(part)) == part
    assert cls.Partial.from_dict(json.loads(json.dumps(part.to_dict()))) == part
    assert cls.Partial.from_record(part.to_record()) == part
    assert pickle.loads(pickle.dumps(part)) == part  # noqa: S301 - made here
    if not any(isinstance(value, timedelta | bytes) for value in values.values()):
        assert cls.Partial.from_clixml(selected(part.to_record())) == part
    assume(not any(map(is_cut, values.values())))
    assert cls.Partial.from_json(json.dumps(part.to_dict())) == part


@each_class
def test_the_part_of_another_class_is_refused(cls: type[xi.Snapshot]) -> None:
    """Select-Object's type names the class that it selected from."""
    other = next(each for each in CLASSES if not set(each.types) & set(cls.types))
    record = xi.Record(type_names=other.types, properties=dict.fromkeys(required(cls), "x"))

    with pytest.raises(xi.UnexpectedReplyError, match="an object of type"):
        cls.Partial.from_clixml(selected(record))


def test_two_threads_that_make_the_class_at_once_get_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first that is made is kept."""

    class Mine(xi.ServiceState):
        """A class without its part so far."""

    make = snapshot_module._partial_class
    first: list[object] = []

    def late(whole: type[Mine]) -> type[xi.PartialSnapshot[Mine]]:
        monkeypatch.undo()
        first.append(Mine.Partial)  # what another thread does meanwhile
        return make(whole)

    monkeypatch.setattr(snapshot_module, "_partial_class", late)

    assert first == []
    assert Mine.Partial is first[0] is Mine.Partial


def test_the_signature_says_what_each_property_takes() -> None:
    """What the whole takes, or nothing."""
    signature = inspect.signature(xi.ServiceState.Partial)

    assert str(signature).startswith("(*, doubtful: 'Sequence[str]' = (), name: 'str | Unset' = UNSET, ")
    assert signature.parameters["status"].annotation == "ServiceStatus | str | Unset"


def test_the_signature_is_the_same_once_types_are_resolved() -> None:
    """``attrs.resolve_types`` puts types where texts were; whether a part is made before or after does not matter."""

    class Late(xi.ServiceState):
        """A class without its part so far."""

    before = str(inspect.signature(xi.ServiceState.Partial))
    attrs.resolve_types(xi.ServiceState)
    attrs.resolve_types(Late)

    assert str(inspect.signature(Late.Partial)) == before
