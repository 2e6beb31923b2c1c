"""Rules about characters of a script that a person does not see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from .._finding import Severity
from .._shown import acting, acts
from .._span import Span
from .found import Found
from .registry import Example, script_rule
from .script import Script

__all__: list[str] = []

_UNUSUAL: Final = re.compile(r"[^\x20-\x7e\t\r\n]+")
_MARK: Final = "\ufeff"
"""The byte order mark, which may begin a text."""


@script_rule(
    "hidden-character",
    Severity.WARNING,
    "A character that is invisible or reverses the order of the text: the script is not what it looks like.",
    Example("Set-ImapSettings -Banner 'Ready\u202e'", "\u202e"),
    source="Unicode Technical Standard 55, Source Code Handling",
)
def hidden_character(script: Script) -> Iterator[Found[Span]]:
    """Yield each run of control, bidirectional, zero-width and other format characters."""
    for unusual in _UNUSUAL.finditer(script.source):
        place = unusual.start()
        for hidden, characters in groupby(unusual[0], acts):
            stretch = "".join(characters)
            if hidden and (place or stretch != _MARK):
                names = ", ".join(acting(stretch))
                reason = f"{names} is invisible, or changes how the text is displayed"
                yield Found(reason, "Leave it out", Span(place, place + len(stretch)))
            place += len(stretch)
