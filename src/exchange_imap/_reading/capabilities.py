"""Ask both endpoints which cmdlets and parameters the account has.

Get-Command tells, where the endpoint has it: one object for each command that it finds, whose ``Parameters`` has their
names as keys, and one error for each that it does not find (asked of PowerShell 7.6 over PSRP). Windows PowerShell's
endpoint has it. That Exchange's has it is an inference: Microsoft's way to connect is Import-PSSession, which imports
what Get-Command finds there (about Import-PSSession; platyPS #361). Where it is not there, the commands that only read
are tried, and of the others nothing is known without sending them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from .._apply.at_once import together
from .._apply.endpoints import Endpoints
from .._cmdlets.format_list import FormatList
from .._cmdlets.registry import cmdlets
from .._cmdlets.services import IMAP4_SERVICES, GetService
from .._errors import UnexpectedReplyError
from .._model.cmdlet import Cmdlet
from .._model.declaration import parameters
from .._model.specs import Endpoint
from .._plan.capabilities import Allowed, Capabilities, Capability
from .._powershell.command import Command, Parameter
from .._powershell.record import Record, RecordValue
from .._powershell.syntax import Array, String
from .._shown import legible
from .._transports.errors import ErrorRecord, TransportError
from .._transports.transport import Reply

__all__ = ["read_capabilities"]

_GET_COMMAND: Final = "Get-Command"
_NOT_FOUND: Final = "CommandNotFoundException"
_NAMES: Final = {Endpoint.EXCHANGE: "the Exchange endpoint", Endpoint.WINDOWS: "the Windows endpoint"}
_MOST_PARAMETERS: Final = 1_000
_LONGEST_NAME: Final = 200
"""More and longer ones than any cmdlet has, so that what a server answers stays bounded."""
_LONGEST_REASON: Final = 300

_Cmdlets = Mapping[str, type[Cmdlet]]
_Answer = tuple[list[Capability], bool]
"""What is known of an endpoint's cmdlets, and whether it answered."""


def read_capabilities(endpoints: Endpoints) -> tuple[Capabilities, bool]:
    """Ask both endpoints, and say whether both have answered.

    An endpoint that cannot be asked leaves its cmdlets unknown. Raises :class:`UnexpectedReplyError` for an answer
    that Get-Command does not give.
    """
    one, other = (partial(_ask, endpoint, endpoints) for endpoint in Endpoint)
    (exchange, answered), (windows, also_answered) = together(one, other) if endpoints.remote else (one(), other())
    found = sorted((*exchange, *windows), key=lambda each: each.command)
    return Capabilities(server=endpoints.name, commands=tuple(found)), answered and also_answered


def _of(endpoint: Endpoint) -> _Cmdlets:
    """Return the library's cmdlets of an endpoint. Format-List is done here, and never sent."""
    return {name: cls for name, cls in cmdlets().items() if cls.endpoint is endpoint and cls is not FormatList}


def _ask(endpoint: Endpoint, endpoints: Endpoints) -> _Answer:
    asked, where = _of(endpoint), _NAMES[endpoint]
    if endpoints.transport(endpoint) is None:
        return _unknown(asked, f"no transport leads to {where}"), True
    try:
        (reply,) = endpoints.ask(endpoint, [_get_command(asked)])
        if not reply.records and not all(_is_about(error, asked) for error in reply.errors):
            return list(_tried(asked, endpoints, _why(reply.errors[0]))), True
    except TransportError as error:
        return _unknown(asked, f"{where} could not be asked: {legible(str(error), _LONGEST_REASON)}"), False
    return list(_listed(asked, where, reply)), True


def _unknown(asked: _Cmdlets, evidence: str) -> list[Capability]:
    return [Capability(command=name, allowed=Allowed.UNKNOWN, evidence=evidence) for name in asked]


def _get_command(names: _Cmdlets) -> Command:
    """Ask for these names alone: the answer is an object or an error for each."""
    return Command(_GET_COMMAND, (Parameter("Name", Array(tuple(map(String, names)))),))


def _is_about(error: ErrorRecord, asked: _Cmdlets) -> bool:
    """Say whether the error is Get-Command's own about a name that it does not find."""
    return error.fully_qualified_error_id.startswith(f"{_NOT_FOUND},") and error.target.lower() in _folded(asked)


def _folded(asked: _Cmdlets) -> dict[str, str]:
    return {name.lower(): name for name in asked}


def _why(error: ErrorRecord) -> str:
    return f"Get-Command is refused ({legible(error.fully_qualified_error_id, _LONGEST_NAME)})"


