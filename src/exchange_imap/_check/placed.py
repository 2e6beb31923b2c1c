"""Bind each command as far as it can be bound, and keep where each value stands."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from .._cmdlet.binding import Binder
from .._cmdlet.cmdlet import Cmdlet
from .._cmdlet.declaration import parameters
from .._cmdlets.reading import CMDLETS, find_cmdlet, named_as
from .._errors import CommandSyntaxError, InvalidValueError, Span
from .._powershell.syntax import CommandSyntax, Element, ParameterName
from .._rules.script import Placed
from .recovery import Statement, overlap

__all__ = ["place"]


@attrs.define
class _Binding:
    """One command while it is bound again and again, each time without what was refused."""

    command: CommandSyntax
    source: str
    holes: Iterable[Span]
    refused: list[CommandSyntaxError] = attrs.field(factory=list)
    whole: bool = True
    """Whether nothing had to be left out."""

    def place(self, pipeline: int, *, piped: bool, last: bool) -> Placed | None:
        """Read the command; ``None`` where nothing can be said of it but what was refused."""
        try:
            cls = find_cmdlet(self.command, self.source)
            if cls.cmdlet not in CMDLETS:
                return Placed(cls.from_syntax(self.command, self.source), self.command.span, {}, pipeline, piped, last)
        except CommandSyntaxError as error:
            self.refused.append(error)
            return None
        self.command = named_as(cls, self.command)
        binder = self.bind(cls)
        cmdlet = self.build(cls, binder, piped=piped)
        if cmdlet is None:
            return None
        return Placed(cmdlet, self.command.span, binder.spans, pipeline, piped, last, self.whole)

    def bind(self, cls: type[Cmdlet]) -> Binder:
        """Bind what can be bound; whatever cannot is refused, where somebody wrote it."""
        while True:
            binder = Binder(self.command, self.source, parameters(cls), cls.hints, cls.objects, cls.default_set)
            try:
                binder.bind()
            except CommandSyntaxError as error:
                if not self._unknown(error.span):
                    self.refused.append(error)
                self._drop(error.span)
            else:
                return binder

    def _unknown(self, span: Span) -> bool:
        return any(overlap(span, hole) for hole in self.holes)

    def _drop(self, span: Span) -> None:
        """Leave out an element, the name before a value and the value behind a name."""
        self.whole, elements = False, self.command.elements
        at = next(number for number, element in enumerate(elements) if _is_at(element, span))
        first, last = at, at + 1
        if isinstance(elements[at], ParameterName):
            last += _is_value(elements[last : last + 1])
        elif at and _is_name(elements[at - 1]):
            first -= 1
        self.command = attrs.evolve(self.command, elements=elements[:first] + elements[last:])

    def build(self, cls: type[Cmdlet], binder: Binder, *, piped: bool) -> Cmdlet | None:
        """Make the cmdlet of what is known."""
        known = {field: value for field, value in binder.bound.items() if not self._unknown(binder.spans[field])}
        self.whole &= len(known) == len(binder.bound)
        try:
            made = cls.build(known)
            if self.whole and not piped:
                made.require_whole()
        except InvalidValueError as error:
            if self.whole:
                said = (error.field, error.expected, error.received, error.hint)
                self.refused.append(CommandSyntaxError(*said, self.source, self.command.span, "incomplete-command"))
            return None
        return made


def _is_at(element: Element, span: Span) -> bool:
    argument = element.argument if isinstance(element, ParameterName) else None
    return overlap(element.span, span) or (argument is not None and overlap(argument.span, span))


def _is_name(element: Element) -> bool:
    return isinstance(element, ParameterName) and element.argument is None


def _is_value(elements: tuple[Element, ...]) -> bool:
    return bool(elements) and not isinstance(elements[0], ParameterName)


def place(statements: Iterable[Statement], source: str) -> tuple[tuple[Placed, ...], tuple[CommandSyntaxError, ...]]:
    """Bind the commands of a script; return what they say, and what was refused of them."""
    placed, refused = [], []
    for number, statement in enumerate(statements):
        commands = statement.pipeline.commands
        for at, command in enumerate(commands):
            binding = _Binding(command, source, statement.holes)
            found = binding.place(number, piped=at > 0, last=at == len(commands) - 1)
            placed += [found] if found else []
            refused += binding.refused
    return tuple(placed), tuple(refused)
