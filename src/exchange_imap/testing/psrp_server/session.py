"""The PSRP half of a shell: messages in, pipelines run on threads of their own, messages out."""

from __future__ import annotations

import threading
import uuid
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import attrs
import psrpcore
from psrpcore import types as ps

from ..._errors import TransportError
from ..._powershell.command import Command, Pipeline
from ..._transports.seam import ErrorRecord, Reply
from .values import read_arguments, read_command, write_error, write_value

__all__ = ["Session", "Surroundings"]

_FRAGMENT: Final = 96_000
"""Bytes of the largest fragment that is sent: in base64 it fits the smallest envelope."""
_HEADER: Final = 21
_POOL_MESSAGES: Final = 2
"""Messages for the pool that one Receive brings: Windows, too, sends what opens a pool in two parts."""
# Found while PowerShell looks for the command and binds its parameters: these end the pipeline, other errors do not.
_TERMINATING: Final = (
    "CommandNotFoundException",
    "NamedParameterNotFound",
    "ParameterArgumentTransformationError",
    "ParameterArgumentValidationError",
    "ParameterAlreadyBound",
    "MissingArgument",
    "MissingMandatoryParameter",
    "AmbiguousParameterSet",
    "CannotConvertArgumentNoMessage",
    "ScriptsNotAllowed",
)
_SCRIPT: Final = ErrorRecord(
    message="The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode.",
    category="ParserError",
    fully_qualified_error_id="ScriptsNotAllowed",
)


@attrs.frozen
class Surroundings:
    """What a session needs of its server: who answers a pipeline, whether script text is let in, and what is slow."""

    run: Callable[[Pipeline], Reply]
    has_language: bool
    delay: Callable[[str], float]
    """Seconds that a command takes, by its name."""
    takes_values: Callable[[], bool]
    """Whether the next pipeline's records shall lose their values."""


@attrs.define(eq=False)
class _Running:
    """One pipeline: psrpcore's half, its thread, and whether it is to stop."""

    half: psrpcore.ServerPipeline
    stop: threading.Event = attrs.field(factory=threading.Event)
    done: bool = False
    thread: threading.Thread | None = None


