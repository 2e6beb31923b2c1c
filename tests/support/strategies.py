"""Any value that the model can hold, for hypothesis."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeVar
from uuid import UUID

from hypothesis import strategies as st

from exchange_imap import (
    UNSET,
    Binding,
    ByteQuota,
    CalendarItemRetrievalOption,
    Cmdlet,
    ComponentRequest,
    ComponentStatus,
    ConnectionSetting,
    ConnectionType,
    CredentialPrompt,
    EnableExchangeCertificate,
    Encryption,
    ExtendedProtectionPolicy,
    FormatList,
    GetCASMailbox,
    GetExchangeCertificate,
    GetExchangeServer,
    GetImapSettings,
    GetPopSettings,
    GetReceiveConnector,
    GetServerComponentState,
    GetService,
    ImapSettings,
    InvokeMonitoringProbe,
    IPRange,
    Limit,
    ListEdit,
    LogFileRollOver,
    LoginType,
    MimeTextFormat,
    NetStart,
    NetStop,
    RestartService,
    ServerRole,
    ServerVersion,
    ServiceState,
    ServiceStatus,
    SetCASMailbox,
    SetImapSettings,
    SetPopSettings,
    SetReceiveConnector,
    SetServerComponentState,
    SetService,
    Snapshot,
    StartService,
    StartupType,
    StopService,
    TestImapConnectivity,
    TlsCertificateName,
)
from exchange_imap._cmdlets import certificate_codecs
from exchange_imap._cmdlets import connector_codecs as kinds
from exchange_imap._cmdlets.settings_codecs import BINDINGS, BINDINGS_EDIT
from exchange_imap._model.codecs.lists import EditableListCodec, ListCodec
from exchange_imap._model.codecs.literals import BOOLEAN, CREDENTIAL, BooleanCodec, IntegerCodec
from exchange_imap._model.codecs.values import GUID, MOMENT, QUOTA, TEXT, TIME_SPAN, ValueCodec
from exchange_imap._model.codecs.words import LIMIT, WordsCodec
from exchange_imap._model.common_parameters import BUFFER, VARIABLE
from exchange_imap._model.declaration import parameters, properties, required
from exchange_imap._model.specs import ParameterSpec, PropertySpec
from exchange_imap._shown import acts
from exchange_imap._values import Choice, is_dns_name

T = TypeVar("T")
S = TypeVar("S", bound=Snapshot)

# Every character that means something to PowerShell, and those that look like them.
_SPECIAL = (
    "'\u2018\u2019\u201a\u201b\"\u201c\u201d\u201e-\u2013\u2014\u2015"
    "`$(){}[]@#,;|&<>:=%!*?/\\~^+ \t\r\n\x00\x1b\x85\xa0\u2028\u2029\u3000\u200b\ufeff"
)
characters = st.one_of(
    st.sampled_from(_SPECIAL), st.sampled_from("aZ09éß漢😀"), st.characters(exclude_categories=["Cs"])
)
texts = st.one_of(
    st.text(characters, max_size=40),
    st.sampled_from(["", "--%", "--", "$(Get-Date)", "@'\n'@", "#", "<#", "$null", "1MB", "0x10", "-5", "a,b", "`n"]),
)
_seen = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]).filter(lambda character: not acts(character))
lines = st.text(_seen, max_size=60)
"""Texts that str() shows as they are: one line, and nothing that a terminal would act on."""

_label = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,10}", fullmatch=True)
host_names = st.lists(_label, min_size=1, max_size=4).map(".".join)
ports = st.integers(0, 65535)
connection_settings = st.builds(ConnectionSetting, host_names, ports, st.sampled_from([None, *Encryption]))
addresses = st.one_of(
    st.ip_addresses(),
    st.sampled_from(["0.0.0.0", "127.0.0.1", "::", "::1", "::ffff:10.0.0.1", "fe80::1%8", "::5efe:10.0.0.1"]).map(
        ipaddress.ip_address
    ),
)
bindings = st.builds(Binding, addresses, ports)
quotas = st.one_of(
    st.just(ByteQuota(None)),
    st.integers(0, 2**64 - 1).map(ByteQuota),
    st.builds(lambda n, p: ByteQuota(n * 1024**p), st.integers(0, 1023), st.integers(0, 4)),
)
time_spans = st.timedeltas(timedelta(days=-99_999), timedelta(days=99_999))
urls = st.builds("https://{}/{}".format, host_names, st.from_regex(r"[a-z0-9/]{0,12}", fullmatch=True))
credentials = st.builds(CredentialPrompt, st.none() | texts.filter(bool))


moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-6))]))
limits = st.one_of(st.just(Limit(None)), st.integers(0, 2**31 - 1).map(Limit))
ip_ranges = st.one_of(
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(str),
    st.builds("{}/{}".format, st.ip_addresses(v=4), st.integers(0, 32)),
    st.builds("{}/{}".format, st.ip_addresses(v=6), st.integers(0, 128)),
    st.sampled_from(["0.0.0.0-255.255.255.255", "192.168.1.1(255.255.255.0)", "fe80::1%11", "::-ffff::"]),
).map(IPRange.parse)
names_of_parts = st.from_regex(r"[A-Za-z\"+.* =,-]{1,20}", fullmatch=True).map("CN={}".format)
tls_certificate_names = st.builds(TlsCertificateName, names_of_parts, names_of_parts)
server_versions = st.builds(ServerVersion, *[st.integers(0, 99_999)] * 4)
component_requests = st.builds(
    ComponentRequest,
    st.from_regex(r"[A-Za-z]{1,12}", fullmatch=True),
    st.sampled_from(ComponentStatus),
    moments.map(datetime.isoformat),
)


def edits(items: st.SearchStrategy[T]) -> st.SearchStrategy[ListEdit[T]]:
    """Make edits of a list: something to add, something to remove, or both."""
    some = st.lists(items, max_size=3).map(tuple)
    return st.tuples(some, some).filter(any).map(lambda parts: ListEdit(add=parts[0], remove=parts[1]))


def lists(items: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    """Make lists of up to four."""
    return st.lists(items, max_size=4).map(tuple)


def _several(items: st.SearchStrategy[T]) -> st.SearchStrategy[object]:
    return st.one_of(lists(items), edits(items), st.none())


def _seconds(most: int) -> st.SearchStrategy[timedelta]:
    return st.integers(30, most).map(lambda n: timedelta(seconds=n))


_counts = st.integers(1, 2**31 - 1)
_log_quotas = st.one_of(st.sampled_from([ByteQuota(None), ByteQuota(0)]), st.integers(1024**2, 2**63).map(ByteQuota))
_names = st.lists(texts, min_size=1, max_size=3).map(tuple)

# What each parameter may hold; one that is not named here holds a switch or a flag.
_VALUES: dict[str, st.SearchStrategy[object]] = {
    "server": texts,
    "domain_controller": texts,
    "external_connection_settings": _several(connection_settings),
    "internal_connection_settings": _several(connection_settings),
    "x509_certificate_name": st.one_of(host_names.filter(is_dns_name), st.just(""), st.none()),
    "ssl_bindings": _several(bindings),
    "unencrypted_or_tls_bindings": _several(bindings),
    "login_type": st.sampled_from(LoginType),
    "extended_protection_policy": st.sampled_from(ExtendedProtectionPolicy),
    "banner": texts | st.none(),
    "authenticated_connection_timeout": _seconds(86_400),
    "pre_authenticated_connection_timeout": _seconds(3600),
    "max_connections": _counts,
    "max_connection_from_single_ip": _counts,
    "max_connections_per_user": _counts,
    "max_command_size": st.integers(1024, 16384),
    "message_retrieval_mime_format": st.sampled_from(MimeTextFormat),
    "calendar_item_retrieval_option": st.sampled_from(CalendarItemRetrievalOption),
    "owa_server_url": urls | st.none(),
    "proxy_target_port": ports,
    "log_file_location": texts,
    "log_file_roll_over_settings": st.sampled_from(LogFileRollOver),
    "log_per_file_size_quota": _log_quotas,
    "include": _names,
    "exclude": _names,
    "computer_name": _names,
    "startup_type": st.sampled_from(StartupType),
    "status": st.sampled_from([ServiceStatus.Running, ServiceStatus.Stopped, ServiceStatus.Paused]),
    "description": texts,
    "client_access_server": texts,
    "mailbox_server": texts,
    "mailbox_credential": credentials,
    "connection_type": st.sampled_from(ConnectionType),
    "port_client_access_server": ports,
    "per_connection_timeout": st.integers(0, 120),
    "timeout": st.integers(0, 3600),
    "timeout_in_seconds": st.integers(0, 2**31 - 1),
    "property": _names,
    "group_by": texts,
    "view": texts,
    "expand": texts,
}


def _each(members: type[Choice]) -> st.SearchStrategy[tuple[Choice, ...]]:
    return st.lists(st.sampled_from(list(members)), unique=True, max_size=4).map(tuple)


_int32 = st.integers(-(2**31), 2**31 - 1)
_words = st.from_regex(r"[A-Za-z0-9_.:*-]{1,20}", fullmatch=True)
# What each kind may hold; of the others a word or a number of .NET's enums is asked for by its class.
_KINDS: list[tuple[object, st.SearchStrategy[object]]] = [
    (BOOLEAN, st.booleans()),
    (BooleanCodec(switch=True), st.booleans()),
    (BooleanCodec(switch=True, converts=True), st.booleans()),
    (TEXT, texts),
    (VARIABLE, texts.filter(bool)),
    (BUFFER, st.integers(0, 2**31 - 1)),
    (kinds.NAME, st.text(characters, min_size=1, max_size=64)),
    (kinds.HOST, host_names),
    (TIME_SPAN, time_spans),
    (QUOTA, quotas),
    (GUID, st.uuids().map(lambda guid: UUID(int=guid.int))),
    (MOMENT, moments.map(datetime.isoformat)),
    (CREDENTIAL, credentials),
    (LIMIT, limits),
    (IntegerCodec(), _int32),
    (kinds.CONNECTION_TIMEOUT, st.integers(1, 86_400).map(lambda n: timedelta(seconds=n))),
    (kinds.HEADER_SIZE, st.integers(1, 2**31 - 1).map(ByteQuota)),
    (kinds.MESSAGE_SIZE, st.integers(65536, 2**31 - 1).map(ByteQuota)),
    (kinds.HOP_COUNT, st.integers(1, 500)),
    (kinds.LOCAL_HOP_COUNT, st.integers(0, 50)),
    (kinds.LOGON_FAILURES, st.integers(0, 10)),
    (kinds.PERCENTAGE, st.integers(1, 100)),
    (kinds.RECIPIENTS, st.integers(1, 512_000)),
    (kinds.INBOUND, st.just(Limit(None)) | st.integers(1, 2**31 - 1).map(Limit)),
    (kinds.INBOUND_PER_SOURCE, st.just(Limit(None)) | st.integers(1, 10_000).map(Limit)),
    (kinds.PROTOCOL_ERRORS, limits),
    (kinds.CERTIFICATE, tls_certificate_names),
    (kinds.ROLE, st.sampled_from([ServerRole.FrontendTransport, ServerRole.HubTransport])),
    (certificate_codecs.THUMBPRINT, st.from_regex("[0-9A-Fa-f]{40}", fullmatch=True)),
    (certificate_codecs.MOMENT, moments),
    (certificate_codecs.BYTES, st.binary(max_size=40)),
    (BINDINGS, lists(bindings)),
    (BINDINGS_EDIT, lists(bindings) | edits(bindings)),
    (kinds.RANGES, lists(ip_ranges)),
    (kinds.RANGES_EDIT, lists(ip_ranges) | edits(ip_ranges)),
]


def of_kind(kind: object) -> st.SearchStrategy[object]:
    """Make values of a parameter's or property's kind."""
    for known, values in _KINDS:
        if type(known) is type(kind) and known == kind:
            return values
    return _of_class(kind)


def _of_class(kind: object) -> st.SearchStrategy[object]:
    if isinstance(kind, WordsCodec):
        return _each(kind.members)
    if isinstance(kind, ListCodec):
        items = {ComponentRequest: component_requests, ConnectionSetting: connection_settings}
        return lists(items.get(kind.item.type, _words))
    if isinstance(kind, EditableListCodec):
        return lists(texts) | edits(texts)
    if isinstance(kind, ValueCodec) and issubclass(kind.type, Choice):
        return st.sampled_from(list(kind.type))
    assert isinstance(kind, ValueCodec), kind
    assert kind.type is ServerVersion, kind
    return server_versions


def snapshots(cls: type[S]) -> st.SearchStrategy[S]:
    """Make any objects of a snapshot class; what a server need not tell it may not tell."""
    needed = required(cls)
    values = {field: _shown(spec) for field, spec in properties(cls).items()}
    return st.fixed_dictionaries({f: v if f in needed else v | st.none() for f, v in values.items()}).map(
        lambda found: cls(**found)  # type: ignore[arg-type]  # each field's own value
    )


def _shown(spec: PropertySpec) -> st.SearchStrategy[object]:
    """Make what Format-List can show: text of one line, which is never empty."""
    return lines.filter(bool) if spec.codec == TEXT else of_kind(spec.codec)


def of_field(field: str, spec: ParameterSpec) -> st.SearchStrategy[object]:
    """Make values of one parameter of a cmdlet."""
    return _VALUES[field] if field in _VALUES else _parameter(spec)


def _fields(cls: type[Cmdlet], **fixed: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    specs = {field: spec for field, spec in parameters(cls).items() if field not in fixed}
    values = {field: of_field(field, spec) for field, spec in specs.items()}
    needed = {field for field, spec in specs.items() if spec.mandatory} | (required(cls) - fixed.keys())
    always = fixed | {field: values[field] for field in needed}
    return st.fixed_dictionaries(always, optional={f: v for f, v in values.items() if f not in needed})


def _parameter(spec: ParameterSpec) -> st.SearchStrategy[object]:
    values = of_kind(spec.codec)
    return values | st.none() if spec.nullable else values


def _cmdlets(cls: type[Cmdlet], **fixed: st.SearchStrategy[object]) -> st.SearchStrategy[Cmdlet]:
    return _fields(cls, **fixed).map(lambda values: cls(**values))  # type: ignore[arg-type]  # each under its own name


def _service_cmdlets(cls: type[Cmdlet]) -> st.SearchStrategy[Cmdlet]:
    """Services are named by their names or by their display names, never by both."""
    unset = st.just(UNSET)
    named = _cmdlets(cls, name=_names, display_name=unset)
    return named | _cmdlets(cls, name=unset, display_name=_names)


_UNSET = st.just(UNSET)
_certificates = _cmdlets(GetExchangeCertificate, identity=_UNSET) | _cmdlets(
    GetExchangeCertificate, thumbprint=_UNSET, server=_UNSET
)
_enabling = _cmdlets(EnableExchangeCertificate, identity=_UNSET) | _cmdlets(
    EnableExchangeCertificate, thumbprint=_UNSET, server=_UNSET, identity=texts
)
_others = st.one_of(
    _cmdlets(GetReceiveConnector, identity=_UNSET) | _cmdlets(GetReceiveConnector, server=_UNSET),
    _cmdlets(SetReceiveConnector),
    _cmdlets(GetCASMailbox, identity=_UNSET) | _cmdlets(GetCASMailbox, anr=_UNSET),
    _cmdlets(SetCASMailbox),
    _cmdlets(GetExchangeServer, identity=_UNSET, status=st.booleans())
    | _cmdlets(GetExchangeServer, domain=_UNSET, status=_UNSET),
    _certificates,
    _enabling,
    _cmdlets(GetServerComponentState),
    _cmdlets(SetServerComponentState),
    # A secret survives no other form.
    _cmdlets(InvokeMonitoringProbe, password=_UNSET, secondary_password=_UNSET),
    _cmdlets(GetPopSettings),
    _cmdlets(SetPopSettings, max_command_size=st.integers(40, 1024)),
    st.builds(NetStop, service=st.sampled_from(["w3svc", "W3SVC"]), yes=st.booleans()),
    st.builds(NetStart, service=st.sampled_from(["w3svc", "W3SVC"])),
)

set_imap_settings = _fields(SetImapSettings).map(lambda values: SetImapSettings(**values))  # type: ignore[arg-type]  # as above
cmdlets: st.SearchStrategy[Cmdlet] = st.one_of(
    _cmdlets(FormatList),
    _cmdlets(GetImapSettings),
    set_imap_settings,
    _cmdlets(SetService, name=texts, display_name=texts | st.just(UNSET)),
    _cmdlets(TestImapConnectivity),
    *map(_service_cmdlets, (GetService, RestartService, StartService, StopService)),
    _others,
)

_line_or_none = st.none() | lines.filter(bool)
imap_settings = st.builds(
    ImapSettings,
    server=lines,
    name=_line_or_none,
    protocol_name=_line_or_none,
    external_connection_settings=lists(connection_settings),
    internal_connection_settings=lists(connection_settings),
    x509_certificate_name=_line_or_none,
    ssl_bindings=lists(bindings),
    unencrypted_or_tls_bindings=lists(bindings),
    login_type=st.sampled_from(LoginType),
    enable_gssapi_and_ntlm_auth=st.booleans(),
    extended_protection_policy=st.sampled_from(ExtendedProtectionPolicy),
    enforce_certificate_errors=st.booleans(),
    banner=lines,
    authenticated_connection_timeout=time_spans,
    pre_authenticated_connection_timeout=time_spans,
    max_connections=_int32,
    max_connection_from_single_ip=_int32,
    max_connections_per_user=_int32,
    max_command_size=_int32,
    message_retrieval_mime_format=st.sampled_from(MimeTextFormat),
    calendar_item_retrieval_option=st.sampled_from(CalendarItemRetrievalOption),
    owa_server_url=st.none() | urls,
    enable_exact_rfc822_size=st.booleans(),
    show_hidden_folders_enabled=st.booleans(),
    suppress_read_receipt=st.booleans(),
    proxy_target_port=_int32,
    protocol_log_enabled=st.booleans(),
    log_file_location=lines,
    log_file_roll_over_settings=st.sampled_from(LogFileRollOver),
    log_per_file_size_quota=quotas,
    live_id_basic_auth_replacement=st.none() | st.booleans(),
    identity=_line_or_none,
    id=_line_or_none,
    guid=st.none() | st.uuids().map(lambda guid: UUID(int=guid.int)),
    distinguished_name=_line_or_none,
    object_class=st.none() | lists(_label),
    when_changed_utc=_line_or_none,
    is_valid=st.none() | st.booleans(),
    object_state=_line_or_none,
)
service_states = st.builds(
    ServiceState,
    name=lines,
    display_name=lines,
    status=st.sampled_from(ServiceStatus),
    startup_type=st.sampled_from(StartupType),
    services_depended_on=st.none() | lists(_label),
    dependent_services=st.none() | lists(_label),
    can_stop=st.none() | st.booleans(),
    service_type=_line_or_none,
)
