"""Who connected, from where, and what failed: a protocol log in a few counts, in memory that has a limit."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, Self

import attrs

from .._entry import entry
from .._json import Json
from .._shown import glance, legible, section
from .._values.given import require_instance
from .._viewed import Viewed
from .log_entry import ProtocolLogEntry

__all__ = ["ProtocolLogActivity", "ProtocolLogSummary"]

_MOST_NAMES: Final = 10_000
_MOST_CAUSES: Final = 20
_MOST_SESSIONS: Final = 10_000
_LONGEST_NAME: Final = 320
"""An e-mail address has no more characters (RFC 3696, erratum 1690)."""
_LONGEST_CAUSE: Final = 200
_LONGEST_SESSION: Final = 64
_OTHER_CAUSES: Final = "(other causes)"
_SHOWN: Final = 10
_OPEN, _CLOSE = "opensession", "closesession"
_CONNECT, _DISCONNECT, _RECEIVE = "+", "-", "<"


@entry
@attrs.frozen(kw_only=True)
class ProtocolLogActivity(Viewed):
    """What one user did, or what came from one address, in a protocol log.

    ``name`` is the user's or the address, empty where the log has none. ``sessions`` are those in which the name
    occurs, and without a name those in which nobody logged in. ``commands`` are those of clients, and ``failures`` says
    how many of them failed, by :attr:`ProtocolLogEntry.failure`; of more than 20 causes the rest are counted together.
    ``first`` and ``last`` are the times between which all this was.

    >>> print(ProtocolLogActivity(name="frank", sessions=2, commands=9, failures={"NO LOGIN failed.": 1}))
    frank: 2 sessions, 9 commands, 1 failed: 1 NO LOGIN failed.
    """

    name: str
    sessions: int = 0
    commands: int = 0
    failures: Mapping[str, int] = attrs.field(factory=dict, hash=False)
    first: datetime | None = None
    last: datetime | None = None

    @property
    def failed(self) -> int:
        """How many commands failed."""
        return sum(self.failures.values())

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold, one row of a table; times as ISO 8601 has them."""
        return {
            "name": self.name,
            "sessions": self.sessions,
            "commands": self.commands,
            "failed": self.failed,
            "failures": dict(self.failures),
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
        }

    def __str__(self) -> str:
        causes = ", ".join(f"{count} {cause}" for cause, count in self.failures.items())
        counted = f"{_number(self.sessions, 'session')}, {_number(self.commands, 'command')}, {self.failed} failed"
        return legible(f"{self.name or '(none)'}: {counted}{causes and ': '}{causes}")


