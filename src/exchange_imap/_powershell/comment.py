"""Write a text as a comment of a printed script: one line, of which PowerShell runs nothing."""

from __future__ import annotations

from typing import Final

from .._shown import acting, legible

__all__ = ["comment", "printed"]

# PowerShell refuses commands behind a signature (about_Signing). Its parser takes a comment for one that differs from
# this text by less than 10 insertions, removals and replacements, without regard to blanks and case.
_SIGNATURE: Final = "sig#beginsignatureblock"
_NEAR: Final = 10
_NO_SIGNATURE: Final = " (a comment, and no signature)"


def comment(text: str) -> str:
    r"""Return the text as a comment: one line that cannot end the comment, begin a signature or hide characters.

    Invisible characters are written as Python's escapes, such as ``\r`` or ``\u2028``.
    """
    line = legible(text).replace("#>", "# >")
    return f"# {line}{_NO_SIGNATURE if _opens_signature(line) else ''}"


def printed(command: str) -> str:
    """Return a command line for a script: exact, with a warning before it if a console would act on it.

    PowerShell 5.1 has no other way to write ESC than ESC itself. To a console that is pasted into it is the key, which
    takes back what was typed before it.
    """
    found = acting(command)
    if not found:
        return command
    warning = f"Do not paste the next line: a console may act on {', '.join(found)} in it, or not show it. "
    return f"{comment(warning + 'Let exchange_imap apply it.')}\n{command}"


def _opens_signature(line: str) -> bool:
    written = "".join(line.split()).lower()
    return len(written) < len(_SIGNATURE) + _NEAR and _distance(written, _SIGNATURE) < _NEAR


def _distance(one: str, other: str) -> int:
    """Count the insertions, removals and replacements that make one text of the other."""
    row = list(range(len(other) + 1))
    for character in one:
        following = [row[0] + 1]
        for place, opposite in enumerate(other):
            following.append(min(row[place + 1] + 1, following[place] + 1, row[place] + (character != opposite)))
        row = following
    return row[-1]
