"""Every public reader, found by its signature, and inputs for it that something has changed at random."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import attrs

import exchange_imap as xi
from exchange_imap import testing

from .public import NAMES

__all__ = ["Reader", "change_data", "change_record", "change_text", "readers"]

_KINDS = ("text", "data", "record", "path")
"""What a reader's one required parameter is called; `data` is JSON, and `path` names a file."""


@attrs.frozen
class Reader:
    """A public function or class method that reads one thing; ``kind`` is the name of the parameter."""

    name: str
    kind: str
    read: Callable[[Any], object]  # Any: what is read may be anything, which is the point


def readers() -> list[Reader]:
    """Return what the public API reads with; a class that is made to be a base reads nothing itself."""
    public = {name: getattr(module, name) for module in (xi, testing) for name in module.__all__}
    found = [
        Reader(name, kind, read)
        for each, value in public.items()
        for name, read in _callables(each, value)
        if not _is_base(value) and (kind := _kind(read)) is not None
    ]
    used = {"ReplayTransport.load": replay, "read_protocol_log": summarize}
    return [attrs.evolve(reader, read=used.get(reader.name, reader.read)) for reader in found]


def _is_base(value: object) -> bool:
    """Say whether it is a class that others are made of, or that lacks what its subclasses say of themselves."""
    if not isinstance(value, type):
        return False
    declared = {name: kind for cls in value.__mro__ for name, kind in vars(cls).get("__annotations__", {}).items()}
    lacks = any("ClassVar" in str(kind) and not hasattr(value, name) for name, kind in declared.items())
    return lacks or any(value in each.__mro__[1:] for each in NAMES.values() if isinstance(each, type))


def _callables(name: str, value: object) -> Iterator[tuple[str, Callable[..., object]]]:
    if inspect.isfunction(value):
        yield name, value
    elif inspect.isclass(value):
        for member in sorted(dir(value)):
            if not member.startswith("_") and isinstance(inspect.getattr_static(value, member), classmethod):
                yield f"{name}.{member}", getattr(value, member)


def _kind(read: Callable[..., object]) -> str | None:
    given = [each for each in inspect.signature(read).parameters.values() if each.default is each.empty]
    needed = [each.name for each in given if each.kind not in {each.VAR_POSITIONAL, each.VAR_KEYWORD}]
    return needed[0] if len(needed) == 1 and needed[0] in _KINDS else None


def replay(path: Path) -> list[object]:
    """Read a recording as its users do: load it, and ask for every command that it has."""
    transport = xi.ReplayTransport.load(path)
    played: list[object] = []
    for command in transport.remaining:
        element = xi.parse(command)
        pipeline = element if isinstance(element, xi.Pipeline) else xi.Pipeline((element,))
        try:
            played.append(transport.run(pipeline))
        except xi.TransportError as error:
            played.append(error)
    return played


def summarize(path: Path) -> object:
    """Read a protocol log as its users do: every entry is asked for, and shown."""
    shown = [(str(entry), entry.to_dict()) for entry in xi.read_protocol_log(path)]
    summary = xi.ProtocolLogSummary.of(xi.read_protocol_log(path))
    return shown, str(summary), summary.to_dict()


# -- texts -----------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_NUMBERS = (
    "9" * 5000,
    "-1",
    "0",
    "1e99999999999999999999",
    "1e9999999",
    "0x" + "f" * 40,
    "1.5",
    "18446744073709551616",
    "٣",
    "²",
    "NaN",
)
_SIGNS = (
    *("\0", "\ud800", "\udc00", "\U0001f600", "\u2028", "\x85", "\x1b[2J", "\u202e", "\r", "\n", "\t", " ", "\xa0"),
    *("'", "\u2019", '"', "\u201d", "\u2013", "`", "$x", "$(", "@{", "@(", "(", ")", "{", "}", "[", "]", "#>", "<#"),
    *(";", "|", "&", ":", ",", "=", "\\", "/", "%", "*", "-", "--%", "@'\n", "_x0000_", "_xD800_", "&#0;", "]]>"),
    *("<!DOCTYPE x>", "<Nil/>", "<Ref RefId='0'/>", "null", "true", "{}", "[]", "/Date(99999999999999)/", "…", "..."),
)


def change_text(random: Random, text: str, other: str) -> str:
    """Change a text in one to three places."""
    for _ in range(random.randint(1, 3)):
        text = random.choice(_CHANGES)(random, text, other)
    return text


def _slice(random: Random, text: str) -> tuple[int, int]:
    start = random.randint(0, len(text))
    return start, min(len(text), start + int(random.paretovariate(0.7)))


def _cut(random: Random, text: str, _: str) -> str:
    start, end = _slice(random, text)
    return text[:start] + text[end:]


def _repeat(random: Random, text: str, _: str) -> str:
    start, end = _slice(random, text)
    return text[:end] + text[start:end] * random.choice((1, 2, 60)) + text[end:]


def _end(random: Random, text: str, _: str) -> str:
    return text[: random.randint(0, len(text))]


