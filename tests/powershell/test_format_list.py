"""What Format-List prints, read and written, and held against what PowerShell itself prints."""

from __future__ import annotations

import contextlib
import random
import tracemalloc
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from exchange_imap import CommandSyntaxError, InvalidValueError, read_format_list
from exchange_imap._powershell.format_list import read_list, read_printed, write_format_list
from exchange_imap._powershell.format_list_writer import cells
from exchange_imap._powershell.record import FormatValue
from support import strategies
from support.examples import share
from support.judge import RecordProperty, ask, count, needs_judge, report

WRAPPED = """
Server      : MBX01
Banner      : Welcome to the \r
              IMAP4 service of \r
              Contoso-GmbH-and-b
              rothers
SSLBindings : {[::]:993, \r
              0.0.0.0:993}
"""
FULL = "N : 34567890123456789012345678901234567890"


def test_wrapped_values_are_joined() -> None:
    """At blanks, which stay at the line's end, and where a line is full."""
    (printed,) = read_printed(WRAPPED)

    assert printed == {
        "Server": "MBX01",
        "Banner": "Welcome to the IMAP4 service of Contoso-GmbH-and-brothers",
        "SSLBindings": "{[::]:993, 0.0.0.0:993}",
    }


def test_a_text_and_a_list_that_look_alike_are_told_apart_by_who_knows_the_property() -> None:
    """One parse keeps the braces; the untyped reader takes them for a list's."""
    text = "Banner      : {x}\nSSLBindings : {[::]:993, 0.0.0.0:993}"

    (printed,) = read_printed(text)

    assert printed["Banner"] == "{x}"
    assert read_list(printed["SSLBindings"], "SSLBindings") == ("[::]:993", "0.0.0.0:993")
    assert read_format_list(text)[0].properties["Banner"] == ("x",)


def test_lists_become_tuples() -> None:
    """An empty one too; a value that is empty is empty text, with or without the blank that PowerShell prints."""
    (record,) = read_format_list("A : {a, b}\nB : {}\nC : \nD :\nE : {CN=a,DC=b, CN=c}\nF : {a")

    assert record.properties == {"A": ("a", "b"), "B": (), "C": "", "D": "", "E": ("CN=a,DC=b", "CN=c"), "F": "{a"}


def test_an_object_may_begin_with_a_property_without_a_value() -> None:
    """Even where the blank behind its colon was lost."""
    assert read_printed("A :\nB : 1") == ({"A": "", "B": "1"},)


@pytest.mark.parametrize("margin", ["", "  ", "\t"], ids=["none", "blanks", "tab"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_several_objects_and_an_indented_paste_are_read(margin: str, end: str) -> None:
    """Blank lines stand between objects; a byte order mark and margins are left out."""
    lines = ["", "", "A  : 1", "BB : 2", "", "", "A  : 3", "BB : 4"]
    text = "\ufeff" + end.join(margin + line for line in lines)

    assert read_printed(text) == ({"A": "1", "BB": "2"}, {"A": "3", "BB": "4"})


@pytest.mark.parametrize(
    ("lines", "gap"),
    [
        pytest.param(["34567890123456789012345678901234567890", "123"], "", id="full, in a word no line holds"),
        pytest.param(["サーバーの既定の値ですので、よろしくお", "願い"], "", id="full of wide characters"),
        pytest.param(["aサーバーの既定の値ですので、よろしく", "お願い"], "", id="no room for a wide one"),
        pytest.param(["some words to be broken at the very e", "nd "], "", id="full, in a copy with blanks"),
        pytest.param(["some words that end exactly here, and ", "so on"], "", id="behind a blank"),
        pytest.param(["some words that end exactly here, and,", " so on"], "", id="before a blank"),
        pytest.param(["{[::]:993, [::]:994, [::]:995, [::]:99", "6, [::]:7}"], "", id="in an item"),
        pytest.param(["{[::]:993, [::]:994, [::]:995, [::]:99,", " [::]:7}"], "", id="before a separator's blank"),
        pytest.param(["{[::]:993,", "[::]:997}"], " ", id="a separator's blank was lost"),
    ],
)
def test_lines_are_joined_where_the_text_tells_how(lines: list[str], gap: str) -> None:
    """Full lines, wide characters, lists: no console is narrower than the longest line."""
    text = "V : " + "\n    ".join(lines)

    assert read_printed(text) == ({"V": gap.join(lines)},)


def test_wide_characters_are_counted_as_one_column_where_the_host_does() -> None:
    """As hosts do that are no consoles of Chinese, Japanese or Korean systems."""
    text = f"V : {'漢字' * 19}\n    漢字\n{FULL}\nW : "

    assert read_printed(text)[0]["V"] == "漢字" * 20


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param(f"V : a\n    b\n{FULL}", "a\nb", id="the next word would have fitted"),
        pytest.param(f"V : a \n    b\n{FULL}", "a \nb", id="the same, behind a blank"),
        pytest.param("V : a\n    \n    b", "a\n\nb", id="an empty line"),
        pytest.param("V : \n    b", "\nb", id="at the beginning"),
        pytest.param("V : b\n    \nW : c", "b\n", id="at the end"),
        pytest.param(f"V : a\n     b\n{FULL}", "a\n b", id="an indented line"),
    ],
)
def test_a_line_end_is_read_where_it_can_be_no_wrap(text: str, value: str) -> None:
    """A line that had room for the next word was not broken by the console."""
    assert read_printed(text)[0]["V"] == value


