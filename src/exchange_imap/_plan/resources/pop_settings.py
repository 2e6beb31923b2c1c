"""The POP3 settings of a server, which its own two services read."""

from __future__ import annotations

from typing import Final

from ..._cmdlets.pop_settings import GetPopSettings, PopSettings, SetPopSettings
from .settings import ProtocolSettings

__all__ = ["RESOURCE"]


class _PopSettings(ProtocolSettings):
    key = "pop_settings"
    states = SetPopSettings
    whole = PopSettings
    gets = GetPopSettings
    read_by = ("MSExchangePOP3", "MSExchangePOP3BE")
    protocol = "POP3"


RESOURCE: Final = _PopSettings()
