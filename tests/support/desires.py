"""Any desired state that is no contradiction in itself, of every resource; what it consists of is asked of these."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._model.specs import ParameterSpec
from exchange_imap._plan.resource import Resource, resources

from . import strategies
from .commands import Commands

__all__ = ["Desires", "desired_states"]

_TRIES: Final = 20
_MOST: Final = 3


class Desires(Commands):
    """Makes desired states: for each resource cmdlets of its class that it takes."""

    def desired_state(self) -> xi.DesiredState:
        """Make a desired state of some parts."""
        parts: dict[str, Any] = {}  # Any: each of the field of its name
        for found in resources():
            if self.chance(50):
                several = self._several(found)
                parts[found.key] = several if found.named_by else several[0]
        return xi.DesiredState(**parts, restart=self.chance(30))

    def _several(self, found: Resource) -> tuple[xi.Cmdlet, ...]:
        """State one to three objects, each of which goes with those before it."""
        stated: tuple[xi.Cmdlet, ...] = ()
        most = self.random.randint(1, _MOST) if found.named_by else 1
        for _ in range(_TRIES):
            stated = self._with_another(found, stated)
            if len(stated) == most:
                break
        return stated or (self._plain(found),)

    def _with_another(self, found: Resource, stated: tuple[xi.Cmdlet, ...]) -> tuple[xi.Cmdlet, ...]:
        try:
            more = (*stated, self.cmdlet(found.states))
            found.check(more)
        except xi.InvalidValueError:
            return stated
        return more

    def _plain(self, found: Resource) -> xi.Cmdlet:
        """State what any of its objects may be asked for."""
        name = next(iter(found.read_by), "MSExchangeIMAP4")
        return found.states.build({found.named_by: name} if found.named_by else {})

    def field(self, cls: type[xi.Cmdlet], name: str) -> object:
        """Make a value; services that a plan knows have names, and few states."""
        if cls is xi.SetService:
            return self.random.choice(_OF_A_SERVICE[name]) if name in _OF_A_SERVICE else super().field(cls, name)
        return super().field(cls, name)

    def parameters(self, cls: type[xi.Cmdlet]) -> dict[str, ParameterSpec]:
        """Return what a desired state may state."""
        found = next(each for each in resources() if each.states is cls)
        taken = super().parameters(cls).items()
        return {field: spec for field, spec in taken if field in found.planned or spec.common}


_OF_A_SERVICE: Final[dict[str, list[object]]] = {
    "name": [*xi.IMAP4_SERVICES, "msexchangeimap4be"],
    "status": [xi.ServiceStatus.Running, xi.ServiceStatus.Stopped],
    "startup_type": [xi.StartupType.Automatic, xi.StartupType.Manual, xi.StartupType.Disabled],
}

desired_states: Final[st.SearchStrategy[xi.DesiredState]] = strategies.made(Desires, Desires.desired_state)
"""Any desired state."""
