"""Refuse, by name, what a desired state states and no plan carries out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from .._errors import InvalidValueError
from .._model.cmdlet import Cmdlet
from .._model.declaration import own_parameters
from .._values import UNSET

__all__ = ["refuse_unplanned", "unplanned"]

_PREVIEW = "A plan only reads until it is applied: preview it with print(plan)."
_ELSEWHERE = "A plan does not change it: send the command itself with server.run(...)."
_HINTS: Final = {
    "what_if": _PREVIEW,
    "confirm": _PREVIEW,
    "computer_name": "A plan is of one server: plan it on that server.",
    "pass_thru": "Leave it out: the outcome of a plan has the state of the services.",
}


def refuse_unplanned(command: Cmdlet, planned: Collection[str], hints: Mapping[str, str] = _HINTS) -> None:
    """Refuse a parameter that a plan does not carry out, instead of ignoring it.

    The common parameters are allowed: they say nothing about a state, and a plan handles errors in its own way.
    """
    for field, spec in own_parameters(type(command)).items():
        if field not in planned and getattr(command, field) is not UNSET:
            where = f"Desired state: {command.cmdlet} -{spec.name}"
            raise unplanned(where, field, getattr(command, field), hints)


def unplanned(where: str, field: str, value: object, hints: Mapping[str, str]) -> InvalidValueError:
    """Return the error of a parameter that a plan does not carry out, with what to do instead."""
    hint = hints.get(field) or _HINTS.get(field, _ELSEWHERE)
    return InvalidValueError(where, "no such parameter in a desired state", value, hint)
