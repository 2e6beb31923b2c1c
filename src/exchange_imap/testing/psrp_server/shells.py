"""The shells of one server: WSMan's operations on them, for whoever has been let in."""

from __future__ import annotations

import base64
import binascii
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from typing import Final
from xml.sax.saxutils import quoteattr

import attrs

from ..._cmdlet.declaration import Endpoint
from .session import Session
from .wsman import (
    MALFORMED,
    NAMESPACES,
    NOT_SUPPORTED,
    SHELL_GONE,
    TIMED_OUT,
    TOO_MANY_COMMANDS,
    TOO_MANY_SHELLS,
    WRONG_RESOURCE,
    Request,
    WSManFault,
    answer,
)

__all__ = ["Shells"]

_RESOURCE: Final = "http://schemas.microsoft.com/powershell/"
_KEPT_ANSWERS: Final = 16


@attrs.define(eq=False)
class Shell:
    """One shell: its endpoint, its session, and the last answers, which a repeated request gets again."""

    id: str
    endpoint: Endpoint
    session: Session
    max_commands: int
    connected: bool = True
    answers: OrderedDict[str, bytes] = attrs.field(factory=OrderedDict)

    @property
    def xml(self) -> str:
        """What Create and Get say of it."""
        state = "Connected" if self.connected else "Disconnected"
        return (
            f"<rsp:Shell><rsp:ShellId>{self.id}</rsp:ShellId>"
            f"<rsp:ResourceUri>{_RESOURCE}{self.endpoint.value}</rsp:ResourceUri><rsp:State>{state}</rsp:State></rsp:Shell>"
        )

    def answer(self, request: Request, operation: Callable[[Request, Shell], str]) -> bytes:
        """Carry out a request, or give its answer again to one that is repeated."""
        repeated = self.answers.get(request.message_id)
        if repeated is not None:
            return repeated
        made = self.answers[request.message_id] = answer(request, operation(request, self))
        while len(self.answers) > _KEPT_ANSWERS:
            self.answers.popitem(last=False)
        return made


@attrs.define(eq=False)
class Shells:
    """All shells; ``make_session`` starts the PSRP half of a new one."""

    make_session: Callable[[Endpoint], Session]
    shell_limit: int
    max_commands: int
    peak: int = 0
    _open: dict[str, Shell] = attrs.field(factory=dict, init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)

    @property
    def open(self) -> tuple[Shell, ...]:
        """The shells that are there."""
        return tuple(shell for shell in self._open.values() if not shell.session.closed)

    def answer(self, request: Request, endpoint: Endpoint) -> bytes:
        """Carry out one request and return the envelope. Raises :class:`WSManFault`."""
        if request.action == "Create":
            return answer(request, self._create(request, endpoint))
        if request.action == "Get":
            return answer(request, self._get(request, endpoint))
        if request.action == "Delete":
            return answer(request, self._delete(request, endpoint))
        operation = _OPERATIONS.get(request.action)
        if operation is None:
            raise WSManFault(NOT_SUPPORTED, f"The action is not supported: {request.action_uri}")
        return self._find(request, endpoint).answer(request, operation)

    def _delete(self, request: Request, endpoint: Endpoint) -> str:
        self.drop(self._find(request, endpoint).id)
        return ""

    def _find(self, request: Request, endpoint: Endpoint) -> Shell:
        with self._lock:
            shell = self._open.get(request.shell_id)
        if shell is None or shell.endpoint is not endpoint or shell.session.closed:
            text = f"The request for the Windows Remote Shell with ShellId {request.shell_id} failed: it was not found."
            raise WSManFault(SHELL_GONE, text)
        return shell

    def drop(self, shell_id: str | None = None) -> None:
        """End a shell, or all, without a word to the client."""
        with self._lock:
            found = [self._open.pop(each, None) for each in ([shell_id] if shell_id is not None else list(self._open))]
        for shell in found:
            if shell is not None:
                shell.session.close()

    def _create(self, request: Request, endpoint: Endpoint) -> str:
        if request.resource != f"{_RESOURCE}{endpoint.value}":
            text = f"The resource URI ({request.resource}) was not found in the WS-Management catalog."
            raise WSManFault(WRONG_RESOURCE, text)
        data = _decode(request.text("pwsh:creationXml"))
        shell_id = (request.body.get("ShellId") or str(uuid.uuid4())).upper()
        shell = Shell(shell_id, endpoint, self.make_session(endpoint), self.max_commands)
        with self._lock:
            if len(self._open) >= self.shell_limit:
                text = (
                    "The WS-Management service cannot process the request. This user is allowed a maximum number of "
                    f"{self.shell_limit} concurrent shells, which has been exceeded."
                )
                raise WSManFault(TOO_MANY_SHELLS, text)
            self._open[shell.id] = shell
            self.peak = max(self.peak, len(self._open))
        shell.session.feed(data)
        return (
            f"<x:ResourceCreated><a:Address>{NAMESPACES['a']}/role/anonymous</a:Address><a:ReferenceParameters>"
            f"<w:ResourceURI>{request.resource}</w:ResourceURI><w:SelectorSet>"
            f'<w:Selector Name="ShellId">{shell.id}</w:Selector></w:SelectorSet></a:ReferenceParameters>'
            f"</x:ResourceCreated>{shell.xml}"
        )

    def _get(self, request: Request, endpoint: Endpoint) -> str:
        if request.resource == NAMESPACES["cfg"]:
            return "<cfg:Config><cfg:MaxEnvelopeSizekb>500</cfg:MaxEnvelopeSizekb></cfg:Config>"
        return self._find(request, endpoint).xml


