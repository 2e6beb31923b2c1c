"""The states of a server's components, and who wants them so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from ..._cmdlets.components import ComponentRequest, ComponentState, GetServerComponentState, SetServerComponentState
from ..._errors import InvalidValueError, UnexpectedReplyError
from ..._model.cmdlet import Cmdlet
from ..._powershell.record import Record
from ..._values import ComponentRequester, ComponentStatus
from ..by_name import ByName
from ..difference import Change
from ..identity import same_server
from ..resource import Planning, Resource
from ..state import ServerState
from ..step import Step
from ..written import one_object

__all__ = ["RESOURCE"]

_Components = ByName[ComponentState]
_OFFLINE: Final = "ServerWideOffline"
_PLANNED: Final = "planned"
"""The time of a request that has not been made yet."""


class _Resource(Resource):
    """Components by name. Only the request of the stated requester changes: another's keeps a component inactive."""

    key = "components"
    rules = "components_rules"
    states = SetServerComponentState
    whole = ComponentState
    named_by = "component"
    planned = frozenset({"identity", "component", "state", "requester", "domain_controller"})

    def names_in(self, state: ServerState) -> tuple[str, ...]:
        """Return the components."""
        return tuple(state.components)

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
        found: dict[str, ComponentState] = {}
        for name, command, records in zip(names, self.reads(server, names), answers, strict=True):
            state = one_object(ComponentState, records, command, name)
            if not isinstance(state, ComponentState) or state.component.casefold() != name.casefold():
                raise UnexpectedReplyError(command.cmdlet, f"the component {name}", state)
            found[name] = state
        return ByName(found)

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
            for requester, statuses in _requests(component).items():
                if each := known.get(requester.lower()):
                    yield SetServerComponentState(component=name, state=_one(statuses), requester=each)

    def steps(self, planning: Planning) -> Iterator[Step]:
        """Yield one step for each request that differs."""
        for name in planning.before.components:
            before, after = planning.before.components[name], planning.after.components[name]
            was, shall_be = _requests(before), _requests(after)
            for requester in sorted(was.keys() | shall_be.keys()):
                old, new = (each.get(requester, _active()) for each in (was, shall_be))
                if old != new:
                    yield self._step(planning, name, requester, old, new)

    def _step(
        self,
        planning: Planning,
        name: str,
        requester: str,
        old: frozenset[ComponentStatus],
        new: frozenset[ComponentStatus],
    ) -> Step:
        change = _change(name, requester, old, new)
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
        inactive = {status for statuses in _requests(after).values() for status in statuses - _active()}
        after = attrs.evolve(after, state=next(iter(sorted(inactive, key=str)), ComponentStatus.Active))
        return attrs.evolve(state, components=state.components.replacing(name, after))

    def moved(self, one: ServerState, other: ServerState) -> Iterator[Change]:
        """Yield the requests that differ; no request is the same as one for Active."""
        for name in one.components:
            was, now = (_inactive(state.components[name]) for state in (one, other))
            for requester in sorted(was.keys() | now.keys()):
                old, new = (each.get(requester, _active()) for each in (was, now))
                if old != new:
                    yield _change(name, requester, old, new)

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
        return {name.casefold() for name in one} == {name.casefold() for name in other} and all(
            _inactive(one[name]) == _inactive(other[name]) for name in one
        )

    def lasting(self, before: ServerState, after: ServerState) -> Iterator[str]:
        """Name the requests that differed between directory and registry: a step writes one state to both."""
        for name in before.components:
            was, shall_be = _requests(before.components[name]), _requests(after.components[name])
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
    return _OFFLINE in after.components and not _inactive(after.components[_OFFLINE])


def _kept(before: ComponentState, after: ComponentState, comes_online: bool) -> str:  # noqa: FBT001 - private
    """Say why a component is not active and stays so; an empty text if it is, or becomes active."""
    if before.state is ComponentStatus.Active:
        return ""
    if keepers := sorted(_inactive(after)):
        return f"{' and '.join(keepers)} asked for that"
    if before.server_wide_offline_is_offline and before.component != _OFFLINE:
        return "" if comes_online else f"the server is offline as a whole ({_OFFLINE})"
    return "" if _inactive(before) else "nobody has asked for that"


def _wanted(command: Cmdlet) -> SetServerComponentState:
    if not isinstance(command, SetServerComponentState):
        raise InvalidValueError("component", "a SetServerComponentState", command)
    return command


def _active() -> frozenset[ComponentStatus]:
    """Return what a requester wants who has no request."""
    return frozenset({ComponentStatus.Active})


def _one(wanted: frozenset[ComponentStatus]) -> ComponentStatus:
    """Return the state that a requester wants: one that is not Active, if directory and registry differ."""
    return next(iter(sorted(wanted - _active(), key=str)), ComponentStatus.Active)


def _change(name: str, requester: str, old: frozenset[ComponentStatus], new: frozenset[ComponentStatus]) -> Change:
    return Change("State", _one(old), _one(new), resource=RESOURCE.key, name=f"{name}/{requester}")


def _requests(state: ComponentState) -> dict[str, frozenset[ComponentStatus]]:
    """Return what each requester wants, in the directory or in the registry: both, where they differ."""
    found: dict[str, set[ComponentStatus]] = {}
    for request in (*(state.remote_states or ()), *(state.local_states or ())):
        found.setdefault(request.requester, set()).add(request.state)
    return {requester: frozenset(statuses) for requester, statuses in found.items()}


def _inactive(state: ComponentState) -> dict[str, frozenset[ComponentStatus]]:
    return {requester: statuses for requester, statuses in _requests(state).items() if statuses != _active()}


def _replaced(requests: Iterable[ComponentRequest] | None, new: ComponentRequest) -> tuple[ComponentRequest, ...]:
    return (*(each for each in requests or () if each.requester.lower() != new.requester.lower()), new)


RESOURCE: Final = _Resource()
