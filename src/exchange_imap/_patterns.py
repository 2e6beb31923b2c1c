"""Regular expressions that are compiled when they are first used.

Compiling them took more than a tenth of the time of an import, and a program uses few of them.
"""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["pattern"]


class _Deferred:
    """Looks like a compiled pattern, and compiles it when one of its methods is first used."""

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:  # Any: a method or an attribute of the pattern
        value = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, value)  # found without this function the next time
        return value


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return what ``re.compile`` returns, as far as its methods and attributes go.

    >>> pattern("[0-9]+").fullmatch("993") is not None
    True
    """
    return cast("re.Pattern[str]", _Deferred(text, flags))  # it has all that a Pattern has