def test_a_line_of_blanks_is_a_value_s_where_it_is_longer_than_the_margin() -> None:
    """PowerShell breaks runs of blanks as it breaks words."""
    value = "x" * 34 + " " * 40 + "y"

    text = write_format_list({"V": value}, width=40)

    assert text.split("\n")[1] == " " * 39
    assert read_printed(text) == ({"V": value},)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("V : some words whose blank went astray\n    hereabouts", 1, id="a blank or nothing"),
        pytest.param("W :\nV : 34567890123456789012345678901234567890\n    1", 2, id="this copy loses blanks"),
        pytest.param("W : \nV : two words,\n    wwwwwwwwwwwwww\nX : 678901234567890", 2, id="no blank was lost"),
        pytest.param("V : abc\n    def", 1, id="too short to be full"),
        pytest.param("V : {xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,\n    y}", 1, id="an item's own comma"),
        pytest.param("V : {some words, and an item of words th\n    ree}", 1, id="an item of words"),
        pytest.param(
            "W :\nV : 漢字 漢字漢字漢字漢字漢字漢字\n    漢字", 2, id="wide words in a copy that loses blanks"
        ),
        pytest.param("V : 漢字 漢字漢字漢字漢字漢字漢字\n    漢字", 1, id="wide words"),
        pytest.param("W : \nV : 345678901234567890123456789\n    a\n    b", 2, id="a value of several lines"),
        pytest.param("W : \nX : words, \n    andmorethanthem\nV : at the very end of a\n    line", 4, id="English"),
        pytest.param("V : 3456789012345678901234567890123456\ufffd\n    \ufffd", 1, id="a pair torn in two"),
    ],
)
def test_what_the_text_does_not_tell_is_refused(text: str, line: int) -> None:
    """With the property, the line, and what to do: never a guess."""
    with pytest.raises(CommandSyntaxError) as caught:
        read_format_list(text)

    assert caught.value.line == line
    assert caught.value.field == "V"
    assert caught.value.source == text
    assert "Out-String -Width 4096" in str(caught.value)


def test_objects_of_several_consoles_are_read_each_by_its_own_width() -> None:
    """What one tells of its console says nothing about the next."""
    narrow = "V : some words that a console broke in\n    two "

    assert read_printed(f"{narrow}\n\nV : {'x' * 200}")[0] == {"V": "some words that a console broke intwo "}


