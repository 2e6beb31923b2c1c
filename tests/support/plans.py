"""Any plan of any desired state from any state of a server, and any outcome of it."""

from __future__ import annotations

import re
from typing import Any, Final

import attrs
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._model.declaration import parameters, writable
from exchange_imap._model.specs import ParameterSpec
from exchange_imap._plan.plan import make_plan
from exchange_imap._plan.resource import Resource, resource, resources
from exchange_imap._plan.scope import scope_of_desired
from exchange_imap._plan.written import Written

from . import strategies
from .commands import Snapshots
from .desires import Desires
from .values import Values

__all__ = ["ERRORS", "Plans", "legal_states", "outcomes", "plans", "states"]

SERVER: Final = "MBX01"
_TRIES: Final = 50
_OF_MANY: Final = re.compile(r"[*?\\]")
_NAMES_OF_SERVERS: Final = {"server", "identity"}
_CAUSE: Final = xi.TransportTimeoutError("late", "Get-ImapSettings", sent=None)
_RECORD: Final = xi.ErrorRecord(message="No", category="InvalidData", fully_qualified_error_id="X", target="é\u202e")


def _because(error: xi.ExchangeImapError, cause: BaseException) -> xi.ExchangeImapError:
    error.__cause__ = cause
    return error


ERRORS: Final[tuple[xi.ExchangeImapError, ...]] = (
    xi.CommandError("Set-X", (_RECORD, _RECORD), "h"),
    xi.TransportError("lost", sent=True),
    xi.ThrottledError("wait", "x", sent=False),
    _because(xi.UnknownOutcomeError("Restart-Service x", "lost"), _CAUSE),
    _because(xi.EndpointError("gone", url="http://x", port=80), OSError("no route\x1b")),
    xi.InvalidValueError("x", "y", [1, {"a": object()}, 2**70]),
    xi.CommandSyntaxError("x", "y", "z", "", "Set-X z", xi.Span(6, 7)),
)


class _Wanted(Desires):
    """Desires what this server can be asked for: no other server is named."""

    def field(self, cls: type[xi.Cmdlet], name: str) -> object:
        """Make a value; a name is that of no other server's object, nor a pattern."""
        value = super().field(cls, name)
        return _OF_MANY.sub("", value) or "x" if name == "identity" and isinstance(value, str) else value

    def parameters(self, cls: type[xi.Cmdlet]) -> dict[str, ParameterSpec]:
        """Leave out what may name another server."""
        found = next(each for each in resources() if each.states is cls)
        left_out = _NAMES_OF_SERVERS - {found.named_by}
        return {field: spec for field, spec in super().parameters(cls).items() if field not in left_out}


class Plans(Values):
    """Makes states, plans and outcomes."""

    def state(self, desired: xi.DesiredState) -> xi.ServerState:
        """Make a state of what is desired, with any properties."""
        scope = scope_of_desired(SERVER, desired.stated)
        parts: dict[str, Any] = {key: self._part(resource(key), names) for key, names in scope.items()}  # Any: as typed
        services = [name.lower() for name in scope["services"]]
        read = frozenset(self.random.sample(services, self.random.randint(0, 1)))
        return xi.ServerState(**parts, pending=frozenset(services) - read if self.chance(50) else read, up_to_date=read)

    def _part(self, found: Resource, names: tuple[str, ...]) -> object:
        objects = {name: self._object(found, name) for name in names}
        if not found.named_by:
            return objects[SERVER]
        return tuple(objects.values()) if found.key == "services" else xi.ByName(objects)

    def _object(self, found: Resource, name: str) -> xi.Snapshot:
        made = Snapshots(self.random).snapshot(found.whole)
        naming = {"server", "component", "name"} & attrs.fields_dict(found.whole).keys()
        changes: dict[str, Any] = dict.fromkeys(naming, name)  # Any: text
        return attrs.evolve(made, doubtful=("Identity",) if self.chance(10) else (), **changes)

    def legal_state(self) -> xi.ServerState:
        """Make a state whose properties can all be written, and none of whose services is to be restarted."""
        state = attrs.evolve(self.state(_Wanted(self.random).desired_state()), pending=frozenset())
        for found in resources():
            if isinstance(found, Written):
                for name in found.names_in(state):
                    state = found.replacing(state, name, self._legal(found, found.object_in(state, name)))
        return attrs.evolve(state, settings=attrs.evolve(state.settings, owa_server_url="https://mail.contoso.com"))

    def _legal(self, found: Written, one: xi.Snapshot) -> xi.Snapshot:
        specs = {field: spec for field, spec in parameters(found.states).items() if field in writable(found.whole)}
        values = {field: self.of(spec.codec, least=1) for field, spec in specs.items() if field in found.planned}
        lists = {field: value.add if isinstance(value, xi.ListEdit) else value for field, value in values.items()}
        changes: dict[str, Any] = lists  # Any: as typed
        return attrs.evolve(one, **changes)

    def plan(self) -> xi.Plan:
        """Make a plan; if none of many desired states is possible, one without steps."""
        for _ in range(_TRIES):
            desired = _Wanted(self.random).desired_state()
            try:
                return make_plan(SERVER, self.state(desired), desired)
            except xi.InvalidValueError:
                continue
        return make_plan(SERVER, self.state(xi.DesiredState()), xi.DesiredState())

    def outcome(self) -> xi.Outcome:
        """Make an outcome of a plan that stopped somewhere, or did not."""
        plan = self.plan()
        place = self.random.randint(0, len(plan.steps))
        failed = plan.steps[place : place + 1]
        effect = self.random.choice(list(xi.Effect))
        unknown = self.random.randint(place, len(plan.steps))
        return xi.Outcome(
            plan=plan,
            applied=plan.steps[:place],
            failed=xi.StepFailure(failed[0], self.random.choice(ERRORS), effect) if failed else None,
            unknown=plan.steps[place + 1 : unknown],
            not_tried=plan.steps[max(unknown, place + 1) :],
            warnings=(self.text(),),
            state=self.random.choice([None, plan.before]),
            pending=plan.before.pending,
        )


plans: Final[st.SearchStrategy[xi.Plan]] = strategies.made(Plans, Plans.plan)
outcomes: Final[st.SearchStrategy[xi.Outcome]] = strategies.made(Plans, Plans.outcome)
states: Final[st.SearchStrategy[xi.ServerState]] = plans.map(lambda plan: plan.before)
legal_states: Final[st.SearchStrategy[xi.ServerState]] = strategies.made(Plans, Plans.legal_state)
"""States whose properties can all be written."""
