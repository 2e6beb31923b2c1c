"""Read which alias a command defines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._powershell.syntax import CommandSyntax, Literal, ParameterName, String

__all__ = ["alias_of"]

_DEFINING: Final = {"set-alias", "new-alias", "sal", "nal"}
_SWITCHES: Final = ("force", "passthru", "confirm", "whatif")


def alias_of(command: CommandSyntax) -> str:
    """Return the alias that the command defines, in lower case; empty if it defines none."""
    if command.name.lower() not in _DEFINING:
        return ""
    given = [(name, value) for name, value in _given(command) if "name".startswith(name)]
    named = sorted(given, key=lambda pair: pair[0] == "")
    return named[0][1].value.lower() if named and isinstance(named[0][1], String) else ""


def _given(command: CommandSyntax) -> Iterator[tuple[str, Literal]]:
    """Yield each value with the parameter name before it; the name is empty if there is none."""
    name = ""
    for element in command.elements:
        if not isinstance(element, ParameterName):
            yield name, element
            name = ""
        elif element.argument is not None:
            yield element.name.lower(), element.argument
        else:
            name = "" if element.name.lower() in _SWITCHES else element.name.lower()
