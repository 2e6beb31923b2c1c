"""The error records of refusals, with the ids and categories of real servers.

For PowerShell's own refusals these are the ids and categories of PowerShell 5.1. Exchange's ids are
``[Server=S,RequestId=guid,TimeStamp=t] [FailureCategory=Cmdlet-Exception] hash,task``; only the failure category of a
server that cannot be found has been seen, the others follow its pattern. Hash and task are invented.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final

import attrs

from .._model.cmdlet import Cmdlet
from .._model.declaration import parameters
from .._model.specs import Endpoint
from .._transports.errors import ErrorRecord
from .._values import UNSET

__all__ = [
    "NOT_CONVERTED",
    "NOT_VALID",
    "NO_FLAG",
    "RefusalError",
    "Request",
    "clock_text",
    "command_not_found",
    "exchange_failure",
    "no_variables",
    "not_bound",
    "parameter_not_modelled",
    "pipeline_not_modelled",
    "prompt_not_answered",
    "require_modelled",
    "task_of",
]

NOT_CONVERTED: Final = {
    Endpoint.EXCHANGE: "ParameterArgumentTransformationError",  # a proxy function: PowerShell transforms
    Endpoint.WINDOWS: "CannotConvertArgumentNoMessage",  # a compiled cmdlet: PowerShell converts
}
"""The id for a value of the wrong type, by endpoint."""
NO_FLAG: Final = "CannotConvertArgument"
"""The id for a value that a compiled Boolean parameter does not take."""
NOT_VALID: Final = "ParameterArgumentValidationError"
"""The id for a value out of range."""
_INVALID_DATA: Final = {NOT_CONVERTED[Endpoint.EXCHANGE], NOT_VALID, "ParameterArgumentValidationErrorNullNotAllowed"}


@attrs.define(slots=False, eq=False)
class RefusalError(Exception):
    """A refusal, raised and caught inside the fake."""

    record: ErrorRecord


def task_of(cmdlet: type[Cmdlet]) -> str:
    """Return the part of an error id after the comma: a function's name or a class."""
    if cmdlet.endpoint is Endpoint.EXCHANGE:
        return cmdlet.cmdlet
    return f"Microsoft.PowerShell.Commands.{cmdlet.cmdlet.replace('-', '')}Command"


def command_not_found(name: str) -> RefusalError:
    """Refuse a command that does not exist or that the role hides."""
    message = (
        f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program. "
        "Check the spelling of the name, or if a path was included, verify that the path is correct and try again."
    )
    return _refusal(message, "ObjectNotFound", "CommandNotFoundException", name)


def not_bound(error_id: str, cmdlet: type[Cmdlet], message: str) -> RefusalError:
    """Refuse in parameter binding: nothing of the command has run."""
    category = "InvalidData" if error_id in _INVALID_DATA else "InvalidArgument"
    return _refusal(message, category, f"{error_id},{task_of(cmdlet)}")


def no_variables() -> RefusalError:
    """Refuse a parameter that names a variable: a session without language has none. Source: PowerShell 7.6, asked."""
    message = (
        "A variable that cannot be referenced in restricted language mode or a Data section is being referenced. "
        "Variables that can be referenced include the following: $PSCulture, $PSUICulture, $true, $false, $null."
    )
    return _refusal(message, "InvalidOperation", "VariableReferenceNotSupportedInDataSection")


def prompt_not_answered(cmdlet: type[Cmdlet], target: str) -> RefusalError:
    """Refuse a command that asks for confirmation: over remoting no host answers."""
    message = (
        "A command that prompts the user failed because the host program or the command type does not support user "
        f"interaction. The host was attempting to request confirmation with the following message: {cmdlet.cmdlet} "
        f"on {target}"
    )
    return _refusal(message, "NotSpecified", f"HostException,{task_of(cmdlet)}")


def pipeline_not_modelled(text: str) -> RefusalError:
    """Refuse something that only the fake cannot do; the id says so."""
    message = f"FakeExchange runs one command at a time and does not model what passes through a pipe: {text}"
    return _refusal(message, "NotImplemented", "PipelineNotModelled,exchange_imap.testing")


def require_modelled(cmdlet: Cmdlet, fields: AbstractSet[str]) -> None:
    """Refuse a parameter that only the fake knows nothing of; the id says so. What every cmdlet has is known."""
    for field, spec in parameters(type(cmdlet)).items():
        known = spec.is_added or field == "domain_controller" or field in fields
        absent = getattr(cmdlet, field) in ((UNSET, False) if spec.switch else (UNSET,))
        if not known and not absent:
            raise parameter_not_modelled(spec.name, cmdlet.cmdlet)


def parameter_not_modelled(parameter: str, command: str) -> RefusalError:
    """Refuse a parameter that only the fake knows nothing of; the id says so."""
    message = f"FakeExchange does not model -{parameter} of {command}."
    return _refusal(message, "NotImplemented", "ParameterNotModelled,exchange_imap.testing")


@attrs.frozen(kw_only=True)
class Request:
    """The request's part of an Exchange error id: the server that ran it, its number, and the time."""

    server: str
    number: int
    now: datetime

    @property
    def text(self) -> str:
        """The id's first bracket."""
        request_id = uuid.uuid5(uuid.NAMESPACE_OID, f"{self.server} {self.number}")
        return f"[Server={self.server},RequestId={request_id},TimeStamp={clock_text(self.now)}]"


def exchange_failure(exception: str, message: str, cmdlet: type[Cmdlet], request: Request) -> RefusalError:
    """Refuse as an Exchange task does.

    The class of the task after the last comma and the number before it are invented: no public page shows one of
    these cmdlets.
    """
    task = f"Microsoft.Exchange.Management.SystemConfigurationTasks.{cmdlet.cmdlet.replace('-', '')}"
    digest = f"{zlib.crc32(message.encode()):08X}"
    error_id = f"{request.text} [FailureCategory=Cmdlet-{exception}] {digest},{task}"
    return _refusal(message, "NotSpecified", error_id)


def clock_text(moment: datetime) -> str:
    """Write a moment as .NET does in English: ``9/17/2018 7:18:43 PM``."""
    hour = moment.hour % 12 or 12
    half = "AM" if moment.hour < 12 else "PM"  # noqa: PLR2004 - noon
    return f"{moment.month}/{moment.day}/{moment.year} {hour}:{moment:%M:%S} {half}"


def _refusal(message: str, category: str, error_id: str, target: str = "") -> RefusalError:
    record = ErrorRecord(message=message, category=category, fully_qualified_error_id=error_id, target=target)
    return RefusalError(record)
