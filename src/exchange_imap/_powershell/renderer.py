"""Write literals and parameters in one form, which PowerShell 5.1 and 7 read back to the same literals."""

from __future__ import annotations

import enum
import re
from decimal import Decimal

import attrs

from .._errors import InvalidValueError
from .._patterns import pattern
from .characters import DOUBLE_QUOTES, ESCAPES, SINGLE_QUOTES, WORD_ENDS, is_blank
from .numbers import read_number
from .secret import PSCredential, Secret
from .syntax import Array, Boolean, CredentialPrompt, Hashtable, Literal, Null, Number, Quote, String

__all__ = ["Form", "render_literal", "render_parameter"]

# Words that mean nothing but themselves, wherever an argument may stand. Numbers are not among them: among the items
# of a list PowerShell takes them for what they are worth.
_BARE = pattern(r"[A-Za-z_*\\/.:0-9][A-Za-z0-9_*\\/.:+=%~@-]*")
_STARTS_LIKE_NUMBER = pattern(r"\.?[0-9]")
# Digits and letters that are in no number of 5.1 or 7: D and E may be, and B of 0b1.
_THUMBPRINT = pattern(r"[0-9][0-9A-Fa-f]*[ACFacf][0-9A-Fa-f]*")
_DOTTED = pattern(r"[0-9]+(?:\.[0-9]+){2,}(?::[0-9]+)?")
_NAME = pattern(rf"(?:[^\W\d]|[_?])[^\r\n{re.escape(WORD_ENDS + SINGLE_QUOTES + DOUBLE_QUOTES)}.:\[`]*")
_KEY = pattern(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPED = {character: f"`{letter}" for letter, character in ESCAPES.items()}
_EXPANDS = "$`" + DOUBLE_QUOTES
_STOP = "--%"


class Form(enum.Enum):
    """How a parameter is written."""

    NAMED = "-Name value"
    ATTACHED = "-Name:value"
    POSITIONAL = "value"


def render_literal(literal: Literal) -> str:
    """Write one literal as an argument; always in one line."""
    match literal:
        case String():
            return _string(literal)
        case Number():
            return _number(literal)
        case Boolean() | Null():
            return {True: "$true", False: "$false", None: "$null"}[getattr(literal, "value", None)]
        case Array():
            return _list(literal.items)
        case Hashtable():
            return _hashtable(literal)
    return _question(literal)


def _question(literal: CredentialPrompt | PSCredential | Secret) -> str:
    """Write a prompt for a secret, which a text must not contain."""
    if isinstance(literal, Secret):
        return "<secret>" if literal.as_text else "(Read-Host -AsSecureString)"
    return "(Get-Credential)" if literal.user_name is None else f"(Get-Credential {_user(literal.user_name)})"


def _string(literal: String) -> str:
    bare = literal.quote is Quote.BARE and is_bare(literal.value)
    return literal.value if bare else quote(literal.value)


def is_bare(text: str) -> bool:
    """Say whether the text needs no quotes as an argument."""
    if _BARE.fullmatch(text) is None:
        return False
    if _STARTS_LIKE_NUMBER.match(text) is None or ":" in text:  # no number has a colon
        return True
    return any(form.fullmatch(text) is not None for form in (_DOTTED, _THUMBPRINT))


def quote(text: str) -> str:
    """Put the text in quotes: double ones, or single ones where double ones would expand something.

    A text with line ends or other control characters is written with backticks, so that it stays in one line.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidValueError("text", "whole characters", text, "Half of a surrogate pair is no character.")
    if any(character in _ESCAPED for character in text):
        return '"' + "".join(_ESCAPED.get(c) or (f"`{c}" if c in _EXPANDS else c) for c in text) + '"'
    if any(character in _EXPANDS for character in text):
        return "'" + "".join(c * 2 if c in SINGLE_QUOTES else c for c in text) + "'"
    return f'"{text}"'


def _user(name: str) -> str:
    return f"-UserName:'{_STOP}'" if name == _STOP else _string(String(name))


def _number(literal: Number) -> str:
    """Write the word that stood there, or the worth; in brackets if negative, where PowerShell would see a text."""
    value = literal.value
    if literal.text and read_number(literal.text) == value:
        return literal.text
    worth = f"{abs(value):f}d" if isinstance(value, Decimal) else repr(abs(value))
    if read_number(worth) != abs(value):
        raise InvalidValueError("number", "one that PowerShell can write", value)
    return f"(-{worth})" if value < 0 else worth


def _list(items: tuple[Literal, ...]) -> str:
    """Write a list; in brackets if it is empty or would not be taken for one, or for the end of the line."""
    if any(isinstance(item, Array) for item in items):
        raise InvalidValueError("list", "items that are no lists", items)
    if items[:1] == (String(_STOP),) or (len(items) == 1 and isinstance(items[0], Null | Hashtable)):
        return f"@({','.join(map(_value, items))})"
    return ",".join(map(render_literal, items)) or "@()"


def _hashtable(literal: Hashtable) -> str:
    keys = {key.value.lower() for key, _ in literal.entries}
    if len(keys) < len(literal.entries):
        raise InvalidValueError("hashtable", "each key once", literal)
    return f"@{{{'; '.join(f'{_key(key)}={_value(value)}' for key, value in literal.entries)}}}"


def _key(key: String) -> str:
    return key.value if _KEY.fullmatch(key.value) else quote(key.value)


def _value(literal: Literal) -> str:
    """Write a value inside brackets, where words need quotes."""
    if isinstance(literal, Array):
        quoted = (
            attrs.evolve(item, quote=Quote.DOUBLE) if isinstance(item, String) else item for item in literal.items
        )
        return _list(tuple(quoted))
    return quote(literal.value) if isinstance(literal, String) else render_literal(literal)


def render_parameter(name: str, value: Literal | None, form: Form) -> str:
    """Write a parameter; no value means a switch that is present, and no name an argument of a program.

    A text ``--%`` is written ``-Name:'--%'``, and a list that begins with one in brackets: anywhere else PowerShell
    takes it, quoted or not, for the word that ends its reading of the line.
    """
    if not name and value is not None and value != String(_STOP):
        return render_literal(value)
    if _NAME.fullmatch(name) is None or any(map(is_blank, name)):
        raise InvalidValueError("parameter", "a parameter's name", name)
    if value is None:
        return f"-{name}"
    if value == String(_STOP):
        return f"-{name}:'{_STOP}'"
    text = render_literal(value)
    if form is Form.POSITIONAL:
        return text
    return f"-{name}:{text}" if form is Form.ATTACHED else f"-{name} {text}"
