"""What holds for every text and every literal of the language."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange_imap import CommandSyntaxError
from exchange_imap._powershell.numbers import read_number
from exchange_imap._powershell.parser import parse_syntax
from exchange_imap._powershell.renderer import Form, render_literal, render_parameter
from exchange_imap._powershell.syntax import (
    Array,
    Boolean,
    CommandSyntax,
    CredentialPrompt,
    Hashtable,
    Literal,
    Null,
    Number,
    ParameterName,
    Quote,
    ScriptSyntax,
    String,
)
from exchange_imap._span import Span
from support import strategies
from support.texts import FRAGMENTS

_strings = st.builds(String, strategies.texts, st.sampled_from(Quote))
_numbers = st.one_of(
    st.integers(-(2**96) + 1, 2**96 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-(10**20), 10**20, places=6),
).map(Number)
_scalars = st.one_of(_strings, _numbers, st.booleans().map(Boolean), st.just(Null()))
_lists = st.lists(_scalars, max_size=4).map(lambda items: Array(tuple(items)))
_keys = st.lists(_strings, max_size=3, unique_by=lambda key: key.value.lower())
_tables = _keys.flatmap(
    lambda keys: st.tuples(*(st.tuples(st.just(key), st.one_of(_scalars, _lists)) for key in keys)).map(Hashtable)
)
_prompts = st.one_of(st.none(), strategies.texts.filter(lambda name: name != "--%")).map(CredentialPrompt)
literals: st.SearchStrategy[Literal] = st.one_of(_scalars, _lists, _tables, _prompts)
wild_texts = st.lists(st.one_of(st.sampled_from(FRAGMENTS), strategies.characters), max_size=12).map("".join)


def meaning(literal: Literal) -> object:
    """Return what a parameter receives: one item of a list is the item, and a number its worth."""
    match literal:
        case Array((item,)) if not isinstance(item, Null | Hashtable) and item != String("--%"):
            return meaning(item)
        case Array(items):
            return [meaning(item) for item in items]
        case Hashtable(entries):
            return [(key.value, meaning(value)) for key, value in entries]
        case Number(value):
            return (isinstance(value, Decimal), value)
        case _:
            return literal


def arguments(script: ScriptSyntax) -> list[list[Literal]]:
    """Return the values of each command, whether or not they are attached to a name."""
    commands = [command for pipeline in script.pipelines for command in pipeline.commands]
    return [[value for value in map(_value, command.elements) if value is not None] for command in commands]


def _value(element: Literal | ParameterName) -> Literal | None:
    return element.argument if isinstance(element, ParameterName) else element


@given(st.lists(st.tuples(literals, st.sampled_from(Form)), min_size=1, max_size=3))
def test_law_any_literals_read_back_as_themselves(values: list[tuple[Literal, Form]]) -> None:
    """In every form and position, in one line."""
    text = " ".join(["X", *(render_parameter("A", value, form) for value, form in values)])

    (read,) = arguments(parse_syntax(text))

    assert list(map(meaning, read)) == [meaning(value) for value, _ in values]
    assert not {"\r", "\n"} & set(text)


def refusal(text: str) -> CommandSyntaxError | None:
    """Return why a text is refused."""
    try:
        parse_syntax(text)
    except CommandSyntaxError as error:
        return error
    return None


@given(wild_texts, st.booleans())
def test_law_writing_what_was_read_changes_nothing_more(text: str, command: bool) -> None:
    """What a text means is written in one way, and that way is read as the same and written the same."""
    source = f"X {text}" if command else text
    error = refusal(source)
    if error is not None:
        assert 0 <= error.span.start <= error.span.end <= len(error.source)
        assert str(error)
        return

    script = parse_syntax(source)
    for values in arguments(script):
        written = ["X", *(render_parameter("A", value, Form.ATTACHED) for value in values)]
        (again,) = arguments(parse_syntax(" ".join(written)))
        assert list(map(meaning, again)) == list(map(meaning, values))
        assert written[1:] == [render_parameter("A", value, Form.ATTACHED) for value in again]


def spans(command: CommandSyntax) -> Iterator[Span]:
    """Yield where the command's name and elements stand, in order."""
    yield command.name_span
    for element in command.elements:
        yield element.span
        if isinstance(element, ParameterName) and element.argument is not None:
            yield element.argument.span


@given(wild_texts)
def test_law_places_are_those_of_the_text(text: str) -> None:
    """In order, apart and inside their command, also behind a byte order mark."""
    source = f"\ufeffX {text}"
    try:
        script = parse_syntax(source)
    except CommandSyntaxError:
        return

    assert script.source == source
    for command in (command for pipeline in script.pipelines for command in pipeline.commands):
        places = list(spans(command))
        name = source[slice(*command.name_span)]
        assert name == command.name or not name[0].isalpha()  # behind a call operator it may be quoted
        assert all(left.end <= right.start for left, right in pairwise(places))
        assert all(place.start < place.end for place in places)
        assert command.span.start <= places[0].start
        assert places[-1].end <= command.span.end <= len(source)


@given(st.text("0123456789.eEdDlLxXkmgtpbKMB+-", max_size=20))
def test_law_a_number_is_finite_and_its_word_is_written_back(word: str) -> None:
    """Whatever a word is worth, PowerShell has another word for the same."""
    value = read_number(word)

    if value is not None:
        (read,) = arguments(parse_syntax(f"X {render_literal(Number(value))}"))[0]
        assert meaning(read) == meaning(Number(value))


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "text",
    ["9" * 100_000, "1." + "9" * 100_000, "0x" + "f" * 100_000, "1e999999999l", "1e999999999d", "1e" + "9" * 10_000,
     "1e-999999999d", "1e-999999999l", "0e999999999d", "(" * 10_000, "@{a=" * 10_000, "<" * 100_000, "`" * 100_000,
     "'" * 100_001, "<# #>" * 20_000, '"a"b' * 20_000, "a," * 25_000, "-a:b " * 10_000, "@(1;" + "2;" * 10_000,
     ";a:b" * 15_000, "0" * 100_000 + "1", "0" * 100_000 + "1kb",
     "@{" + ";".join(f"k{number}=1" for number in range(10_000)) + "}"],
    ids=lambda text: f"{text[:6]}...",
)  # fmt: skip
def test_long_texts_take_no_longer_than_they_are(text: str) -> None:
    """Read or refused with no more than our own error; one that took time for each character twice would hang here."""
    error = refusal(f"X {text}")

    assert error is None or error.span.end <= len(error.source)


def test_quotes_and_places_do_not_count_in_a_comparison() -> None:
    """Only what is meant does."""
    bare = String("a")

    assert bare == attrs.evolve(bare, quote=Quote.DOUBLE, span=Span(3, 4))
