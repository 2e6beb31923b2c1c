"""The IMAP4 settings of a server after a script has run, as far as they are known."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from .._cmdlets.imap_settings import ImapSettings, SetImapSettings
from .._model.codecs.lists import EditableListCodec
from .._model.declaration import parameters, writable
from .._plan.difference import canonical, resolve_edit
from .._rules.resulting import Resulting
from .._rules.script import Edit, Placed
from .._values import UNSET, ListEdit, Unset

__all__ = ["Known", "follow"]

_PARAMETERS = parameters(SetImapSettings)
_LISTS = {field for field, spec in _PARAMETERS.items() if isinstance(spec.codec, EditableListCodec)}


@attrs.define
class Known:
    """The settings of one server that are known from a snapshot and from the script."""

    before: Mapping[str, object]
    """The settings in the snapshot; empty without one."""
    values: dict[str, object]
    whole: bool
    """Whether all of them are known, from a snapshot."""
    written: dict[str, Placed] = attrs.field(factory=dict)
    """The last command that sets a field."""
    edits: list[Edit] = attrs.field(factory=list)

    @property
    def resulting(self) -> Resulting:
        """The settings for the rules to check. One that keeps its value has not changed, and is not reported."""
        changed = [field for field in self.written if self._differs(field)]
        return Resulting(self.values, frozenset(changed), self.whole)

    def _differs(self, field: str) -> bool:
        known = field in self.before
        return not known or canonical(field, self.before[field]) != canonical(field, self.values.get(field))

    def set(self, placed: Placed, cmdlet: SetImapSettings) -> None:
        """Apply the command. If a part of it could not be read, only what the script has set is known from then on."""
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
        if isinstance(value, tuple):
            return tuple(dict.fromkeys(value))
        if not isinstance(value, ListEdit):
            return value
        before = self.values.get(field)
        if not isinstance(before, tuple):
            return value
        self.edits.append(Edit(placed, field, value, before))
        return resolve_edit(before, value)


def follow(commands: tuple[Placed, ...], settings: ImapSettings | None) -> tuple[Known, ...]:
    """Follow the script and return the known settings of each server that it changes."""
    servers: dict[str, Known] = {}
    for placed in commands:
        cmdlet = placed.cmdlet
        if isinstance(cmdlet, SetImapSettings) and cmdlet.what_if is not True:
            key = _key(placed, cmdlet, settings)
            servers.setdefault(key, _begin(key, settings)).set(placed, cmdlet)
    return tuple(servers.values())


def _key(placed: Placed, cmdlet: SetImapSettings, settings: ImapSettings | None) -> str:
    """Return the key of a server. An unknown server, such as one from a pipe, gets a key of its own."""
    unknown = cmdlet.server is UNSET and (placed.piped or "server" in placed.spans)
    return f"statement {placed.pipeline}" if unknown else _label(cmdlet.server, settings)


def _label(server: str | Unset, settings: ImapSettings | None) -> str:
    """Return a server's name without its domain; the snapshot's server if the command names none."""
    named = server if isinstance(server, str) else settings.server if settings else ""
    return named.partition(".")[0].lower()


def _begin(key: str, settings: ImapSettings | None) -> Known:
    if settings is None or key != _label(UNSET, settings):
        return Known({}, {}, whole=False)
    before = {field: getattr(settings, field) for field in writable(ImapSettings)}
    return Known(before, dict(before), whole=True)
