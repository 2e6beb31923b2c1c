"""Good examples for every public reader, to be changed at random: commands, what servers answer, recordings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import attrs

import exchange_imap as xi
from exchange_imap._model.declaration import parameters
from exchange_imap._plan.resource import resources
from exchange_imap.testing import FakeExchange

from .clixml import Objects, file, written
from .commands import Snapshots
from .connectors import CONNECTOR
from .public import NAMES

__all__ = [
    "commands",
    "data",
    "desired_states",
    "documents",
    "files",
    "planned",
    "recording",
    "records",
    "snapshots",
    "texts",
]

_LINES = (Path(__file__).parents[1] / "fixtures" / "identity.ps1").read_text(encoding="utf-8").split("\n")
_LOOSE = (Path(__file__).parents[1] / "fixtures" / "canonical.ps1").read_text(encoding="utf-8").split("\n\n")


@cache
def _stated() -> tuple[xi.Cmdlet, ...]:
    """Return the cmdlets of the fixture's lines, the longest first."""
    lines = sorted((line for line in _LINES if line and not line.startswith("#")), key=len, reverse=True)
    return tuple(cmdlet for cmdlet in map(xi.parse, lines) if isinstance(cmdlet, xi.Cmdlet))


@cache
def cmdlets() -> tuple[xi.Cmdlet, ...]:
    """Return two of each class: those that state the most."""
    kinds = dict.fromkeys(map(type, _stated()))
    return tuple(cmdlet for kind in kinds for cmdlet in [each for each in _stated() if type(each) is kind][:2])


@cache
def commands() -> tuple[str, ...]:
    """Return command lines: written ones, and loose ones."""
    return (*map(str, cmdlets()), *_LOOSE[:40])


@cache
def snapshots() -> tuple[xi.Snapshot, ...]:
    """Return objects of each class of snapshots: those that the fake has, and made-up ones of the other classes."""
    transport = FakeExchange(servers=["MBX01"]).transport()
    server = xi.ImapServer("MBX01", exchange=transport, windows=transport)
    found = (server.settings(), server.services()[0], xi.ReceiveConnector.from_record(CONNECTOR))
    classes = [cls for cls in NAMES.values() if isinstance(cls, type) and issubclass(cls, xi.Snapshot)]
    others = [cls for cls in classes if cls not in {xi.Snapshot, *map(type, found)}]
    return (*found, *(example for cls in others for example in _examples(cls.__name__)[-3:]))


@cache
def _examples(name: str) -> list[xi.Snapshot]:
    """Make twenty of a class, the same ones every time, and put the longest last."""
    source = Snapshots(7)
    return sorted((source.snapshot(getattr(xi, name)) for _ in range(20)), key=_length)


def _length(snapshot: xi.Snapshot) -> int:
    """Say how long it is without the bytes of a certificate: random ones are refused."""
    return len(str({name: value for name, value in snapshot.to_dict().items() if name != "RawData"}))


@cache
def records() -> tuple[xi.Record, ...]:
    """Return what servers answer, before it has a type."""
    return (CONNECTOR, *(snapshot.to_record() for snapshot in snapshots()))


@cache
def data() -> tuple[Any, ...]:  # Any: JSON
    """Return snapshots, cmdlets and what plans are made of as JSON has them."""
    made: tuple[Any, ...] = (*snapshots(), *cmdlets(), *desired_states(), *planned())  # Any: whatever has a to_dict
    return tuple(json.loads(json.dumps(each.to_dict())) for each in made)


@cache
def desired_states() -> tuple[xi.DesiredState, ...]:
    """Return one that states something of every resource, and one that states nothing."""
    stated = {type(each): each for each in reversed(_stated())}
    parts: dict[str, Any] = {}  # Any: each of the field of its name
    for found in resources():
        command = stated[found.states]
        fields = [field for field in parameters(found.states) if field in found.planned]
        values = {field: getattr(command, field) for field in fields if getattr(command, field) is not xi.UNSET}
        made = found.states.build(values)
        parts[found.key] = [made] if found.named_by else made
    return (xi.DesiredState(**parts), xi.DesiredState())


@cache
def planned() -> tuple[Any, ...]:  # Any: of each class of the plan model
    """Return a plan and an outcome of it that has failed, with the objects that these are made of."""
    transport = FakeExchange(servers=["MBX01"]).transport()
    server = xi.ImapServer("MBX01", exchange=transport, windows=transport)
    running = xi.SetService(name="MSExchangeIMAP4", status=xi.ServiceStatus.Running)
    plan = server.plan(xi.DesiredState(settings=xi.SetImapSettings(banner="Welcome."), services=[running]))
    first, second = plan.steps
    failed = xi.StepFailure(second, xi.TransportError("lost", sent=True), xi.Effect.UNKNOWN)
    outcome = xi.Outcome(plan=plan, applied=(first,), failed=failed, state=plan.before, pending=frozenset({"x"}))
    event = xi.StepEvent(kind="started", step=first, number=1, of=2, time=datetime(2026, 1, 1, tzinfo=UTC))
    return plan, plan.before, first, first.changes[0], outcome, failed, event


@cache
def documents() -> tuple[str, ...]:
    """Return the same as JSON texts, one or several in each."""
    return (*map(json.dumps, data()), json.dumps(data()[:2]))


