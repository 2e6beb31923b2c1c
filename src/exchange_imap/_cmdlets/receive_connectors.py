"""The Receive connectors of a server, which clients send through: Get-ReceiveConnector and Set-ReceiveConnector.

The ranges are those that the server enforces on writing. Source: Microsoft's reference page of Set-ReceiveConnector.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs

from .._model.cmdlet import cmdlet
from .._model.codecs.lists import EditableListCodec, ListCodec
from .._model.codecs.literals import BOOLEAN, IntegerCodec
from .._model.codecs.values import BINDING, QUOTA, TEXT, TIME_SPAN, Bounds, QuotaCodec, TextCodec, ValueCodec, choice
from .._model.codecs.words import LIMIT, WordsCodec, limit_between
from .._model.declaration import parameter, parameters, property_, required_property, writable
from .._model.field_types import EditsOr, Items, ItemsOr, Of, Takes
from .._model.snapshots import snapshot
from .._model.specs import Endpoint
from .._values import (
    AuthMechanism,
    Binding,
    ByteQuota,
    ExtendedProtectionPolicy,
    IPRange,
    Limit,
    MessageRateSource,
    PermissionGroup,
    ProtocolLoggingLevel,
    ServerRole,
    SizeMode,
    TlsCertificateName,
    Unset,
    is_host_name,
)
from .directory import DirectoryObject, ReadingCmdlet, WritingCmdlet

__all__ = ["GetReceiveConnector", "ReceiveConnector", "SetReceiveConnector"]

_MOST = 2**31 - 1


def _size(least: int) -> QuotaCodec:
    def holds(quota: ByteQuota) -> bool:
        return quota.bytes is not None and least <= quota.bytes <= _MOST

    expected = f"a size of {ByteQuota(least)} to {_MOST} bytes"
    return attrs.evolve(QUOTA, expected=expected, bounds=Bounds[ByteQuota](expected, holds))


_INTEGER = IntegerCodec()
_TEXTS = ListCodec(TEXT)
_BINDINGS = ListCodec(BINDING)
_RANGES = ListCodec(ValueCodec("an address, first-last, or address/bits", IPRange, parse=IPRange.parse))
_CERTIFICATE = ValueCodec("<I>issuer<S>subject", TlsCertificateName, parse=TlsCertificateName.parse)
_HOST = TextCodec(expected="a host name", bounds=Bounds("a host name, such as mail.contoso.com", is_host_name))
_NAME = TextCodec(bounds=Bounds("a name of 1 to 64 characters", lambda text: len(text) in range(1, 65)))
_CONNECTION_TIMEOUT = attrs.evolve(
    TIME_SPAN,
    bounds=Bounds[timedelta]("00:00:01 to 1.00:00:00", lambda span: timedelta(seconds=1) <= span <= timedelta(days=1)),
)
_TRANSPORT_ROLES = {ServerRole.FrontendTransport, ServerRole.HubTransport}
_ROLE = attrs.evolve(
    choice(ServerRole),
    bounds=Bounds[ServerRole]("FrontendTransport or HubTransport", lambda role: role in _TRANSPORT_ROLES),
)


@cmdlet("Get-ReceiveConnector", endpoint=Endpoint.EXCHANGE, changes=False, default_set="Identity")
class GetReceiveConnector(ReadingCmdlet):
    """Get-ReceiveConnector: read connectors, by name or all of a server.

    Source: Microsoft's reference page of Get-ReceiveConnector.

    >>> str(GetReceiveConnector(identity="Client Frontend*"))
    'Get-ReceiveConnector -Identity "Client Frontend*"'
    """

    identity: str | Unset = parameter("Identity", TEXT, position=0, sets=("Identity",))
    """Name, ``Server\\Name``, GUID or distinguished name; ``*`` and ``?`` stand for any text."""
    server: str | Unset = parameter("Server", TEXT, sets=("Server",))
    """All connectors of this server, instead of ``identity``."""


@cmdlet(
    "Set-ReceiveConnector",
    accepts=("identity", ("ReceiveConnector",)),
    endpoint=Endpoint.EXCHANGE,
    changes=True,
    hints={
        "server": r"The server is part of the name: -Identity 'MBX01\Client Frontend MBX01'.",
        "x509certificatename": 'A connector takes -TlsCertificateName "<I>issuer<S>subject".',
        "thumbprint": 'A connector takes -TlsCertificateName "<I>issuer<S>subject".',
    },
)
class SetReceiveConnector(WritingCmdlet):
    """Set-ReceiveConnector: change a connector; also a partial desired state of it.

    What is ``UNSET`` stays as it is. Behind a pipe ``identity`` comes with the objects; the command alone cannot run
    without it. Names, ranges and defaults: Microsoft's reference page of Set-ReceiveConnector.

    >>> str(parse('Get-ReceiveConnector "Client Frontend*" | Set-ReceiveConnector -Fqdn mail.contoso.com'))
    'Get-ReceiveConnector -Identity "Client Frontend*" | Set-ReceiveConnector -Fqdn mail.contoso.com'
    """

    identity: str | Unset = parameter("Identity", TEXT, position=0, mandatory=True)
    """Name, ``Server\\Name``, GUID or distinguished name of one connector."""
    fqdn: str | Unset | None = parameter("Fqdn", _HOST)
    """The name in banner and EHLO, and for TLS. Never change it on "Default <Server>"."""
    tls_certificate_name: Of[TlsCertificateName | Unset | None] = parameter("TlsCertificateName", _CERTIFICATE)
    """The certificate for TLS, by issuer and subject."""
    advertise_client_settings: bool | Unset = parameter("AdvertiseClientSettings", BOOLEAN, new=False)
    """Whether Outlook on the web shows users this connector's name, port and method."""
    auth_mechanism: ItemsOr[AuthMechanism, Unset] = parameter("AuthMechanism", WordsCodec(AuthMechanism))
    """What a client may authenticate with; no member is ``None``."""
    bindings: EditsOr[Binding, Unset | None] = parameter("Bindings", EditableListCodec(_BINDINGS))
    """Where to listen."""
    enabled: bool | Unset = parameter("Enabled", BOOLEAN)
    """Whether it accepts connections."""
    require_tls: bool | Unset = parameter("RequireTLS", BOOLEAN)
    """Whether TLS must come first; ``auth_mechanism`` must then have ``Tls``."""
    permission_groups: ItemsOr[PermissionGroup, Unset] = parameter("PermissionGroups", WordsCodec(PermissionGroup))
    """Who may use it; no member is ``None``."""
    remote_ip_ranges: EditsOr[IPRange, Unset] = parameter("RemoteIPRanges", EditableListCodec(_RANGES))
    """Whom it accepts messages from."""
    max_message_size: Of[ByteQuota | Unset] = parameter("MaxMessageSize", _size(65536), new="36MB")
    """The longest message, a third of which is encoding."""
    auth_tarpit_interval: Of[timedelta | Unset] = parameter("AuthTarpitInterval", TIME_SPAN, new="00:00:05")
    """How long the answer to a failed login is held back."""
    banner: str | Unset | None = parameter("Banner", TEXT)
    """The greeting, which begins with ``220``; ``None`` for Exchange's own."""
    bare_linefeed_rejection_enabled: bool | Unset = parameter("BareLinefeedRejectionEnabled", BOOLEAN)
    """Whether a message with a line feed that has no carriage return before it is refused."""
    binary_mime_enabled: bool | Unset = parameter("BinaryMimeEnabled", BOOLEAN)
    """Whether BINARYMIME is offered after EHLO; it needs ``chunking_enabled`` too."""
    chunking_enabled: bool | Unset = parameter("ChunkingEnabled", BOOLEAN)
    """Whether CHUNKING is offered after EHLO."""
    comment: str | Unset | None = parameter("Comment", TEXT)
    """A note of yours."""
    connection_inactivity_timeout: Of[timedelta | Unset] = parameter(
        "ConnectionInactivityTimeout", _CONNECTION_TIMEOUT, new="00:05:00"
    )
    """How long a connection may be idle; less than ``connection_timeout``."""
    connection_timeout: Of[timedelta | Unset] = parameter("ConnectionTimeout", _CONNECTION_TIMEOUT, new="00:10:00")
    """How long a connection may last."""
    default_domain: str | Unset | None = parameter("DefaultDomain", TEXT)
    """The accepted domain to complete addresses with."""
    delivery_status_notification_enabled: bool | Unset = parameter("DeliveryStatusNotificationEnabled", BOOLEAN)
    """Whether DSN is offered after EHLO."""
    domain_secure_enabled: bool | Unset = parameter("DomainSecureEnabled", BOOLEAN)
    """Whether both sides authenticate each other by TLS (Domain Secure)."""
    eight_bit_mime_enabled: bool | Unset = parameter("EightBitMimeEnabled", BOOLEAN)
    """Whether 8BITMIME is offered after EHLO."""
    enable_auth_gssapi: bool | Unset = parameter("EnableAuthGSSAPI", BOOLEAN)
    """Whether Kerberos is offered."""
    enhanced_status_codes_enabled: bool | Unset = parameter("EnhancedStatusCodesEnabled", BOOLEAN)
    """Whether ENHANCEDSTATUSCODES is offered after EHLO."""
    extended_protection_policy: Of[ExtendedProtectionPolicy | Unset] = parameter(
        "ExtendedProtectionPolicy", choice(ExtendedProtectionPolicy)
    )
    """Channel binding for integrated authentication."""
    long_addresses_enabled: bool | Unset = parameter("LongAddressesEnabled", BOOLEAN)
    """Whether long X.400 addresses are accepted, within SMTP addresses."""
    max_acknowledgement_delay: Of[timedelta | Unset] = parameter("MaxAcknowledgementDelay", TIME_SPAN)
    """How long an answer waits for a host without shadow redundancy; Exchange 2010 uses it."""
    max_header_size: Of[ByteQuota | Unset] = parameter("MaxHeaderSize", _size(1), new="256KB")
    """The largest header of a message, after which the connection is closed."""
    max_hop_count: Of[int | Unset] = parameter("MaxHopCount", IntegerCodec.between(1, 500))
    """``Received`` fields of a message."""
    max_inbound_connection: Takes[Limit | Unset, Limit | int | str | Unset] = parameter(
        "MaxInboundConnection", limit_between(1, _MOST), new=5000
    )
    """Connections at once."""
    max_inbound_connection_percentage_per_source: Of[int | Unset] = parameter(
        "MaxInboundConnectionPercentagePerSource", IntegerCodec.between(1, 100), new=2
    )
    """The same from one address, in percent of what is left."""
    max_inbound_connection_per_source: Takes[Limit | Unset, Limit | int | str | Unset] = parameter(
        "MaxInboundConnectionPerSource", limit_between(1, 10_000), new=20
    )
    """The same from one address."""
    max_local_hop_count: Of[int | Unset] = parameter("MaxLocalHopCount", IntegerCodec.between(0, 50))
    """The same of this server's own; 0 is no limit."""
    max_logon_failures: Of[int | Unset] = parameter("MaxLogonFailures", IntegerCodec.between(0, 10), new=3)
    """Failed logins before the connection is closed; 0 never closes it."""
    max_protocol_errors: Takes[Limit | Unset, Limit | int | str | Unset] = parameter(
        "MaxProtocolErrors", limit_between(0, _MOST), new=5
    )
    """Protocol errors before the connection is closed."""
    max_recipients_per_message: Of[int | Unset] = parameter(
        "MaxRecipientsPerMessage", IntegerCodec.between(1, 512_000), new=200
    )
    """The recipients of one message, after which the connection is closed."""
    message_rate_limit: Takes[Limit | Unset, Limit | int | str | Unset] = parameter(
        "MessageRateLimit", limit_between(1, _MOST)
    )
    """Messages a minute."""
    message_rate_source: Of[MessageRateSource | Unset] = parameter("MessageRateSource", choice(MessageRateSource))
    """Whether ``message_rate_limit`` counts by sending host, by sending user, or by both."""
    name: str | Unset = parameter("Name", _NAME)
    """A new name."""
    orar_enabled: bool | Unset = parameter("OrarEnabled", BOOLEAN)
    """Whether a sender may ask for another recipient: XORAR after EHLO."""
    pipelining_enabled: bool | Unset = parameter("PipeliningEnabled", BOOLEAN)
    """Whether PIPELINING is offered after EHLO."""
    protocol_logging_level: Of[ProtocolLoggingLevel | Unset] = parameter(
        "ProtocolLoggingLevel", choice(ProtocolLoggingLevel)
    )
    """Whether the protocol is logged."""
    reject_reserved_second_level_recipient_domains: bool | Unset = parameter(
        "RejectReservedSecondLevelRecipientDomains", BOOLEAN
    )
    """Whether recipients in example.com, example.net and example.org are refused (RFC 2606)."""
    reject_reserved_top_level_recipient_domains: bool | Unset = parameter(
        "RejectReservedTopLevelRecipientDomains", BOOLEAN
    )
    """Whether recipients in .test, .example, .invalid and .localhost are refused (RFC 2606)."""
    reject_single_label_recipient_domains: bool | Unset = parameter("RejectSingleLabelRecipientDomains", BOOLEAN)
    """Whether recipients in a domain without a dot are refused."""
    require_ehlo_domain: bool | Unset = parameter("RequireEHLODomain", BOOLEAN)
    """Whether a client that names no domain in EHLO is disconnected."""
    service_discovery_fqdn: str | Unset | None = parameter("ServiceDiscoveryFqdn", _HOST)
    """The host name for service discovery."""
    size_enabled: Of[SizeMode | Unset] = parameter("SizeEnabled", choice(SizeMode))
    """Whether SIZE is offered after EHLO, with the limit or without."""
    smtp_utf8_enabled: bool | Unset = parameter("SmtpUtf8Enabled", BOOLEAN)
    """Reserved for Microsoft's own use."""
    suppress_x_anonymous_tls: bool | Unset = parameter("SuppressXAnonymousTls", BOOLEAN)
    """Whether X-ANONYMOUSTLS is not offered after EHLO."""
    tarpit_interval: Of[timedelta | Unset] = parameter("TarpitInterval", TIME_SPAN)
    """How long an answer is delayed for a server that may be abusing the connection."""
    tls_domain_capabilities: EditsOr[str, Unset | None] = parameter("TlsDomainCapabilities", EditableListCodec(_TEXTS))
    """What hosts outside may do, ``domain:capability``."""
    transport_role: Of[ServerRole | Unset] = parameter("TransportRole", _ROLE)
    """The transport service that it belongs to: FrontendTransport or HubTransport."""


