"""Between PSRP's objects and ours: parameters as they arrive, records and errors as they leave.

The one place that knows psrpcore's types.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any, Final

import psrpcore.types as ps

from ..._cmdlet.declaration import parameters
from ..._cmdlets.reading import CMDLETS
from ..._powershell.command import Command, Parameter
from ..._powershell.record import Record, RecordValue
from ..._powershell.secret import PSCredential, Secret
from ..._powershell.syntax import Array, Boolean, Hashtable, Literal, Null, Number, String
from ..._transports.seam import ErrorRecord

__all__ = ["read_arguments", "read_command", "write_error", "write_value"]

# What every cmdlet has (about_CommonParameters): the fake's cmdlets are not asked about them.
COMMON: Final = {
    "verbose", "debug", "erroraction", "warningaction", "informationaction", "progressaction", "errorvariable",
    "warningvariable", "informationvariable", "outvariable", "outbuffer", "pipelinevariable",
}  # fmt: skip
_SPECS: Final = {
    name.lower(): {each: spec for spec in parameters(cls).values() for each in spec.names}
    for name, cls in CMDLETS.items()
}
_ENUM: Final = ("System.Enum", "System.ValueType", "System.Object")


def read_arguments(command: Any) -> dict[str, Any]:  # Any: psrpcore's Command, whose values may be anything
    """Return the arguments by name, in lower case; one without a name by nothing."""
    return {(name or "").lower(): value for name, value in command.parameters}


def read_command(command: Any) -> Command:  # Any: the same
    """Return the command as the fake takes it, without the parameters that every cmdlet has."""
    given = [(name or "", value) for name, value in command.parameters if (name or "").lower() not in COMMON]
    return Command(command.command_text, tuple(_parameter(command.command_text, *each) for each in given))


def _parameter(cmdlet: str, name: str, value: Any) -> Parameter:  # Any: the same
    spec = _SPECS.get(cmdlet.lower(), {}).get(name.lower())
    if spec is not None and spec.switch and value is True:
        return Parameter(name)
    return Parameter(name, _literal(value))


def _literal(value: Any) -> Literal:  # Any: the same
    if value is None:
        return Null()
    if isinstance(value, bool | ps.PSBool):
        return Boolean(bool(value))
    if isinstance(value, int | float):
        plain = value if type(value) in {int, float} else type(value).__mro__[-2](value)
        return Number(plain, str(plain))
    return _composed(value)


def _composed(value: Any) -> Literal:  # Any: the same
    if isinstance(value, ps.PSCredential):
        return PSCredential(str(value.UserName), Secret(str(value.Password.decrypt())))
    if isinstance(value, ps.PSSecureString):
        return Secret(str(value.decrypt()))
    if isinstance(value, dict):
        return Hashtable(tuple((String(str(key)), _literal(item)) for key, item in value.items()))
    if isinstance(value, list):
        return Array(tuple(map(_literal, value)))
    return String(str(value))


def write_value(value: RecordValue, *, without_values: bool = False) -> Any:  # Any: psrpcore's objects have no base
    """Return what psrpcore serialises; ``without_values`` puts null into every property of a record."""
    if isinstance(value, Record):
        return _object(value, without_values=without_values)
    if isinstance(value, tuple):
        return ps.PSList([write_value(item) for item in value])
    if isinstance(value, dict):
        return {write_value(key): write_value(item) for key, item in value.items()}
    return value


def _object(record: Record, *, without_values: bool) -> Any:  # Any: the same
    if record.items is not None:
        made: Any = ps.PSList([write_value(item) for item in record.items])
    elif isinstance(record.value, int) and record.text is not None:
        return _enum(record.type_names, record.text, record.value)
    else:
        made = ps.PSObject()
    made.PSObject.type_names = list(record.type_names)
    made.PSObject.to_string = record.text
    made.PSObject.adapted_properties += _properties({} if without_values else record.properties, record.properties)
    return made


def _properties(values: Mapping[str, RecordValue], names: Mapping[str, RecordValue]) -> list[Any]:  # Any: the same
    return [ps.PSNoteProperty(name, write_value(values.get(name))) for name in names]


def _enum(names: tuple[str, ...], text: str, number: int) -> Any:  # Any: the same
    """Make a value of an enum that psrpcore does not know: a class of one member."""
    made = types.new_class("Enum", (ps.PSEnumBase,), {}, lambda members: members.__setitem__(text, number))
    own = [name for name in names if name not in _ENUM]
    return ps.PSType(own, rehydrate=False)(made)(number)


def write_error(error: ErrorRecord, activity: str) -> ps.ErrorRecord:
    """Make an error record; the exception's class is what its id tells, where it tells any."""
    category = ps.ErrorCategory[error.category] if error.category in ps.ErrorCategory.__members__ else 0
    exception = ps.NETException(Message=error.message, HResult=-2146233087)
    return ps.ErrorRecord(
        Exception=exception,
        CategoryInfo=ps.ErrorCategoryInfo(
            Category=ps.ErrorCategory(category), Activity=activity, Reason=_reason(error), TargetName=error.target
        ),
        FullyQualifiedErrorId=error.fully_qualified_error_id,
    )


def _reason(error: ErrorRecord) -> str:
    found = error.failure_category
    return found.partition("-")[2] if found else error.fully_qualified_error_id.partition(",")[0]
