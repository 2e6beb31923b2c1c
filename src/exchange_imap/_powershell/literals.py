"""Read literals: quoted texts, constants, words, and values in brackets."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn

import attrs

from .._patterns import pattern
from .._span import Span
from .characters import BREAKS, DASHES, DOUBLE_QUOTES, SINGLE_QUOTES, WORD_ENDS, is_blank
from .numbers import read_number
from .scanner import Scanner
from .syntax import Array, Boolean, CredentialPrompt, Hashtable, Literal, Null, Number, Quote, String

__all__ = ["Literals"]

_DEEPEST = 50
_QUOTES = SINGLE_QUOTES + DOUBLE_QUOTES
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
# Inside brackets PowerShell is in expression mode (about_Parsing): words need quotes, a sign belongs to the number.
_SIGNED_NUMBER = pattern(r"[+-]?[\w.]++(?:(?<=[eE])[+-][0-9]+\w*)?+(?![`#])")
_KEY = pattern(r"[^\W\d]\w*")
_GET_CREDENTIAL = pattern("get-credential", re.IGNORECASE)
_USER_NAME = pattern(f"[{DASHES}](?:username|credential):?", re.IGNORECASE)
_PLACEHOLDER = pattern(r"<[^<>\r\n]*>")
_MEMBER = pattern(r"[.\[]|::|\?[.\[]")
_SPLAT = pattern(r"@[^\W\d]\w*(?::\w+)?")
_REDIRECTION = pattern(r"[1-6*]?>>?|<")
# Words that PowerShell takes apart, or takes for something else than they look like: a closing bracket, a lone @ or
# dot before a quote or variable, hexadecimal without digits, a label with more than a name, --% with anything behind
# it, and a name with a dash and then more than a name.
_TRAP = pattern(
    rf"[\]@]|\.[{_QUOTES}$]|0x(?:[dlnsuy]{{0,2}}(?:[kmgtp]b)?)$|:[^\W\d]\w*[{_QUOTES}`]|[{DASHES}]{{2}}%[{_QUOTES}]|"
    rf"[{DASHES}](?=[^\W\d]|[_?])[^{_QUOTES}]*[:.\[`$]",
    re.IGNORECASE,
)


@attrs.define
class Literals:
    """Reads literals with a scanner; ``depth`` counts the brackets that are open."""

    scan: Scanner
    depth: int = 0

    def read(self) -> Literal | None:
        """Read a quoted text, a constant or a value in brackets; ``None`` for anything else."""
        return self._bracketed() or self._quoted() or self._variable()

    def _quoted(self) -> Literal | None:
        scan, start = self.scan, self.scan.place
        if scan.at(_QUOTES):
            quote = Quote.SINGLE if scan.at(SINGLE_QUOTES) else Quote.DOUBLE
            found = String(scan.quoted(), quote, Span(start, scan.place))
        elif scan.peek() == "@" and scan.peek(1) and scan.peek(1) in _QUOTES:
            found = String(scan.here_string(), Quote.SINGLE, Span(start, scan.place))
        else:
            return None
        self._refuse_member(start)
        return found

    def _refuse_member(self, start: int) -> None:
        """Refuse ``.Length``, ``[0]`` and ``::`` behind a value, and ``?.`` and ``?[`` of PowerShell 7."""
        scan = self.scan
        found = _MEMBER.match(scan.text, scan.place)
        if found is None:
            return
        hint = "Members and indexes are evaluated: write the result."
        if found[0].startswith("?"):
            hint = "PowerShell 7 evaluates a member here, 5.1 reads an argument more: put a blank in front of it."
        scan.refuse(start, "a value alone", hint, found.end(), rule="evaluation")

    def _variable(self) -> Literal | None:
        scan, start = self.scan, self.scan.place
        if scan.peek() != "$":
            return None
        if scan.peek(1) == "(":
            scan.refuse(start, "no sub-expression", "Write its result.", start + 2, rule="evaluation")
        name = scan.variable_name()
        if name is None or not self._ends_here():
            scan.place = start
            return None
        span = Span(start, scan.place)
        self._refuse_member(start)
        if name.lower() in _CONSTANTS:
            return _constant(_CONSTANTS[name.lower()], span)
        return scan.value_of(name, start)

    def _ends_here(self) -> bool:
        scan = self.scan
        return not scan.peek() or is_blank(scan.peek()) or scan.at(BREAKS + WORD_ENDS + ".[") or scan.looking_at("::")

    def _bracketed(self) -> Literal | None:
        scan, start = self.scan, self.scan.place
        if scan.peek() == "{":
            end = scan.text.find("}", start) + 1
            text = 'Put text in quotes, such as "mail.contoso.com:993:SSL", and leave filters out.'
            hint = f"Braces make a script block, which is evaluated. {text}"
            scan.refuse(start, "a value", hint, end or start + 1, rule="script-block")
        if scan.peek() == "@" and scan.peek(1) in {"(", "{"}:
            found: Literal = self._nested(self._array if scan.peek(1) == "(" else self._hashtable)
        elif scan.peek() == "(":
            found = self._nested(self._paren)
        elif splat := _SPLAT.match(scan.text, start):
            hint = "Splatting needs evaluation: write the parameters."
            scan.refuse(start, "a value", hint, splat.end(), rule="evaluation")
        else:
            return None
        self._refuse_member(start)
        return found

    def _nested(self, read: Callable[[], Literal]) -> Literal:
        self.depth += 1
        if self.depth > _DEEPEST:
            expected, place = f"at most {_DEEPEST} brackets in one another", self.scan.place
            self.scan.refuse(place, expected, end=place + 1, rule="evaluation")
        found = read()
        self.depth -= 1
        return found

    # -- brackets ----------------------------------------------------------------------------------------------

    def _array(self) -> Literal:
        """Read ``@(...)``: lists separated by semicolons or line ends make one."""
        scan, start = self.scan, self.scan.place
        scan.place += 2
        items: list[Literal] = []
        self.scan.skip_separators()
        while scan.peek() != ")":
            items += _unrolled(self._expression(start))
            self._end_of_expression(start, ")")
        scan.place += 1
        return Array(tuple(items), Span(start, scan.place))

    def _hashtable(self) -> Literal:
        """Read ``@{Key=value; ...}``."""
        scan, start = self.scan, self.scan.place
        scan.place += 2
        entries: list[tuple[String, Literal]] = []
        known: set[str] = set()
        scan.skip_blanks(lines=True)
        while scan.peek() != "}":
            entries.append(self._entry(start))
            self._refuse_repeated(entries[-1][0], known)
            self._end_of_expression(start, "}")
        scan.place += 1
        return Hashtable(tuple(entries), Span(start, scan.place))

    def _refuse_repeated(self, key: String, known: set[str]) -> None:
        if key.value.lower() in known:
            self.scan.refuse(key.span.start, "each key once", "Write one list for it.", key.span.end)
        known.add(key.value.lower())

    def _entry(self, opened: int) -> tuple[String, Literal]:
        scan, start = self.scan, self.scan.place
        key = self._quoted() or self._bare_key(opened)
        scan.skip_blanks()
        if scan.peek() != "=" or not isinstance(key, String):
            scan.refuse(start, "Key=value", "", scan.place + 1)
        scan.place += 1
        scan.skip_blanks(lines=True)
        values_start = scan.place
        values = self._expression(opened)
        if len(values) == 1:
            return key, values[0]
        return key, Array(tuple(values), Span(values_start, scan.place))

    def _bare_key(self, opened: int) -> Literal:
        scan = self.scan
        found = _KEY.match(scan.text, scan.place)
        if found is None:
            self._refuse_expression(opened, "a key")
        scan.place = found.end()
        return String(found[0], Quote.BARE, Span(found.start(), found.end()))

    def _end_of_expression(self, opened: int, closing: str) -> None:
        self.scan.skip_blanks()
        if not self.scan.at(closing + ";" + BREAKS):
            self._refuse_expression(opened, f"{closing} or a semicolon")
        self.scan.skip_separators()

    def _paren(self) -> Literal:
        """Read ``("a","b")``, ``(1MB)`` or ``(Get-Credential)``."""
        scan, start = self.scan, self.scan.place
        scan.place += 1
        scan.skip_blanks(lines=True)
        if credential := self._credential(start):
            return credential
        items = self._expression(start)
        scan.skip_blanks(lines=True)
        if scan.peek() != ")":
            self._refuse_expression(start, "a closing bracket")
        scan.place += 1
        span = Span(start, scan.place)
        return attrs.evolve(items[0], span=span) if len(items) == 1 else Array(tuple(items), span)

    def _credential(self, start: int) -> Literal | None:
        scan = self.scan
        if not self._skip_word(_GET_CREDENTIAL, ")" + BREAKS):
            return None
        named = self._skip_word(_USER_NAME)
        user = None if scan.at(")" + BREAKS) and not named else self._user_name()
        scan.skip_blanks(lines=True)
        if scan.peek() != ")":
            scan.refuse(start, "(Get-Credential), with a user name at most", end=scan.place + 1, rule="evaluation")
        scan.place += 1
        return CredentialPrompt(user, Span(start, scan.place))

    def _skip_word(self, word: re.Pattern[str], ends: str = "") -> bool:
        """Skip the word and the blanks behind it, if it is here; a colon ends it as well."""
        scan = self.scan
        found = word.match(scan.text, scan.place)
        following = scan.text[found.end() : found.end() + 1] if found else "?"
        if found is None or not (found[0].endswith(":") or is_blank(following) or following in ends):
            return False
        scan.place = found.end()
        scan.skip_blanks()
        return True

    def _user_name(self) -> str:
        scan, start = self.scan, self.scan.place
        literal = self._quoted() or self.bareword()
        stops = isinstance(literal, String) and literal.value == "--%" and scan.text[start - 1] != ":"
        if not isinstance(literal, String) or stops or scan.text[start] in DASHES:
            scan.refuse(start, "a user name", "Put it in quotes, and leave out other parameters.", rule="evaluation")
        return literal.value

    # -- words -------------------------------------------------------------------------------------------------

    def bareword(self) -> String | Number:
        """Read a word without quotes, which may be a number."""
        scan, start = self.scan, self.scan.place
        self._refuse_redirection()
        word, written = scan.word()
        span = Span(start, scan.place)
        if scan.place == start or (scan.text[start] == "@" and scan.text[start + 1 : start + 2] != "?"):
            scan.refuse(start, "a value", "Put the text in quotes.")
        if _TRAP.match(scan.text[start : scan.place]):
            scan.refuse(start, "a value", "Put the text in quotes.", rule="misleading")
        number = read_number(word) if written else None
        return String(word, Quote.BARE, span) if number is None else Number(number, word, span)

    def _refuse_redirection(self) -> None:
        scan, start = self.scan, self.scan.place
        if placeholder := _PLACEHOLDER.match(scan.text, start):
            hint = "Replace the placeholder by the value that it stands for."
            scan.refuse(start, "a value", hint, placeholder.end(), rule="placeholder")
        if found := _REDIRECTION.match(scan.text, start):
            hint = "A redirection: leave it out, or put the text in quotes."
            scan.refuse(start, "a value", hint, found.end(), rule="redirection")

    # -- inside brackets ---------------------------------------------------------------------------------------

    def _expression(self, opened: int) -> list[Literal]:
        """Read values joined by commas."""
        scan, items = self.scan, [self._operand(opened)]
        scan.skip_blanks()
        while scan.peek() == ",":
            scan.place += 1
            scan.skip_blanks(lines=True)
            items.append(self._operand(opened))
            scan.skip_blanks()
        if len(items) > 1:
            self.refuse_lists(items)
        return items

    def refuse_lists(self, items: list[Literal]) -> None:
        """Refuse a list as an item of another."""
        for start, end in (item.span for item in items if isinstance(item, Array)):
            self.scan.refuse(start, "no list in a list", "Write one list.", end, rule="misleading")

    def _operand(self, opened: int) -> Literal:
        scan, start = self.scan, self.scan.place
        found = self.read()
        if found is not None:
            return attrs.evolve(found, text="") if isinstance(found, Number) else found
        word = _SIGNED_NUMBER.match(scan.text, start)
        value = read_number(word[0].lstrip("+-")) if word else None
        if word is None or value is None or (word[0][0] in "+-" and value < 0):
            self._refuse_expression(opened, "a quoted text, a number or a constant")
        scan.place = word.end()
        return Number(-value if word[0].startswith("-") else value, "", Span(start, scan.place))

    def _refuse_expression(self, opened: int, expected: str) -> NoReturn:
        scan, start = self.scan, self.scan.place
        if not scan.peek():
            hint = "The bracket that opens here is never closed."
            scan.refuse(opened, "a closing bracket", hint, opened + 1, rule="unclosed")
        scan.place = start
        scan.word()
        hint = "Inside brackets text needs quotes, and nothing is evaluated."
        scan.refuse(start, expected, hint, max(scan.place, start + 1), rule="evaluation")


def _unrolled(items: list[Literal]) -> list[Literal]:
    """Return the output of a statement: a single list gives its items."""
    return list(items[0].items) if len(items) == 1 and isinstance(items[0], Array) else items


def _constant(value: bool | None, span: Span) -> Literal:  # noqa: FBT001 - the constant itself
    return Null(span) if value is None else Boolean(value, span)