@pytest.mark.parametrize(
    ("text", "line", "fragment"),
    [
        pytest.param("srv01      Offline    1     ImapProxyTestMonitor", 1, "to Format-List", id="table"),
        pytest.param("60     Running    {AdtAgent, ALG...}", 1, "to Format-List", id="table of lists"),
        pytest.param("Get-ImapSettings", 1, "Format-List", id="command"),
        pytest.param("[PS] C:\\>Get-ImapSettings | fl", 1, "Leave out the prompt", id="prompt"),
        pytest.param("Get-ImapSettings : It could not be found on 'DC'.", 1, "error message", id="error"),
        pytest.param("Get-X : The term 'Get-X' is not\nrecognized", 2, "a property and its value", id="long error"),
        pytest.param("A  : 1\nnonsense that is no property", 2, "a property and its value on each line", id="prose"),
        pytest.param("A  : 1\n : 2", 2, "a property and its value on each line", id="a margin lost"),
        pytest.param("  A  : 1\nBBB  : 2", 2, "a property and its value on each line", id="another margin"),
        pytest.param(" : 1", 1, "a property and its value on each line", id="no name"),
        pytest.param("A : 1\nB : 2\na : 3\nB : 4", 3, "each property of an object once", id="no empty line between"),
        pytest.param("A : 1\n\n    B : 2", 3, "objects that begin in the same column", id="a blank line"),
        pytest.param("\x1b[32;1mA : \x1b[0m1", 1, "PlainText", id="colours"),
    ],
)
def test_what_format_list_does_not_print_is_refused(text: str, line: int, fragment: str) -> None:
    """With the line, and what to do."""
    with pytest.raises(CommandSyntaxError) as caught:
        read_format_list(text)

    assert caught.value.line == line
    assert fragment in str(caught.value)


@pytest.mark.parametrize("value", ["{a, b, c, d...}", "{a, b, c, d\u2026}"], ids=["5.1", "7"])
def test_a_shortened_list_is_never_taken_for_a_whole_one(value: str) -> None:
    """Windows PowerShell's three dots, PowerShell 7's one character."""
    with pytest.raises(InvalidValueError, match="FormatEnumerationLimit"):
        read_list(value, "SSLBindings")
    with pytest.raises(InvalidValueError, match="SSLBindings"):
        read_format_list(f"SSLBindings : {value}")


@pytest.mark.parametrize("value", ["a, b", "{a, b", "a, b}", ""])
def test_what_is_no_list_is_refused(value: str) -> None:
    """A list has braces."""
    with pytest.raises(InvalidValueError, match="a list in braces"):
        read_list(value, "X")


@pytest.mark.parametrize("text", ["", " \r\n\r\n", "\ufeff"])
def test_nothing_is_no_object(text: str) -> None:
    """An empty text has none."""
    assert read_format_list(text) == ()


def test_values_are_written_as_the_shell_prints_them() -> None:
    """Aligned, lists in braces, null as nothing behind the blank, a line end at the value's column."""
    text = write_format_list({"Server": "MBX01", "Flag": True, "Bindings": ("a", "b"), "None": None, "Two": "x\r\ny"})

    assert text == ("Server   : MBX01\nFlag     : True\nBindings : {a, b}\nNone     : \nTwo      : x\n           y")
    assert write_format_list({}) == ""


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(minutes=30), "00:30:00"),
        (timedelta(days=1), "1.00:00:00"),
        (timedelta(), "00:00:00"),
        (-timedelta(days=1, hours=2, minutes=3, seconds=4, milliseconds=500), "-1.02:03:04.5000000"),
        (timedelta(microseconds=1), "00:00:00.0000010"),
    ],
)
def test_time_spans_are_written_as_dot_net_prints_them(span: timedelta, text: str) -> None:
    """Days and fractions where there are any."""
    assert write_format_list({"S": span}) == f"S : {text}"


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        pytest.param("see " + "x" * 70 + " end", ["see " + "x" * 31, "x" * 35, "xxxx end"], id="a word no line holds"),
        pytest.param("a" * 34 + " b", ["a" * 34 + " ", "b"], id="the blank fits exactly"),
        pytest.param("a" * 35 + " b", ["a" * 35, " b"], id="the blank does not fit"),
        pytest.param("a" * 34 + "漢字 z", ["a" * 34, "漢字 z"], id="wide"),
        pytest.param("a" * 28 + "\u00ad" + "b" * 8, ["a" * 28, "b" * 8], id="a soft hyphen is left out"),
        pytest.param("a" * 34 + "\u00ad" + "b" * 8, ["a" * 34 + "-", "b" * 8], id="a soft hyphen at the end"),
        pytest.param("a" * 30 + "\u00a0" + "b" * 8, ["a" * 30, "b" * 8], id="a no-break space is left out"),
        pytest.param("a" * 30 + "\u2011" + "b" * 8, ["a" * 30, "b" * 8], id="a no-break hyphen is left out"),
        pytest.param("no\u00a0break", ["no\u00a0break"], id="not where nothing is broken"),
        pytest.param("a\tb\t" * 10, ["a\tb\t" * 8 + "a\t", "b\ta\tb\t"], id="tabs count one"),
    ],
)
def test_a_console_breaks_long_values(value: str, lines: list[str]) -> None:
    """All as PowerShell answered at 40 columns in English; wide characters count as on a Japanese console."""
    assert write_format_list({"A": value}, width=40).removeprefix("A : ").split("\n    ") == lines


