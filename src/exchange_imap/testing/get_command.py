"""Get-Command, which both endpoints have: it names the commands of a session, without those that a role hides.

Asked of PowerShell 7.6 over PSRP: one object for each command that is found, in the order asked, with its parameters as
the keys of a table, and one error that ends nothing for each name that is not found; a name with ``*`` or ``?`` that
fits nothing is no error. What the objects have besides is left out here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from .._cmdlets.registry import cmdlets
from .._model.cmdlet import Cmdlet
from .._model.declaration import parameters
from .._model.specs import Endpoint
from .._powershell.command import Command
from .._powershell.record import Record, RecordValue
from .._powershell.syntax import Array, Literal, String
from .._transports.errors import ErrorRecord
from .execution import Execution
from .handlers import handler_of
from .refusals import command_not_found, parameter_not_modelled
from .role import GET_COMMAND, Role

__all__ = ["get_command"]

_NOT_FOUND: Final = "CommandNotFoundException,Microsoft.PowerShell.Commands.GetCommandCommand"
_TABLE: Final = (
    "System.Collections.Generic.Dictionary`2[[System.String, mscorlib, Version=4.0.0.0, Culture=neutral, "
    "PublicKeyToken=b77a5c561934e089],[System.Management.Automation.ParameterMetadata, System.Management.Automation, "
    "Version=3.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]"
)
"""The type of what has the parameters."""
_KINDS: Final = {Endpoint.EXCHANGE: "Function", Endpoint.WINDOWS: "Cmdlet"}


def get_command(command: Command, endpoint: Endpoint | None, role: Role, run: Execution) -> None:
    """Answer the commands that the session has, of one endpoint or of both."""
    if endpoint is not Endpoint.WINDOWS and GET_COMMAND in role.hidden:
        raise command_not_found(command.name)
    known = {cls.cmdlet.lower(): cls for cls in _visible(endpoint, role)}
    for name in _names(command):
        if "*" in name or "?" in name:
            run.records += (_record(cls, role) for word, cls in known.items() if fnmatchcase(word, name.lower()))
        elif name.lower() in known:
            run.records.append(_record(known[name.lower()], role))
        else:
            run.errors.append(_not_found(name))


def _visible(endpoint: Endpoint | None, role: Role) -> Iterator[type[Cmdlet]]:
    for cls in cmdlets().values():
        if endpoint in {None, cls.endpoint} and handler_of(cls) is not None and role.has(cls):
            yield cls


def _names(command: Command) -> list[str]:
    """Return what ``-Name`` has; it is also the first argument without a name."""
    found: list[str] = []
    for parameter in command.parameters:
        if parameter.name.lower() not in {"", "name"}:
            raise parameter_not_modelled(parameter.name, command.name)
        found += _texts(parameter.value)
    return found or ["*"]


def _texts(value: Literal | None) -> list[str]:
    items = value.items if isinstance(value, Array) else (value,)
    return [item.value for item in items if isinstance(item, String)]


def _record(cls: type[Cmdlet], role: Role) -> Record:
    """Make the object: the parameters are keys, and their values are cut to the name of their class."""
    kind, (verb, _, noun) = _KINDS[cls.endpoint], cls.cmdlet.partition("-")
    names = [spec.name for spec in parameters(cls).values() if role.shows(cls, spec)]
    if cls.objects:
        names.append(cls.objects)
    shown: dict[RecordValue, RecordValue] = dict.fromkeys(names, "System.Management.Automation.ParameterMetadata")
    base = "System.Management.Automation"
    return Record(
        type_names=(f"{base}.{kind}Info", f"{base}.CommandInfo", "System.Object"),
        text=cls.cmdlet,
        properties={
            "Verb": verb,
            "Noun": noun,
            "Name": cls.cmdlet,
            "CommandType": kind,
            "Visibility": "Public",
            "Parameters": Record(type_names=(_TABLE, "System.Object"), value=shown),
        },
    )


def _not_found(name: str) -> ErrorRecord:
    """Report a name that no command has, as Get-Command itself does."""
    record = command_not_found(name).record
    return ErrorRecord(
        message=record.message, category=record.category, fully_qualified_error_id=_NOT_FOUND, target=name
    )
