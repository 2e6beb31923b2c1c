"""The settings that IMAP4 and POP3 have in common: one table for two pairs of cmdlets and their snapshots."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from .._model.codecs.literals import BOOLEAN, IntegerCodec
from .._model.codecs.values import QUOTA, TEXT, TIME_SPAN, URL
from .._model.declaration import fields, parameter, property_, required_property
from .._model.field_types import EditsOr, Items, Of
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
)
from . import settings_codecs as codecs
from .directory import DirectoryObject, ReadingCmdlet, WritingCmdlet

__all__ = ["GET_HINTS", "SERVERS", "SET_HINTS", "GetProtocolSettings", "ProtocolSettings", "SetProtocolSettings"]

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
        "ExternalConnectionSettings", codecs.CONNECTION_SETTINGS_EDIT, new=()
    )
    """The host names, ports and methods that external clients are shown; each must match a binding."""
    internal_connection_settings: EditsOr[ConnectionSetting, Unset | None] = parameter(
        "InternalConnectionSettings", codecs.CONNECTION_SETTINGS_EDIT
    )
    """The same for internal clients; another server forwards a session to the first of them."""
    x509_certificate_name: str | Unset | None = parameter("X509CertificateName", codecs.CERTIFICATE_NAME)
    """The host name by which the certificate is found."""
    ssl_bindings: EditsOr[Binding, Unset | None] = parameter("SSLBindings", codecs.BINDINGS_EDIT)
    """Where to listen with TLS from the first byte."""
    unencrypted_or_tls_bindings: EditsOr[Binding, Unset | None] = parameter(
        "UnencryptedOrTLSBindings", codecs.BINDINGS_EDIT
    )
    """Where to listen in clear, with STARTTLS offered."""
    login_type: Of[LoginType | Unset] = parameter("LoginType", codecs.LOGIN_TYPE, new="SecureLogin")
    """How a client may log in."""
    enable_gssapi_and_ntlm_auth: bool | Unset = parameter("EnableGSSAPIAndNTLMAuth", BOOLEAN, new=True)
    """Whether integrated authentication is offered."""
    extended_protection_policy: Of[ExtendedProtectionPolicy | Unset] = parameter(
        "ExtendedProtectionPolicy", codecs.EXTENDED_PROTECTION, new="None"
    )
    """Channel binding for integrated authentication."""
    enforce_certificate_errors: bool | Unset = parameter("EnforceCertificateErrors", BOOLEAN, new=False)
    """Whether a certificate that is invalid or names another host is refused."""
    banner: str | Unset | None = parameter("Banner", codecs.BANNER)
    """The greeting after ``* OK``."""
    authenticated_connection_timeout: Of[timedelta | Unset] = parameter(
        "AuthenticatedConnectionTimeout", codecs.AUTHENTICATED_TIMEOUT, new="00:30:00"
    )
    """How long a client may be idle after login."""
    pre_authenticated_connection_timeout: Of[timedelta | Unset] = parameter(
        "PreAuthenticatedConnectionTimeout", codecs.PRE_AUTHENTICATED_TIMEOUT, new="00:01:00"
    )
    """How long a client may be idle before login."""
    max_connections: Of[int | Unset] = parameter("MaxConnections", codecs.CONNECTIONS, new=2**31 - 1)
    """Connections to the server."""
    max_connection_from_single_ip: Of[int | Unset] = parameter(
        "MaxConnectionFromSingleIP", codecs.CONNECTIONS, new=2**31 - 1
    )
    """Connections from one address."""
    max_connections_per_user: Of[int | Unset] = parameter("MaxConnectionsPerUser", codecs.CONNECTIONS, new=16)
    """Connections of one user."""
    message_retrieval_mime_format: Of[MimeTextFormat | Unset] = parameter(
        "MessageRetrievalMimeFormat", codecs.MIME_FORMAT, new="BestBodyFormat"
    )
    """The format of messages."""
    calendar_item_retrieval_option: Of[CalendarItemRetrievalOption | Unset] = parameter(
        "CalendarItemRetrievalOption", codecs.CALENDAR_ITEM_RETRIEVAL, new="iCalendar"
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
        "LogFileRollOverSettings", codecs.ROLL_OVER, new="Hourly"
    )
    """How often a log file is begun, when ``log_per_file_size_quota`` is 0."""
    log_per_file_size_quota: Of[ByteQuota | Unset] = parameter("LogPerFileSizeQuota", codecs.LOG_QUOTA, new="0")
    """The size of one log file; 0 begins a new one by time instead."""


@fields
class ProtocolSettings(DirectoryObject):
    """The settings as Get-ImapSettings and Get-PopSettings answer them; each has others of its own."""

    server: str = required_property("Server", TEXT)
    name: str | None = property_("Name", TEXT)
    protocol_name: str | None = property_("ProtocolName", TEXT)
    external_connection_settings: Items[ConnectionSetting] = required_property(
        "ExternalConnectionSettings", codecs.CONNECTION_SETTINGS
    )
    internal_connection_settings: Items[ConnectionSetting] = required_property(
        "InternalConnectionSettings", codecs.CONNECTION_SETTINGS
    )
    x509_certificate_name: str | None = property_("X509CertificateName", TEXT)
    ssl_bindings: Items[Binding] = required_property("SSLBindings", codecs.BINDINGS)
    unencrypted_or_tls_bindings: Items[Binding] = required_property("UnencryptedOrTLSBindings", codecs.BINDINGS)
    login_type: Of[LoginType] = required_property("LoginType", codecs.LOGIN_TYPE)
    enable_gssapi_and_ntlm_auth: bool = required_property("EnableGSSAPIAndNTLMAuth", BOOLEAN)
    extended_protection_policy: Of[ExtendedProtectionPolicy] = required_property(
        "ExtendedProtectionPolicy", codecs.EXTENDED_PROTECTION
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
        "MessageRetrievalMimeFormat", codecs.MIME_FORMAT
    )
    calendar_item_retrieval_option: Of[CalendarItemRetrievalOption] = required_property(
        "CalendarItemRetrievalOption", codecs.CALENDAR_ITEM_RETRIEVAL
    )
    owa_server_url: str | None = property_("OwaServerUrl", TEXT)
    enable_exact_rfc822_size: bool = required_property("EnableExactRFC822Size", BOOLEAN)
    suppress_read_receipt: bool = required_property("SuppressReadReceipt", BOOLEAN)
    proxy_target_port: Of[int] = required_property("ProxyTargetPort", _INTEGER)
    protocol_log_enabled: bool = required_property("ProtocolLogEnabled", BOOLEAN)
    log_file_location: str = required_property("LogFileLocation", TEXT)
    log_file_roll_over_settings: Of[LogFileRollOver] = required_property("LogFileRollOverSettings", codecs.ROLL_OVER)
    log_per_file_size_quota: Of[ByteQuota] = required_property("LogPerFileSizeQuota", QUOTA)
    live_id_basic_auth_replacement: bool | None = property_("LiveIdBasicAuthReplacement", BOOLEAN)
    admin_display_name: str | None = property_("AdminDisplayName", TEXT)
