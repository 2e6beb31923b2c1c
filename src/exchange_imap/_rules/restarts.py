"""Which services a script starts, as far as its commands name them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase

from .._cmdlets.services import GetService, RestartService, StartService, StopService
from .._values import UNSET
from .script import Placed

__all__ = ["controlled", "not_started"]


def not_started(commands: Sequence[Placed], at: int, services: Collection[str]) -> list[str]:
    """Return the services that no later command starts."""
    behind = [place for place in range(at, len(commands)) if _starts(commands[place])]
    started = {name for place in behind for name in controlled(commands, place, services)}
    return [name for name in services if name not in started]


def _starts(placed: Placed) -> bool:
    return isinstance(placed.cmdlet, RestartService | StartService) and placed.cmdlet.what_if is not True


def controlled(commands: Sequence[Placed], at: int, services: Collection[str]) -> set[str]:
    """Return which of the services a command starts or stops; all of them if it does not name them by ``-Name``."""
    cmdlet, source = commands[at].cmdlet, commands[at - 1].cmdlet if commands[at].piped else None
    if not isinstance(cmdlet, RestartService | StartService | StopService):
        return set()
    names = cmdlet.name
    if names is UNSET and isinstance(source, GetService):
        names = source.name
    if not isinstance(names, tuple):
        return set(services)
    return {service for service in services for name in names if fnmatchcase(service.lower(), name.lower())}
