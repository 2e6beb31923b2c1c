"""Convert between PSRP's objects and this library's: parameters that arrive, and records that leave."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import psrpcore.types as ps

from ..._cmdlets.registry import find_class
from ..._model.cmdlet import Cmdlet
from ..._model.common_parameters import NAMES_VARIABLES, CommonParameters
from ..._model.declaration import parameters
from ..._model.specs import ParameterSpec
from ..._powershell.command import Command, Parameter
from ..._powershell.record import Record, RecordValue
from ..._powershell.secret import PSCredential, Secret
from ..._powershell.syntax import Array, Boolean, Hashtable, Literal, Null, Number, String
from ..._values.time_span import format_time_span
from ..strict_binding import is_compiled

__all__ = ["COMMON", "read_command", "write_value"]

_SPECS: Final = parameters(CommonParameters)
COMMON: Final[Mapping[str, str]] = {
    **{alias.lower(): spec.name.lower() for spec in _SPECS.values() for alias in spec.aliases},
    "proga": "progressaction",  # since PowerShell 7.4
}
"""The parameters that every cmdlet has, by alias (about_CommonParameters)."""
# The fake is asked about those alone that its endpoint may refuse.
_COMMON: Final = frozenset((*COMMON, *COMMON.values())) - {
    name for field in NAMES_VARIABLES for name in _SPECS[field].names
}
_ENUM: Final = frozenset(("System.Enum", "System.ValueType", "System.Object"))
# What PowerShell itself adds to objects of a type (its types.ps1xml) travels apart from the object's own properties.
_ADDED: Final[Mapping[str, frozenset[str]]] = {
    "System.ServiceProcess.ServiceController": frozenset(("Name", "RequiredServices")),
}


def read_command(command: Any) -> Command:  # Any: psrpcore's Command, whose values may be anything
    """Return the command for the fake, without the common parameters that the session handles."""
    cmdlet = find_class(command.command_text)
    given = [(name or "", value) for name, value in command.parameters if (name or "").lower() not in _COMMON]
    named = _place(given, cmdlet)
    return Command(command.command_text, tuple(each for pair in named for each in _parameter(cmdlet, *pair)))


def _place(given: list[tuple[str, Any]], cmdlet: type[Cmdlet] | None) -> list[tuple[str, Any]]:  # Any: as above
    """Name positional arguments after the parameters at their positions, as far as there are any."""
    taken = {name.lower() for name, _ in given}
    specs = [] if cmdlet is None else parameters(cmdlet).values()
    placed = sorted(((spec.position, spec.name) for spec in specs if spec.position is not None), reverse=True)
    free = [name for _, name in placed if name.lower() not in taken]
    return [(name or (free.pop() if free else ""), value) for name, value in given]


def _parameter(cmdlet: type[Cmdlet] | None, name: str, value: Any) -> list[Parameter]:  # Any: as above
    """Return the parameter. For a switch the value on the wire is read as PowerShell reads it.

    Null means a present switch to a compiled cmdlet, and an absent one to a function, as Exchange's cmdlets are. The
    parameters that PowerShell adds to a function, such as -WhatIf, are compiled.
    """
    spec = _spec(cmdlet, name) if cmdlet else None
    if cmdlet is None or spec is None or not spec.switch or value is False:
        return [Parameter(name, _literal(value))]
    if value is None and not is_compiled(spec, cmdlet):
        return []
    return [Parameter(name) if value is None or value is True else Parameter(name, _literal(value))]


def _spec(cmdlet: type[Cmdlet], name: str) -> ParameterSpec | None:
    return next((each for each in parameters(cmdlet).values() if name.lower() in each.names), None)


def _plain(value: Any) -> Literal:  # Any: as above
    return String(str(value))


def _number(value: Any) -> Literal:  # Any: as above
    return Number(value, str(value))


# The first type that fits decides; anything else is text.
_LITERALS: Final[tuple[tuple[type[Any] | tuple[type[Any], ...], Callable[[Any], Literal]], ...]] = (  # Any: as above
    (type(None), lambda _: Null()),
    ((bool, ps.PSBool), lambda value: Boolean(bool(value))),
    (ps.PSChar, _plain),
    (int, lambda value: _number(int(value))),
    (float, lambda value: _number(float(value))),
    (Decimal, lambda value: _number(Decimal(value))),
    (ps.PSCredential, lambda value: PSCredential(str(value.UserName), Secret(str(value.Password.decrypt())))),
    (ps.PSSecureString, lambda value: Secret(str(value.decrypt()))),
    (timedelta, lambda value: String(format_time_span(value))),
    (date, lambda value: String(value.isoformat())),
    (bytes, lambda value: Array(tuple(map(_number, value)))),
    (dict, lambda value: Hashtable(tuple((String(str(key)), _literal(item)) for key, item in value.items()))),
    (list, lambda value: Array(tuple(map(_literal, value)))),
)


def _literal(value: Any) -> Literal:  # Any: as above
    return next((make(value) for kind, make in _LITERALS if isinstance(value, kind)), None) or _plain(value)


def write_value(value: RecordValue, *, without_values: bool = False) -> Any:  # Any: psrpcore's objects have no base
    """Return the object that psrpcore serialises; ``without_values`` puts null into every property of a record."""
    if isinstance(value, Record):
        return _object(value, without_values=without_values)
    if isinstance(value, tuple):
        return ps.PSList([write_value(item) for item in value])
    if isinstance(value, dict):
        return {write_value(key): write_value(item) for key, item in value.items()}
    return ps.PSDouble(value) if isinstance(value, float) else value


def _object(record: Record, *, without_values: bool) -> Any:  # Any: the same
    if isinstance(record.value, int) and record.text is not None:
        return _enum(record.type_names, record.text)(record.value)
    made = _core(record)
    made.PSObject.type_names = list(record.type_names)
    made.PSObject.to_string = record.text
    added = frozenset[str]().union(*(_ADDED.get(name, ()) for name in record.type_names))
    for name, value in record.properties.items():
        note = ps.PSNoteProperty(name, None if without_values else write_value(value))
        (made.PSObject.extended_properties if name in added else made.PSObject.adapted_properties).append(note)
    return made


def _core(record: Record) -> Any:  # Any: the same
    """Return the object's own value besides its properties: a list, a hashtable, a string, or none."""
    if record.items is not None:
        return write_value(record.items)
    if isinstance(record.value, dict):
        return ps.PSDict(write_value(record.value))
    return ps.PSString(record.value) if isinstance(record.value, str) else ps.PSObject()


@functools.lru_cache(maxsize=256)
def _enum(type_names: tuple[str, ...], text: str) -> Callable[[int], Any]:  # Any: the same
    """Make the class of an enum that psrpcore does not know, with the one member that is needed."""

    def make(number: int) -> Any:  # Any: the same
        made = types.new_class("Enum", (ps.PSEnumBase,), {}, lambda members: members.__setitem__(text, number))
        return ps.PSType([name for name in type_names if name not in _ENUM], rehydrate=False)(made)(number)

    return make
