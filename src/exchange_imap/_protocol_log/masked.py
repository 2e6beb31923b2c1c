"""Mask what may be a password.

Exchange writes ``*****`` for it. Another program may have written a log, or have changed it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .._patterns import pattern

__all__ = ["is_login", "mask_behind_login", "mask_line", "mask_parameters"]

_MASK: Final = "*****"
_PASS: Final = "pass"  # noqa: S105 - the command
_LOGINS: Final = frozenset({"login", "authenticate", _PASS, "apop", "auth"})
"""The commands that carry a password or a token: of IMAP4 (RFC 3501), and of POP3, whose logs have the same form."""
_FIRST: Final = pattern(r'(?s)("(?:[^"\\]|\\.)*"|\S*)(.*)')
_LINE: Final = pattern(r"(?is)(\s*(?:(?:\S+\s+)?(login|authenticate)|(pass|apop|auth))\s)(.*)")


def is_login(command: str) -> bool:
    """Say whether a password or a token stands behind a command."""
    return command.strip().lower() in _LOGINS


def mask_parameters(command: str, text: str) -> str:
    """Keep the name of the user, or the mechanism, and mask what stands behind it; of PASS mask all.

    >>> mask_parameters("login", "kim secret"), mask_parameters("login", " secret"), mask_parameters("pass", "secret")
    ('kim *****', ' *****', '*****')
    """
    if command.strip().lower() == _PASS:
        return _MASK if text.strip() else text
    return _FIRST.sub(_masked, text, count=1)


def _masked(found: re.Match[str]) -> str:
    return found[0] if found[2].strip() in {"", _MASK} else f"{found[1]} {_MASK}"


def mask_line(text: str) -> str:
    """Mask a line of the protocol that has the command in it, with its tag or without.

    >>> mask_line("a2 LOGIN kim secret"), mask_line("a2 OK LOGIN completed.")
    ('a2 LOGIN kim *****', 'a2 OK LOGIN completed.')
    """
    found = _LINE.fullmatch(text)
    return found[1] + mask_parameters(found[2] or found[3], found[4]) if found else text


def mask_behind_login(values: Sequence[str]) -> list[str]:
    """Mask what stands behind the login among values of which a comma has made too many.

    Each of them may be a part of the password, which had the comma in it.

    >>> mask_behind_login(["kim", "login", "kim sec", "ret", "R=OK"])
    ['kim', 'login', 'kim *****', '*****', '*****']
    """
    login = next((place for place, value in enumerate(values) if is_login(value)), len(values))
    parameters = [mask_parameters(values[login], each) for each in values[login + 1 : login + 2]]
    return [*values[: login + 1], *parameters, *[_MASK] * len(values[login + 2 :])]
