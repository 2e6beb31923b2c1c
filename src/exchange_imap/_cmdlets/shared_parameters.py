"""The parameter that most of Exchange's cmdlets have alike, declared once."""

from __future__ import annotations

from .._model.codecs.values import TEXT
from .._model.declaration import parameter

__all__ = ["DOMAIN_CONTROLLER"]

DOMAIN_CONTROLLER = parameter("DomainController", TEXT)
