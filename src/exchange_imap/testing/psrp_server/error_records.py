"""Write error records as PowerShell does: with the exception and the reason of each id."""

from __future__ import annotations

from typing import Final

import attrs
from psrpcore import types as ps

from ..._transports.errors import ErrorRecord

__all__ = ["NO_LANGUAGE", "is_found_first", "write_error"]

NO_LANGUAGE: Final = ErrorRecord(
    message="The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode.",
    category="ParserError",
    fully_qualified_error_id="ScriptsNotAllowed",
)
"""The answer of Exchange's endpoint to script text."""
_AUTOMATION: Final = "System.Management.Automation."
_BINDING: Final = ("ParameterBindingException",)
# Errors of finding the command and binding its parameters; their exceptions derive from RuntimeException.
_FOUND_FIRST: Final = {
    "CommandNotFoundException": ("CommandNotFoundException",),
    "ScriptsNotAllowed": ("ParseException",),
    "VariableReferenceNotSupportedInDataSection": (),
    "ParameterArgumentTransformationError": ("ParameterBindingArgumentTransformationException", *_BINDING),
    "ParameterArgumentValidationError": ("ParameterBindingValidationException", *_BINDING),
    "ParameterArgumentValidationErrorNullNotAllowed": ("ParameterBindingValidationException", *_BINDING),
    "NamedParameterNotFound": _BINDING,
    "ParameterAlreadyBound": _BINDING,
    "MissingArgument": _BINDING,
    "MissingMandatoryParameter": _BINDING,
    "AmbiguousParameterSet": _BINDING,
    "CannotConvertArgumentNoMessage": _BINDING,
}
_SERVICE: Final = "Microsoft.PowerShell.Commands."
_EXCEPTION: Final = ("System.Exception", "System.Object")
_HRESULT: Final = -2146233087
_NOT_OF_A_COMMAND: Final = {
    "CommandNotFoundException",
    "ScriptsNotAllowed",
    "VariableReferenceNotSupportedInDataSection",
}


def is_found_first(error: ErrorRecord) -> bool:
    """Say whether the error comes before any part of the command runs; Get-Command itself finds none of some names."""
    return _id(error) in _FOUND_FIRST and not (_id(error) in _NOT_OF_A_COMMAND and _is_of_a_command(error))


def _id(error: ErrorRecord) -> str:
    return error.fully_qualified_error_id.partition(",")[0]


def _is_of_a_command(error: ErrorRecord) -> bool:
    """Say whether the id names the command that reported the error."""
    return "," in error.fully_qualified_error_id


@attrs.frozen
class _Cause:
    """The exception of an error: its class, the base classes, and its name in the record."""

    type_names: tuple[str, ...]
    reason: str


def _cause(error: ErrorRecord, *, suppressed: bool) -> _Cause:
    """Find the exception by the error id.

    An error that PowerShell has ``suppressed``, to go on with the next statement, has another exception.
    """
    if _id(error) in _FOUND_FIRST:
        names = (
            ("ParentContainsErrorRecordException",) if suppressed else (*_FOUND_FIRST[_id(error)], "RuntimeException")
        )
        own = tuple(f"{_AUTOMATION}{name}" for name in names)
        return _Cause((*own, "System.SystemException", *_EXCEPTION), names[0])
    if f",{_SERVICE}" in error.fully_qualified_error_id:
        return _Cause(
            (f"{_SERVICE}ServiceCommandException", "System.SystemException", *_EXCEPTION), "ServiceCommandException"
        )
    found = error.failure_category
    return _Cause(_EXCEPTION, found.partition("-")[2] if found else "Exception")


class _CategoryInfo(ps.ErrorCategoryInfo):
    """The second line of a record, as PowerShell writes it."""

    def __str__(self) -> str:
        return f"{self.Category.name}: ({self.TargetName}:{self.TargetType}) [{self.Activity}], {self.Reason}"


def write_error(error: ErrorRecord, command: str, *, suppressed: bool = False) -> ps.ErrorRecord:
    """Make the record of an error that the command wrote, or that ended it."""
    cause = _cause(error, suppressed=suppressed)
    exception = ps.NETException(Message=error.message, HResult=_HRESULT)
    exception.PSObject.type_names = list(cause.type_names)
    known = error.category in ps.ErrorCategory.__members__
    return ps.ErrorRecord(
        Exception=exception,
        CategoryInfo=_CategoryInfo(
            Category=ps.ErrorCategory[error.category] if known else ps.ErrorCategory.NotSpecified,
            Activity="" if _id(error) in _NOT_OF_A_COMMAND and not _is_of_a_command(error) else command,
            Reason=cause.reason,
            TargetName=error.target,
            TargetType="String" if error.target else "",
        ),
        TargetObject=error.target or None,
        FullyQualifiedErrorId=error.fully_qualified_error_id,
    )
