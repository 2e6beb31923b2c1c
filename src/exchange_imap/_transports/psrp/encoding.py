"""Convert the literals of a command to pypsrp's values: the same ones that PowerShell reads from the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pypsrp.complex_objects import PSCredential
from pypsrp.serializer import TaggedValue

from ..._errors import InvalidValueError
from ..._powershell import secret
from ..._powershell.command import Command, Parameter, Pipeline
from ..._powershell.syntax import Array, Boolean, CredentialPrompt, Hashtable, Literal, Null, Number, String

__all__ = ["Statements", "encode", "encode_argument", "has_plain_secret", "has_secret"]

_INT32: Final = range(-(2**31), 2**31)
_INT64: Final = range(-(2**63), 2**63)
# XML 1.0 cannot hold these two characters. PowerShell accepts them, and then answers with invalid XML.
_BEYOND_XML: Final = re.compile("[\ufffe\uffff]")


Argument = None | bool | int | float | str | list["Argument"] | dict[str, "Argument"] | PSCredential | TaggedValue
"""The types that pypsrp can serialise; it turns any other into text, or fails late."""
Statements = list[list[tuple[str, list[tuple[str, Argument]]]]]
"""The commands of each statement: a name and arguments each."""


def encode(pipelines: Iterable[Pipeline]) -> Statements:
    """Return each pipeline as one statement to send.

    Raises :class:`InvalidValueError` for a value that cannot be sent.
    """
    return [[_encode_command(command) for command in pipeline.commands] for pipeline in pipelines]


def _encode_command(command: Command) -> tuple[str, list[tuple[str, Argument]]]:
    return command.name, [(parameter.name, encode_argument(parameter)) for parameter in command.parameters]


def encode_argument(parameter: Parameter) -> Argument:
    """Return the value, or ``True`` for a switch: null means present to compiled cmdlets and absent to functions."""
    return True if parameter.value is None else _encode(parameter.value, parameter.name)


def _encode(literal: Literal, name: str) -> Argument:
    match literal:
        case String():
            return _text(literal.value, name)
        case Number():
            return _number(literal)
        case Boolean() | Null():
            return literal.value if isinstance(literal, Boolean) else None
        case Array():
            return [_encode(item, name) for item in literal.items]
        case Hashtable():
            return {key.value: _encode(value, name) for key, value in literal.entries}
    return _secret(literal, name)


def _text(text: str, name: str) -> str:
    found = _BEYOND_XML.search(text)
    if found:
        raise InvalidValueError(name, "characters that there are", text, f"U+{ord(found[0]):04X} is none.")
    return text


def _number(literal: Number) -> Argument:
    """Tag a number with its type. No literal is larger than .NET's decimal."""
    value = literal.value
    if isinstance(value, float):
        return TaggedValue("Db", repr(value))
    if not isinstance(value, int):
        return TaggedValue("D", format(value, "f"))
    if value in _INT32:
        return value
    return TaggedValue("I64" if value in _INT64 else "D", str(value))


def _secret(literal: CredentialPrompt | secret.PSCredential | secret.Secret, name: str) -> Argument:
    if isinstance(literal, secret.PSCredential):
        return PSCredential(username=literal.user_name, password=literal.password.reveal())
    if isinstance(literal, secret.Secret):
        # Text is tagged too: the repr of a tagged value, as in a traceback with variables, does not show the secret.
        return TaggedValue("S" if literal.as_text else "SS", literal.reveal())
    hint = "No one answers a prompt on the server: give the parameter a PSCredential."
    raise InvalidValueError(name, "a credential", "(Get-Credential)", hint)


def has_secret(pipelines: Iterable[Pipeline]) -> bool:
    """Say whether any value has to be encrypted with the session's key."""
    return any(map(_needs_key, _literals(pipelines)))


def has_plain_secret(pipelines: Iterable[Pipeline]) -> bool:
    """Say whether any secret is sent as plain text."""
    return any(isinstance(each, secret.Secret) and each.as_text for each in _literals(pipelines))


def _needs_key(literal: Literal | None) -> bool:
    return isinstance(literal, secret.PSCredential) or (isinstance(literal, secret.Secret) and not literal.as_text)


def _literals(pipelines: Iterable[Pipeline]) -> Iterator[Literal | None]:
    """Yield all values, and the items of lists. A secret can be nowhere else."""
    commands = (command for pipeline in pipelines for command in pipeline.commands)
    for parameter in (parameter for command in commands for parameter in command.parameters):
        yield parameter.value
        yield from parameter.value.items if isinstance(parameter.value, Array) else ()
