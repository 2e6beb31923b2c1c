"""Conclude from a re-read server whether a command took effect whose answer was lost or an error.

A comment gives the proof of each conclusion. Without a proof the effect is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from .._cmdlets.services import RestartService
from .._errors import ExchangeImapError
from .._model.cmdlet import Cmdlet
from .._transports.errors import CommandError, TransportError
from .outcome import Effect
from .resource import advance
from .state import ServerState

__all__ = ["effect_of", "missing_of"]


def effect_of(
    command: Cmdlet,
    error: ExchangeImapError,
    before: ServerState,
    after: ServerState | None,
    current: ServerState | None,
) -> Effect:
    """Return the effect of a command that leads from ``before`` to ``after``, by the server's ``current`` state.

    ``current`` is ``None`` if the server could not be read again, and ``after`` is ``None`` if the command is known to
    have left no trace. A lost answer does not show that the command has ended: a server that is as before may still
    be carrying it out.
    """
    if _never_sent(error) and (current is None or current.same(before)):
        return Effect.NOT_APPLIED  # the transport proves that it was not sent, and the server does not contradict
    if current is None:
        return Effect.UNKNOWN
    if isinstance(command, RestartService) or (after is not None and after.same(before)):
        return Effect.UNKNOWN  # it leaves no trace: Get-Service shows neither a process id nor a start time
    if after is not None and current.same(after):
        return Effect.APPLIED  # the server is as the command leaves it
    if isinstance(error, CommandError) and current.same(before):
        return Effect.NOT_APPLIED  # its answer came, so it has ended, and the server is as before
    return Effect.UNKNOWN


def missing_of(
    commands: Sequence[Cmdlet], error: ExchangeImapError, before: ServerState, current: ServerState | None
) -> list[int]:
    """Return the places of the commands, sent in one request, that left no trace on the server.

    Each leaves a trace of its own on a service: it took effect if carrying it out again would change nothing.
    """
    everything = list(range(len(commands)))
    if current is None or (_never_sent(error) and current.same(before)):
        return everything
    return [place for place in everything if not advance(current, commands[place]).same(current)]


def _never_sent(error: ExchangeImapError) -> bool:
    """Say whether the transport has proved that the command never reached the server."""
    return isinstance(error, TransportError) and error.sent is False