def test_a_console_without_room_for_values_is_refused() -> None:
    """Two columns are the least: a wide character takes as many."""
    with pytest.raises(InvalidValueError, match="at least 9 columns"):
        write_format_list({"ABC": "x"}, width=8)
    assert write_format_list({"ABC": "漢字"}, width=9) == "ABC : 漢\n      字"


# -- laws ---------------------------------------------------------------------------------------------------------

_names = st.lists(
    st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,20}", fullmatch=True), min_size=1, max_size=6, unique_by=str.lower
)
_items = st.from_regex(r"[A-Za-z0-9:\[\].]{1,12}", fullmatch=True)
_values = st.one_of(strategies.lines, st.lists(_items, max_size=4).map(tuple))
_latin = st.text("abXY09=,./-_{}:", min_size=1, max_size=50)
_wide = st.text("漢字サーバー。", min_size=1, max_size=30)
_prose = st.lists(_latin | _wide, max_size=8).map(" ".join)
_separate = st.lists(_latin, max_size=8).map(" ".join) | _wide
_lines = st.lists(
    st.lists(st.text("abc漢字", min_size=1, max_size=9), max_size=12).map(" ".join), min_size=2, max_size=4
)


def _objects(texts: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, FormatValue]]:
    """Make objects one of whose properties has no value, which shows whether a copy has kept its blanks."""
    values: st.SearchStrategy[FormatValue] = texts | st.lists(_items, max_size=12).map(tuple)
    return st.lists(values, min_size=1, max_size=3).map(_named)


def _named(values: list[FormatValue]) -> dict[str, FormatValue]:
    return {**dict(zip("ABC", values, strict=False)), "_": None}


def _texts(values: Mapping[str, FormatValue]) -> dict[str, str]:
    """Return the values as the shell shows them, unbroken."""
    return {name: "{" + ", ".join(v) + "}" if isinstance(v, tuple) else str(v or "") for name, v in values.items()}


@share(4)
@given(st.data())
def test_law_what_is_written_reads_back(data: st.DataObject) -> None:
    """Any text of one line, any list."""
    names = data.draw(_names)
    values: dict[str, FormatValue] = {name: data.draw(_values) for name in names}

    (printed,) = read_printed(write_format_list(values))

    read = {
        name: read_list(printed[name], name) if isinstance(v, tuple) else printed[name] for name, v in values.items()
    }
    assert read == values


@share(4)
@given(_objects(_prose), st.integers(60, 200), st.sampled_from(["\n", "\r\n"]))
def test_law_what_a_console_broke_reads_back(values: dict[str, FormatValue], width: int, end: str) -> None:
    """At every width, where the copy shows that it kept its blanks."""
    text = write_format_list(values, width).replace("\n", end)

    assert read_printed(text) == (_texts(values),)


@share(4)
@given(_objects(_prose), st.integers(60, 200))
def test_law_what_a_console_broke_anywhere_reads_back(values: dict[str, FormatValue], width: int) -> None:
    """As Japanese ones do."""
    assert read_printed(_break_anywhere(values, width)) == (_texts(values),)


@share(4)
@given(_objects(_separate), st.integers(60, 200), st.booleans())
def test_law_a_copy_that_lost_its_blanks_is_never_misread(
    values: dict[str, FormatValue], width: int, anywhere: bool
) -> None:
    """It reads back, or is refused: the values here hold no two wide words with a blank between them."""
    text = _break_anywhere(values, width) if anywhere else write_format_list(values, width)

    with contextlib.suppress(CommandSyntaxError):
        assert read_printed(_trim(text)) == (_texts(values),)


@share(4)
@given(_objects(_prose), _lines.map("\n".join), st.integers(60, 200))
def test_law_a_value_of_several_lines_is_never_misread(
    values: dict[str, FormatValue], several: str, width: int
) -> None:
    """It reads back, or is refused, unless one of its lines is by chance as full as a broken one."""
    whole: dict[str, FormatValue] = {**values, "Several": several, "Full": "x" * width}
    alone = write_format_list(dict.fromkeys(values) | {"Several": several, "Full": None}, width)
    assume(all(cells(line) < width - 2 or line.endswith(" ") for line in alone.split("\n")))

    with contextlib.suppress(CommandSyntaxError):
        assert read_printed(write_format_list(whole, width)) == (_texts(whole),)