def _command(request: Request, shell: Shell) -> str:
    data = _decode("".join(each.text or "" for each in request.body.iterfind("rsp:Arguments", NAMESPACES)))
    command = _identify(request.body.get("CommandId") or str(uuid.uuid4()))
    if shell.session.has(command):
        raise WSManFault(MALFORMED, f"There is a command {command} in the shell already.")
    if shell.session.commands >= shell.max_commands:
        text = f"The maximum number of concurrent commands per shell, {shell.max_commands}, has been exceeded."
        raise WSManFault(TOO_MANY_COMMANDS, text)
    shell.session.create(command)
    shell.session.feed(data, command)
    name = str(command).upper()
    return f"<rsp:CommandResponse><rsp:CommandId>{name}</rsp:CommandId></rsp:CommandResponse>"


def _send(request: Request, shell: Shell) -> str:
    for stream in request.body.iterfind("rsp:Stream", NAMESPACES):
        command = _target(shell, stream.get("CommandId"))
        shell.session.feed(_decode(stream.text or ""), command)
    return "<rsp:SendResponse/>"


def _receive(request: Request, shell: Shell) -> str:
    stream = request.body.find("rsp:DesiredStream", NAMESPACES)
    command = _target(shell, None if stream is None else stream.get("CommandId"))
    found = shell.session.receive(command, request.room, request.patience)
    if shell.session.closed:
        raise WSManFault(SHELL_GONE, "The shell was closed while the request was waiting.")
    if found is None:
        text = "The WS-Management service cannot complete the operation within the time specified in OperationTimeout."
        raise WSManFault(TIMED_OUT, text)
    data, done = found
    named = "" if command is None else f" CommandId={quoteattr(str(command).upper())}"
    encoded = base64.b64encode(data).decode()
    streams = f'<rsp:Stream Name="stdout"{named}>{encoded}</rsp:Stream>' if data else ""
    return f"<rsp:ReceiveResponse>{streams}{_state(named, done=done)}</rsp:ReceiveResponse>"


def _signal(request: Request, shell: Shell) -> str:
    command = _target(shell, request.body.get("CommandId"))
    if command is None:
        raise WSManFault(MALFORMED, "A signal is for a command.")
    if request.text("rsp:Code").rpartition("/")[2].lower() == "terminate":
        shell.session.remove(command)
    else:
        shell.session.stop(command)
    return "<rsp:SignalResponse/>"


def _disconnect(request: Request, shell: Shell) -> str:
    del request
    shell.connected = False
    return "<rsp:DisconnectResponse/>"


def _reconnect(request: Request, shell: Shell) -> str:
    del request
    shell.connected = True
    return "<rsp:ReconnectResponse/>"


def _target(shell: Shell, command_id: str | None) -> uuid.UUID | None:
    if command_id is None:
        return None
    command = _identify(command_id)
    if not shell.session.has(command):
        text = f"The Windows Remote Shell received a request for the command {command_id}, which does not exist."
        raise WSManFault(SHELL_GONE, text)
    return command


def _state(named: str, *, done: bool) -> str:
    """Say whether a command has more to say; a pool has no state."""
    if not named:
        return ""
    state = f"{NAMESPACES['rsp']}/CommandState/{'Done' if done else 'Running'}"
    code = "<rsp:ExitCode>0</rsp:ExitCode>" if done else ""
    return f'<rsp:CommandState{named} State="{state}">{code}</rsp:CommandState>'


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise WSManFault(MALFORMED, f"The stream is no base64: {error}") from error


def _identify(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise WSManFault(MALFORMED, f"{text} is no GUID.") from error


_OPERATIONS: Final = {
    "Command": _command,
    "Send": _send,
    "Receive": _receive,
    "Signal": _signal,
    "Disconnect": _disconnect,
    "Reconnect": _reconnect,
}
