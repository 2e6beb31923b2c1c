"""A script for the rules to check: its commands, the places of their values, and where it is going to run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    """A command of a script, as far as it could be read, and its place in the text."""

    cmdlet: Cmdlet
    span: Span
    spans: Mapping[str, Span]
    """The place of each field's value."""
    pipeline: int
    """The number of its statement."""
    piped: bool
    """Whether its objects come from a pipe."""
    last: bool
    """Whether it is the last command of its pipe."""
    whole: bool = True
    """Whether all of it could be read."""

    def span_of(self, field: str) -> Span:
        """Return the place of a field's value, or the whole command if it has none."""
        return self.spans.get(field, self.span)


@attrs.frozen
class Edit:
    """An edit of a list of the IMAP4 settings, and the list before it."""

    placed: Placed
    field: str
    edit: ListEdit[object]
    before: tuple[object, ...]


@attrs.frozen(kw_only=True)
class Script:
    """The commands that could be read, the edits of known lists, and where the script is going to run."""

    commands: tuple[Placed, ...]
    edits: tuple[Edit, ...]
    target: Target
    endpoint: Endpoint | None
    """The only endpoint that is available; ``None`` if both are."""
    source: str
    """The text, with secrets masked."""

    def pipes(self) -> Iterator[tuple[Placed, Placed]]:
        """Yield each command of a pipe with the one before it."""
        for source, placed in zip(self.commands, self.commands[1:], strict=False):
            if placed.piped and source.pipeline == placed.pipeline:
                yield source, placed
