"""The Receive connectors of a server, which clients send through: Get-ReceiveConnector and Set-ReceiveConnector."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

import attrs

from .._model.cmdlet import Cmdlet
from .._model.codecs.literals import BOOLEAN, IntegerCodec
from .._model.codecs.values import QUOTA, TEXT, TIME_SPAN
from .._model.codecs.words import LIMIT
from .._model.declaration import Endpoint, arranged, checked, parameter, parameters, property_, writable
from .._values import (
    UNSET,
    AuthMechanism,
    Binding,
    ByteQuota,
    ExtendedProtectionPolicy,
    IPRange,
    Limit,
    ListEdit,
    MessageRateSource,
    PermissionGroup,
    ProtocolLoggingLevel,
    ServerRole,
    SizeMode,
    TlsCertificateName,
    Unset,
)
from . import connector_codecs as codecs
from .directory import DirectoryObject
from .settings_codecs import BINDINGS, BINDINGS_EDIT
from .switches import CONFIRM, DOMAIN_CONTROLLER, WHAT_IF

__all__ = ["GetReceiveConnector", "ReceiveConnector", "SetReceiveConnector"]

_INTEGER = IntegerCodec()


@attrs.frozen(kw_only=True, repr=False, field_transformer=checked)
class GetReceiveConnector(Cmdlet):
    """Get-ReceiveConnector: read connectors, by name or all of a server.

    Source: Microsoft's reference page of Get-ReceiveConnector.

    >>> str(GetReceiveConnector(identity="Client Frontend*"))
    'Get-ReceiveConnector -Identity "Client Frontend*"'
    """

    cmdlet: ClassVar[str] = "Get-ReceiveConnector"
    endpoint: ClassVar[Endpoint] = Endpoint.EXCHANGE
    changes: ClassVar[bool] = False
    default_set: ClassVar[str] = "Identity"

    identity: str | Unset = attrs.field(
        default=UNSET, metadata=parameter("Identity", TEXT, position=0, sets=("Identity",))
    )
    """Name, ``Server\\Name``, GUID or distinguished name; ``*`` and ``?`` stand for any text."""
    server: str | Unset = attrs.field(default=UNSET, metadata=parameter("Server", TEXT, sets=("Server",)))
    """All connectors of this server, instead of ``identity``."""
    domain_controller: str | Unset = attrs.field(default=UNSET, metadata=DOMAIN_CONTROLLER)
    """FQDN of the domain controller to read from."""


@attrs.frozen(kw_only=True, repr=False, field_transformer=checked)
class SetReceiveConnector(Cmdlet):
    """Set-ReceiveConnector: change a connector; also a partial desired state of it.

    What is ``UNSET`` stays as it is. Behind a pipe ``identity`` comes with the objects; the command alone cannot run
    without it. Names, ranges and defaults: Microsoft's reference page of Set-ReceiveConnector.

    >>> str(parse('Get-ReceiveConnector "Client Frontend*" | Set-ReceiveConnector -Fqdn mail.contoso.com'))
    'Get-ReceiveConnector -Identity "Client Frontend*" | Set-ReceiveConnector -Fqdn mail.contoso.com'
    """

    cmdlet: ClassVar[str] = "Set-ReceiveConnector"
    endpoint: ClassVar[Endpoint] = Endpoint.EXCHANGE
    changes: ClassVar[bool] = True
    hints: ClassVar[Mapping[str, str]] = {
        "server": r"The server is part of the name: -Identity 'MBX01\Client Frontend MBX01'.",
        "x509certificatename": 'A connector takes -TlsCertificateName "<I>issuer<S>subject".',
        "thumbprint": 'A connector takes -TlsCertificateName "<I>issuer<S>subject".',
    }

    identity: str | Unset = attrs.field(default=UNSET, metadata=parameter("Identity", TEXT, position=0, required=True))
    """Name, ``Server\\Name``, GUID or distinguished name of one connector."""
    fqdn: str | Unset | None = attrs.field(default=UNSET, metadata=parameter("Fqdn", codecs.HOST, nullable=True))
    """The name in banner and EHLO, and for TLS; never change it on "Default <Server>". The server's own when new."""
    tls_certificate_name: TlsCertificateName | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("TlsCertificateName", codecs.CERTIFICATE, nullable=True)
    )
    """The certificate for TLS, by issuer and subject."""
    advertise_client_settings: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("AdvertiseClientSettings", BOOLEAN)
    )
    """Whether Outlook on the web shows users this connector's name, port and method; false when new."""
    auth_mechanism: tuple[AuthMechanism, ...] | Unset = attrs.field(
        default=UNSET, metadata=parameter("AuthMechanism", codecs.AUTH_MECHANISM)
    )
    """What a client may authenticate with; no member is ``None``."""
    bindings: tuple[Binding, ...] | ListEdit[Binding] | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("Bindings", BINDINGS_EDIT, nullable=True)
    )
    """Where to listen."""
    enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("Enabled", BOOLEAN))
    """Whether it accepts connections."""
    require_tls: bool | Unset = attrs.field(default=UNSET, metadata=parameter("RequireTLS", BOOLEAN))
    """Whether TLS must come first; ``auth_mechanism`` must then have ``Tls``."""
    permission_groups: tuple[PermissionGroup, ...] | Unset = attrs.field(
        default=UNSET, metadata=parameter("PermissionGroups", codecs.PERMISSION_GROUPS)
    )
    """Who may use it; no member is ``None``."""
    remote_ip_ranges: tuple[IPRange, ...] | ListEdit[IPRange] | Unset = attrs.field(
        default=UNSET, metadata=parameter("RemoteIPRanges", codecs.RANGES_EDIT)
    )
    """Whom it accepts messages from."""
    max_message_size: ByteQuota | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxMessageSize", codecs.MESSAGE_SIZE)
    )
    """65536 to 2147483647 bytes, a third of which is encoding; 36 MB when new."""
    auth_tarpit_interval: timedelta | Unset = attrs.field(
        default=UNSET, metadata=parameter("AuthTarpitInterval", TIME_SPAN)
    )
    """How long the answer to a failed login is held back; 5 seconds when new."""
    banner: str | Unset | None = attrs.field(default=UNSET, metadata=parameter("Banner", TEXT, nullable=True))
    """The greeting, which begins with ``220``; ``None`` for Exchange's own."""
    bare_linefeed_rejection_enabled: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("BareLinefeedRejectionEnabled", BOOLEAN)
    )
    binary_mime_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("BinaryMimeEnabled", BOOLEAN))
    chunking_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("ChunkingEnabled", BOOLEAN))
    comment: str | Unset | None = attrs.field(default=UNSET, metadata=parameter("Comment", TEXT, nullable=True))
    connection_inactivity_timeout: timedelta | Unset = attrs.field(
        default=UNSET, metadata=parameter("ConnectionInactivityTimeout", codecs.CONNECTION_TIMEOUT)
    )
    """Idle time, 1 second to one day and less than ``connection_timeout``; 5 minutes when new."""
    connection_timeout: timedelta | Unset = attrs.field(
        default=UNSET, metadata=parameter("ConnectionTimeout", codecs.CONNECTION_TIMEOUT)
    )
    """How long a connection may last, 1 second to one day; 10 minutes when new."""
    default_domain: str | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("DefaultDomain", TEXT, nullable=True)
    )
    """The accepted domain to complete addresses with."""
    delivery_status_notification_enabled: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("DeliveryStatusNotificationEnabled", BOOLEAN)
    )
    domain_secure_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("DomainSecureEnabled", BOOLEAN))
    eight_bit_mime_enabled: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("EightBitMimeEnabled", BOOLEAN)
    )
    enable_auth_gssapi: bool | Unset = attrs.field(default=UNSET, metadata=parameter("EnableAuthGSSAPI", BOOLEAN))
    """Whether Kerberos is offered."""
    enhanced_status_codes_enabled: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("EnhancedStatusCodesEnabled", BOOLEAN)
    )
    extended_protection_policy: ExtendedProtectionPolicy | Unset = attrs.field(
        default=UNSET, metadata=parameter("ExtendedProtectionPolicy", codecs.EXTENDED_PROTECTION)
    )
    long_addresses_enabled: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("LongAddressesEnabled", BOOLEAN)
    )
    max_acknowledgement_delay: timedelta | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxAcknowledgementDelay", TIME_SPAN)
    )
    max_header_size: ByteQuota | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxHeaderSize", codecs.HEADER_SIZE)
    )
    """1 to 2147483647 bytes; 256 KB when new."""
    max_hop_count: int | Unset = attrs.field(default=UNSET, metadata=parameter("MaxHopCount", codecs.HOP_COUNT))
    """``Received`` fields of a message, 1 to 500."""
    max_inbound_connection: Limit | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxInboundConnection", codecs.INBOUND)
    )
    """Connections at once, 1 to 2147483647 or unlimited; 5000 when new."""
    max_inbound_connection_percentage_per_source: int | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxInboundConnectionPercentagePerSource", codecs.PERCENTAGE)
    )
    """The same in percent of what is left, 1 to 100; 2 when new."""
    max_inbound_connection_per_source: Limit | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxInboundConnectionPerSource", codecs.INBOUND_PER_SOURCE)
    )
    """The same from one address, 1 to 10000 or unlimited; 20 when new."""
    max_local_hop_count: int | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxLocalHopCount", codecs.LOCAL_HOP_COUNT)
    )
    """0 to 50; 0 is no limit."""
    max_logon_failures: int | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxLogonFailures", codecs.LOGON_FAILURES)
    )
    """Failed logins before the connection is closed, 0 (never closed) to 10; 3 when new."""
    max_protocol_errors: Limit | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxProtocolErrors", codecs.PROTOCOL_ERRORS)
    )
    """Before the connection is closed, 0 to 2147483647 or unlimited; 5 when new."""
    max_recipients_per_message: int | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxRecipientsPerMessage", codecs.RECIPIENTS)
    )
    """1 to 512000; 200 when new."""
    message_rate_limit: Limit | Unset = attrs.field(
        default=UNSET, metadata=parameter("MessageRateLimit", codecs.INBOUND)
    )
    """Messages a minute, 1 to 2147483647 or unlimited."""
    message_rate_source: MessageRateSource | Unset = attrs.field(
        default=UNSET, metadata=parameter("MessageRateSource", codecs.RATE_SOURCE)
    )
    name: str | Unset = attrs.field(default=UNSET, metadata=parameter("Name", codecs.NAME))
    """A new name, at most 64 characters."""
    orar_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("OrarEnabled", BOOLEAN))
    pipelining_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("PipeliningEnabled", BOOLEAN))
    protocol_logging_level: ProtocolLoggingLevel | Unset = attrs.field(
        default=UNSET, metadata=parameter("ProtocolLoggingLevel", codecs.LOG_LEVEL)
    )
    reject_reserved_second_level_recipient_domains: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("RejectReservedSecondLevelRecipientDomains", BOOLEAN)
    )
    reject_reserved_top_level_recipient_domains: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("RejectReservedTopLevelRecipientDomains", BOOLEAN)
    )
    reject_single_label_recipient_domains: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("RejectSingleLabelRecipientDomains", BOOLEAN)
    )
    require_ehlo_domain: bool | Unset = attrs.field(default=UNSET, metadata=parameter("RequireEHLODomain", BOOLEAN))
    service_discovery_fqdn: str | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("ServiceDiscoveryFqdn", codecs.HOST, nullable=True)
    )
    size_enabled: SizeMode | Unset = attrs.field(default=UNSET, metadata=parameter("SizeEnabled", codecs.SIZE_MODE))
    smtp_utf8_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("SmtpUtf8Enabled", BOOLEAN))
    suppress_x_anonymous_tls: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("SuppressXAnonymousTls", BOOLEAN)
    )
    tarpit_interval: timedelta | Unset = attrs.field(default=UNSET, metadata=parameter("TarpitInterval", TIME_SPAN))
    tls_domain_capabilities: tuple[str, ...] | ListEdit[str] | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("TlsDomainCapabilities", codecs.DOMAIN_CAPABILITIES_EDIT, nullable=True)
    )
    """What hosts outside may do, ``domain:capability``."""
    transport_role: ServerRole | Unset = attrs.field(default=UNSET, metadata=parameter("TransportRole", codecs.ROLE))
    """The transport service that it belongs to: FrontendTransport or HubTransport."""
    domain_controller: str | Unset = attrs.field(default=UNSET, metadata=DOMAIN_CONTROLLER)
    """FQDN of the domain controller to write to."""
    what_if: bool | Unset = attrs.field(default=UNSET, metadata=WHAT_IF)
    """Say what would happen, and change nothing."""
    confirm: bool | Unset = attrs.field(default=UNSET, metadata=CONFIRM)
    """Ask before the change, which over remoting nobody can answer."""


