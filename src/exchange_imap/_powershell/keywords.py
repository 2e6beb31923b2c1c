"""The words that begin a statement of PowerShell's language where a command's name would stand.

Source: PowerShell's own tokenizer; about_Reserved_Words has most of them.
"""

from __future__ import annotations

from typing import Final

__all__ = ["KEYWORDS"]

_WORDS: Final = """
begin break catch class continue data define do dynamicparam else elseif end enum exit filter finally for foreach from
function hidden if in param process return static switch throw trap try until using var while workflow
parallel sequence inlinescript configuration
"""
KEYWORDS: Final = frozenset(_WORDS.split())
"""All in lower case."""
