"""Take back what a plan has done before it stopped, where it is known what that is."""

from __future__ import annotations

from collections.abc import Callable

from .._errors import InvalidValueError
from .._plan.errors import ApplyError
from .._plan.outcome import Effect, Outcome
from .._plan.plan import Plan
from .application import Application

__all__ = ["roll_back"]


def roll_back(application: Application, error: ApplyError, carry_out: Callable[[Plan], Outcome]) -> None:
    """Carry out the way back, and write into the error what became of it.

    Nothing is taken back where it is not known what was done, or where the server is not as the plan left it: that
    would take back what somebody else has done.
    """
    if not error.outcome.changed:
        return
    why_not = _why_not(application, error.outcome)
    if why_not:
        error.reason += f"; nothing was taken back: {why_not}"
        return
    try:
        error.rolled_back = carry_out(error.outcome.undo())
    except ApplyError as stopped:
        error.rolled_back = stopped.outcome
        error.reason += f"; the way back stopped: {stopped.reason}"
    except InvalidValueError as refused:
        error.reason += f"; nothing was taken back: {refused}"


def _why_not(application: Application, outcome: Outcome) -> str:
    failed = outcome.failed
    if failed is not None and failed.effect is Effect.UNKNOWN:
        return f"whether {failed.step.command} took effect is unknown"
    if outcome.state is None:
        return "the server could not be read again"
    if failed is None and not outcome.state.same(application.expected):
        return "the server is not as the plan left it"
    return ""
