"""What a management role shows of the Exchange cmdlets: role-based access control, seen from the session."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

import attrs

from .._errors import InvalidValueError
from .._model.cmdlet import Cmdlet
from .._model.declaration import parameters
from .._model.specs import ParameterSpec

__all__ = ["Role"]


@attrs.frozen
class Role:
    """What is hidden: whole cmdlets by name, and parameters as ``Set-ImapSettings -SSLBindings``, in lower case.

    What a role does not show is not there at all: its errors are those of a name that never existed.
    """

    hidden: frozenset[str] = frozenset()

    @classmethod
    def hiding(cls, names: Iterable[str], cmdlets: Iterable[type[Cmdlet]]) -> Self:
        """Read the names; raise :class:`InvalidValueError` for one that would hide nothing."""
        known = {word for cmdlet in cmdlets for word in _words(cmdlet)}
        wanted = [" ".join(name.lower().split()) for name in names]
        for word in wanted:
            if word not in known:
                expected = "an Exchange cmdlet of the fake, or one with a parameter as in 'Set-ImapSettings -Banner'"
                raise InvalidValueError("hidden", expected, word)
        return cls(frozenset(wanted))

    def has(self, cmdlet: type[Cmdlet]) -> bool:
        """Say whether the cmdlet is there."""
        return cmdlet.cmdlet.lower() not in self.hidden

    def shows(self, cmdlet: type[Cmdlet], spec: ParameterSpec) -> bool:
        """Say whether the parameter is there."""
        return f"{cmdlet.cmdlet} -{spec.name}".lower() not in self.hidden


def _words(cmdlet: type[Cmdlet]) -> Iterable[str]:
    name = cmdlet.cmdlet.lower()
    return (name, *(f"{name} -{spec.name.lower()}" for spec in parameters(cmdlet).values()))
