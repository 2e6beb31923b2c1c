"""Read a command that is written plainly with one compiled pattern, to the syntax that the scanner reads.

A plain command has a name, parameters and values in ASCII: words, quoted texts without escapes, lists of these,
``$true``, ``$false``, ``$null`` and ``@()``. Where a command has anything else, nothing is read here: the scanner knows
the whole language, reads all of it and makes every error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from .._span import Span
from .characters import KEYWORDS
from .numbers import read_number
from .syntax import (
    Array,
    Boolean,
    CommandSyntax,
    Element,
    Literal,
    Null,
    Number,
    ParameterName,
    PipelineSyntax,
    Quote,
    String,
)

__all__ = ["read_plain", "read_plain_line"]

# Each repetition is possessive (+ behind it), so no character is looked at again when a later part does not match.
# Behind an item may stand a comma, behind everything a blank, or what ends the command.
_END: Final = r"(?=[ \t\r\n;|]|\Z)"
_ITEM_END: Final = r"(?=[ \t\r\n;|,]|\Z)"
# A quoted --% would end the reading of the line, as the bare one does.
_DOUBLE: Final = r'"(?!--%")[ !#%-_a-~]*+"'  # no quote, dollar sign or backtick, and nothing that is not ASCII
_SINGLE: Final = r"'(?!--%')[ -&(-~]*+'"
_DIGITS: Final = r"[0-9]{1,9}+"
# What begins with a digit may be a number, such as 2MB or 1e+3. PowerShell takes "0x" for one, and refuses it.
_NUMBER: Final = r"(?!0[xX])[0-9][0-9A-Za-z.+-]*+"
_WORD: Final = r"(?!0[xX])[0-9A-Za-z*?/\\_\[][0-9A-Za-z*?/\\_\[\].:+=@-]*+"
# Without "a" the regular expression takes a long s (U+017F) for an s, which PowerShell does not.
_CONSTANT: Final = r"\$(?ai:true|false|null)"
_ITEM: Final = "|".join(
    rf"(?P<{kind}>{pattern}){_ITEM_END}"
    for kind, pattern in {
        "double": _DOUBLE,
        "word": rf"(?![0-9]){_WORD}",
        "constant": _CONSTANT,
        "digits": _DIGITS,
        "number": _NUMBER,
        "with_digit": _WORD,
        "single": _SINGLE,
    }.items()
)
_ANY_ITEM: Final = re.sub(r"\?P<\w+>", "?:", _ITEM)
_LIST: Final = rf"(?:{_ANY_ITEM})(?:[ \t]*+,[ \t]*+(?:{_ANY_ITEM}))++"
_PARAMETER: Final = rf"-(?P<parameter>[A-Za-z][0-9A-Za-z]*+)(?P<attached>:\$(?ai:true|false))?+{_END}"
_ELEMENT: Final = rf"(?:{_PARAMETER}|(?P<list>{_LIST})|{_ITEM}|(?P<empty>@\(\)){_END})"

_NAMED: Final = re.compile(rf"[A-Za-z][0-9A-Za-z-]*+{_END}")
_ELEMENTS: Final = re.compile(rf"[ \t]++{_ELEMENT}|(?P<other>[\s\S])")
_STOP: Final = re.compile(r"[ \t]*+(?=[\r\n;|]|\Z)")
_PIPE: Final = re.compile(r"\|(?!\|)[ \t\r\n]*+")
_REST: Final = re.compile(r"[ \t\r\n;]*+\Z")
_ITEMS: Final = re.compile(_ITEM)
_NOT_PLAIN: Final = KEYWORDS | {"ps"}
"""Names that may be none: keywords, and what a prompt begins with."""
_CONSTANTS: Final = {"true": True, "false": False}
_BARE, _SINGLE_QUOTED, _DOUBLE_QUOTED = Quote.BARE, Quote.SINGLE, Quote.DOUBLE

Found = re.Match[str]


def read_plain(text: str, place: int) -> tuple[CommandSyntax, int] | None:
    """Read the command that begins at the place, and return it with the place of what ends it.

    That is a line end, ``;``, ``|`` or the end of the text. ``None`` for a command that is not plain.
    """
    named = _NAMED.match(text, place)
    if named is None or named[0].lower() in _NOT_PLAIN:
        return None
    elements: list[Element] = []
    end = named.end()
    for found in _ELEMENTS.finditer(text, end):
        make = _MAKERS.get(found.lastgroup)
        if make is None:
            break
        elements.append(make(found))
        end = found.end()
    stop = _STOP.match(text, end)
    if stop is None:
        return None
    return CommandSyntax(named[0], tuple(elements), _span(named.span()), _span((place, end))), stop.end()


def read_plain_line(text: str) -> PipelineSyntax | None:
    """Read a text that is one plain command, or several joined by ``|``; ``None`` for any other."""
    commands: list[CommandSyntax] = []
    place = 0
    while found := read_plain(text, place):
        commands.append(found[0])
        pipe = _PIPE.match(text, found[1])
        if pipe is None:
            return PipelineSyntax(tuple(commands)) if _REST.match(text, found[1]) else None
        place = pipe.end()
    return None


def _span(places: tuple[int, int]) -> Span:
    """Make a stretch, three times as fast as the constructor of a named tuple does."""
    return tuple.__new__(Span, places)


def _parameter(found: Found) -> Element:
    start, end = found.span("parameter")
    return ParameterName(found["parameter"], None, _span((start - 1, end)))


def _attached(found: Found) -> Element:
    start, end = found.span("parameter")
    literal = Boolean(_CONSTANTS[found["attached"][2:].lower()], _span((end + 1, found.end())))
    return ParameterName(found["parameter"], literal, _span((start - 1, end)))


def _list(found: Found) -> Literal:
    span = _span(found.span("list"))
    return Array(tuple(_ITEM_MAKERS[each.lastgroup](each) for each in _ITEMS.finditer(found.string, *span)), span)


def _double(found: Found) -> Literal:
    return String(found["double"][1:-1], _DOUBLE_QUOTED, _span(found.span("double")))


def _single(found: Found) -> Literal:
    return String(found["single"][1:-1], _SINGLE_QUOTED, _span(found.span("single")))


def _word(found: Found) -> Literal:
    return String(found["word"], _BARE, _span(found.span("word")))


def _with_digit(found: Found) -> Literal:
    return String(found["with_digit"], _BARE, _span(found.span("with_digit")))


def _digits(found: Found) -> Literal:
    return Number(int(found["digits"]), found["digits"], _span(found.span("digits")))


def _number(found: Found) -> Literal:
    word, span = found["number"], _span(found.span("number"))
    value = read_number(word)
    return String(word, _BARE, span) if value is None else Number(value, word, span)


def _constant(found: Found) -> Literal:
    span, value = _span(found.span("constant")), _CONSTANTS.get(found["constant"][1:].lower())
    return Null(span) if value is None else Boolean(value, span)


def _empty(found: Found) -> Literal:
    return Array((), _span(found.span("empty")))


# By the name of the group that matched last; mypy allows for a match that has none.
_ITEM_MAKERS: Final[dict[str | None, Callable[[Found], Literal]]] = {
    "double": _double,
    "single": _single,
    "word": _word,
    "with_digit": _with_digit,
    "digits": _digits,
    "number": _number,
    "constant": _constant,
}
_MAKERS: Final[dict[str | None, Callable[[Found], Element]]] = {
    "parameter": _parameter,
    "attached": _attached,
    "list": _list,
    "empty": _empty,
    **_ITEM_MAKERS,
}
