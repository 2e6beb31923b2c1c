"""Check a plan before its first command: of this server, with steps that planning makes and the account may run."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import attrs

from .._errors import InvalidValueError
from .._values.given import nearest
from .errors import ApplyError, ForeignPlanError, ForeignStepError, PlanDigestError, PlanProblemsError
from .identity import same_server
from .outcome import Outcome
from .plan import Plan
from .resource import why_not
from .state import ServerState

__all__ = [
    "accepted_problems",
    "require_allowed_steps",
    "require_digest",
    "require_no_problems",
    "require_own_server",
    "require_own_steps",
]


def _untouched(plan: Plan) -> Outcome:
    """Return the outcome of a plan of which nothing was sent."""
    return Outcome(plan=plan, not_tried=plan.steps, pending=plan.before.pending)


def require_digest(plan: Plan, expected: str) -> None:
    """Refuse a plan that does not have this digest; its letters may have any case."""
    if plan.digest != expected.strip().lower():
        reason = f"The plan has the digest {plan.digest}, and not {expected}: it is not the one that was approved"
        raise PlanDigestError(reason, _untouched(plan), expected, plan.digest)


def require_own_steps(plan: Plan) -> None:
    """Refuse a plan with a step that planning never makes: its effect could not be verified."""
    for step in plan.steps:
        if why := why_not(step.command, plan.server, plan.before):
            reason = f"{plan.server}: a step is refused, and nothing was sent: {step.command}: {why}"
            raise ForeignStepError(reason, _untouched(plan), step, why)


def require_allowed_steps(plan: Plan) -> None:
    """Refuse a plan with a step that the account, as far as is known, may not run: it would stop in the middle."""
    if plan.refused:
        what = "; ".join(f"{step.command}: there is no {', no '.join(step.refused)}" for step in plan.refused)
        reason = f"{plan.server}: the account may not run every step, and nothing was sent: {what}"
        raise ApplyError(reason, _untouched(plan))


def accepted_problems(despite: Iterable[str]) -> frozenset[str]:
    """Return the ids of the rules. Raises :class:`InvalidValueError` for one that stops no plan."""
    accepted = frozenset(despite)
    if not accepted:
        return accepted
    from .._finding import Severity  # noqa: PLC0415 - the same
    from .._rules.every import RULES  # noqa: PLC0415 - only a plan with problems needs every rule

    known = [rule.id for rule in RULES.values() if rule.plan and rule.severity is Severity.ERROR]
    for unknown in sorted(accepted.difference(known)):
        close = nearest(unknown, known)
        expected = f"rules whose problems stop a plan: {', '.join(known)}"
        raise InvalidValueError("ImapServer.apply(despite)", expected, unknown, close and f"Did you mean {close}?")
    return accepted


def require_no_problems(plan: Plan, despite: Collection[str] | None, moment: datetime | None = None) -> None:
    """Refuse a plan with problems other than those that are accepted; ``None`` accepts all.

    ``moment`` is when the server was read again: a certificate may have expired since the plan was made.
    """
    if despite is None:
        return
    before = plan.before if moment is None else attrs.evolve(plan.before, read_at=moment)
    problems = tuple(each for each in attrs.evolve(plan, before=before).problems if each.rule not in despite)
    if problems:
        ids = tuple(dict.fromkeys(each.rule for each in problems))
        reason = (
            f"{plan.server}: the plan has problems, and nothing was changed: {' '.join(map(str, problems))} Correct "
            f"them and plan again, or accept them: apply(plan, despite={ids!r})"
        )
        raise PlanProblemsError(reason, _untouched(plan), problems)


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
