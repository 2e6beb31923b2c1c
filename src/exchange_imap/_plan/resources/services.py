"""The Windows services of a protocol: how they start, and whether they run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from ..._cmdlets.services import (
    IMAP4_SERVICES,
    GetService,
    RestartService,
    ServiceState,
    SetService,
    StartService,
    StopService,
)
from ..._errors import InvalidValueError, UnexpectedReplyError
from ..._model.cmdlet import Cmdlet
from ..._powershell.record import Record
from ..._values import UNSET, ServiceStatus, StartupType
from ..difference import Change
from ..parts import sorted_keys
from ..resource import Planning, Resource, is_protocol_service, readers, resource, resources
from ..state import ServerState
from ..step import Step

__all__ = ["RESOURCE"]

_NAME: Final = frozenset({"name"})
_START_TYPES: Final = frozenset({UNSET, StartupType.Automatic, StartupType.Manual, StartupType.Disabled})
_UP: Final = frozenset({ServiceStatus.Running, ServiceStatus.StartPending, ServiceStatus.ContinuePending})
_DOWN: Final = frozenset({ServiceStatus.Stopped, ServiceStatus.StopPending})

_AT_REST: Final = frozenset({ServiceStatus.Running, ServiceStatus.Stopped, ServiceStatus.Paused})


class _Services(Resource):
    """The services; those of IMAP4 belong to every state."""

    key = "services"
    states = SetService
    whole = ServiceState
    named_by = "name"
    planned = frozenset({"name", "startup_type", "status"})
    always: Final = IMAP4_SERVICES
    """The services that every state has."""

    @property
    def sends(self) -> dict[type[Cmdlet], frozenset[str]]:
        """The commands of its steps: starting and stopping names one service each."""
        return {
            SetService: frozenset({"name", "startup_type"}),
            StartService: _NAME,
            StopService: _NAME,
            RestartService: _NAME,
        }

    def check(self, stated: Sequence[Cmdlet]) -> None:
        """Refuse also other services, and states in which a service cannot be."""
        super().check(stated)
        for command in stated:
            _check_service(_stated(command))
        names = [str(getattr(command, "name")).lower() for command in stated]  # noqa: B009 - a cmdlet of any kind
        if len(set(names)) < len(names):
            raise InvalidValueError("DesiredState.services", "each service once", names)

    def names_stated(self, server: str, stated: Sequence[Cmdlet]) -> tuple[str, ...]:
        """Return the services that every state has, and those that are stated."""
        known = {name.lower() for name in self.always}
        return (*self.always, *(name for name in super().names_stated(server, stated) if name.lower() not in known))

    def names_in(self, state: ServerState) -> tuple[str, ...]:
        """Return the names of the services."""
        return tuple(service.name for service in state.services)

    def name_of(self, command: Cmdlet, server: str) -> str:
        """Return the one service that a command names. Raises :class:`InvalidValueError` for several or none."""
        del server
        names = _names(command)
        if len(names) != 1:
            raise InvalidValueError(command.cmdlet, "the name of one service", ", ".join(names) or "no service")
        return names[0]

    def wrong_name(self, command: Cmdlet, server: str, state: ServerState) -> str:
        """Say also that a command names several services, or none."""
        names = _names(command)
        if len(names) == 1:
            return super().wrong_name(command, server, state)
        return f"it is about {', '.join(names) or 'no service'}, and the plan about {', '.join(self.names_in(state))}"

    def reads(self, server: str, names: Sequence[str]) -> tuple[Cmdlet, ...]:
        """Return one command for all of them."""
        del server
        return (GetService(name=tuple(names)),)

    def part(self, server: str, names: Sequence[str], answers: Sequence[Sequence[Record]]) -> tuple[ServiceState, ...]:
        """Return the services in the order of their names. Raises :class:`UnexpectedReplyError` for others."""
        del server
        found = {state.name.lower(): state for state in map(ServiceState.from_record, answers[0])}
        wanted = [name.lower() for name in names]
        if sorted(found) != sorted(wanted) or len(answers[0]) != len(wanted):
            raise UnexpectedReplyError("Get-Service", f"the services {' and '.join(names)}", sorted(found))
        return tuple(found[name] for name in wanted)

    def gather(self, objects: Sequence[Any]) -> tuple[ServiceState, ...]:  # Any: see the base
        """Take the services that a plan changes, and leave out others, which a file of Get-Service may have."""
        found = {each.name.lower(): each for each in objects if is_protocol_service(each.name)}
        if len(found) < sum(is_protocol_service(each.name) for each in objects):
            raise InvalidValueError(self.key, "each service once", [each.name for each in objects])
        return tuple(found.values())

    def desired(self, state: ServerState, server: str, stated: Sequence[Cmdlet]) -> ServerState:
        """Return the state with the stated start types and statuses."""
        del server
        for service in map(_stated, stated):
            state = state.with_service(str(service.name), startup_type=service.startup_type, status=service.status)
        return state

    def shared(self, state: ServerState) -> Iterator[Cmdlet]:
        """Yield the start type and status of each service, as far as these can be desired."""
        for service in state.services:
            startup_type = service.startup_type if service.startup_type in _START_TYPES else UNSET
            wanted = (ServiceStatus.Running, ServiceStatus.Stopped)
            running_disabled = startup_type is StartupType.Disabled and service.status is not ServiceStatus.Stopped
            status = service.status if service.status in wanted and not running_disabled else UNSET
            yield SetService(name=service.name, startup_type=startup_type, status=status)

    def steps(self, planning: Planning) -> Iterator[Step]:
        """Yield the changes of start types, because a disabled service cannot start, and then starts and stops.

        On the way back to a service that runs and is Disabled, that start type is the last step.
        """
        services, after = planning.before.services, planning.after
        stated = {self.name_of(command, planning.server).lower() for command in planning.of(self.key)}
        late = [each for each in services if each.name.lower() not in stated and _ends_disabled(each, after)]
        yield from (step for each in services if each not in late for step in self._startup(each, after))
        for service in services:
            for step in self._status(service, planning):
                if service not in late:
                    _require_startable(step, after.service(service.name))
                yield step
        yield from (step for each in late for step in self._startup(each, after))

    def _startup(self, service: ServiceState, after: ServerState) -> Iterator[Step]:
        wanted = after.service(service.name).startup_type
        if wanted is not service.startup_type:
            change = self._changed("StartupType", service, service.startup_type, wanted)
            yield Step(SetService(name=service.name, startup_type=wanted), f"{service.name}: {change}", (change,))

    def _status(self, service: ServiceState, planning: Planning) -> Iterator[Step]:
        shall_be = planning.after.service(service.name).status
        is_up, name = service.status in _UP, (service.name,)
        pending = service.name.lower() in planning.before.pending
        if shall_be is ServiceStatus.Stopped and service.status not in _DOWN:
            yield Step(StopService(name=name), f"{service.name} is {service.status} and shall be stopped")
        elif shall_be in _UP and not is_up:
            yield Step(StartService(name=name), f"{service.name} is {service.status} and shall run")
        elif is_up and pending:
            yield Step(RestartService(name=name), f"{service.name} runs with the settings that it started with")

    def advance(self, state: ServerState, command: Cmdlet) -> ServerState:
        """Return the state with the service changed; starting one that runs does nothing, so it reads no settings."""
        match command:
            case SetService(name=str(name)):
                return state.with_service(name, startup_type=command.startup_type)
            case StartService(name=(name,)) if state.service(name).status is ServiceStatus.Running:
                return state
            case StartService(name=(name,)) | RestartService(name=(name,)):
                return state.with_service(name, status=ServiceStatus.Running)
            case StopService(name=(name,)):
                return state.with_service(name, status=ServiceStatus.Stopped)
            case _:
                raise InvalidValueError("step", "a command that a plan is made of", str(command))

    def same(self, one: Iterable[ServiceState], other: Iterable[ServiceState]) -> bool:
        """Say whether each service's status and start type are the same."""
        return _essence(one) == _essence(other)

    def moved(self, one: ServerState, other: ServerState) -> Iterator[Change]:
        """Yield the start types and statuses that differ."""
        for before in one.services:
            after = other.service(before.name)
            if before.startup_type is not after.startup_type:
                yield self._changed("StartupType", before, before.startup_type, after.startup_type)
            if before.status is not after.status:
                yield self._changed("Status", before, before.status, after.status)

    def _changed(self, parameter: str, service: ServiceState, before: object, after: object) -> Change:
        return Change(parameter, before, after, resource=self.key, name=service.name)

    def changed_fields(self, command: Cmdlet) -> frozenset[str]:
        """Return the status for what starts or stops a service."""
        return super().changed_fields(command) if isinstance(command, SetService) else frozenset({"status"})

    def risk(self, command: Cmdlet) -> str:
        """Say whom a stop disconnects."""
        if not isinstance(command, StopService | RestartService):
            return ""
        protocol = next(
            (each.protocol for each in map(resource, sorted_keys(ServerState)) if _reads(each, _names(command))), ""
        )
        ending = (
            "disconnected, and can connect again when it runs"
            if isinstance(command, RestartService)
            else "disconnected and refused"
        )
        return f"every {protocol} client of this server is {ending}"

    def changing(self, state: ServerState, expected: ServerState) -> Iterator[str]:
        """Name the services that are starting or stopping."""
        for service in state.services:
            if service.status not in _AT_REST and service.status is not expected.service(service.name).status:
                yield f"{service.name} is {service.status}"

    def repeatable(self, command: Cmdlet) -> bool:
        """Only a start type may be stated twice: somebody else may start or stop a service in between."""
        return isinstance(command, SetService)


