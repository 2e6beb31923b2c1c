"""The shells of one server, and the WSMan operations that create, find, list and delete them."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from xml.sax.saxutils import escape

import attrs

from ..._model.specs import Endpoint
from . import wsman
from .session import Session
from .shell import CONFIGURATIONS, OPERATIONS, Shell
from .wsman import NAMESPACES, Request, WSManFault

__all__ = ["Limits", "Shells"]


@attrs.frozen(kw_only=True)
class Limits:
    """The limits of an account."""

    shells: int
    commands: int
    """In one shell."""
    envelope: int
    """KB of a request."""
    idle: float
    """Seconds for which an unused shell is kept, unless its client asks for fewer."""


@attrs.define(eq=False)
class Shells:
    """All shells; ``make_session`` starts the PSRP part of a new one. Threads may share it."""

    make_session: Callable[[Endpoint], Session]
    limits: Limits
    clock: Callable[[], float] = attrs.field(default=time.monotonic, kw_only=True)
    peak: int = attrs.field(default=0, init=False)
    """The largest number of shells at one time."""
    _open: dict[str, Shell] = attrs.field(factory=dict, init=False)
    _lock: threading.RLock = attrs.field(factory=threading.RLock, init=False)

    @property
    def open(self) -> tuple[Shell, ...]:
        """The open shells."""
        with self._lock:
            return tuple(shell for shell in self._open.values() if not shell.session.closed)

    def answer(self, request: Request, endpoint: Endpoint) -> bytes:
        """Carry out one request and return the envelope. Raises :class:`WSManFault`."""
        match request.action:
            case "Create":
                return wsman.answer(request, self._create(request, endpoint))
            case "Get":
                return wsman.answer(request, self._get(request, endpoint))
            case "Delete":
                return wsman.answer(request, self._delete(request, endpoint))
            case "Enumerate":
                return wsman.answer(request, self._enumerate(request, endpoint))
            case action if action in OPERATIONS:
                return self._find(request, endpoint).answer(request)
        raise wsman.not_supported(request.action_uri)

    def find(self, shell_id: str) -> Shell | None:
        """Return a shell if it exists; one that was not used for too long is dropped."""
        with self._lock:
            shell = self._open.get(shell_id)
        if shell is None or shell.session.closed:
            return None
        if self.clock() - shell.used > shell.idle:
            self.drop(shell_id)
            return None
        return shell

    def _find(self, request: Request, endpoint: Endpoint) -> Shell:
        shell = self.find(request.shell_id)
        if shell is None or shell.endpoint is not endpoint:
            raise wsman.no_such_shell(request.shell_id)
        shell.used = self.clock()
        return shell

    def drop(self, shell_id: str | None = None) -> None:
        """End a shell, or all, without notifying the client."""
        with self._lock:
            found = [self._open.pop(each, None) for each in ([shell_id] if shell_id is not None else list(self._open))]
        for shell in found:
            if shell is not None:
                shell.session.close()

    def _create(self, request: Request, endpoint: Endpoint) -> str:
        if request.resource != f"{CONFIGURATIONS}{endpoint.value}":
            raise wsman.wrong_resource(request.resource)
        shell = self._new_shell(request, endpoint)
        try:
            shell.feed(request.text("pwsh:creationXml"))
            self._admit(shell)
        except WSManFault:
            shell.session.close()
            raise
        return (
            f"<x:ResourceCreated><a:Address>{NAMESPACES['a']}/role/anonymous</a:Address><a:ReferenceParameters>"
            f"<w:ResourceURI>{request.resource}</w:ResourceURI><w:SelectorSet>"
            f'<w:Selector Name="ShellId">{escape(shell.id)}</w:Selector></w:SelectorSet></a:ReferenceParameters>'
            f"</x:ResourceCreated>{shell.xml}"
        )

    def _new_shell(self, request: Request, endpoint: Endpoint) -> Shell:
        shell_id = (request.body.get("ShellId") or str(uuid.uuid4())).upper()
        idle = min(wsman.seconds(request.text("rsp:IdleTimeOut"), self.limits.idle), self.limits.idle)
        session = self.make_session(endpoint)
        return Shell(shell_id, endpoint, session, max_commands=self.limits.commands, idle=idle, used=self.clock())

    def _admit(self, shell: Shell) -> None:
        with self._lock:
            if shell.id in self._open:
                raise wsman.malformed(f"There is a shell {shell.id} already.")
            if len(self.open) >= self.limits.shells:
                raise wsman.too_many_shells(self.limits.shells)
            self._open[shell.id] = shell
            self.peak = max(self.peak, len(self.open))

    def _get(self, request: Request, endpoint: Endpoint) -> str:
        if request.resource == NAMESPACES["cfg"]:
            return f"<cfg:Config><cfg:MaxEnvelopeSizekb>{self.limits.envelope}</cfg:MaxEnvelopeSizekb></cfg:Config>"
        return self._find(request, endpoint).xml

    def _delete(self, request: Request, endpoint: Endpoint) -> str:
        self.drop(self._find(request, endpoint).id)
        return ""

    def _enumerate(self, request: Request, endpoint: Endpoint) -> str:
        """List the endpoint's shells, or the commands of one."""
        if request.resource == NAMESPACES["rsp"]:
            items = "".join(shell.xml for shell in self.open if shell.endpoint is endpoint)
        else:
            ids = (str(command).upper() for command in self._find(request, endpoint).session.commands)
            items = "".join(f"<rsp:Command><rsp:CommandId>{each}</rsp:CommandId></rsp:Command>" for each in ids)
        return f"<n:EnumerateResponse><w:Items>{items}</w:Items><w:EndOfSequence/></n:EnumerateResponse>"
