"""The facts of a server's state and of a desired one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from .._cmdlets.services import ServiceState
from .._html.facts import Facts, HasFacts, Mark, Row, listed
from .._model.cmdlet import Cmdlet

__all__ = ["facts_of_desired", "facts_of_parts", "facts_of_state", "service_row"]

_OLD = "it has older settings until it restarts"
_UNKNOWN = "whether it has read the stored settings is not known"


def facts_of_state(server: str, parts: Mapping[str, object], pending: frozenset[str], unknown: frozenset[str]) -> Facts:
    """Return the services, and each part that was read as a section."""
    services: Sequence[ServiceState] = [each for each in _objects(parts["services"]) if isinstance(each, ServiceState)]
    rows = tuple(_service(each, pending, unknown) for each in services)
    return Facts(f"ServerState {server}", rows, tuple(facts_of_parts(parts)))


def _service(service: ServiceState, pending: frozenset[str], unknown: frozenset[str]) -> Row:
    name = service.name.lower()
    if name in pending:
        return service_row(service, _OLD, Mark.PENDING)
    return service_row(service, _UNKNOWN if name in unknown else "", Mark.NONE)


def service_row(service: ServiceState, note: str, mark: Mark) -> Row:
    """Say what a service does, and when it starts."""
    return Row(service.name, f"{service.status}, {service.startup_type}", note=note, mark=mark)


def facts_of_parts(parts: Mapping[str, object]) -> Iterator[Facts]:
    """Yield a section for each part that was read: an object, or several."""
    for name, part in parts.items():
        if isinstance(part, HasFacts):
            facts = part._facts()  # noqa: SLF001 - what the protocol is about
            yield attrs.evolve(facts, title=f"{name.replace('_', ' ')}: {facts.title}")
        elif objects := _objects(part):
            yield listed(name, map(_facts, objects), len(objects))


def _objects(part: object) -> Sequence[object]:
    if isinstance(part, Mapping):
        return [*part.values()]
    return part if isinstance(part, tuple) else ()


def _facts(value: object) -> Facts:
    return value._facts() if isinstance(value, HasFacts) else Facts(str(value))  # noqa: SLF001 - as above


def facts_of_desired(stated: Mapping[str, Sequence[Cmdlet]], *, restart: bool) -> Facts:
    """Return the commands that state each part."""
    rows = tuple(Row(part, tuple(map(str, commands)), command=True) for part, commands in stated.items())
    return Facts("DesiredState", (*rows, Row("restart", "yes" if restart else "no")))
