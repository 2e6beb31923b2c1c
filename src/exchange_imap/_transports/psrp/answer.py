"""Build the answer to one pipeline: fragments become messages, and messages become records, errors and warnings.

pypsrp returns a property with several values as XML text, so this project's own reader reads the XML of each message.
Source of the layout and the numbers: [MS-PSRP] 2.2.1.
"""

from __future__ import annotations

import enum
from datetime import timedelta
from typing import Final

import attrs

from ..._powershell.clixml import read_object
from ..._powershell.record import Record, RecordValue
from ..errors import ErrorRecord
from ..transport import Reply
from .fragments import Fragments

__all__ = ["Answer", "PipelineState"]

_HEADER: Final = 40
"""Bytes before a message's XML: Destination (4), MessageType (4), RPID (16) and PID (16)."""
_MARK: Final = b"\xef\xbb\xbf"


class _Message(enum.IntEnum):
    OUTPUT = 0x00041004
    ERROR = 0x00041005
    STATE = 0x00041006
    WARNING = 0x00041009


class PipelineState(enum.IntEnum):
    """How a pipeline ended: PSInvocationState of [MS-PSRP] 2.2.3.5."""

    STOPPED = 3
    COMPLETED = 4
    FAILED = 5


# System.Management.Automation.ErrorCategory, in the order of its numbers.
_NAMES: Final = """
NotSpecified OpenError CloseError DeviceError DeadlockDetected InvalidArgument InvalidData InvalidOperation
InvalidResult InvalidType MetadataError NotImplemented NotInstalled ObjectNotFound OperationStopped OperationTimeout
SyntaxError ParserError PermissionDenied ResourceBusy ResourceExists ResourceUnavailable ReadError WriteError
FromStdErr SecurityError ProtocolError ConnectionError AuthenticationError LimitsExceeded QuotaExceeded NotEnabled
"""
_CATEGORIES: Final = _NAMES.split()


@attrs.define
class Answer:
    """The part of the answer that has arrived; ``state`` is set when the pipeline has ended."""

    _fragments: Fragments = attrs.field(factory=Fragments)
    state: PipelineState | None = attrs.field(default=None, init=False)
    _records: list[Record] = attrs.field(factory=list, init=False)
    _errors: list[ErrorRecord] = attrs.field(factory=list, init=False)
    _warnings: list[str] = attrs.field(factory=list, init=False)

    @property
    def last(self) -> int | None:
        """The number of the last message of this answer or of the one before."""
        return self._fragments.last

    @property
    def gapless(self) -> bool:
        """Whether the messages' numbers prove that none was lost."""
        return self._fragments.gapless

    def feed(self, data: bytes) -> None:
        """Take fragments; keep the beginning of an incomplete message for later.

        Raises :class:`LostPartError` for a missing fragment, and :class:`UnexpectedReplyError` for an invalid message.
        """
        for message in self._fragments.take(data):
            self._take(message)

    def _take(self, message: bytes) -> None:
        kind = int.from_bytes(message[4:8], "little")
        if kind not in set(_Message):
            return
        value = read_object(message[_HEADER:].removeprefix(_MARK).decode())
        record = value if isinstance(value, Record) else Record(value=value)
        match _Message(kind):
            case _Message.OUTPUT:
                self._records.append(record)
            case _Message.ERROR:
                self._errors.append(_error(record))
            case _Message.WARNING:
                self._warnings.append(_text(record.get("InformationalRecord_Message")))
            case _:
                self._end(record)

    def _end(self, record: Record) -> None:
        number = record.get("PipelineState")
        if number in set(PipelineState):
            self.state = PipelineState(_number(number))
        error = record.get("ExceptionAsErrorRecord")
        if isinstance(error, Record):
            self._errors.append(_error(error))

    def reply(self, elapsed: timedelta) -> Reply:
        """Return the whole answer."""
        return Reply(
            records=tuple(self._records), errors=tuple(self._errors), warnings=tuple(self._warnings), elapsed=elapsed
        )


def _error(record: Record) -> ErrorRecord:
    category = _number(record.get("ErrorCategory_Category"))
    exception = record.get("Exception")
    said = record.get("ErrorDetails_Message") or (exception.get("Message") if isinstance(exception, Record) else None)
    return ErrorRecord(
        message=_text(said or record.text),
        category=_CATEGORIES[category] if category < len(_CATEGORIES) else str(category),
        fully_qualified_error_id=_text(record.get("FullyQualifiedErrorId")),
        target=_text(record.get("ErrorCategory_TargetName")),
    )


def _number(value: RecordValue) -> int:
    return value if isinstance(value, int) else 0


def _text(value: RecordValue) -> str:
    """Return a text, or the text of an object that has one."""
    if isinstance(value, Record):
        return value.text or _text(value.value)
    return "" if value is None else str(value)
