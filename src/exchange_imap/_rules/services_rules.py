"""Rules about the services of IMAP4: whether they run, start with Windows, and have read the stored settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._cmdlets.services import RestartService, ServiceState, SetService, StartService
from .._finding import Evidence, Severity
from .._model.cmdlet import Cmdlet
from .._values import ServiceStatus, StartupType
from .evidence import evidence_of, written
from .found import Found
from .registry import StateExample, review_rule
from .situation import Situation

__all__: list[str] = []

_PROCEDURE: Final = "Microsoft Learn: Enable and configure IMAP4 on an Exchange server"
_AUTOMATIC: Final = (
    "Set-Service MSExchangeIMAP4 -StartupType Automatic",
    "Set-Service MSExchangeIMAP4BE -StartupType Automatic",
)
_STARTED: Final = (*_AUTOMATIC, "Start-Service MSExchangeIMAP4,MSExchangeIMAP4BE")
_RESTARTED: Final = "Restart-Service MSExchangeIMAP4,MSExchangeIMAP4BE"
_CHANGED: Final = "Set-ImapSettings -Server MBX01 -MaxConnectionsPerUser 32"
# What ends a status in which clients cannot connect; the others end by themselves.
_ENDED_BY: Final[dict[ServiceStatus, tuple[str, type[StartService | RestartService]]]] = {
    ServiceStatus.Stopped: ("Start it", StartService),
    ServiceStatus.Paused: ("Restart it", RestartService),
}


def _cannot_start(service: ServiceState) -> bool:
    return service.status is ServiceStatus.Stopped and service.startup_type is StartupType.Disabled


def _evidence(service: ServiceState) -> Evidence:
    return evidence_of(service, "status", "startup_type", "name")


def _to_automatic(service: ServiceState) -> SetService:
    return SetService(name=service.name, startup_type=StartupType.Automatic)


@review_rule(
    "service-disabled",
    Severity.ERROR,
    "A service of IMAP4 that does not run and is disabled: nothing can start it.",
    StateExample(broken=("Set-Service MSExchangeIMAP4 -StartupType Disabled",), right=_STARTED),
    source="Microsoft Learn: Set-Service (-StartupType)",
)
def service_disabled(situation: Situation) -> Iterator[Found[str]]:
    """Yield each service that is stopped and disabled."""
    for service in filter(_cannot_start, situation.imap4_services()):
        reason = f"{service.name} is {service.status} and {service.startup_type}: clients cannot connect"
        fix = (_to_automatic(service), StartService(name=(service.name,)))
        yield Found(reason, "Let it start with Windows, and start it", service.name, _evidence(service), fix)


@review_rule(
    "service-not-running",
    Severity.ERROR,
    "A service of IMAP4 that does not run.",
    StateExample(broken=("Start-Service MSExchangeIMAP4",), right=_STARTED),
    source=_PROCEDURE,
)
def service_not_running(situation: Situation) -> Iterator[Found[str]]:
    """Yield each service that does not run, also one that is on its way, unless it is disabled."""
    for service in situation.imap4_services():
        if service.status is not ServiceStatus.Running and not _cannot_start(service):
            reason = f"{service.name} is {service.status}: clients cannot connect"
            right, command = _ENDED_BY.get(service.status, ("Wait until it runs, and look again", None))
            fix: tuple[Cmdlet, ...] = (command(name=(service.name,)),) if command else ()
            yield Found(reason, right, service.name, _evidence(service), fix)


@review_rule(
    "restart-pending",
    Severity.WARNING,
    "A service of IMAP4 that runs with older settings: they were stored after it had started.",
    StateExample(broken=(*_STARTED, _CHANGED), right=(*_STARTED, _CHANGED, _RESTARTED)),
    source=_PROCEDURE,
)
def restart_pending(situation: Situation) -> Iterator[Found[str]]:
    """Yield the services, all at once, of which it is known that they have not read the stored settings."""
    names = [each.name for each in _running(situation) if each.name.casefold() in situation.pending]
    if names:
        reason = (
            f"{' and '.join(names)} {'run' if names[1:] else 'runs'} with older settings than those that are stored"
        )
        fix = (RestartService(name=tuple(names)),)
        yield Found(reason, f"Run {fix[0]}, which interrupts clients", names[0], (("Name", written([*names])),), fix)


@review_rule(
    "service-not-automatic",
    Severity.WARNING,
    "A service of IMAP4 that does not start with Windows.",
    StateExample(broken=("Start-Service MSExchangeIMAP4,MSExchangeIMAP4BE",), right=_STARTED),
    source=_PROCEDURE,
)
def service_not_automatic(situation: Situation) -> Iterator[Found[str]]:
    """Yield each service with another start type than Automatic, unless it is reported as disabled."""
    for service in situation.imap4_services():
        if service.startup_type is not StartupType.Automatic and not _cannot_start(service):
            reason = f"{service.name} has the start type {service.startup_type}: it does not start with Windows"
            fix = (_to_automatic(service),)
            yield Found(reason, "Write Automatic", service.name, _evidence(service), fix)


@review_rule(
    "restart-unknown",
    Severity.NOTE,
    "A service of IMAP4 of which it is not known whether it has read the stored settings: no server tells that.",
    StateExample(broken=_STARTED),
    source=_PROCEDURE,
)
def restart_unknown(situation: Situation) -> Iterator[Found[str]]:
    """Yield the services, all at once, of which nothing is known; the library knows its own writes and restarts."""
    settings, known = situation.settings, situation.pending | situation.up_to_date
    names = [each.name for each in _running(situation) if each.name.casefold() not in known]
    if settings is not None and names:
        reason = f"whether {' and '.join(names)} {'have' if names[1:] else 'has'} read the stored settings is not known"
        right = f"If they were changed since the last start, run {RestartService(name=tuple(names))}"
        evidence = (*evidence_of(settings, "when_changed_utc"), ("Name", written([*names])))
        yield Found(reason, right, names[0], evidence)


def _running(situation: Situation) -> list[ServiceState]:
    return [each for each in situation.imap4_services() if each.status is not ServiceStatus.Stopped]
