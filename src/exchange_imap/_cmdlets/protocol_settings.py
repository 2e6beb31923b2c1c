"""The settings that IMAP4 and POP3 have in common: one table for two pairs of cmdlets and their snapshots."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from .._model.cmdlet import Cmdlet
from .._model.codecs.literals import BOOLEAN, IntegerCodec
from .._model.codecs.values import QUOTA, TEXT, TIME_SPAN, URL
from .._model.common_parameters import CONFIRM, WHAT_IF
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
from .directory import DirectoryObject

__all__ = ["SERVERS", "GetProtocolSettings", "ProtocolSettings", "SetProtocolSettings"]

_INTEGER = IntegerCodec()
SERVERS: Final = ("server", ("ImapSettings", "PopSettings", "ExchangeServer"))
"""What all four cmdlets take from a pipe."""


@fields
class GetProtocolSettings(Cmdlet):
    """The parameters of Get-ImapSettings and Get-PopSettings."""

    server: str | Unset = parameter("Server", TEXT)
    """Name, FQDN, distinguished name or legacy DN of the server."""
    domain_controller: str | Unset = parameter("DomainController", TEXT)
    """FQDN of the domain controller to read from."""


@fields
class SetProtocolSettings(Cmdlet):
    """The parameters of Set-ImapSettings and Set-PopSettings; each has others of its own."""

    server: str | Unset = parameter("Server", TEXT)
    """Name, FQDN, distinguished name or legacy DN; always name it, see the ``Get-`` cmdlet."""
    external_connection_settings: EditsOr[ConnectionSetting, Unset | None] = parameter(
        "ExternalConnectionSettings", codecs.CONNECTION_SETTINGS_EDIT
    )
    """What external clients are told; port and method must match a binding."""
    internal_connection_settings: EditsOr[ConnectionSetting, Unset | None] = parameter(
        "InternalConnectionSettings", codecs.CONNECTION_SETTINGS_EDIT
    )
    """What internal clients are told, and where another server forwards a session to."""
    x509_certificate_name: str | Unset | None = parameter("X509CertificateName", codecs.CERTIFICATE_NAME)
    """The host name by which the certificate is found."""
    ssl_bindings: EditsOr[Binding, Unset | None] = parameter("SSLBindings", codecs.BINDINGS_EDIT)
    """Where to listen with TLS from the first byte; ``[::]:993,0.0.0.0:993`` when new, of POP3 port 995."""
    unencrypted_or_tls_bindings: EditsOr[Binding, Unset | None] = parameter(
        "UnencryptedOrTLSBindings", codecs.BINDINGS_EDIT
    )
    """Where to listen in clear, with STARTTLS offered; ``[::]:143,0.0.0.0:143`` when new, of POP3 port 110."""
    login_type: Of[LoginType | Unset] = parameter("LoginType", codecs.LOGIN_TYPE)
    """How a client may log in; ``SecureLogin`` when new."""
    enable_gssapi_and_ntlm_auth: bool | Unset = parameter("EnableGSSAPIAndNTLMAuth", BOOLEAN)
    """Whether integrated authentication is offered; true when new."""
    extended_protection_policy: Of[ExtendedProtectionPolicy | Unset] = parameter(
        "ExtendedProtectionPolicy", codecs.EXTENDED_PROTECTION
    )
    """Channel binding for integrated authentication; ``None`` when new."""
    enforce_certificate_errors: bool | Unset = parameter("EnforceCertificateErrors", BOOLEAN)
    """Whether a certificate that is invalid or names another host is refused; false when new."""
    banner: str | Unset | None = parameter("Banner", codecs.BANNER)
    """The greeting after ``* OK``; at most 1,024 characters."""
    authenticated_connection_timeout: Of[timedelta | Unset] = parameter(
        "AuthenticatedConnectionTimeout", codecs.AUTHENTICATED_TIMEOUT
    )
    """Idle time after login, whole seconds from 30 s to one day; 30 minutes when new."""
    pre_authenticated_connection_timeout: Of[timedelta | Unset] = parameter(
        "PreAuthenticatedConnectionTimeout", codecs.PRE_AUTHENTICATED_TIMEOUT
    )
    """Idle time before login, whole seconds from 30 s to one hour; one minute when new."""
    max_connections: Of[int | Unset] = parameter("MaxConnections", codecs.CONNECTIONS)
    """Connections to the server, 1 to 2147483647, which is also the default."""
    max_connection_from_single_ip: Of[int | Unset] = parameter("MaxConnectionFromSingleIP", codecs.CONNECTIONS)
    """Connections from one address, 1 to 2147483647, which is also the default."""
    max_connections_per_user: Of[int | Unset] = parameter("MaxConnectionsPerUser", codecs.CONNECTIONS)
    """Connections of one user, 1 to 2147483647; 16 when new."""
    message_retrieval_mime_format: Of[MimeTextFormat | Unset] = parameter(
        "MessageRetrievalMimeFormat", codecs.MIME_FORMAT
    )
    """The format of messages; ``BestBodyFormat`` when new."""
    calendar_item_retrieval_option: Of[CalendarItemRetrievalOption | Unset] = parameter(
        "CalendarItemRetrievalOption", codecs.CALENDAR_ITEM_RETRIEVAL
    )
    """What a meeting request looks like; ``iCalendar`` when new. ``Custom`` needs ``owa_server_url``."""
    owa_server_url: str | Unset | None = parameter("OwaServerUrl", URL)
    """Where ``Custom`` calendar links lead: an absolute URL."""
    enable_exact_rfc822_size: bool | Unset = parameter("EnableExactRFC822Size", BOOLEAN)
    """Whether sizes are exact, which costs time, or estimated; false when new."""
    suppress_read_receipt: bool | Unset = parameter("SuppressReadReceipt", BOOLEAN)
    """Whether a receipt is sent only when a message is opened; false when new."""
    proxy_target_port: Of[int | Unset] = parameter("ProxyTargetPort", codecs.PORT)
    """The port of the backend service; 1993 when new."""
    protocol_log_enabled: bool | Unset = parameter("ProtocolLogEnabled", BOOLEAN)
    """Whether the protocol is logged; false when new."""
    log_file_location: str | Unset = parameter("LogFileLocation", TEXT)
    """The folder of the protocol log, on the server."""
    log_file_roll_over_settings: Of[LogFileRollOver | Unset] = parameter("LogFileRollOverSettings", codecs.ROLL_OVER)
    """How often a log file is begun, when ``log_per_file_size_quota`` is 0."""
    log_per_file_size_quota: Of[ByteQuota | Unset] = parameter("LogPerFileSizeQuota", codecs.LOG_QUOTA)
    """The size of one log file: 0 (by time instead), at least 1 MB, or unlimited; 0 when new."""
    domain_controller: str | Unset = parameter("DomainController", TEXT)
    """FQDN of the domain controller to write to."""
    what_if: bool | Unset = WHAT_IF
    """Say what would happen, and change nothing."""
    confirm: bool | Unset = CONFIRM
    """Ask before the change, which over remoting nobody can answer."""


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
