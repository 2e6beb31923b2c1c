"""Read a command with errors: each is reported, and its value becomes a hole."""

from __future__ import annotations

import re
from typing import Final

import attrs

from .._cmdlets.reading import is_modelled
from .._errors import CommandSyntaxError
from .._powershell.characters import BREAKS, DOUBLE_QUOTES, SINGLE_QUOTES
from .._powershell.literals import Literals
from .._powershell.parser import Parser
from .._powershell.skipping import Skipper, Unclosed
from .._powershell.syntax import CommandSyntax, Element, Literal, ParameterName, Quote, String
from .._span import Span

__all__ = ["TolerantParser"]

_REDIRECTION: Final = re.compile(r"([1-6*]?>>?|<)(&[12])?")
_CALL: Final = re.compile(rf"&(?!&)|\.(?=[\s`{SINGLE_QUOTES}{DOUBLE_QUOTES}({{$]|\Z)")
_BROKEN: Final = re.compile(r"`[^\S\r\n]+(?:\r\n|\r|\n)")
_ENDS: Final = ";|&)}" + BREAKS
_GLUED: Final = re.compile(r"(?:[%?]|\w+)(?=\{)")
_BLOCK_HINT: Final = "Braces make a script block, which is evaluated."
_FILTER_HINT: Final = 'Write the filter in quotes, such as -Filter "ImapEnabled -eq `$true".'


@attrs.define
class _TolerantLiterals(Literals):
    """Reads brackets, and goes on after errors."""

    parser: TolerantParser = attrs.field(kw_only=True)

    def _operand(self, opened: int) -> Literal:
        start = self.scan.place
        try:
            return super()._operand(opened)
        except CommandSyntaxError as error:
            return self.parser.skip_operand(error, start)

    def refuse_lists(self, items: list[Literal]) -> None:
        """Report a list in a list, and go on; the whole list is unknown."""
        try:
            super().refuse_lists(items)
        except CommandSyntaxError as error:
            self.parser.unknown_list(error, Span(items[0].span.start, items[-1].span.end))


