"""Read every statement of a text that can be read, and go on behind what cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from .._errors import CommandSyntaxError, Span
from .._powershell.parser import Parser, VariableValue
from .._powershell.scanner import Scanner
from .._powershell.syntax import PipelineSyntax

__all__ = ["Recovered", "Statement", "overlap", "recover"]

_ASSIGNMENT: Final = re.compile(r"(\[[\w.\[\]]+\]\s*)?\$[\w:]+\s*[-+*/%]?=\s*")
_REDIRECTION: Final = re.compile(r"[1-6*]?>>?(&\d|[^\S\r\n]*[^\s;|]+)?")
_MEMBERS: Final = re.compile(r"\w*(\?*\.\w+|::\w+|\?*\[[^\]\r\n]*\]|\([^()\r\n]*\))*")
_LINE: Final = re.compile(r"[^\r\n]*")
_BLOCK: Final = re.compile(r"[^{\r\n]*(\r?\n\s*)?\{")
_QUOTED: Final = re.compile(r"""@(["'])\s*?\n.*?\n\1@|'[^']*'|"[^"]*\"""", re.DOTALL)
_SIGIL: Final = re.compile(r"[@$]?")
_CLOSING: Final = {"(": ")", "{": "}"}
_ALONE: Final = set("$@{<")
_FILLED: Final = {"evaluation", "script-block", "placeholder"}
_CHAINS: Final = {"&&", "||"}


@attrs.frozen
class Statement:
    """A statement that could be read."""

    pipeline: PipelineSyntax
    holes: tuple[Span, ...]
    """Stretches whose value is unknown: it reads there what nobody has written."""


@attrs.frozen
class Recovered:
    """What could be read of a text, and what was refused."""

    statements: tuple[Statement, ...]
    refused: tuple[CommandSyntaxError, ...]


def recover(text: str, variables: Mapping[str, VariableValue], source: str) -> Recovered:
    """Read a text statement by statement; every place counts in the text as it was given.

    ``source`` is the text as errors show it, with secrets masked.
    """
    recovery = Recovery(text, variables, source)
    return Recovered(tuple(recovery.statements()), tuple(recovery.refused))


@attrs.define
class Recovery:
    """Mends a text as far as that is possible: what cannot be read is filled or blanked, so that places stay."""

    text: str
    variables: Mapping[str, VariableValue]
    source: str
    place: int = 0
    blocks: int = 0
    """How many blocks of the language are open."""
    refused: list[CommandSyntaxError] = attrs.field(factory=list)
    holes: list[Span] = attrs.field(factory=list)
    """Those of the statement that is being read."""

    def statements(self) -> Iterator[Statement]:
        """Yield the statements that can be read."""
        while self.place < len(self.text):
            scan = Scanner(self.text, self.variables, self.place, source=self.source)
            try:
                statement = Parser(scan).statement()
            except CommandSyntaxError as error:
                self._mend(error)
                continue
            self.place = scan.place
            if statement is not None:
                yield Statement(statement, tuple(self.holes))
            self.holes.clear()

    def _mend(self, error: CommandSyntaxError) -> None:
        """Report the error, and make the text readable or go on behind it."""
        start = error.span.start
        if self.blocks and self.text[start : start + 1] == "}":
            self.blocks -= 1
            self._blank(Span(start, start + 1))
        elif any(overlap(error.span, hole) for hole in self.holes):
            self.place = self._next_line(start)
        else:
            self.refused.append(error)
            self._go_on(error)

    def _go_on(self, error: CommandSyntaxError) -> None:
        start = error.span.start
        if error.rule == "unclosed":
            self.place = len(self.text)
        elif error.rule == "statement":
            self._open_block(start)
        elif assignment := _ASSIGNMENT.match(self.text, start):
            self._assigned(Span(*assignment.span()))
        elif error.rule in _FILLED:
            self._fill(self._extent(error.span))
        elif not self._blanked(error):
            self.place = self._next_line(start)

    def _assigned(self, span: Span) -> None:
        """Go on with the command whose output is assigned, or behind the value."""
        following = self.text[span.end : span.end + 1]
        if following.isalpha():
            self._blank(span)
        elif found := _QUOTED.match(self.text, span.end):
            self.place = found.end()
        else:
            bracket = self._behind(_SIGIL, span.end)
            closed = self.text[bracket : bracket + 1] in {"(", "{"}
            self.place = self._closing(bracket) if closed else self._next_line(span.end)

    def _blanked(self, error: CommandSyntaxError) -> bool:
        """Put blanks where nothing of the command is lost by it."""
        span, written = error.span, self.text[error.span.start : error.span.end]
        if error.rule == "prompt":
            return self._blank(span)
        if error.rule == "redirection" and (found := _REDIRECTION.match(self.text, span.start)):
            return self._blank(Span(*found.span()))
        if written in _CHAINS:
            return self._replace(span, "; ")
        if written.startswith("`") and (found := re.compile(r"`\s*").match(self.text, span.start)):
            return self._blank(Span(*found.span()))
        return False

    def _blank(self, span: Span) -> bool:
        return self._replace(span, " " * (span.end - span.start))

    def _fill(self, span: Span) -> None:
        """Put a text of the same length where something unknown stands."""
        length = span.end - span.start
        self._replace(span, "'" + "_" * (length - 2) + "'")
        self.holes.append(span)

    def _replace(self, span: Span, text: str) -> bool:
        self.text = self.text[: span.start] + text + self.text[span.end :]
        return True

    def _extent(self, span: Span) -> Span:
        """Return all that is evaluated: the whole bracket, and the members behind it."""
        start = span.start if self.text[span.start] in _ALONE else self._opening(span.start)
        bracket = next((at for at in range(start, span.end) if self.text[at] in _CLOSING), None)
        end = span.end if bracket is None else max(span.end, self._closing(bracket))
        found = _MEMBERS.match(self.text, end)
        return Span(start, max(found.end() if found else end, start + 2))

    def _opening(self, start: int) -> int:
        """Return where the innermost bracket opens that the place is in, within the statement; the place without."""
        opened: list[int] = []
        for at in range(self.place, start):
            if self.text[at] == "(":
                opened.append(at)
            elif self.text[at] == ")" and opened:
                opened.pop()
        if not opened:
            return start
        return opened[-1] - (self.text[opened[-1] - 1 : opened[-1]] in {"@", "$"})

    def _closing(self, bracket: int) -> int:
        """Return the end of a bracket, or of its line where it is not closed."""
        opening = self.text[bracket]
        depth = 0
        for at in range(bracket, len(self.text)):
            depth += (self.text[at] == opening) - (self.text[at] == _CLOSING[opening])
            if not depth:
                return at + 1
        return self._behind(_LINE, bracket)

    def _open_block(self, start: int) -> None:
        """Go on inside the block that a statement of the language opens, or behind its line."""
        if found := _BLOCK.match(self.text, start):
            self.blocks += 1
            self.place = found.end()
            return
        end = self._next_line(start)
        bracket = self.text.find("(", start, end)
        self.place = end if bracket < 0 else self._closing(bracket)

    def _next_line(self, start: int) -> int:
        """Return the end of the line, or of those that continue it: always some way on."""
        end = max(self._behind(_LINE, start), self.place + 1)
        while self.text[start:end].endswith(("`", "|", ",")) and end < len(self.text):
            start = self._behind(re.compile(r"\s*"), end)
            end = self._behind(_LINE, start)
        return end

    def _behind(self, pattern: re.Pattern[str], start: int) -> int:
        found = pattern.match(self.text, start)
        return found.end() if found else start


def overlap(one: Span, other: Span) -> bool:
    """Say whether two stretches have a character in common."""
    return one.start < other.end and other.start < one.end
