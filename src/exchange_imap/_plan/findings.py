"""What the rules find in a plan: in the state that it leads to, as far as the plan has to do with it."""

from __future__ import annotations

from collections.abc import Sequence

from .._finding import Finding
from .._model.cmdlet import Cmdlet
from .._rules.situation import Changed, Situation
from .._rules.state_findings import state_findings
from .resource import owner_of, resources_in
from .state import ServerState

__all__ = ["findings_of"]


def findings_of(
    server: str, before: ServerState, after: ServerState, commands: Sequence[Cmdlet]
) -> tuple[Finding, ...]:
    """Return what the rules find in the state after these commands, in the order in which a plan changes the parts."""
    found = list(resources_in(after))
    situation = Situation(
        parts={each.key: getattr(after, each.key) for each in found},
        moment=before.read_at,
        changed=_changed(server, before, after, commands),
    )
    return state_findings(situation, [each.rules for each in found if each.rules])


def _changed(server: str, before: ServerState, after: ServerState, commands: Sequence[Cmdlet]) -> Changed:
    changed: dict[str, dict[str, frozenset[str]]] = {}
    for command in commands:
        found = owner_of(command)
        _add(changed, found.key, found.name_of(command, server), found.changed_fields(command))
        for part, fields in found.beside(command).items():
            one, other = getattr(before, part), getattr(after, part)
            differing = frozenset(each for each in fields if getattr(one, each, None) != getattr(other, each, None))
            _add(changed, part, server, differing)
    return changed


def _add(changed: dict[str, dict[str, frozenset[str]]], part: str, name: str, fields: frozenset[str]) -> None:
    names = changed.setdefault(part, {})
    names[name.casefold()] = names.get(name.casefold(), frozenset()) | fields