@entry
@attrs.frozen(kw_only=True, repr=False)
class ProtocolLogSummary(Viewed):
    """A protocol log in a few counts: who connected, from where, and what failed. ``str`` is a short report.

    ``total`` counts everything. ``users`` and ``clients`` are by user and by the client's address, those with the most
    failures first. ``entries`` is how many there were, and ``damaged`` how many of them have problems.

    The memory that it takes has a limit, however large the log is and whatever is in it. Of more than ``most`` users or
    addresses, the later ones are counted together as ``other_users`` or ``other_clients``. A session is told from
    others by its id and the client's port until it closes. Of more than 10,000 that are open at once, one that was
    silent for longest counts again when it goes on.

    >>> log = ["cIp,user,command,context", "[fd00::7]:50001,,OpenSession,", "[fd00::7]:50001,kim,login,R=OK"]
    >>> print(ProtocolLogSummary.of(read_protocol_log(log, fields=["cIp", "user", "command", "context"])))
    2 entries: 1 session, 1 command, 0 failed
      users       kim: 1 session, 1 command, 0 failed
      clients     fd00::7: 1 session, 1 command, 0 failed
    """

    total: ProtocolLogActivity
    users: tuple[ProtocolLogActivity, ...] = ()
    clients: tuple[ProtocolLogActivity, ...] = ()
    other_users: ProtocolLogActivity | None = None
    other_clients: ProtocolLogActivity | None = None
    entries: int = 0
    damaged: int = 0

    @classmethod
    def of(cls, entries: Iterable[ProtocolLogEntry], *, most: int = _MOST_NAMES) -> Self:
        """Count the entries of one log or of several, one after the other; ``most`` is the limit of names.

        >>> ProtocolLogSummary.of([]).entries
        0
        """
        count = _Count(most)
        for each in entries:
            require_instance("ProtocolLogSummary.of(entries)", "entries of read_protocol_log", each, ProtocolLogEntry)
            count.add(each)
        return cls(
            total=count.total.made(""),
            users=count.users.made(),
            clients=count.clients.made(),
            other_users=count.users.made_of_others(),
            other_clients=count.clients.made_of_others(),
            entries=count.entries,
            damaged=count.damaged,
        )

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold, with stable keys."""
        return {
            "entries": self.entries,
            "damaged": self.damaged,
            "total": self.total.to_dict(),
            "users": [each.to_dict() for each in self.users],
            "clients": [each.to_dict() for each in self.clients],
            "other_users": self.other_users.to_dict() if self.other_users else None,
            "other_clients": self.other_clients.to_dict() if self.other_clients else None,
        }

    def __repr__(self) -> str:
        counts = {"entries": self.entries, "failed": self.total.failed}
        counts |= {"users": len(self.users), "clients": len(self.clients)}
        return glance(self, [f"{name}={count}" for name, count in counts.items()])

    def __str__(self) -> str:
        return "\n".join(map(legible, self._lines()))

    def _lines(self) -> Iterator[str]:
        _, _, counted = str(self.total).partition(": ")
        damaged = f", {self.damaged} of them damaged" if self.damaged else ""
        yield f"{_number(self.entries, 'entry', 'entries')}{self._when()}{damaged}: {counted}"
        yield from section("users", _most_active(self.users, self.other_users))
        yield from section("clients", _most_active(self.clients, self.other_clients))

    def _when(self) -> str:
        first, last = self.total.first, self.total.last
        return f" from {first:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S %Z}" if first and last else ""


def _number(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"


def _most_active(found: tuple[ProtocolLogActivity, ...], others: ProtocolLogActivity | None) -> Iterator[str]:
    yield from map(str, found[:_SHOWN])
    if len(found) > _SHOWN:
        yield f"and {len(found) - _SHOWN} more"
    if others:
        yield f"all others: {str(others).partition(': ')[2]}"


class _Tally:
    """What is counted of one name."""

    def __init__(self) -> None:
        self.sessions = self.commands = 0
        self.failures: dict[str, int] = {}
        self.first: datetime | None = None
        self.last: datetime | None = None

    def add(self, entry: ProtocolLogEntry, cause: str | None) -> None:
        if _is_command(entry):
            self.commands += 1
        if cause is not None:
            kept = cause if cause in self.failures or len(self.failures) < _MOST_CAUSES else _OTHER_CAUSES
            self.failures[kept] = self.failures.get(kept, 0) + 1
        if entry.time is not None:
            self.first = min(entry.time, self.first or entry.time)
            self.last = max(entry.time, self.last or entry.time)

    def made(self, name: str) -> ProtocolLogActivity:
        failures = dict(sorted(self.failures.items(), key=lambda item: -item[1]))
        return ProtocolLogActivity(
            name=name,
            sessions=self.sessions,
            commands=self.commands,
            failures=failures,
            first=self.first,
            last=self.last,
        )


def _is_command(entry: ProtocolLogEntry) -> bool:
    return entry.event == _RECEIVE or entry.command.lower() not in {"", _OPEN, _CLOSE}


class _Group:
    """Tallies by name, of which there are no more than a limit."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.names: dict[str, str] = {}
        """Each name as it came first, under the one that is the same in any case."""
        self.tallies: dict[str, _Tally] = {}
        self.others: _Tally | None = None

    def of(self, name: str) -> _Tally:
        key = name[:_LONGEST_NAME].casefold()
        if key not in self.tallies:
            if len(self.tallies) >= self.most:
                self.others = self.others or _Tally()
                return self.others
            self.names[key], self.tallies[key] = name[:_LONGEST_NAME], _Tally()
        return self.tallies[key]

    def made(self) -> tuple[ProtocolLogActivity, ...]:
        found = [tally.made(self.names[key]) for key, tally in self.tallies.items()]
        told = [each for each in found if each.sessions or each.commands or each.failures]
        return tuple(sorted(told, key=lambda each: (-each.failed, -each.sessions, each.name)))

    def made_of_others(self) -> ProtocolLogActivity | None:
        return None if self.others is None else self.others.made("")


class _Count:
    """Everything that is counted, and which sessions are open: the user of each, by its id and the client's port."""

    def __init__(self, most: int) -> None:
        self.total, self.users, self.clients = _Tally(), _Group(most), _Group(most)
        self.entries = self.damaged = 0
        self.open: OrderedDict[Hashable, str] = OrderedDict()

    def add(self, entry: ProtocolLogEntry) -> None:
        self.entries += 1
        self.damaged += bool(entry.problems)
        failure = entry.failure
        cause = None if failure is None else failure[:_LONGEST_CAUSE]
        user = self.users.of(entry.user)
        client = self.clients.of("" if entry.client_address is None else str(entry.client_address))
        self._follow(entry, user, client)
        for tally in (self.total, user, client):
            tally.add(entry, cause)

    def _follow(self, entry: ProtocolLogEntry, user: _Tally, client: _Tally) -> None:
        """Count the session where it begins, as one of nobody until it has a user, and once for each that it has."""
        if not entry.session and entry.client_port is None:
            return
        key = (entry.session[:_LONGEST_SESSION], entry.client_address, entry.client_port)
        known = self.open.pop(key, None)
        if known is None:
            self.total.sessions += 1
            client.sessions += 1
        if known != entry.user and (entry.user or known is None):
            user.sessions += 1
            if known == "":
                self.users.of("").sessions -= 1
            known = entry.user
        if entry.command.lower() != _CLOSE and entry.event != _DISCONNECT:
            self.open[key] = known or ""
            if len(self.open) > _MOST_SESSIONS:
                self.open.popitem(last=False)
