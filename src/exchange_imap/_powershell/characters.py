"""The characters and words with a meaning in PowerShell: quotes, dashes, blanks, ends of words, and keywords.

Source: PowerShell's own tokenizer, asked one by one; about_Reserved_Words has most of the keywords.
"""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["BREAKS", "DASHES", "DOUBLE_QUOTES", "ESCAPES", "KEYWORDS", "SINGLE_QUOTES", "WORD_ENDS", "is_blank"]

SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b"
DOUBLE_QUOTES = '"\u201c\u201d\u201e'
DASHES = "-\u2013\u2014\u2015"
BREAKS = "\r\n"
WORD_ENDS = "\0&(),;{}|"
"""What ends a bareword besides blanks and line ends."""
ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
"""The escapes of Windows PowerShell 5.1 (about_Special_Characters); a backtick leaves other characters as they are."""

_BLANKS = " \t\v\f\x85\xa0"
_ASCII = 127
_WORDS: Final = """
begin break catch class continue data define do dynamicparam else elseif end enum exit filter finally for foreach from
function hidden if in param process return static switch throw trap try until using var while workflow
parallel sequence inlinescript configuration
"""
KEYWORDS: Final = frozenset(_WORDS.split())
"""The words that begin a statement where the name of a command is expected, in lower case."""


def is_blank(character: str) -> bool:
    """Say whether the character separates words on a line; a zero-width space does not."""
    return character in _BLANKS or (ord(character) > _ASCII and unicodedata.category(character).startswith("Z"))
