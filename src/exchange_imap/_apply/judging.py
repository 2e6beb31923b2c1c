"""What is said and done about a step when the server was read again."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from .._errors import ExchangeImapError
from .._model.cmdlet import Cmdlet
from .._plan.resource import owner_of
from .._plan.state import ServerState
from .._transports.errors import TransportError, TransportTimeoutError, UnknownOutcomeError
from .settling import changing

__all__ = ["adopting", "is_repeatable", "unknown"]


def unknown(
    command: Cmdlet, cause: ExchangeImapError, current: ServerState | None, expected: ServerState
) -> UnknownOutcomeError:
    """Return the error of a command of which reading the server again did not show the effect."""
    still = "" if current is None else changing(current, expected)
    why = "the server could not be read again" if current is None else still or "the server's state does not show it"
    error = UnknownOutcomeError(str(command), f"{cause} ({why})")
    error.__cause__ = cause
    return error


def is_repeatable(command: Cmdlet, error: TransportError) -> bool:
    """Say whether doing it twice is the same as once: no edit of a list, and no start, stop or restart.

    After a timeout the server is too slow for another attempt. A command that was never sent is repeated by the
    transport.
    """
    if isinstance(error, TransportTimeoutError) or error.sent is False:
        return False
    return owner_of(command).repeatable(command)


def adopting(expected: ServerState, current: ServerState, key: str, fields: Iterable[str]) -> ServerState:
    """Return the expected state with these fields of a part as they are now."""
    part, now = getattr(expected, key), getattr(current, key)
    return attrs.evolve(expected, **{key: attrs.evolve(part, **{field: getattr(now, field) for field in fields})})
