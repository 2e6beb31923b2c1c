"""Read the strings and words of a command line, character by character."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn

import attrs

from .._errors import CommandSyntaxError, InvalidValueError
from .._patterns import pattern
from .._span import Span
from .characters import BREAKS, DOUBLE_QUOTES, ESCAPES, SINGLE_QUOTES, WORD_ENDS, is_blank
from .masking import mask_secrets
from .syntax import Literal, Number, String
from .variables import literal_of

__all__ = ["Scanner", "VariableValue"]

VariableValue = object
"""The value of a variable: anything that :func:`literal_of` knows."""

_VARIABLE = pattern(r"\$(?:\{(?P<braced>[^{}`]+)\}|(?P<plain>[\w?]+(?::[\w?]+)*|[$^]))")
_LINE = pattern(r"[^\r\n]++")
_CONSTANT_HINT = "In a text put a backtick before the $, or use single quotes; a Boolean stands without quotes."
_CONSTANTS = {"true", "false", "null"}


@attrs.define
class Scanner:
    """A place in a text, and the methods that read on from it."""

    text: str
    variables: Mapping[str, VariableValue]
    place: int = 0
    source: str = attrs.field(kw_only=True)
    """The text as errors show it, with secrets masked; all places are the same."""

    _names: Mapping[str, str] = attrs.field(init=False)
    """The names of the variables as given, by their names in lower case."""

    def __attrs_post_init__(self) -> None:
        self._names = {name.lower(): name for name in self.variables}

    @source.default
    def _mask(self) -> str:
        return mask_secrets(self.text)

    def peek(self, ahead: int = 0) -> str:
        """Return the character at the place, or the empty string behind the end."""
        return self.text[self.place + ahead : self.place + ahead + 1]

    def at(self, characters: str) -> bool:
        """Say whether one of the characters is at the place."""
        return self.peek() != "" and self.peek() in characters

    def looking_at(self, text: str) -> bool:
        """Say whether the text is at the place."""
        return self.text.startswith(text, self.place)

    def refuse(
        self, start: int, expected: str, hint: str = "", end: int | None = None, *, rule: str = "syntax"
    ) -> NoReturn:
        """Raise an error that points at the text from ``start`` to the place or to ``end``."""
        stop = max(self.place if end is None else end, start + 1)
        span = Span(start, min(stop, len(self.text)))
        received = self.text[span.start : span.end]
        raise CommandSyntaxError("command line", expected, received, hint, self.source, span, rule)

    # -- what separates ----------------------------------------------------------------------------------------

    def skip_blanks(self, *, lines: bool = False) -> None:
        """Skip blanks, continued lines and comments, and with ``lines`` line ends too."""
        while self.peek():
            if is_blank(self.peek()) or (lines and self.at(BREAKS)):
                self.place += 1
            elif self.peek() == "`" and self.peek(1) and self.peek(1) in BREAKS:
                self.place += 3 if self.text.startswith("\r\n", self.place + 1) else 2
            elif self.peek() == "`" and self.peek(1) and is_blank(self.peek(1)):
                self._refuse_blank()
            elif self.peek() == "#":
                self._skip_line()
            elif self.looking_at("<#"):
                self._skip_comment()
            else:
                return

    def _refuse_blank(self) -> NoReturn:
        expected, hint = "a line end behind the backtick", "Delete the blank behind it."
        self.refuse(self.place, expected, hint, self.place + 2, rule="misleading")

    def skip_separators(self) -> None:
        """Skip everything that may be between statements."""
        self.skip_blanks(lines=True)
        while self.peek() == ";":
            self.place += 1
            self.skip_blanks(lines=True)

    def _skip_line(self) -> None:
        found = _LINE.match(self.text, self.place)
        self.place = found.end() if found else self.place

    def _skip_comment(self) -> None:
        start, end = self.place, self.text.find("#>", self.place + 2)
        if end < 0:
            self.place = len(self.text)
            self.refuse(start, "#> at the end of the comment", end=start + 2, rule="unclosed")
        self.place = end + 2

    # -- strings -----------------------------------------------------------------------------------------------

    def quoted(self) -> str:
        """Read from a quote to the next one of its family that is not doubled; double quotes expand what is in them."""
        start, expands = self.place, self.at(DOUBLE_QUOTES)
        family = DOUBLE_QUOTES if expands else SINGLE_QUOTES
        self.place += 1
        read: list[str] = []
        while self.peek():
            if not self.at(family):
                read.append(self._piece(expands=expands))
                continue
            self.place += 1
            if not self.at(family):
                return "".join(read)
            read.append(self.peek())
            self.place += 1
        hint = "The quote that opens here is never closed."
        return self.refuse(start, "a closing quote", hint, start + 1, rule="unclosed")

    def _piece(self, *, expands: bool) -> str:
        """Read one character of a string, an escape or a variable."""
        if expands and self.peek() == "`":
            return self.escape()
        if expands and self.peek() == "$":
            return self.expansion()
        self.place += 1
        return self.text[self.place - 1]

    def here_string(self) -> str:
        """Read from ``@'`` or ``@"`` to the same quote and ``@`` at the beginning of a line."""
        start, family = self.place, SINGLE_QUOTES if self.peek(1) in SINGLE_QUOTES else DOUBLE_QUOTES
        self.place += 2
        while self.peek() and is_blank(self.peek()):
            self.place += 1
        if not self.at(BREAKS):
            self.refuse(start, "a line end behind the quote", "A here-string begins on the next line.")
        closing = re.compile(rf"(\r\n|\r|\n)[{family}]@").search(self.text, self.place)
        if closing is None:
            self.refuse(start, "the closing quote and @ at the beginning of a line", end=start + 2, rule="unclosed")
        self.place += 2 if self.looking_at("\r\n") else 1
        end = max(closing.start(), self.place)
        read = []
        while self.place < end:
            read.append(self._piece(expands=family == DOUBLE_QUOTES))
        if self.place > end:
            self.refuse(start, "a string that ends before its closing quote")
        self.place = closing.end()
        return "".join(read)

    def escape(self) -> str:
        """Read a backtick and what it escapes."""
        start, escaped = self.place, self.peek(1)
        if escaped in {"", "\0"}:
            self.refuse(start, "a character behind the backtick", end=start + 1, rule="misleading")
        self.place += 2
        if escaped == "e" or (escaped == "u" and self.peek() == "{"):
            hint = "Windows PowerShell 5.1 and PowerShell 7 read them differently."
            self.refuse(start, "no `e or `u{...}", hint, rule="misleading")
        if escaped == "u":
            self.refuse(start, "no `u", "PowerShell 7 does not accept it.", rule="misleading")
        return ESCAPES.get(escaped, escaped)

    def expansion(self) -> str:
        """Read a ``$`` in a word or a double-quoted string: the value of a variable, or the sign itself."""
        start = self.place
        if self.peek(1) == "(":
            self.refuse(start, "no sub-expression", "Write its result.", start + 2, rule="evaluation")
        name = self.variable_name()
        if name is None:
            self.place += 1
            if self.peek() == ":":
                self.refuse(start, "a variable's name", "A $ before a colon needs a backtick before it.")
            return "$"
        if name.lower() in _CONSTANTS:
            self.refuse(start, "no constant inside a text", _CONSTANT_HINT, rule="evaluation")
        match self.value_of(name, start):
            case String(value=text):
                return text
            case Number(value=int() as number, text=""):
                return str(number)
        hint = "Only these can stand inside a text."
        return self.refuse(start, f"a text or whole number for ${name}", hint, rule="evaluation")

    def variable_name(self) -> str | None:
        """Read ``$name`` or ``${name}``; ``None`` if the sign is just a sign."""
        found = _VARIABLE.match(self.text, self.place)
        if found is None:
            if self.looking_at("${"):
                self.refuse(self.place, "a variable's name in braces", end=self.place + 2)
            return None
        self.place = found.end()
        return found["braced"] or found["plain"]

    def value_of(self, name: str, start: int) -> Literal:
        """Return the value of a variable."""
        known = self._names.get(name.lower())
        if known is None:
            hint = f"Pass variables={{{name!r}: ...}}, or write the value; in single quotes a $ is just a $."
            self.refuse(start, "no variable", hint, rule="evaluation")
        try:
            return attrs.evolve(literal_of(self.variables[known]), span=Span(start, self.place))
        except InvalidValueError as error:
            span = Span(start, self.place)
            raise error.in_text(self.source, span, "invalid-value", f"variables[{known!r}]") from None

    # -- words -------------------------------------------------------------------------------------------------

    def word(self) -> tuple[str, bool]:
        """Read a bareword. Say also whether it has no quotes or escapes in it, so that it may be a number."""
        start, read = self.place, []
        while self.peek() and not self.at(BREAKS) and not is_blank(self.peek()):
            if self.at(WORD_ENDS) and not (self.peek() == "\0" and self.place == start):
                break
            read.append(self._word_piece())
        text = "".join(read)
        return text, text == self.text[start : self.place]

    def _word_piece(self) -> str:
        return self.quoted() if self.at(SINGLE_QUOTES + DOUBLE_QUOTES) else self._piece(expands=True)
