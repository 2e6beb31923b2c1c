"""What is known of a server's IMAP4 settings when a script has run."""

from __future__ import annotations

from typing import Any

import attrs

from .._cmdlet.declaration import parameters, properties
from .._cmdlet.lists import EditableListKind
from .._cmdlets.imap_settings import ImapSettings, SetImapSettings
from .._plan.difference import resolve_edit
from .._values import UNSET, ConnectionSetting, ListEdit, Unset
from .placed import Placed
from .script import Script

__all__ = ["CONNECTIONS", "Edit", "Known", "follow"]

CONNECTIONS = ("external_connection_settings", "internal_connection_settings")
_PARAMETERS = parameters(SetImapSettings)
_LISTS = {field for field, spec in _PARAMETERS.items() if isinstance(spec.kind, EditableListKind)}


@attrs.frozen
class Edit:
    """An edit of a list, and what the list was before it."""

    placed: Placed
    field: str
    edit: ListEdit[object]
    before: tuple[object, ...]


@attrs.define
class Known:
    """One server's settings as far as they are known: from a snapshot, and from what the script has set."""

    values: dict[str, object]
    whole: bool
    """Whether a snapshot told all of them."""
    written: dict[str, Placed] = attrs.field(factory=dict)
    """The last command that sets a field."""
    edits: list[Edit] = attrs.field(factory=list)

    def set(self, placed: Placed, cmdlet: SetImapSettings) -> None:
        """Do what the command does; where not all of it is known, nothing else is from then on."""
        for field in _PARAMETERS:
            value = getattr(cmdlet, field)
            if value is not UNSET:
                self.values[field] = self._after(placed, field, value)
                self.written[field] = placed
        if not placed.whole:
            self.whole = False
            self.values = {field: value for field, value in self.values.items() if field in self.written}

    def _after(self, placed: Placed, field: str, value: object) -> object:
        if value is None and field in _LISTS:
            return ()
        if not isinstance(value, ListEdit):
            return value
        before = self.values.get(field)
        if not isinstance(before, tuple):
            return value
        self.edits.append(Edit(placed, field, value, before))
        return resolve_edit(before, value)

    def entries(self, field: str) -> tuple[Any, ...] | None:  # Any: the field's own entries
        """Return a list as it is after the script; ``None`` where that is not known."""
        value = self.values.get(field)
        return value if isinstance(value, tuple) else None

    def told(self, field: str) -> tuple[ConnectionSetting, ...]:
        """Return the connections that clients are certainly told."""
        value = self.values.get(field, ())
        return tuple(value.add if isinstance(value, ListEdit) else value)  # type: ignore[arg-type]  # the field's own

    def writer(self, *fields: str) -> tuple[str, Placed] | None:
        """Return the first of the fields that the script sets, and where; ``None`` where it sets none."""
        return next(((field, self.written[field]) for field in fields if field in self.written), None)


def follow(script: Script) -> tuple[Known, ...]:
    """Go through the script and return what is known of each server that it sets something of."""
    servers: dict[str, Known] = {}
    for placed in script.commands:
        cmdlet = placed.cmdlet
        if isinstance(cmdlet, SetImapSettings) and cmdlet.what_if is not True:
            key = _key(placed, cmdlet, script.settings)
            servers.setdefault(key, _begin(key, script.settings)).set(placed, cmdlet)
    return tuple(servers.values())


def _key(placed: Placed, cmdlet: SetImapSettings, settings: ImapSettings | None) -> str:
    """Return what tells servers apart; one that nobody can know is none of the others."""
    nobody_knows = cmdlet.server is UNSET and (placed.piped or "server" in placed.spans)
    return f"statement {placed.pipeline}" if nobody_knows else _label(cmdlet.server, settings)


def _label(server: str | Unset, settings: ImapSettings | None) -> str:
    """Return a server's name without its domain; that of the snapshot where the command names none."""
    named = server if isinstance(server, str) else settings.server if settings else ""
    return named.partition(".")[0].lower()


def _begin(key: str, settings: ImapSettings | None) -> Known:
    if settings is None or key != _label(UNSET, settings):
        return Known({}, whole=False)
    writable = [field for field, spec in properties(ImapSettings).items() if spec.writable]
    return Known({field: getattr(settings, field) for field in writable}, whole=True)
