"""The settings of one protocol on one server: stored ones, and those that its two services read when they started."""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

from .._cmdlets.protocol_settings import ProtocolSettings
from .._model.declaration import writable
from .._values import ServiceStatus

__all__ = ["ProtocolState", "S"]

S = TypeVar("S", bound=ProtocolSettings)
_NOT_LOADED = frozenset((ServiceStatus.Stopped, ServiceStatus.StartPending))


@attrs.frozen
class _Loaded(Generic[S]):
    """The settings that a service read when it started, and the number of the write that stored them."""

    revision: int
    settings: S


@attrs.define(eq=False)
class ProtocolState(Generic[S]):
    """The directory stores the settings; each of the two services reads them when it starts and never again."""

    _stored: S
    services: tuple[str, str]
    """The names of both services, in lower case, the front end first."""
    _revision: int = attrs.field(default=0, init=False)
    _loaded: dict[str, _Loaded[S]] = attrs.field(factory=dict, init=False)
    _running: set[str] = attrs.field(factory=set, init=False)

    @property
    def stored(self) -> S:
        """The settings in the directory."""
        return self._stored

    @stored.setter
    def stored(self, settings: S) -> None:
        self._stored = settings
        self._revision += 1

    @property
    def effective(self) -> S | None:
        """The settings that clients get: the last ones that *both* services have read; ``None`` unless both run."""
        if len(self._running) < len(self.services):
            return None
        return min(self._loaded.values(), key=lambda each: each.revision).settings

    @property
    def pending(self) -> bool:
        """Whether a service runs with other settings than those that are stored."""
        return any(not _same(each.settings, self._stored) for each in self._loaded.values())

    def loaded(self, service: str) -> S | None:
        """Return the settings that a service read when it started; ``None`` while it does not run."""
        found = self._loaded.get(service)
        return found.settings if found else None

    def follow(self, service: str, status: ServiceStatus) -> None:
        """Take note of a service's status: it reads the settings when it starts, and forgets them when it stops."""
        (self._running.add if status is ServiceStatus.Running else self._running.discard)(service)
        if status in _NOT_LOADED:
            self._loaded.pop(service, None)
        else:
            self._loaded.setdefault(service, _Loaded(self._revision, self._stored))


def _same(one: ProtocolSettings, other: ProtocolSettings) -> bool:
    """Compare the settings that services read, and not the directory's properties of the object."""
    return all(getattr(one, field) == getattr(other, field) for field in writable(type(one)))