@attrs.define
class TolerantParser(Parser):
    """A parser that goes on after errors. Raises :class:`Unclosed` if the rest of the text cannot be read."""

    refused: list[CommandSyntaxError] = attrs.field(factory=list)
    holes: list[Span] = attrs.field(factory=list)
    """The parts whose values are unknown; each has an empty text as its value."""
    skipper: Skipper = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.skipper = Skipper(self.scan.text)
        self.literals = _TolerantLiterals(self.scan, parser=self)

    # -- commands ----------------------------------------------------------------------------------------------

    def command(self, *, piped: bool) -> CommandSyntax:
        """Read a command. Behind a pipe, words such as foreach are command names (about_Foreach)."""
        return self.plain() or self._any_command(piped=piped)

    def _any_command(self, *, piped: bool) -> CommandSyntax:
        start, before = self.scan.place, len(self.refused)
        name, name_span = self._name(piped=piped)
        elements = self._elements(before)
        if not is_modelled(name):
            self._evaluated(before, _BLOCK_HINT)
        return CommandSyntax(name, tuple(elements), name_span, Span(start, self._trimmed(start)))

    def blanks(self, *, lines: bool = False, separators: bool = False) -> None:
        """Skip what separates words, or line ends and statements too."""
        while True:
            try:
                self.scan.skip_blanks(lines=lines or separators)
            except CommandSyntaxError as error:
                self.report(error)
                self.scan.place = self._behind_backtick(error.span)
            else:
                if not (separators and self.scan.peek() == ";"):
                    return
                self.scan.place += 1

    def _behind_backtick(self, span: Span) -> int:
        """Return the end of a line whose backtick was meant to continue it, and has a blank behind it."""
        found = _BROKEN.match(self.scan.text, span.start)
        return found.end() if found else span.end

    def report(self, error: CommandSyntaxError) -> None:
        """Note an error. Raises :class:`Unclosed` if the rest of the text cannot be read."""
        if error.rule == "unclosed":
            raise Unclosed(error.span.start, error) from error
        self.refused.append(error)

    def refuse(self, span: Span, expected: str, hint: str, rule: str = "syntax") -> None:
        """Note that a part of the text is wrong."""
        text = self.scan.text
        received = text[span.start : span.end]
        self.refused.append(CommandSyntaxError("command line", expected, received, hint, self.scan.source, span, rule))

    def why_no_command(self) -> CommandSyntaxError:
        """Return the error that explains why no command begins here."""
        start = self.scan.place
        span = Span(start, start + 1)
        error = CommandSyntaxError("command line", "a command", self.scan.text[start], "", self.scan.source, span)
        try:
            self._refuse_start()
        except CommandSyntaxError as refused:
            error = refused
        self.scan.place = start
        return error

    def _name(self, *, piped: bool) -> tuple[str, Span]:
        """Read the name of a command. One that is not plain is taken as it is."""
        scan, called = self.scan, self.scan.at("&.") and _CALL.match(self.scan.text, self.scan.place) is not None
        if called:
            self._call_operator()
        start = scan.place
        if called and (not scan.peek() or scan.at(_ENDS)):
            self.refuse(Span(start - 1, start), "a command behind it", "Leave it out.")
            return scan.text[start - 1], Span(start - 1, start)
        try:
            return self._called_name() if called else self._command_name()
        except CommandSyntaxError as error:
            self._no_name(error, start, piped=piped)
            glued = _GLUED.match(scan.text, start)
            scan.place = glued.end() if glued else self.skipper.item(start)
            return scan.text[start : scan.place], Span(start, scan.place)

    def _call_operator(self) -> None:
        """Skip ``&``, and report the dot that would run a script in the current scope."""
        start = self.scan.place
        if self.scan.peek() == ".":
            hint = "Leave out the dot: it makes no difference to a cmdlet."
            self.refuse(Span(start, start + 1), "a command", hint, "evaluation")
        self.scan.place += 1
        self.blanks()

    def _no_name(self, error: CommandSyntaxError, start: int, *, piped: bool) -> None:
        """Report an error in a name, unless the name is only unusual."""
        if self.scan.text[start] in "({" and error.rule != "unclosed":
            error.rule = "evaluation"
        usual = error.rule == "syntax" and error.expected == "a command"
        if not (usual or (error.rule == "statement" and piped)):
            self.report(error)

    # -- elements ----------------------------------------------------------------------------------------------

    def _elements(self, before: int) -> list[Element]:
        scan = self.scan
        elements: list[Element] = []
        self.blanks()
        while scan.peek() and not scan.at(_ENDS):
            reported = len(self.refused)
            element = self._read_element()
            if element is not None:
                self._is_filter(elements, element, max(before, reported))
                elements.append(element)
            self.blanks()
        try:
            self._refuse_verbatim(elements)
        except CommandSyntaxError as error:
            self.report(error)
        return elements

    def _read_element(self) -> Element | None:
        start = self.scan.place
        try:
            return self._element()
        except CommandSyntaxError as error:
            if error.rule == "redirection":
                self._skip_redirection(error)
            else:
                self.report(error)
                self.scan.place = max(self.skipper.item(start), error.span.end)
                self.blanks(lines=self.scan.text[self.scan.place - 1] == ",")
            return None

    def _item(self) -> Literal:
        start = self.scan.place
        try:
            return super()._item()
        except CommandSyntaxError as error:
            if error.rule == "redirection":
                raise
            return self._skip_item(error, start)

    def _skip_item(self, error: CommandSyntaxError, start: int) -> Literal:
        """Report a value that cannot be read, unless an error in it was reported already, and go on."""
        known = self.holes and self.holes[-1].start >= start
        if not (known and error.rule == "evaluation"):
            self.report(error)
        if self.scan.text[start] == ",":
            return self._behind_commas(start)
        end = self.skipper.item(start) if error.rule != "placeholder" else error.span.end
        return self._hole(start, max(end, error.span.end if error.rule == "syntax" else 0))

    def _behind_commas(self, start: int) -> Literal:
        """Read the value behind a comma that has no value before it, as PowerShell does."""
        self.scan.place = start
        while self.scan.peek() == ",":
            self.scan.place += 1
            self.blanks(lines=True)
        if self.scan.peek() and not self.scan.at(_ENDS):
            return self._item()
        return self._hole(start, self.scan.place)

    def skip_operand(self, error: CommandSyntaxError, start: int) -> Literal:
        """Report a value in brackets that cannot be read; after an operator, skip the rest of the bracket."""
        self.report(error)
        self.scan.place = start
        if self.scan.peek() == "$":
            self.scan.place = self.skipper.item(start)
            self.blanks(lines=True)
        if not self.scan.at(",;)}") or self.scan.place == start:
            self.scan.place = self.skipper.closing(start)
        return self._hole(start, self.scan.place)

    def unknown_list(self, error: CommandSyntaxError, span: Span) -> None:
        """Report a list that cannot be read, unless an error in it was reported already."""
        if not (self.holes and self.holes[-1].end > span.start):
            self.report(error)
        self.holes.append(span)

    def _hole(self, start: int, end: int) -> Literal:
        self.scan.place = end
        self.holes.append(Span(start, end))
        return String("", Quote.BARE, Span(start, end))

    def _skip_redirection(self, error: CommandSyntaxError) -> None:
        """Skip a redirection and its file. PowerShell refuses ``<``, and a redirection without a file."""
        scan, start = self.scan, error.span.start
        found = _REDIRECTION.match(scan.text, start)
        scan.place = found.end() if found else error.span.end
        if found and not found[2] and found[1] != "<":
            self.blanks()
            if scan.peek() and not scan.at(_ENDS + ",") and not self._is_listed(start):
                scan.place = self.skipper.item(scan.place)
                self.report(error)
                return
        if found and found[2]:
            self.report(error)
        else:
            self.refuse(error.span, "a file behind >", error.hint)

    def _is_listed(self, place: int) -> bool:
        """Say whether a comma is before the place, so that a value has to follow."""
        return self.scan.text[max(place - 2, 0) : place].rstrip().endswith(",")

    # -- script blocks -----------------------------------------------------------------------------------------

    def _is_filter(self, elements: list[Element], element: Element, before: int) -> None:
        """Call a block behind -Filter a filter: PowerShell hands it over as text, without the braces."""
        named = element if isinstance(element, ParameterName) else elements[-1] if elements else None
        if isinstance(named, ParameterName) and named.name and "filter".startswith(named.name.lower()):
            self._evaluated(before, _FILTER_HINT, rule="filter-block")

    def _evaluated(self, before: int, hint: str, rule: str = "evaluation") -> None:
        """Give the script blocks reported since then a better rule and hint."""
        for error in self.refused[before:]:
            if error.rule == "script-block":
                error.rule, error.hint = rule, hint
