"""What the commands of a script leave undone together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from .._cmdlets.imap_settings import GetImapSettings, SetImapSettings
from .._cmdlets.services import (
    IMAP4_BACKEND_SERVICE,
    IMAP4_SERVICE,
    GetService,
    RestartService,
    StartService,
    StopService,
)
from .._cmdlets.web import NetStart, NetStop
from .._values import UNSET
from .placed import Placed
from .script import Found, Script

__all__ = ["procedure_rules"]

_IMAP4 = (IMAP4_SERVICE, IMAP4_BACKEND_SERVICE)


def procedure_rules(script: Script) -> Iterator[Found]:
    """Yield what is begun and not brought to its end."""
    yield from _restarts(script.commands)
    yield from _servers(script.commands)
    yield from _iis(script.commands)


def _restarts(commands: Sequence[Placed]) -> Iterator[Found]:
    """Yield where a script that controls the services does not restart both behind the last setting."""
    last = max((at for at, placed in enumerate(commands) if _sets(placed)), default=None)
    if last is None or not any(_controlled(commands, at) for at in range(len(commands))):
        return
    behind = [at for at in range(last, len(commands)) if _starts(commands[at])]
    restarted = {name for at in behind for name in _controlled(commands, at)}
    missing = [name for name in _IMAP4 if name not in restarted]
    if missing:
        names = " and ".join(missing)
        reason = f"settings take effect when both services have restarted, and nothing restarts {names} behind this"
        right = f"Write Restart-Service {','.join(_IMAP4)} behind it"
        yield Found("restart-incomplete", reason, right, commands[last].span)


def _sets(placed: Placed) -> bool:
    return isinstance(placed.cmdlet, SetImapSettings) and placed.cmdlet.what_if is not True


def _starts(placed: Placed) -> bool:
    return isinstance(placed.cmdlet, RestartService | StartService) and placed.cmdlet.what_if is not True


def _controlled(commands: Sequence[Placed], at: int) -> set[str]:
    """Return which of the two services a command starts or stops; both, where it names services in another way."""
    cmdlet, source = commands[at].cmdlet, commands[at - 1].cmdlet if commands[at].piped else None
    if not isinstance(cmdlet, RestartService | StartService | StopService):
        return set()
    names = cmdlet.name
    if names is UNSET and isinstance(source, GetService):
        names = source.name
    if not isinstance(names, tuple):
        return set(_IMAP4)
    return {service for service in _IMAP4 for name in names if fnmatchcase(service.lower(), name.lower())}


def _servers(commands: Sequence[Placed]) -> Iterator[Found]:
    """Yield the commands that name no server where others do."""
    about = [placed for placed in commands if isinstance(placed.cmdlet, GetImapSettings | SetImapSettings)]
    if not any("server" in placed.spans for placed in about):
        return
    for placed in about:
        if "server" in placed.spans or placed.piped or not placed.whole:
            continue
        reason = "other commands name their server; over remoting this one is about whichever runs the session"
        yield Found("server-unstated", reason, "Add -Server", placed.span)


def _iis(commands: Sequence[Placed]) -> Iterator[Found]:
    programs = [placed for placed in commands if isinstance(placed.cmdlet, NetStop | NetStart)]
    if programs and isinstance(programs[-1].cmdlet, NetStop):
        reason = "nothing starts IIS again, which the Exchange endpoint and Outlook on the web run in"
        yield Found("iis-left-stopped", reason, f"Write {NetStart()} behind it", programs[-1].span)