def _reads(found: Resource, names: Iterable[str]) -> bool:
    """Say whether one of these services reads what a resource holds."""
    return {name.lower() for name in names} & readers({found.key}) != set()


def _essence(services: Iterable[ServiceState]) -> list[tuple[object, ...]]:
    return [(service.name.lower(), service.status, service.startup_type) for service in services]


def _names(command: Cmdlet) -> tuple[str, ...]:
    """Return the services that a command names."""
    match command:
        case SetService(name=str(name)):
            return (name,)
        case StartService(name=tuple(names)) | StopService(name=tuple(names)) | RestartService(name=tuple(names)):
            return names
    return ()


def _ends_disabled(service: ServiceState, after: ServerState) -> bool:
    """Say whether a service that can be started shall run and be Disabled."""
    shall_be = after.service(service.name)
    disabled = StartupType.Disabled
    return shall_be.status in _UP and shall_be.startup_type is disabled and service.startup_type is not disabled


def _require_startable(step: Step, after: ServiceState) -> None:
    """Refuse to start or restart a service that will be Disabled: it would stay stopped."""
    if isinstance(step.command, StartService | RestartService) and after.startup_type is StartupType.Disabled:
        expected = f"a start type with which it can be started, as {step.command} needs"
        hint = f"State Automatic or Manual for {after.name}, or the status Stopped."
        raise InvalidValueError(after.name, expected, "Disabled", hint)


def _stated(command: Cmdlet) -> SetService:
    """Return the command as what it is. Raises :class:`InvalidValueError` for another one."""
    if not isinstance(command, SetService):
        hint = "Write services=[SetService(...)]."
        raise InvalidValueError("DesiredState.services", "a list or tuple of SetService", command, hint)
    return command


def _check_service(service: SetService) -> None:
    service.require_whole()
    if not is_protocol_service(str(service.name)):
        names = (name for each in resources() for name in each.read_by)
        raise InvalidValueError("DesiredState.services", f"one of {', '.join(names)}", service.name)
    if service.status not in {UNSET, ServiceStatus.Running, ServiceStatus.Stopped}:
        raise InvalidValueError(str(service.name), "the status Running or Stopped", str(service.status))
    if service.startup_type not in _START_TYPES:
        raise InvalidValueError(str(service.name), "the start type Automatic, Manual or Disabled", service.startup_type)
    if service.status is ServiceStatus.Running and service.startup_type is StartupType.Disabled:
        raise InvalidValueError(str(service.name), "Automatic or Manual for a service that shall run", "Disabled")


RESOURCE: Final = _Services()
