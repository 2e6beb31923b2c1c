"""The loopback server: HTTP in front of a fake Exchange, and arranged faults."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final, Self, Unpack

import attrs

from ..._entry import entry
from ..._errors import InvalidValueError
from ..._model.specs import Endpoint
from ..fake_exchange import FakeExchange
from . import wsman
from .certificates import Certificates, make_certificates
from .conversation import Credential, ServerAuthentication
from .faults import WireFault, WireFaultKind
from .http import Listener
from .logins import conversations
from .session import Session, Surroundings
from .shells import Limits, Shells
from .wsman import Request, WSManFault

if TYPE_CHECKING:
    from ..._transports.psrp.keywords import PsrpOptions
    from ..._transports.psrp.transport import PsrpTransport

__all__ = ["PsrpServer"]

_WAIT: Final = 0.2
"""The seconds to wait that a throttling fault names."""
_BUDGET: Final = (20, 60.0)
"""The budget that a throttling fault names: requests, and seconds."""


@attrs.define
class _Armed:
    """A fault and how many requests it has seen."""

    fault: WireFault
    seen: int = 0
    struck: int = 0

    def sees(self, request: Request, endpoint: Endpoint) -> bool:
        """Count the request if it is of the fault's kind; say whether the fault strikes it."""
        counts = self.fault.counts(request.action, endpoint)
        self.seen += counts
        return counts and self.seen >= self.fault.nth


