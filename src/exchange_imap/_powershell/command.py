"""A command with its parameters, and a pipeline of commands: what a transport sends."""

from __future__ import annotations

from typing import Protocol

import attrs

from .._entry import entry
from .renderer import Form, render_parameter
from .syntax import Literal

__all__ = ["Command", "CommandLike", "Form", "Parameter", "Pipeline"]


@entry
@attrs.frozen
class Parameter:
    """A parameter by its full name; no value means a switch that is present, and no name an argument of a program.

    ``form`` is how the text writes it. It is not sent, and does not count in a comparison.

    >>> SetImapSettings(what_if=True).to_command().parameters == (Parameter("WhatIf"),)
    True
    """

    name: str
    value: Literal | None = None
    form: Form = attrs.field(default=Form.NAMED, eq=False)


@entry
@attrs.frozen
class Command:
    """A cmdlet's name and its parameters, in the order written.

    ``str(command)`` is a line that PowerShell reads back to exactly these values.

    >>> GetImapSettings(server="MBX01").to_command().name
    'Get-ImapSettings'
    """

    name: str
    parameters: tuple[Parameter, ...] = ()

    def to_command(self) -> Command:
        """Return the command itself: it is already what a transport sends."""
        return self

    def __str__(self) -> str:
        words = (render_parameter(each.name, each.value, each.form) for each in self.parameters)
        return " ".join((self.name, *words))


class CommandLike(Protocol):
    """Anything that is one command: a :class:`Command`, or a typed cmdlet."""

    def to_command(self) -> Command:
        """Return the name and parameters to send."""
        ...


@entry
@attrs.frozen
class Pipeline:
    """Commands joined by ``|``, each receiving what the one before it puts out.

    >>> str(Pipeline((GetImapSettings(), FormatList(property=("*Bindings",)))))
    'Get-ImapSettings | Format-List *Bindings'
    """

    elements: tuple[CommandLike, ...]

    @property
    def commands(self) -> tuple[Command, ...]:
        """The same as names and parameters: what a transport sends."""
        return tuple(element.to_command() for element in self.elements)

    def __str__(self) -> str:
        return " | ".join(map(str, self.commands))
