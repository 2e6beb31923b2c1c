"""Tell from the server, read again, whether a command took effect whose answer was lost or was an error.

Each conclusion has its proof beside it; what nothing proves is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from .._cmdlets.services import RestartService
from .._errors import ExchangeImapError
from .._model.cmdlet import Cmdlet
from .._transports.errors import CommandError, TransportError
from .outcome import Effect
from .state import ServerState, advance

__all__ = ["effect_of", "missing_of"]


def effect_of(
    command: Cmdlet,
    error: ExchangeImapError,
    before: ServerState,
    after: ServerState | None,
    current: ServerState | None,
) -> Effect:
    """Tell what became of a command, from ``before`` to ``after``, by what the server is like at present.

    ``current`` is ``None`` where the server could not be read again, and ``after`` where the command is known to have
    left no trace. A lost answer does not show that the command has ended: a server that is as before may still be
    carrying it out.
    """
    if _never_sent(error) and (current is None or current.same(before)):
        return Effect.NOT_APPLIED  # the transport proves that it did not leave, and what was read says nothing else
    if current is None:
        return Effect.UNKNOWN
    if isinstance(command, RestartService):
        return Effect.UNKNOWN  # it leaves no trace: Get-Service tells neither a process id nor a time of start
    if after is not None and current.same(after):
        return Effect.APPLIED  # the server is as the command leaves it
    if isinstance(error, CommandError) and current.same(before):
        return Effect.NOT_APPLIED  # its answer came, so it has ended, and the server is as it was
    return Effect.UNKNOWN


def missing_of(
    commands: Sequence[Cmdlet], error: ExchangeImapError, before: ServerState, current: ServerState | None
) -> list[int]:
    """Return the places of those commands, sent at once, that left no trace on the server.

    Each leaves one of its own on a service: it took effect if carrying it out would change nothing any more.
    """
    everything = list(range(len(commands)))
    if current is None or (_never_sent(error) and current.same(before)):
        return everything
    return [place for place in everything if not advance(current, commands[place]).same(current)]


def _never_sent(error: ExchangeImapError) -> bool:
    """Say whether the transport has proved that the command never reached the server."""
    return isinstance(error, TransportError) and error.sent is False
