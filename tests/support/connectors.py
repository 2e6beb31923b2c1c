"""A receive connector as a freshly installed server answers it: the one for mail clients, on port 587."""

from __future__ import annotations

from typing import Final

import exchange_imap as xi
from exchange_imap._powershell.record import RecordValue

__all__ = ["CONNECTOR"]

_ON: Final = (
    *("BinaryMimeEnabled", "ChunkingEnabled", "DeliveryStatusNotificationEnabled", "EightBitMimeEnabled", "Enabled"),
    *("EnableAuthGSSAPI", "EnhancedStatusCodesEnabled", "PipeliningEnabled", "SmtpUtf8Enabled"),
)
_OFF: Final = (
    *("AcceptConsumerMail", "AdvertiseClientSettings", "BareLinefeedRejectionEnabled", "DomainSecureEnabled"),
    *("LiveCredentialEnabled", "LongAddressesEnabled", "OrarEnabled", "ProxyEnabled", "RequireEHLODomain"),
    *("RejectReservedSecondLevelRecipientDomains", "RejectReservedTopLevelRecipientDomains", "RequireTLS"),
    *("RejectSingleLabelRecipientDomains", "SuppressXAnonymousTls"),
)
_TEXTS: Final = {
    "AuthTarpitInterval": "00:00:05",
    "ConnectionInactivityTimeout": "00:05:00",
    "ConnectionTimeout": "00:10:00",
    "Fqdn": "MBX01.contoso.com",
    "Identity": r"MBX01\Client Frontend MBX01",
    "MaxAcknowledgementDelay": "00:00:30",
    "MaxHeaderSize": "256 KB (262,144 bytes)",
    "MaxInboundConnection": "5000",
    "MaxInboundConnectionPerSource": "20",
    "MaxMessageSize": "36 MB (37,748,736 bytes)",
    "MaxProtocolErrors": "5",
    "MessageRateLimit": "5",
    "Server": "MBX01",
    "TarpitInterval": "00:00:05",
}
_WORDS: Final = {
    "AuthMechanism": ("Tls, Integrated, BasicAuth, BasicAuthRequireTLS", 15),
    "ExtendedProtectionPolicy": ("None", 0),
    "MessageRateSource": ("User", 2),
    "PermissionGroups": ("ExchangeUsers", 2),
    "ProtocolLoggingLevel": ("None", 0),
    "SizeEnabled": ("Enabled", 1),
    "TransportRole": ("FrontendTransport", 16384),
}
_LISTS: Final = {
    "Bindings": ("[::]:587", "0.0.0.0:587"),
    "RemoteIPRanges": ("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "0.0.0.0-255.255.255.255"),
    "TlsDomainCapabilities": (),
}
_REST: Final[dict[str, RecordValue]] = {
    "AdminDisplayName": "",
    "Banner": "",
    "Comment": "",
    "DefaultDomain": None,
    "MaxHopCount": 60,
    "MaxInboundConnectionPercentagePerSource": 2,
    "MaxLocalHopCount": 5,
    "MaxLogonFailures": 3,
    "MaxRecipientsPerMessage": 200,
    "Name": "Client Frontend MBX01",
    "ServiceDiscoveryFqdn": None,
    "TlsCertificateName": None,
}

CONNECTOR: Final = xi.Record(
    type_names=(*xi.ReceiveConnector.types, "System.Object"),
    text="Client Frontend MBX01",
    properties={
        **dict.fromkeys(_ON, True),
        **dict.fromkeys(_OFF, False),
        **{name: xi.Record(text=text) for name, text in _TEXTS.items()},
        **{name: xi.Record(text=text, value=number) for name, (text, number) in _WORDS.items()},
        **{name: xi.Record(items=tuple(xi.Record(text=text) for text in texts)) for name, texts in _LISTS.items()},
        **_REST,
    },
)
"""Texts, enums and lists are objects with a ToString, as remoting carries them."""
