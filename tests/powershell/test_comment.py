"""Comments of printed scripts: one line each, whatever the text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from exchange_imap._powershell.comment import comment
from exchange_imap._powershell.parser import parse_syntax
from support import strategies

# What ends a line for PowerShell, for an editor, or for Python's splitlines.
LINE_ENDS = ["\r", "\n", "\r\n", "\x85", "\v", "\f", "\u2028", "\u2029", "\x1c", "\x1d", "\x1e"]
OTHERS = {"\0": r"\x00", "\x1b": r"\x1b", "\t": r"\t", "\u202e": r"\u202e", "\u2066": r"\u2066", "\ud800": r"\ud800"}


@pytest.mark.parametrize("end", LINE_ENDS, ids=ascii)
def test_a_line_end_of_any_kind_is_written_as_an_escape(end: str) -> None:
    """So that what stands behind it stays in the comment."""
    line = comment(f"x{end}Remove-Item C:\\Data -Recurse")

    assert line.splitlines() == [line]
    assert line == f"# x{end.encode('unicode_escape').decode()}Remove-Item C:\\Data -Recurse"


@pytest.mark.parametrize(("character", "escape"), OTHERS.items(), ids=map(ascii, OTHERS))
def test_what_acts_on_a_terminal_or_turns_the_direction_is_written_as_an_escape(character: str, escape: str) -> None:
    """Nothing of it is lost."""
    assert comment(f"a{character}b") == f"# a{escape}b"


def test_no_block_comment_ends_in_it() -> None:
    """A script may stand in one."""
    assert comment("a #> b") == "# a # > b"


@pytest.mark.parametrize("text", ["SIG # Begin signature block", "1. Begin signature", "s i g # BEGINSIGNATUREBLOCK"])
def test_no_signature_begins_in_it(text: str) -> None:
    """PowerShell would refuse every command behind it."""
    assert comment(text) == f"# {text} (a comment, and no signature)"


@pytest.mark.parametrize("text", ["", "1. Banner: x -> y", "MBX01 漢字 é"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert comment(text) == f"# {text}"


@given(strategies.texts)
def test_law_a_comment_is_one_line_of_visible_characters_and_no_command(text: str) -> None:
    line = comment(text)

    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert "#>" not in line
    (pipeline,) = parse_syntax(f"{line}\nGet-ImapSettings").pipelines
    assert [command.name for command in pipeline.commands] == ["Get-ImapSettings"]