@cache
def texts() -> tuple[str, ...]:
    """Return texts of every kind: commands, printed objects and their values, CLIXML, JSON."""
    random = Random(5)  # noqa: S311 - no secret
    xml = [file(*map(_exported, snapshots())), *(Objects(random).values()[0] for _ in range(20))]
    return (*commands(), *map(str, snapshots()), *_values(), *map(_one, snapshots()), *xml, *documents(), "PT30M")


def _values() -> list[str]:
    """Return the texts of the values that snapshots and cmdlets are made of, one of each length."""
    found: dict[tuple[type, int], str] = {}
    made = [example for snapshot in snapshots()[3:] for example in _examples(type(snapshot).__name__)]
    sources: list[xi.Snapshot | xi.Cmdlet] = [*snapshots(), *_stated(), *made]
    for each in sources:
        for value in _parts([getattr(each, field.name) for field in attrs.fields(type(each))]):
            text = xi.format_time_span(value) if isinstance(value, timedelta) else str(value)
            if isinstance(value, timedelta) or hasattr(value, "parse"):
                found[type(value), len(text)] = text
    return list(found.values())


def _parts(value: object) -> Iterator[object]:
    """Yield a value, or those of a list or an edit of one."""
    if isinstance(value, xi.ListEdit):
        value = (*value.add, *value.remove)
    if isinstance(value, list | tuple):
        for item in value:
            yield from _parts(item)
    else:
        yield value


def _one(snapshot: xi.Snapshot) -> str:
    return file(_exported(snapshot))


def _exported(snapshot: xi.Snapshot) -> str:
    """Write a snapshot as Export-Clixml does, its values as texts and lists of texts."""
    record = snapshot.to_record()
    types = "".join(f"<T>{written(name)}</T>" for name in record.type_names)
    inner = "".join(_property(name, value) for name, value in record.properties.items())
    return f'<Obj RefId="0"><TN RefId="0">{types}</TN><Props>{inner}</Props></Obj>'


def _property(name: str, value: object) -> str:
    attribute = f' N="{written(name)}"'
    if isinstance(value, tuple):
        return f"<Obj{attribute}><LST>{''.join(f'<S>{written(str(item))}</S>' for item in value)}</LST></Obj>"
    if value is None:
        return f"<Nil{attribute}/>"
    if isinstance(value, bool):
        return f"<B{attribute}>{str(value).lower()}</B>"
    text = xi.format_time_span(value) if isinstance(value, timedelta) else str(value)
    return f"<S{attribute}>{written(text)}</S>"


@cache
def files() -> tuple[str, ...]:
    """Return what files hold that a reader is given the path of: a recorded session, protocol logs, saved objects."""
    return (recording(), *protocol_logs(), *map(str, snapshots()), *map(_one, snapshots()), *documents())


@cache
def protocol_logs() -> tuple[str, ...]:
    """Return protocol logs of the IMAP4 service, of both forms."""
    names = "dateTime,sessionId,seqNumber,sIp,cIp,user,duration,rqsize,rpsize,command,parameters,context"
    start = "2026-10-01T08:20:00.000Z,0A,1,[::1]:993,10.1.1.70:50001,"
    said = 'R=""a2 NO [Error=X Proxy=x] LOGIN failed."";Msg=""Proxy:mbx01:1993;x"";ErrMsg=AuthFailed:LogonDenied'
    lines = (
        "#Software: x",
        f"#Fields: {names}",
        f"{start},3,0,53,OpenSession,,",
        f'{start}kim,9,9,9,login,kim *****,"{said}"',
    )
    old = "#Fields: date-time,session-id,remote-endpoint,event,data\n2010-05-01T10:00:00Z,1,10.0.0.1:1,>,a2 NO LOGIN\n"
    return ("\n".join((*lines, "")), old)


@cache
def recording() -> str:
    """Return a recorded session: answers with every kind of value, refusals, and what a transport raised."""
    fake = FakeExchange(servers=["MBX01"])
    answers = iter([*_replies(), *_failures()])

    class Peer:
        """Answer with what is next, or as the fake does."""

        def run(self, pipeline: xi.Pipeline) -> xi.Reply:
            answer = next(answers, None)
            if isinstance(answer, xi.TransportError):
                raise answer
            return answer if isinstance(answer, xi.Reply) else fake.transport().run(pipeline)

        def close(self) -> None:
            """There is no session."""

    with TemporaryDirectory() as folder:
        path = Path(folder, "session.json")
        with xi.RecordingTransport(Peer(), path) as transport:
            for cmdlet in [xi.GetImapSettings()] * 9 + [xi.GetImapSettings(server="MBX09")]:
                _run_quietly(transport, cmdlet)
        return path.read_text(encoding="utf-8")


def _replies() -> Iterable[xi.Reply]:
    random = Random(6)  # noqa: S311 - no secret
    for _ in range(3):
        yield xi.Reply(
            records=xi.read_clixml(Objects(random).values()[0]), warnings=("look",), elapsed=timedelta(seconds=1)
        )


def _failures() -> Iterable[xi.TransportError]:
    yield xi.TransportTimeoutError("late", "x", sent=True)
    yield xi.EndpointError("no", "x", sent=False, url="http://h:80/PowerShell", port=80)
    yield xi.ThrottledError("much", "x", sent=False, wait=timedelta(seconds=1.5))


def _run_quietly(transport: xi.Transport, cmdlet: xi.Cmdlet) -> None:
    try:
        transport.run(xi.Pipeline((cmdlet,)))
    except xi.TransportError:
        return
