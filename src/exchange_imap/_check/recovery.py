"""Read every statement of a text, and go on after errors. Each character is read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

import attrs

from .._errors import CommandSyntaxError
from .._powershell.characters import BREAKS, DASHES, DOUBLE_QUOTES, SINGLE_QUOTES
from .._powershell.parser import PROMPT, VariableValue
from .._powershell.scanner import Scanner
from .._powershell.skipping import Unclosed
from .._powershell.syntax import CommandSyntax, Literal, ParameterName, String
from .._span import Span
from .tolerant import TolerantParser

__all__ = ["CHECKED", "Recovered", "Statement", "recover"]

_QUOTES: Final = SINGLE_QUOTES + DOUBLE_QUOTES
_NUMBER: Final = r"(?:0x[0-9a-f]+|\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[dl]?(?:[kmgtp]b)?(?=[\s;|)},*/%+.\[=-]|$)"
_VALUE: Final = re.compile(rf"[{_QUOTES}$(\[{{@]|[{DASHES}+!,]|{_NUMBER}", re.IGNORECASE)
_NAME_IN_PIPE: Final = re.compile(rf"[{DASHES}+!](?!\(|{_NUMBER})", re.IGNORECASE)
_WORD: Final = re.compile(r"[A-Za-z][\w-]*(?=[\s({;]|$)")
_TYPES: Final = re.compile(r"(?:\s*\[[\w.]+\]\s*,?)*")
_NAMED: Final = re.compile(r"(?:\w+:)?([\w-]+)")
_PARAMETER: Final = re.compile(rf"[{DASHES}](?!(?:b?not|[ic]?split|join)\b)[a-z]\w*", re.IGNORECASE)
_INHERITED: Final = re.compile(r":[^{\r\n]*")
_LINE: Final = re.compile(r"(?:[^\r\n]*[`|,](?:\r\n|\r|\n))*[^\r\n]*")
_CONTINUE_HINT: Final = (
    "End the line before with a backtick and nothing behind it, and leave no comment or empty line between."
)
_PAREN, _BLOCK, _NAME, _VALUE_BEHIND, _REST = range(5)
# What follows the keyword of a statement (about_Language_Keywords).
_HEADS: Final = {
    **dict.fromkeys(("if", "elseif", "while", "switch", "for", "foreach", "until", "param"), _PAREN),
    **dict.fromkeys(("else", "do", "try", "finally", "begin", "process", "end", "dynamicparam"), _BLOCK),
    **dict.fromkeys(("catch", "trap", "data"), _BLOCK),
    **dict.fromkeys(("function", "filter", "workflow", "configuration", "class", "enum"), _NAME),
    **dict.fromkeys(("return", "throw", "exit", "break", "continue"), _VALUE_BEHIND),
    "using": _REST,
}
_WITHOUT_BLOCK: Final = {"until", "param"}
_NOT_COMMANDS: Final = {"switch", "class", "enum", "data"}
"""Statements whose blocks have no commands."""
CHECKED: Final = _HEADS.keys() - _NOT_COMMANDS - {"using", "param"}
"""Statements whose commands are read."""
_FOLLOWS: Final = {
    "else": {"if", "elseif"},
    "elseif": {"if", "elseif"},
    "catch": {"try", "catch", "trap"},
    "finally": {"try", "catch"},
    "while": {"do"},
    "until": {"do"},
}
"""The keywords that continue a statement, and the blocks that they may follow."""
_DEFINING: Final = {"set-alias", "new-alias", "sal", "nal"}
_SWITCHES: Final = ("force", "passthru", "confirm", "whatif")


@attrs.frozen
class Statement:
    """The commands of one statement that could be read."""

    commands: tuple[CommandSyntax, ...]
    piped: bool
    """Whether the first of them takes a value or an expression from a pipe."""


@attrs.frozen
class Recovered:
    """The statements of a text that could be read, and the errors."""

    statements: tuple[Statement, ...]
    refused: tuple[CommandSyntaxError, ...]
    holes: tuple[Span, ...]
    """The parts whose values are unknown, in the order of the text."""
    defined: frozenset[str]
    """The names, in lower case, of the functions and aliases that the text defines."""


def recover(text: str, variables: Mapping[str, VariableValue], source: str) -> Recovered:
    """Read a text statement by statement; every place is one in the given text.

    ``source`` is the text as errors show it, with secrets masked.
    """
    parser = TolerantParser(Scanner(text, variables, source=source))
    recovery = Recovery(parser)
    statements = tuple(recovery.statements())
    commands = chain.from_iterable(statement.commands for statement in statements)
    defined = recovery.functions | {_alias_of(command) for command in commands}
    return Recovered(statements, tuple(parser.refused), _joined(parser.holes), frozenset(defined))


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Merge the parts that overlap."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


@attrs.define
class Recovery:
    """Reads statements, and the commands in their blocks."""

    parser: TolerantParser
    blocks: list[tuple[str, int]] = attrs.field(factory=list)
    """The open blocks: the keyword of each, and the place of its brace."""
    closed: str = ""
    """The keyword of the block that was closed last; its statement may continue."""
    functions: set[str] = attrs.field(factory=set)
    """The names of the functions and filters defined so far, in lower case."""

    def statements(self) -> Iterator[Statement]:
        """Yield the statements that can be read."""
        scan = self.parser.scan
        if scan.peek() == "\ufeff":
            scan.place = 1
        try:
            yield from self._readable()
        except Unclosed as unclosed:
            self._report_unclosed(unclosed)
        else:
            for _, place in self.blocks[-1:]:
                self._report_unclosed(Unclosed(place))

    def _readable(self) -> Iterator[Statement]:
        while self._next():
            if found := self._statement():
                yield found

    def _report_unclosed(self, unclosed: Unclosed) -> None:
        if unclosed.error:
            self.parser.refused.append(unclosed.error)
            return
        span = Span(unclosed.place, unclosed.place + 1)
        self.parser.refuse(span, "its closing counterpart", "What opens here is never closed.", "unclosed")

    def _next(self) -> bool:
        """Go to the next statement, and say whether there is one."""
        scan = self.parser.scan
        self.parser.blanks(separators=True)
        while self.blocks and scan.peek() == "}":
            self.closed = self.blocks.pop()[0]
            scan.place += 1
            self.parser.blanks(separators=True)
        return bool(scan.peek())

    def _statement(self) -> Statement | None:
        scan = self.parser.scan
        closed, self.closed = self.closed, ""
        if prompt := PROMPT.match(scan.text, scan.place):
            span = Span(*prompt.span())
            self.parser.refuse(span, "a command", "Leave out the prompt in front of it.", "prompt")
            scan.place = prompt.end()
            return None
        if scan.at(")}|"):
            span = Span(scan.place, scan.place + 1)
            self.parser.refuse(span, "a command", "Nothing stands before it that it could belong to.")
            scan.place += 1
            return None
        word = _WORD.match(scan.text, scan.place)
        if word and word[0].lower() in _HEADS:
            self._open(word[0].lower(), Span(*word.span()), closed)
            return None
        return self._pipeline()

    # -- statements of the language ----------------------------------------------------------------------------

    def _open(self, word: str, span: Span, closed: str) -> None:
        """Go into the block of a statement, or after what it has instead of a block."""
        parser, scan = self.parser, self.parser.scan
        if closed not in _FOLLOWS.get(word, set()):
            hint = f"{word} is a statement of the language: write the commands that it runs."
            parser.refuse(span, "a command", hint, "statement")
        scan.place = span.end
        head = _HEADS[word]
        if head == _VALUE_BEHIND:
            return
        if head == _REST:
            scan.place = parser.skipper.line(scan.place)
        elif not self._head(head, word) or not self._block(word):
            self.parser.refuse(span, "a block behind it", "Its bracket or block is missing.")
            scan.place = self._line_end(scan.place)

    def _head(self, head: int, word: str) -> bool:
        """Skip what is between the keyword and its block; say whether it is there."""
        parser, scan = self.parser, self.parser.scan
        parser.blanks(lines=True)
        if head == _NAME:
            self._note_name(word)
            scan.place = parser.skipper.item(scan.place)
            parser.blanks(lines=True)
            if inherited := _INHERITED.match(scan.text, scan.place):
                scan.place = inherited.end()
        if word in {"catch", "trap"} and (types := _TYPES.match(scan.text, scan.place)):
            scan.place = types.end()
        while head == _PAREN and scan.peek() == "-":
            scan.place = parser.skipper.item(scan.place)
            parser.blanks(lines=True)
        if scan.peek() == "(":
            scan.place = parser.skipper.bracket(scan.place)
            return True
        return head != _PAREN

    def _note_name(self, word: str) -> None:
        """Note the name of a function that is defined here."""
        found = _NAMED.match(self.parser.scan.text, self.parser.scan.place)
        if found and word not in _NOT_COMMANDS:
            self.functions.add(found[1].lower())

    def _block(self, word: str) -> bool:
        """Open the block here; say whether there is one, or none is needed."""
        parser, scan = self.parser, self.parser.scan
        if word in _WITHOUT_BLOCK:
            return True
        place = scan.place
        parser.blanks(lines=True)
        if scan.peek() != "{":
            scan.place = place
            return word == "while"
        if word in _NOT_COMMANDS:
            scan.place = parser.skipper.bracket(scan.place)
        else:
            self.blocks.append((word, scan.place))
            scan.place += 1
        return True

    # -- values ------------------------------------------------------------------------------------------------

    def _is_value(self) -> bool:
        """Say whether a value or an expression begins here, rather than a command."""
        return _VALUE.match(self.parser.scan.text, self.parser.scan.place) is not None

    def _skip_values(self) -> bool:
        """Skip assignments and a value, and report the first. Say whether a value is in the place of a command."""
        scan, reported = self.parser.scan, False
        while self._is_value():
            start = scan.place
            error = None if reported else self._report_value()
            reported, scan.place = True, max(self.parser.skipper.expression(start), start + 1)
            if error and error.rule == "expression":
                error.span = Span(start, start + len(scan.text[start : scan.place].rstrip()))
            if scan.peek() != "=":
                return True
            equals = scan.place
            scan.place += 1
            self.parser.blanks(lines=True)
            if not scan.peek() or scan.at(";|)}"):
                self.parser.refuse(Span(equals, equals + 1), "a value behind the sign", "")
                return True
        return False

    def _report_value(self) -> CommandSyntaxError:
        parser, scan = self.parser, self.parser.scan
        error = parser.why_no_command()
        here_string = scan.peek() == "@" and scan.peek(1) in _QUOTES
        if parameter := _PARAMETER.match(scan.text, scan.place):
            error.rule, error.hint, error.span = "unknown-command", _CONTINUE_HINT, Span(*parameter.span())
        elif error.rule == "syntax" and scan.at("([{@") and not here_string:
            error.rule, error.hint = "evaluation", "An expression is evaluated: write the commands that it stands for."
        elif error.rule == "syntax" and not scan.at("$"):
            error.rule, error.hint = "expression", "Give the value to the command by the name of its parameter."
        parser.report(error)
        return error

    # -- pipelines ---------------------------------------------------------------------------------------------

    def _pipeline(self) -> Statement | None:
        """Read commands joined by pipes; a value or an expression may be before the first pipe."""
        parser, scan = self.parser, self.parser.scan
        piped = self._skip_values()
        word = _WORD.match(scan.text, scan.place)
        if word and word[0].lower() in _HEADS:
            return None
        commands: list[CommandSyntax] = []
        if not piped:
            commands.append(parser.command(piped=False))
        while scan.peek() == "|" and scan.peek(1) != "|":
            bar = scan.place
            scan.place += 1
            parser.blanks(lines=True)
            if not scan.peek() or scan.at(";|)}") or scan.looking_at("&&"):
                parser.refuse(Span(bar, bar + 1), "a command behind the pipe", "Leave it out.")
            elif self._is_value() and not _NAME_IN_PIPE.match(scan.text, scan.place):
                parser.refuse(parser.why_no_command().span, "a command behind the pipe", "Write a command.")
                scan.place = max(parser.skipper.expression(scan.place), scan.place + 1)
            else:
                commands.append(parser.command(piped=True))
        self._end()
        return Statement(tuple(commands), piped) if commands else None

    def _end(self) -> None:
        """Go past the end of a statement, and report anything else there."""
        parser, scan, start = self.parser, self.parser.scan, self.parser.scan.place
        if not scan.peek() or scan.at(";" + BREAKS) or (self.blocks and scan.peek() == "}"):
            return
        joined = scan.text[start : start + 2] in {"&&", "||"}
        hint = "Write one command after the other." if joined or scan.at("&") else "It has no opening bracket."
        parser.refuse(Span(start, start + 1 + joined), "the end of the command", hint)
        scan.place = start + 1 + joined if scan.at("&|") else self._line_end(start)

    def _line_end(self, start: int) -> int:
        """Return the end of the line, with the lines that continue it."""
        found = _LINE.match(self.parser.scan.text, start)
        return found.end() if found else start


def _alias_of(command: CommandSyntax) -> str:
    """Return the alias that the command defines, in lower case; empty if it defines none."""
    if command.name.lower() not in _DEFINING:
        return ""
    given = [(name, value) for name, value in _given(command) if "name".startswith(name)]
    named = sorted(given, key=lambda pair: pair[0] == "")
    return named[0][1].value.lower() if named and isinstance(named[0][1], String) else ""


def _given(command: CommandSyntax) -> Iterator[tuple[str, Literal]]:
    """Yield each value with the parameter name before it; the name is empty if there is none."""
    name = ""
    for element in command.elements:
        if not isinstance(element, ParameterName):
            yield name, element
            name = ""
        elif element.argument is not None:
            yield element.name.lower(), element.argument
        else:
            name = "" if element.name.lower() in _SWITCHES else element.name.lower()
