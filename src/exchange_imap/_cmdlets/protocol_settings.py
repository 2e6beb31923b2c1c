"""The settings that IMAP4 and POP3 have in common: one table for two pairs of cmdlets and their snapshots."""

from __future__ import annotations

from datetime import timedelta

import attrs

from .._model.cmdlet import Cmdlet
from .._model.codecs.literals import BOOLEAN, IntegerCodec
from .._model.codecs.values import QUOTA, TEXT, TIME_SPAN, URL
from .._model.common_parameters import CONFIRM, WHAT_IF
from .._model.declaration import arranged, checked, parameter, property_
from .._values import (
    UNSET,
    Binding,
    ByteQuota,
    CalendarItemRetrievalOption,
    ConnectionSetting,
    ExtendedProtectionPolicy,
    ListEdit,
    LogFileRollOver,
    LoginType,
    MimeTextFormat,
    Unset,
)
from . import settings_codecs as codecs
from .directory import DirectoryObject

__all__ = ["GetProtocolSettings", "ProtocolSettings", "SetProtocolSettings"]

_INTEGER = IntegerCodec()

_ConnectionSettings = tuple[ConnectionSetting, ...] | ListEdit[ConnectionSetting] | None | Unset
_Bindings = tuple[Binding, ...] | ListEdit[Binding] | None | Unset


@attrs.frozen(kw_only=True, repr=False, field_transformer=checked)
class GetProtocolSettings(Cmdlet):
    """The parameters of Get-ImapSettings and Get-PopSettings."""

    server: str | Unset = attrs.field(default=UNSET, metadata=parameter("Server", TEXT))
    """Name, FQDN, distinguished name or legacy DN of the server."""
    domain_controller: str | Unset = attrs.field(default=UNSET, metadata=parameter("DomainController", TEXT))
    """FQDN of the domain controller to read from."""


