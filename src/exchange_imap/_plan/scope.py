"""Which objects of a server a state has: those that a desired state or a plan is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from .._model.cmdlet import Cmdlet
from .resource import resources, resources_in
from .state import ServerState

__all__ = ["Scope", "scope_of_desired", "scope_of_state", "scope_to_read"]

Scope = Mapping[str, tuple[str, ...]]
"""By part, the names of the objects; a part that is not there is not read."""
_ALWAYS = ("settings", "services")
"""The parts that every state has."""


def scope_of_desired(server: str, stated: Mapping[str, tuple[Cmdlet, ...]]) -> Scope:
    """Return the objects that are desired, with the services that read them."""
    return _scope(server, stated, {*stated, *_ALWAYS})


def scope_to_read(server: str, stated: Mapping[str, tuple[Cmdlet, ...]]) -> Scope:
    """Return the objects that are desired, and those of other parts that the way there may change beside them."""
    beside = (key for each in resources(stated) for command in stated[each.key] for key in each.beside(command))
    return _scope(server, stated, {*stated, *_ALWAYS, *beside})


def _scope(server: str, stated: Mapping[str, tuple[Cmdlet, ...]], keys: Collection[str]) -> Scope:
    names = {each.key: each.names_stated(server, stated.get(each.key, ())) for each in resources(keys)}
    wanted = [name for each in resources(keys) for name in each.read_by]
    known = {name.lower() for name in names["services"]}
    return {**names, "services": (*names["services"], *(name for name in wanted if name.lower() not in known))}


def scope_of_state(state: ServerState) -> Scope:
    """Return the objects that a state has."""
    return {each.key: each.names_in(state) for each in resources_in(state)}
