"""The PSRP part of a shell: it takes messages, runs each pipeline on its own thread, and returns messages."""

from __future__ import annotations

import struct
import threading
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import attrs
import psrpcore
from psrpcore import types as ps

from ..._powershell.command import Pipeline
from ..._powershell.record import Record
from ..._transports.errors import ErrorRecord, TransportError
from ..._transports.transport import Reply
from .error_records import write_error
from .fragments import Outbox
from .statements import Failure, Statement, read_statements, run_statements
from .values import write_value

__all__ = ["Session", "Surroundings"]

_POOL_MESSAGES: Final = 2
"""The most messages for the pool in one answer: Windows, too, opens a pool with two answers."""
_CALL: Final = (b' N="CI"', b' N="ci"')
"""A property of messages to the pool, as [MS-PSRP] and pypsrp spell it, and as psrpcore does, which minds the case."""
_UNREADABLE: Final = (psrpcore.PSRPCoreError, ET.ParseError, struct.error, ValueError, LookupError, AttributeError)
_METADATA: Final = ErrorRecord(
    message="The loopback server does not describe its commands.",
    category="NotImplemented",
    fully_qualified_error_id="CommandMetadataNotModelled,exchange_imap.testing",
)


@attrs.frozen
class Surroundings:
    """The parts of the server that a session uses."""

    run: Callable[[Pipeline], Reply]
    """Answers a pipeline."""
    has_language: bool
    """Whether the endpoint would run script text."""
    delay: Callable[[str], float]
    """Returns the seconds that a command takes, by its name."""
    report: Callable[[BaseException], None]
    """Takes errors of the server itself."""
    takes_statements: bool = True
    """Whether several statements may come at once."""


@attrs.define(eq=False)
class _Running:
    """One pipeline: psrpcore's object, its thread, whether it has to stop, and whether it has ended."""

    half: psrpcore.ServerPipeline
    outbox: Outbox = attrs.field(factory=Outbox)
    stopping: bool = False
    done: bool = False
    thread: threading.Thread | None = None


