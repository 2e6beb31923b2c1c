"""A script as the rules see it, and what a rule finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from .._cmdlet.declaration import Endpoint
from .._cmdlets.imap_settings import ImapSettings
from .._errors import Span
from .placed import Placed

__all__ = ["Found", "Script", "ScriptRule"]


@attrs.frozen
class Script:
    """The commands that could be read, and what the caller knows."""

    commands: tuple[Placed, ...]
    settings: ImapSettings | None
    endpoint: Endpoint | None


@attrs.frozen
class Found:
    """What a rule has found, before it is shown in its text."""

    rule: str
    reason: str
    right: str
    span: Span


ScriptRule = Callable[[Script], Iterator[Found]]
