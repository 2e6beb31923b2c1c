"""Test-ImapConnectivity as the server carries it out: what goes wrong stands in the object.

Source: Microsoft's page, and a printed result (clintboessen.blogspot.com, 2018). Texts of errors are made up.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from ..._cmdlets.connectivity import ConnectivityResult, TestImapConnectivity
from ..._powershell.secret import PSCredential
from ..._values import (
    ConnectionType,
    ConnectivityStatus,
    Encryption,
    LoginType,
    ServiceStatus,
)
from ..client import ConnectionFailedError, connect
from ..execution import Execution
from ..fake_server import FakeServer
from ..handlers import carries_out
from ..logins import log_in
from ..new_services import BACKEND
from ..refusals import require_modelled
from ..wire import object_record

__all__: list[str] = []

_KNOWN: Final = {
    *("client_access_server", "mailbox_server", "light_mode", "mailbox_credential", "connection_type"),
    *("port_client_access_server", "trust_any_ssl_certificate", "per_connection_timeout", "timeout"),
}
_METHODS: Final = {
    ConnectionType.Ssl: (993, Encryption.SSL),
    ConnectionType.Tls: (143, Encryption.TLS),
    ConnectionType.Plaintext: (143, None),
}
_MEASURED: Final = timedelta(milliseconds=125)
_NOTHING: Final = -timedelta(milliseconds=1)
_TRANSPORT: Final = "MSExchangeFrontEndTransport"


@carries_out(TestImapConnectivity)
def _test(cmdlet: TestImapConnectivity, run: Execution) -> None:
    """Connect, log in, and without -LightMode send and read a message."""
    require_modelled(cmdlet, _KNOWN)
    server = run.find_server(cmdlet.client_access_server, TestImapConnectivity)
    if isinstance(cmdlet.mailbox_server, str):
        run.find_server(cmdlet.mailbox_server, TestImapConnectivity)
        run.server = server
    if run.may_change(cmdlet, server.name):
        run.records.append(object_record(_outcome(cmdlet, server, run)))


def _outcome(cmdlet: TestImapConnectivity, server: FakeServer, run: Execution) -> ConnectivityResult:
    credential = cmdlet.mailbox_credential
    if not isinstance(credential, PSCredential):
        message = (
            "The test user of this site isn't there. Run New-TestCasConnectivityUser.ps1, or name a mailbox with "
            "-MailboxCredential."
        )
        return _result(cmdlet, server, error=message, port=0, latency=_NOTHING)
    port, _ = _METHODS[_type(cmdlet)]
    port = cmdlet.port_client_access_server if isinstance(cmdlet.port_client_access_server, int) else port
    before = server.service(server.imap.services[0]).status
    try:
        _try(cmdlet, credential, server, port, run)
    except ConnectionFailedError as error:
        run.effect = server.service(server.imap.services[0]).status is not before
        return _result(cmdlet, server, error=str(error), port=port, latency=_NOTHING)
    return _result(cmdlet, server, error=None, port=port, latency=_MEASURED)


def _type(cmdlet: TestImapConnectivity) -> ConnectionType:
    return cmdlet.connection_type if isinstance(cmdlet.connection_type, ConnectionType) else ConnectionType.Ssl


def _try(cmdlet: TestImapConnectivity, credential: PSCredential, server: FakeServer, port: int, run: Execution) -> None:
    """Do what the cmdlet does. Raises :class:`ConnectionFailedError`."""
    _, encryption = _METHODS[_type(cmdlet)]
    trusts = cmdlet.trust_any_ssl_certificate is True
    host = None if trusts else server.installed.fqdn
    met = connect(server, "IMAP4", port=port, encryption=encryption, host=host, now=run.now)
    if encryption is None and met.login_type is not LoginType.PlainTextLogin:
        raise ConnectionFailedError("A login in clear is refused: LOGIN is disabled before TLS.")
    log_in(credential.user_name, credential.password, "IMAP4", BACKEND, run.organization)
    if cmdlet.light_mode is not True and server.service(_TRANSPORT).status is not ServiceStatus.Running:
        raise ConnectionFailedError("The test message couldn't be sent.")


def _result(
    cmdlet: TestImapConnectivity, server: FakeServer, *, error: str | None, port: int, latency: timedelta
) -> ConnectivityResult:
    credential, method = cmdlet.mailbox_credential, _type(cmdlet)
    succeeded = error is None
    return ConnectivityResult(
        client_access_server=server.installed.fqdn,
        client_access_server_short_name=server.name,
        local_site="Default-First-Site-Name",
        local_site_short_name="Default-First-Site-Name",
        scenario="Test IMAP4 Connectivity",
        scenario_description=(
            "Connect to the server by using the IMAP4 protocol, search for the test message, and delete it along with "
            "any messages that are older than 24 hours."
        ),
        result=ConnectivityStatus.Success if succeeded else ConnectivityStatus.Failure,
        error=error,
        latency=latency,
        milliseconds=f"{latency / timedelta(milliseconds=1):.2f}" if succeeded else None,
        port=port,
        connection_type=method,
        secure_access=method is not ConnectionType.Plaintext,
        user_name=credential.user_name if isinstance(credential, PSCredential) else None,
        url_type="Unknown",
        performance_counter_name="ImapConnectivity-Latency",
        event_type="Success" if succeeded else "Error",
        is_valid=True,
        object_state="New",
    )