@snapshot(
    "Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector",
    read_by=GetReceiveConnector,
    written_by=SetReceiveConnector,
    named_by="Identity",
)
class ReceiveConnector(DirectoryObject):
    """A connector as Get-ReceiveConnector answers it; what older versions lack is ``None`` there.

    ``None`` for ``tls_certificate_name`` means that Exchange chooses a certificate by ``fqdn``.

    >>> ReceiveConnector.from_record({"Server": "MBX01", "Name": "Client Frontend MBX01", "AuthMechanism": "Tls"})
    Traceback (most recent call last):
    ...
    exchange_imap.UnexpectedReplyError: ReceiveConnector.AdvertiseClientSettings: expected this property, ...
    """

    server: str = required_property("Server", TEXT)
    name: str = required_property("Name", TEXT, first=True)
    fqdn: str | None = property_("Fqdn", TEXT, first=True)
    tls_certificate_name: Of[TlsCertificateName | None] = property_("TlsCertificateName", _CERTIFICATE)
    advertise_client_settings: bool = required_property("AdvertiseClientSettings", BOOLEAN)
    auth_mechanism: Items[AuthMechanism] = required_property("AuthMechanism", WordsCodec(AuthMechanism))
    bindings: Items[Binding] = required_property("Bindings", _BINDINGS, first=True)
    enabled: bool = required_property("Enabled", BOOLEAN)
    require_tls: bool = required_property("RequireTLS", BOOLEAN)
    permission_groups: Items[PermissionGroup] = required_property("PermissionGroups", WordsCodec(PermissionGroup))
    remote_ip_ranges: Items[IPRange] = required_property("RemoteIPRanges", _RANGES)
    max_message_size: Of[ByteQuota] = required_property("MaxMessageSize", QUOTA)
    auth_tarpit_interval: Of[timedelta | None] = property_("AuthTarpitInterval", TIME_SPAN)
    banner: str | None = property_("Banner", TEXT)
    bare_linefeed_rejection_enabled: bool | None = property_("BareLinefeedRejectionEnabled", BOOLEAN)
    binary_mime_enabled: bool = required_property("BinaryMimeEnabled", BOOLEAN)
    chunking_enabled: bool = required_property("ChunkingEnabled", BOOLEAN)
    comment: str | None = property_("Comment", TEXT)
    connection_inactivity_timeout: Of[timedelta] = required_property("ConnectionInactivityTimeout", TIME_SPAN)
    connection_timeout: Of[timedelta] = required_property("ConnectionTimeout", TIME_SPAN)
    default_domain: str | None = property_("DefaultDomain", TEXT)
    delivery_status_notification_enabled: bool = required_property("DeliveryStatusNotificationEnabled", BOOLEAN)
    domain_secure_enabled: bool = required_property("DomainSecureEnabled", BOOLEAN)
    eight_bit_mime_enabled: bool = required_property("EightBitMimeEnabled", BOOLEAN)
    enable_auth_gssapi: bool = required_property("EnableAuthGSSAPI", BOOLEAN)
    enhanced_status_codes_enabled: bool = required_property("EnhancedStatusCodesEnabled", BOOLEAN)
    extended_protection_policy: Of[ExtendedProtectionPolicy] = required_property(
        "ExtendedProtectionPolicy", choice(ExtendedProtectionPolicy)
    )
    long_addresses_enabled: bool = required_property("LongAddressesEnabled", BOOLEAN)
    max_acknowledgement_delay: Of[timedelta | None] = property_("MaxAcknowledgementDelay", TIME_SPAN)
    max_header_size: Of[ByteQuota] = required_property("MaxHeaderSize", QUOTA)
    max_hop_count: Of[int] = required_property("MaxHopCount", _INTEGER)
    max_inbound_connection: Takes[Limit, Limit | int | str] = required_property("MaxInboundConnection", LIMIT)
    max_inbound_connection_percentage_per_source: Of[int] = required_property(
        "MaxInboundConnectionPercentagePerSource", _INTEGER
    )
    max_inbound_connection_per_source: Takes[Limit, Limit | int | str] = required_property(
        "MaxInboundConnectionPerSource", LIMIT
    )
    max_local_hop_count: Of[int] = required_property("MaxLocalHopCount", _INTEGER)
    max_logon_failures: Of[int] = required_property("MaxLogonFailures", _INTEGER)
    max_protocol_errors: Takes[Limit, Limit | int | str] = required_property("MaxProtocolErrors", LIMIT)
    max_recipients_per_message: Of[int] = required_property("MaxRecipientsPerMessage", _INTEGER)
    message_rate_limit: Takes[Limit, Limit | int | str] = required_property("MessageRateLimit", LIMIT)
    message_rate_source: Of[MessageRateSource] = required_property("MessageRateSource", choice(MessageRateSource))
    orar_enabled: bool = required_property("OrarEnabled", BOOLEAN)
    pipelining_enabled: bool = required_property("PipeliningEnabled", BOOLEAN)
    protocol_logging_level: Of[ProtocolLoggingLevel] = required_property(
        "ProtocolLoggingLevel", choice(ProtocolLoggingLevel)
    )
    reject_reserved_second_level_recipient_domains: bool | None = property_(
        "RejectReservedSecondLevelRecipientDomains", BOOLEAN
    )
    reject_reserved_top_level_recipient_domains: bool | None = property_(
        "RejectReservedTopLevelRecipientDomains", BOOLEAN
    )
    reject_single_label_recipient_domains: bool | None = property_("RejectSingleLabelRecipientDomains", BOOLEAN)
    require_ehlo_domain: bool = required_property("RequireEHLODomain", BOOLEAN)
    service_discovery_fqdn: str | None = property_("ServiceDiscoveryFqdn", TEXT)
    size_enabled: Of[SizeMode] = required_property("SizeEnabled", choice(SizeMode))
    smtp_utf8_enabled: bool | None = property_("SmtpUtf8Enabled", BOOLEAN)
    suppress_x_anonymous_tls: bool = required_property("SuppressXAnonymousTls", BOOLEAN)
    tarpit_interval: Of[timedelta] = required_property("TarpitInterval", TIME_SPAN)
    tls_domain_capabilities: Items[str] = required_property("TlsDomainCapabilities", _TEXTS)
    transport_role: Items[ServerRole] = required_property("TransportRole", WordsCodec(ServerRole))
    proxy_enabled: bool | None = property_("ProxyEnabled", BOOLEAN)
    live_credential_enabled: bool | None = property_("LiveCredentialEnabled", BOOLEAN)
    accept_consumer_mail: bool | None = property_("AcceptConsumerMail", BOOLEAN)
    admin_display_name: str | None = property_("AdminDisplayName", TEXT)

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
