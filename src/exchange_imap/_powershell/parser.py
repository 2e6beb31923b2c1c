"""Read a text of commands into its syntax: everything that PowerShell accepts without evaluation."""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

from .._errors import InvalidValueError
from .._patterns import pattern
from .._span import Span
from .characters import BREAKS, DASHES, DOUBLE_QUOTES, KEYWORDS, SINGLE_QUOTES, WORD_ENDS, is_blank
from .literals import Literals
from .plain import read_plain
from .scanner import Scanner, VariableValue
from .syntax import Array, CommandSyntax, Element, Literal, ParameterName, PipelineSyntax, ScriptSyntax, String

__all__ = ["PROMPT", "Parser", "VariableValue", "parse_syntax", "require_readable"]

# The length of a path in a prompt is bounded by what Windows allows: all but plain commands are searched for one.
PROMPT = pattern(r"(?:\[PS\]\s*|PS\b\s*)?(?:(?:[A-Z]:|/)[^\r\n>]{0,260}+)?>+\s?", re.IGNORECASE)
# An assignment to a variable, with an optional type before it, and the beginning of a command behind it.
_ASSIGNMENT = pattern(
    r"(?P<target>(?:\[[\w.\[\]]+\]\s*)?\$(?P<name>\w+(?::\w+)?)\s*[-+*/%]?=)(?!=)\s*(?P<command>[&.]?\s*['\"]?[A-Za-z]+-\w)?"
)
_DOTTED = pattern(rf"\.(?=[\s`{SINGLE_QUOTES}{DOUBLE_QUOTES}({{$])")


def parse_syntax(text: str, variables: Mapping[str, VariableValue] | None = None) -> ScriptSyntax:
    """Read a text of commands, separated by ``;`` or line ends.

    ``variables`` has the value of each ``$name``. Raises :class:`CommandSyntaxError` for a text that PowerShell refuses
    and for one that would have to be evaluated, pointing at the part in question.
    """
    known = {} if variables is None else variables
    require_readable(text, known)
    return Parser(Scanner(text, known)).script()


def require_readable(text: object, variables: object) -> None:
    """Refuse anything but text, and impossible names of variables. Raises :class:`InvalidValueError`."""
    if not isinstance(text, str):
        raise InvalidValueError("text", "the text of a command", text)
    if not isinstance(variables, Mapping):
        raise InvalidValueError("variables", "a dict of names and values", variables)
    for name in variables:
        if not isinstance(name, str) or name.startswith("$"):
            raise InvalidValueError("variables", "names without the $", name)


