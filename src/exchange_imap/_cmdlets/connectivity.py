"""Test-ImapConnectivity: whether a client can log in, and what came of trying."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from .._model.cmdlet import cmdlet
from .._model.codecs.literals import BOOLEAN, CREDENTIAL, SWITCH, Credential, IntegerCodec
from .._model.codecs.values import TEXT, TIME_SPAN, ValueCodec, choice
from .._model.common_parameters import CONFIRM, WHAT_IF
from .._model.declaration import parameter, property_, required_property
from .._model.field_types import Of
from .._model.snapshot import Snapshot
from .._model.snapshots import snapshot
from .._model.specs import Endpoint
from .._values import ConnectionType, ConnectivityStatus, Unset
from .directory import ReadingCmdlet

if TYPE_CHECKING:
    from .._html.facts import Mark

__all__ = ["ConnectivityResult", "TestImapConnectivity"]


@cmdlet("Test-ImapConnectivity", endpoint=Endpoint.EXCHANGE, changes=False)
class TestImapConnectivity(ReadingCmdlet):
    """Test-ImapConnectivity: log in over IMAP4 and, without ``light_mode``, send and read a message too.

    Without a credential a test user must exist (``New-TestCasConnectivityUser.ps1``). The page itself recommends
    monitoring probes for Exchange 2013 and later. Source: Microsoft's reference page.

    >>> str(TestImapConnectivity(client_access_server="MBX01", light_mode=True, mailbox_credential=CredentialPrompt()))
    'Test-ImapConnectivity -ClientAccessServer MBX01 -LightMode -MailboxCredential (Get-Credential)'
    """

    __test__: ClassVar[bool] = False  # pytest would take the name for a test

    client_access_server: str | Unset = parameter("ClientAccessServer", TEXT, position=0)
    """The server to connect to."""
    mailbox_server: str | Unset = parameter("MailboxServer", TEXT)
    """The server whose mailboxes are tried; all of the Active Directory site otherwise."""
    light_mode: bool | Unset = parameter("LightMode", SWITCH)
    """Log in only."""
    mailbox_credential: Credential | Unset = parameter("MailboxCredential", CREDENTIAL)
    """Whose mailbox is tried."""
    connection_type: Of[ConnectionType | Unset] = parameter("ConnectionType", choice(ConnectionType))
    """How to connect: Plaintext, Tls (STARTTLS) or Ssl (TLS from the first byte)."""
    port_client_access_server: Of[int | Unset] = parameter("PortClientAccessServer", IntegerCodec.between(0, 65535))
    """The port to connect to."""
    trust_any_ssl_certificate: bool | Unset = parameter("TrustAnySSLCertificate", SWITCH)
    """Accept any certificate."""
    per_connection_timeout: Of[int | Unset] = parameter("PerConnectionTimeout", IntegerCodec.between(0, 120))
    """Seconds for one connection, 0 to 120; 120 otherwise, and at least 5 is recommended."""
    timeout: Of[int | Unset] = parameter("Timeout", IntegerCodec.between(0, 3600))
    """Seconds for the whole test, 0 to 3600; 180 otherwise."""
    monitoring_context: bool | Unset = parameter("MonitoringContext", SWITCH)
    """Answer also the events and counters that monitoring wants."""
    reset_test_account_credentials: bool | Unset = parameter("ResetTestAccountCredentials", SWITCH)
    """Give the test user a new password first."""
    what_if: bool | Unset = WHAT_IF
    """Say what would happen, and do nothing."""
    confirm: bool | Unset = CONFIRM
    """Ask first. Over remoting there is no way to answer."""


def _read_status(text: str) -> ConnectivityStatus:
    """Read the word, also as some versions print a failure: ``*FAILURE*``."""
    return ConnectivityStatus.parse(text.strip("* "))


_STATUS = ValueCodec(choice(ConnectivityStatus).expected, ConnectivityStatus, parse=_read_status)


@snapshot("Microsoft.Exchange.Monitoring.CasTransactionOutcome", read_by=TestImapConnectivity)
class ConnectivityResult(Snapshot):
    r"""One attempt of Test-ImapConnectivity: what went wrong stands in the object, not among the command's errors.

    A test that failed before it could connect has port 0 and a negative latency (-1 ms).

    >>> result = ConnectivityResult.parse(
    ...     "ClientAccessServer : mbx01.contoso.com\n"
    ...     "Scenario           : Test IMAP4 Connectivity\n"
    ...     "Port               : 0\n"
    ...     "Result             : Failure\n"
    ...     "Error              : No test mailbox was found.\n"
    ...     "Latency            : -00:00:00.0010000\n"
    ... )
    >>> result.succeeded, result.latency, result.milliseconds
    (False, datetime.timedelta(days=-1, seconds=86399, microseconds=999000), None)
    """

    client_access_server: str | None = property_("ClientAccessServer", TEXT, first=True)
    client_access_server_short_name: str | None = property_("ClientAccessServerShortName", TEXT)
    local_site: str | None = property_("LocalSite", TEXT)
    local_site_short_name: str | None = property_("LocalSiteShortName", TEXT)
    scenario: str | None = property_("Scenario", TEXT)
    scenario_description: str | None = property_("ScenarioDescription", TEXT)
    result: Of[ConnectivityStatus] = required_property("Result", _STATUS, first=True)
    """How it ended."""
    error: str | None = property_("Error", TEXT, first=True)
    """What went wrong, in the server's language."""
    latency: Of[timedelta] = required_property("Latency", TIME_SPAN)
    """How long it took; negative when nothing was measured."""
    milliseconds: str | None = property_("LatencyInMillisecondsString", TEXT)
    """The same as the server prints it, in its language."""
    port: Of[int | None] = property_("Port", IntegerCodec())
    connection_type: Of[ConnectionType | None] = property_("ConnectionType", choice(ConnectionType))
    secure_access: bool | None = property_("SecureAccess", BOOLEAN)
    user_name: str | None = property_("UserName", TEXT, first=True)
    """Whose mailbox was tried."""
    virtual_directory_name: str | None = property_("VirtualDirectoryName", TEXT)
    url: str | None = property_("Url", TEXT)
    url_type: str | None = property_("UrlType", TEXT)
    performance_counter_name: str | None = property_("PerformanceCounterName", TEXT)
    event_type: str | None = property_("EventType", TEXT)
    """``Success``, ``Warning`` or ``Error``, for a monitoring system."""
    identity: str | None = property_("Identity", TEXT)
    is_valid: bool | None = property_("IsValid", BOOLEAN)
    object_state: str | None = property_("ObjectState", TEXT)

    def _mark(self) -> Mark:
        from .._html.facts import Mark  # noqa: PLC0415 - loaded by who looks

        return Mark.GOOD if self.succeeded else Mark.PROBLEM

    @property
    def succeeded(self) -> bool:
        """Whether a client could log in; a test that was skipped did not succeed."""
        return self.result is ConnectivityStatus.Success

    @property
    def connected(self) -> bool:
        """Whether the test tried a port; one that ended before, for want of a test user or of a server, has port 0."""
        return bool(self.port)
