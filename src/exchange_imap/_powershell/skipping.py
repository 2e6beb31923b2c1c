"""Find the end of a part of PowerShell that is not parsed, with regard to quotes, brackets and comments.

Each character is read once, so the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from typing import Final

import attrs

from .._errors import CommandSyntaxError
from .characters import BREAKS, DOUBLE_QUOTES, SINGLE_QUOTES

__all__ = ["Skipper", "Unclosed"]

_CLOSING: Final = {"(": ")", "{": "}", "[": "]"}
_CODE: Final = rf"`{SINGLE_QUOTES}{DOUBLE_QUOTES}(){{}}@#<"
_IN_CODE: Final = re.compile(f"[{_CODE}]")
_IN_INDEX: Final = re.compile(rf"[{_CODE}\[\]]")
_IN_TEXT: Final = re.compile(f"[`${DOUBLE_QUOTES}]")
_SINGLE: Final = re.compile(f"[{SINGLE_QUOTES}][^{SINGLE_QUOTES}]*[{SINGLE_QUOTES}]")
_HERE: Final = re.compile(rf"@([{SINGLE_QUOTES}]|[{DOUBLE_QUOTES}])[^\S\r\n]*[\r\n]")
_HERE_ENDS: Final = {True: re.compile(rf"[\r\n][{SINGLE_QUOTES}]@"), False: re.compile(rf"[\r\n][{DOUBLE_QUOTES}]@")}
_NAME: Final = re.compile(r"\{(?:[^`}]|`.)*\}", re.DOTALL)
_LINE: Final = re.compile(r"[^\r\n]*")
_WORD: Final = re.compile(rf"[{_CODE}\s;|&,]")
_ITEM: Final = re.compile(rf"[{_CODE}\[\s;|&,]")
_EXPRESSION: Final = re.compile(rf"[{_CODE}\[\r\n;|&=]")
_CONTINUES: Final = re.compile(r"(?:[,=|+*/%.]|(?<![\w.])-[A-Za-z]*)[^\S\r\n]*\Z")
_LOOK_BACK: Final = 40


@attrs.define
class Unclosed(Exception):  # noqa: N818 - it has a place, and never leaves this package
    """A quote, bracket or comment opens at the place and is never closed; ``error`` is the parser's error."""

    place: int
    error: CommandSyntaxError | None = None


@attrs.define
class Skipper:
    """Skips parts of a text."""

    text: str

    def bracket(self, place: int) -> int:
        """Return the end of the bracket that opens at the place. Raises :class:`Unclosed`."""
        return self._skip(place, _IN_CODE, "")

    def item(self, place: int) -> int:
        """Return the end of one value of an argument, with the members and indexes behind it."""
        indexed = self.text[place : place + 1] in {"$", "(", "@", *SINGLE_QUOTES, *DOUBLE_QUOTES}
        end = max(self._skip(place, _ITEM if indexed else _WORD, ";|&,)} \t" + BREAKS), place + 1)
        return min(end, len(self.text))

    def expression(self, place: int) -> int:
        """Return where an expression ends: at a line end, a semicolon, a pipe, an assignment or a closing bracket."""
        return self._skip(place, _EXPRESSION, ";|&=)}" + BREAKS)

    def closing(self, place: int) -> int:
        """Return the end of the bracket around the place."""
        return self._skip(place, _IN_CODE, ")}")

    def line(self, place: int) -> int:
        """Return the end of the line."""
        found = _LINE.match(self.text, place)
        return found.end() if found else place

    def _skip(self, place: int, outside: re.Pattern[str], stops: str) -> int:
        """Go to one of the stops, or without stops past the bracket that opens here."""
        opened: list[tuple[str, int]] = []
        at = place
        while True:
            found = self._pattern(opened, outside).search(self.text, at)
            if found is None:
                if opened:
                    raise Unclosed(opened[-1][1])
                return len(self.text)
            at = found.start()
            if not opened and stops and self._stops(at, place, stops):
                return at
            at = self._over(at, opened)
            if not (opened or stops):
                return at

    @staticmethod
    def _pattern(opened: list[tuple[str, int]], outside: re.Pattern[str]) -> re.Pattern[str]:
        if not opened:
            return outside
        return {'"': _IN_TEXT, "[": _IN_INDEX}.get(opened[-1][0], _IN_CODE)

    def _stops(self, at: int, start: int, stops: str) -> bool:
        """Say whether the part ends here; an operator at the end of a line continues it on the next."""
        mark = self.text[at]
        if mark.isspace() and " " in stops:
            return True
        if mark in BREAKS and _CONTINUES.search(self.text[max(start, at - _LOOK_BACK) : at]):
            return False
        return mark in stops and not (mark == "&" and self.text[at - 1 : at] == ">")

    def _over(self, at: int, opened: list[tuple[str, int]]) -> int:
        """Return the place after the token here; note the bracket that it opens or closes."""
        mark = self.text[at]
        if mark == "`":
            return at + 2
        if opened and opened[-1][0] == '"':
            return self._over_in_text(at, opened)
        if mark in SINGLE_QUOTES + "@#<" or self.text.startswith("${", max(at - 1, 0), at + 1):
            return self._over_whole(at)
        if mark in DOUBLE_QUOTES:
            opened.append(('"', at))
        elif mark in _CLOSING:
            opened.append((mark, at))
        elif mark in _CLOSING.values():
            self._close(at, opened)
        return at + 1

    def _over_whole(self, at: int) -> int:
        """Skip a token in which nothing can be nested."""
        mark = self.text[at]
        if mark in SINGLE_QUOTES:
            return self._ends(_SINGLE.match(self.text, at), at)
        if mark == "@":
            return self._over_at(at)
        return self._over_name(at) if mark == "{" else self._over_comment(at)

    def _over_in_text(self, at: int, opened: list[tuple[str, int]]) -> int:
        if self.text[at] == "$":
            if self.text[at + 1 : at + 2] == "(":
                opened.append(("(", at + 1))
                return at + 2
            return self._over_name(at + 1) if self.text[at + 1 : at + 2] == "{" else at + 1
        if self.text[at + 1 : at + 2] and self.text[at + 1] in DOUBLE_QUOTES:
            return at + 2
        opened.pop()
        return at + 1

    def _over_at(self, at: int) -> int:
        """Skip a here-string, or any other @ alone."""
        found = _HERE.match(self.text, at)
        if found is None:
            return at + 1
        return self._ends(_HERE_ENDS[found[1] in SINGLE_QUOTES].search(self.text, found.end() - 1), at)

    def _over_name(self, brace: int) -> int:
        """Skip the name of a variable in braces, in which quotes are letters."""
        return self._ends(_NAME.match(self.text, brace), brace)

    def _over_comment(self, at: int) -> int:
        before = self.text[at - 1 : at]
        if before and not (before.isspace() or before in "(){};,|&="):
            return at + 1
        if self.text.startswith("<#", at):
            end = self.text.find("#>", at + 2)
            if end < 0:
                raise Unclosed(at)
            return end + 2
        return self.line(at) if self.text[at] == "#" else at + 1

    def _close(self, at: int, opened: list[tuple[str, int]]) -> None:
        if _CLOSING[opened[-1][0]] != self.text[at]:
            raise Unclosed(opened[-1][1])
        opened.pop()

    @staticmethod
    def _ends(found: re.Match[str] | None, opening: int) -> int:
        if found is None:
            raise Unclosed(opening)
        return found.end()
