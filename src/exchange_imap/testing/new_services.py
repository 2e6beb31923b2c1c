"""The services of a freshly installed server, as Get-Service showed them on one (CSS-Exchange's captures of 2016).

Only Exchange's own services around Active Directory Topology are here, since nothing else bears on IMAP4; what those
depend on besides it is taken to run.
"""

from __future__ import annotations

import functools
from typing import Final

from .._cmdlets.services import ServiceState
from .._values import ServiceStatus, StartupType
from .new_server import Version

__all__ = ["BACKEND", "FRONT_END", "new_services"]

FRONT_END: Final = "MSExchangeImap4"
"""The front end's registered name; documentation writes MSExchangeIMAP4."""
BACKEND: Final = "MSExchangeIMAP4BE"
"""The backend's registered name."""

_TOPOLOGY: Final = "MSExchangeADTopology"
_STOPPED: Final = {
    FRONT_END: "Microsoft Exchange IMAP4",
    BACKEND: "Microsoft Exchange IMAP4 Backend",
    "MSExchangePop3": "Microsoft Exchange POP3",
    "MSExchangePOP3BE": "Microsoft Exchange POP3 Backend",
}
_RUNNING: Final = {
    "MSComplianceAudit": "Microsoft Exchange Compliance Audit",
    "MSExchangeAntispamUpdate": "Microsoft Exchange Anti-spam Update",
    "MSExchangeCompliance": "Microsoft Exchange Compliance Service",
    "MSExchangeDagMgmt": "Microsoft Exchange DAG Management",
    "MSExchangeDelivery": "Microsoft Exchange Mailbox Transport Delivery",
    "MSExchangeEdgeSync": "Microsoft Exchange EdgeSync",
    "MSExchangeFastSearch": "Microsoft Exchange Search",
    "MSExchangeFrontEndTransport": "Microsoft Exchange Frontend Transport",
    "MSExchangeIS": "Microsoft Exchange Information Store",
    "MSExchangeMailboxAssistants": "Microsoft Exchange Mailbox Assistants",
    "MSExchangeMailboxReplication": "Microsoft Exchange Mailbox Replication",
    "MSExchangeMitigation": "Microsoft Exchange Emergency Mitigation Service",
    "MSExchangeRepl": "Microsoft Exchange Replication",
    "MSExchangeRPC": "Microsoft Exchange RPC Client Access",
    "MSExchangeServiceHost": "Microsoft Exchange Service Host",
    "MSExchangeSubmission": "Microsoft Exchange Mailbox Transport Submission",
    "MSExchangeThrottling": "Microsoft Exchange Throttling",
    "MSExchangeTransport": "Microsoft Exchange Transport",
    "MSExchangeTransportLogSearch": "Microsoft Exchange Transport Log Search",
}
# Unified Messaging went with 2019.
_RUNNING_2016: Final = {
    "MSExchangeUM": "Microsoft Exchange Unified Messaging",
    "MSExchangeUMCR": "Microsoft Exchange Unified Messaging Call Router",
}


@functools.cache
def new_services(version: Version) -> tuple[ServiceState, ...]:
    """Return every service, Active Directory Topology first."""
    running = _RUNNING | (_RUNNING_2016 if version == "2016" else {})
    topology = ServiceState(
        name=_TOPOLOGY,
        display_name="Microsoft Exchange Active Directory Topology",
        status=ServiceStatus.Running,
        startup_type=StartupType.Automatic,
        services_depended_on=("Netlogon", "NetTcpPortSharing"),
        dependent_services=(*_STOPPED, *running),
        can_stop=True,
        can_shutdown=True,
        can_pause_and_continue=False,
        service_type="Win32OwnProcess",
        machine_name=".",
    )
    return (
        topology,
        *(_dependent(name, display, running=False) for name, display in _STOPPED.items()),
        *(_dependent(name, display, running=True) for name, display in running.items()),
    )


def _dependent(name: str, display_name: str, *, running: bool) -> ServiceState:
    return ServiceState(
        name=name,
        display_name=display_name,
        status=ServiceStatus.Running if running else ServiceStatus.Stopped,
        startup_type=StartupType.Automatic if running else StartupType.Manual,
        services_depended_on=(_TOPOLOGY,),
        dependent_services=(),
        can_stop=running,
        can_shutdown=running,
        can_pause_and_continue=False,
        service_type="Win32OwnProcess",
        machine_name=".",
    )
