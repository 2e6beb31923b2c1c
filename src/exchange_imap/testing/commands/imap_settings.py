"""Get-ImapSettings and Set-ImapSettings as the server carries them out."""

from __future__ import annotations

from ..._cmdlets.imap_settings import GetImapSettings, SetImapSettings
from ..execution import Execution
from ..handlers import carries_out
from .protocol_settings import read_settings, write_settings

__all__: list[str] = []


@carries_out(GetImapSettings)
def _get(cmdlet: GetImapSettings, run: Execution) -> None:
    read_settings(run.find_server(cmdlet.server, GetImapSettings).imap, run)


@carries_out(SetImapSettings)
def _set(cmdlet: SetImapSettings, run: Execution) -> None:
    write_settings(run.find_server(cmdlet.server, SetImapSettings).imap, cmdlet, run)
