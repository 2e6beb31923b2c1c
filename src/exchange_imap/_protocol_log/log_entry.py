"""One line of a protocol log, with what is known of its fields as values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import attrs

from .._entry import entry
from .._json import Json
from .._patterns import pattern
from .._shown import legible, shown
from .._values.binding import IPAddress
from .._viewed import Viewed

__all__ = ["ProtocolLogEntry"]

_DETAIL: Final = pattern(r'(?:^|;)([A-Za-z]\w*)=(?:"([^"]*)"(?=;|$)|([^;]*))')
_REFUSAL: Final = pattern(r"\S+ ((?:NO|BAD)\b(?: \[Error=([^\s\]]+))?.*)", re.DOTALL)
_FROM_SERVER: Final = ">"


@entry
@attrs.frozen(kw_only=True)
class ProtocolLogEntry(Viewed):
    """One event of an IMAP4 protocol log, as :func:`read_protocol_log` reads it.

    ``file`` and ``line`` say where it stands. Which of the other attributes have something depends on the names that
    the log's own ``#Fields:`` line has; those of Exchange 2013 and later and those of Exchange 2010 are known. Numbers,
    times and addresses are ``None`` where the log has none or something else, and texts are empty. ``problems`` says
    what of the line could not be read. ``fields`` is everything as the file has it, under the file's names.

    ``time`` has its zone, which is UTC in what Exchange writes. ``client_address`` and ``client_port`` are where the
    connection came from: in the log of the back end this is the front end. ``command`` is the client's command, in
    small letters; ``OpenSession`` and ``CloseSession`` are the log's own. ``duration`` is what the command took,
    ``request_size`` and ``response_size`` count bytes. ``context`` says what came of it. Exchange 2010 writes ``event``
    (``+`` connect, ``-`` disconnect, ``<`` receive, ``>`` send, ``*`` information) and ``data`` instead.

    Exchange writes ``*****`` for a password. Should a log have more behind the name of a user, or behind the mechanism
    of AUTHENTICATE, then this is replaced by ``*****`` when the line is read: it is not even in ``fields``.

    Source: Protocol logging for POP3 and IMAP4 (technet dd335141) for the fields of Exchange 2010. Microsoft does not
    document the later ones: units follow from logs that administrators published (Microsoft Q&A 1156767 and 112837),
    in which the response to ``NO LOGIN failed.`` with its tag and line end has as many bytes as ``rpsize`` says, and
    ``duration`` is the difference of the times in milliseconds.

    >>> (entry,) = read_protocol_log(["10.1.1.70:50001,frank,122,login,frank *****,R=a2 NO LOGIN failed."],
    ...     fields=["cIp", "user", "duration", "command", "parameters", "context"])
    >>> entry.user, entry.client_address, entry.duration, entry.failure
    ('frank', IPv4Address('10.1.1.70'), datetime.timedelta(microseconds=122000), 'NO LOGIN failed.')
    """

    file: str = attrs.field(default="", repr=shown)
    line: int
    time: datetime | None = None
    session: str = attrs.field(default="", repr=shown)
    sequence: int | None = None
    server_address: IPAddress | None = None
    server_port: int | None = None
    client_address: IPAddress | None = None
    client_port: int | None = None
    user: str = attrs.field(default="", repr=shown)
    duration: timedelta | None = None
    request_size: int | None = None
    response_size: int | None = None
    command: str = attrs.field(default="", repr=shown)
    parameters: str = attrs.field(default="", repr=shown)
    context: str = attrs.field(default="", repr=shown)
    event: str = attrs.field(default="", repr=shown)
    data: str = attrs.field(default="", repr=shown)
    fields: Mapping[str, str] = attrs.field(factory=dict, repr=False, hash=False)
    problems: tuple[str, ...] = attrs.field(default=(), repr=shown)

    @property
    def details(self) -> dict[str, str]:
        """The parts of ``context``, without their quotes: ``R`` is the response, ``Msg`` and ``ErrMsg`` say more.

        >>> entry = ProtocolLogEntry(line=1, context='R="1 NO LOGIN failed.";Msg=Proxy:mbx01:1993:SSL')
        >>> entry.details
        {'R': '1 NO LOGIN failed.', 'Msg': 'Proxy:mbx01:1993:SSL'}
        """
        return {name: quoted or bare for name, quoted, bare in _DETAIL.findall(self.context)}

    @property
    def failure(self) -> str | None:
        """Why the command failed, in words that are the same for the same cause; ``None`` if it did not.

        It is ``ErrMsg`` where the log has one, else the ``Error=`` in the response, else the response without its tag.

        >>> ProtocolLogEntry(line=1, context='R="z NO LOGIN failed.";ErrMsg=ProxyNotAuthenticated').failure
        'ProxyNotAuthenticated'
        """
        details = self.details
        response = details.get("R") or (self.data if self.event == _FROM_SERVER else "")
        refusal = _REFUSAL.fullmatch(response)
        return details.get("ErrMsg") or (refusal and (refusal[2] or refusal[1])) or None

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold, one row of a table: times as ISO 8601 has them, ``duration`` in seconds.

        >>> ProtocolLogEntry(line=1, command="noop", duration=timedelta(milliseconds=3)).to_dict()["duration"]
        0.003
        """
        found: dict[str, Json] = {field.name: _plain(getattr(self, field.name)) for field in attrs.fields(type(self))}
        return {**found, "failure": self.failure}

    def __str__(self) -> str:
        client = "" if self.client_address is None else f"{self.client_address} "
        said = f"{self.failure or self.context or self.data}".strip()
        what = f"{self.user or '(no user)'} {self.event}{self.command}{said and ': '}{said}"
        noted = f" ({'; '.join(self.problems)})" if self.problems else ""
        time = "" if self.time is None else f"{self.time.isoformat(timespec='milliseconds')} "
        return legible(f"{self.file}:{self.line} {time}{client}{what}{noted}")


def _plain(value: object) -> Json:
    """Return a value as JSON has it."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return [*value]
    return value if value is None or isinstance(value, int) else str(value)
