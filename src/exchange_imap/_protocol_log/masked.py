"""Mask what may be a password.

Exchange writes ``*****`` for it. Another program may have written a log, or have changed it.
"""

from __future__ import annotations

import re
from typing import Final

from .._patterns import pattern

__all__ = ["LOGINS", "MASK", "mask_line", "mask_parameters"]

MASK: Final = "*****"
LOGINS: Final = frozenset({"login", "authenticate"})
"""The commands of RFC 3501 that carry a password or a token."""
_FIRST: Final = pattern(r'(?s)("(?:[^"\\]|\\.)*"|\S*)(.*)')
_LINE: Final = pattern(r"(?is)(\s*(?:\S+\s+)?(?:login|authenticate)\s)(.*)")


def mask_parameters(text: str) -> str:
    """Keep the name of the user, or the mechanism, and mask what stands behind it.

    >>> mask_parameters("kim *****"), mask_parameters("PLAIN AGtpbQBzZWNyZXQ="), mask_parameters(" secret")
    ('kim *****', 'PLAIN *****', ' *****')
    """
    return _FIRST.sub(_masked, text, count=1)


def _masked(found: re.Match[str]) -> str:
    return found[0] if found[2].strip() in {"", MASK} else f"{found[1]} {MASK}"


def mask_line(text: str) -> str:
    """Mask a line of the protocol that has the command in it, with its tag or without.

    >>> mask_line("a2 LOGIN kim secret"), mask_line("a2 OK LOGIN completed.")
    ('a2 LOGIN kim *****', 'a2 OK LOGIN completed.')
    """
    found = _LINE.fullmatch(text)
    return found[1] + mask_parameters(found[2]) if found else text
