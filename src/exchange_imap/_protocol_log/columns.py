"""What stands in which column of a log, by the names in its header, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import attrs

from .._errors import InvalidValueError
from .._patterns import pattern
from .._values.binding import IPAddress, read_address
from .._values.given import read_port, trusted
from .log_entry import ProtocolLogEntry
from .masked import is_login, mask_behind_login, mask_line, mask_parameters

__all__ = ["Columns"]

_KNOWN: Final = {
    # Exchange 2013 and later: the header of the logs themselves.
    "datetime": "time",
    "sessionid": "session",
    "seqnumber": "sequence",
    "sip": "server",
    "cip": "client",
    "user": "user",
    "duration": "duration",
    "rqsize": "request_size",
    "rpsize": "response_size",
    "command": "command",
    "parameters": "parameters",
    "context": "context",
    # Exchange 2010, technet dd335141.
    "date-time": "time",
    "session-id": "session",
    "sequence-number": "sequence",
    "local-endpoint": "server",
    "remote-endpoint": "client",
    "event": "event",
    "data": "data",
}
"""The attribute of each field, by its name in lower case."""
_WHOLE: Final = pattern("[0-9]{1,15}")
_ENDPOINT: Final = pattern(r"(?:\[([^\[\]]*)\]|([^:\[\]]*)):([0-9]+)")


def _text(text: str) -> tuple[str]:
    return (text,)


def _whole(text: str) -> tuple[int]:
    if _WHOLE.fullmatch(text) is None:
        raise ValueError
    return (int(text),)


def _milliseconds(text: str) -> tuple[timedelta]:
    return (timedelta(milliseconds=_whole(text)[0]),)


def _moment(text: str) -> tuple[datetime]:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return (moment,)


@lru_cache(maxsize=1024)  # a log has the same few again and again
def _endpoint(text: str) -> tuple[IPAddress, int | None]:
    """Read what .NET prints for an endpoint: IPv6 has brackets, or has no port."""
    found = _ENDPOINT.fullmatch(text)
    if found is None:
        return read_address(text, ""), None
    return read_address(found[1] or found[2], ""), read_port(found[3], "", text)


@attrs.frozen
class _Reading:
    """How a text is read, and what of an entry it becomes."""

    read: Callable[[str], tuple[object, ...]]
    expected: str = ""
    ends: tuple[str, ...] = ("",)
    """What is added to the name for each value that is read."""


_BYTES: Final = _Reading(_whole, "a whole number of bytes")
_AT: Final = _Reading(_endpoint, "an address and a port, such as 10.1.1.70:50001 or [::1]:50001", ("_address", "_port"))
_READINGS: Final = {
    "time": _Reading(_moment, "a time with its zone, such as 2026-10-01T08:20:00.000Z"),
    "sequence": _Reading(_whole, "a whole number"),
    "duration": _Reading(_milliseconds, "whole milliseconds"),
    "request_size": _BYTES,
    "response_size": _BYTES,
    "server": _AT,
    "client": _AT,
}
_AS_TEXT: Final = _Reading(_text)
_EMPTY: Final[dict[str, object]] = {field.name: field.default for field in attrs.fields(ProtocolLogEntry)}


@attrs.frozen
class Columns:
    """The names of a header, and the attributes of those that are known."""

    names: tuple[str, ...]
    attributes: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[str], place: str) -> Columns:
        """Read the names of a header. Raises :class:`InvalidValueError` where a value could get lost by them."""
        kept = tuple(name.strip() for name in names)
        if not all(kept) or len(set(kept)) < len(kept):
            raise InvalidValueError(place, "names of fields, each once", list(kept))
        return cls(kept, tuple(_KNOWN.get(name.lower(), "") for name in kept))

    def are(self, values: Sequence[str]) -> bool:
        """Say whether the values of a line are these names again, as a program that joins tables writes them."""
        return tuple(values) == self.names

    def read(self, file: str, line: int, values: Sequence[str], problems: Iterable[str]) -> ProtocolLogEntry:
        """Make an entry of the values of a line."""
        kept = self._masked(values)
        extra = (f"column {number + 1}" for number in range(len(self.names), len(values)))
        fields = dict(zip((*self.names, *extra), kept, strict=False))
        found: dict[str, Any] = {**_EMPTY, "file": file, "line": line, "fields": fields}  # Any: each has its own type
        noted = [problem for problem in (*problems, *self._count(values)) if problem]
        for attribute, name, text in zip(self.attributes, self.names, kept, strict=False):
            if attribute and text:
                noted += _read(found, attribute, name, text)
        found["problems"] = tuple(noted)
        return trusted(ProtocolLogEntry, ProtocolLogEntry, **found)

    def _count(self, values: Sequence[str]) -> Iterator[str]:
        if len(values) != len(self.names):
            yield f"{len(values)} values for {len(self.names)} fields"

    def _masked(self, values: Sequence[str]) -> list[str]:
        """Mask what may be a password: in the command's parameters, and in any text that is a whole command."""
        kept = [mask_line(value) for value in values]
        if len(kept) > len(self.names):
            return mask_behind_login(kept)
        found = dict(zip(self.attributes, kept, strict=False))
        if "parameters" in found and is_login(found.get("command", "")):
            kept[self.attributes.index("parameters")] = mask_parameters(found["command"], found["parameters"])
        return kept


def _read(found: dict[str, Any], attribute: str, name: str, text: str) -> Iterator[str]:  # Any: as above
    """Add what a text becomes to what was found; yield what is wrong with the text, without the text itself."""
    reading = _READINGS.get(attribute, _AS_TEXT)
    try:
        values = reading.read(text)
    except ValueError:
        yield f"{name}: expected {reading.expected}"
    else:
        found.update(zip((attribute + end for end in reading.ends), values, strict=True))