@attrs.frozen(kw_only=True, repr=False, field_transformer=arranged(written_by=SetReceiveConnector))
class ReceiveConnector(DirectoryObject):
    """A connector as Get-ReceiveConnector answers it; what older versions lack is ``None`` there.

    ``None`` for ``tls_certificate_name`` means that Exchange chooses a certificate by ``fqdn``.

    >>> ReceiveConnector.from_record({"Server": "MBX01", "Name": "Client Frontend MBX01", "AuthMechanism": "Tls"})
    Traceback (most recent call last):
    ...
    exchange_imap.UnexpectedReplyError: ReceiveConnector.AdvertiseClientSettings: expected this property, ...
    """

    types: ClassVar[tuple[str, ...]] = ("Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector",)

    server: str = attrs.field(metadata=property_("Server", TEXT))
    name: str = attrs.field(metadata=property_("Name", TEXT))
    fqdn: str | None = attrs.field(default=None, metadata=property_("Fqdn", TEXT))
    tls_certificate_name: TlsCertificateName | None = attrs.field(
        default=None, metadata=property_("TlsCertificateName", codecs.CERTIFICATE)
    )
    advertise_client_settings: bool = attrs.field(metadata=property_("AdvertiseClientSettings", BOOLEAN))
    auth_mechanism: tuple[AuthMechanism, ...] = attrs.field(metadata=property_("AuthMechanism", codecs.AUTH_MECHANISM))
    bindings: tuple[Binding, ...] = attrs.field(metadata=property_("Bindings", BINDINGS))
    enabled: bool = attrs.field(metadata=property_("Enabled", BOOLEAN))
    require_tls: bool = attrs.field(metadata=property_("RequireTLS", BOOLEAN))
    permission_groups: tuple[PermissionGroup, ...] = attrs.field(
        metadata=property_("PermissionGroups", codecs.PERMISSION_GROUPS)
    )
    remote_ip_ranges: tuple[IPRange, ...] = attrs.field(metadata=property_("RemoteIPRanges", codecs.RANGES))
    max_message_size: ByteQuota = attrs.field(metadata=property_("MaxMessageSize", QUOTA))
    auth_tarpit_interval: timedelta | None = attrs.field(
        default=None, metadata=property_("AuthTarpitInterval", TIME_SPAN)
    )
    banner: str | None = attrs.field(default=None, metadata=property_("Banner", TEXT))
    bare_linefeed_rejection_enabled: bool | None = attrs.field(
        default=None, metadata=property_("BareLinefeedRejectionEnabled", BOOLEAN)
    )
    binary_mime_enabled: bool = attrs.field(metadata=property_("BinaryMimeEnabled", BOOLEAN))
    chunking_enabled: bool = attrs.field(metadata=property_("ChunkingEnabled", BOOLEAN))
    comment: str | None = attrs.field(default=None, metadata=property_("Comment", TEXT))
    connection_inactivity_timeout: timedelta = attrs.field(metadata=property_("ConnectionInactivityTimeout", TIME_SPAN))
    connection_timeout: timedelta = attrs.field(metadata=property_("ConnectionTimeout", TIME_SPAN))
    default_domain: str | None = attrs.field(default=None, metadata=property_("DefaultDomain", TEXT))
    delivery_status_notification_enabled: bool = attrs.field(
        metadata=property_("DeliveryStatusNotificationEnabled", BOOLEAN)
    )
    domain_secure_enabled: bool = attrs.field(metadata=property_("DomainSecureEnabled", BOOLEAN))
    eight_bit_mime_enabled: bool = attrs.field(metadata=property_("EightBitMimeEnabled", BOOLEAN))
    enable_auth_gssapi: bool = attrs.field(metadata=property_("EnableAuthGSSAPI", BOOLEAN))
    enhanced_status_codes_enabled: bool = attrs.field(metadata=property_("EnhancedStatusCodesEnabled", BOOLEAN))
    extended_protection_policy: ExtendedProtectionPolicy = attrs.field(
        metadata=property_("ExtendedProtectionPolicy", codecs.EXTENDED_PROTECTION)
    )
    long_addresses_enabled: bool = attrs.field(metadata=property_("LongAddressesEnabled", BOOLEAN))
    max_acknowledgement_delay: timedelta | None = attrs.field(
        default=None, metadata=property_("MaxAcknowledgementDelay", TIME_SPAN)
    )
    max_header_size: ByteQuota = attrs.field(metadata=property_("MaxHeaderSize", QUOTA))
    max_hop_count: int = attrs.field(metadata=property_("MaxHopCount", _INTEGER))
    max_inbound_connection: Limit = attrs.field(metadata=property_("MaxInboundConnection", LIMIT))
    max_inbound_connection_percentage_per_source: int = attrs.field(
        metadata=property_("MaxInboundConnectionPercentagePerSource", _INTEGER)
    )
    max_inbound_connection_per_source: Limit = attrs.field(metadata=property_("MaxInboundConnectionPerSource", LIMIT))
    max_local_hop_count: int = attrs.field(metadata=property_("MaxLocalHopCount", _INTEGER))
    max_logon_failures: int = attrs.field(metadata=property_("MaxLogonFailures", _INTEGER))
    max_protocol_errors: Limit = attrs.field(metadata=property_("MaxProtocolErrors", LIMIT))
    max_recipients_per_message: int = attrs.field(metadata=property_("MaxRecipientsPerMessage", _INTEGER))
    message_rate_limit: Limit = attrs.field(metadata=property_("MessageRateLimit", LIMIT))
    message_rate_source: MessageRateSource = attrs.field(metadata=property_("MessageRateSource", codecs.RATE_SOURCE))
    orar_enabled: bool = attrs.field(metadata=property_("OrarEnabled", BOOLEAN))
    pipelining_enabled: bool = attrs.field(metadata=property_("PipeliningEnabled", BOOLEAN))
    protocol_logging_level: ProtocolLoggingLevel = attrs.field(
        metadata=property_("ProtocolLoggingLevel", codecs.LOG_LEVEL)
    )
    reject_reserved_second_level_recipient_domains: bool | None = attrs.field(
        default=None, metadata=property_("RejectReservedSecondLevelRecipientDomains", BOOLEAN)
    )
    reject_reserved_top_level_recipient_domains: bool | None = attrs.field(
        default=None, metadata=property_("RejectReservedTopLevelRecipientDomains", BOOLEAN)
    )
    reject_single_label_recipient_domains: bool | None = attrs.field(
        default=None, metadata=property_("RejectSingleLabelRecipientDomains", BOOLEAN)
    )
    require_ehlo_domain: bool = attrs.field(metadata=property_("RequireEHLODomain", BOOLEAN))
    service_discovery_fqdn: str | None = attrs.field(default=None, metadata=property_("ServiceDiscoveryFqdn", TEXT))
    size_enabled: SizeMode = attrs.field(metadata=property_("SizeEnabled", codecs.SIZE_MODE))
    smtp_utf8_enabled: bool | None = attrs.field(default=None, metadata=property_("SmtpUtf8Enabled", BOOLEAN))
    suppress_x_anonymous_tls: bool = attrs.field(metadata=property_("SuppressXAnonymousTls", BOOLEAN))
    tarpit_interval: timedelta = attrs.field(metadata=property_("TarpitInterval", TIME_SPAN))
    tls_domain_capabilities: tuple[str, ...] = attrs.field(
        metadata=property_("TlsDomainCapabilities", codecs.DOMAIN_CAPABILITIES)
    )
    transport_role: tuple[ServerRole, ...] = attrs.field(metadata=property_("TransportRole", codecs.ROLES))
    proxy_enabled: bool | None = attrs.field(default=None, metadata=property_("ProxyEnabled", BOOLEAN))
    live_credential_enabled: bool | None = attrs.field(
        default=None, metadata=property_("LiveCredentialEnabled", BOOLEAN)
    )
    accept_consumer_mail: bool | None = attrs.field(default=None, metadata=property_("AcceptConsumerMail", BOOLEAN))
    admin_display_name: str | None = attrs.field(default=None, metadata=property_("AdminDisplayName", TEXT))

    def to_cmdlet(self) -> SetReceiveConnector:
        """Return the Set-ReceiveConnector that writes every setting, for this connector.

        Raises :class:`InvalidValueError` for a value that the server holds and no longer takes.
        """
        wanted = parameters(SetReceiveConnector)
        values: dict[str, Any] = {  # Any: each field's own type
            field: getattr(self, field) for field in writable(type(self))
        }
        values["transport_role"] = self.transport_role[0] if len(self.transport_role) == 1 else None
        known = {field: value for field, value in values.items() if value is not None or wanted[field].nullable}
        return SetReceiveConnector(identity=self.identity or rf"{self.server}\{self.name}", **known)
