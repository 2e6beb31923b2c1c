"""Get-, Start-, Stop-, Restart- and Set-Service as Windows PowerShell 5.1 carries them out."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator

import attrs

from ..._cmdlets.services import GetService, RestartService, ServiceState, SetService, StartService, StopService
from ..._model.cmdlet import Cmdlet
from ..._transports.errors import ErrorRecord
from ..._values import UNSET, ServiceStatus, StartupType
from ..execution import Execution
from ..fake_server import FakeServer
from ..handlers import carries_out
from ..refusals import RefusalError, task_of
from ..wire import service_record
from .service_control import ServiceControl

__all__ = ["get_service", "restart_service", "set_service", "start_service", "stop_service"]

_HERE = {".", "localhost"}
_KEPT = {StartupType.Boot, StartupType.System}  # Windows PowerShell 5.1 accepts these and changes nothing
_Passing = StartService | StopService | RestartService | SetService
_Selecting = GetService | StartService | StopService | RestartService


@carries_out(GetService)
def get_service(cmdlet: GetService, run: Execution) -> None:
    """Return the services, or those that they depend on or that depend on them."""
    names = cmdlet.computer_name or (".",)
    for name in names:
        machine = _machine(name, cmdlet, run)
        for service in _select(cmdlet, machine, run):
            for each in _around(service, cmdlet, machine):
                run.records.append(service_record(attrs.evolve(each, machine_name=name)))


def _around(service: ServiceState, cmdlet: GetService, machine: FakeServer) -> Iterable[ServiceState]:
    if cmdlet.dependent_services is True:
        names = service.dependent_services
    elif cmdlet.required_services is True:
        names = service.services_depended_on
    else:
        return (service,)
    return (machine.service(name) for name in names or () if machine.has_service(name))


def _machine(name: str, cmdlet: Cmdlet, run: Execution) -> FakeServer:
    if name.lower() in _HERE:
        return run.machine()
    for server in run.servers:
        if name.casefold() in {server.name.casefold(), server.installed.fqdn}:
            run.server = server
            return server
    raise RefusalError(
        ErrorRecord(
            message=f"Cannot open Service Control Manager on computer '{name}'. "
            "This operation might require other privileges.",
            category="NotSpecified",
            fully_qualified_error_id=f"System.InvalidOperationException,{task_of(type(cmdlet))}",
        )
    )


@carries_out(StartService)
def start_service(cmdlet: StartService, run: Execution) -> None:
    """Start the named services."""
    control = ServiceControl(run.machine(), StartService, run)
    for service in _allowed(cmdlet, run):
        started = control.start(service.name)
        _pass_thru(cmdlet, [service.name] if started else [], control.server, run)


@carries_out(StopService)
def stop_service(cmdlet: StopService, run: Execution) -> None:
    """Stop the named services, with ``-Force`` also the services that depend on them."""
    control = ServiceControl(run.machine(), StopService, run)
    for service in _allowed(cmdlet, run):
        stopped = control.stop(service.name, force=cmdlet.force is True)
        _pass_thru(cmdlet, stopped, control.server, run)


@carries_out(RestartService)
def restart_service(cmdlet: RestartService, run: Execution) -> None:
    """Stop the named services, then start those that were stopped. One that may not start stays stopped."""
    control = ServiceControl(run.machine(), RestartService, run)
    for service in _allowed(cmdlet, run):
        stopped = control.stop(service.name, force=cmdlet.force is True)
        started = [name for name in stopped if control.start(name)]
        _pass_thru(cmdlet, started, control.server, run)


@carries_out(SetService)
def set_service(cmdlet: SetService, run: Execution) -> None:
    """Change a service's start type, then its status. The start type stays changed if the status is refused."""
    name = str(cmdlet.name)
    for computer in cmdlet.computer_name or (".",):
        machine = _machine(computer, cmdlet, run)
        if not machine.has_service(name):
            message = f"Service {name} was not found on computer '{computer}'."
            run.report("InvalidOperationException", "ObjectNotFound", message, cmdlet=SetService, target=computer)
        elif run.may_change(cmdlet, name):
            _configure(cmdlet, machine, run)
            if isinstance(cmdlet.status, ServiceStatus):
                ServiceControl(machine, SetService, run).set_status(machine.service(name), cmdlet.status)
            _pass_thru(cmdlet, [name], machine, run)


def _configure(cmdlet: SetService, machine: FakeServer, run: Execution) -> None:
    name = str(cmdlet.name)
    before = machine.service(name)
    startup_type = UNSET if cmdlet.startup_type in _KEPT else cmdlet.startup_type
    machine.set_service(name, startup_type=startup_type, display_name=cmdlet.display_name)
    run.effect = run.effect or machine.service(name) != before


def _allowed(cmdlet: StartService | StopService | RestartService, run: Execution) -> Iterator[ServiceState]:
    selected = _select(cmdlet, run.machine(), run)
    return (service for service in selected if run.may_change(cmdlet, service.name))


def _pass_thru(cmdlet: _Passing, names: Iterable[str], machine: FakeServer, run: Execution) -> None:
    if cmdlet.pass_thru is True:
        run.records += [service_record(machine.service(name)) for name in names]


def _select(cmdlet: _Selecting, machine: FakeServer, run: Execution) -> list[ServiceState]:
    """Find the named services, each once and sorted by name; each unknown name is one error."""
    by_display = isinstance(cmdlet.display_name, tuple)
    patterns = cmdlet.display_name if isinstance(cmdlet.display_name, tuple) else cmdlet.name or ("*",)
    services = machine.services
    found = {word: [s for s in services if _matches(_name(s, by_display), word)] for word in patterns}
    for pattern, matching in found.items():
        if not matching and not _is_wildcard(pattern):
            _not_found(pattern, cmdlet, run, by_display=by_display)
    named = {service.name for matching in found.values() for service in matching}
    return [s for s in services if s.name in named and _passes(_name(s, by_display), cmdlet)]


def _name(service: ServiceState, by_display: bool) -> str:  # noqa: FBT001 - which of the two
    return service.display_name if by_display else service.name


def _passes(name: str, cmdlet: _Selecting) -> bool:
    included = not cmdlet.include or any(_matches(name, pattern) for pattern in cmdlet.include)
    return included and not any(_matches(name, pattern) for pattern in cmdlet.exclude or ())


def _matches(name: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(name.lower(), pattern.lower())


def _is_wildcard(pattern: str) -> bool:
    return any(character in pattern for character in "*?[]")


def _not_found(pattern: str, cmdlet: _Selecting, run: Execution, *, by_display: bool) -> None:
    kind, words = ("DisplayName", "display name") if by_display else ("Name", "service name")
    message = f"Cannot find any service with {words} '{pattern}'."
    run.report(f"NoServiceFoundForGiven{kind}", "ObjectNotFound", message, cmdlet=type(cmdlet), target=pattern)
