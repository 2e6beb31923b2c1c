"""The syntax of commands: the elements that the parser makes, with their places.

``span`` and the kind of quotes do not count in a comparison.
"""

from __future__ import annotations

import enum
from decimal import Decimal

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._span import Span
from .numbers import LARGEST_DECIMAL
from .secret import PSCredential, Secret

__all__ = [
    "Array",
    "Boolean",
    "CommandSyntax",
    "CredentialPrompt",
    "Element",
    "Hashtable",
    "Literal",
    "Null",
    "Number",
    "ParameterName",
    "PipelineSyntax",
    "Quote",
    "ScriptSyntax",
    "String",
]

_NOWHERE = Span(0, 0)


class Quote(enum.Enum):
    """How a string is written. ``BARE`` means no quotes, if PowerShell needs none."""

    BARE = "bare"
    SINGLE = "single"
    DOUBLE = "double"


@attrs.frozen
class String:
    """A string: a bareword, a quoted string or a here-string."""

    value: str
    quote: Quote = attrs.field(default=Quote.BARE, eq=False)
    span: Span = attrs.field(default=_NOWHERE, eq=False, repr=False)


def _check_worth(_number: Number, _attribute: object, value: float | Decimal) -> None:
    """Refuse an exact number that .NET's decimal does not hold: Python cannot write 10**5000, and fails on 1e999999."""
    worth = Decimal(0 if isinstance(value, float) else value)
    if not worth.is_finite() or worth.copy_abs() > LARGEST_DECIMAL:
        raise InvalidValueError("number", "one that PowerShell can write", value)


@attrs.frozen
class Number:
    """An unquoted number: its value, and in ``text`` the word that was written.

    A text parameter receives the word (``1MB``), a number parameter the value (1048576). ``text`` is empty
    if PowerShell does not hand over the word, as in ``(1MB)``; then a text parameter receives the value.
    """

    value: int | float | Decimal = attrs.field(validator=_check_worth)
    text: str = ""
    span: Span = attrs.field(default=_NOWHERE, eq=False, repr=False)


@attrs.frozen
class Boolean:
    """``$true`` or ``$false``."""

    value: bool
    span: Span = attrs.field(default=_NOWHERE, eq=False, repr=False)


@attrs.frozen
class Null:
    """``$null``."""

    span: Span = attrs.field(default=_NOWHERE, eq=False, repr=False)


@attrs.frozen
class Array:
    """A list: ``a,b``, ``@("a","b")`` or ``@()``."""

    items: tuple[Literal, ...]
    span: Span = attrs.field(default=_NOWHERE, eq=False, repr=False)


@attrs.frozen
class Hashtable:
    """``@{Key=value; ...}``, its entries in the order written."""

    entries: tuple[tuple[String, Literal], ...]
    span: Span = attrs.field(default=_NOWHERE, eq=False, repr=False)


@entry
@attrs.frozen
class CredentialPrompt:
    r"""``(Get-Credential)``: the shell asks for a user name and password when the command runs.

    >>> str(TestImapConnectivity(mailbox_credential=CredentialPrompt(r"contoso\kim")))
    'Test-ImapConnectivity -MailboxCredential (Get-Credential contoso\\kim)'
    """

    user_name: str | None = None
    span: Span = attrs.field(default=_NOWHERE, eq=False, repr=False)


Literal = String | Number | Boolean | Null | Array | Hashtable | CredentialPrompt | PSCredential | Secret
"""A value of a command. A text does not contain the last two: it asks for them."""


@attrs.frozen
class ParameterName:
    """``-Name``, or ``-Name:value`` with the value attached."""

    name: str
    argument: Literal | None = None
    span: Span = attrs.field(default=_NOWHERE, eq=False, repr=False)


Element = ParameterName | Literal


@attrs.frozen
class CommandSyntax:
    """One command as written. Whether the element behind a name belongs to it depends on the cmdlet."""

    name: str
    elements: tuple[Element, ...]
    name_span: Span = attrs.field(default=_NOWHERE, eq=False, repr=False)
    span: Span = attrs.field(default=_NOWHERE, eq=False, repr=False)


@attrs.frozen
class PipelineSyntax:
    """Commands joined by ``|``."""

    commands: tuple[CommandSyntax, ...]


@attrs.frozen
class ScriptSyntax:
    """A whole text: its statements, and the text for errors, with secrets masked."""

    source: str
    pipelines: tuple[PipelineSyntax, ...]
