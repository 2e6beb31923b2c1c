"""Record the commands and answers of a transport in a readable file, and answer from that file without a server."""

from __future__ import annotations

import json
import re
from os import PathLike
from pathlib import Path
from typing import Final, Self

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._json import Json
from .._powershell.command import Pipeline
from .._powershell.masking import mask_secrets
from .errors import TransportError
from .recorded_replies import read_error, read_reply, write_error, write_reply
from .recorded_values import read_items, read_object, read_text
from .transport import RUN_HINT, Reply, Transport

__all__ = ["RecordingTransport", "ReplayTransport"]

_FORMAT: Final = "exchange_imap recording 1"
_HALF: Final = re.compile("[\ud800-\udfff]")
_Exchange = tuple[str, Reply | TransportError]
"""A command, and what came of it."""


def _spell(recording: Json) -> bytes:
    """Write JSON. Half a surrogate, which UTF-8 cannot encode, is written as an escape."""
    text = json.dumps(recording, indent=2, ensure_ascii=False) + "\n"
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text).encode()


def _parse(path: Path) -> Json:
    try:
        data: Json = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InvalidValueError("recording", "a JSON file", str(path), str(error)) from None
    return data


def _read_exchanges(data: Json) -> list[_Exchange]:
    """Read every exchange. Raises :class:`InvalidValueError`, with the path of what is wrong."""
    try:
        return list(read_items(data, "recording.exchanges", _read_exchange))
    except RecursionError:
        expected = "objects within each other as a transport answers them"
        raise InvalidValueError("recording.exchanges", expected, "deeper ones") from None


def _read_exchange(data: Json, path: str) -> _Exchange:
    parts = read_object(data, path, ("command",), ("reply", "error"))
    command = read_text(parts["command"], f"{path}.command")
    if len(parts) != len(("command", "answer")):
        raise InvalidValueError(path, "a reply or an error", [*parts])
    if "error" in parts:
        return command, read_error(parts["error"], f"{path}.error")
    return command, read_reply(parts["reply"], f"{path}.reply")


def _text(pipeline: Pipeline) -> str:
    """Return the command as it is recorded: with a mask in place of a password that was given as plain text."""
    return mask_secrets(str(pipeline))


@entry(pipeline=RUN_HINT)
@attrs.define(eq=False)
class RecordingTransport:
    """A transport around another that records each command and its answer; :meth:`close` writes them to ``path``.

    The file is JSON: commands as an administrator would type them, records with all their properties, and the errors
    that the transport raises. It has no secrets: the text of a command does not show them, and values of parameters for
    passwords are masked.

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
        """Run the pipeline and record its answer or error."""
        try:
            reply = self.transport.run(pipeline)
        except TransportError as error:
            self._exchanges.append({"command": _text(pipeline), "error": write_error(error)})
            raise
        self._exchanges.append({"command": _text(pipeline), "reply": write_reply(reply)})
        return reply

    def close(self) -> None:
        """Write the file and close the transport within."""
        try:
            Path(self.path).write_bytes(_spell({"format": _FORMAT, "exchanges": self._exchanges}))
        finally:
            self.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@entry(pipeline=RUN_HINT)
@attrs.define(eq=False)
class ReplayTransport:
    """A transport that answers from a recording, and only the same commands in the same order.

    ``exchanges`` is the list of that name in a recording. All of it is checked before the first answer.

    >>> ReplayTransport([]).run(Pipeline((GetImapSettings(),)))
    Traceback (most recent call last):
    exchange_imap.InvalidValueError: ReplayTransport: expected no further command, received ...
    """

    _exchanges: list[_Exchange] = attrs.field(repr=False, converter=_read_exchanges)
    _played: int = attrs.field(default=0, init=False)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Self:
        """Read the file. Raises :class:`InvalidValueError` with the place of the error if it is not a recording."""
        recording = _parse(Path(path))
        if not isinstance(recording, dict) or recording.get("format") != _FORMAT:
            raise InvalidValueError("recording", f"a file of the format {_FORMAT!r}", str(path))
        return cls(recording.get("exchanges"))

    @property
    def remaining(self) -> tuple[str, ...]:
        """The recorded commands that were not run yet."""
        return tuple(command for command, _ in self._exchanges[self._played :])

    def run(self, pipeline: Pipeline) -> Reply:
        """Answer as recorded, or raise as recorded.

        Raises :class:`InvalidValueError` for a command that is not the next one recorded.
        """
        left = self._exchanges[self._played : self._played + 1]
        expected, answer = left[0] if left else ("no further command", None)
        command = _text(pipeline)
        if answer is None or command != expected:
            raise InvalidValueError("ReplayTransport", expected, command, "Record the session again.")
        self._played += 1
        if isinstance(answer, TransportError):
            raise answer
        return answer

    def close(self) -> None:
        """Do nothing, because there is no session."""
