"""The transport to a real server over PSRP."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Self, Unpack

import attrs

from ..._entry import entry
from ..._errors import InvalidValueError
from ..._powershell.command import Pipeline
from ..errors import ThrottledError, TransportError, TransportTimeoutError
from ..reads import Reads
from ..transport import RUN_HINT, Reply, only_reads
from .deadline import Deadline
from .keywords import PsrpOptions
from .options import ConnectionOptions, mask
from .run import Run
from .session import Session

__all__ = ["PsrpTransport"]


@entry(pipeline=RUN_HINT, host="Give a host name or IP address.")
@attrs.define(eq=False, repr=False, slots=False)
class PsrpTransport:
    """A session with one endpoint of one server, over HTTP, WSMan and PSRP.

    :meth:`exchange` and :meth:`windows` make it; nothing is sent before the first command. One shell is opened then
    and kept, and closed by :meth:`close`, by leaving a ``with`` block, or at the latest when the interpreter exits.
    If the server has closed it meanwhile, a command that reads opens another; a command that writes raises
    :class:`TransportError` with ``sent=False``, and the next command opens it. Only names and typed parameters are ever
    sent, never script text.

    A session belongs to the process that opened it; a forked process opens its own when it needs one. Threads may share
    it: their commands run one after another, in no fixed order.
    ``timeout`` limits a command from its call to its answer, including waiting and opening. A command that takes longer
    is stopped on the server and raises :class:`TransportTimeoutError`. After a lost answer the shell is asked about
    the command: its answer comes after all, or ``sent=False`` says that it never ran, or ``sent`` stays unknown.

    >>> transport = PsrpTransport.exchange("mbx01.contoso.com", username="admin@CONTOSO.COM")
    >>> transport
    <PsrpTransport Microsoft.Exchange at http://mbx01.contoso.com:80/PowerShell: not open>
    """

    _options: ConnectionOptions
    _session: Session = attrs.field(init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)
    _process: int = attrs.field(factory=os.getpid, init=False)
    _cancelled: threading.Event = attrs.field(factory=threading.Event, init=False)
    _closed: bool = attrs.field(default=False, init=False)
    _reads: Reads = attrs.field(factory=Reads, init=False)

    def __attrs_post_init__(self) -> None:
        self._session = Session(self._options)
        weakref.finalize(self, _close_quietly, self._session)

    @classmethod
    def exchange(cls, host: str, **options: Unpack[PsrpOptions]) -> Self:
        """Make the transport to the Exchange Management Shell's endpoint: ``http://host/PowerShell``, Kerberos.

        For ``options`` see :class:`PsrpOptions`. Raises :class:`InvalidValueError` for an unknown one.
        """
        options = mask(options)
        return cls(ConnectionOptions.exchange(host, options))

    @classmethod
    def windows(cls, host: str, **options: Unpack[PsrpOptions]) -> Self:
        """Make the transport to the ordinary WinRM endpoint, which has the ``*-Service`` cmdlets: port 5985, Negotiate.

        For ``options`` see :class:`PsrpOptions`. Raises :class:`InvalidValueError` for an unknown one.
        """
        options = mask(options)
        return cls(ConnectionOptions.windows(host, options))

    def run(self, pipeline: Pipeline, *, timeout: timedelta | None = None) -> Reply:
        """Run one pipeline, at most once, and return its answer, including refusals.

        Raises :class:`TransportError` when it did not reach the server or its answer was lost, and
        :class:`InvalidValueError` for a value that cannot be sent. ``timeout`` replaces that of the session.
        """
        return self._carry_through(self._new_run((pipeline,), timeout))

    def run_batch(self, pipelines: Sequence[Pipeline], *, timeout: timedelta | None = None) -> Reply:
        """Run several pipelines in order, as statements of one request, up to the first that has an error.

        The answers come together: to find out which pipeline failed, read the server again. Exchange's own endpoint is
        refused, because it is not known whether it takes several statements. Raises :class:`InvalidValueError` there,
        and otherwise what :meth:`run` raises.
        """
        if self._options.configuration == "Microsoft.Exchange":
            raise InvalidValueError("run_batch", "the Microsoft.PowerShell endpoint", self._options.configuration)
        return self._carry_through(self._new_run(pipelines, timeout))

    @property
    def username(self) -> str | None:
        """The user of the session; ``None`` if the ticket of the process is used."""
        return self._options.username

    @property
    def time_limit(self) -> timedelta | None:
        """How long a command may take unless stated: the option ``timeout``."""
        return self._options.timeout

    @property
    def runs_batches(self) -> bool:
        """Whether :meth:`run_batch` may be used here."""
        return self._options.configuration != "Microsoft.Exchange"

    def run_reads(self, pipelines: Sequence[Pipeline], *, timeout: timedelta | None = None) -> tuple[Reply, ...]:
        """Run pipelines that only read (``Get-``), in few requests, and return a reply for each, in their order.

        Cmdlets whose answers differ in type are sent as statements of one request, and the answer is divided where that
        is certain. Otherwise each is asked for by itself: after an error, a warning, an empty, late or lost answer, and
        if the endpoint refuses several statements, which is remembered. Whether Exchange's endpoint takes them has not
        been seen on a real server, so nothing depends on it.

        ``timeout`` limits each request. Raises what :meth:`run` raises, and :class:`InvalidValueError` for a command
        that may write.
        """

        def run_together(reads: Sequence[Pipeline]) -> Reply | None:
            run = self._new_run(reads, timeout, stop_at_error=False)
            try:
                return self._carry_through(run)
            except TransportError as error:
                if not run.began or self._cancelled.is_set() or isinstance(error, ThrottledError):
                    raise
                return None

        return self._reads.carry_out(pipelines, partial(self.run, timeout=timeout), run_together)

    def _new_run(self, pipelines: Sequence[Pipeline], timeout: timedelta | None, *, stop_at_error: bool = True) -> Run:
        deadline = Deadline.after(self._options.timeout if timeout is None else timeout)
        if not all(pipeline.elements for pipeline in pipelines) or not pipelines:
            raise InvalidValueError("pipeline", "a command", "none")
        return Run(self._session, tuple(pipelines), deadline, self._cancelled, stop_at_error)

    def _carry_through(self, run: Run) -> Reply:
        """Carry out a call when it has its turn; one that only reads, in a new shell if the old one has gone."""
        with self._in_turn(run.deadline, run.text):
            try:
                return run.carry_through()
            except TransportError:
                if not (run.stale and all(map(only_reads, run.pipelines))):
                    raise
            return attrs.evolve(run).carry_through()

    @property
    def _turn(self) -> threading.Lock:
        """The lock of the session; a forked process gets a new one."""
        if self._process != os.getpid():
            self._lock, self._process = threading.Lock(), os.getpid()
        return self._lock

    @contextmanager
    def _in_turn(self, deadline: Deadline, text: str) -> Iterator[None]:
        left, turn = deadline.remaining, self._turn
        if not turn.acquire(timeout=-1 if left is None else left):
            raise TransportTimeoutError("The session was busy all the time allowed", text, sent=False)
        try:
            self._refuse_closed(text)
            self._cancelled.clear()
            yield
        finally:
            turn.release()

    def _refuse_closed(self, text: str) -> None:
        if self._closed:
            raise TransportError("The session is closed", text, sent=False, hint="Make a new transport.")

    def cancel(self) -> None:
        """Stop the command that runs now, from another thread; it raises :class:`TransportTimeoutError` there.

        That takes less than a second, whatever the server does. The command is stopped on the server, or else the shell
        is closed, as far as the server cooperates.
        """
        self._cancelled.set()
        self._session.interrupt()

    def close(self) -> None:
        """Close the shell; running again afterwards is an error. Waits for a command that runs."""
        with self._turn:
            self._closed = True
            _close_quietly(self._session)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "closed" if self._closed else "open" if self._session.is_open else "not open"
        return f"<PsrpTransport {self._options.configuration} at {self._options.url}: {state}>"


def _close_quietly(session: Session) -> None:
    if session.is_open:
        session.close()
