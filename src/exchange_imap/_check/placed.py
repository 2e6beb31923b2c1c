"""Bind as much of each command as possible, and keep the place of each value."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

import attrs

from .._cmdlets.reading import find_cmdlet, is_program, named_as
from .._errors import CommandSyntaxError, InvalidValueError
from .._model.binding import Binder
from .._model.cmdlet import Cmdlet, bindable
from .._powershell.syntax import CommandSyntax, Literal, ParameterName
from .._rules.script import Placed
from .._span import Span
from .recovery import Recovered

__all__ = ["place"]

_PLACEHOLDER: Final = re.compile(r"\[[^\]]*\|[^\]]*\]|<[^<>]*>|\w \| ?\w|\bHostName:|:Port\b|IPv4Or", re.IGNORECASE)
_UNBOUND: Final = ""
"""In place of a field: the value belongs to a parameter that could not be bound."""


@attrs.define
class _Holes:
    """The parts of a text whose values are unknown, in order."""

    spans: Sequence[Span]
    _starts: list[int] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._starts = [span.start for span in self.spans]

    def touch(self, span: Span) -> bool:
        """Say whether the part overlaps one of them."""
        at = bisect_right(self._starts, max(span.end - 1, span.start)) - 1
        return at >= 0 and span.start < self.spans[at].end


@attrs.define
class _TolerantBinder(Binder):
    """A binder that keeps the errors and goes on, without what cannot be bound."""

    refused: list[CommandSyntaxError] = attrs.field(factory=list)

    def bind(self) -> dict[str, object]:
        """Return the values by field name, in the order written, without those that cannot be bound."""
        bound = super().bind()
        self.spans = {field: span for field, span in self.spans.items() if field in bound}
        return bound

    def _name(self, element: ParameterName) -> None:
        try:
            super()._name(element)
        except CommandSyntaxError as error:
            self.refused.append(error)
            if element.argument is None:
                self._pending = (_UNBOUND, element)

    def _nothing_pending(self) -> None:
        if self._pending and self._pending[0] != _UNBOUND:
            try:
                super()._nothing_pending()
            except CommandSyntaxError as error:
                self.refused.append(error)
                del self.bound[self._pending[0]]
        self._pending = None

    def _take(self, field: str, literal: Literal) -> None:
        if field == _UNBOUND:
            return
        try:
            super()._take(field, literal)
        except CommandSyntaxError as error:
            self.refused.append(error)
            self.bound.pop(field, None)

    def _place(self, element: Literal) -> str:
        try:
            return super()._place(element)
        except CommandSyntaxError as error:
            self.refused.append(error)
            return _UNBOUND


@attrs.define
class _Placing:
    """Makes cmdlets of the commands of a script."""

    source: str
    holes: _Holes
    defined: frozenset[str]
    refused: list[CommandSyntaxError] = attrs.field(factory=list)

    def place(self, command: CommandSyntax, pipeline: int, *, piped: bool, last: bool) -> Placed | None:
        """Read a command; ``None`` if only errors are known of it."""
        try:
            cls = find_cmdlet(command, self.source)
            if is_program(command.name):
                return Placed(cls.from_syntax(command, self.source), command.span, {}, pipeline, piped, last)
        except CommandSyntaxError as error:
            if command.name.lower() in self.defined:
                error.rule, error.hint = "unmodelled-command", ""
            self.refused.append(error)
            return None
        return self._bound(cls, named_as(cls, command), pipeline, piped=piped, last=last)

    def _bound(
        self, cls: type[Cmdlet], command: CommandSyntax, pipeline: int, *, piped: bool, last: bool
    ) -> Placed | None:
        binder = _TolerantBinder(command, self.source, bindable(cls))
        binder.bind()
        known = {field: value for field, value in binder.bound.items() if not self.holes.touch(binder.spans[field])}
        whole = not binder.refused and len(known) == len(binder.bound)
        self.refused += [_told_apart(error) for error in binder.refused if not self.holes.touch(error.span)]
        cmdlet = self._build(cls, command, known, whole=whole, piped=piped)
        return Placed(cmdlet, command.span, binder.spans, pipeline, piped, last, whole) if cmdlet else None

    def _build(
        self, cls: type[Cmdlet], command: CommandSyntax, known: dict[str, object], *, whole: bool, piped: bool
    ) -> Cmdlet | None:
        """Make the cmdlet of the known values; if all are known, refuse a command that lacks some."""
        try:
            made = cls._from_read(known)
            if whole and not piped:
                made.require_whole()
        except InvalidValueError as error:
            if whole:
                self.refused.append(error.in_text(self.source, command.span, "incomplete-command"))
            return None
        return made


def _told_apart(error: CommandSyntaxError) -> CommandSyntaxError:
    """Call an invalid value a placeholder if it was copied from a page that shows the syntax."""
    if error.rule == "invalid-value" and isinstance(error.received, str) and _PLACEHOLDER.search(error.received):
        error.rule = "placeholder"
        error.hint = f"Replace the placeholder by the value that it stands for. {error.hint}".rstrip()
    return error


def place(recovered: Recovered, source: str) -> tuple[tuple[Placed, ...], tuple[CommandSyntaxError, ...]]:
    """Bind the commands of a script; return them and the errors in them."""
    placing, placed = _Placing(source, _Holes(recovered.holes), recovered.defined), []
    for number, statement in enumerate(recovered.statements):
        for at, command in enumerate(statement.commands):
            last = at == len(statement.commands) - 1
            found = placing.place(command, number, piped=at > 0 or statement.piped, last=last)
            placed += [found] if found else []
    return tuple(placed), tuple(placing.refused)
