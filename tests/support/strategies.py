"""Any value that the model can hold, for hypothesis."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import attrs
from hypothesis import strategies as st

from exchange_imap import (
    UNSET,
    Binding,
    ByteQuota,
    CalendarItemRetrievalOption,
    Cmdlet,
    ConnectionSetting,
    ConnectionType,
    CredentialPrompt,
    Encryption,
    ExtendedProtectionPolicy,
    FormatList,
    GetImapSettings,
    GetService,
    ImapSettings,
    ListEdit,
    LogFileRollOver,
    LoginType,
    MimeTextFormat,
    RestartService,
    ServiceState,
    ServiceStatus,
    SetImapSettings,
    SetService,
    StartService,
    StartupType,
    StopService,
    TestImapConnectivity,
)

T = TypeVar("T")

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
lines = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=60)

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
    "x509_certificate_name": st.one_of(host_names, st.just(""), st.none()),
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
    "property": _names,
    "group_by": texts,
    "view": texts,
    "expand": texts,
}


def _fields(cls: type[Cmdlet], **fixed: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    names = [f.name for f in attrs.fields(cls) if f.name != "_order" and f.name not in fixed]
    return st.fixed_dictionaries(fixed, optional={name: _VALUES.get(name, st.booleans()) for name in names})


def _cmdlets(cls: type[Cmdlet], **fixed: st.SearchStrategy[object]) -> st.SearchStrategy[Cmdlet]:
    return _fields(cls, **fixed).map(lambda values: cls(**values))  # type: ignore[arg-type]  # each under its own name


def _service_cmdlets(cls: type[Cmdlet]) -> st.SearchStrategy[Cmdlet]:
    """Services are named by their names or by their display names, never by both."""
    unset = st.just(UNSET)
    named = _cmdlets(cls, name=_names, display_name=unset)
    return named | _cmdlets(cls, name=unset, display_name=_names)


set_imap_settings = _fields(SetImapSettings).map(lambda values: SetImapSettings(**values))  # type: ignore[arg-type]  # as above
cmdlets: st.SearchStrategy[Cmdlet] = st.one_of(
    _cmdlets(FormatList),
    _cmdlets(GetImapSettings),
    set_imap_settings,
    _cmdlets(SetService, name=texts, display_name=texts | st.just(UNSET)),
    _cmdlets(TestImapConnectivity),
    *map(_service_cmdlets, (GetService, RestartService, StartService, StopService)),
)

_int32 = st.integers(-(2**31), 2**31 - 1)
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
