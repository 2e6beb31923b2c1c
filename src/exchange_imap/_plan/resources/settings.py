"""The IMAP4 settings of a server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

import attrs

from ..._cmdlets.imap_settings import GetImapSettings, ImapSettings, SetImapSettings
from ..._cmdlets.services import IMAP4_SERVICES
from ..._errors import InvalidValueError
from ..._model.cmdlet import Cmdlet
from ..._model.snapshot import Snapshot
from ..._powershell.record import Record
from ..._rules.consistency import require_consistent
from ..difference import require_same_server, same_written
from ..identity import same_server
from ..state import ServerState
from ..written import Written, one_object

__all__ = ["RESOURCE", "ProtocolSettings"]


class ProtocolSettings(Written):
    """The settings of a protocol: one object for each server, which has its name."""

    gets: ClassVar[type[Cmdlet]]

    def names_in(self, state: ServerState) -> tuple[str, ...]:
        """Return the server's name, under which its settings are."""
        return () if getattr(state, self.key) is None else (state.settings.server,)

    def names_stated(self, server: str, stated: Sequence[Cmdlet]) -> tuple[str, ...]:
        """Return the server's name: it has these settings whether or not they are desired."""
        super().names_stated(server, stated)
        return (server,)

    def name_of(self, command: Cmdlet, server: str) -> str:
        """Return the server's name. Raises :class:`InvalidValueError` for settings of another server."""
        require_same_server(server, command)
        return server

    def desired(self, state: ServerState, server: str, stated: Sequence[Cmdlet]) -> ServerState:
        """Refuse also settings that contradict each other."""
        after = super().desired(state, server, stated)
        require_consistent(getattr(after, self.key))
        return after

    def wrong_name(self, command: Cmdlet, server: str, state: ServerState) -> str:
        """Say what is wrong with the server that a command names."""
        del state
        named = getattr(command, "server")  # noqa: B009 - a cmdlet of either protocol
        if not isinstance(named, str):
            return "it does not say of which server"
        return "" if same_server(named, server) else f"it is of {named}"

    def gather(self, objects: Sequence[Any]) -> object:  # Any: see the base
        """Take the settings of the only server."""
        if len(objects) > 1:
            raise InvalidValueError(self.key, "those of one server", [each.server for each in objects])
        return objects[0]

    def reads(self, server: str, names: Sequence[str]) -> tuple[Cmdlet, ...]:
        """Return the command that reads the settings."""
        return (self.gets(server=server),) if names else ()  # type: ignore[call-arg]  # of either protocol

    def part(self, server: str, names: Sequence[str], answers: Sequence[Sequence[Record]]) -> Snapshot | None:
        """Read the settings."""
        commands = self.reads(server, names)
        return one_object(self.whole, answers[0], commands[0], server) if commands else None

    def object_in(self, state: ServerState, name: str) -> Snapshot:
        """Return the settings."""
        del name
        found: Snapshot = getattr(state, self.key)
        return found

    def replacing(self, state: ServerState, name: str, new: Snapshot) -> ServerState:
        """Return the state with other settings."""
        del name
        part: dict[str, Any] = {self.key: new}  # Any: of the field of this name
        return attrs.evolve(state, **part)

    def naming(self, server: str, name: str) -> dict[str, str]:
        """Name the server."""
        del name
        return {"server": server}

    def shared_naming(self, server: str, name: str) -> dict[str, str]:
        """Name no server: the settings are those of whichever the plan is of."""
        del server, name
        return {}

    def reason(self, name: str, changes: Sequence[object], command: Cmdlet) -> str:
        """Say what differs; the server is that of the plan."""
        del name
        return "; ".join(map(str, changes)) or f"Enabling the certificate may change what it states: {command}"

    def same(self, one: Snapshot | None, other: Snapshot | None) -> bool:
        """Say whether all settings are the same."""
        return one is not None and other is not None and same_written(one, other)


class _ImapSettings(ProtocolSettings):
    key = "settings"
    rules = "settings_rules"
    states = SetImapSettings
    whole = ImapSettings
    gets = GetImapSettings
    read_by = IMAP4_SERVICES
    protocol = "IMAP4"


RESOURCE: Final = _ImapSettings()
