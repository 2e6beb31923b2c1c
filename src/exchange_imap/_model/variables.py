"""What may be given for a variable in a command: every value that a parameter takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any
from uuid import UUID

from .._powershell.secret import PSCredential, Secret
from .._powershell.syntax import CredentialPrompt, Hashtable, Literal, String
from .._powershell.variables import literal_of
from .._values import (
    Binding,
    ByteQuota,
    Choice,
    ConnectionSetting,
    IPRange,
    Limit,
    ListEdit,
    ServerVersion,
    TlsCertificateName,
    format_time_span,
)
from .codecs.values import QUOTA
from .codecs.words import LIMIT

__all__ = ["VariableValue"]

_Text = (
    Binding
    | Choice
    | ConnectionSetting
    | IPRange
    | IPv4Address
    | IPv4Network
    | IPv6Address
    | IPv6Network
    | ServerVersion
    | TlsCertificateName
    | UUID
)
"""What is given by its text."""
VariableValue = (
    bool
    | int
    | float
    | Decimal
    | str
    | timedelta
    | ByteQuota
    | Limit
    | ListEdit[Binding]
    | ListEdit[ConnectionSetting]
    | ListEdit[IPRange]
    | ListEdit[str]
    | _Text
    | PSCredential
    | Secret
    | CredentialPrompt
    | Sequence["VariableValue"]
    | Mapping[str, "VariableValue"]
    | None
)
"""A value for a variable: what the parameter takes that the variable stands behind. Of sequences, lists and tuples."""


@literal_of.register
def _by_text(value: _Text) -> Literal:
    return String(str(value))


literal_of.register(ByteQuota, QUOTA.write)
literal_of.register(Limit, LIMIT.write)


@literal_of.register
def _(value: timedelta) -> Literal:
    return String(format_time_span(value))


@literal_of.register(ListEdit)
def _(value: ListEdit[Any]) -> Literal:  # Any: of whatever items
    parts = {"Add": value.add, "Remove": value.remove}
    return Hashtable(tuple((String(key), literal_of(tuple(items))) for key, items in parts.items() if items))
