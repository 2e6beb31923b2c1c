"""Turn the Python value of a variable into a literal.

Other modules register their classes with :func:`literal_of`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from functools import singledispatch

from .._errors import InvalidValueError
from .secret import PSCredential, Secret
from .syntax import Array, Boolean, CredentialPrompt, Hashtable, Literal, Null, Number, Quote, String

__all__ = ["literal_of"]

_VALUES = "text, a number, True or False, None, a list, a dict, a credential, or a value of this library"
_DECIMAL_BITS = 96
_DECIMAL = f"a number of at most {_DECIMAL_BITS} bits"


@singledispatch
def literal_of(value: object) -> Literal:
    """Return the literal. Raises :class:`InvalidValueError` for a value that no parameter takes."""
    raise InvalidValueError("", _VALUES, f"something of type {type(value).__name__}")


@literal_of.register
def _(value: None) -> Literal:  # noqa: ARG001 - there is one
    return Null()


@literal_of.register
def _(value: bool) -> Literal:  # noqa: FBT001 - the value itself
    return Boolean(value)


@literal_of.register
def _(value: str) -> Literal:
    return String(str.__str__(value), Quote.SINGLE)


@literal_of.register
def _(value: float) -> Literal:
    if not math.isfinite(value):
        raise InvalidValueError("", "a finite number", value)
    return Number(value)


@literal_of.register
def _(value: int) -> Literal:
    if value.bit_length() > _DECIMAL_BITS:
        raise InvalidValueError("", _DECIMAL, f"one of {value.bit_length()} bits")
    return Number(value)


@literal_of.register
def _(value: Decimal) -> Literal:
    if not value.is_finite() or abs(value) >= 2**_DECIMAL_BITS:
        raise InvalidValueError("", _DECIMAL, value)
    return Number(value)


@literal_of.register(PSCredential)
@literal_of.register(Secret)
@literal_of.register(CredentialPrompt)
def _itself(value: PSCredential | Secret | CredentialPrompt) -> Literal:
    return value


@literal_of.register(list)
@literal_of.register(tuple)
def _list(value: list[object] | tuple[object, ...]) -> Literal:
    items = tuple(map(literal_of, value))
    if any(isinstance(item, Array) for item in items):
        raise InvalidValueError("", "no list in a list", value)
    return Array(items)


@literal_of.register(Mapping)
def _table(value: Mapping[object, object]) -> Literal:
    names = {key.lower() for key in value if isinstance(key, str)}
    if len(names) < len(value):
        raise InvalidValueError("", "a dict with text for keys, each key once", list(value))
    return Hashtable(tuple((String(str(key)), literal_of(item)) for key, item in value.items()))
