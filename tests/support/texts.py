"""Loose texts: the many ways to write one command, for a parser to be held against PowerShell's own."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

SINGLE = "'\u2018\u2019\u201a\u201b"
DOUBLE = '"\u201c\u201d\u201e'
DASHES = "----\u2013\u2014\u2015"
BLANKS = (" ", " ", " ", "  ", "\t", "\u00a0", "\u3000", " `\n", " `\r\n", " <# note #> ")
_WORDS = [
    "mail.contoso.com",
    "MBX01",
    "a",
    "b-c",
    "x/y",
    "C:\\Logs",
    "\\\\srv\\share",
    "a:b",
    "[::]:993",
    "10.0.0.1:143",
    "x.y.z",
    "~",
    "%",
    "é",
    "漢字",
    "a#b",
    "a=b",
    "a!b",
]
ODD = (
    SINGLE
    + DOUBLE
    + DASHES
    + "`$(){}[]@#,;|&<>:=%!*?/\\~^+.0123456789aekKmMbBdlLxX \t\r\n\0\x1b\x85\xa0\u2028\u3000\u200b\ufeffé漢😀"
)

FRAGMENTS = [
    "`\n",
    " `\n",
    "--%",
    "'--%'",
    "@'\n",
    "\n'@",
    '@"\n',
    '\n"@',
    "$(",
    "${",
    "$a",
    "${a}",
    "<#",
    "#>",
    "#",
    "&&",
    "&",
    ";",
    "\n",
    "\r\n",
    "(Get-Credential)",
    "(Get-Credential a)",
    "(Get-Credential -UserName:",
    "@()",
    "@{}",
    "@{a=1}",
    "@{a=1;b=2}",
    "@{a='b'\n'c'=1,2}",
    "@{a=@{b=1}}",
    "(1)",
    "((1))",
    "(,1)",
    "@(",
    "@((1))",
    "@(@('a'))",
    "@(1;2)",
    "(1;2)",
    "(-5)",
    "1MB",
    "0x1F",
    "0x",
    "1e5",
    "1e999",
    "1.",
    ".5",
    "1kb",
    "1s",
    "1u",
    "0b1",
    "-5",
    "+5",
    "5l",
    "5d",
    "-A:",
    "-A",
    "–B:",
    ",",
    ", ",
    "''",
    '""',
    "‘",
    "“",
    "\x00",
    "\u2028",
    "\x85",
    "\u200b",
    "\ufeff",
    "`0",
    "`e",
    "`u{41}",
    "`u",
    "``",
    "::",
    ":a",
    ":a'",
    "[0]",
    ".x",
    "=",
    "+=",
    "1,2",
    "2>&1",
    ">x",
    "<a>",
    "{a}",
    "if",
    "foreach",
    "PS C:\\> ",
    "%",
    "?",
    "*",
    "$?",
    "$$",
    "$^",
    "$true",
    "$null",
    "${true}",
    "a'b'",
    "'a'b",
    'a"b"',
    "()",
    "-join",
    "!",
    "~",
    "X",
    "a",
    "b.c",
    " ",
    "  ",
    "\t",
    "\xa0",
    ")",
    "}",
    "(",
    "'",
    '"',
    *["|", "||"],
]
"""Pieces that mean something to PowerShell, alone or beside another."""


class Loose:
    """Makes texts from a seed, the same ones every time, or from any other source of random numbers."""

    def __init__(self, source: int | random.Random) -> None:
        """Start at a seed, or go on with a source."""
        self.random = random.Random(source) if isinstance(source, int) else source  # noqa: S311 - no secret

    def one(self, choices: Sequence[str]) -> str:
        """Pick one."""
        return self.random.choice(choices)

    def chance(self, percent: int) -> bool:
        """Say yes so often."""
        return self.random.randrange(100) < percent

    def case(self, word: str) -> str:
        """Change the case of some letters."""
        if not self.chance(40):
            return word
        return "".join(c.upper() if self.chance(50) else c.lower() for c in word)

    def odd(self, longest: int = 8) -> str:
        """Make any text at all."""
        return "".join(self.one(ODD) for _ in range(self.random.randint(0, longest)))

    def blank(self) -> str:
        """Make what separates two words."""
        return self.one(BLANKS)

    # -- literals ----------------------------------------------------------------------------------------------

    def single_quoted(self, text: str) -> str:
        """Quote with single quotes of any family, doubling those inside with any other."""
        inner = "".join(self.one(SINGLE) + c if c in SINGLE else c for c in text)
        return self.one(SINGLE) + inner + self.one(SINGLE)

    def double_quoted(self, text: str) -> str:
        """Quote with double quotes of any family, escaping by backtick or by doubling."""
        return self.one(DOUBLE) + "".join(map(self._escaped, text)) + self.one(DOUBLE)

    def _escaped(self, c: str) -> str:
        if c in "$`" or (c in DOUBLE and self.chance(50)):
            return "`" + c
        if c in DOUBLE:
            return self.one(DOUBLE) + c
        escapes = {"\n": "`n", "\t": "`t", "\0": "`0", "\r": "`r"}
        return escapes[c] if c in escapes and self.chance(70) else c

    def here_string(self, text: str) -> str:
        """Write as a here-string, where the text allows it."""
        line = self.one(["\n", "\r\n"])
        quote = self.one(SINGLE)
        return f"@{quote}{line}{text}{line}{self.one(SINGLE)}@"

    def string(self, text: str) -> str:
        """Write a string in one of its forms."""
        return self.random.choice([self.single_quoted, self.double_quoted, self.double_quoted, self.here_string])(text)

    def number(self) -> str:
        """Make a number as people and scripts write them."""
        whole = str(self.random.choice([0, 1, 5, 7, 16, 143, 993, 1024, 65535, 2**31 - 1, 2**31, 2**63, 10**20]))
        makers: list[Callable[[], str]] = [
            lambda: whole,
            lambda: "00" + whole,
            lambda: hex(int(whole)),
            lambda: whole + self.case(self.one(["kb", "mb", "gb", "tb", "pb"])),
            lambda: f"{self.random.randrange(100)}.{self.random.randrange(100)}",
            lambda: f"{self.random.randrange(100)}e{self.random.randrange(10)}",
            lambda: f"{self.random.randrange(1000)}{self.one(['d', 'l', 'D', 'L'])}",
            lambda: f"{self.random.randrange(1000)}.",
            lambda: f".{self.random.randrange(1000)}",
            lambda: whole + self.one(["x", "_0", "u", "n", "a", "..3", ".1.2"]),
        ]
        return self.random.choice(makers)()

    def word(self) -> str:
        """Make a bareword."""
        word = self.one(_WORDS)
        if self.chance(15):
            word += self.one(["`t", "`$", "``", "`'", "'x y'", '"z w"', "$", "`\nb", "-", ":"])
        return word

    def value(self) -> str:
        """Make one value of an argument."""
        kind = self.random.randrange(100)
        if kind < 30:
            return self.word()
        if kind < 60:
            return self.string(self.odd() if self.chance(60) else self.one(_WORDS))
        if kind < 75:
            return self.number()
        if kind < 83:
            return self.case(self.one(["$true", "$false", "$null", "${true}"]))
        if kind < 90:
            return self.bracketed()
        if kind < 93:
            return self.one(
                ["(Get-Credential)", "( get-credential )", "(Get-Credential 'a b')", "(Get-Credential -UserName x)"]
            )
        return self.odd(4) or "x"

    def operand(self) -> str:
        """Make a value inside brackets."""
        makers: list[Callable[[], str]] = [
            lambda: self.string(self.one(_WORDS)),
            self.number,
            lambda: "$true",
            lambda: "-" + self.number(),
        ]
        return self.random.choice(makers)()

    def joined(self) -> str:
        """Make several values inside brackets."""
        return ("," + self.one(["", " ", "\n", " `\n"])).join(self.operand() for _ in range(self.random.randint(1, 3)))

    def bracketed(self) -> str:
        """Make an array, a hashtable or a value in brackets."""
        pad = self.one(["", " ", "\n", "\r\n  "])
        inside = self.one([";", "\n", "; "]).join(self.joined() for _ in range(self.random.randint(1, 2)))
        makers: list[Callable[[], str]] = [
            lambda: f"@({pad}{inside}{pad})",
            lambda: "@(" + pad + ")",
            lambda: f"({pad}{self.joined()}{pad})",
            lambda: "@{" + pad + self.entries() + pad + "}",
        ]
        return self.random.choice(makers)()

    def entries(self) -> str:
        """Make what stands in a hashtable."""
        add, remove = f"{self.case('Add')}={self.joined()}", f"Remove = {self.joined()}"
        return add + self.one(["; ", ";", "\n"]) + remove

    def argument(self) -> str:
        """Make a value or a list of them."""
        return ("," + self.one(["", "", " ", " \n", "\t"])).join(
            self.value() for _ in range(1 if self.chance(75) else self.random.randint(2, 3))
        )

    # -- commands ----------------------------------------------------------------------------------------------

    def element(self) -> str:
        """Make a parameter, with or without its value, or a value alone."""
        kind = self.random.randrange(100)
        name = self.one(DASHES) + self.case(self.one(["Server", "Banner", "SSLBindings", "WhatIf", "x", "_y", "Name"]))
        if kind < 60:
            return name + self.blank() + self.argument()
        if kind < 75:
            return name + ":" + self.one(["", "", " "]) + self.argument()
        return name if kind < 85 else self.argument()

    def command(self) -> str:
        """Make a command."""
        name = self.case(self.one(["Set-ImapSettings", "Get-Service", "X", "Get-ImapSettings"]))
        parts = [name, *(self.element() for _ in range(self.random.randint(0, 4)))]
        text = parts[0]
        for part in parts[1:]:
            text += self.blank() + part
        return text

    def wild(self) -> str:
        """Make a text that PowerShell may well refuse: pieces in a row, or a loose text with some in odd places."""
        if self.chance(40):
            return "X " + "".join(self.one(FRAGMENTS) for _ in range(self.random.randint(1, 7)))
        text = self.script()
        for _ in range(self.random.randint(1, 4)):
            start = self.random.randrange(len(text) + 1)
            end = start + self.random.choice([0, 0, 1, 3])
            text = text[:start] + self.one([self.odd(1), self.one(FRAGMENTS), text[start:end] * 2]) + text[end:]
        return text

    def script(self) -> str:
        """Make a text of one or several statements."""
        text = self.command()
        while self.chance(15):
            text += self.one(["; ", ";", "\n", "\r\n", " | ", "|\n", " # note\n", ";;", "\n\n"]) + self.command()
        if self.chance(10):
            text = self.one([" ", "\n", "# note\n", "<# note\n #>", ";"]) + text
        if self.chance(10):
            text += self.one([" ", ";", "\n", " #", " `\n", "\r\n"])
        if self.chance(4):
            place = self.random.randrange(len(text) + 1)
            text = text[:place] + self.odd(2) + text[place:]
        return text
