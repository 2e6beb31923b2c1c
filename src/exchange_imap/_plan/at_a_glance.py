"""The repr of a server's state, whether it was read for a plan or as a status: what can be read at a glance."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

from .._cmdlets.imap_settings import ImapSettings, SetImapSettings
from .._cmdlets.services import ServiceState
from .._model.at_a_glance import not_as_installed
from .._shown import LONGEST_SHORT, counted, legible, short

__all__ = ["state_in_short"]


class _State(Protocol):
    """A state that was read for a plan, or a status, of which parts may be missing."""

    @property
    def settings(self) -> ImapSettings | None: ...
    @property
    def services(self) -> tuple[ServiceState, ...] | None: ...
    @property
    def pending(self) -> frozenset[str]: ...


def state_in_short(server: str, state: _State, others: Mapping[str, Collection[object] | None]) -> Iterator[str]:
    """Yield the server, what differs from a new one, what its services do, and how many other objects there are."""
    yield f"server={short(server)}"
    if state.settings is not None:
        yield f"{counted(len(not_as_installed(state.settings, SetImapSettings)), 'setting')} not default"
    yield from (legible(f"{service.name} {service.status}", LONGEST_SHORT) for service in state.services or ())
    yield from (f"{part}={len(objects)}" for part, objects in others.items() if objects)
    if state.pending:
        yield f"pending={short(tuple(sorted(state.pending)))}"
