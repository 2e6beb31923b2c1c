"""Check a plan before its first command: it must be of this server and have only steps that planning makes."""

from __future__ import annotations

from .._model.cmdlet import Cmdlet
from .._model.declaration import parameters
from .._values import UNSET
from .errors import ForeignPlanError, ForeignStepError
from .identity import same_server
from .outcome import Outcome
from .plan import Plan
from .resource import resource_of, resources
from .state import ServerState
from .step import Step

__all__ = ["require_own_server", "require_own_steps"]


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
    found = resource_of(command)
    if found is None:
        names = ", ".join(sorted(cls.cmdlet for each in resources() for cls in each.sends))
        return f"a plan is made of {names}"
    stated = {field: spec.name for field, spec in parameters(type(command)).items() if _states(command, field)}
    others = [name for field, name in stated.items() if field not in found.sends[type(command)]]
    if others:
        return f"a plan's {command.cmdlet} has no -{', -'.join(others)}"
    return found.wrong_name(command, plan.server, plan.before)


def _states(command: Cmdlet, field: str) -> bool:
    return getattr(command, field) is not UNSET


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
