"""Check a plan before its first command: it must be of this server and have only steps that planning makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .._cmdlets.imap_settings import SetImapSettings
from .._cmdlets.services import RestartService, SetService, StartService, StopService
from .._model.cmdlet import Cmdlet
from .._model.declaration import parameters
from .._values import UNSET
from .errors import ForeignPlanError, ForeignStepError
from .identity import same_server
from .outcome import Outcome
from .plan import Plan, Step
from .planned import PLANNED
from .state import ServerState

__all__ = ["require_own_server", "require_own_steps"]

_NAME: Final = frozenset({"name"})
_CARRIED_OUT: Final[Mapping[type[Cmdlet], frozenset[str]]] = {
    SetImapSettings: PLANNED[SetImapSettings],
    SetService: frozenset({"name", "startup_type"}),
    StartService: _NAME,
    StopService: _NAME,
    RestartService: _NAME,
}
_COMMANDS: Final = ", ".join(cls.cmdlet for cls in _CARRIED_OUT)


def require_own_steps(plan: Plan) -> None:
    """Refuse a plan with a step that planning never makes: its effect could not be verified."""
    for step in plan.steps:
        if why := _why_not(plan, step):
            reason = f"{plan.server}: a step is refused, and nothing was sent: {step.command}: {why}"
            outcome = Outcome(plan=plan, not_tried=plan.steps, pending=plan.before.pending)
            raise ForeignStepError(reason, outcome, step, why)


def _why_not(plan: Plan, step: Step) -> str:
    """Return what is wrong with a step; an empty text for one that a plan can have."""
    command = step.command
    if type(command) not in _CARRIED_OUT:
        return f"a plan is made of {_COMMANDS}"
    stated = {field: spec.name for field, spec in parameters(type(command)).items() if _states(command, field)}
    others = [name for field, name in stated.items() if field not in _CARRIED_OUT[type(command)]]
    if others:
        return f"a plan's {command.cmdlet} has no -{', -'.join(others)}"
    return _wrong_server(plan, command) if isinstance(command, SetImapSettings) else _wrong_service(plan, command)


def _states(command: Cmdlet, field: str) -> bool:
    return getattr(command, field) is not UNSET


def _wrong_server(plan: Plan, command: SetImapSettings) -> str:
    if not isinstance(command.server, str):
        return "it does not say of which server"
    return "" if same_server(command.server, plan.server) else f"it is of {command.server}"


def _wrong_service(plan: Plan, command: Cmdlet) -> str:
    services = [service.name for service in plan.before.services]
    names = _names(command)
    if len(names) == 1 and names[0].lower() in map(str.lower, services):
        return ""
    return f"it is about {', '.join(names) or 'no service'}, and the plan about {', '.join(services)}"


def _names(command: Cmdlet) -> tuple[str, ...]:
    """Return the services that a command names."""
    match command:
        case SetService(name=str(name)):
            return (name,)
        case StartService(name=tuple(names)) | StopService(name=tuple(names)) | RestartService(name=tuple(names)):
            return names
    return ()


def require_own_server(plan: Plan, current: ServerState) -> None:
    """Refuse a plan of another server than the one that answers; the server's own name decides.

    Servers of two organizations may have the same name, but the GUIDs of their settings differ: compare both if known.
    """
    before, answered = plan.before.settings, current.settings.server
    for planned in (plan.server, before.server):
        if not same_server(planned, answered):
            raise _foreign(plan, planned, answered)
    guids = (before.guid, current.settings.guid)
    if None not in guids and guids[0] != guids[1]:
        raise _foreign(plan, f"{before.server} (settings {guids[0]})", f"{answered} (settings {guids[1]})")


def _foreign(plan: Plan, planned: str, answered: str) -> ForeignPlanError:
    reason = f"The plan is of {planned}, and the server that answers is {answered}: make a plan of this one"
    return ForeignPlanError(reason, Outcome(plan=plan, not_tried=plan.steps), planned, answered)
