"""Show texts of a server: in one line, cut to a limit, and without characters that control a terminal.

A server decides which characters its error records, warnings and names contain. Printed unchanged, they could move the
cursor, set colours, reverse the order of a line, or add a false line. Attributes keep every text unchanged; this module
is for what people read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

import attrs

from ._patterns import pattern

__all__ = [
    "LONGEST_PART",
    "LONGEST_SHORT",
    "LONGEST_SHOWN",
    "Walkable",
    "acting",
    "acts",
    "counted",
    "glance",
    "legible",
    "section",
    "short",
    "shown",
]

LONGEST_PART: Final = 4_000
"""How many characters of one text a message repeats. No command or message of Exchange is longer."""
LONGEST_SHOWN: Final = 200
"""How many characters of a value a message shows."""
LONGEST_SHORT: Final = 80
"""How many characters of a value a short repr shows."""

_ACTING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Marks, letters and reserved characters that have no glyph either: Default_Ignorable_Code_Point in the Unicode
# Character Database, without the format characters.
_WITHOUT_GLYPH: Final = pattern(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)


class Walkable:
    """A base of values whose repr may be longer than any memory: :func:`shown` takes it in pieces."""

    __slots__ = ()

    def __rich_repr__(self) -> Iterator[tuple[str, object]]:
        """Yield the fields, each with its name."""
        cls: Any = type(self)  # Any: a class made by attrs
        return ((field.name, getattr(self, field.name)) for field in attrs.fields(cls))


def acts(character: str) -> bool:
    """Say whether a character is more than a visible character or a blank.

    These are control characters (line ends too), bidirectional and other format characters, half surrogates, and every
    character without a glyph.
    """
    return unicodedata.category(character) in _ACTING or _WITHOUT_GLYPH.match(character) is not None


def acting(text: str) -> tuple[str, ...]:
    r"""Name the characters of a text for which :func:`acts` is true, each once.

    >>> acting("a\x1b[2Jb\u202e\x1b")
    ('U+001B', 'U+202E')
    """
    if text.isascii() and text.isprintable():
        return ()
    return tuple(f"U+{ord(character):04X}" for character in dict.fromkeys(text) if acts(character))


def legible(text: str, longest: int = LONGEST_PART) -> str:
    r"""Return a text that is safe to print: in one line, with Python's escapes, cut if it is too long.

    A backslash is not escaped, so that escaping a text twice changes nothing.

    >>> print(legible("Disk\x1b[2J full\r\nC:\\Logs \u202etxt"))
    Disk\x1b[2J full\r\nC:\Logs \u202etxt
    """
    kept = text[:longest]
    if not (kept.isascii() and kept.isprintable()):
        kept = "".join(map(_legible, kept))
    return kept if len(text) <= longest else f"{kept}... ({len(text)} characters)"


def _legible(character: str) -> str:
    return character.encode("unicode_escape").decode() if acts(character) else character


def shown(received: object, longest: int = LONGEST_SHOWN) -> str:
    """Return the repr of a value, safe to print; of a long one the beginning.

    The rest is not computed, so that a large value costs no more than a small one.

    >>> shown("x" * 5_000)[-22:]
    'xxx... (5002 characters)'
    """
    if isinstance(received, str):
        return legible(repr(received), longest)
    text = ""
    for piece in _pieces(received):
        text += piece
        if len(text) > longest:
            return f"{legible(text[:longest])}..."
    return legible(text, longest)


def glance(value: object, parts: Iterable[str]) -> str:
    """Return a repr that can be read at a glance, with three dots for the rest.

    >>> glance(0.5, ["numerator=1", "denominator=2"])
    'float(numerator=1, denominator=2, ...)'
    """
    return f"{type(value).__qualname__}({', '.join((*parts, '...'))})"


def short(value: object) -> str:
    """Return a value as a short repr has it: a text in quotes, a list by its items, another value by its text.

    >>> short("Ready."), short(("a", "b")), short(timedelta(minutes=1))
    ("'Ready.'", '(a, b)', '0:01:00')
    """
    if isinstance(value, str):
        return shown(value, LONGEST_SHORT)
    text = f"({', '.join(map(str, value))})" if isinstance(value, tuple) else str(value)
    return legible(text, LONGEST_SHORT)


def counted(number: int, noun: str) -> str:
    """Count in words.

    >>> counted(1, "step"), counted(0, "step")
    ('1 step', '0 steps')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def section(label: str, lines: Iterable[str], width: int = 12) -> Iterator[str]:
    """Put the label before the first line of a report's section, and blanks before the others.

    >>> list(section("web", ["a", "b"], width=4))
    ['  web a', '      b']
    """
    for number, line in enumerate(lines):
        yield f"  {'' if number else label:<{width}}{line}"


def _pieces(value: object) -> Iterator[str]:
    """Yield the repr of a value in pieces, so that a caller can stop early."""
    match value:
        case tuple() | list() if type(value) in {tuple, list}:
            opening, closing = "()" if isinstance(value, tuple) else "[]"
            yield opening
            yield from _joined(map(_pieces, value))
            yield f",{closing}" if isinstance(value, tuple) and len(value) == 1 else closing
        case Mapping():
            yield "{"
            yield from _joined(chain(_pieces(key), (": ",), _pieces(item)) for key, item in value.items())
            yield "}"
        case Walkable():
            yield f"{type(value).__name__}("
            yield from _joined(chain((f"{name}=",), _pieces(part)) for name, part in value.__rich_repr__())
            yield ")"
        case int() if type(value) is int:
            yield _whole(value)
        case _:
            yield repr(value)


def _joined(items: Iterator[Iterator[str]]) -> Iterator[str]:
    for number, item in enumerate(items):
        if number:
            yield ", "
        yield from item


def _whole(value: int) -> str:
    """Write an int, in hexadecimal where Python refuses to write its decimal digits (more than 4,300)."""
    try:
        return repr(value)
    except ValueError:
        return hex(value)
