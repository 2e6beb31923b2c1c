r"""Invoke-MonitoringProbe for the probes of IMAP4 and POP3.

Known are their names and what each is about (Microsoft's pages of the health sets): the self test of the backend, the
deep test through it to a mailbox, the proxy test of the front end at 127.0.0.1, and the customer touch point, which is
a login through both. No printed result has been found, so the object is made up.
"""

from __future__ import annotations

from typing import Final

from ..._cmdlets.monitoring import InvokeMonitoringProbe
from ..._powershell.record import Record, RecordValue
from ..._powershell.secret import Secret
from ..._values import Encryption, ServiceStatus
from ..client import ConnectionFailedError, Protocol, connect
from ..execution import Execution
from ..fake_server import FakeServer
from ..handlers import carries_out
from ..logins import log_in
from ..refusals import require_modelled

__all__: list[str] = []

_TYPE: Final = "Microsoft.Exchange.Monitoring.MonitoringProbeResult"
_KNOWN: Final = {"identity", "server", "account", "password", "time_out_seconds"}
_LOOPBACK: Final = {"127.0.0.1", "0.0.0.0"}  # noqa: S104 - a binding on every address
_PROTOCOLS: Final[dict[str, Protocol]] = {"imap": "IMAP4", "pop": "POP3"}


@carries_out(InvokeMonitoringProbe)
def _invoke(cmdlet: InvokeMonitoringProbe, run: Execution) -> None:
    """Run a probe; what it finds stands in the object."""
    require_modelled(cmdlet, _KNOWN)
    server = run.find_server(cmdlet.server, InvokeMonitoringProbe)
    health_set, _, probe = str(cmdlet.identity).partition("\\")
    word = health_set.partition(".")[0].lower()
    kind = probe.lower().removeprefix(word)
    protocol = _PROTOCOLS.get(word)
    if protocol is None or health_set.lower() != f"{word}{_HEALTH_SETS.get(kind, '?')}":
        message = f"The probe '{cmdlet.identity}' isn't there on server {server.name}."
        raise run.failure("ArgumentException", message, InvokeMonitoringProbe)
    error = _probe(kind, protocol, cmdlet, server, run)
    properties: dict[str, RecordValue] = {
        "Server": server.name,
        "MonitorIdentity": str(cmdlet.identity),
        "ExecutionStartTime": run.now,
        "ExecutionEndTime": run.now,
        "Error": error,
        "ResultType": "Failed" if error else "Succeeded",
        "ResultName": f"{probe}/{server.name}",
    }
    run.records.append(Record(type_names=(_TYPE, "System.Object"), text=_TYPE, properties=properties))


_HEALTH_SETS: Final = {
    "ctpprobe": "",
    "proxytestprobe": ".proxy",
    "deeptestprobe": ".protocol",
    "selftestprobe": ".protocol",
}


def _probe(kind: str, protocol: Protocol, cmdlet: InvokeMonitoringProbe, server: FakeServer, run: Execution) -> str:
    """Run a probe, and return what went wrong."""
    state = server.imap if protocol == "IMAP4" else server.pop
    backend = state.services[1]
    try:
        if kind in {"ctpprobe", "proxytestprobe"}:
            _connect(protocol, server, run)
        if kind in {"ctpprobe", "deeptestprobe"}:
            password = cmdlet.password if isinstance(cmdlet.password, Secret) else Secret("")
            log_in(str(cmdlet.account or ""), password, protocol, backend, run.organization)
    except ConnectionFailedError as error:
        return str(error)
    runs = server.service(backend).status is ServiceStatus.Running
    return "" if runs else f"The service {server.service(backend).name} doesn't run."


def _connect(protocol: Protocol, server: FakeServer, run: Execution) -> None:
    """Connect to the front end at the loopback address."""
    state = server.imap if protocol == "IMAP4" else server.pop
    before = server.service(state.services[0]).status
    met = state.loaded(state.services[0]) or state.stored
    ports = [binding.port for binding in met.ssl_bindings if str(binding.address) in _LOOPBACK]
    if not ports:
        raise ConnectionFailedError("No connection could be made to 127.0.0.1.")
    try:
        connect(server, protocol, port=ports[0], encryption=Encryption.SSL, host=None, now=run.now)
    finally:
        run.effect = server.service(state.services[0]).status is not before