@given(st.text(st.one_of(st.sampled_from(" :{},.\r\n\u2026"), strategies.characters)))
def test_law_no_text_at_all_raises_anything_else(text: str) -> None:
    """Only our own errors."""
    with contextlib.suppress(InvalidValueError):
        read_format_list(text)


@given(st.lists(st.sampled_from(["A", "Bb", " : ", " ", "\n", "    ", "x" * 40, "漢", "{", ",", "}", "\ufffd", ":"])))
def test_law_no_text_of_the_form_raises_anything_else(parts: list[str]) -> None:
    """The same for texts that come near to it."""
    with contextlib.suppress(InvalidValueError):
        read_format_list("".join(parts))


def _break_anywhere(values: Mapping[str, FormatValue], width: int) -> str:
    """Print as a console does in a language that does not separate words."""
    longest = max(map(len, values))
    margin = "\n" + " " * (longest + 3)
    shown = _texts(values).items()
    return "\n".join(f"{name:{longest}} : {margin.join(_fill(text, width - 4 - longest))}" for name, text in shown)


def _fill(text: str, width: int) -> Iterator[str]:
    filled, left = "", width
    for character in text:
        if cells(character) > left:
            yield filled
            filled, left = "", width
        filled += character
        left -= cells(character)
    yield filled


def _trim(text: str) -> str:
    """Lose the blanks at line ends, as consoles and mail programs do in copying."""
    return "\n".join(line.rstrip(" ") for line in text.splitlines())


# -- the judge ----------------------------------------------------------------------------------------------------

# 45 properties take PowerShell as long as 15 commands, and there are three tests: 200 each keeps them within 20 s.
_SHARE = 0.1
_ASKED = round(count(_SHARE) * 0.4)
_PARTS = (
    *(
        "Microsoft",
        "Exchange",
        "Server",
        "V15",
        "CN=Configuration,DC=contoso,DC=com",
        "ready.",
        ":",
        "-x",
        "{a}",
        "...",
    ),
    *("サーバー", "の既定の値", "漢字テスト、", "Grüße", "e\u0301", "C:\\Program", "http://" + "x" * 90),
)


def _object(make: random.Random, fewest: int = 40, ends: str = "") -> dict[str, FormatValue]:
    """Make an object of about 45 properties such as Exchange's settings have: one of them at least has no value."""
    names = (f"Property{number}{'x' * make.randint(0, 20)}" for number in range(make.randint(fewest, 50)))
    return {name: _value(make, ends) for name in names} | {"OwaServerUrl": None}


def _value(make: random.Random, ends: str) -> FormatValue:
    kind = make.randint(0, 9)
    if kind < 4:
        gap: str = make.choice([" ", " ", "", "  ", *ends])
        return gap.join(make.choices(_PARTS, k=make.choice([1, 2, 5, 10, 40])))[:1024]
    if kind == 4:
        return tuple(f"[::{make.randint(0, 9)}]:{make.randint(0, 65535)}" for _ in range(make.randint(0, 16)))
    if kind == 5:
        return timedelta(seconds=make.randint(-(10**6), 10**6), milliseconds=make.randint(0, 1))
    simple: tuple[bool | int | str | None, ...] = (None, True, False, 0, -1, 2**31 - 1, "")
    return simple[make.randrange(len(simple))]


def _ask(
    made: list[dict[str, FormatValue]], make: random.Random, cultures: tuple[str, ...]
) -> Iterator[tuple[int, str]]:
    """Ask PowerShell to print the objects; answer the widths and the texts."""
    asked = [
        {
            "properties": [[name, _json(value)] for name, value in each.items()],
            "width": make.randint(60, 200),
            "culture": make.choice(cultures),
            "limit": make.choice([16, -1]),
        }
        for each in made
    ]
    for question, answer in zip(asked, ask("format", asked), strict=True):
        yield int(str(question["width"])), answer["text"]


def _json(value: FormatValue) -> object:
    if isinstance(value, timedelta):
        return {"timespan": write_format_list({"": value}).removeprefix(" : ")}
    return list(value) if isinstance(value, tuple) else value


