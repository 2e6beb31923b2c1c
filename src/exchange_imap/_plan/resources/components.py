"""The states of a server's components, and who wants them so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from ..._cmdlets.components import (
    ACTIVE,
    SERVER_WIDE_OFFLINE,
    ComponentRequest,
    ComponentState,
    GetServerComponentState,
    SetServerComponentState,
    not_active,
    requests_of,
)
from ..._errors import InvalidValueError, UnexpectedReplyError
from ..._model.cmdlet import Cmdlet
from ..._powershell.record import Record
from ..._values import ComponentRequester, ComponentStatus
from ..by_name import ByName, same_objects
from ..difference import Change
from ..identity import same_server
from ..resource import Planning, Resource
from ..state import ServerState
from ..step import Step
from ..written import objects_by_name

__all__ = ["RESOURCE"]

_Components = ByName[ComponentState]
_Difference = tuple[str, str, frozenset[ComponentStatus], frozenset[ComponentStatus]]
"""A component, a requester, and what it wants in two states."""
_PLANNED: Final = "planned"
"""The time of a request that has not been made yet."""


class _Resource(Resource):
    """Components by name. Only the request of the stated requester changes: another's keeps a component inactive."""

    key = "components"
    rules = "components_rules"
    states = SetServerComponentState
    whole = ComponentState
    called = "component"
    named_by = "component"
    planned = frozenset({"identity", "component", "state", "requester", "domain_controller"})

    def check(self, stated: Sequence[Cmdlet]) -> None:
        """Refuse also two states of a component in one requester's name."""
        super().check(stated)
        if not all(wanted.component for wanted in map(_wanted, stated)):
            raise InvalidValueError("DesiredState.components", "the name of a component", "")
        pairs = [(wanted.component.casefold(), wanted.requester) for wanted in map(_wanted, stated)]
        if len(set(pairs)) < len(pairs):
            raise InvalidValueError("DesiredState.components", "each component and requester once", pairs)

    def name_of(self, command: Cmdlet, server: str) -> str:
        """Return the component. Raises :class:`InvalidValueError` for another server's."""
        wanted = _wanted(command)
        if isinstance(wanted.identity, str) and not same_server(wanted.identity, server):
            raise InvalidValueError("Set-ServerComponentState -Identity", server, wanted.identity)
        return wanted.component

    def reads(self, server: str, names: Sequence[str]) -> tuple[Cmdlet, ...]:
        """Return one command for each component."""
        return tuple(GetServerComponentState(identity=server, component=name) for name in names)

    def part(self, server: str, names: Sequence[str], answers: Sequence[Sequence[Record]]) -> _Components:
        """Read one component for each name. Raises :class:`UnexpectedReplyError` for another component."""
        found = objects_by_name(ComponentState, names, self.reads(server, names), answers)
        for name, state in found.items():
            if state.component.casefold() != name.casefold():
                raise UnexpectedReplyError(GetServerComponentState.cmdlet, f"the component {name}", state)
        return found

    def desired(self, state: ServerState, server: str, stated: Sequence[Cmdlet]) -> ServerState:
        """Return the state with the stated requests."""
        for command in stated:
            self.name_of(command, server)
            state = self.advance(state, command)
        return state

    def shared(self, state: ServerState) -> Iterator[Cmdlet]:
        """Yield what each requester wants of each component, except requesters that Exchange does not document."""
        known = {str(each).lower(): each for each in ComponentRequester}
        for name, component in state.components.items():
            for requester, statuses in requests_of(component).items():
                if each := known.get(requester.lower()):
                    yield SetServerComponentState(component=name, state=_one(statuses), requester=each)

    def steps(self, planning: Planning) -> Iterator[Step]:
        """Yield one step for each request that differs."""
        for difference in _differences(planning.before, planning.after):
            yield self._step(planning, difference)

    def _step(self, planning: Planning, difference: _Difference) -> Step:
        name, requester, _, new = difference
        change = _change(difference)
        stated = (each for each in map(_wanted, planning.of(self.key)) if each.component.casefold() == name.casefold())
        controllers = [each.domain_controller for each in stated if str(each.requester) == requester]
        command = SetServerComponentState(
            identity=planning.server,
            component=name,
            state=_one(new),
            requester=requester,
            **({"domain_controller": controllers[0]} if controllers else {}),  # type: ignore[arg-type]  # text or UNSET
        )
        return Step(command, f"{name} for {requester}: {change}", (change,))

    def advance(self, state: ServerState, command: Cmdlet) -> ServerState:
        """Return the state with the request in the directory and in the registry."""
        wanted = _wanted(command)
        name = state.components.name_of(wanted.component)
        before = state.components[name]
        request = ComponentRequest(str(wanted.requester), wanted.state, _PLANNED)
        after = attrs.evolve(
            before,
            remote_states=_replaced(before.remote_states, request),
            local_states=_replaced(before.local_states, request),
        )
        after = attrs.evolve(after, state=_one(frozenset().union(*requests_of(after).values())))
        return attrs.evolve(state, components=state.components.replacing(name, after))

    def moved(self, one: ServerState, other: ServerState) -> Iterator[Change]:
        """Yield the requests that differ; no request is the same as one for Active."""
        yield from map(_change, _differences(one, other))

    def changed_fields(self, command: Cmdlet) -> frozenset[str]:
        """Return the state, and the requester whose request changes."""
        return frozenset({"state", str(_wanted(command).requester)})

    def risk(self, command: Cmdlet) -> str:
        """Say that a component that is not active serves no clients."""
        wanted = _wanted(command)
        if wanted.state is ComponentStatus.Active:
            return ""
        return f"clients that {wanted.component} serves are turned away until {wanted.requester} asks for Active"

    def same(self, one: _Components, other: _Components) -> bool:
        """Say whether the same requesters want the same components inactive."""
        return same_objects(one, other, lambda each, now: not_active(each) == not_active(now))

    def lasting(self, before: ServerState, after: ServerState) -> Iterator[str]:
        """Name the requests that differed between directory and registry: a step writes one state to both."""
        for name in before.components:
            was, shall_be = requests_of(before.components[name]), requests_of(after.components[name])
            for requester, wanted in shall_be.items():
                if len(wanted) > 1 and was.get(requester) != wanted:
                    yield f"{name} for {requester} was {' and '.join(sorted(map(str, wanted)))}: a step writes only one"

    def unmet(self, before: ServerState, after: ServerState, stated: Sequence[Cmdlet]) -> Iterator[str]:
        """Yield the components that shall be active and stay as they are, and because of whom."""
        active = [each for each in map(_wanted, stated) if each.state is ComponentStatus.Active]
        for name in dict.fromkeys(before.components.name_of(each.component) for each in active):
            why = _kept(before.components[name], after.components[name], _comes_online(after))
            if why:
                yield f"{name} stays {before.components[name].state}: {why}"


