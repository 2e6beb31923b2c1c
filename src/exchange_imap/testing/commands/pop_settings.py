"""Get-PopSettings and Set-PopSettings as the server carries them out."""

from __future__ import annotations

from ..._cmdlets.pop_settings import GetPopSettings, SetPopSettings
from ..execution import Execution
from ..handlers import carries_out
from .protocol_settings import read_settings, write_settings

__all__: list[str] = []


@carries_out(GetPopSettings)
def _get(cmdlet: GetPopSettings, run: Execution) -> None:
    read_settings(run.find_server(cmdlet.server, GetPopSettings).pop, run)


@carries_out(SetPopSettings)
def _set(cmdlet: SetPopSettings, run: Execution) -> None:
    write_settings(run.find_server(cmdlet.server, SetPopSettings).pop, cmdlet, run)
