"""What Format-List prints, read and written."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange_imap import CommandSyntaxError, InvalidValueError, read_format_list
from exchange_imap._powershell.format_list import read_list, read_printed, write_format_list
from support import strategies

WRAPPED = """
Server      : MBX01
Banner      : Welcome to the \r
              IMAP4 service of \r
              Contoso-GmbH-and-b
              rothers
SSLBindings : {[::]:993, \r
              0.0.0.0:993}
"""


def test_wrapped_values_are_joined() -> None:
    """At blanks, which stay at the line's end, and where a line is full."""
    (printed,) = read_printed(WRAPPED)

    assert printed == {
        "Server": "MBX01",
        "Banner": "Welcome to the IMAP4 service of Contoso-GmbH-and-brothers",
        "SSLBindings": "{[::]:993, 0.0.0.0:993}",
    }


def test_lists_become_tuples() -> None:
    """An empty one too; a value that is empty is empty text."""
    (record,) = read_format_list("A : {a, b}\nB : {}\nC : \nD :")

    assert record.properties == {"A": ("a", "b"), "B": (), "C": "", "D": ""}


def test_several_objects_and_an_indented_paste_are_read() -> None:
    """Blank lines stand between objects; a byte order mark and margins are left out."""
    text = "\ufeff\n\n  A  : 1\n  BB : 2\n\n\n  A  : 3\n  BB : 4\n   \n"

    assert read_printed(text) == ({"A": "1", "BB": "2"}, {"A": "3", "BB": "4"})


def test_japanese_breaks_anywhere() -> None:
    """Wide characters take two columns, and one that does not fit leaves a column empty."""
    text = "Banner : サーバーの既定の値です\n         ので、よろしく\nX      : 12345678901234567890"

    assert read_printed(text)[0]["Banner"] == "サーバーの既定の値ですので、よろしく"


def test_a_list_that_lost_its_blanks_in_copying_is_read_all_the_same() -> None:
    """Its commas tell."""
    text = "SSLBindings : {[::]:993,\n              0.0.0.0:993}\nServer      : a-name-that-is-much-longer-than-this"

    assert read_format_list(text)[0].properties["SSLBindings"] == ("[::]:993", "0.0.0.0:993")


@pytest.mark.parametrize(
    ("text", "line", "fragment"),
    [
        ("Banner : Welcome to\n         Contoso\nServer : a-name-that-is-longer-than-that", 1, "Out-String -Width"),
        ("srv01      Offline    1     ImapProxyTestMonitor", 1, "pipe the command to Format-List"),
        ("Get-ImapSettings", 1, "Format-List"),
        ("A  : 1\nnonsense that is no property", 2, "a property and its value on each line"),
        ("A  : 1\n : 2", 2, "a property and its value on each line"),
        (" : 1", 1, "a property and its value on each line"),
    ],
)
def test_what_format_list_does_not_print_is_refused(text: str, line: int, fragment: str) -> None:
    """With the line, and what to do."""
    with pytest.raises(CommandSyntaxError) as caught:
        read_format_list(text)

    assert caught.value.line == line
    assert fragment in str(caught.value)


@pytest.mark.parametrize("value", ["{a, b, c, d...}", "{a, b, c, d\u2026}"])
def test_a_shortened_list_is_never_taken_for_a_whole_one(value: str) -> None:
    """Windows PowerShell's three dots, PowerShell 7's one character."""
    with pytest.raises(InvalidValueError, match="FormatEnumerationLimit"):
        read_list(value, "SSLBindings")
    with pytest.raises(InvalidValueError, match="SSLBindings"):
        read_format_list(f"SSLBindings : {value}")


def test_what_is_no_list_is_refused() -> None:
    """A list has braces."""
    with pytest.raises(InvalidValueError, match="a list in braces"):
        read_list("a, b", "X")


def test_nothing_is_no_object() -> None:
    """An empty text has none."""
    assert read_format_list("") == read_format_list(" \r\n\r\n") == ()


def test_values_are_written_as_the_shell_prints_them() -> None:
    """Aligned, lists in braces, null as nothing, a line end at the value's column."""
    text = write_format_list({"Server": "MBX01", "Flag": True, "Bindings": ("a", "b"), "None": None, "Two": "x\ny"})

    assert text == ("Server   : MBX01\nFlag     : True\nBindings : {a, b}\nNone     :\nTwo      : x\n           y")
    assert write_format_list({}) == ""


_names = st.lists(st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,20}", fullmatch=True), min_size=1, max_size=6, unique=True)
_items = st.from_regex(r"[A-Za-z0-9:\[\].]{1,12}", fullmatch=True)
_values = st.one_of(strategies.lines, st.lists(_items, max_size=4).map(tuple))


@given(st.data())
def test_law_what_is_written_reads_back(data: st.DataObject) -> None:
    """Any text of one line, any list."""
    names = data.draw(_names)
    values = {name: data.draw(_values) for name in names}

    (printed,) = read_printed(write_format_list(values))

    read = {
        name: read_list(printed[name], name) if isinstance(v, tuple) else printed[name] for name, v in values.items()
    }
    assert read == values


@given(st.text(st.one_of(st.sampled_from(" :{},.\r\n\u2026"), strategies.characters)))
def test_law_no_text_at_all_raises_anything_else(text: str) -> None:
    """Only our own errors."""
    with contextlib.suppress(InvalidValueError):
        read_format_list(text)
