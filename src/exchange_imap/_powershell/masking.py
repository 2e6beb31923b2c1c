"""Mask secrets in a text of commands, also in one that cannot be parsed.

An error shows the text that it is about. A password may be in it behind a misspelt name, without the quotes that it
needs, or behind a quote that is never closed. Everything in the place of a password is masked, up to where it can end.
If in doubt, more is masked; names, variables and prompts are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from .._patterns import pattern
from .._span import Span
from .characters import DASHES, DOUBLE_QUOTES, SINGLE_QUOTES

__all__ = ["cover", "mask_secrets", "names_secret"]

_GAP: Final = r"(?:[^\S\r\n]|`\r?\n)"
# The character before a name is looked back at from behind the dash: a pattern is searched for much faster when it
# begins with the characters that it can begin with.
_NAMED: Final = pattern(rf"[{DASHES}/](?<!\w[{DASHES}/])(?P<name>\w{{2,40}}+)(?:{_GAP}*[:=]|(?={_GAP})){_GAP}*")
_ASSIGNED: Final = pattern(rf"\b(?<![{DASHES}])(?P<name>\w{{3,40}}+)[\"']?{_GAP}*[:=]{_GAP}*")
_COMMAND: Final = pattern(r"(?P<name>Get-Credential|ConvertTo-SecureString)(?![\w-])", re.IGNORECASE)
_MADE: Final = pattern(r"Credential\]?(?:::new)?\s*\([^,()\r\n]{0,200},\s*", re.IGNORECASE)
_MAY_MAKE: Final = pattern("[cs](?:redential|ecurestring)", re.IGNORECASE)
"""A text that has none of these words does not match the last two patterns."""
_ADDRESS: Final = pattern(r"[^\s'\"<>|;]+")

_VARIABLE: Final = pattern(r"\$\{?([\w:]+)")
_SECRET: Final = pattern(r"pass(?!ive|thr|port|ed)|pas+w|pw[do]|pswd|secret|credential")
_PASSWORDS: Final = ("password", "secondarypassword", "mailboxcredential", "credential")
_SHORTEST: Final = 2
_LIKE: Final = 0.75

# Not secret: a variable, a prompt, a command that makes a secret, a placeholder.
_NONE: Final = pattern(
    rf"\$(?:true|false|null|[\w:]+|\{{[^}}\r\n]*\}})(?=$|[\s;|),}}])|\(\s*(?:Get-Credential|Read-Host|ConvertTo-)"
    rf"|[a-z]+-[a-z]+(?=$|[\s;|)])|\[|<\w[^>\r\n]*>|[{DASHES}][a-z]",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED: Final = pattern(
    rf"@(?P<here>[{SINGLE_QUOTES}{DOUBLE_QUOTES}])[^\S\r\n]*\r?\n.*?(?:\r?\n[{SINGLE_QUOTES}{DOUBLE_QUOTES}]@|\Z)"
    rf"|[{SINGLE_QUOTES}](?:[^{SINGLE_QUOTES}]|[{SINGLE_QUOTES}]{{2}})*(?:[{SINGLE_QUOTES}]|\Z)"
    rf"|[{DOUBLE_QUOTES}](?:[^{DOUBLE_QUOTES}`]|`.|[{DOUBLE_QUOTES}]{{2}})*(?:[{DOUBLE_QUOTES}]|\Z)",
    re.DOTALL,
)
_ENDED: Final = pattern(r"$|[\s;|),}]", re.MULTILINE)
# Behind a value without quotes: the next parameter, or what ends a command. A blank does not, for passwords have them.
_BARE: Final = pattern(rf"(?:(?![^\S\r\n][{DASHES}][A-Za-z]|[;|)}}](?:[\s;|)}}]|\Z)|\)$)[^\r\n])*", re.MULTILINE)
_WORD: Final = pattern(rf"{_QUOTED.pattern}|[^\s;|)]+", re.DOTALL)
_OPTION: Final = pattern(rf"[{DASHES}](?P<name>\w+):?")
_BLANKS: Final = pattern(rf"{_GAP}*")
_PIPED: Final = pattern(rf"(?P<text>[{SINGLE_QUOTES}{DOUBLE_QUOTES}][^;\r\n]*)\|[^\S\r\n]*\Z")
_LEFT: Final = 500
"""How far before a pipe a text is searched for: without a limit the time would be quadratic."""


def mask_secrets(text: str) -> str:
    """Return the text with a star for each character that may be secret; line ends and all places stay the same.

    >>> mask_secrets("Invoke-MonitoringProbe a -Passwrd 'correct horse' -Server b (")
    'Invoke-MonitoringProbe a -Passwrd *************** -Server b ('
    """
    spans = [*_values(text)]
    if _MAY_MAKE.search(text):
        spans += [*_made(text), *_arguments(text)]
    if "://" in text:
        spans += _logins(text)
    return cover(text, spans) if spans else text


def cover(text: str, spans: Iterable[Span]) -> str:
    """Replace parts of a text by stars."""
    pieces, done = [], 0
    for span in sorted(spans):
        if span.end > done:
            start = max(span.start, done)
            pieces += [text[done:start], re.sub(r"[^\r\n]", "*", text[start : span.end])]
            done = span.end
    return "".join([*pieces, text[done:]]) if pieces else text


def _values(text: str) -> Iterator[Span]:
    """Find what follows the name of a secret."""
    for named in (_NAMED, _ASSIGNED):
        done = 0
        for found in named.finditer(text):
            if found.start() >= done and _is_secret(found["name"].lower()):
                span = _value(text, found.end())
                done = span.end
                yield span


def _made(text: str) -> Iterator[Span]:
    """Find the passwords of credentials that the text constructs."""
    done = 0
    for found in _MADE.finditer(text):
        if found.start() >= done:
            span = _value(text, found.end())
            done = span.end
            yield span


def names_secret(text: str) -> bool:
    """Say whether the text has a variable with the name of a secret."""
    return any(_is_secret(name.lower()) for name in _VARIABLE.findall(text))


@lru_cache(1000)
def _is_secret(name: str) -> bool:
    """Say whether it is the name of a secret, also abbreviated or misspelt."""
    from difflib import get_close_matches  # noqa: PLC0415 - most texts have no name that could be one

    begins = len(name) >= _SHORTEST and any(word.startswith(name) for word in _PASSWORDS[:2])
    return begins or bool(_SECRET.search(name) or get_close_matches(name, _PASSWORDS, n=1, cutoff=_LIKE))


def _value(text: str, start: int) -> Span:
    """Return the place of a value; it is empty if the value is not secret."""
    if start >= len(text) or _NONE.match(text, start):
        return Span(start, start)
    quoted = _QUOTED.match(text, start)
    if quoted and _ENDED.match(text, quoted.end()):
        return Span(start, quoted.end())
    end = _end(_BARE, text, quoted.end() if quoted else start)
    return Span(start, start + len(text[start:end].rstrip()))


def _arguments(text: str) -> Iterator[Span]:
    """Find the arguments of commands that take secrets, without parameter names and the user name."""
    done = 0
    for found in _COMMAND.finditer(text):
        if found.start() < done:
            continue
        spans = [*_unnamed(text, found.end())]
        done = spans[-1].end if spans else found.end()
        if found["name"].lower() == "get-credential":
            yield from spans[1:]
        else:
            yield from [*spans, _piped(text, found.start())]


def _unnamed(text: str, place: int) -> Iterator[Span]:
    """Yield the arguments of a command that are not parameter names."""
    while True:
        place = _end(_BLANKS, text, place)
        option = _OPTION.match(text, place)
        word = None if option else _WORD.match(text, place)
        if option:
            place = option.end()
        elif word and word.end() > place:
            yield Span(place, word.end())
            place = word.end()
        else:
            return


def _piped(text: str, end: int) -> Span:
    """Return the quoted text that is piped into a command."""
    found = _PIPED.search(text[max(end - _LEFT, 0) : end])
    start = end - len(found[0]) if found else end
    return Span(start, start + len(found["text"]) if found else end)


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place


def _logins(text: str) -> Iterator[Span]:
    """Find user names and passwords within addresses."""
    for found in _ADDRESS.finditer(text):
        opened, closed = found[0].find("://"), found[0].rfind("@")
        if 0 <= opened < closed:
            yield Span(found.start() + opened + 3, found.start() + closed)
