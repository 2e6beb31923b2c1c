"""The services of a freshly installed server, as Get-Service showed them on one (CSS-Exchange's captures of 2016).

Only Exchange's own services are here, most of which depend on Active Directory Topology, and IIS (W3SVC); what those
depend on besides is taken to run.
"""

from __future__ import annotations

import functools
from typing import Final

import attrs

from .._cmdlets.services import ServiceState
from .._values import ServiceStatus, StartupType
from .new_server import Version

__all__ = ["BACKEND", "FRONT_END", "POP_BACKEND", "POP_FRONT_END", "new_services", "with_status"]

FRONT_END: Final = "MSExchangeImap4"
"""The front end's registered name; documentation writes MSExchangeIMAP4."""
BACKEND: Final = "MSExchangeIMAP4BE"
"""The backend's registered name."""

POP_FRONT_END: Final = "MSExchangePop3"
POP_BACKEND: Final = "MSExchangePOP3BE"
_TOPOLOGY: Final = "MSExchangeADTopology"
_STOPPED: Final = {
    FRONT_END: "Microsoft Exchange IMAP4",
    BACKEND: "Microsoft Exchange IMAP4 Backend",
    POP_FRONT_END: "Microsoft Exchange POP3",
    POP_BACKEND: "Microsoft Exchange POP3 Backend",
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
# Unified Messaging and the broker, which nothing starts, went with 2019.
_RUNNING_2016: Final = {
    "MSExchangeUM": "Microsoft Exchange Unified Messaging",
    "MSExchangeUMCR": "Microsoft Exchange Unified Messaging Call Router",
}


_STOPPED_2016: Final = {"MSExchangeNotificationsBroker": "Microsoft Exchange Notifications Broker"}
# What does not wait for Active Directory Topology, and what it waits for.
_APART: Final = {
    "MSExchangeHM": ("Microsoft Exchange Health Manager", "eventlog", "winmgmt"),
    "MSExchangeHMRecovery": ("Microsoft Exchange Health Manager Recovery", "eventlog", "winmgmt"),
    "W3SVC": ("World Wide Web Publishing Service", "WAS", "HTTP"),
}
_BESIDES: Final = {
    "MSExchangeDagMgmt": ("NetTcpPortSharing",),
    "MSExchangeMailboxReplication": ("NetTcpPortSharing",),
    "MSExchangeTransport": ("FMS",),
    "MSExchangeUM": ("KeyIso",),
    "MSExchangeUMCR": ("KeyIso",),
}
_SHARES_A_PROCESS: Final = {"W3SVC"}
_CAN_PAUSE: Final = {"MSExchangeHM", "MSExchangeTransport"}
_IS_NOT_TOLD_OF_SHUTDOWN: Final = {"MSExchangeRepl"}
_ALIVE: Final = {ServiceStatus.Running, ServiceStatus.Paused}


@functools.cache
def new_services(version: Version) -> tuple[ServiceState, ...]:
    """Return every service, Active Directory Topology first."""
    is_2016 = version == "2016"
    running = _RUNNING | (_RUNNING_2016 if is_2016 else {})
    broker = _STOPPED_2016 if is_2016 else {}
    display = "Microsoft Exchange Active Directory Topology"
    dependents = (*_STOPPED, *broker, *running)
    topology = _automatic(_TOPOLOGY, display, "Netlogon", "NetTcpPortSharing")
    return (
        attrs.evolve(topology, dependent_services=dependents),
        *(_manual(name, display) for name, display in _STOPPED.items()),
        *(with_status(_waiting(name, display), ServiceStatus.Stopped) for name, display in broker.items()),
        *(_waiting(name, display) for name, display in running.items()),
        *(_automatic(name, *facts) for name, facts in _APART.items()),
    )


def with_status(service: ServiceState, status: ServiceStatus) -> ServiceState:
    """Return the service with a status: what does not run takes no request, and not every service takes each."""
    alive = status in _ALIVE
    return attrs.evolve(
        service,
        status=status,
        can_stop=alive,
        can_shutdown=alive and service.name not in _IS_NOT_TOLD_OF_SHUTDOWN,
        can_pause_and_continue=alive and service.name in _CAN_PAUSE,
    )


def _waiting(name: str, display_name: str) -> ServiceState:
    return _automatic(name, display_name, *_BESIDES.get(name, ()), _TOPOLOGY)


def _manual(name: str, display_name: str) -> ServiceState:
    service = attrs.evolve(_waiting(name, display_name), startup_type=StartupType.Manual)
    return with_status(service, ServiceStatus.Stopped)


def _automatic(name: str, display_name: str, *needed: str) -> ServiceState:
    service = ServiceState(
        name=name,
        display_name=display_name,
        status=ServiceStatus.Running,
        startup_type=StartupType.Automatic,
        services_depended_on=needed,
        dependent_services=(),
        service_type="Win32ShareProcess" if name in _SHARES_A_PROCESS else "Win32OwnProcess",
        machine_name=".",
    )
    return with_status(service, ServiceStatus.Running)
