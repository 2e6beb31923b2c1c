"""The settings that IMAP4 and POP3 have in common: one table for two pairs of cmdlets and their snapshots.

Ranges, which the server enforces on writing: Microsoft's page of Set-ImapSettings, and for the two time-outs, the
banner, the certificate name and the log quota what Exchange itself is reported to check.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import attrs

from .._model.codecs.lists import EditableListCodec, ListCodec
from .._model.codecs.literals import BOOLEAN, IntegerCodec
from .._model.codecs.values import BINDING, QUOTA, TEXT, TIME_SPAN, URL, Bounds, TextCodec, ValueCodec, choice
from .._model.declaration import fields, parameter, property_, required_property
from .._model.field_types import EditsOr, Items, Of
from .._patterns import pattern
from .._values import (
    Binding,
    ByteQuota,
    CalendarItemRetrievalOption,
    ConnectionSetting,
    ExtendedProtectionPolicy,
    LogFileRollOver,
    LoginType,
    MimeTextFormat,
    Unset,
    format_time_span,
    is_dns_name,
)
from .directory import DirectoryObject, ReadingCmdlet, WritingCmdlet

__all__ = ["GET_HINTS", "SERVERS", "SET_HINTS", "GetProtocolSettings", "ProtocolSettings", "SetProtocolSettings"]

_MEGABYTE = 1024 * 1024
_LONGEST_TEXT = 1024
_THUMBPRINT = pattern("[0-9A-Fa-f]{40}")


def _time_out(most: timedelta) -> ValueCodec[timedelta]:
    least = timedelta(seconds=30)
    expected = f"whole seconds from {format_time_span(least)} to {format_time_span(most)}"
    bounds = Bounds[timedelta](expected, lambda span: least <= span <= most and not span.microseconds)
    return attrs.evolve(TIME_SPAN, bounds=bounds)


# The page says 1:00:00 at most; Exchange 2010's text and the 2013 admin centre say 86,400 seconds, which makes it
# look like a mistyped 1.00:00:00. The wider one holds.
_AUTHENTICATED_TIMEOUT = _time_out(timedelta(days=1))
_PRE_AUTHENTICATED_TIMEOUT = _time_out(timedelta(hours=1))
_BANNER = TextCodec(bounds=Bounds(f"at most {_LONGEST_TEXT} characters", lambda text: len(text) <= _LONGEST_TEXT))
_CERTIFICATE_NAME = TextCodec(
    bounds=Bounds(
        "a host name that the certificate covers, such as mail.contoso.com (no wildcard, no address, no thumbprint)",
        lambda text: not text or (is_dns_name(text) and not _THUMBPRINT.fullmatch(text)),
    )
)
_CONNECTIONS = IntegerCodec.between(1, 2**31 - 1)
_LOG_QUOTA = attrs.evolve(
    QUOTA,
    bounds=Bounds[ByteQuota](
        "unlimited, 0, or at least 1MB", lambda quota: not quota.bytes or quota.bytes >= _MEGABYTE
    ),
)

_CONNECTION_SETTINGS = ListCodec(
    ValueCodec(
        "HostName:Port:SSL, HostName:Port:TLS or HostName:Port", ConnectionSetting, parse=ConnectionSetting.parse
    )
)
_BINDINGS = ListCodec(BINDING)
_INTEGER = IntegerCodec()
SERVERS: Final = ("server", ("ImapSettings", "PopSettings", "ExchangeServer"))
"""What all four cmdlets take from a pipe."""
_NAMED: Final = {"": "The server is named by -Server.", "identity": "The server is named by -Server."}
GET_HINTS: Final = {**_NAMED, "servers": "One server at a time: -Server."}
SET_HINTS: Final = {
    **_NAMED,
    "thumbprint": "Write -X509CertificateName with a host name that the certificate covers.",
    "force": "There is nothing to confirm: leave it out.",
    "encryptedortlsbindings": "Write -UnencryptedOrTLSBindings.",
    "encryptionedortlsbindings": "Write -UnencryptedOrTLSBindings.",
    "protocolloggingenabled": "Write -ProtocolLogEnabled.",
    "maxconnectionsfromsingleip": "Write -MaxConnectionFromSingleIP.",
}
"""What to say of parameters that do not exist, in the cmdlets of both protocols."""


@fields
class GetProtocolSettings(ReadingCmdlet):
    """The parameters of Get-ImapSettings and Get-PopSettings."""

    server: str | Unset = parameter("Server", TEXT)
    """Name, FQDN, distinguished name or legacy DN of the server."""


@fields
class SetProtocolSettings(WritingCmdlet):
    """The parameters of Set-ImapSettings and Set-PopSettings; each has others of its own."""

    server: str | Unset = parameter("Server", TEXT)
    """Name, FQDN, distinguished name or legacy DN; always name it, see the ``Get-`` cmdlet."""
    external_connection_settings: EditsOr[ConnectionSetting, Unset | None] = parameter(
        "ExternalConnectionSettings", EditableListCodec(_CONNECTION_SETTINGS), new=()
    )
    """The host names, ports and methods that external clients are shown; each must match a binding."""
    internal_connection_settings: EditsOr[ConnectionSetting, Unset | None] = parameter(
        "InternalConnectionSettings", EditableListCodec(_CONNECTION_SETTINGS)
    )
    """The same for internal clients; another server forwards a session to the first of them."""
    x509_certificate_name: str | Unset | None = parameter("X509CertificateName", _CERTIFICATE_NAME)
    """The host name by which the certificate is found."""
    ssl_bindings: EditsOr[Binding, Unset | None] = parameter("SSLBindings", EditableListCodec(_BINDINGS))
    """Where to listen with TLS from the first byte."""
    unencrypted_or_tls_bindings: EditsOr[Binding, Unset | None] = parameter(
        "UnencryptedOrTLSBindings", EditableListCodec(_BINDINGS)
    )
    """Where to listen in clear, with STARTTLS offered."""
    login_type: Of[LoginType | Unset] = parameter("LoginType", choice(LoginType), new="SecureLogin")
    """How a client may log in."""
    enable_gssapi_and_ntlm_auth: bool | Unset = parameter("EnableGSSAPIAndNTLMAuth", BOOLEAN, new=True)
    """Whether integrated authentication is offered."""
    extended_protection_policy: Of[ExtendedProtectionPolicy | Unset] = parameter(
        "ExtendedProtectionPolicy", choice(ExtendedProtectionPolicy), new="None"
    )
    """Channel binding for integrated authentication."""
    enforce_certificate_errors: bool | Unset = parameter("EnforceCertificateErrors", BOOLEAN, new=False)
    """Whether a certificate that is invalid or names another host is refused."""
    banner: str | Unset | None = parameter("Banner", _BANNER)
    """The greeting after ``* OK``."""
    authenticated_connection_timeout: Of[timedelta | Unset] = parameter(
        "AuthenticatedConnectionTimeout", _AUTHENTICATED_TIMEOUT, new="00:30:00"
    )
    """How long a client may be idle after login."""
    pre_authenticated_connection_timeout: Of[timedelta | Unset] = parameter(
        "PreAuthenticatedConnectionTimeout", _PRE_AUTHENTICATED_TIMEOUT, new="00:01:00"
    )
    """How long a client may be idle before login."""
    max_connections: Of[int | Unset] = parameter("MaxConnections", _CONNECTIONS, new=2**31 - 1)
    """Connections to the server."""
    max_connection_from_single_ip: Of[int | Unset] = parameter("MaxConnectionFromSingleIP", _CONNECTIONS, new=2**31 - 1)
    """Connections from one address."""
    max_connections_per_user: Of[int | Unset] = parameter("MaxConnectionsPerUser", _CONNECTIONS, new=16)
    """Connections of one user."""
    message_retrieval_mime_format: Of[MimeTextFormat | Unset] = parameter(
        "MessageRetrievalMimeFormat", choice(MimeTextFormat), new="BestBodyFormat"
    )
    """The format of messages."""
    calendar_item_retrieval_option: Of[CalendarItemRetrievalOption | Unset] = parameter(
        "CalendarItemRetrievalOption", choice(CalendarItemRetrievalOption), new="iCalendar"
    )
    """What a meeting request looks like; ``Custom`` needs ``owa_server_url``."""
    owa_server_url: str | Unset | None = parameter("OwaServerUrl", URL)
    """Where ``Custom`` calendar links lead: an absolute URL."""
    enable_exact_rfc822_size: bool | Unset = parameter("EnableExactRFC822Size", BOOLEAN, new=False)
    """Whether sizes are exact, which costs time, or estimated."""
    suppress_read_receipt: bool | Unset = parameter("SuppressReadReceipt", BOOLEAN, new=False)
    """Whether a receipt is sent only when a message is opened."""
    proxy_target_port: Of[int | Unset] = parameter("ProxyTargetPort", IntegerCodec.between(0, 65535))
    """The port of the backend service."""
    protocol_log_enabled: bool | Unset = parameter("ProtocolLogEnabled", BOOLEAN, new=False)
    """Whether the protocol is logged."""
    log_file_location: str | Unset = parameter("LogFileLocation", TEXT)
    """The folder of the protocol log, on the server."""
    log_file_roll_over_settings: Of[LogFileRollOver | Unset] = parameter(
        "LogFileRollOverSettings", choice(LogFileRollOver), new="Hourly"
    )
    """How often a log file is begun, when ``log_per_file_size_quota`` is 0."""
    log_per_file_size_quota: Of[ByteQuota | Unset] = parameter("LogPerFileSizeQuota", _LOG_QUOTA, new="0")
    """The size of one log file; 0 begins a new one by time instead."""


@fields
class ProtocolSettings(DirectoryObject):
    """The settings as Get-ImapSettings and Get-PopSettings answer them; each has others of its own."""

    server: str = required_property("Server", TEXT, first=True)
    name: str | None = property_("Name", TEXT)
    protocol_name: str | None = property_("ProtocolName", TEXT)
    external_connection_settings: Items[ConnectionSetting] = required_property(
        "ExternalConnectionSettings", _CONNECTION_SETTINGS
    )
    internal_connection_settings: Items[ConnectionSetting] = required_property(
        "InternalConnectionSettings", _CONNECTION_SETTINGS
    )
    x509_certificate_name: str | None = property_("X509CertificateName", TEXT)
    ssl_bindings: Items[Binding] = required_property("SSLBindings", _BINDINGS)
    unencrypted_or_tls_bindings: Items[Binding] = required_property("UnencryptedOrTLSBindings", _BINDINGS)
    login_type: Of[LoginType] = required_property("LoginType", choice(LoginType))
    enable_gssapi_and_ntlm_auth: bool = required_property("EnableGSSAPIAndNTLMAuth", BOOLEAN)
    extended_protection_policy: Of[ExtendedProtectionPolicy] = required_property(
        "ExtendedProtectionPolicy", choice(ExtendedProtectionPolicy)
    )
    enforce_certificate_errors: bool = required_property("EnforceCertificateErrors", BOOLEAN)
    banner: str = required_property("Banner", TEXT)
    authenticated_connection_timeout: Of[timedelta] = required_property("AuthenticatedConnectionTimeout", TIME_SPAN)
    pre_authenticated_connection_timeout: Of[timedelta] = required_property(
        "PreAuthenticatedConnectionTimeout", TIME_SPAN
    )
    max_connections: Of[int] = required_property("MaxConnections", _INTEGER)
    max_connection_from_single_ip: Of[int] = required_property("MaxConnectionFromSingleIP", _INTEGER)
    max_connections_per_user: Of[int] = required_property("MaxConnectionsPerUser", _INTEGER)
    message_retrieval_mime_format: Of[MimeTextFormat] = required_property(
        "MessageRetrievalMimeFormat", choice(MimeTextFormat)
    )
    calendar_item_retrieval_option: Of[CalendarItemRetrievalOption] = required_property(
        "CalendarItemRetrievalOption", choice(CalendarItemRetrievalOption)
    )
    owa_server_url: str | None = property_("OwaServerUrl", TEXT)
    enable_exact_rfc822_size: bool = required_property("EnableExactRFC822Size", BOOLEAN)
    suppress_read_receipt: bool = required_property("SuppressReadReceipt", BOOLEAN)
    proxy_target_port: Of[int] = required_property("ProxyTargetPort", _INTEGER)
    protocol_log_enabled: bool = required_property("ProtocolLogEnabled", BOOLEAN)
    log_file_location: str = required_property("LogFileLocation", TEXT)
    log_file_roll_over_settings: Of[LogFileRollOver] = required_property(
        "LogFileRollOverSettings", choice(LogFileRollOver)
    )
    log_per_file_size_quota: Of[ByteQuota] = required_property("LogPerFileSizeQuota", QUOTA)
    live_id_basic_auth_replacement: bool | None = property_("LiveIdBasicAuthReplacement", BOOLEAN)
    admin_display_name: str | None = property_("AdminDisplayName", TEXT)