@attrs.define(eq=False)
class Session:
    """A runspace pool with its pipelines, for one client. May be shared by threads."""

    surroundings: Surroundings
    valueless: bool = attrs.field(default=False, init=False)
    """Whether the next records have null in every property (a fault)."""
    closed: bool = attrs.field(default=False, init=False)
    _pool: psrpcore.ServerRunspacePool = attrs.field(factory=psrpcore.ServerRunspacePool, init=False)
    _changed: threading.Condition = attrs.field(factory=threading.Condition, init=False)
    _outbox: Outbox = attrs.field(factory=Outbox, init=False)
    _pipelines: dict[uuid.UUID, _Running] = attrs.field(factory=dict, init=False)
    _busy: int = attrs.field(default=0, init=False)
    """The number of pipelines that run now, at most that of the pool's runspaces."""

    @property
    def commands(self) -> tuple[uuid.UUID, ...]:
        """The commands in the session, running or done."""
        return tuple(self._pipelines)

    def has(self, pipeline: uuid.UUID) -> bool:
        """Say whether the session knows the pipeline."""
        return pipeline in self._pipelines

    def create(self, pipeline: uuid.UUID) -> None:
        """Make room for a pipeline whose fragments follow."""
        with self._changed:
            self._pipelines[pipeline] = _Running(psrpcore.ServerPipeline(self._pool, pipeline))

    def feed(self, data: bytes, pipeline: uuid.UUID | None = None) -> None:
        """Take fragments for the pool or a pipeline.

        Raises :class:`ValueError` for invalid fragments; that ends the session.
        """
        with self._changed, self._in_sense():
            known = data if pipeline else data.replace(*_CALL)
            self._pool.receive_data(psrpcore.PSRPPayload(known, psrpcore.StreamType.default, pipeline))
            while (event := self._pool.next_event()) is not None:
                self._heed(event)
            self._drain()

    @contextmanager
    def _in_sense(self) -> Iterator[None]:
        """End the session after an unreadable message."""
        try:
            yield
        except _UNREADABLE as error:
            self._leave()
            raise ValueError(f"The PSRP messages cannot be read: {error}") from error

    def _heed(self, event: psrpcore.PSRPEvent[Any, Any]) -> None:  # Any: events of every kind
        """Handle the events that psrpcore leaves to its user."""
        match event:
            case psrpcore.CreatePipelineEvent():
                self._start(self._pipelines[event.pipeline_id])
            case psrpcore.GetCommandMetadataEvent():
                running = self._pipelines[event.pipeline_id]
                running.half.start()
                self._end(running, Failure(_METADATA, ""))
            case psrpcore.GetAvailableRunspacesEvent():
                self._pool.runspace_availability_response(event.ci, self._pool.max_runspaces - self._busy)
            case psrpcore.SetMaxRunspacesEvent() | psrpcore.SetMinRunspacesEvent() | psrpcore.ResetRunspaceStateEvent():
                self._pool.runspace_availability_response(event.ci, response=True)
            case _:
                return

    def connect(self, data: bytes) -> bytes:
        """Take the messages of a client that connects to the shell, and return the beginning of the answer.

        Raises :class:`ValueError` as :meth:`feed` does.
        """
        with self._changed:
            with self._in_sense():
                self._pool.disconnect()
                self._pool.connect()
                self._pool.prepare_message(self._pool.our_capability)
            self.feed(data)
            return self._outbox.take(self._outbox.size, _POOL_MESSAGES)

    def _start(self, running: _Running) -> None:
        running.half.start()
        running.thread = threading.Thread(target=self._execute, args=(running,), name="PsrpServer pipeline")
        running.thread.start()

    def _drain(self) -> None:
        """Move psrpcore's data to the outboxes, from which a Receive takes it."""
        while (payload := self._pool.data_to_send()) is not None:
            if payload.pipeline_id is None:
                self._outbox.put(payload.data)
            elif payload.pipeline_id in self._pipelines:
                self._pipelines[payload.pipeline_id].outbox.put(payload.data)
        self._changed.notify_all()

    def _execute(self, running: _Running) -> None:
        """Run one pipeline, on its own thread."""
        try:
            if self._take_runspace(running):
                try:
                    failure = self._run(running)
                finally:
                    self._give_back_runspace()
            else:
                failure = None
        except Exception as error:  # noqa: BLE001 - no one waits for this thread; the error is reported
            self._give_up(error)
            return
        with self._changed:
            self._end(running, failure)
            self._drain()

    def _give_up(self, error: Exception) -> None:
        """End the session after the fake has raised an error."""
        if not isinstance(error, TransportError):
            self.surroundings.report(error)
        self._leave()

    def _take_runspace(self, running: _Running) -> bool:
        """Wait for a free runspace; return false if the pipeline has to stop before that."""
        with self._changed:
            self._changed.wait_for(lambda: running.stopping or self._busy < self._pool.max_runspaces)
            self._busy += not running.stopping
            return not running.stopping

    def _give_back_runspace(self) -> None:
        with self._changed:
            self._busy -= 1
            self._changed.notify_all()

    def _run(self, running: _Running) -> Failure | None:
        shell: Any = running.half.metadata  # Any: psrpcore says that it is some object
        around = self.surroundings
        found = read_statements(shell, has_language=around.has_language, takes_statements=around.takes_statements)
        if isinstance(found, ErrorRecord):
            return Failure(found, "")
        streams = _Streams(self, running.half, self._changed)
        return run_statements(found, lambda statement: self._answer(running, statement), streams)

    def _answer(self, running: _Running, statement: Statement) -> Reply | None:
        seconds = sum(self.surroundings.delay(command.name) for command in statement.pipeline.commands)
        with self._changed:
            self._changed.wait_for(lambda: running.stopping, seconds)
            if running.stopping:
                return None
        return self.surroundings.run(statement.pipeline)

    def _end(self, running: _Running, failure: Failure | None) -> None:
        if failure is not None:
            error = write_error(failure.error, failure.command)
            state = ps.PSInvocationState.Failed
            running.half.prepare_message(ps.PipelineState(PipelineState=int(state), ExceptionAsErrorRecord=error))
            running.half.state = state
        elif running.stopping:
            running.half.stop()
        else:
            running.half.complete()
        running.done = True

    def receive(self, pipeline: uuid.UUID | None, room: int, patience: float) -> tuple[bytes, bool] | None:
        """Wait for data of the pool or a pipeline; return it, and whether that is the last of it.

        ``room`` is the room in an answer, in characters of base64. A pipeline returns all data at once if it fits.
        ``None`` means that the time is up, or that the session or the pipeline has gone.
        """
        with self._changed:
            running = self._pipelines.get(pipeline) if pipeline else None
            outbox, size = running.outbox if running else self._outbox, _in_bytes(room)
            self._changed.wait_for(lambda: self._is_gone(pipeline) or _is_ready(running, outbox, size), patience)
            if self._is_gone(pipeline) or not _is_ready(running, outbox, size):
                return None
            data = outbox.take(size, None if running else _POOL_MESSAGES)
            return data, running is not None and running.done and not outbox

    def _is_gone(self, pipeline: uuid.UUID | None) -> bool:
        return self.closed or (pipeline is not None and pipeline not in self._pipelines)

    def stop(self, pipeline: uuid.UUID) -> None:
        """Ask a pipeline to stop."""
        with self._changed:
            self._pipelines[pipeline].stopping = True
            self._changed.notify_all()

    def remove(self, pipeline: uuid.UUID) -> None:
        """Stop a pipeline, wait for its thread, and forget it."""
        with self._changed:
            running = self._pipelines.pop(pipeline, None)
            if running is None:
                return
            running.stopping = True
            self._pool.pipeline_table.pop(pipeline, None)
            self._changed.notify_all()
        if running.thread is not None:
            running.thread.join()

    def close(self) -> None:
        """Stop all pipelines and wake all requests that wait for data."""
        self._leave()
        for pipeline in self.commands:
            self.remove(pipeline)

    def _leave(self) -> None:
        with self._changed:
            self.closed = True
            self._changed.notify_all()


def _is_ready(running: _Running | None, outbox: Outbox, size: int) -> bool:
    return bool(outbox) if running is None else running.done or outbox.size >= size


@attrs.frozen
class _Streams:
    """The output of a pipeline, as messages to the client."""

    session: Session
    half: psrpcore.ServerPipeline
    turn: threading.Condition

    def output(self, records: Sequence[Record]) -> None:
        """Put out objects."""
        with self.turn:
            for record in records:
                self.half.write_output(write_value(record, without_values=self.session.valueless))
            self.session.valueless &= not records

    def warn(self, text: str) -> None:
        """Put out a warning."""
        with self.turn:
            self.half.write_warning(text)

    def complain(self, error: ErrorRecord, command: str, *, suppressed: bool) -> None:
        """Put out an error that ends nothing."""
        record = write_error(error, command, suppressed=suppressed)
        with self.turn:
            self.half.prepare_message(record, ps.PSRPMessageType.ErrorRecord)


def _in_bytes(room: int) -> int:
    """Return how many bytes fit into so many characters of base64."""
    return room * 3 // 4