@attrs.define
class Parser:
    """Reads commands with a scanner."""

    scan: Scanner
    literals: Literals = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.literals = Literals(self.scan)

    # -- statements --------------------------------------------------------------------------------------------

    def script(self) -> ScriptSyntax:
        """Read the whole text."""
        pipelines = tuple(iter(self.statement, None))
        if not pipelines:
            self.scan.refuse(0, "a command", "The text is empty.", len(self.scan.text))
        return ScriptSyntax(self.scan.source, pipelines)

    def statement(self) -> PipelineSyntax | None:
        """Read the next statement and the separators around it; ``None`` at the end of the text."""
        if self.scan.place == 0 and self.scan.peek() == "\ufeff":
            self.scan.place = 1
        self.scan.skip_separators()
        if not self.scan.peek():
            return None
        pipeline = self._pipeline()
        self._end_of_statement()
        return pipeline

    def _end_of_statement(self) -> None:
        scan = self.scan
        if scan.peek() and not scan.at(";" + BREAKS):
            self._refuse_operator()
        self.scan.skip_separators()

    def _refuse_operator(self) -> None:
        scan, start = self.scan, self.scan.place
        length = 2 if scan.text[start : start + 2] in {"&&", "||"} else 1
        hint = "Write one command after the other." if scan.at("&|") else "It has no opening bracket."
        scan.refuse(start, "the end of the command", hint, start + length)

    def _pipeline(self) -> PipelineSyntax:
        scan, commands = self.scan, [self._command()]
        while scan.peek() == "|" and scan.peek(1) != "|":
            scan.place += 1
            scan.skip_blanks(lines=True)
            commands.append(self._command())
        return PipelineSyntax(tuple(commands))

    def plain(self) -> CommandSyntax | None:
        """Read the command here if it is a plain one, up to what ends it."""
        found = read_plain(self.scan.text, self.scan.place)
        if found is None:
            return None
        command, self.scan.place = found
        return command

    def _command(self) -> CommandSyntax:
        return self.plain() or self._exact_command()

    def _exact_command(self) -> CommandSyntax:
        scan, start = self.scan, self.scan.place
        if prompt := PROMPT.match(scan.text, start):
            scan.refuse(start, "a command", "Leave out the prompt in front of it.", prompt.end(), rule="prompt")
        if scan.peek() == "&" and scan.peek(1) != "&":
            scan.place += 1
            scan.skip_blanks()
            name, name_span = self._called_name()
        else:
            name, name_span = self._command_name()
        elements: list[Element] = []
        scan.skip_blanks()
        while scan.peek() and not scan.at(";|&)}" + BREAKS):
            elements.append(self._element())
            scan.skip_blanks()
        self._refuse_verbatim(elements)
        return CommandSyntax(name, tuple(elements), name_span, Span(start, self._trimmed(start)))

    def _trimmed(self, start: int) -> int:
        """Return the end of what was read, without the blanks behind it."""
        end = self.scan.place
        while end > start and (is_blank(self.scan.text[end - 1])):
            end -= 1
        return end

    def _command_name(self) -> tuple[str, Span]:
        scan, start = self.scan, self.scan.place
        if scan.at(SINGLE_QUOTES + DOUBLE_QUOTES):
            hint = "A quoted text is not run: leave out the quotes, or write & before them."
            scan.refuse(start, "a command", hint, start + 1)
        if not scan.peek().isalpha() and scan.peek() != "_":
            self._refuse_start()
        name, written = scan.word()
        if not written:
            scan.refuse(start, "a command", "Only a plain name is one.")
        if name.lower() in KEYWORDS:
            hint = f"{name} is a statement of the language: write the commands that it runs."
            scan.refuse(start, "a command", hint, rule="statement")
        return name, Span(start, scan.place)

    def _called_name(self) -> tuple[str, Span]:
        """Read the name behind a call operator, which runs a text as a command (about_Operators)."""
        scan, start = self.scan, self.scan.place
        if scan.peek() == "{":
            scan.refuse(start, "a command", "Write the commands of the script block.", start + 1, rule="evaluation")
        found = self.literals.read()
        if found is None:
            return self._command_name()
        if not isinstance(found, String) or not found.value:
            scan.refuse(start, "a command", "Write its name behind the &.", rule="evaluation")
        return found.value, found.span

    def _refuse_start(self) -> None:
        scan, start = self.scan, min(self.scan.place, len(self.scan.text) - 1)
        if assigned := _ASSIGNMENT.match(scan.text, start):
            value = f"Leave the line out, and pass variables={{{assigned['name']!r}: ...}}."
            answer = f"Leave out {assigned['target'].strip()}: the answer of the command behind it is what comes back."
            hint = answer if assigned["command"] else value
            scan.refuse(start, "a command", hint, assigned.end("name"), rule="evaluation")
        if scan.peek() == "$":
            name = scan.variable_name()
            hint = f"Nothing is evaluated here: write what ${name} would run." if name else ""
            scan.refuse(start, "a command", hint, rule="evaluation")
        if scan.peek() == "." and _DOTTED.match(scan.text, start):
            hint = "Leave out the dot: it makes no difference to a cmdlet."
            scan.refuse(start, "a command", hint, start + 1, rule="evaluation")
        scan.refuse(start, "a command", "", start + 1)

    def _refuse_verbatim(self, elements: list[Element]) -> None:
        """Refuse an argument ``--%``: it stops the parsing of the line, even in quotes (about_Parsing)."""
        scan = self.scan
        for element in elements:
            first = element.items[0] if isinstance(element, Array) and element.items else element
            bracketed = scan.text.startswith(("(", "@("), element.span.start)
            if not isinstance(first, String) or first.value != "--%" or bracketed:
                continue
            following = scan.text[element.span.end : element.span.end + 1]
            if first is not element or following not in {"", *BREAKS, "|"}:
                hint = "Quoted or not, it ends the reading of the line: write -Name:'--%', or @('--%',...)."
                expected = "no --% before anything else"
                scan.refuse(first.span.start, expected, hint, first.span.end, rule="misleading")

    def blanks(self, *, lines: bool = False) -> None:
        """Skip what separates words, and with ``lines`` line ends too."""
        self.scan.skip_blanks(lines=lines)

    # -- elements of a command ---------------------------------------------------------------------------------

    def _element(self) -> Element:
        scan = self.scan
        if scan.at(DASHES):
            following = scan.peek(1)
            if following and (following.isalpha() or following in "_?"):
                return self._parameter()
            self._refuse_double_dash()
        return self._argument()

    def _refuse_double_dash(self) -> None:
        scan, start = self.scan, self.scan.place
        found = re.compile(rf"[{DASHES}]{{2}}(%?)").match(scan.text, start)
        if found is None:
            return
        following = scan.text[found.end() : found.end() + 1]
        if not following or is_blank(following) or following in BREAKS + WORD_ENDS:
            hint = f"{found[0]} changes how the rest is read."
            scan.refuse(start, "a parameter or value", hint, found.end(), rule="misleading")

    def _parameter(self) -> Element:
        scan, start = self.scan, self.scan.place
        scan.place += 1
        while scan.peek() and not scan.at(BREAKS + WORD_ENDS + ".[:`" + SINGLE_QUOTES + DOUBLE_QUOTES):
            if is_blank(scan.peek()):
                break
            scan.place += 1
        if scan.at("`"):
            scan.refuse(start, "a parameter's name without a backtick", "", scan.place + 1, rule="misleading")
        if scan.at(SINGLE_QUOTES + DOUBLE_QUOTES):
            scan.place = start
            return self._argument()
        name = scan.text[start + 1 : scan.place]
        if scan.peek() != ":":
            return ParameterName(name, None, Span(start, scan.place))
        scan.place += 1
        named = Span(start, scan.place - 1)
        scan.skip_blanks()
        if not scan.peek() or scan.at(";|&)}," + BREAKS):
            scan.refuse(start, "a value behind the colon")
        self._refuse_double_dash()
        return ParameterName(name, self._argument(), named)

    def _argument(self) -> Literal:
        """Read one value, or several joined by commas."""
        scan, start = self.scan, self.scan.place
        items, end = [self._item()], scan.place
        self.blanks()
        while scan.peek() == ",":
            scan.place += 1
            self.blanks(lines=True)
            if not scan.peek() or scan.at(";|&)},"):
                scan.refuse(scan.place - 1, "a value behind the comma", end=scan.place)
            self._refuse_double_dash()
            items.append(self._item())
            end = scan.place
            self.blanks()
        if len(items) == 1:
            return items[0]
        self.literals.refuse_lists(items)
        return Array(tuple(items), Span(start, end))

    def _item(self) -> Literal:
        """Read one value of an argument. In argument mode words need no quotes (about_Parsing)."""
        return self.literals.read() or self.literals.bareword()
