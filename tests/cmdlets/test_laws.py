"""Laws of what is declared: every codec, cmdlet and snapshot reads what it writes, in every form."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._cmdlets.registry import cmdlets, snapshots
from exchange_imap._model.codecs.passwords import PasswordCodec
from exchange_imap._model.codecs.words import WordsCodec
from exchange_imap._model.declaration import parameters, properties
from exchange_imap._model.specs import ParameterCodec, PropertyCodec
from exchange_imap._powershell.command import Form
from exchange_imap._powershell.json_reader import is_cut
from exchange_imap._powershell.parser import parse_syntax
from exchange_imap._powershell.renderer import render_parameter
from exchange_imap._powershell.syntax import (
    Array,
    Boolean,
    CredentialPrompt,
    Hashtable,
    Literal,
    Null,
    Number,
    ParameterName,
    String,
)
from support import strategies
from support.commands import Commands
from support.examples import scaled, share
from support.public import NAMES
from support.values import Printable, Values

CMDLETS, SNAPSHOTS = tuple(cmdlets().values()), tuple(snapshots().values())
PROGRAMS = (xi.NetStart, xi.NetStop)
each_cmdlet = pytest.mark.parametrize("cls", [*CMDLETS, *PROGRAMS], ids=lambda cls: cls.__name__)
each_snapshot = pytest.mark.parametrize("cls", SNAPSHOTS, ids=lambda cls: cls.__name__)
# One parameter or property of each codec stands for all that have it.
TAKEN = {spec.codec: f"{cls.__name__}.{field}" for cls in CMDLETS for field, spec in parameters(cls).items()}
ANSWERED = {spec.codec: f"{cls.__name__}.{field}" for cls in SNAPSHOTS for field, spec in properties(cls).items()}


def made(cls: type[xi.Cmdlet]) -> st.SearchStrategy[xi.Cmdlet]:
    """Make any objects of a cmdlet class, or of a program, which takes no common parameters."""
    if issubclass(cls, xi.NetStop):
        return st.builds(cls, service=st.sampled_from(["w3svc", "W3SVC"]), yes=st.booleans())
    if issubclass(cls, xi.NetStart):
        return st.builds(cls, service=st.sampled_from(["w3svc", "W3SVC"]))
    return strategies.cmdlets(cls)


# The plugin pytest-randomly seeds `random` for each test, and prints the seed of the run, from which these follow.
# -- codecs --------------------------------------------------------------------------------------------------------


@pytest.mark.law
@pytest.mark.parametrize(
    "codec", [codec for codec in TAKEN if not isinstance(codec, PasswordCodec)], ids=lambda codec: TAKEN[codec]
)
def test_law_a_parameter_reads_what_it_writes(codec: ParameterCodec) -> None:
    """In a command and in JSON; a value that it made is taken as it is."""
    values = Values(random.getrandbits(64))
    for _ in range(scaled(1000)):
        value = values.of(codec)
        (pipeline,) = parse_syntax(f"X {render_parameter('A', codec.write(value), Form.ATTACHED)}").pipelines
        (parameter,) = pipeline.commands[0].elements

        assert isinstance(parameter, ParameterName)
        assert parameter.argument is not None
        assert codec.read(parameter.argument) == value
        assert codec.check(json.loads(json.dumps(codec.to_json(value)))) == value
        assert codec.check(value) == value


@pytest.mark.parametrize("codec", TAKEN, ids=lambda codec: TAKEN[codec])
def test_what_is_read_of_any_literal_would_be_taken_from_a_program(codec: ParameterCodec) -> None:
    """A cmdlet that was read is not checked again: no kind of literal may get past the check of the codec."""
    words = (
        "",
        "x",
        "443",
        "1kb",
        "$true",
        "None",
        "unlimited",
        "00:30:00",
        "::1:993",
        "a:1:SSL",
        "SMTP, IMAP",
        "a" * 2000,
    )
    numbers: tuple[float | Decimal, ...] = (0, 1, -1, 443, 2**31, 2**64, 1.5, Decimal("2.5"))
    single: list[Literal] = [*map(String, words), *(Number(n, word) for n in numbers for word in ("", str(n)))]
    single += [
        Boolean(True),
        Boolean(False),
        Null(),
        CredentialPrompt("kim"),
        xi.PSCredential("kim", "x"),
        xi.Secret("x"),
    ]
    several = [Array((one, other)) for one in single for other in single[:4]]
    edits = [Hashtable(((String("Add"), one),)) for one in (*single, *several)]
    for literal in (*single, Array(()), *several, *edits):
        try:
            value = codec.read(literal)
        except xi.InvalidValueError:
            continue

        assert codec.check(value) == value, literal


@pytest.mark.law
@pytest.mark.parametrize("codec", ANSWERED, ids=lambda codec: ANSWERED[codec])
def test_law_a_property_reads_what_it_displays(codec: PropertyCodec) -> None:
    """As Format-List prints it and in JSON; a value that it made is taken as it is."""
    values = Printable(random.getrandbits(64))
    for _ in range(scaled(1000)):
        value = values.of(codec)

        assert codec.decode(codec.display(value)) == value
        assert codec.check(json.loads(json.dumps(codec.to_json(value)))) == value
        assert codec.check(value) == value


# -- cmdlets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", CMDLETS, ids=lambda cls: cls.__name__)
def test_laws_are_about_cmdlets_with_and_without_each_parameter(cls: type[xi.Cmdlet]) -> None:
    """Unless it has to be stated; also about those that state nothing of one parameter set alone."""
    source = Commands(1)
    made = [source.cmdlet(cls) for _ in range(500)]
    specs = source.parameters(cls)
    stated = {field: {getattr(cmdlet, field) is not xi.UNSET for cmdlet in made} for field in specs}
    needed = {field for field, spec in specs.items() if (spec.mandatory and not spec.sets) or spec.required}
    alone = {field for field, spec in specs.items() if spec.sets}

    assert stated == {field: {True} if field in needed else {True, False} for field in specs}
    assert any(specs[field].mandatory for field in alone) or any(
        all(getattr(cmdlet, field) is xi.UNSET for field in alone) for cmdlet in made
    )


@each_cmdlet
@share(20)
@given(data=st.data())
def test_law_a_cmdlet_reads_what_it_writes(cls: type[xi.Cmdlet], data: st.DataObject) -> None:
    """Text and back; the text is a fixed point and always one line."""
    cmdlet = data.draw(made(cls))
    text = str(cmdlet)

    again = xi.parse(text)

    assert again == cmdlet
    assert str(again) == text
    assert len(text.splitlines()) <= 1 or not {"\n", "\r"} & set(text)


@each_cmdlet
@share(20)
@given(data=st.data())
def test_law_a_cmdlet_survives_json_pickle_and_repr(cls: type[xi.Cmdlet], data: st.DataObject) -> None:
    """Three other forms, each exact."""
    cmdlet = data.draw(made(cls))
    kept = json.loads(json.dumps(cmdlet.to_dict()))

    assert cls.from_dict(kept) == cmdlet
    assert pickle.loads(pickle.dumps(cmdlet)) == cmdlet  # noqa: S301 - made here
    assert eval(repr(cmdlet), NAMES | {"datetime": dt}) == cmdlet  # noqa: S307 - pasted back


@each_cmdlet
@share(20)
@given(data=st.data())
def test_law_what_a_transport_is_given_is_the_cmdlet(cls: type[xi.Cmdlet], data: st.DataObject) -> None:
    """The command with full names binds to the same object."""
    cmdlet = data.draw(made(cls))

    assert cls.from_command(cmdlet.to_command()) == cmdlet


@pytest.mark.parametrize("cls", CMDLETS, ids=lambda cls: cls.__name__)
@share(20)
@given(data=st.data())
def test_law_each_parameter_takes_its_own_value_through_a_variable(cls: type[xi.Cmdlet], data: st.DataObject) -> None:
    """Whatever a cmdlet holds is read again; but flags refuse an empty list, as they do in PowerShell."""
    cmdlet = data.draw(strategies.cmdlets(cls))
    specs = parameters(cls)
    values: dict[str, Any] = {  # Any: each of its field's type
        field: getattr(cmdlet, field) for field in specs if getattr(cmdlet, field) is not xi.UNSET
    }
    assume(not any(isinstance(specs[field].codec, WordsCodec) and value == () for field, value in values.items()))
    text = " ".join([cmdlet.cmdlet, *(f"-{specs[field].name}:${field}" for field in values)])

    assert cls.parse(text, values) == cmdlet


# -- snapshots -----------------------------------------------------------------------------------------------------


@each_snapshot
@share(10)
@given(data=st.data())
def test_law_printed_objects_read_back(cls: type[xi.Snapshot], data: st.DataObject) -> None:
    """Format-List text of any object is the same snapshot; one that has bytes must have a certificate's."""
    snapshot = data.draw(strategies.snapshots(cls))
    assume(getattr(snapshot, "raw_data", None) is None)

    assert cls.parse(str(snapshot)) == snapshot


@each_snapshot
@share(10)
@given(data=st.data())
def test_law_objects_survive_record_json_and_pickle(cls: type[xi.Snapshot], data: st.DataObject) -> None:
    """Four other forms, each exact."""
    snapshot = data.draw(strategies.snapshots(cls))
    kept = json.loads(json.dumps(snapshot.to_dict()))

    assert cls.from_dict(kept) == snapshot
    assert pickle.loads(pickle.dumps(snapshot)) == snapshot  # noqa: S301 - made here
    if getattr(snapshot, "raw_data", None) is None:
        record = snapshot.to_record()
        assert record.type_names == cls.types
        assert cls.from_record(record) == snapshot
        assume(not any(map(is_cut, record.properties.values())))
        assert cls.from_json(json.dumps(kept)) == snapshot
