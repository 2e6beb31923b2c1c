"""What is known of one parameter or property: its name, what it holds, and how the command or object has it."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

import attrs

from .._errors import InvalidValueError
from .._json import Json
from .._patterns import pattern
from .._powershell.record import FormatValue, RecordValue
from .._powershell.syntax import Literal
from .._public import public
from .._values import UNSET, Unset

__all__ = ["Endpoint", "ParameterCodec", "ParameterSpec", "PropertyCodec", "PropertySpec", "Spec", "possible_sets"]

_SHOULD_PROCESS: Final = frozenset({"WhatIf", "Confirm"})
_NONE: Final = pattern(r"\bNone\b")
K = TypeVar("K", "ParameterCodec", "PropertyCodec")


@public
class Endpoint(enum.Enum):
    """Which of a server's two PowerShell endpoints has a cmdlet.

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


@attrs.frozen
class Spec(Generic[K]):
    """What is known of a parameter and of a property alike."""

    name: str
    codec: K
    aliases: tuple[str, ...] = ()
    """Other names for a parameter, or under which a property comes."""
    after: str = ""
    """Place the field after this one, instead of where it is declared."""
    required: bool = False
    """Whether the constructor must be given it; a property that is required is always answered."""
    names: tuple[str, ...] = attrs.field(init=False, eq=False, repr=False)
    """The name and its aliases, in lower case."""

    @names.default
    def _in_lower_case(self) -> tuple[str, ...]:
        return tuple(name.lower() for name in (self.name, *self.aliases))

    def check(self, value: object) -> object:
        """Take a Python value, naming the parameter or property in what is said of a wrong one."""
        try:
            return self.codec.check(value)
        except InvalidValueError as error:
            raise error.with_field(self.name) from None

    def to_json(self, value: object) -> Json:
        """Make what JSON can hold."""
        return None if value is None else self.codec.to_json(value)


def _as_set(sets: Iterable[str]) -> frozenset[str]:
    return frozenset(sets)


@attrs.frozen
class ParameterSpec(Spec[ParameterCodec]):
    """One parameter of a cmdlet, in PowerShell's spelling."""

    nullable: bool = False
    """Whether ``$null`` may be sent, which empties the setting: the annotation says so."""
    position: int | None = None
    """Its place among arguments without a name."""
    unnamed: bool = False
    """Whether the documentation writes it without its name."""
    mandatory: bool = False
    """Whether the command cannot run without it, unless a pipe gives it or the parameter set has no need of it."""
    sets: frozenset[str] = attrs.field(default=frozenset(), converter=_as_set)
    """The parameter sets that it is in; all of them when empty."""
    common: bool = False
    """Whether every cmdlet has it: it says how a command runs, and nothing of what it is about."""
    last: bool = False
    """Place the field after those of the classes below."""
    default: object = UNSET
    """What the field is where nothing is stated."""
    new: object = UNSET
    """What a newly installed server, or a new object, has; a dict has it by the version of Exchange. ``UNSET`` where
    it differs from server to server or is not published."""

    @property
    def switch(self) -> bool:
        """Whether it stands without a value when it is on: the codec says so."""
        return getattr(self.codec, "switch", False)

    @property
    def is_added(self) -> bool:
        """Whether PowerShell itself adds it, to every cmdlet or to each that changes something."""
        return self.common or self.name in _SHOULD_PROCESS

    def check(self, value: object) -> object:
        """Take a Python value, ``UNSET``, or ``None`` where ``$null`` may be sent."""
        return value if isinstance(value, Unset) or (value is None and self.nullable) else Spec.check(self, value)

    def value_when_new(self, version: str) -> object:
        """Return what a new server of a version, such as ``"2019"``, has; ``UNSET`` where that is unknown."""
        return self.check(self.new.get(version, UNSET) if isinstance(self.new, Mapping) else self.new)

    def values_when_new(self) -> tuple[object, ...]:
        """Return what a new server may have: one value, or one for each version; none where that is unknown."""
        given = tuple(self.new.values()) if isinstance(self.new, Mapping) else (self.new,)
        return tuple(self.check(value) for value in given if value is not UNSET)

    def annotated(self, annotation: str) -> ParameterSpec:
        """Return the declaration with what the annotation says."""
        return attrs.evolve(self, nullable=True) if _NONE.search(annotation) else self


@attrs.frozen
class PropertySpec(Spec[PropertyCodec]):
    """One property of an object that a server answers."""

    writable: bool = False
    """Whether the cmdlet that writes the object has a parameter of this name, which is then not the one that names the
    object. It follows from the two classes."""
    shown: bool = True
    """Whether it is shown to people: a certificate's bytes are not."""
    first: bool = False
    """Whether it comes first where the object is shown in short. The first of them identifies the object."""

    default: ClassVar[None] = None
    """What the field is where nothing came."""

    def check(self, value: object) -> object:
        """Take a Python value, or ``None`` where the server need not answer the property."""
        return None if value is None and not self.required else Spec.check(self, value)

    def annotated(self, annotation: str) -> PropertySpec:
        """Return the declaration itself. Raises :class:`TypeError` where the annotation says something else."""
        if self.required == bool(_NONE.search(annotation)):
            raise TypeError(f"{self.name}: a required property cannot be None, and any other can: {annotation}")
        return self


def possible_sets(specs: Iterable[ParameterSpec]) -> frozenset[str] | None:
    """Return the parameter sets that these parameters leave, none when they exclude each other; ``None`` for any."""
    stated = [spec.sets for spec in specs if spec.sets]
    return frozenset.intersection(*stated) if stated else None