def _comes_online(after: ServerState) -> bool:
    """Say whether nobody will want the whole server offline."""
    return SERVER_WIDE_OFFLINE in after.components and not not_active(after.components[SERVER_WIDE_OFFLINE])


def _kept(before: ComponentState, after: ComponentState, comes_online: bool) -> str:  # noqa: FBT001 - private
    """Say why a component is not active and stays so; an empty text if it is, or becomes active."""
    if before.state is ComponentStatus.Active:
        return ""
    if keepers := sorted(not_active(after)):
        return f"{' and '.join(keepers)} asked for that"
    if before.server_wide_offline_is_offline and before.component != SERVER_WIDE_OFFLINE:
        return "" if comes_online else f"the server is offline as a whole ({SERVER_WIDE_OFFLINE})"
    return "" if not_active(before) else "nobody has asked for that"


def _wanted(command: Cmdlet) -> SetServerComponentState:
    if not isinstance(command, SetServerComponentState):
        raise InvalidValueError("component", "a SetServerComponentState", command)
    return command


def _one(wanted: frozenset[ComponentStatus]) -> ComponentStatus:
    """Return the state that a requester wants: one that is not Active, if directory and registry differ."""
    return next(iter(sorted(wanted - ACTIVE, key=str)), ComponentStatus.Active)


def _differences(one: ServerState, other: ServerState) -> Iterator[_Difference]:
    """Yield the requests that differ; no request is the same as one for Active."""
    for name in one.components:
        was, now = (not_active(state.components[name]) for state in (one, other))
        for requester in sorted(was.keys() | now.keys()):
            old, new = (each.get(requester, ACTIVE) for each in (was, now))
            if old != new:
                yield name, requester, old, new


def _change(difference: _Difference) -> Change:
    name, requester, old, new = difference
    return Change("State", _one(old), _one(new), resource=RESOURCE.key, name=f"{name}/{requester}")


def _replaced(requests: Iterable[ComponentRequest] | None, new: ComponentRequest) -> tuple[ComponentRequest, ...]:
    return (*(each for each in requests or () if each.requester.lower() != new.requester.lower()), new)


RESOURCE: Final = _Resource()
