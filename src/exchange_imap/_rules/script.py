"""A script as the rules see it: its commands, where each value stands, and where it is going to run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import attrs

from .._model.cmdlet import Cmdlet
from .._model.specs import Endpoint
from .._span import Span
from .._values import ListEdit

__all__ = ["Edit", "Placed", "Script", "Target"]

Target = Literal["shell", "endpoint"]


@attrs.frozen
class Placed:
    """A command of a script: what it says, as far as that is known, and where."""

    cmdlet: Cmdlet
    span: Span
    spans: Mapping[str, Span]
    """Where each field's value stands."""
    pipeline: int
    """The number of its statement."""
    piped: bool
    """Whether its objects come from a pipe."""
    last: bool
    """Whether nothing stands behind it in its pipe."""
    whole: bool = True
    """Whether all of it could be read."""

    def span_of(self, field: str) -> Span:
        """Return where a field's value stands, or the whole command where it has none."""
        return self.spans.get(field, self.span)


@attrs.frozen
class Edit:
    """An edit of a list of the IMAP4 settings, and what the list was before it."""

    placed: Placed
    field: str
    edit: ListEdit[object]
    before: tuple[object, ...]


@attrs.frozen(kw_only=True)
class Script:
    """The commands that could be read, the edits whose lists are known, and where the script is going to run."""

    commands: tuple[Placed, ...]
    edits: tuple[Edit, ...]
    target: Target
    endpoint: Endpoint | None
    """The only endpoint that there is, if not both."""
    source: str
    """The text, with secrets masked."""
