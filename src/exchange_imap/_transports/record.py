"""Record what passes through a transport into a readable file, and play it back without a server."""

from __future__ import annotations

import json
from datetime import timedelta
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import attrs

from .._errors import (
    AuthenticationError,
    EndpointError,
    InvalidValueError,
    ThrottledError,
    TransportError,
    TransportTimeoutError,
)
from .._powershell.command import Pipeline
from .recorded_values import Json, read_record, write_record
from .seam import ErrorRecord, Reply, Transport

__all__ = ["RecordingTransport", "ReplayTransport"]

_FORMAT: Final = "exchange_imap recording 1"
_ERRORS: Final = {
    each.__name__: each
    for each in (TransportError, AuthenticationError, TransportTimeoutError, EndpointError, ThrottledError)
}


@attrs.define(eq=False)
class RecordingTransport:
    """A transport around another that notes each command and its answer; :meth:`close` writes them to ``path``.

    The file is JSON: commands as the text that an administrator would type, records with all their properties. A
    secret never gets there, since a command's text does not show it. What a transport raises is recorded too.

    >>> from exchange_imap.testing import FakeExchange
    >>> path = Path(folder, "session.json")
    >>> with RecordingTransport(FakeExchange(servers=["MBX01"]).transport(), path) as transport:
    ...     reply = transport.run(Pipeline((GetImapSettings(),)))
    >>> ReplayTransport.load(path).run(Pipeline((GetImapSettings(),))) == reply
    True
    """

    transport: Transport
    path: str | PathLike[str]
    _exchanges: list[Json] = attrs.field(factory=list, init=False, repr=False)

    def run(self, pipeline: Pipeline) -> Reply:
        """Run the pipeline and note what came of it."""
        try:
            reply = self.transport.run(pipeline)
        except TransportError as error:
            self._exchanges.append({"command": str(pipeline), "error": _write_error(error)})
            raise
        self._exchanges.append({"command": str(pipeline), "reply": _write_reply(reply)})
        return reply

    def close(self) -> None:
        """Write the file and close the transport within."""
        recording: Json = {"format": _FORMAT, "exchanges": self._exchanges}
        try:
            Path(self.path).write_text(json.dumps(recording, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        finally:
            self.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


@attrs.define(eq=False)
class ReplayTransport:
    """A transport that answers from a recording: the same commands in the same order, and nothing else.

    >>> ReplayTransport([]).run(Pipeline((GetImapSettings(),)))
    Traceback (most recent call last):
    exchange_imap._errors.InvalidValueError: ReplayTransport: expected no further command, received ...
    """

    _exchanges: list[dict[str, Any]] = attrs.field(repr=False)  # Any: JSON, read when its turn comes
    _played: int = attrs.field(default=0, init=False)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Self:
        """Read the file. Raises :class:`InvalidValueError` for one that is no recording."""
        try:
            recording = json.loads(Path(path).read_text(encoding="utf-8"))
        except ValueError as error:
            raise InvalidValueError("recording", "a JSON file", str(path), str(error)) from error
        if not isinstance(recording, dict) or recording.get("format") != _FORMAT:
            raise InvalidValueError("recording", f"a file of the format {_FORMAT!r}", str(path))
        return cls(recording["exchanges"])

    @property
    def remaining(self) -> tuple[str, ...]:
        """The commands that have not been asked for yet."""
        return tuple(exchange["command"] for exchange in self._exchanges[self._played :])

    def run(self, pipeline: Pipeline) -> Reply:
        """Answer as recorded, or raise as recorded.

        Raises :class:`InvalidValueError` for a command that is not the next one recorded.
        """
        expected = self.remaining[0] if self.remaining else "no further command"
        if str(pipeline) != expected:
            raise InvalidValueError("ReplayTransport", expected, str(pipeline), "Record the session again.")
        exchange = self._exchanges[self._played]
        self._played += 1
        if "error" in exchange:
            raise _read_error(exchange["error"])
        return _read_reply(exchange["reply"])

    def close(self) -> None:
        """Do nothing: there is no session."""


def _write_reply(reply: Reply) -> Json:
    return {
        "records": [write_record(record) for record in reply.records],
        "errors": [attrs.asdict(error) for error in reply.errors],
        "warnings": list(reply.warnings),
        "seconds": reply.elapsed.total_seconds(),
    }


def _read_reply(data: dict[str, Any]) -> Reply:  # Any: JSON
    return Reply(
        records=tuple(map(read_record, data["records"])),
        errors=tuple(ErrorRecord(**error) for error in data["errors"]),
        warnings=tuple(data["warnings"]),
        elapsed=timedelta(seconds=data["seconds"]),
    )


def _write_error(error: TransportError) -> Json:
    parts = attrs.asdict(error)
    if isinstance(error, ThrottledError):
        parts["wait"] = None if error.wait is None else error.wait.total_seconds()
    return {"class": type(error).__name__, **parts}


def _read_error(data: dict[str, Any]) -> TransportError:  # Any: JSON
    parts = dict(data)
    kind = _ERRORS[parts.pop("class")]
    if parts.get("wait") is not None:
        parts["wait"] = timedelta(seconds=parts["wait"])
    return kind(**parts)
