"""What PowerShell's binder is asked about, and what it received: reduced to what it says, and compared."""

from __future__ import annotations

from typing import Any

import exchange_imap as xi
from exchange_imap._cmdlets.registry import cmdlets
from exchange_imap._model.codecs.lists import EditableListCodec
from exchange_imap._model.codecs.words import LimitCodec, WordsCodec
from exchange_imap._model.common_parameters import NAMES_VARIABLES
from exchange_imap._model.declaration import parameters

from .commands import Commands
from .judge import Answer
from .texts import ODD

Tree = Any  # Any: JSON of the judge's own form
UNBOUND = {*NAMES_VARIABLES, "public_folder_client_access"}
"""Fields that the judge cannot bind: its session has no variables, and of the one of Set-CASMailbox the documentation
names parameter sets of another cmdlet, while its syntax line has it beside all others."""


class Bindable(Commands):
    """Makes cmdlets that the judge can bind."""

    left_out = UNBOUND
    put_in = ("domain",)  # the documentation of Get-ExchangeServer calls it mandatory, in a set that is the default

    def character(self) -> str:
        """Make none but those that mean something to PowerShell, or look as if they did."""
        return self.one(ODD)

    def user(self) -> str | None:
        """Make a name that PSCredential takes: the user's part, before the @ or behind the backslash, is not empty."""
        name = super().user()
        return name if name is None or not (name.startswith("@") or name.endswith("\\")) else "x"

    def url(self) -> str:
        """Make a URL that .NET's Uri keeps: it makes a host's letters small, and refuses some underscores."""
        return super().url().lower().replace("_", "x")


def bound(value: Tree) -> Tree:
    """Reduce a value that PowerShell's binder received to what it says."""
    match value:
        case {"type": "Hashtable", "value": entries}:
            return {key["value"].lower(): several(bound(item)) for key, item in entries}
        case {"type": "Object[]" | "String[]", "value": items}:
            return [bound(item) for item in items]
        case {"type": "Unlimited`1", "value": text}:
            return xi.ByteQuota.parse(text).bytes
        case {"type": "PSCredential", "value": {"user": user}}:
            return user
        case {"type": "null"}:
            return None
        case {"type": "Boolean" | "SwitchParameter" | "String", "value": plain}:
            return plain
        case {"value": plain}:
            return str(plain)
    raise AssertionError(value)


def several(value: Tree) -> Tree:
    """Take one value for a list of one."""
    return value if isinstance(value, list) else [value]


# Sizes that cannot be unlimited: the judge knows no type for them and says what number it received.
SIZES = {"MaxMessageSize", "MaxHeaderSize"}


def received(answer: Answer) -> list[tuple[str, dict[str, Tree]]]:
    """Return the commands that PowerShell's binder bound, and what each received."""
    return [(b.get("command", ""), {n: bound(v) for n, v in b.get("parameters", {}).items()}) for b in answer["bound"]]


def alike(one: list[tuple[str, dict[str, Tree]]], other: list[tuple[str, dict[str, Tree]]]) -> bool:
    """Say whether two scripts mean the same."""
    return [(name, _canonical(values)) for name, values in one] == [(name, _canonical(v)) for name, v in other]


def _canonical(values: dict[str, Tree]) -> dict[str, Tree]:
    """Put aside what Exchange's own types read alike: one value and a list of one, spellings of the entries."""
    same = {name: _entries(value) if name in _SEVERAL else value for name, value in values.items()}
    same |= {name: xi.ByteQuota.parse(str(values[name])).bytes for name in SIZES.intersection(values)}
    return same | {"Status": str(values.get("Status")).lower()}  # a text that Set-Service itself reads in any case


# What takes several values, and what takes words of types that the judge does not know, in any case.
_SEVERAL = {
    *(
        s.name
        for cls in cmdlets().values()
        for s in parameters(cls).values()
        if isinstance(s.codec, EditableListCodec | WordsCodec)
    ),
    *("Requester", "MessageRateSource", "ProtocolLoggingLevel", "SizeEnabled", "TransportRole", "DomainName"),
    *("ExtendedProtectionPolicy", "EwsApplicationAccessPolicy"),
    *(s.name for cls in cmdlets().values() for s in parameters(cls).values() if isinstance(s.codec, LimitCodec)),
}


def _entries(value: Tree) -> Tree:
    if isinstance(value, dict):
        return {key: _entries(items) for key, items in value.items()}
    return None if value is None else [str(item).lower() for item in several(value)]
