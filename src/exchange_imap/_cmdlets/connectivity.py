"""Test-ImapConnectivity: whether a client can log in."""

from __future__ import annotations

from typing import ClassVar

import attrs

from .._cmdlet.cmdlet import Cmdlet
from .._cmdlet.declaration import Endpoint, checked, parameter
from .._cmdlet.kinds import TEXT, choice
from .._cmdlet.literal_kinds import CREDENTIAL, Credential, FlagKind, IntegerKind
from .._values import UNSET, ConnectionType, Unset

__all__ = ["TestImapConnectivity"]

_SWITCH = FlagKind(switch=True)


@attrs.frozen(kw_only=True, repr=False, field_transformer=checked)
class TestImapConnectivity(Cmdlet):
    """Test-ImapConnectivity: log in over IMAP4 and, without ``light_mode``, send and read a message too.

    Without a credential a test user must exist (``New-TestCasConnectivityUser.ps1``). The page itself recommends
    monitoring probes for Exchange 2013 and later. Source: Microsoft's reference page.

    >>> str(TestImapConnectivity(client_access_server="MBX01", light_mode=True, mailbox_credential=CredentialPrompt()))
    'Test-ImapConnectivity -ClientAccessServer MBX01 -LightMode -MailboxCredential (Get-Credential)'
    """

    __test__: ClassVar[bool] = False  # pytest would take the name for a test
    cmdlet: ClassVar[str] = "Test-ImapConnectivity"
    endpoint: ClassVar[Endpoint] = Endpoint.EXCHANGE
    changes: ClassVar[bool] = False

    client_access_server: str | Unset = attrs.field(
        default=UNSET, metadata=parameter("ClientAccessServer", TEXT, position=0)
    )
    """The server to connect to."""
    mailbox_server: str | Unset = attrs.field(default=UNSET, metadata=parameter("MailboxServer", TEXT))
    """The server whose mailboxes are tried; all of the Active Directory site otherwise."""
    light_mode: bool | Unset = attrs.field(default=UNSET, metadata=parameter("LightMode", _SWITCH, switch=True))
    """Log in only."""
    mailbox_credential: Credential | Unset = attrs.field(
        default=UNSET, metadata=parameter("MailboxCredential", CREDENTIAL)
    )
    """Whose mailbox is tried."""
    connection_type: ConnectionType | Unset = attrs.field(
        default=UNSET, metadata=parameter("ConnectionType", choice(ConnectionType))
    )
    """How to connect: Plaintext, Ssl or Tls."""
    port_client_access_server: int | Unset = attrs.field(
        default=UNSET, metadata=parameter("PortClientAccessServer", IntegerKind.between(0, 65535))
    )
    """The port to connect to."""
    trust_any_ssl_certificate: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("TrustAnySSLCertificate", _SWITCH, switch=True)
    )
    """Accept any certificate."""
    per_connection_timeout: int | Unset = attrs.field(
        default=UNSET, metadata=parameter("PerConnectionTimeout", IntegerKind.between(0, 120))
    )
    """Seconds for one connection, 0 to 120; 120 otherwise, and at least 5 is recommended."""
    timeout: int | Unset = attrs.field(default=UNSET, metadata=parameter("Timeout", IntegerKind.between(0, 3600)))
    """Seconds for the whole test, 0 to 3600; 180 otherwise."""
    monitoring_context: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("MonitoringContext", _SWITCH, switch=True)
    )
    """Answer also the events and counters that monitoring wants."""
    reset_test_account_credentials: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("ResetTestAccountCredentials", _SWITCH, switch=True)
    )
    """Give the test user a new password first."""
    domain_controller: str | Unset = attrs.field(default=UNSET, metadata=parameter("DomainController", TEXT))
    """FQDN of the domain controller to read from."""
    what_if: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("WhatIf", _SWITCH, aliases=("wi",), switch=True)
    )
    """Say what would happen, and do nothing."""
    confirm: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("Confirm", _SWITCH, aliases=("cf",), switch=True)
    )
    """Ask first, which over remoting nobody can answer."""
