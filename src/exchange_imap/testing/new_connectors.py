"""The five Receive connectors of a freshly installed mailbox server.

Source: a capture of Get-ReceiveConnector (CSS-Exchange). What the declarations of Set-ReceiveConnector say of a new
connector is taken from them, and only what differs from it stands here.
"""

from __future__ import annotations

from typing import Any, Final

from .._cmdlets.receive_connectors import ReceiveConnector, SetReceiveConnector
from .directory import directory_facts
from .new_server import NewServer, new_values

__all__ = ["new_connectors"]

_EVERYONE: Final = ("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "0.0.0.0-255.255.255.255")
_CLIENTS: Final = ("Tls", "Integrated", "BasicAuth", "BasicAuthRequireTLS")
_SERVERS: Final = (*_CLIENTS, "ExchangeServer")
_USERS: Final = {
    "message_rate_limit": 5,
    "message_rate_source": "User",
    "enable_auth_gssapi": True,
}
"""What is alike of the two connectors for clients' submissions."""
_FRONTEND: Final = {"transport_role": "FrontendTransport"}
_LOGGED: Final = {**_FRONTEND, "domain_secure_enabled": True, "protocol_logging_level": "Verbose"}
# By the first part of the name: the port, whom it lets in and how, and what differs from the rest.
_CONNECTORS: Final[dict[str, tuple[int, tuple[str, ...], tuple[str, ...], dict[str, Any]]]] = {  # Any: of several types
    "Default": (
        2525,
        _SERVERS,
        ("ExchangeUsers", "ExchangeServers", "ExchangeLegacyServers"),
        {
            "max_inbound_connection_per_source": "unlimited",
            "max_inbound_connection_percentage_per_source": 100,
            "max_recipients_per_message": 5000,
            "size_enabled": "EnabledWithoutValue",
        },
    ),
    "Client Proxy": (465, _SERVERS, ("ExchangeUsers", "ExchangeServers"), _USERS),
    "Default Frontend": (25, _SERVERS, ("AnonymousUsers", "ExchangeServers", "ExchangeLegacyServers"), _LOGGED),
    "Outbound Proxy Frontend": (717, _SERVERS, ("ExchangeServers",), {**_LOGGED, "tarpit_interval": "00:00:00"}),
    "Client Frontend": (587, _CLIENTS, ("ExchangeUsers",), {**_USERS, **_FRONTEND}),
}
_ON: Final = (
    *("binary_mime_enabled", "chunking_enabled", "delivery_status_notification_enabled", "eight_bit_mime_enabled"),
    *("enabled", "enhanced_status_codes_enabled", "pipelining_enabled", "smtp_utf8_enabled"),
)
_OFF: Final = (
    *("accept_consumer_mail", "bare_linefeed_rejection_enabled", "domain_secure_enabled", "enable_auth_gssapi"),
    *("live_credential_enabled", "long_addresses_enabled", "orar_enabled", "proxy_enabled", "require_ehlo_domain"),
    *("reject_reserved_second_level_recipient_domains", "reject_reserved_top_level_recipient_domains"),
    *("reject_single_label_recipient_domains", "require_tls", "suppress_x_anonymous_tls"),
)
_ALIKE: Final = {
    "extended_protection_policy": "None",
    "max_acknowledgement_delay": "00:00:30",
    "max_hop_count": 60,
    "max_local_hop_count": 5,
    "message_rate_limit": "unlimited",
    "message_rate_source": "IPAddress",
    "protocol_logging_level": "None",
    "size_enabled": "Enabled",
    "tarpit_interval": "00:00:05",
    "tls_domain_capabilities": (),
    "transport_role": "HubTransport",
}


def new_connectors(server: NewServer) -> dict[str, ReceiveConnector]:
    """Return the connectors by name."""
    declared = new_values(SetReceiveConnector, server.version)
    made = (_connector(server, declared, kind) for kind in _CONNECTORS)
    return {connector.name: connector for connector in made}


def _connector(server: NewServer, declared: dict[str, Any], kind: str) -> ReceiveConnector:  # Any: of several types
    port, mechanisms, groups, special = _CONNECTORS[kind]
    name = f"{kind} {server.name}"
    values: dict[str, Any] = {  # Any: as above
        **dict.fromkeys(_ON, True),
        **dict.fromkeys(_OFF, False),
        **_ALIKE,
        **declared,
        **special,
        **directory_facts(
            rf"{server.name}\{name}",
            f"CN={name},CN=SMTP Receive Connectors,CN=Protocols,{server.distinguished_name}",
            domain=server.domain,
            category="ms-Exch-Smtp-Receive-Connector",
            classes=("top", "msExchSmtpReceiveConnector"),
        ),
    }
    return ReceiveConnector(
        server=server.name,
        name=name,
        fqdn=server.fqdn,
        bindings=(f"[::]:{port}", f"0.0.0.0:{port}"),
        auth_mechanism=mechanisms,
        permission_groups=groups,
        remote_ip_ranges=_EVERYONE,
        **values,
    )
