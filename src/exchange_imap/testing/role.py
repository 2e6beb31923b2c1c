"""Role-based access control: the cmdlets and parameters that a management role shows to a session."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Self

import attrs

from .._errors import InvalidValueError
from .._model.cmdlet import Cmdlet
from .._model.declaration import parameters
from .._model.specs import Endpoint, ParameterSpec
from .._powershell.command import Pipeline
from .handlers import find_handled

__all__ = ["GET_COMMAND", "Role", "asks_for_commands"]

GET_COMMAND: Final = "get-command"
"""What tells a session its commands; a role can hide it too."""


@attrs.frozen
class Role:
    """The hidden cmdlets, by name, and parameters, such as ``Set-ImapSettings -SSLBindings``, in lower case.

    A session behaves as if they did not exist: the errors are those of an unknown name.
    """

    hidden: frozenset[str] = frozenset()

    @classmethod
    def hiding(cls, names: Iterable[str]) -> Self:
        """Read the names; raise :class:`InvalidValueError` for one that would hide nothing."""
        wanted = [" ".join(name.lower().split()) for name in names]
        for word in (word for word in wanted if word != GET_COMMAND):
            cmdlet = find_handled(word.partition(" ")[0])
            if cmdlet is None or cmdlet.endpoint is not Endpoint.EXCHANGE or word not in _words(cmdlet):
                expected = "an Exchange cmdlet of the fake, or one with a parameter as in 'Set-ImapSettings -Banner'"
                raise InvalidValueError("hidden", expected, word)
        return cls(frozenset(wanted))

    def has(self, cmdlet: type[Cmdlet]) -> bool:
        """Say whether the role shows the cmdlet."""
        return cmdlet.cmdlet.lower() not in self.hidden

    def shows(self, cmdlet: type[Cmdlet], spec: ParameterSpec) -> bool:
        """Say whether the role shows the parameter."""
        return f"{cmdlet.cmdlet} -{spec.name}".lower() not in self.hidden


def _words(cmdlet: type[Cmdlet]) -> Iterable[str]:
    name = cmdlet.cmdlet.lower()
    return (name, *(f"{name} -{spec.name.lower()}" for spec in parameters(cmdlet).values()))


def asks_for_commands(pipeline: Pipeline) -> bool:
    """Say whether it is Get-Command alone."""
    return [command.name.lower() for command in pipeline.commands] == [GET_COMMAND]
