"""One shell: WSMan's operations on it and on the commands in it."""

from __future__ import annotations

import base64
import binascii
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import attrs

from ..._model.specs import Endpoint
from . import wsman
from .session import Session
from .wsman import NAMESPACES, Request

__all__ = ["CONFIGURATIONS", "OPERATIONS", "Shell"]

CONFIGURATIONS: Final = "http://schemas.microsoft.com/powershell/"
"""The resource URI of a configuration, without its name."""
_KEPT_ANSWERS: Final = 16


@attrs.define(eq=False)
class Shell:
    """One shell: its endpoint, its session, and the last answers, which a repeated request gets again."""

    id: str
    endpoint: Endpoint
    session: Session
    max_commands: int = attrs.field(kw_only=True)
    idle: float = attrs.field(kw_only=True)
    """Seconds for which it is kept while it is not used."""
    used: float = attrs.field(kw_only=True)
    """When it was last used."""
    connected: bool = attrs.field(default=True, init=False)
    _answers: OrderedDict[str, Future[bytes]] = attrs.field(factory=OrderedDict, init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)

    @property
    def xml(self) -> str:
        """The element for it in the answers to Create, Get and Enumerate."""
        state = "Connected" if self.connected else "Disconnected"
        return (
            f"<rsp:Shell><rsp:ShellId>{escape(self.id)}</rsp:ShellId>"
            f"<rsp:ResourceUri>{CONFIGURATIONS}{self.endpoint.value}</rsp:ResourceUri>"
            f"<rsp:IdleTimeOut>PT{self.idle:.3f}S</rsp:IdleTimeOut><rsp:State>{state}</rsp:State></rsp:Shell>"
        )

    def answer(self, request: Request) -> bytes:
        """Carry out one of the :data:`OPERATIONS` and return the envelope. Raises :class:`WSManFault`."""
        if not self.connected and request.action not in _CONNECTING:
            raise wsman.disconnected(self.id)
        operation = OPERATIONS[request.action]
        if operation is _receive and request.message_id:
            return self._once(request.message_id, lambda: wsman.answer(request, _receive(request, self)))
        return wsman.answer(request, operation(request, self))

    def _once(self, message_id: str, carry_out: Callable[[], bytes]) -> bytes:
        """Answer a request. A repeated request gets the same answer, even while the first one still waits.

        A client whose time is up sends the same message again, and must not miss the data that went to its first one.
        """
        with self._lock:
            known = self._answers.get(message_id)
            mine = self._answers.setdefault(message_id, Future())
            while len(self._answers) > _KEPT_ANSWERS:
                self._answers.popitem(last=False)
        if known is None:
            try:
                mine.set_result(carry_out())
            except BaseException as error:  # noqa: BLE001 - raised again for each request that waits
                mine.set_exception(error)
        return mine.result()

    def feed(self, text: str, command: uuid.UUID | None = None) -> None:
        """Take messages for the pool or a command, in base64. Raises :class:`WSManFault` for invalid ones."""
        try:
            self.session.feed(_decode(text), command)
        except ValueError as error:
            raise wsman.malformed(str(error)) from error

    def target(self, command_id: str | None) -> uuid.UUID | None:
        """Return the command that a request is for, or ``None`` if it is for the shell itself."""
        if command_id is None:
            return None
        command = _identify(command_id)
        if not self.session.has(command):
            raise wsman.no_such_command(command_id)
        return command


def _command(request: Request, shell: Shell) -> str:
    name = request.body.get("CommandId") or str(uuid.uuid4())
    command = _identify(name)
    if shell.session.has(command):
        raise wsman.command_exists(name)
    if len(shell.session.commands) >= shell.max_commands:
        raise wsman.too_many_commands()
    shell.session.create(command)
    shell.feed("".join(each.text or "" for each in request.body.iterfind("rsp:Arguments", NAMESPACES)), command)
    return f"<rsp:CommandResponse><rsp:CommandId>{str(command).upper()}</rsp:CommandId></rsp:CommandResponse>"


def _send(request: Request, shell: Shell) -> str:
    for stream in request.body.iterfind("rsp:Stream", NAMESPACES):
        shell.feed(stream.text or "", shell.target(stream.get("CommandId")))
    return "<rsp:SendResponse/>"


def _receive(request: Request, shell: Shell) -> str:
    stream = request.body.find("rsp:DesiredStream", NAMESPACES)
    command_id = None if stream is None else stream.get("CommandId")
    command = shell.target(command_id)
    found = shell.session.receive(command, request.room, request.patience)
    if found is None:
        shell.target(command_id)  # it may have been removed meanwhile
        raise wsman.no_such_shell(shell.id) if shell.session.closed else wsman.timed_out()
    data, done = found
    named = "" if command is None else f" CommandId={quoteattr(str(command).upper())}"
    streams = f'<rsp:Stream Name="stdout"{named}>{base64.b64encode(data).decode()}</rsp:Stream>' if data else ""
    return f"<rsp:ReceiveResponse>{streams}{_state(named, done=done)}</rsp:ReceiveResponse>"


def _state(named: str, *, done: bool) -> str:
    """Write whether a command has more data; a pool has no such state."""
    if not named:
        return ""
    state = f"{NAMESPACES['rsp']}/CommandState/{'Done' if done else 'Running'}"
    code = "<rsp:ExitCode>0</rsp:ExitCode>" if done else ""
    return f'<rsp:CommandState{named} State="{state}">{code}</rsp:CommandState>'


def _signal(request: Request, shell: Shell) -> str:
    command = shell.target(request.body.get("CommandId"))
    if command is None:
        raise wsman.malformed("A signal is for a command.")
    if request.text("rsp:Code").rpartition("/")[2].lower() == "terminate":
        shell.session.remove(command)
    else:
        shell.session.stop(command)
    return "<rsp:SignalResponse/>"


def _connect(request: Request, shell: Shell) -> str:
    """Connect a new client to the shell or to one of its commands."""
    if shell.target(request.body.get("CommandId")) is not None:
        return "<rsp:ConnectResponse/>"
    try:
        data = shell.session.connect(_decode(request.text("pwsh:connectXml")))
    except ValueError as error:
        raise wsman.malformed(str(error)) from error
    shell.connected = True
    encoded = base64.b64encode(data).decode()
    return f"<rsp:ConnectResponse><pwsh:connectResponseXml>{encoded}</pwsh:connectResponseXml></rsp:ConnectResponse>"


def _disconnect(_: Request, shell: Shell) -> str:
    shell.connected = False
    return "<rsp:DisconnectResponse/>"


def _reconnect(_: Request, shell: Shell) -> str:
    shell.connected = True
    return "<rsp:ReconnectResponse/>"


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise wsman.malformed(f"The stream is no base64: {error}") from error


def _identify(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise wsman.malformed(f"{text} is no GUID.") from error


_CONNECTING: Final = {"Connect", "Reconnect"}
OPERATIONS: Final[dict[str, Callable[[Request, Shell], str]]] = {
    "Command": _command,
    "Send": _send,
    "Receive": _receive,
    "Signal": _signal,
    "Connect": _connect,
    "Disconnect": _disconnect,
    "Reconnect": _reconnect,
}
"""The WSMan operations on a shell."""