@entry
@attrs.define(eq=False, repr=False)
class PsrpServer:
    """A :class:`FakeExchange` behind real HTTP, WSMan and PSRP on 127.0.0.1, for tests with any PSRP client.

    ``POST /PowerShell`` is Exchange's endpoint, in no-language mode and with Exchange's cmdlets, and ``POST /wsman``
    the ordinary one, with the ``*-Service`` cmdlets of ``server`` (the fake's first unless stated). The fake
    answers, with its state, its refusals and its log. A context manager; after closing it may be started again, on the
    same port and without its shells, like a server after a restart. Threads may share it.

    ``credential`` is the accepted user and password (``None`` accepts any). ``authentication`` are the kinds of login:
    ``negotiate`` is NTLM, and ``kerberos`` needs a ``keytab``, a file with the key of the service HTTP on the host that
    clients name. Each is offered as the scheme of its name. So ``["kerberos"]`` is Exchange's virtual directory by
    default, and ``["negotiate", "kerberos"]`` is WinRM, which takes Kerberos in either scheme. With ``tls`` the server
    has a certificate for 127.0.0.1 and localhost, and :attr:`certificate` is the file of its authority. Without TLS,
    messages in clear are accepted only with Basic. ``latency`` is the seconds before each answer, and ``slow`` the
    seconds that commands take, by name; you may change both at any time. ``shell_limit`` is the limit of shells of the
    account, ``max_commands`` that of commands in a shell, ``throttle`` how many commands are allowed in how many
    seconds, ``max_envelope`` the largest request in KB, and ``idle_timeout`` the seconds for which an unused shell is
    kept. With ``takes_statements=False`` Exchange's endpoint refuses several statements in one pipeline, as script
    text. :meth:`fail` arranges failures on the wire.

    ``requests`` counts requests by WSMan action. As in PowerShell, a failing statement stops the next ones only with
    ``-ErrorAction Stop``. Within one command the fake goes on after an error, whatever ErrorAction says.

    >>> from exchange_imap.testing import FakeExchange, PsrpServer
    >>> with PsrpServer(FakeExchange(servers=["MBX01"])) as psrp, psrp.exchange() as transport:
    ...     reply = transport.run(Pipeline((GetImapSettings(),)))
    ...     print(reply.records[0].get("ProtocolName"), psrp.open_shells)
    IMAP4 1
    """

    fake: FakeExchange
    server: str | None = attrs.field(default=None, kw_only=True)
    port: int = attrs.field(default=0, kw_only=True)
    """The port; 0 means any free port, chosen when it starts to listen."""
    credential: Credential | None = attrs.field(default=("administrator", "loopback"), kw_only=True)
    authentication: Collection[ServerAuthentication] = attrs.field(default=("basic",), kw_only=True)
    keytab: str | None = attrs.field(default=None, kw_only=True)
    tls: bool = attrs.field(default=False, kw_only=True)
    latency: float = attrs.field(default=0.0, kw_only=True)
    slow: Mapping[str, float] = attrs.field(factory=dict, kw_only=True)
    shell_limit: int = attrs.field(default=18, kw_only=True)
    max_commands: int = attrs.field(default=1000, kw_only=True)
    throttle: tuple[int, float] | None = attrs.field(default=None, kw_only=True)
    max_envelope: int = attrs.field(default=500, kw_only=True)
    idle_timeout: float = attrs.field(default=7200.0, kw_only=True)
    takes_statements: bool = attrs.field(default=True, kw_only=True)
    host: str = attrs.field(default="127.0.0.1", init=False)
    requests: Counter[str] = attrs.field(factory=Counter, init=False)
    connections: int = attrs.field(default=0, init=False)
    """The number of TCP connections so far."""
    errors: list[BaseException] = attrs.field(factory=list, init=False)
    """Errors of the server itself; there should be none."""
    closing: threading.Event = attrs.field(factory=threading.Event, init=False)
    _shells: Shells = attrs.field(init=False)
    _armed: list[_Armed] = attrs.field(factory=list, init=False)
    _approved: deque[float] = attrs.field(factory=deque, init=False)
    """The times of the commands that count for the throttle."""
    _listener: Listener | None = attrs.field(default=None, init=False)
    _certificates: Certificates | None = attrs.field(default=None, init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)

    def __attrs_post_init__(self) -> None:
        self.server = self.fake.servers[0].name if self.server is None else self.fake.server(self.server).name
        limits = Limits(
            shells=self.shell_limit, commands=self.max_commands, envelope=self.max_envelope, idle=self.idle_timeout
        )
        self._shells = Shells(self._make_session, limits)

    @property
    def url(self) -> str:
        """The URL without a path."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"

    @property
    def certificate(self) -> str:
        """The file (PEM) with the certificate of its own authority, for ``cert_validation``; there while it listens.

        Raises :class:`InvalidValueError` without ``tls=True``, and while the server does not listen.
        """
        if self._certificates is None:
            raise InvalidValueError("PsrpServer.certificate", "a server with tls=True that listens", repr(self))
        return self._certificates.authority

    @property
    def open_shells(self) -> int:
        """The number of open shells."""
        return len(self._shells.open)

    @property
    def peak_shells(self) -> int:
        """The largest number of shells at one time."""
        return self._shells.peak

    @property
    def open_commands(self) -> int:
        """The number of commands in the open shells, running or done."""
        return sum(len(shell.session.commands) for shell in self._shells.open)

    def fail(self, fault: WireFault) -> None:
        """Arrange a fault. Several may be arranged; each strikes as often as its ``times``."""
        with self._lock:
            self._armed.append(_Armed(fault))

    @property
    def faults(self) -> tuple[WireFault, ...]:
        """The faults that have not yet struck as often as their ``times``."""
        return tuple(armed.fault for armed in self._armed)

    def exchange(self, **options: Unpack[PsrpOptions]) -> PsrpTransport:
        """Make a transport to Exchange's endpoint here, as ``credential`` and with Basic unless stated."""
        from ..._transports.psrp.transport import PsrpTransport  # noqa: PLC0415 - loads pypsrp

        return PsrpTransport.exchange(self.host, **self._options(options))

    def windows(self, **options: Unpack[PsrpOptions]) -> PsrpTransport:
        """Make a transport to the Windows endpoint here, as :meth:`exchange` does."""
        from ..._transports.psrp.transport import PsrpTransport  # noqa: PLC0415 - loads pypsrp

        return PsrpTransport.windows(self.host, **self._options(options))

    def _options(self, options: PsrpOptions) -> PsrpOptions:
        user, password = self.credential or ("anybody", "anything")
        ours: PsrpOptions = {"port": self.port, "auth": "basic", "username": user, "password": password}
        if self.tls:
            ours |= {"ssl": True, "cert_validation": self.certificate}
        return {**ours, "allow_insecure": True, **options}

    def start(self) -> None:
        """Start to listen; ``port`` is known then."""
        self.closing.clear()
        converse = conversations(self.authentication, self.credential, keytab=self.keytab, tls=self.tls)
        self._certificates = make_certificates() if self.tls else None
        context = self._certificates.server_context if self._certificates else None
        self._listener = Listener((self.host, self.port), self, converse, context)
        self.port = self._listener.server_address[1]
        self._listener.start()

    def close(self) -> None:
        """Stop listening, end every shell and connection, and wait for every thread."""
        self.closing.set()
        self._shells.drop()
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()
        self._shells.drop()  # a shell that was created meanwhile
        certificates, self._certificates = self._certificates, None
        if certificates is not None:
            certificates.remove()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<PsrpServer {self.url}>"

    def opened(self) -> None:
        """Count a connection."""
        with self._lock:
            self.connections += 1

    def pause(self) -> None:
        """Sleep for the latency, unless the server closes."""
        self.closing.wait(self.latency)

    def report(self, error: BaseException) -> None:
        """Keep an error of the server itself."""
        self.errors.append(error)

    def too_large(self, size: int) -> WSManFault | None:
        """Refuse a body beyond the limit."""
        return wsman.too_large(self.max_envelope) if size > self.max_envelope * 1024 else None

    def count(self, request: Request, endpoint: Endpoint) -> WireFault | None:
        """Count a request; return the fault that strikes it."""
        with self._lock:
            self.requests[request.action] += 1
            struck = [armed for armed in self._armed if armed.sees(request, endpoint)]
            if not struck:
                return None
            struck[0].struck += 1
            if struck[0].struck == struck[0].fault.times:
                self._armed.remove(struck[0])
            return struck[0].fault

    def answer(self, request: Request, endpoint: Endpoint, fault: WireFault | None) -> bytes:
        """Carry out a request, with the fault that strikes it. Raises ``WSManFault``."""
        if fault is not None:
            self._spoil(request, fault)
        if request.action == "Command":
            self._approve()
        return self._shells.answer(request, endpoint)

    def _spoil(self, request: Request, fault: WireFault) -> None:
        match fault.kind:
            case WireFaultKind.THROTTLED:
                raise _worded(wsman.put_off(*_BUDGET, _WAIT), fault)
            case WireFaultKind.SHELL_LIMIT:
                raise _worded(wsman.too_many_shells(self.shell_limit), fault)
            case WireFaultKind.IDLE_DROP:
                self._shells.drop(request.shell_id)
            case WireFaultKind.NULL_PROPERTIES:
                shell = self._shells.find(request.shell_id)
                if shell is not None:
                    shell.session.valueless = True
            case _:
                return

    def _approve(self) -> None:
        """Allow a command, or refuse it until the oldest one no longer counts for the throttle."""
        if self.throttle is None:
            return
        commands, seconds = self.throttle
        with self._lock:
            now = time.monotonic()
            while self._approved and now - self._approved[0] >= seconds:
                self._approved.popleft()
            if len(self._approved) >= commands:
                raise wsman.put_off(commands, seconds, self._approved[0] + seconds - now)
            self._approved.append(now)

    def _make_session(self, endpoint: Endpoint) -> Session:
        transport = self.fake.transport(endpoint, self.server)
        has_language = endpoint is Endpoint.WINDOWS
        return Session(
            Surroundings(
                run=transport.run,
                has_language=has_language,
                delay=self._delay,
                report=self.report,
                takes_statements=has_language or self.takes_statements,
            )
        )

    def _delay(self, command: str) -> float:
        return {name.lower(): seconds for name, seconds in self.slow.items()}.get(command.lower(), 0.0)


def _worded(refusal: WSManFault, fault: WireFault) -> WSManFault:
    return refusal if fault.server_text is None else WSManFault(refusal.code, fault.server_text)