def _insert(random: Random, text: str, _: str) -> str:
    place = random.randint(0, len(text))
    return text[:place] + random.choice(_SIGNS) + text[place:]


def _join(random: Random, text: str, other: str) -> str:
    return text[: random.randint(0, len(text))] + other[random.randint(0, len(other)) :]


def _number(random: Random, text: str, _: str) -> str:
    found = list(re.finditer(r"[0-9]+(?:\.[0-9]+)?", text))
    if not found:
        return text + random.choice(_NUMBERS)
    chosen = random.choice(found)
    return text[: chosen.start()] + random.choice(_NUMBERS) + text[chosen.end() :]


def _token(random: Random, text: str, other: str) -> str:
    tokens, others = _TOKEN.findall(text), _TOKEN.findall(random.choice((text, other)))
    if not tokens or not others:
        return other
    tokens[random.randrange(len(tokens))] = random.choice(others)
    return "".join(tokens)


_CHANGES: tuple[Callable[[Random, str, str], str], ...] = (_cut, _repeat, _end, _insert, _join, _number, _token, _token)


# -- JSON and records ------------------------------------------------------------------------------------------------

_LARGE = 10**5000
_ODD: tuple[object, ...] = (
    *(None, True, False, 0, -1, 4, 2**70, 1.5, float("nan"), float("inf"), 1e308, "", "x", "\ud800", "9" * 5000),
    *([], {}, [None], ["x"], [[]], {"x": 1}, {"": None}, "٣", "NaN", "0001-01-01T00:00:00+14:00", "9999-12-31", _LARGE),
)


def change_data(random: Random, data: Any) -> Any:  # Any: JSON
    """Return JSON of which one to three places are different; an object stays one."""
    for _ in range(random.randint(1, 3)):
        changed = _changed(random, data, _odd_data)
        data = changed if isinstance(changed, type(data)) else data
    return data


def _odd_data(random: Random, value: object) -> object:
    if isinstance(value, str) and random.random() < 0.5:
        return change_text(random, value, "Running")
    return [value] if random.random() < 0.1 else random.choice(_ODD)


def _changed(random: Random, data: Any, odd: Callable[[Random, object], object]) -> Any:  # Any: JSON
    """Go down by chance and change what is there: a value, a key, or that it is there at all."""
    if isinstance(data, Mapping) and data and random.random() < 0.9:
        key, roll = random.choice(list(data)), random.random()
        rest = {name: value for name, value in data.items() if name != key}
        if roll < 0.1:
            return rest
        if roll < 0.2:
            return rest | {change_text(random, str(key), "x"): data[key]}
        return {**data, key: _changed(random, data[key], odd)}
    if isinstance(data, list | tuple) and data and random.random() < 0.9:
        place = random.randrange(len(data))
        return type(data)([*data[:place], _changed(random, data[place], odd), *data[place + 1 :]])
    return odd(random, data)


_VALUES: tuple[Any, ...] = (  # Any: whatever a record holds
    *(None, True, 0, 4, -1, 2**70, 10**40, 1.5, float("nan"), float("-inf"), Decimal("NaN"), Decimal("1e99999")),
    *("", "x", "\ud800", "9" * 5000, "٣", "Running, Stopped", b"", b"\xff", UUID(int=0), timedelta.max, timedelta.min),
    *(
        datetime(9999, 12, 31),  # noqa: DTZ001 - moments without a zone occur
        datetime(1, 1, 1, tzinfo=UTC),
        (),
        (None,),
        ("x", 1),
        ((),),
        {},
        {"a": None},
        {None: 1},
    ),
    *(xi.Record(), xi.Record(text=""), xi.Record(text="x", value=4), xi.Record(value="9" * 5000), xi.Record(items=())),
    *(xi.Record(properties={"Value": None}), xi.Record(items=(xi.Record(),)), xi.Record(value=_LARGE), _LARGE),
)


def change_record(random: Random, record: xi.Record) -> xi.Record:
    """Return a record of which one to three properties are different."""
    properties: Any = record.properties  # Any: values of another form are the point
    for _ in range(random.randint(1, 3)):
        properties = _changed(random, properties, _odd_value)
    named = isinstance(properties, Mapping) and all(isinstance(name, str) for name in properties)
    return attrs.evolve(record, properties=properties if named else {})


def _odd_value(random: Random, value: object) -> object:
    if isinstance(value, str) and random.random() < 0.5:
        return change_text(random, value, "00:30:00")
    if isinstance(value, xi.Record) and random.random() < 0.5:
        return attrs.evolve(value, **{random.choice(("text", "value", "items")): random.choice(_VALUES)})
    return random.choice(_VALUES)


def dumps(random: Random, data: object) -> str:
    """Write JSON as a program may, a number of thousands of digits included."""
    text = json.dumps(_spelled(data), ensure_ascii=random.random() < 0.5, indent=random.choice((None, 2)))
    return text.replace(f'"{_MARK}"', "9" * 5000)


_MARK = "a number of thousands of digits"


def _spelled(data: object) -> object:
    if isinstance(data, dict):
        return {key: _spelled(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_spelled(item) for item in data]
    return _MARK if data == _LARGE else data