def _listed(asked: _Cmdlets, where: str, reply: Reply) -> Iterator[Capability]:
    """Read what Get-Command answers."""
    found = _by_name(asked, reply.records)
    refused = {error.target.lower() for error in reply.errors if _is_about(error, asked)}
    missing = {
        True: (Allowed.NO, f"Get-Command does not find it at {where}"),
        False: (Allowed.UNKNOWN, f"Get-Command at {where} neither finds it nor says that it is not there"),
    }
    for name in asked:
        if name in found:
            yield _found(name, found[name], where)
        else:
            allowed, evidence = missing[name.lower() in refused]
            yield Capability(command=name, allowed=allowed, evidence=evidence)


def _found(name: str, record: Record, where: str) -> Capability:
    names = _parameters(name, record.get("Parameters"))
    said = "" if names is not None else ", without its parameters"
    return Capability(
        command=name,
        allowed=Allowed.YES,
        evidence=f"Get-Command finds it at {where}{said}",
        parameters=names or (),
        complete=names is not None,
    )


def _by_name(asked: _Cmdlets, records: Sequence[Record]) -> dict[str, Record]:
    """Return the object of each command. Raises :class:`UnexpectedReplyError` for another command, or one twice."""
    known, found = _folded(asked), dict[str, Record]()
    for place, record in enumerate(records):
        given = record.get("Name")
        name = known.get(given.lower()) if isinstance(given, str) else None
        if name is None or name in found:
            raise UnexpectedReplyError(f"{_GET_COMMAND}[{place}].Name", "a name that was asked for, once", given)
        found[name] = record
    return found


def _parameters(command: str, value: RecordValue) -> tuple[str, ...] | None:
    """Return the names of a command's parameters; ``None`` where they did not come.

    Raises :class:`UnexpectedReplyError` for what no command has.
    """
    table: Any = value.value if isinstance(value, Record) else value  # Any: a table, or whatever came
    if table is None:
        return None
    path = f"{_GET_COMMAND}[{command}].Parameters"
    if not isinstance(table, dict) or len(table) > _MOST_PARAMETERS:
        raise UnexpectedReplyError(path, f"a table with at most {_MOST_PARAMETERS} parameters", value)
    for name in table:
        if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME:
            raise UnexpectedReplyError(path, f"names of at most {_LONGEST_NAME} characters", name)
    return tuple(table)


def _tried(asked: _Cmdlets, endpoints: Endpoints, why: str) -> Iterator[Capability]:
    """Try the commands that only read one server; of the others nothing is known."""
    trials = {name: trial for name, cls in asked.items() if (trial := _harmless(cls, endpoints.name)) is not None}
    endpoint = next(iter(asked.values())).endpoint
    results = dict(zip(trials, endpoints.ask(endpoint, [*trials.values()]), strict=True))
    for name in asked:
        if name in trials:
            yield _judged(trials[name], results[name])
        else:
            evidence = f"{why}, and only commands that read this server are tried"
            yield Capability(command=name, allowed=Allowed.UNKNOWN, evidence=evidence)


def _harmless(cls: type[Cmdlet], server: str) -> Cmdlet | None:
    """Return a command of this class that only reads this server; ``None`` where there is none."""
    if cls is GetService:
        return GetService(name=IMAP4_SERVICES)
    taken, objects = cls.accepts
    field = "server" if "server" in parameters(cls) else taken if "ExchangeServer" in objects else ""
    return cls.build({field: server}) if field and cls.cmdlet.startswith("Get-") else None


def _judged(trial: Cmdlet, reply: Reply) -> Capability:
    """Conclude from one answer."""
    name = trial.cmdlet
    if not reply.errors:
        stated = tuple(parameter.name for parameter in trial.to_command().parameters)
        return Capability(command=name, allowed=Allowed.YES, evidence=f"it answered: {trial}", parameters=stated)
    error = reply.errors[0]
    evidence = f"{trial}: {legible(error.fully_qualified_error_id, _LONGEST_NAME)}"
    return Capability(command=name, allowed=_allowed_by(error), evidence=evidence)


def _allowed_by(error: ErrorRecord) -> Allowed:
    """Conclude from a refusal. A command that PowerShell has found is named behind a comma, whoever reports the error.

    Errors of Exchange say by their category whether the cmdlet had begun.
    """
    error_id, category = error.fully_qualified_error_id, error.failure_category
    if error_id == _NOT_FOUND:
        return Allowed.NO
    begun = "," in error_id if category is None else category.startswith("Cmdlet-")
    return Allowed.YES if begun else Allowed.UNKNOWN
