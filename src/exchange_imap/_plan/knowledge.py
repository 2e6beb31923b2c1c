"""Keep track of which settings the running services have read: no server reports that."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final, Self

import attrs

from .._cmdlets.services import RestartService, StopService
from .._errors import InvalidValueError
from .._model.cmdlet import Cmdlet
from .._model.declaration import parameters
from .resource import Resource, readers, resource, resource_of, resources_in
from .state import ServerState

__all__ = ["Knowledge"]

# With these parameters alone it is certain which services a command stops, and that they have stopped when it ends.
_PLAIN: Final = {"name", "force", "pass_thru", "verbose", "warning_action", "information_action"}


@attrs.frozen(kw_only=True)
class Knowledge:
    """The services, by name in lower case, with older settings (``pending``) and with the stored ones (``up_to_date``).

    Of any other service it is not known. Only writes and starts of this library count, so ``pending`` is noted before
    a write is sent. ``up_to_date`` holds only for the settings that were stored when the services started, as ``state``
    has them: if another program has written since, they differ in values or in their time.
    """

    pending: frozenset[str] = frozenset()
    up_to_date: frozenset[str] = frozenset()
    state: ServerState | None = None

    def with_pending(self, pending: Iterable[str]) -> Self:
        """Add services that have older settings by what the caller knows."""
        return attrs.evolve(self, pending=self.pending | frozenset(pending))

    def seen(self, state: ServerState) -> Self:
        """Return what is known of the running services after reading the server.

        Of services that are not in the state, and whose settings are not, what was known stays.
        """
        elsewhere = self.pending - {service.name.lower() for service in state.services}
        up_to_date = self.up_to_date & state.running - self.pending
        for each in resources_in(state):
            if each.read_by and not self._stands(each, state):
                up_to_date -= readers({each.key})
        return attrs.evolve(self, pending=self.pending & state.running | elsewhere, up_to_date=up_to_date)

    def _stands(self, found: Resource, state: ServerState) -> bool:
        """Say whether the stored settings have not been written since: same values and same time."""
        old, new = getattr(self.state, found.key, None), getattr(state, found.key)
        return old is not None and found.same(old, new) and _moments(old) == _moments(new)

    def before(self, command: Cmdlet, server: str) -> Self:
        """Return what is known as soon as a command may be sent."""
        keys = _written_by(command, server) if command.changes else frozenset()
        return attrs.evolve(self, pending=self.pending | readers(keys)) if keys else self

    def without(self) -> Self:
        """Return what is known after a refused write: it may have changed something all the same."""
        return attrs.evolve(self, up_to_date=frozenset())

    def after(self, command: Cmdlet) -> Self:
        """Return what is known after a command. A start is no proof that the service had been stopped before."""
        if not isinstance(command, StopService | RestartService) or not _is_plain(command):
            return self
        patterns = [name.lower() for name in command.name or ()]
        ended = {name for name in self.pending if any(fnmatchcase(name, pattern) for pattern in patterns)}
        return attrs.evolve(self, pending=self.pending - ended)


def _moments(settings: object) -> tuple[object, ...]:
    return getattr(settings, "when_changed", None), getattr(settings, "when_changed_utc", None)


def _written_by(command: Cmdlet, server: str) -> frozenset[str]:
    """Return the parts of this server that services read and that a command may write."""
    found = resource_of(command)
    if found is None or getattr(command, "what_if", None) is True:
        return frozenset()
    keys = {found.key, *found.beside(command)}
    written = frozenset(key for key in keys if resource(key).read_by)
    try:
        return written if written and found.name_of(command, server) else frozenset()
    except InvalidValueError:
        return frozenset()  # of another server


def _is_plain(command: Cmdlet) -> bool:
    """Say whether no parameter can exclude a service or leave it running."""
    stated = {field for field in parameters(type(command)) if getattr(command, field)}
    return stated <= _PLAIN
