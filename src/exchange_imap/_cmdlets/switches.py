"""The parameters that most of Exchange's cmdlets have alike, declared once."""

from __future__ import annotations

from .._model.codecs.literals import BooleanCodec
from .._model.codecs.values import TEXT
from .._model.declaration import parameter

__all__ = ["DOMAIN_CONTROLLER", "SWITCH"]

SWITCH = BooleanCodec(switch=True)
DOMAIN_CONTROLLER = parameter("DomainController", TEXT)