@attrs.frozen(kw_only=True, repr=False, field_transformer=checked)
class SetProtocolSettings(Cmdlet):
    """The parameters of Set-ImapSettings and Set-PopSettings; each has others of its own."""

    server: str | Unset = attrs.field(default=UNSET, metadata=parameter("Server", TEXT))
    """Name, FQDN, distinguished name or legacy DN; always name it, see the ``Get-`` cmdlet."""
    external_connection_settings: _ConnectionSettings = attrs.field(
        default=UNSET,
        metadata=parameter("ExternalConnectionSettings", codecs.CONNECTION_SETTINGS_EDIT, nullable=True),
    )
    """What external clients are told; port and method must match a binding."""
    internal_connection_settings: _ConnectionSettings = attrs.field(
        default=UNSET,
        metadata=parameter("InternalConnectionSettings", codecs.CONNECTION_SETTINGS_EDIT, nullable=True),
    )
    """What internal clients are told, and where another server forwards a session to."""
    x509_certificate_name: str | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("X509CertificateName", codecs.CERTIFICATE_NAME, nullable=True)
    )
    """The host name by which the certificate is found."""
    ssl_bindings: _Bindings = attrs.field(
        default=UNSET, metadata=parameter("SSLBindings", codecs.BINDINGS_EDIT, nullable=True)
    )
    """Where to listen with TLS from the first byte; ``[::]:993,0.0.0.0:993`` when new, of POP3 port 995."""
    unencrypted_or_tls_bindings: _Bindings = attrs.field(
        default=UNSET, metadata=parameter("UnencryptedOrTLSBindings", codecs.BINDINGS_EDIT, nullable=True)
    )
    """Where to listen in clear, with STARTTLS offered; ``[::]:143,0.0.0.0:143`` when new, of POP3 port 110."""
    login_type: LoginType | Unset = attrs.field(default=UNSET, metadata=parameter("LoginType", codecs.LOGIN_TYPE))
    """How a client may log in; ``SecureLogin`` when new."""
    enable_gssapi_and_ntlm_auth: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("EnableGSSAPIAndNTLMAuth", BOOLEAN)
    )
    """Whether integrated authentication is offered; true when new."""
    extended_protection_policy: ExtendedProtectionPolicy | Unset = attrs.field(
        default=UNSET, metadata=parameter("ExtendedProtectionPolicy", codecs.EXTENDED_PROTECTION)
    )
    """Channel binding for integrated authentication; ``None`` when new."""
    enforce_certificate_errors: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("EnforceCertificateErrors", BOOLEAN)
    )
    """Whether a certificate that is invalid or names another host is refused; false when new."""
    banner: str | Unset | None = attrs.field(default=UNSET, metadata=parameter("Banner", codecs.BANNER, nullable=True))
    """The greeting after ``* OK``; at most 1,024 characters."""
    authenticated_connection_timeout: timedelta | Unset = attrs.field(
        default=UNSET, metadata=parameter("AuthenticatedConnectionTimeout", codecs.AUTHENTICATED_TIMEOUT)
    )
    """Idle time after login, whole seconds from 30 s to one day; 30 minutes when new."""
    pre_authenticated_connection_timeout: timedelta | Unset = attrs.field(
        default=UNSET, metadata=parameter("PreAuthenticatedConnectionTimeout", codecs.PRE_AUTHENTICATED_TIMEOUT)
    )
    """Idle time before login, whole seconds from 30 s to one hour; one minute when new."""
    max_connections: int | Unset = attrs.field(default=UNSET, metadata=parameter("MaxConnections", codecs.CONNECTIONS))
    """Connections to the server, 1 to 2147483647, which is also the default."""
    max_connection_from_single_ip: int | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxConnectionFromSingleIP", codecs.CONNECTIONS)
    )
    """Connections from one address, 1 to 2147483647, which is also the default."""
    max_connections_per_user: int | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxConnectionsPerUser", codecs.CONNECTIONS)
    )
    """Connections of one user, 1 to 2147483647; 16 when new."""
    message_retrieval_mime_format: MimeTextFormat | Unset = attrs.field(
        default=UNSET, metadata=parameter("MessageRetrievalMimeFormat", codecs.MIME_FORMAT)
    )
    """The format of messages; ``BestBodyFormat`` when new."""
    calendar_item_retrieval_option: CalendarItemRetrievalOption | Unset = attrs.field(
        default=UNSET, metadata=parameter("CalendarItemRetrievalOption", codecs.CALENDAR_ITEM_RETRIEVAL)
    )
    """What a meeting request looks like; ``iCalendar`` when new. ``Custom`` needs ``owa_server_url``."""
    owa_server_url: str | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("OwaServerUrl", URL, nullable=True)
    )
    """Where ``Custom`` calendar links lead: an absolute URL."""
    enable_exact_rfc822_size: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("EnableExactRFC822Size", BOOLEAN)
    )
    """Whether sizes are exact, which costs time, or estimated; false when new."""
    suppress_read_receipt: bool | Unset = attrs.field(default=UNSET, metadata=parameter("SuppressReadReceipt", BOOLEAN))
    """Whether a receipt is sent only when a message is opened; false when new."""
    proxy_target_port: int | Unset = attrs.field(default=UNSET, metadata=parameter("ProxyTargetPort", codecs.PORT))
    """The port of the backend service; 1993 when new."""
    protocol_log_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("ProtocolLogEnabled", BOOLEAN))
    """Whether the protocol is logged; false when new."""
    log_file_location: str | Unset = attrs.field(default=UNSET, metadata=parameter("LogFileLocation", TEXT))
    """The folder of the protocol log, on the server."""
    log_file_roll_over_settings: LogFileRollOver | Unset = attrs.field(
        default=UNSET, metadata=parameter("LogFileRollOverSettings", codecs.ROLL_OVER)
    )
    """How often a log file is begun, when ``log_per_file_size_quota`` is 0."""
    log_per_file_size_quota: ByteQuota | Unset = attrs.field(
        default=UNSET, metadata=parameter("LogPerFileSizeQuota", codecs.LOG_QUOTA)
    )
    """The size of one log file: 0 (by time instead), at least 1 MB, or unlimited; 0 when new."""
    domain_controller: str | Unset = attrs.field(default=UNSET, metadata=parameter("DomainController", TEXT))
    """FQDN of the domain controller to write to."""
    what_if: bool | Unset = attrs.field(default=UNSET, metadata=WHAT_IF)
    """Say what would happen, and change nothing."""
    confirm: bool | Unset = attrs.field(default=UNSET, metadata=CONFIRM)
    """Ask before the change, which over remoting nobody can answer."""


