"""What the session decides: which endpoint has a command, and that nobody sits in front of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from .._cmdlet.declaration import Endpoint, parameters
from .._cmdlets.format_list import FormatList
from .._cmdlets.receive_connectors import SetReceiveConnector
from .._cmdlets.web import NetStop
from .._powershell.syntax import CredentialPrompt
from .placed import Placed
from .script import Found, Script

__all__ = ["session_rules"]

_DOORS = {
    Endpoint.EXCHANGE: "the Exchange endpoint (/PowerShell)",
    Endpoint.WINDOWS: "the Windows endpoint (WinRM, 5985 or 5986)",
}


def session_rules(script: Script) -> Iterator[Found]:
    """Yield what is wrong with where and how the commands would run."""
    remote = [placed for placed in script.commands if not isinstance(placed.cmdlet, FormatList)]
    mixed = [*_mixed_pipelines(remote)]
    yield from mixed
    if script.endpoint:
        yield from _other_endpoint(remote, script.endpoint)
    elif not mixed:
        yield from _two_endpoints(remote)
    for placed in script.commands:
        yield from _questions(placed)
        yield from _shape(placed)


def _mixed_pipelines(commands: Iterable[Placed]) -> Iterator[Found]:
    for _, group in groupby(commands, lambda placed: placed.pipeline):
        first, *others = group
        for other in others:
            if other.cmdlet.endpoint is not first.cmdlet.endpoint:
                names = f"{first.cmdlet.cmdlet} is behind {_DOORS[first.cmdlet.endpoint]}"
                reason = f"{names}, {other.cmdlet.cmdlet} behind {_DOORS[other.cmdlet.endpoint]}"
                yield Found("mixed-pipeline", reason, "Run one, and the other with what it answered", other.span)


def _other_endpoint(commands: Iterable[Placed], endpoint: Endpoint) -> Iterator[Found]:
    for placed in commands:
        if placed.cmdlet.endpoint is not endpoint:
            reason = f"{placed.cmdlet.cmdlet} is not behind {_DOORS[endpoint]}"
            yield Found("other-endpoint", reason, f"Run it at {_DOORS[placed.cmdlet.endpoint]}", placed.span)


def _two_endpoints(commands: Iterable[Placed]) -> Iterator[Found]:
    """Yield one note, at the first command that is behind another door than the first of all."""
    doors = {placed.cmdlet.endpoint: placed for placed in reversed([*commands])}
    if len(doors) > 1:
        later = max(doors.values(), key=lambda placed: placed.span)
        reason = f"{later.cmdlet.cmdlet} is behind {_DOORS[later.cmdlet.endpoint]}, the commands before it are not"
        right = "Connect to both: ImapServer takes each command to the endpoint that has it"
        yield Found("two-endpoints", reason, right, later.span)


def _questions(placed: Placed) -> Iterator[Found]:
    """Yield what somebody would have to answer."""
    for field in parameters(type(placed.cmdlet)):
        if isinstance(getattr(placed.cmdlet, field), CredentialPrompt):
            reason = "the Exchange endpoint evaluates no (Get-Credential)"
            right = "Give the parameter a PSCredential in Python before the command is sent"
            yield Found("credential-prompt", reason, right, placed.span_of(field))
    if getattr(placed.cmdlet, "confirm", None) is True:
        yield Found("nobody-confirms", "-Confirm asks before the change", "Leave it out", placed.span_of("confirm"))
    if isinstance(placed.cmdlet, NetStop) and not placed.cmdlet.yes:
        reason = "net stop asks before it stops what depends on the service"
        yield Found("nobody-confirms", reason, f"Write {NetStop(yes=True)}", placed.span)


def _shape(placed: Placed) -> Iterator[Found]:
    if isinstance(placed.cmdlet, FormatList) and not placed.last:
        yield Found("format-before-the-end", "Format-List puts out lines, not objects", "Put it last", placed.span)
    identity = getattr(placed.cmdlet, "identity", None)
    if isinstance(placed.cmdlet, SetReceiveConnector) and isinstance(identity, str) and set(identity) & set("*?"):
        reason = f"{identity!r} names no single connector"
        right = f'Write Get-ReceiveConnector "{identity}" | Set-ReceiveConnector ..., or the whole name'
        yield Found("wildcard-identity", reason, right, placed.span_of("identity"))
