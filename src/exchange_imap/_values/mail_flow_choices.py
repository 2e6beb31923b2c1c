"""Enumerations of Receive connectors, with Exchange's spelling and numbers."""

from __future__ import annotations

from .choices import Choice

__all__ = ["AuthMechanism", "MessageRateSource", "PermissionGroup", "ProtocolLoggingLevel", "ServerRole", "SizeMode"]


class AuthMechanism(Choice):
    """One way to authenticate that a Receive connector offers, of any number (Set-ReceiveConnector -AuthMechanism).

    >>> print(SetReceiveConnector(auth_mechanism=(AuthMechanism.Tls, AuthMechanism.BasicAuth)))
    Set-ReceiveConnector -AuthMechanism Tls,BasicAuth
    """

    Tls = 1
    """STARTTLS is offered."""
    Integrated = 2
    """NTLM and Kerberos."""
    BasicAuth = 4
    BasicAuthRequireTLS = 8
    """User name and password only once TLS is up; needs ``BasicAuth`` and ``Tls`` too."""
    ExchangeServer = 16
    ExternalAuthoritative = 32
    """The connection is trusted because something else secures it. Only ``Tls`` may be beside it."""


class PermissionGroup(Choice):
    """One group of those who may use a Receive connector; any number (Set-ReceiveConnector -PermissionGroups).

    >>> PermissionGroup.parse("exchangeusers").value
    2
    """

    AnonymousUsers = 1
    ExchangeUsers = 2
    """Users with a mailbox who have logged in, such as IMAP4 and POP3 clients that send."""
    ExchangeServers = 4
    ExchangeLegacyServers = 8
    Partners = 16
    Custom = 32
    """Permissions that were set with Add-ADPermission."""


class MessageRateSource(Choice):
    """What the rate of messages is counted for (Set-ReceiveConnector -MessageRateSource).

    >>> str(MessageRateSource.NONE), MessageRateSource.parse("3")
    ('None', MessageRateSource.All)
    """

    NONE = 0
    IPAddress = 1
    User = 2
    All = 3


class ProtocolLoggingLevel(Choice):
    """Whether a connector writes a protocol log (Set-ReceiveConnector -ProtocolLoggingLevel).

    >>> ProtocolLoggingLevel.parse("verbose")
    ProtocolLoggingLevel.Verbose
    """

    NONE = 0
    Verbose = 1


class ServerRole(Choice):
    """One role of a server, or the transport service that a connector belongs to (Set-ReceiveConnector -TransportRole).

    >>> ServerRole.parse("16384")
    ServerRole.FrontendTransport
    """

    Cafe = 1
    Mailbox = 2
    ClientAccess = 4
    UnifiedMessaging = 16
    HubTransport = 32
    """The Transport service."""
    Edge = 64
    FrontendTransport = 16384
    """The Front End Transport service, which clients and the Internet connect to."""


class SizeMode(Choice):
    """How the SIZE extension is announced (Set-ReceiveConnector -SizeEnabled).

    >>> SizeMode.parse("EnabledwithoutValue")
    SizeMode.EnabledWithoutValue
    """

    Disabled = 0
    Enabled = 1
    EnabledWithoutValue = 2