@attrs.define(eq=False)
class Session:
    """A runspace pool with its pipelines, for one client."""

    surroundings: Surroundings
    _pool: psrpcore.ServerRunspacePool = attrs.field(factory=psrpcore.ServerRunspacePool, init=False)
    _changed: threading.Condition = attrs.field(factory=threading.Condition, init=False)
    _outgoing: defaultdict[uuid.UUID | None, deque[bytes]] = attrs.field(factory=lambda: defaultdict(deque), init=False)
    _running: dict[uuid.UUID, _Running] = attrs.field(factory=dict, init=False)
    _closed: bool = attrs.field(default=False, init=False)
    _turn: threading.Lock = attrs.field(factory=threading.Lock, init=False)
    """Held by the one pipeline that runs: a pool of one runspace has no room for two."""

    @property
    def commands(self) -> int:
        """How many commands are in the session, done or not."""
        return len(self._running)

    def feed(self, data: bytes, pipeline: uuid.UUID | None = None) -> None:
        """Take fragments for the pool or a pipeline."""
        with self._changed:
            self._pool.receive_data(psrpcore.PSRPPayload(data, psrpcore.StreamType.default, pipeline))
            while (event := self._pool.next_event()) is not None:
                if isinstance(event, psrpcore.CreatePipelineEvent):
                    self._start(event.pipeline_id)
            self._drain()

    def create(self, pipeline: uuid.UUID) -> None:
        """Make room for a pipeline whose fragments follow."""
        with self._changed:
            self._running[pipeline] = _Running(psrpcore.ServerPipeline(self._pool, pipeline))

    def has(self, pipeline: uuid.UUID) -> bool:
        """Say whether the session knows the pipeline."""
        return pipeline in self._running

    def _start(self, pipeline: uuid.UUID) -> None:
        running = self._running[pipeline]
        running.half.start()
        running.thread = threading.Thread(target=self._execute, args=(running,), name=f"pipeline {pipeline}")
        running.thread.start()

    def _drain(self) -> None:
        """Move what psrpcore wants to send to where a Receive finds it, fragment by fragment."""
        while (payload := self._pool.data_to_send(_FRAGMENT)) is not None:
            self._outgoing[payload.pipeline_id] += _fragments(payload.data)
        self._changed.notify_all()

    def _execute(self, running: _Running) -> None:
        with self._turn:
            try:
                metadata: Any = running.half.metadata  # Any: psrpcore says that it is some object
                self._run_statements(running, _statements(metadata.commands))
            except TransportError:  # what stands behind is not there any more, so neither is the session
                self._leave()

    def _run_statements(self, running: _Running, statements: Sequence[Sequence[Any]]) -> None:
        """Run them one after another; an error is no reason to stop unless the command says so."""
        failure: ps.ErrorRecord | None = None
        if not self.surroundings.has_language and (len(statements) > 1 or statements[0][0].is_script):
            failure = write_error(_SCRIPT, "")
            statements = ()
        for statement in statements:
            failure = self._run(running, [read_command(command) for command in statement], statement[-1])
            if failure is not None or running.stop.is_set():
                break
        self._end(running, failure)

    def _run(self, running: _Running, commands: list[Command], last: Any) -> ps.ErrorRecord | None:
        """Run one statement; return the error that ends the pipeline, if one does."""
        if running.stop.wait(sum(self.surroundings.delay(command.name) for command in commands)):
            return None
        reply = self.surroundings.run(Pipeline(tuple(commands)))
        name = commands[0].name
        errors = [write_error(error, name) for error in reply.errors]
        stops = read_arguments(last).get("erroraction") == "Stop"
        ends = bool(errors) and (stops or str(errors[0].FullyQualifiedErrorId).startswith(_TERMINATING))
        without = self.surroundings.takes_values() if reply.records else False
        with self._changed:
            for warning in reply.warnings:
                running.half.write_warning(warning)
            for record in reply.records:
                running.half.write_output(write_value(record, without_values=without))
            for error in errors[1 if ends else 0 :]:
                running.half.prepare_message(error, ps.PSRPMessageType.ErrorRecord)
        return errors[0] if ends else None

    def _end(self, running: _Running, failure: ps.ErrorRecord | None) -> None:
        with self._changed:
            if failure is not None:
                running.half.prepare_message(
                    ps.PipelineState(PipelineState=int(ps.PSInvocationState.Failed), ExceptionAsErrorRecord=failure)
                )
                running.half.state = ps.PSInvocationState.Failed
            elif running.stop.is_set():
                running.half.stop()
            else:
                running.half.complete()
            running.done = True
            self._drain()

    def receive(self, pipeline: uuid.UUID | None, room: int, patience: float) -> tuple[bytes, bool] | None:
        """Wait for what the pool or a pipeline has to say; return it and whether that was the last of it.

        A pipeline says all of it at once where there is room. ``None`` when time is up.
        """
        with self._changed:
            queue = self._outgoing[pipeline]
            if not self._changed.wait_for(lambda: self._is_ready(pipeline, queue, room), patience):
                return None
            taken, parts = bytearray(), 0
            most = _POOL_MESSAGES if pipeline is None else len(queue)
            while queue and parts < most and (not taken or _in_base64(len(taken) + len(queue[0])) < room):
                taken += queue.popleft()
                parts += 1
            running = self._running.get(pipeline) if pipeline else None
            return bytes(taken), running is not None and running.done and not queue

    def _is_ready(self, pipeline: uuid.UUID | None, queue: deque[bytes], room: int) -> bool:
        if self._closed:
            return True
        running = self._running.get(pipeline) if pipeline else None
        if running is None:
            return bool(queue)
        return running.done or _in_base64(sum(map(len, queue))) >= room

    def stop(self, pipeline: uuid.UUID) -> None:
        """Ask a pipeline to stop."""
        self._running[pipeline].stop.set()

    def remove(self, pipeline: uuid.UUID) -> None:
        """Stop a pipeline and forget it."""
        running = self._running.pop(pipeline)
        running.stop.set()
        if running.thread is not None:
            running.thread.join()
        with self._changed:
            self._outgoing.pop(pipeline, None)
            running.half.close()

    def close(self) -> None:
        """Stop everything and let those go who wait for an answer."""
        self._leave()
        for pipeline in list(self._running):
            self.remove(pipeline)

    def _leave(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._closed


def _statements(commands: Sequence[Any]) -> list[list[Any]]:  # Any: psrpcore's Command
    """Split a pipeline's commands where a statement ends."""
    statements: list[list[Any]] = [[]]
    for command in commands:
        statements[-1].append(command)
        if command.end_of_statement:
            statements.append([])
    return [statement for statement in statements if statement]


def _fragments(data: bytes) -> Iterator[bytes]:
    while data:
        size = _HEADER + int.from_bytes(data[_HEADER - 4 : _HEADER], "big")
        yield data[:size]
        data = data[size:]


def _in_base64(size: int) -> int:
    return size * 4 // 3 + 200
