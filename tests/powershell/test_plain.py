"""The one pattern for plain commands: whatever it reads, the scanner reads to the same syntax, and it reads no more."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange_imap import CommandSyntaxError
from exchange_imap._check.recovery import recover
from exchange_imap._check.tolerant import TolerantParser
from exchange_imap._powershell.parser import Parser
from exchange_imap._powershell.plain import read_plain
from exchange_imap._powershell.scanner import Scanner
from exchange_imap._powershell.syntax import CommandSyntax
from support.examples import scaled
from support.texts import FRAGMENTS

COUNT = int(os.environ.get("EXCHANGE_IMAP_PLAIN_COUNT", scaled(4000)))
"""How many random texts are read in both ways; nearly two million were, once."""
FIXTURES = Path(__file__).parents[1] / "fixtures"
LINES = [line for path in sorted(FIXTURES.glob("*.ps1")) for line in path.read_text("utf-8").splitlines() if line]
PIECES = [
    *("Set-ImapSettings", "Get-Service", "gsv", "fl", "PS", "ps", "ps-x", "if", "foreach", "Class", "net", "a", "X-"),
    *("-Server", "-a", "-A1", "-Confirm:$false", "-WhatIf:$TRUE", "-X:$null", "-X:a", "-", "--", "-Password", "-5"),
    *("MBX01", "mail.contoso.com", "kim@contoso.com", "[::]:993", "0.0.0.0:143", "*Bindings", "C:\\Logs", "a:b", "/x"),
    *("0", "16", "2147483647", "9999999999", "1MB", "1kb", "1.5", "1.", "1e3", "1e+3", "1e-3x", "1+1", "0x1F", "0x"),
    *("0X", "0xg", "00:30:00", "1.00:00:00", "12ab", "1-2", "1d", "1l", "007", "_a", "?", "a-b", "a]b", "a[0]", "]"),
    *('"a"', "'a'", '""', "''", '"a b"', "'a b'", '"it\'s"', "'say \"no\"'", '"--%"', "'--%'", "--%", '"-a"', '"a"b'),
    *('"a;b|c"', "'$a`b'", '"#"', "$true", "$False", "$NULL", "$trues", "$true.x", "@()", "@( )", "@()x", "@", "a=b"),
    *(",", " ,", ", ", " , ", ",,", ";", "; ", "|", " | ", "||", "\n", "\r\n", "\r", " ", "  ", "\t", " "),
    *("https://kim:horse@contoso.com/", "-Passwrd", "horse", "Get-Credential", "ConvertTo-SecureString"),
]
SPECIAL = [
    *FRAGMENTS,
    *map(chr, range(128)),
    "\x85",
    "\xa0",
    "\u2013",
    "\u2014",
    "\u2018",
    "\u201c",
    "\u3000",
    "ſ",
    "é",
]


class NotingParser(Parser):
    """The parser, and whether the pattern has read anything: where it has not, the scanner has read everything."""

    used = False

    def plain(self) -> CommandSyntax | None:
        """Note that there was something to read."""
        found = super().plain()
        NotingParser.used |= found is not None
        return found


class ExactParser(Parser):
    """The parser without the pattern."""

    def plain(self) -> CommandSyntax | None:
        """Leave every command to the scanner."""
        return None


def tree(node: object) -> Any:  # Any: nested tuples of what the nodes hold
    """Return a node with everything in it, also with what a comparison leaves out: places and quotes."""
    if isinstance(node, tuple):
        return type(node).__name__, tuple(map(tree, node))
    kind = type(node)
    if attrs.has(kind):
        return kind.__name__, tuple(tree(getattr(node, field.name)) for field in attrs.fields(kind))
    return kind.__name__, node


def reading(parser: type[Parser], text: str) -> Any:  # Any: as above
    """Return what a parser reads, or why it refuses."""
    try:
        return tree(parser(Scanner(text, {})).script())
    except CommandSyntaxError as error:
        return str(error), error.expected, error.received, error.source, error.span, error.rule


def mixed(random: Random) -> str:
    """Make a text of plain pieces, most of them with blanks between them; some with anything else."""
    pieces = [random.choice(PIECES[:13])]
    for _ in range(random.randrange(9)):
        pieces += [random.choice(("", " ", " ", " ", "  ")), random.choice(PIECES)]
    for _ in range(random.choice((0, 0, 1, 2))):
        pieces.insert(random.randrange(len(pieces) + 1), random.choice(SPECIAL))
    return "".join(pieces)


def changed(random: Random) -> str:
    """Change a line of the fixtures: put something in, take something out, or join it to another."""
    text = random.choice(LINES)
    for _ in range(random.randrange(3)):
        start = random.randrange(len(text) + 1)
        end = start + random.choice((0, 0, 1, 3))
        text = text[:start] + random.choice((*SPECIAL, "", random.choice(LINES)[:30])) + text[end:]
    return text


@pytest.mark.law
def test_random_texts_are_read_as_the_scanner_reads_them() -> None:
    """Syntax, places, errors, and the text that errors show."""
    random = Random(13)  # noqa: S311 - texts, not secrets
    plain = 0
    for _ in range(COUNT):
        text = random.choice((mixed, changed))(random)
        NotingParser.used = False
        read = reading(NotingParser, text)
        if NotingParser.used:
            plain += 1
            assert read == reading(ExactParser, text), ascii(text)

    assert plain > COUNT // 5


@given(st.lists(st.sampled_from([*PIECES, *SPECIAL]), max_size=8), st.sampled_from(("", " ")))
def test_law_the_pattern_reads_as_the_scanner_does(pieces: list[str], blank: str) -> None:
    """Whatever stands behind a name."""
    text = f"Set-X {blank.join(pieces)}"

    assert reading(Parser, text) == reading(ExactParser, text)


@given(st.lists(st.sampled_from([*PIECES, *SPECIAL]), max_size=12))
def test_law_a_script_is_recovered_as_without_the_pattern(pieces: list[str]) -> None:
    """Statements, holes, and what is refused of them."""
    text = " ".join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TolerantParser, "plain", lambda _: None)
        exact = recover(text, {}, text)

    read = recover(text, {}, text)

    assert tree(read) == tree(exact)
    assert [str(error) for error in read.refused] == [str(error) for error in exact.refused]


@pytest.mark.parametrize(
    "text",
    ['Set-X -A "b c",d -E $true -F:$false', "Get-X", "x a , 'b' , 5", "x @()", "x 2MB 1e+3 00:30:00 | y", "x;", "x\n"],
)
def test_plain_commands_need_no_scanner(text: str) -> None:
    """The whole command is read, up to what ends it."""
    found = read_plain(text, 0)

    assert found is not None
    assert text[found[1] :] in {"", "| y", ";", "\n"}


@pytest.mark.parametrize(
    "text",
    ["", " x", "if a", "PS C:\\> x", "x $a", "x (1)", "x @{}", "x {a}", "x `a", 'x "a`b"', 'x "$a"', "x “a”", "x –A b",
     "x #a", "x >a", "x 0x", "x a,", "x ,a", "x a,@()", "x -A:b", 'x "a"b', "x '--%'", "x --% a", "x\xa0a", "x & y",
     "x \0", "x $falſe", "x -F:$falſe", "x a,$falſe"],
)  # fmt: skip
def test_everything_else_is_left_to_the_scanner(text: str) -> None:
    """Right or wrong: nothing of it is read."""
    assert read_plain(text, 0) is None