def _shown(values: Mapping[str, FormatValue]) -> dict[str, str]:
    """Return what PowerShell shows of the values on a console of unlimited width."""
    return {
        name: value if isinstance(value, str) else write_format_list({"": value}).removeprefix(" : ")
        for name, value in values.items()
    }


def _read(text: str) -> dict[str, str] | str:
    """Read one object, or say why not."""
    try:
        (printed,) = read_printed(text)
    except InvalidValueError as error:
        return str(error)
    return printed


@needs_judge
def test_objects_that_powershell_prints_read_back_the_same(record_property: RecordProperty) -> None:
    """At every width from 60 to 200, in English and in Japanese, with lists as long as Exchange's shell shows."""
    make = random.Random(7)  # noqa: S311 - no secret
    made = [_object(make) for _ in range(_ASKED)]

    answers = list(_ask(made, make, ("en-US", "ja-JP")))

    wrong = [(_shown(each), text) for each, (_, text) in zip(made, answers, strict=True) if _read(text) != _shown(each)]
    record_property("figure", report("Format-List of any object", len(made), len(wrong)))
    assert not wrong, wrong[0]


def test_a_line_before_a_blank_is_in_doubt_where_copying_lost_blanks() -> None:
    """Two blanks may have stood there, of which the copy shows one."""
    text = "V : some words that end exactly here, and\n     so on\nN :"

    with pytest.raises(InvalidValueError, match="copying lost"):
        read_printed(text)


@needs_judge
def test_what_powershell_prints_is_never_misread_where_blanks_or_line_ends_are_in_doubt(
    record_property: RecordProperty,
) -> None:
    """Values of several lines as printed, and copies that lost their blanks: read, or refused."""
    make = random.Random(8)  # noqa: S311 - no secret
    several = [_object(make, 1, "\n") for _ in range(_ASKED // 2)]
    one_line = [_object(make, 1) for _ in range(_ASKED // 2)]

    printed = [_read(text) for _, text in _ask(several, make, ("en-US",))]
    trimmed = [_read(_trim(text)) for _, text in _ask(one_line, make, ("en-US", "ja-JP"))]

    pairs = zip([*several, *one_line], [*printed, *trimmed], strict=True)
    wrong = [(_shown(each), found) for each, found in pairs if isinstance(found, dict) and found != _shown(each)]
    figures = [f"{sum(isinstance(found, str) for found in kind)} of {len(kind)}" for kind in (printed, trimmed)]
    record_property("figure", f"judge, refused: {figures[0]} with lines in values, {figures[1]} that lost blanks")
    assert not wrong, wrong[0]


@needs_judge
def test_what_we_write_at_a_width_is_what_powershell_prints_in_english(record_property: RecordProperty) -> None:
    """Character for character; without wide ones, which the judge's host counts as one column."""
    make = random.Random(9)  # noqa: S311 - no secret
    made = [
        {name: _narrow(value) for name, value in _object(make, ends="\u00ad\u00a0\u2011\n").items()}
        for _ in range(_ASKED)
    ]

    answers = list(_ask(made, make, ("en-US",)))

    wrong = [
        (write_format_list(each, width), text)
        for each, (width, text) in zip(made, answers, strict=True)
        if write_format_list(each, width) != text.replace("\r\n", "\n").strip("\n")
    ]
    record_property("figure", report("writing Format-List", len(made), len(wrong)))
    assert not wrong, wrong[0]


def _narrow(value: FormatValue) -> FormatValue:
    return "".join(c for c in value if cells(c) == 1) if isinstance(value, str) else value


def test_a_long_value_in_doubt_makes_one_error() -> None:
    """Not one for each of its lines: each would hold its own copy of the line and the hint."""
    line = "word word word word word word"
    text = f"Banner : {line}\n" + f"         {line}\n" * 5_000 + "Other  : " + "x" * 31

    tracemalloc.start()
    try:
        with pytest.raises(CommandSyntaxError, match="a blank that copying lost"):
            read_printed(text)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 20 * len(text)


def test_a_colon_in_another_column_is_told_of() -> None:
    """All of one object stand in one column."""
    with pytest.raises(InvalidValueError, match="expected a colon in column 6, as in the first line of the object"):
        read_printed("Name : a\nLonger name : b")
