"""Random cmdlets and snapshots of every class, and the loose ways in which people write commands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, TypeVar

import exchange_imap as xi
from exchange_imap._cmdlets.registry import cmdlets
from exchange_imap._model.codecs.lists import ListCodec
from exchange_imap._model.codecs.passwords import PasswordCodec
from exchange_imap._model.codecs.values import TEXT
from exchange_imap._model.declaration import parameters, properties, required
from exchange_imap._model.specs import ParameterSpec
from exchange_imap._powershell.renderer import render_literal
from exchange_imap._powershell.syntax import Array, Boolean, Hashtable, Literal, Null, Number, String

from .values import Printable, Values

__all__ = ["Commands", "Snapshots"]

C = TypeVar("C", bound=xi.Cmdlet)
S = TypeVar("S", bound=xi.Snapshot)
_EITHER = ("name", "display_name")
"""What services are named by: one of the two. Their classes check that themselves, without parameter sets."""
_PRESENT = ["", "", "", ":$true", ": $TRUE", ":${true}"]
_ABSENT = [":$false", ": $FALSE", ":${False}"]


class Commands(Values):
    """Makes cmdlets, of what their declarations say: any value of each codec, and parameters that go together."""

    left_out: ClassVar[Collection[str]] = ()
    """Fields that are never stated."""
    put_in: ClassVar[Collection[str]] = ()
    """Fields that are always stated, in commands of their parameter set."""

    def any_cmdlet(self) -> xi.Cmdlet:
        """Make a cmdlet of any class."""
        return self.cmdlet(self.random.choice(list(cmdlets().values())))

    def cmdlet(self, cls: type[C]) -> C:
        """Make a cmdlet with some of its parameters, in any order."""
        stated = self._stated(cls)
        self.random.shuffle(stated)
        values: dict[str, Any] = {f: self.field(cls, f) for f in stated}  # Any: each of its field's type
        return cls(**values, order=tuple(stated))

    def field(self, cls: type[xi.Cmdlet], name: str) -> object:
        """Make a value for a parameter."""
        spec = parameters(cls)[name]
        if spec.nullable and self.chance(8):
            return None
        return self.of(spec.codec, least=1)

    def parameters(self, cls: type[xi.Cmdlet]) -> dict[str, ParameterSpec]:
        """Return what may be stated; no password, which no text shows and no other form keeps."""
        specs = parameters(cls).items()
        return {f: s for f, s in specs if f not in self.left_out and not isinstance(s.codec, PasswordCodec)}

    def _stated(self, cls: type[xi.Cmdlet]) -> list[str]:
        """Pick the parameters to state, of those that go together."""
        specs, needed = self._together(cls)
        percent = self.random.choice([0, 10, 25, 50])
        return [f for f, spec in specs.items() if f in needed or self.chance(5 if spec.common else percent)]

    def _together(self, cls: type[xi.Cmdlet]) -> tuple[dict[str, ParameterSpec], set[str]]:
        """Return the parameters of one parameter set, and those of them that have to be stated."""
        specs = self.parameters(cls)
        needed = {f for f, spec in specs.items() if spec.mandatory} | required(cls) | {*self.put_in}
        if {*_EITHER} <= specs.keys() and isinstance(specs[_EITHER[0]].codec, ListCodec):
            named, other = self.random.sample(_EITHER, 2)
            del specs[other]
            needed.add(named)
        # "Instance" takes an object from a pipe, and without one no set is certain.
        sets = {name for spec in specs.values() for name in spec.sets} - {"Instance"}
        chosen = self.random.choice(sorted(sets)) if sets else ""
        specs = {f: spec for f, spec in specs.items() if not spec.sets or chosen in spec.sets}
        if chosen != cls.default_set:  # without a parameter of its own the command would be of the default set
            needed |= {f for f, spec in specs.items() if len(spec.sets) == 1}
        return specs, needed

    # -- the same, loosely written -----------------------------------------------------------------------------

    def loosely(self, cmdlet: xi.Cmdlet) -> str:
        """Write a cmdlet in one of the many ways that PowerShell reads."""
        command = cmdlet.to_command()
        specs = {spec.name: spec for spec in parameters(type(cmdlet)).values()}
        words = [self._called(self.case(command.name)) if self.chance(15) else self.case(command.name)]
        places = {name for name, spec in specs.items() if _has_place(spec, type(cmdlet))}
        words += [self._parameter(p.name, p.value, specs, places) for p in command.parameters]
        if self.chance(3):
            words.insert(self.random.randint(1, len(words)), self.odd(3))
        return "".join(word + (self.blank() if i < len(words) - 1 else "") for i, word in enumerate(words))

    def _called(self, name: str) -> str:
        """Write a command's name behind the call operator, in quotes or without."""
        return "&" + self.one(["", " ", "\t", " `\n", " <# note #> "]) + self.one([name, name, self.string(name)])

    def _parameter(self, name: str, value: Literal | None, specs: Mapping[str, ParameterSpec], places: set[str]) -> str:
        dash, written = self.one("----\u2013\u2014\u2015"), self.case(self._abbreviated(name, specs))
        own = not getattr(specs[name].codec, "converts", False)
        if value is None:
            return dash + written + self.one(_PRESENT if own else [*_PRESENT, ":1", ":0x10", ":$null"])
        if specs[name].switch:
            return dash + written + self.one(_ABSENT if own else [*_ABSENT, ":0", ": 0.0"])
        text = self.literal(value)
        if name in places and self.chance(40):
            return text
        return f"{dash}{written}{self.one([':', ': ', ' ', ' ', '  '])}{text}"

    def _abbreviated(self, name: str, specs: Mapping[str, ParameterSpec]) -> str:
        spec = specs[name]
        if spec.aliases and self.chance(20):
            return self.one(spec.aliases)
        return name[: self.random.randint(1, len(name))] if self.chance(25) else name

    def literal(self, literal: Literal) -> str:
        """Write a literal in one of its forms."""
        match literal:
            case String():
                return self._string(literal)
            case Number():
                return self._number(literal)
            case Boolean():
                return self.one(
                    [self.case("$true"), "1", "5"] if literal.value else [self.case("$false"), "0", "${False}"]
                )
            case Null():
                return self.case("$null")
            case Array():
                return self._array(literal)
            case Hashtable():
                return self._table(literal)
        return self.case("(Get-Credential") + render_literal(literal).removeprefix("(Get-Credential")

    def _string(self, literal: String) -> str:
        plain = render_literal(literal)
        if not plain.startswith(("'", '"')) and self.chance(50):
            return self.case(plain) if literal.value.isalpha() and self.chance(20) else plain
        text = self.string(literal.value)
        return f"({text})" if self.chance(5) else text

    def _number(self, literal: Number) -> str:
        value = literal.value
        forms = [
            str(value),
            literal.text or str(value),
            hex(int(value)),
            f"'{literal.text or value}'",
            f"({value})",
            f"{value}.0",
        ]
        if int(value) % 1024 == 0:
            forms.append(f"{int(value) // 1024}{self.case('kb')}")
        return self.one(forms)

    def _array(self, literal: Array) -> str:
        gap = self.one(["", " ", "\n", " "])
        if not literal.items or self.chance(40):
            inside = ("," + gap).join(
                self.string(i.value) if isinstance(i, String) else render_literal(i) for i in literal.items
            )
            return f"@({gap}{inside}{gap})"
        return ("," + gap).join(map(self.literal, literal.items))

    def _table(self, literal: Hashtable) -> str:
        entries = [
            f"{self.case(key.value)}{self.one(['=', ' = '])}{self._inside(value)}" for key, value in literal.entries
        ]
        self.random.shuffle(entries)
        pad = self.one(["", " ", "\n"])
        return "@{" + pad + self.one(["; ", ";", "\n"]).join(entries) + pad + "}"

    def _inside(self, literal: Literal) -> str:
        if isinstance(literal, Array):
            text = ",".join(map(self._inside, literal.items))
            return f"@({text})" if self.chance(30) else text
        return self.string(literal.value) if isinstance(literal, String) else render_literal(literal)


def _has_place(spec: ParameterSpec, cls: type[xi.Cmdlet]) -> bool:
    """Say whether a value without a name is this parameter's, and not another's of the default set."""
    rivals = [
        other for other in parameters(cls).values() if other.position == spec.position and cls.default_set in other.sets
    ]
    return spec.position is not None and (not rivals or spec in rivals)


class Snapshots(Printable):
    """Makes what servers answer; what a server need not tell it may not tell."""

    def snapshot(self, cls: type[S]) -> S:
        """Make an object of a class."""
        values: dict[str, Any] = {field: self._value(cls, field) for field in properties(cls)}  # Any: as above
        return cls(**values)

    def _value(self, cls: type[xi.Snapshot], field: str) -> object:
        codec, may_be_none = properties(cls)[field].codec, field not in required(cls)
        if may_be_none and self.chance(40):
            return None
        return "" if codec == TEXT and not may_be_none and self.chance(10) else self.of(codec)
