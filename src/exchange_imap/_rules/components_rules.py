"""Rules about components: clients are turned away while one is not active, whoever wants it so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._cmdlets.components import SERVER_WIDE_OFFLINE, ComponentState, not_active
from .._cmdlets.services import ServiceState
from .._finding import Severity
from .._values import ComponentStatus, ServiceStatus
from .evidence import evidence_of, written
from .found import Found
from .registry import PlanExample, state_rule
from .situation import Situation

__all__: list[str] = []

_RUNNING: Final = (
    "Set-Service MSExchangeIMAP4 -Status Running",
    "Set-Service MSExchangeIMAP4BE -Status Running",
)
_STATE: Final = "Set-ServerComponentState MBX01 -Component"


@state_rule(
    "component-inactive",
    Severity.ERROR,
    "A component that another requester keeps inactive, although the services of its protocol shall run.",
    PlanExample(
        before=(f"{_STATE} ImapProxy -State Inactive -Requester Maintenance",),
        desired=(*_RUNNING, f"{_STATE} ImapProxy -State Active -Requester Functional"),
        instead=(*_RUNNING, f"{_STATE} ImapProxy -State Active -Requester Maintenance"),
    ),
    source="Microsoft Learn: Set-ServerComponentState (-Requester)",
)
def component_inactive(situation: Situation) -> Iterator[Found[str]]:
    """Yield each component that stays inactive while its services run, and by whom.

    The services stop as soon as a client connects.
    """
    for name, component in situation.objects("components").items():
        if name.casefold() != SERVER_WIDE_OFFLINE.casefold() and _is_inactive(component):
            yield from _found(situation, name, component, f"{name} is not active")


@state_rule(
    "server-wide-offline",
    Severity.ERROR,
    "A server that is offline as a whole (ServerWideOffline), although services of mail protocols shall run.",
    PlanExample(
        before=(f"{_STATE} ServerWideOffline -State Inactive -Requester Maintenance",),
        desired=(*_RUNNING, f"{_STATE} ImapProxy -State Active -Requester Maintenance"),
        instead=(*_RUNNING, f"{_STATE} ServerWideOffline -State Active -Requester Maintenance"),
    ),
    source="Microsoft Learn: Set-ServerComponentState (-Component)",
)
def server_wide_offline(situation: Situation) -> Iterator[Found[str]]:
    """Yield the server's own component if it is inactive, or else the first component that says so."""
    components = situation.objects("components")
    own = [(name, each) for name, each in components.items() if name.casefold() == SERVER_WIDE_OFFLINE.casefold()]
    says_so = [(name, each) for name, each in components.items() if each.server_wide_offline_is_offline]
    for name, component in own or says_so[:1]:
        if not own or _is_inactive(component):
            yield from _found(situation, name, component, "the server is offline as a whole")


def _found(situation: Situation, name: str, component: ComponentState, what: str) -> Iterator[Found[str]]:
    keepers = _keepers(component)
    for service in _served(situation, name, keepers)[:1]:
        because = f" because of {' and '.join(keepers)}" if keepers else ""
        reason = f"{what}{because}: {service.name} turns clients away"
        right = f"Ask for Active in the name of {' and '.join(keepers) or 'who made it inactive'}, or stop the services"
        evidence = (*evidence_of(component, "component", "state"), ("Requester", written(list(keepers))))
        yield Found(reason, right, name, evidence)


def _is_inactive(component: ComponentState) -> bool:
    """Say whether it is inactive by itself, and not only with the whole server."""
    alone = component.state is not ComponentStatus.Active and not component.server_wide_offline_is_offline
    return alone or bool(_keepers(component))


def _keepers(component: ComponentState) -> list[str]:
    """Return who wants a component inactive, in the directory or in the registry."""
    return sorted(not_active(component))


def _served(situation: Situation, name: str, keepers: list[str]) -> list[ServiceState]:
    """Return the running services that wait for a component, if the plan has to do with them or with the component.

    A plan that makes the component inactive itself does so on purpose.
    """
    # A component called ImapProxy belongs to the services called MSExchangeImap4 and MSExchangeIMAP4BE.
    protocol = name.casefold().removesuffix("proxy") if name.casefold().endswith("proxy") else ""
    found = [
        service
        for service in situation.parts["services"]
        if service.name.casefold().startswith(f"msexchange{protocol}") and service.status is ServiceStatus.Running
    ]
    on_purpose = bool(keepers) and all(situation.changes("components", name, each) for each in keepers)
    touched = situation.checks("components", name, "state") or any(situation.starts(each.name) for each in found)
    return found if touched and not on_purpose else []
