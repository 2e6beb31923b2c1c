"""The parameters that most of Exchange's cmdlets have alike, declared once."""

from __future__ import annotations

from .._model.codecs.literals import BooleanCodec
from .._model.codecs.values import TEXT
from .._model.common_parameters import CONFIRM, WHAT_IF
from .._model.declaration import parameter

__all__ = ["CONFIRM", "DOMAIN_CONTROLLER", "SWITCH", "WHAT_IF"]

SWITCH = BooleanCodec(switch=True)
DOMAIN_CONTROLLER = parameter("DomainController", TEXT)
