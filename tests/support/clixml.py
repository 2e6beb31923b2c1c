"""Any CLIXML, written here by its grammar, with what it must be read as."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from uuid import UUID
from xml.sax.saxutils import escape

import exchange_imap as xi
from exchange_imap._powershell.record import RecordValue

_HEAD = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
_ESCAPED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_(?=[xX])")
_CHARACTERS = "aZ0 _x<>&\"'\t\r\n\x01\xa0é中😀\ud83d\ude00\x9f{}:."
_DEEPEST = 4


def file(*objects: str) -> str:
    """Put objects into a file."""
    return f"{_HEAD}{''.join(objects)}</Objs>"


def written(text: str) -> str:
    """Write a text as PowerShell does."""
    plain = _ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escape(plain, {'"': "&quot;"})


class Objects:
    """A maker of values: each is the XML of one element and what it says."""

    def __init__(self, random: Random, *, secrets: bool = True) -> None:
        """Make them by that chance; without ``secrets`` none that need a key to be read."""
        self.random = random
        self._made: list[tuple[int, xi.Record]] = []
        self._types: list[tuple[int, tuple[str, ...]]] = []
        self._number = 0
        self._primitives = self._writers()
        if not secrets:
            del self._primitives["SS"]

    def values(self) -> tuple[str, tuple[RecordValue, ...]]:
        """Make a file of up to four."""
        made = [self.value() for _ in range(self.random.randrange(5))]
        return file(*(xml for xml, _ in made)), tuple(value for _, value in made)

    def value(self, name: str = "", depth: int = 0) -> tuple[str, RecordValue]:
        """Make any value; ``name`` is its attribute, as XML."""
        roll = self.random.random()
        if roll < 0.5 or depth >= _DEEPEST:
            return self.primitive(name)
        if roll < 0.6 and self._made:
            number, record = self.random.choice(self._made)
            return f'<Ref{name} RefId="{number}" />', record
        return self.object(name, depth)

    def primitive(self, name: str = "") -> tuple[str, RecordValue]:
        """Make a value without parts."""
        tag, make = self.random.choice(list(self._primitives.items()))
        text, value = make()
        return f"<{tag}{name}>{text}</{tag}>", value

    def object(self, name: str, depth: int) -> tuple[str, RecordValue]:
        """Make a table, a list, a value with notes, or an object with properties."""
        self._number += 1
        number = self._number
        kind = self.random.choice([self._table, self._list, self._noted, self._plain])
        inner, record = kind(depth + 1)
        self._made.append((number, record))
        return f'<Obj{name} RefId="{number}">{inner}</Obj>', record

    def _table(self, _: int) -> tuple[str, xi.Record]:
        pairs = {f"k{n}{self._text()}": self._text() for n in range(self.random.randrange(3))}
        entries = (f'<En><S N="Key">{written(k)}</S><S N="Value">{written(v)}</S></En>' for k, v in pairs.items())
        table: dict[RecordValue, RecordValue] = {joined(k): joined(v) for k, v in pairs.items()}
        return f"<DCT>{''.join(entries)}</DCT>", xi.Record(value=table)

    def _list(self, depth: int) -> tuple[str, xi.Record]:
        tag = self.random.choice(["LST", "IE", "QUE", "STK"])
        types, names = self._type_names()
        items = [self.value(depth=depth) for _ in range(self.random.randrange(4))]
        inner = "".join(xml for xml, _ in items)
        return f"{types}<{tag}>{inner}</{tag}>", xi.Record(type_names=names, items=tuple(v for _, v in items))

    def _noted(self, depth: int) -> tuple[str, xi.Record]:
        types, names = self._type_names()
        number = self.random.randrange(100)
        notes, properties = self._bag("MS", depth, self._names(""))
        text = self._text()
        xml = f"{types}<ToString>{written(text)}</ToString><I32>{number}</I32>{notes}"
        return xml, xi.Record(type_names=names, text=joined(text), value=number, properties=properties)

    def _plain(self, depth: int) -> tuple[str, xi.Record]:
        types, names = self._type_names()
        own = self._names("")
        props, properties = self._bag("Props", depth, own)
        shadowing = [name.upper() for name in own if self.random.random() < 0.2]
        notes, others = self._bag("MS", depth, [*shadowing, *self._names("note")])
        hidden = {name.lower() for name in shadowing}
        kept = {name: value for name, value in properties.items() if name.lower() not in hidden}
        text = self._text()
        xml = f"{types}<ToString>{written(text)}</ToString>{props}{notes}"
        return xml, xi.Record(type_names=names, text=joined(text), properties=kept | others)

    def _names(self, prefix: str) -> list[str]:
        endings = ["", " x", "_x0041_", "é\n"]
        return [f"{prefix}p{n}{self.random.choice(endings)}" for n in range(self.random.randrange(4))]

    def _bag(self, tag: str, depth: int, names: list[str]) -> tuple[str, dict[str, RecordValue]]:
        made = {name: self.value(f' N="{written(name)}"', depth) for name in names}
        inner = "".join(xml for xml, _ in made.values())
        return f"<{tag}>{inner}</{tag}>" if made else "", {name: value for name, (_, value) in made.items()}

    def _type_names(self) -> tuple[str, tuple[str, ...]]:
        if self._types and self.random.random() < 0.5:
            number, names = self.random.choice(self._types)
            return f'<TNRef RefId="{number}" />', names
        number = len(self._types)
        names = (f"Contoso.Type{number}", "System.Object")
        self._types.append((number, names))
        return f'<TN RefId="{number}">{"".join(f"<T>{name}</T>" for name in names)}</TN>', names

    def _text(self) -> str:
        return "".join(self.random.choice(_CHARACTERS) for _ in range(self.random.randrange(8)))

    def _writers(self) -> dict[str, Callable[[], tuple[str, RecordValue]]]:
        bits = {"By": (0, 8), "SB": (1, 8), "U16": (0, 16), "I16": (1, 16), "U32": (0, 32), "I32": (1, 32)}
        bits |= {"U64": (0, 64), "I64": (1, 64)}
        return {
            "S": self._string,
            "SBK": self._string,
            "C": self._character,
            "B": lambda: self.random.choice([("true", True), ("false", False)]),
            "DT": self._moment,
            "TS": self._span,
            "Db": self._real,
            "Sg": self._real,
            "D": self._decimal,
            "BA": self._bytes,
            "G": self._guid,
            "Version": lambda: ("15.2.986.5", "15.2.986.5"),
            "URI": lambda: ("https://mail.contoso.com/owa", "https://mail.contoso.com/owa"),
            "Nil": lambda: ("", None),
            "SS": lambda: ("00ff", xi.Record(type_names=("System.Security.SecureString",))),
            **{tag: self._whole(*form) for tag, form in bits.items()},
        }

    def _whole(self, signed: int, bits: int) -> Callable[[], tuple[str, RecordValue]]:
        least = -(2 ** (bits - 1)) * signed

        def make() -> tuple[str, RecordValue]:
            value = self.random.choice([least, least + 2**bits - 1, self.random.randint(least, least + 2**bits - 1)])
            return str(value), value

        return make

    def _string(self) -> tuple[str, RecordValue]:
        text = self._text()
        return written(text), joined(text)

    def _character(self) -> tuple[str, RecordValue]:
        unit = self.random.randrange(2**16)
        return str(unit), chr(unit)

    def _moment(self) -> tuple[str, RecordValue]:
        zone, shown = self.random.choice(
            [
                (None, ""),
                (UTC, "Z"),
                (timezone(timedelta(hours=-9, minutes=-30)), "-09:30"),
                (timezone(timedelta(hours=14)), "+14:00"),
            ]
        )
        moment = datetime(self.random.randint(2, 9998), 2, 28, 23, 59, 58, self.random.randrange(10**6), zone)
        tick = self.random.randrange(10)
        return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}{tick}{shown}", moment

    def _span(self) -> tuple[str, RecordValue]:
        size = timedelta(days=self.random.choice([0, 1, 10675198]), seconds=self.random.randrange(86400))
        size += timedelta(microseconds=self.random.choice([0, 1, 999999]))
        sign = self.random.choice(["", "-"])
        minutes, seconds = divmod(size.seconds, 60)
        clock = f"T{minutes // 60}H{minutes % 60}M{seconds}.{size.microseconds:06}S"
        return f"{sign}P{size.days}D{clock}", -size if sign else size

    def _real(self) -> tuple[str, RecordValue]:
        value = self.random.choice([0.0, 1.5, -2.5e16, 5e-5, math.inf, -math.inf])
        return {math.inf: "INF", -math.inf: "-INF"}.get(value, repr(value).upper()), value

    def _decimal(self) -> tuple[str, RecordValue]:
        text = f"{self.random.randint(-(10**20), 10**20)}.{self.random.randrange(100):02}"
        return text, Decimal(text)

    def _bytes(self) -> tuple[str, RecordValue]:
        value = self.random.randbytes(self.random.randrange(6))
        return base64.b64encode(value).decode(), value

    def _guid(self) -> tuple[str, RecordValue]:
        value = UUID(int=self.random.getrandbits(128))
        return str(value), value


def joined(text: str) -> str:
    """Join the halves of characters as a text of UTF-16 units has them."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
