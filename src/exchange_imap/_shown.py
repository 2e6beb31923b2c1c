"""Show what comes from outside: in one line, bounded, and with nothing in it that acts on a terminal.

A server decides what its error records, warnings and names are made of. Printed as they came, they could move the
cursor, set colours, reverse the order in which a line is read, or forge a line of their own. Attributes keep every
text exactly as it came; what is made for people passes through here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final, Protocol, runtime_checkable

from ._patterns import pattern

__all__ = ["LONGEST_PART", "LONGEST_SHOWN", "acting", "acts", "legible", "shown"]

LONGEST_PART: Final = 4_000
"""Characters of one text that a message repeats; no command or message of Exchange's own is longer."""
LONGEST_SHOWN: Final = 200
"""Characters of a value that a message shows."""

_ACTING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Marks, letters and reserved characters that have no glyph either: Default_Ignorable_Code_Point in the Unicode
# Character Database, without the format characters.
_WITHOUT_GLYPH: Final = pattern(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)


@runtime_checkable
class _Walkable(Protocol):
    def __rich_repr__(self) -> Iterator[tuple[str, object]]:
        """Yield the parts of a repr, each with its name."""
        ...


def acts(character: str) -> bool:
    """Say whether a character does something else than stand there for a reader to see.

    Control characters do, line ends among them, bidirectional and other format characters, half surrogates, and
    whatever has no glyph. Blanks of every width only stand there.
    """
    return unicodedata.category(character) in _ACTING or _WITHOUT_GLYPH.match(character) is not None


def acting(text: str) -> tuple[str, ...]:
    r"""Name the characters of a text that act, each once.

    >>> acting("a\x1b[2Jb\u202e\x1b")
    ('U+001B', 'U+202E')
    """
    if text.isascii() and text.isprintable():
        return ()
    return tuple(f"U+{ord(character):04X}" for character in dict.fromkeys(text) if acts(character))


def legible(text: str, longest: int = LONGEST_PART) -> str:
    r"""Return a text as it may be printed: in one line, with escapes as Python writes them, cut where it is too long.

    A backslash stays a backslash: this is for people to read, and escaping twice changes nothing.

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
    """Return the repr of a value as it may be printed, a long one by its beginning.

    What is behind the beginning is not looked at, however much it is.

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


def _pieces(value: object) -> Iterator[str]:
    """Yield the repr of a value bit by bit, so that one that holds much is not written to its end."""
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
        case _Walkable() if not isinstance(value, type):
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
    """Write a whole number; Python refuses to write thousands of digits as decimals."""
    try:
        return repr(value)
    except ValueError:
        return hex(value)
