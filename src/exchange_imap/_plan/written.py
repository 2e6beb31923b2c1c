"""Resources whose objects are changed by a ``Set-`` cmdlet that states their properties."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, TypeVar, cast

import attrs

from .._errors import InvalidValueError, UnexpectedReplyError
from .._model.cmdlet import Cmdlet
from .._model.declaration import parameters, writable
from .._model.snapshot import Snapshot
from .._powershell.record import Record
from .._values import UNSET
from .by_name import ByName, same_objects
from .difference import Change, changed_by, changes_of, differing, same_written
from .own import is_own
from .resource import Planning, Resource, just_written
from .state import ServerState
from .step import Step

__all__ = ["Named", "Written", "objects_by_name", "one_object"]

S = TypeVar("S", bound=Snapshot)


def one_object(whole: type[S], records: Sequence[Record], command: Cmdlet, name: str) -> S:
    """Read the one object that a command answered. Raises :class:`UnexpectedReplyError` for several or none."""
    if len(records) != 1:
        hint = f"Check that the transport leads to the Exchange endpoint, and that {name} names one object."
        raise UnexpectedReplyError(command.cmdlet, "one object", f"{len(records)} objects", hint)
    return whole.from_record(records[0])


def objects_by_name(
    whole: type[S], names: Sequence[str], commands: Sequence[Cmdlet], answers: Sequence[Sequence[Record]]
) -> ByName[S]:
    """Read one object for each name, of the answer to its command. Raises :class:`UnexpectedReplyError`."""
    reads = zip(names, commands, answers, strict=True)
    return ByName({name: one_object(whole, records, command, name) for name, command, records in reads})


class Written(Resource):
    """A resource with objects whose properties :attr:`states` writes."""

    unplanned: ClassVar[frozenset[str]] = frozenset()
    """Properties by which the object is found: a plan does not change them."""

    @property
    def planned(self) -> frozenset[str]:  # type: ignore[override]  # derived here from the two classes
        """The properties that the cmdlet writes, and how it names the object."""
        naming = {"server", "identity", "domain_controller"} & parameters(self.states).keys()
        return frozenset(naming | set(writable(self.whole)) - self.unplanned)

    @abstractmethod
    def object_in(self, state: ServerState, name: str) -> Snapshot:
        """Return the object of this name."""

    @abstractmethod
    def replacing(self, state: ServerState, name: str, new: Snapshot) -> ServerState:
        """Return the state with another object under this name."""

    @abstractmethod
    def naming(self, server: str, name: str) -> Mapping[str, str]:
        """Return the parameters that name the object in a command."""

    def desired(self, state: ServerState, server: str, stated: Sequence[Cmdlet]) -> ServerState:
        """Return the state with the stated properties; those that are not stated stay as they are."""
        for command in stated:
            state = self._changed(state, self.name_of(command, server), command)
        return state

    def advance(self, state: ServerState, command: Cmdlet) -> ServerState:
        """Return the state with the properties that the command states."""
        changed = self._changed(state, self.name_of(command, state.settings.server), command)
        return changed if changed is state else just_written(changed, self.key)

    def _changed(self, state: ServerState, name: str, command: Cmdlet) -> ServerState:
        before = self.object_in(state, name)
        changes: dict[str, Any] = changed_by(before, command)  # Any: each value is of the field of its name
        return self.replacing(state, name, attrs.evolve(before, **changes)) if changes else state

    def steps(self, planning: Planning) -> Iterator[Step]:
        """Yield one step for each object that differs."""
        for name in self.names_in(planning.before):
            command = self._command(planning, name)
            changes = changes_of(self.object_in(planning.before, name), command, self.key, name)
            if changes or self._written_anyway(planning, command):
                yield Step(command, self.reason(name, changes, command), changes)

    def moved(self, one: ServerState, other: ServerState) -> Iterator[Change]:
        """Yield the properties that differ."""
        specs = parameters(self.states)
        for name in self.names_in(one):
            before, after = self.object_in(one, name), self.object_in(other, name)
            for field in differing(before, after):
                old, new = getattr(before, field), getattr(after, field)
                yield Change(specs[field].name, old, new, resource=self.key, name=name)

    def shared(self, state: ServerState) -> Iterator[Cmdlet]:
        """Yield one cmdlet for each object, with the properties that do not name this host."""
        server = state.settings.server
        for name in self.names_in(state):
            found, naming = self.object_in(state, name), self.shared_naming(server, name)
            values = {field: getattr(found, field) for field in writable(self.whole) if field in self.planned}
            kept = {field: value for field, value in values.items() if value is not None and not is_own(value, server)}
            if naming is not None:
                yield self.states.build({**naming, **kept})

    @abstractmethod
    def shared_naming(self, server: str, name: str) -> Mapping[str, str] | None:
        """Return the parameters that name another server's object of the same kind; ``None`` if there is none."""

    def reason(self, name: str, changes: Sequence[object], command: Cmdlet) -> str:
        """Say why a step is there."""
        del command
        return f"{name}: {'; '.join(map(str, changes))}"

    def _command(self, planning: Planning, name: str) -> Any:  # Any: of the class of ``states``
        """Return the command that writes every property that differs."""
        before, after = self.object_in(planning.before, name), self.object_in(planning.after, name)
        stated = self._stated(planning, name)
        uncertain = planning.uncertain.get(self.key, frozenset())
        fields = {*differing(before, after), *(each for each in uncertain if getattr(stated, each, UNSET) is not UNSET)}
        changed = {field: getattr(after, field) for field in writable(self.whole) if field in fields}
        controller = getattr(stated, "domain_controller", UNSET)
        make: Any = self.states  # Any: each value is of the field of its name
        return make(**self.naming(planning.server, name), domain_controller=controller, **changed)

    def _written_anyway(self, planning: Planning, command: Cmdlet) -> bool:
        return any(getattr(command, field) is not UNSET for field in planning.uncertain.get(self.key, ()))

    def _stated(self, planning: Planning, name: str) -> Cmdlet | None:
        """Return what was stated of an object."""
        found = (
            each for each in planning.of(self.key) if self.name_of(each, planning.server).casefold() == name.casefold()
        )
        return next(found, None)


