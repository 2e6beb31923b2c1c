"""What a class says of one parameter or property, written once, next to its field."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import attrs

from .._errors import InvalidValueError
from .._json import Json
from .._powershell.format_list import FormatValue
from .._powershell.record import RecordValue
from .._powershell.syntax import Literal
from .._public import public
from .._values import UNSET, Unset

__all__ = [
    "Endpoint",
    "ParameterSpec",
    "PropertySpec",
    "arranged",
    "checked",
    "mandatory",
    "named",
    "names_alone",
    "optional_copies",
    "own_parameters",
    "parameter",
    "parameters",
    "possible_sets",
    "properties",
    "property_",
    "writable",
]

_KEY = "exchange_imap"
_SHOULD_PROCESS = frozenset({"WhatIf", "Confirm"})
_NAMING = {"Identity", "Server"}
"""Parameters that say which object is changed, and change none of its properties."""
V = TypeVar("V")
R = TypeVar("R")


@public
class Endpoint(enum.Enum):
    """Which of a server's two doors a cmdlet is behind.

    >>> GetService.endpoint
    <Endpoint.WINDOWS: 'Microsoft.PowerShell'>
    """

    EXCHANGE = "Microsoft.Exchange"
    """The Exchange Management Shell's own endpoint: IIS, path /PowerShell, no-language mode."""
    WINDOWS = "Microsoft.PowerShell"
    """The ordinary WinRM endpoint, 5985 or 5986: the ``*-Service`` cmdlets are only here."""


class ParameterCodec(Protocol):
    """A codec, seen from the parameter that has it, which hands each value back to the codec that made it."""

    def read(self, literal: Literal) -> object: ...
    def check(self, value: object) -> object: ...
    def write(self, value: Any) -> Literal: ...  # Any: the codec's own values, see the class
    def to_json(self, value: Any) -> Json: ...  # Any: the same


class PropertyCodec(Protocol):
    """A codec, seen from the property that has it."""

    def decode(self, value: RecordValue) -> object: ...
    def check(self, value: object) -> object: ...
    def display(self, value: Any) -> FormatValue: ...  # Any: the codec's own values, see ParameterCodec
    def to_json(self, value: Any) -> Json: ...  # Any: the same


@attrs.frozen(kw_only=True)
class ParameterSpec:
    """One parameter of a cmdlet, in PowerShell's spelling."""

    name: str
    codec: ParameterCodec
    aliases: tuple[str, ...] = ()
    nullable: bool = False
    """Whether ``$null`` may be sent, which empties the setting."""
    position: int | None = None
    """Its place among arguments without a name."""
    unnamed: bool = False
    """Whether the documentation writes it without its name."""
    switch: bool = False
    required: bool = False
    """Whether the command cannot run without it, unless a pipe gives it or the parameter set has no need of it."""
    sets: frozenset[str] = frozenset()
    """The parameter sets that it is in; all of them when empty."""
    common: bool = False
    """Whether every cmdlet has it: it says how a command runs, and nothing of what it is about."""

    @property
    def is_added(self) -> bool:
        """Whether PowerShell itself adds it, to every cmdlet or to each that changes something."""
        return self.common or self.name in _SHOULD_PROCESS

    @property
    def names(self) -> tuple[str, ...]:
        """The name and its aliases, in lower case."""
        return tuple(name.lower() for name in (self.name, *self.aliases))

    def check(self, value: object) -> object:
        """Take a Python value, naming the parameter in what is said of a wrong one."""
        if isinstance(value, Unset) or (value is None and self.nullable):
            return value
        return named(self.name, self.codec.check, value)


@attrs.frozen(kw_only=True)
class PropertySpec:
    """One property of an object that a server answers."""

    name: str
    codec: PropertyCodec
    writable: bool = False
    """Whether the cmdlet that writes the object has a parameter of this name, which is then not the one that names the
    object. It is derived from the two classes, see :func:`arranged`."""
    others: tuple[str, ...] = ()
    """Other names under which it comes."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which it comes, in lower case."""
        return tuple(name.lower() for name in (self.name, *self.others))

    def check(self, value: object) -> object:
        """Take a Python value, naming the property in what is said of a wrong one."""
        return None if value is None else named(self.name, self.codec.check, value)


def named(name: str, read: Callable[[V], R], value: V) -> R:
    """Read, and put the name into the error when that fails."""
    try:
        return read(value)
    except InvalidValueError as error:
        raise InvalidValueError(name, error.expected, error.received, error.hint) from error


def parameter(  # noqa: PLR0913 - one argument for each fact
    name: str,
    codec: ParameterCodec,
    *,
    aliases: tuple[str, ...] = (),
    nullable: bool = False,
    position: int | None = None,
    unnamed: bool = False,
    switch: bool = False,
    required: bool = False,
    sets: tuple[str, ...] = (),
    common: bool = False,
) -> Mapping[str, ParameterSpec]:
    """Declare a field to be the parameter ``name``: the metadata of an ``attrs.field``."""
    spec = ParameterSpec(
        name=name,
        codec=codec,
        aliases=aliases,
        nullable=nullable,
        position=position,
        unnamed=unnamed,
        switch=switch,
        required=required,
        sets=frozenset(sets),
        common=common,
    )
    return {_KEY: spec}


