"""What an audit log tells of one plan that was carried out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._json import Json
from .._transports.recorded_values import read_items, read_object, read_text, read_texts
from .audit_file import TORN

__all__ = ["VERSION", "AuditedRun", "AuditedStep", "follow", "runs_of"]

VERSION: Final = 1
Fate = Literal["not tried", "sent", "applied", "failed", "unknown"]
_FATES: Final[tuple[Fate, ...]] = ("applied", "failed", "unknown", "not tried")
_EVERY: Final = ("audit", "run", "event", "time")
_KEYS: Final = {
    "begin": ("server", "digest", "who", "process", "accounts", "undoing", "steps", "pending"),
    "sent": ("steps", "pending"),
    "applied": ("steps", "pending"),
    "end": (*_FATES, "pending", "up to date", "error"),
}
"""The keys of each event, besides those of all."""
_CHANGE: Final = ("resource", "name", "parameter", "before", "after")


@entry
@attrs.frozen(kw_only=True)
class AuditedStep:
    """A step as an audit log has it, with texts in place of values.

    ``state`` is ``not tried``, ``sent`` (the process ended before it knew more), ``applied``, ``failed`` or
    ``unknown``.

    >>> AuditedStep(command="Start-Service MSExchangeIMAP4", reason="It is stopped.").state
    'not tried'
    """

    command: str
    reason: str
    changes: tuple[str, ...] = ()
    state: Fate = "not tried"


@entry
@attrs.frozen(kw_only=True)
class AuditedRun:
    """A plan that was carried out, as an audit log has it; :meth:`AuditLog.runs` returns them.

    ``ended`` is ``None`` if the process ended before the plan did. ``pending`` names, in lower case, the services that
    may have had older settings then, and ``up_to_date`` those that had read the stored ones. ``accounts`` are the users
    of the transports by endpoint, ``digest`` is the plan's, and ``error`` says why it stopped.

    >>> log = AuditLog(Path(folder, "audit.jsonl"), who="kim")
    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> server = ImapServer("MBX01", exchange=transport, windows=transport)
    >>> _ = server.apply(server.plan(DesiredState(settings=SetImapSettings(banner="Hello."))), audit=log)
    >>> (run,) = log.runs()
    >>> run.who, run.unfinished, run.steps[0].state, run.steps[0].changes[0][:22]
    ('kim', False, 'applied', 'MBX01 Banner: "The Mic')
    """

    server: str
    digest: str | None
    who: str
    process: int
    accounts: tuple[tuple[str, str], ...]
    undoing: bool
    began: datetime
    steps: tuple[AuditedStep, ...]
    pending: frozenset[str]
    up_to_date: frozenset[str] = frozenset()
    ended: datetime | None = None
    error: str = ""

    @property
    def unfinished(self) -> bool:
        """Whether the process ended before the plan did."""
        return self.ended is None


def runs_of(lines: Iterable[tuple[int, Json]]) -> dict[str, AuditedRun]:
    """Return the runs by their ids, in the order in which they began, from the lines with their numbers.

    Raises :class:`InvalidValueError` for a line that is not of an audit log.
    """
    runs: dict[str, AuditedRun] = {}
    for number, data in lines:
        follow(runs, number, data)
    return runs


def follow(runs: dict[str, AuditedRun], number: int, data: Json) -> tuple[AuditedRun | None, AuditedRun]:
    """Take one more line into the runs, and return its run before that line, if it had begun, and after it."""
    path = f"AuditLog.path, line {number}"
    line = _read_line(data, path)
    run = read_text(line["run"], f"{path}.run")
    before = runs.get(run)
    if (line["event"] == "begin") != (before is None) or (before is not None and not before.unfinished):
        raise InvalidValueError(path, "one begin of a run, its steps, and one end", line["event"])
    runs[run] = _begun(line, path) if before is None else _after(before, line, path)
    return before, runs[run]


def _begun(line: dict[str, Json], path: str) -> AuditedRun:
    accounts = read_object(line["accounts"], f"{path}.accounts")
    return AuditedRun(
        server=read_text(line["server"], f"{path}.server"),
        digest=None if line["digest"] is None else read_text(line["digest"], f"{path}.digest"),
        who=read_text(line["who"], f"{path}.who"),
        process=_read_number(line["process"], f"{path}.process"),
        accounts=tuple((name, read_text(user, f"{path}.accounts.{name}")) for name, user in accounts.items()),
        undoing=line["undoing"] is True,
        began=_read_time(line["time"], f"{path}.time"),
        steps=read_items(line["steps"], f"{path}.steps", _read_step),
        pending=_read_pending(line, path),
    )


def _after(run: AuditedRun, line: dict[str, Json], path: str) -> AuditedRun:
    """Return a run after one more line."""
    run = attrs.evolve(run, pending=_read_pending(line, path))
    if line["event"] == "sent":
        return _with(run, "sent", line["steps"], f"{path}.steps")
    if line["event"] == "applied":
        return _with(run, "applied", line["steps"], f"{path}.steps")
    for fate in _FATES:
        run = _with(run, fate, line[fate], f"{path}.{fate}")
    ended = _read_time(line["time"], f"{path}.time")
    up_to_date = frozenset(read_texts(line["up to date"], f"{path}.up to date"))
    return attrs.evolve(run, up_to_date=up_to_date, ended=ended, error=read_text(line["error"], f"{path}.error"))


def _with(run: AuditedRun, state: Fate, numbers: Json, path: str) -> AuditedRun:
    """Return a run with steps in a state."""
    places = {number - 1 for number in read_items(numbers, path, _read_number)}
    if not places <= set(range(len(run.steps))):
        raise InvalidValueError(path, f"numbers of {len(run.steps)} steps", numbers)
    steps = (attrs.evolve(step, state=state) if n in places else step for n, step in enumerate(run.steps))
    return attrs.evolve(run, steps=tuple(steps))


def _read_line(data: Json, path: str) -> dict[str, Json]:
    """Check the keys of a line."""
    line = read_object(data, path, _EVERY)
    if line["audit"] != VERSION or line["audit"] is True:
        raise InvalidValueError(f"{path}.audit", f"{VERSION}, the version of the form", line["audit"])
    event = read_text(line["event"], f"{path}.event")
    if event not in _KEYS:
        raise InvalidValueError(f"{path}.event", f"one of {', '.join(_KEYS)}", event)
    return read_object(line, path, (*_EVERY, *_KEYS[event]), (TORN,))


def _read_step(data: Json, path: str) -> AuditedStep:
    parts = read_object(data, path, ("command", "reason", "changes"), ())
    return AuditedStep(
        command=read_text(parts["command"], f"{path}.command"),
        reason=read_text(parts["reason"], f"{path}.reason"),
        changes=read_items(parts["changes"], f"{path}.changes", _read_change),
    )


def _read_change(data: Json, path: str) -> str:
    parts = read_object(data, path, _CHANGE, ())
    texts = {name: read_text(part, f"{path}.{name}") for name, part in parts.items()}
    return f"{texts['name']} {texts['parameter']}: {texts['before']} -> {texts['after']}".strip()


def _read_pending(line: dict[str, Json], path: str) -> frozenset[str]:
    return frozenset(read_texts(line["pending"], f"{path}.pending"))


def _read_number(data: Json, path: str) -> int:
    if type(data) is not int or data < 0:
        raise InvalidValueError(path, "a whole number", data)
    return data


def _read_time(data: Json, path: str) -> datetime:
    text = read_text(data, path)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidValueError(path, "a time with its zone", text)
    return moment