@attrs.frozen(kw_only=True, repr=False, field_transformer=arranged())
class ProtocolSettings(DirectoryObject):
    """The settings as Get-ImapSettings and Get-PopSettings answer them; each has others of its own."""

    server: str = attrs.field(metadata=property_("Server", TEXT))
    name: str | None = attrs.field(default=None, metadata=property_("Name", TEXT))
    protocol_name: str | None = attrs.field(default=None, metadata=property_("ProtocolName", TEXT))
    external_connection_settings: tuple[ConnectionSetting, ...] = attrs.field(
        metadata=property_("ExternalConnectionSettings", codecs.CONNECTION_SETTINGS)
    )
    internal_connection_settings: tuple[ConnectionSetting, ...] = attrs.field(
        metadata=property_("InternalConnectionSettings", codecs.CONNECTION_SETTINGS)
    )
    x509_certificate_name: str | None = attrs.field(default=None, metadata=property_("X509CertificateName", TEXT))
    ssl_bindings: tuple[Binding, ...] = attrs.field(metadata=property_("SSLBindings", codecs.BINDINGS))
    unencrypted_or_tls_bindings: tuple[Binding, ...] = attrs.field(
        metadata=property_("UnencryptedOrTLSBindings", codecs.BINDINGS)
    )
    login_type: LoginType = attrs.field(metadata=property_("LoginType", codecs.LOGIN_TYPE))
    enable_gssapi_and_ntlm_auth: bool = attrs.field(metadata=property_("EnableGSSAPIAndNTLMAuth", BOOLEAN))
    extended_protection_policy: ExtendedProtectionPolicy = attrs.field(
        metadata=property_("ExtendedProtectionPolicy", codecs.EXTENDED_PROTECTION)
    )
    enforce_certificate_errors: bool = attrs.field(metadata=property_("EnforceCertificateErrors", BOOLEAN))
    banner: str = attrs.field(metadata=property_("Banner", TEXT))
    authenticated_connection_timeout: timedelta = attrs.field(
        metadata=property_("AuthenticatedConnectionTimeout", TIME_SPAN)
    )
    pre_authenticated_connection_timeout: timedelta = attrs.field(
        metadata=property_("PreAuthenticatedConnectionTimeout", TIME_SPAN)
    )
    max_connections: int = attrs.field(metadata=property_("MaxConnections", _INTEGER))
    max_connection_from_single_ip: int = attrs.field(metadata=property_("MaxConnectionFromSingleIP", _INTEGER))
    max_connections_per_user: int = attrs.field(metadata=property_("MaxConnectionsPerUser", _INTEGER))
    message_retrieval_mime_format: MimeTextFormat = attrs.field(
        metadata=property_("MessageRetrievalMimeFormat", codecs.MIME_FORMAT)
    )
    calendar_item_retrieval_option: CalendarItemRetrievalOption = attrs.field(
        metadata=property_("CalendarItemRetrievalOption", codecs.CALENDAR_ITEM_RETRIEVAL)
    )
    owa_server_url: str | None = attrs.field(default=None, metadata=property_("OwaServerUrl", TEXT))
    enable_exact_rfc822_size: bool = attrs.field(metadata=property_("EnableExactRFC822Size", BOOLEAN))
    suppress_read_receipt: bool = attrs.field(metadata=property_("SuppressReadReceipt", BOOLEAN))
    proxy_target_port: int = attrs.field(metadata=property_("ProxyTargetPort", _INTEGER))
    protocol_log_enabled: bool = attrs.field(metadata=property_("ProtocolLogEnabled", BOOLEAN))
    log_file_location: str = attrs.field(metadata=property_("LogFileLocation", TEXT))
    log_file_roll_over_settings: LogFileRollOver = attrs.field(
        metadata=property_("LogFileRollOverSettings", codecs.ROLL_OVER)
    )
    log_per_file_size_quota: ByteQuota = attrs.field(metadata=property_("LogPerFileSizeQuota", QUOTA))
    live_id_basic_auth_replacement: bool | None = attrs.field(
        default=None, metadata=property_("LiveIdBasicAuthReplacement", BOOLEAN)
    )
    admin_display_name: str | None = attrs.field(default=None, metadata=property_("AdminDisplayName", TEXT))
