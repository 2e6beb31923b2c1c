"""The cmdlets and parameters that a plan carries out. Any other parameter is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .._cmdlets.imap_settings import ImapSettings, SetImapSettings
from .._cmdlets.services import SetService
from .._errors import InvalidValueError
from .._model.cmdlet import Cmdlet
from .._model.declaration import own_parameters, writable
from .._values import UNSET

__all__ = ["PLANNED", "refuse_unplanned"]

PLANNED: Final[Mapping[type[Cmdlet], frozenset[str]]] = {
    SetImapSettings: frozenset({"server", "domain_controller", *writable(ImapSettings)}),
    SetService: frozenset({"name", "startup_type", "status"}),
}
"""The cmdlets that a desired state is made of, and the fields of each that a plan carries out."""

_PREVIEW = "A plan only reads until it is applied: preview it with print(plan)."
_ELSEWHERE = "A plan does not change it: send the command itself with server.run(...)."
_HINTS: Final = {
    "what_if": _PREVIEW,
    "confirm": _PREVIEW,
    "computer_name": "A plan is of one server: plan it on that server.",
    "pass_thru": "Leave it out: the outcome of a plan has the state of the services.",
}


def refuse_unplanned(command: Cmdlet) -> None:
    """Refuse a parameter that a plan does not carry out, instead of ignoring it.

    The common parameters are allowed: they say nothing about a state, and a plan handles errors in its own way.
    """
    for field, spec in own_parameters(type(command)).items():
        if field not in PLANNED[type(command)] and getattr(command, field) is not UNSET:
            where, hint = f"Desired state: {command.cmdlet} -{spec.name}", _HINTS.get(field, _ELSEWHERE)
            raise InvalidValueError(where, "no such parameter in a desired state", getattr(command, field), hint)