def property_(name: str, codec: PropertyCodec, *, others: tuple[str, ...] = ()) -> Mapping[str, PropertySpec]:
    """Declare a field to be the property ``name``: the metadata of an ``attrs.field``."""
    return {_KEY: PropertySpec(name=name, codec=codec, others=others)}


def checked(_: type, fields: list[attrs.Attribute[Any]]) -> list[attrs.Attribute[Any]]:  # Any: fields of every type
    """Give each declared field the converter that its declaration asks for (an attrs ``field_transformer``).

    The common parameters, which a cmdlet inherits, come behind its own.
    """
    made = [f.evolve(converter=f.metadata[_KEY].check) if _KEY in f.metadata else f for f in fields]
    return sorted(made, key=lambda f: getattr(f.metadata.get(_KEY), "common", False))


def arranged(
    behind: Mapping[str, str] | None = None, *, written_by: type[attrs.AttrsInstance] | None = None
) -> Callable[[type, list[attrs.Attribute[Any]]], list[attrs.Attribute[Any]]]:  # Any: as above
    """Make a transformer like :func:`checked` that puts a class's own fields before those that it inherits.

    Each field of ``behind`` goes behind that other one instead. ``written_by`` is the cmdlet that changes such an
    object: what it has a parameter for is writable.
    """
    places = behind or {}

    def transform(cls: type, fields: list[attrs.Attribute[Any]]) -> list[attrs.Attribute[Any]]:  # Any: as above
        own = inspect.get_annotations(cls)
        placed = [f for f in fields if f.name in own and f.name not in places]
        placed += [f for f in fields if f.name not in own]
        for f in fields:
            if f.name in places:
                placed.insert([other.name for other in placed].index(places[f.name]) + 1, f)
        return checked(cls, placed if written_by is None else _written(placed, written_by))

    return transform


def _written(
    fields: list[attrs.Attribute[Any]], cmdlet: type[attrs.AttrsInstance]
) -> list[attrs.Attribute[Any]]:  # Any: fields of every type
    names = {spec.name for spec in own_parameters(cmdlet).values()} - _NAMING
    return [f.evolve(metadata=_told(f.metadata[_KEY], names)) if _KEY in f.metadata else f for f in fields]


def _told(spec: PropertySpec, names: Collection[str]) -> Mapping[str, PropertySpec]:
    return {_KEY: attrs.evolve(spec, writable=spec.name in names)}


def parameters(cls: type[attrs.AttrsInstance]) -> dict[str, ParameterSpec]:
    """Return the parameters of a cmdlet class by field name, in the order of the class, the common ones last."""
    return {f.name: f.metadata[_KEY] for f in attrs.fields(cls) if _KEY in f.metadata}


def own_parameters(cls: type[attrs.AttrsInstance]) -> dict[str, ParameterSpec]:
    """Return the parameters of a cmdlet class without those that every cmdlet has."""
    return {field: spec for field, spec in parameters(cls).items() if not spec.common}


def properties(cls: type[attrs.AttrsInstance]) -> dict[str, PropertySpec]:
    """Return the properties of a snapshot class by field name, in the order of the class."""
    return {f.name: f.metadata[_KEY] for f in attrs.fields(cls) if _KEY in f.metadata}


def writable(cls: type[attrs.AttrsInstance]) -> dict[str, PropertySpec]:
    """Return those properties of a snapshot class that its ``Set-`` cmdlet has a parameter for, by field name."""
    return {field: spec for field, spec in properties(cls).items() if spec.writable}


def mandatory(cls: type[attrs.AttrsInstance]) -> set[str]:
    """Return the fields that have no default."""
    return {f.name for f in attrs.fields(cls) if f.default is attrs.NOTHING}


def names_alone(value: Sequence[str]) -> tuple[str, ...]:
    """Take names in a tuple or list: the converter of a field that holds names of other fields."""
    names: Sequence[object] = value if isinstance(value, tuple | list) else (None,)
    texts = tuple(name for name in names if isinstance(name, str))
    if len(texts) < len(names):
        raise InvalidValueError("names", "names in a tuple", value)
    return texts


def optional_copies(cls: type[attrs.AttrsInstance]) -> dict[str, Any]:  # Any: attrs has no public type for these
    """Return the same properties for another class, in which each may be ``UNSET`` and is unless stated."""
    fields = (f for f in attrs.fields(cls) if _KEY in f.metadata)
    return {
        f.name: attrs.field(
            default=UNSET, metadata=f.metadata, repr=f.repr, converter=_unless_unset(f.metadata[_KEY].check)
        )
        for f in fields
    }


def _unless_unset(check: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: value if value is UNSET else check(value)


def possible_sets(specs: Iterable[ParameterSpec]) -> frozenset[str] | None:
    """Return the parameter sets that these parameters leave, none when they exclude each other; ``None`` for any."""
    stated = [spec.sets for spec in specs if spec.sets]
    return frozenset.intersection(*stated) if stated else None
