"""Send commands to an endpoint; what the server refuses is an error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import filterfalse
from typing import Final

import attrs

from .._cmdlets.services import IMAP4_SERVICES, GetService
from .._model.cmdlet import Cmdlet
from .._powershell.command import Pipeline
from .._transports.errors import CommandError, ErrorRecord
from .._transports.timed import run_batch_within
from .._transports.transport import BatchTransport, Reply
from .._values import ActionPreference

__all__ = ["accepted", "read_behind", "run_batch"]

# Hints for frequent errors, by a part of their ids: the texts are localized.
_HINTS = {
    "CommandNotFoundException": "The account's roles do not grant it, or the transport leads to the wrong endpoint.",
    "NamedParameterNotFound": "The account's roles do not grant this parameter.",
    "Cmdlet-ManagementObjectNotFoundException": "Check the name; a server is found by its name, FQDN or DN.",
    "NoServiceFoundForGivenName": (
        f"The services are {' and '.join(IMAP4_SERVICES)}; check also that the transport leads to an Exchange server."
    ),
    "ScriptsNotAllowed": "Exchange's endpoint takes cmdlets with their parameters, and no script text.",
    "CouldNotStartService": "A Disabled service cannot start: Set-Service -StartupType Automatic first.",
}

_ERRORS_OF_READ: Final = (",microsoft.powershell.commands.getservicecommand", ",get-service")
"""The ends of the ids of errors that :func:`read_behind` cannot silence."""


def _hint(error_id: str) -> str:
    return next((hint for part, hint in _HINTS.items() if part in error_id), "")


def accepted(command: str, reply: Reply) -> Reply:
    """Return the reply, unless the server refused."""
    if reply.errors:
        raise CommandError(command, reply.errors, _hint(reply.errors[0].fully_qualified_error_id))
    return reply


def run_batch(
    transport: BatchTransport,
    commands: Sequence[Cmdlet],
    reads: Sequence[Cmdlet] = (),
    timeout: timedelta | None = None,
) -> Reply:
    """Run commands in one request, followed by reads of the services. An error of a read is none of the commands'."""
    reply = run_batch_within(transport, [Pipeline((command,)) for command in (*commands, *reads)], timeout)
    if reads and any(map(_is_of_read, reply.errors)):
        # The first error of a command ends the batch or is in the answer too: without one all commands succeeded.
        reply = attrs.evolve(reply, records=(), errors=tuple(filterfalse(_is_of_read, reply.errors)))
    return accepted("; ".join(map(str, commands)), reply)


def _is_of_read(error: ErrorRecord) -> bool:
    return error.fully_qualified_error_id.lower().endswith(_ERRORS_OF_READ)


def read_behind(names: Sequence[str]) -> GetService:
    """Return the read that goes behind the commands of a batch.

    An error of it would look like one of theirs, so it is silenced; the answer is then incomplete. ErrorAction does not
    silence an error that ends the cmdlet (about_CommonParameters), whose id ends in the name of its class, or of the
    function where an endpoint has one in its place (about_Error_Handling).
    """
    return GetService(name=tuple(names), error_action=ActionPreference.SilentlyContinue)
