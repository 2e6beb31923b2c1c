"""What a plan knows of one noun: how it is read and compared, and what commands lead from one state to another.

A resource is one module in ``resources``. Its name is that of the part in :class:`ServerState` and
:class:`DesiredState`. Everything else iterates the resources and names none.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, cast

import attrs

from .._errors import InvalidValueError
from .._model.cmdlet import Cmdlet
from .._model.declaration import parameters
from .._model.snapshot import Snapshot
from .._powershell.record import Record
from .._values import UNSET, ListEdit
from .by_name import ByName
from .difference import Change
from .parts import keys_of, resource_module, sorted_keys
from .planned import refuse_unplanned
from .state import ServerState
from .step import Step

__all__ = [
    "KEYS",
    "Planning",
    "Resource",
    "advance",
    "is_protocol_service",
    "just_written",
    "moved",
    "owner_of",
    "readers",
    "resource",
    "resource_of",
    "resources",
    "resources_in",
    "why_not",
]


@attrs.define
class Planning:
    """A plan being made: the state before the next step, the state to reach, and what was stated of each resource."""

    server: str
    before: ServerState
    after: ServerState
    stated: Mapping[str, tuple[Cmdlet, ...]] = {}
    uncertain: Mapping[str, frozenset[str]] = {}
    """By part, the fields that a step of this plan may have changed beside its own."""

    def of(self, key: str) -> tuple[Cmdlet, ...]:
        """Return the cmdlets that state what is desired of a resource."""
        return self.stated.get(key, ())


class Resource(ABC):
    """One plannable noun.

    ``states`` is the cmdlet by which it is desired, and ``planned`` are the fields of it that a plan carries out.
    ``sends`` are the commands of its steps with their fields.
    """

    key: ClassVar[str]
    states: ClassVar[type[Cmdlet]]
    whole: ClassVar[type[Snapshot]]
    """The class of its objects in a state."""
    named_by: ClassVar[str] = ""
    """The field of :attr:`states` that names the object; empty where a server has one object."""
    called: ClassVar[str] = ""
    """The property that is an object's name where no command has named it: in a file that somebody saved."""
    planned: ClassVar[frozenset[str]]
    hints: ClassVar[Mapping[str, str]] = {}
    """What to do instead, by field, about what is not planned."""
    read_by: ClassVar[tuple[str, ...]] = ()
    """The services that read it when they start and never again."""
    protocol: ClassVar[str] = ""
    """The protocol that these services speak with clients."""
    rules: ClassVar[str] = ""
    """The module of ``_rules`` with the rules about its objects; empty where there are none."""

    @property
    def sends(self) -> Mapping[type[Cmdlet], frozenset[str]]:
        """The commands of its steps, and the fields of each."""
        return {self.states: self.planned}

    def check(self, stated: Sequence[Cmdlet]) -> None:
        """Refuse what a plan does not carry out, and what contradicts itself. Raises :class:`InvalidValueError`."""
        for command in stated:
            refuse_unplanned(command, self.planned, self.hints)

    def names_stated(self, server: str, stated: Sequence[Cmdlet]) -> tuple[str, ...]:
        """Return the names of the objects that are desired."""
        return tuple({(name := self.name_of(command, server)).casefold(): name for command in stated}.values())

    def names_in(self, state: ServerState) -> tuple[str, ...]:
        """Return the names of the objects that a state has."""
        return tuple(getattr(state, self.key))

    @abstractmethod
    def name_of(self, command: Cmdlet, server: str) -> str:
        """Return the name of the object that a command is about. Raises :class:`InvalidValueError` if it is none."""

    @abstractmethod
    def reads(self, server: str, names: Sequence[str]) -> tuple[Cmdlet, ...]:
        """Return the commands that read these objects."""

    @abstractmethod
    def part(self, server: str, names: Sequence[str], answers: Sequence[Sequence[Record]]) -> object:
        """Make the part of a state of the answers to :meth:`reads`. Raises :class:`UnexpectedReplyError`."""

    def gather(self, objects: Sequence[Any]) -> object:  # Any: of the class that is the whole
        """Make the part of a state of objects that somebody saved. Raises :class:`InvalidValueError`."""
        found = {str(getattr(each, self.called)): each for each in objects}
        if len(found) < len(objects):
            raise InvalidValueError(self.key, "each object once", [getattr(each, self.called) for each in objects])
        return ByName(found)

    @abstractmethod
    def desired(self, state: ServerState, server: str, stated: Sequence[Cmdlet]) -> ServerState:
        """Return the state with what is desired of this resource. Raises :class:`InvalidValueError`."""

    @abstractmethod
    def steps(self, planning: Planning) -> Iterator[Step]:
        """Yield the steps from the state before to the state after."""

    @abstractmethod
    def advance(self, state: ServerState, command: Cmdlet) -> ServerState:
        """Return the state that a command of this resource leaves behind."""

    @abstractmethod
    def same(self, one: Any, other: Any) -> bool:  # Any: two parts of states
        """Say whether two parts are the same as far as a plan changes them."""

    @abstractmethod
    def moved(self, one: ServerState, other: ServerState) -> Iterator[Change]:
        """Yield what differs between two states of the same objects; nothing where :meth:`same` holds."""

    def risk(self, command: Cmdlet) -> str:
        """Say what a command of a step interrupts or cannot take back; an empty text if nothing."""
        del command
        return ""

    @abstractmethod
    def shared(self, state: ServerState) -> Iterator[Cmdlet]:
        """Yield what of a state another server should have as well: not what belongs to this host alone.

        What a server does not tell, ``None``, is left out. Raises :class:`InvalidValueError` for a value that the
        server holds and no longer takes.
        """

    def wrong_name(self, command: Cmdlet, server: str, state: ServerState) -> str:
        """Return what is wrong with the object that a command names; an empty text if nothing is."""
        try:
            name = self.name_of(command, server)
        except InvalidValueError as error:
            return str(error)
        names = self.names_in(state)
        if name.casefold() in map(str.casefold, names):
            return ""
        return f"it is about {name}, and the plan about {', '.join(names) or 'nothing of the kind'}"

    def beside(self, command: Cmdlet) -> Mapping[str, frozenset[str]]:
        """Return the fields of other parts that a command may change, by part: they are read again after it."""
        del command
        return {}

    def changing(self, state: ServerState, expected: ServerState) -> Iterator[str]:
        """Name what is on its way to another state by itself, and is not expected as it is."""
        del state, expected
        return iter(())

    def changed_fields(self, command: Cmdlet) -> frozenset[str]:
        """Return what a command changes of the object that it names, in the words of the rules."""
        return frozenset(field for field in parameters(type(command)) if getattr(command, field) is not UNSET)

    def repeatable(self, command: Cmdlet) -> bool:
        """Say whether doing it twice is the same as once, as it is with whole values."""
        return not any(isinstance(getattr(command, field), ListEdit) for field in parameters(type(command)))

    def lasting(self, before: ServerState, after: ServerState) -> Iterator[str]:
        """Yield what differs between two states and no command changes back."""
        del before, after
        return iter(())

    def untold(self, before: ServerState, command: Cmdlet) -> Iterator[str]:
        """Yield what a command leaves behind for good and no state tells."""
        del before, command
        return iter(())

    def unmet(self, before: ServerState, after: ServerState, stated: Sequence[Cmdlet]) -> Iterator[str]:
        """Yield what was stated and will not be so, because somebody else decides."""
        del before, after, stated
        return iter(())