class Named(Written):
    """A resource of several objects, which :attr:`states` names by ``-Identity``."""

    named_by = "identity"

    def names_stated(self, server: str, stated: Sequence[Cmdlet]) -> tuple[str, ...]:
        """Refuse also an object that is named twice."""
        names = super().names_stated(server, stated)
        if len(names) < len(stated):
            given = [self.name_of(command, server) for command in stated]
            raise InvalidValueError(f"DesiredState.{self.key}", "each object once", given)
        return names

    def check(self, stated: Sequence[Cmdlet]) -> None:
        """Refuse also objects that are named by a pattern, and one that is named twice."""
        super().check(stated)
        names = [getattr(command, self.named_by) for command in stated]
        for name in names:
            if isinstance(name, str) and (not name or set(name) & set("*?")):
                raise InvalidValueError(
                    f"DesiredState.{self.key}", "the -Identity of one object, without * and ?", name
                )
        if len({str(name).casefold() for name in names}) < len(names):
            raise InvalidValueError(f"DesiredState.{self.key}", "each object once", names)

    def desired(self, state: ServerState, server: str, stated: Sequence[Cmdlet]) -> ServerState:
        """Refuse also an object that is stated under two of its names: one would contradict or repeat the other."""
        seen: dict[object, str] = {}
        for name in (self.name_of(command, server) for command in stated):
            found: Any = self.object_in(state, name)  # Any: of the class of ``whole``
            other = seen.setdefault(found.guid or name, name)
            if other != name:
                expected = "each object once, under one of its names"
                raise InvalidValueError(f"DesiredState.{self.key}", expected, [other, name])
        return super().desired(state, server, stated)

    def _objects(self, state: ServerState) -> ByName[Snapshot]:
        return cast("ByName[Snapshot]", getattr(state, self.key))

    def object_in(self, state: ServerState, name: str) -> Snapshot:
        """Return the object of this name."""
        return self._objects(state)[name]

    def replacing(self, state: ServerState, name: str, new: Snapshot) -> ServerState:
        """Return the state with another object under this name."""
        part: dict[str, Any] = {self.key: self._objects(state).replacing(name, new)}  # Any: of the field of this name
        return attrs.evolve(state, **part)

    def part(self, server: str, names: Sequence[str], answers: Sequence[Sequence[Record]]) -> ByName[Snapshot]:
        """Read one object for each name."""
        return objects_by_name(self.whole, names, self.reads(server, names), answers)

    def same(self, one: ByName[Snapshot], other: ByName[Snapshot]) -> bool:
        """Say whether both have the same objects with the same properties."""
        return same_objects(one, other, same_written)
