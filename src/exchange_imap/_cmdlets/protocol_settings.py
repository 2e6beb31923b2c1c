"""The settings that IMAP4 and POP3 have in common: one table for two pairs of cmdlets and their snapshots."""

from __future__ import annotations

from datetime import timedelta

import attrs

from .._cmdlet.cmdlet import Cmdlet
from .._cmdlet.common_parameters import CONFIRM, WHAT_IF
from .._cmdlet.declaration import arranged, checked, parameter, property_
from .._cmdlet.kinds import QUOTA, TEXT, TIME_SPAN, URL
from .._cmdlet.literal_kinds import FLAG, IntegerKind
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
from . import settings_kinds as kinds
from .directory import DirectoryObject

__all__ = ["GetProtocolSettings", "ProtocolSettings", "SetProtocolSettings"]

_INTEGER = IntegerKind()

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
        metadata=parameter("ExternalConnectionSettings", kinds.CONNECTION_SETTINGS_EDIT, nullable=True),
    )
    """What external clients are told; port and method must match a binding."""
    internal_connection_settings: _ConnectionSettings = attrs.field(
        default=UNSET,
        metadata=parameter("InternalConnectionSettings", kinds.CONNECTION_SETTINGS_EDIT, nullable=True),
    )
    """What internal clients are told, and where another server forwards a session to."""
    x509_certificate_name: str | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("X509CertificateName", kinds.CERTIFICATE_NAME, nullable=True)
    )
    """The host name by which the certificate is found."""
    ssl_bindings: _Bindings = attrs.field(
        default=UNSET, metadata=parameter("SSLBindings", kinds.BINDINGS_EDIT, nullable=True)
    )
    """Where to listen with TLS from the first byte; ``[::]:993,0.0.0.0:993`` when new, of POP3 port 995."""
    unencrypted_or_tls_bindings: _Bindings = attrs.field(
        default=UNSET, metadata=parameter("UnencryptedOrTLSBindings", kinds.BINDINGS_EDIT, nullable=True)
    )
    """Where to listen in clear, with STARTTLS offered; ``[::]:143,0.0.0.0:143`` when new, of POP3 port 110."""
    login_type: LoginType | Unset = attrs.field(default=UNSET, metadata=parameter("LoginType", kinds.LOGIN_TYPE))
    """How a client may log in; ``SecureLogin`` when new."""
    enable_gssapi_and_ntlm_auth: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("EnableGSSAPIAndNTLMAuth", FLAG)
    )
    """Whether integrated authentication is offered; true when new."""
    extended_protection_policy: ExtendedProtectionPolicy | Unset = attrs.field(
        default=UNSET, metadata=parameter("ExtendedProtectionPolicy", kinds.EXTENDED_PROTECTION)
    )
    """Channel binding for integrated authentication; ``None`` when new."""
    enforce_certificate_errors: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("EnforceCertificateErrors", FLAG)
    )
    """Whether a certificate that is invalid or names another host is refused; false when new."""
    banner: str | Unset | None = attrs.field(default=UNSET, metadata=parameter("Banner", kinds.BANNER, nullable=True))
    """The greeting after ``* OK``; at most 1,024 characters."""
    authenticated_connection_timeout: timedelta | Unset = attrs.field(
        default=UNSET, metadata=parameter("AuthenticatedConnectionTimeout", kinds.AUTHENTICATED_TIMEOUT)
    )
    """Idle time after login, whole seconds from 30 s to one day; 30 minutes when new."""
    pre_authenticated_connection_timeout: timedelta | Unset = attrs.field(
        default=UNSET, metadata=parameter("PreAuthenticatedConnectionTimeout", kinds.PRE_AUTHENTICATED_TIMEOUT)
    )
    """Idle time before login, whole seconds from 30 s to one hour; one minute when new."""
    max_connections: int | Unset = attrs.field(default=UNSET, metadata=parameter("MaxConnections", kinds.CONNECTIONS))
    """Connections to the server, 1 to 2147483647, which is also the default."""
    max_connection_from_single_ip: int | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxConnectionFromSingleIP", kinds.CONNECTIONS)
    )
    """Connections from one address, 1 to 2147483647, which is also the default."""
    max_connections_per_user: int | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxConnectionsPerUser", kinds.CONNECTIONS)
    )
    """Connections of one user, 1 to 2147483647; 16 when new."""
    message_retrieval_mime_format: MimeTextFormat | Unset = attrs.field(
        default=UNSET, metadata=parameter("MessageRetrievalMimeFormat", kinds.MIME_FORMAT)
    )
    """The format of messages; ``BestBodyFormat`` when new."""
    calendar_item_retrieval_option: CalendarItemRetrievalOption | Unset = attrs.field(
        default=UNSET, metadata=parameter("CalendarItemRetrievalOption", kinds.CALENDAR_ITEM_RETRIEVAL)
    )
    """What a meeting request looks like; ``iCalendar`` when new. ``Custom`` needs ``owa_server_url``."""
    owa_server_url: str | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("OwaServerUrl", URL, nullable=True)
    )
    """Where ``Custom`` calendar links lead: an absolute URL."""
    enable_exact_rfc822_size: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("EnableExactRFC822Size", FLAG)
    )
    """Whether sizes are exact, which costs time, or estimated; false when new."""
    suppress_read_receipt: bool | Unset = attrs.field(default=UNSET, metadata=parameter("SuppressReadReceipt", FLAG))
    """Whether a receipt is sent only when a message is opened; false when new."""
    proxy_target_port: int | Unset = attrs.field(default=UNSET, metadata=parameter("ProxyTargetPort", kinds.PORT))
    """The port of the backend service; 1993 when new."""
    protocol_log_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("ProtocolLogEnabled", FLAG))
    """Whether the protocol is logged; false when new."""
    log_file_location: str | Unset = attrs.field(default=UNSET, metadata=parameter("LogFileLocation", TEXT))
    """The folder of the protocol log, on the server."""
    log_file_roll_over_settings: LogFileRollOver | Unset = attrs.field(
        default=UNSET, metadata=parameter("LogFileRollOverSettings", kinds.ROLL_OVER)
    )
    """How often a log file is begun, when ``log_per_file_size_quota`` is 0."""
    log_per_file_size_quota: ByteQuota | Unset = attrs.field(
        default=UNSET, metadata=parameter("LogPerFileSizeQuota", kinds.LOG_QUOTA)
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
        metadata=property_("ExternalConnectionSettings", kinds.CONNECTION_SETTINGS)
    )
    internal_connection_settings: tuple[ConnectionSetting, ...] = attrs.field(
        metadata=property_("InternalConnectionSettings", kinds.CONNECTION_SETTINGS)
    )
    x509_certificate_name: str | None = attrs.field(default=None, metadata=property_("X509CertificateName", TEXT))
    ssl_bindings: tuple[Binding, ...] = attrs.field(metadata=property_("SSLBindings", kinds.BINDINGS))
    unencrypted_or_tls_bindings: tuple[Binding, ...] = attrs.field(
        metadata=property_("UnencryptedOrTLSBindings", kinds.BINDINGS)
    )
    login_type: LoginType = attrs.field(metadata=property_("LoginType", kinds.LOGIN_TYPE))
    enable_gssapi_and_ntlm_auth: bool = attrs.field(metadata=property_("EnableGSSAPIAndNTLMAuth", FLAG))
    extended_protection_policy: ExtendedProtectionPolicy = attrs.field(
        metadata=property_("ExtendedProtectionPolicy", kinds.EXTENDED_PROTECTION)
    )
    enforce_certificate_errors: bool = attrs.field(metadata=property_("EnforceCertificateErrors", FLAG))
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
        metadata=property_("MessageRetrievalMimeFormat", kinds.MIME_FORMAT)
    )
    calendar_item_retrieval_option: CalendarItemRetrievalOption = attrs.field(
        metadata=property_("CalendarItemRetrievalOption", kinds.CALENDAR_ITEM_RETRIEVAL)
    )
    owa_server_url: str | None = attrs.field(default=None, metadata=property_("OwaServerUrl", TEXT))
    enable_exact_rfc822_size: bool = attrs.field(metadata=property_("EnableExactRFC822Size", FLAG))
    suppress_read_receipt: bool = attrs.field(metadata=property_("SuppressReadReceipt", FLAG))
    proxy_target_port: int = attrs.field(metadata=property_("ProxyTargetPort", _INTEGER))
    protocol_log_enabled: bool = attrs.field(metadata=property_("ProtocolLogEnabled", FLAG))
    log_file_location: str = attrs.field(metadata=property_("LogFileLocation", TEXT))
    log_file_roll_over_settings: LogFileRollOver = attrs.field(
        metadata=property_("LogFileRollOverSettings", kinds.ROLL_OVER)
    )
    log_per_file_size_quota: ByteQuota = attrs.field(metadata=property_("LogPerFileSizeQuota", QUOTA))
    live_id_basic_auth_replacement: bool | None = attrs.field(
        default=None, metadata=property_("LiveIdBasicAuthReplacement", FLAG)
    )
    admin_display_name: str | None = attrs.field(default=None, metadata=property_("AdminDisplayName", TEXT))