def resource(key: str) -> Resource:
    """Return a resource by its name; its module is loaded now."""
    return cast("Resource", resource_module(key).RESOURCE)


KEYS: Final = keys_of(ServerState)
"""The names of all resources, in the order in which a plan changes them."""


def resources(keys: Collection[str] = KEYS) -> Iterator[Resource]:
    """Yield these resources, in the order in which a plan changes them."""
    return (resource(key) for key in KEYS if key in keys)


def resources_in(state: ServerState) -> Iterator[Resource]:
    """Yield the resources of which a state has a part, in the order in which a plan changes them."""
    return resources([key for key in KEYS if getattr(state, key)])


def readers(keys: Collection[str]) -> frozenset[str]:
    """Return the services, in lower case, that read what these resources hold when they start."""
    return frozenset(name.lower() for each in resources(keys) for name in each.read_by)


def just_written(state: ServerState, key: str) -> ServerState:
    """Return the state in which the running services have not read a part, because it was written just now."""
    affected = state.running & readers({key})
    return attrs.evolve(state, pending=state.pending | affected, up_to_date=state.up_to_date - affected)


def is_protocol_service(name: str) -> bool:
    """Say whether a service is one that a plan changes: it reads the settings of a protocol."""
    return any(name.lower() in readers({key}) for key in sorted_keys(ServerState))


def resource_of(command: Cmdlet) -> Resource | None:
    """Return the resource whose steps have commands of this class; ``None`` if no plan has them."""
    return next((each for each in map(resource, sorted_keys(ServerState)) if type(command) in each.sends), None)


def why_not(command: Cmdlet, server: str, before: ServerState) -> str:
    """Return why a plan from a state cannot have a command as a step; an empty text if it can."""
    found = resource_of(command)
    if found is None:
        names = ", ".join(sorted(cls.cmdlet for each in resources() for cls in each.sends))
        return f"a plan is made of {names}"
    specs = parameters(type(command)).items()
    stated = {field: spec.name for field, spec in specs if getattr(command, field) is not UNSET}
    others = [name for field, name in stated.items() if field not in found.sends[type(command)]]
    if others:
        return f"a plan's {command.cmdlet} has no -{', -'.join(others)}"
    return found.wrong_name(command, server, before)


def owner_of(command: Cmdlet) -> Resource:
    """Return the resource whose steps have commands of this class. Raises :class:`InvalidValueError` for others."""
    found = resource_of(command)
    if found is None:
        raise InvalidValueError("step", "a command that a plan is made of", str(command))
    return found


def advance(state: ServerState, command: Cmdlet) -> ServerState:
    """Return the state that a command of a plan leaves behind when it succeeds.

    Raises :class:`InvalidValueError` for a command that no plan has.
    """
    return owner_of(command).advance(state, command)


def moved(one: ServerState, other: ServerState) -> tuple[Change, ...]:
    """Return what differs between two states of the same objects, in the order in which a plan changes it."""
    return tuple(change for each in resources_in(one) for change in each.moved(one, other))
