"""The parameters that most of Exchange's cmdlets have alike, declared once."""

from __future__ import annotations

from .._cmdlet.common_parameters import CONFIRM, WHAT_IF
from .._cmdlet.declaration import parameter
from .._cmdlet.kinds import TEXT
from .._cmdlet.literal_kinds import FlagKind

__all__ = ["CONFIRM", "DOMAIN_CONTROLLER", "SWITCH", "WHAT_IF"]

SWITCH = FlagKind(switch=True)
DOMAIN_CONTROLLER = parameter("DomainController", TEXT)
