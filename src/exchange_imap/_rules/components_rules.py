"""Rules about components: clients are turned away while one is not active, whoever wants it so."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from .._cmdlets.components import SERVER_WIDE_OFFLINE, ComponentState, SetServerComponentState, not_active
from .._cmdlets.services import IMAP4_SERVICE
from .._finding import Severity
from .._values import ComponentRequester, ComponentStatus, ServiceStatus
from .evidence import evidence_of, written
from .found import Found
from .registry import PlanExample, state_rule
from .situation import Situation

__all__: list[str] = []

_RUNNING: Final = (
    "Set-Service MSExchangeIMAP4 -Status Running",
    "Set-Service MSExchangeIMAP4BE -Status Running",
)
_PROXY: Final = "proxy"
_STATE: Final = "Set-ServerComponentState MBX01 -Component"


@state_rule(
    "component-inactive",
    Severity.ERROR,
    "A component that a requester keeps inactive: the services of its protocol turn clients away.",
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
        if name.casefold().endswith(_PROXY) and _is_inactive(component):
            yield from _found(situation, name, component, f"{name} is not active")


@state_rule(
    "server-wide-offline",
    Severity.ERROR,
    "A server that is offline as a whole (ServerWideOffline): the services of every mail protocol turn clients away.",
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
    suffering = _suffering(situation, name, keepers)
    if suffering:
        because = f" because of {' and '.join(keepers)}" if keepers else ""
        right = f"Ask for Active in the name of {' and '.join(keepers) or 'who made it inactive'}, or stop the services"
        evidence = (*evidence_of(component, "component", "state"), ("Requester", written(list(keepers))))
        yield Found(f"{what}{because}: {suffering}", right, name, evidence, _active(component, keepers))


def _active(component: ComponentState, keepers: list[str]) -> tuple[SetServerComponentState, ...]:
    """Return what makes it active: each requester takes its own request back, if all of them can be named."""
    requesters = {each.name.casefold(): each for each in ComponentRequester}
    named = [requesters[each.casefold()] for each in keepers if each.casefold() in requesters]
    ask = partial(
        SetServerComponentState,
        identity=component.server_fqdn,
        component=component.component,
        state=ComponentStatus.Active,
    )
    return tuple(ask(requester=each) for each in named) if len(named) == len(keepers) else ()


def _is_inactive(component: ComponentState) -> bool:
    """Say whether it is inactive by itself, and not only with the whole server."""
    alone = component.state is not ComponentStatus.Active and not component.server_wide_offline_is_offline
    return alone or bool(_keepers(component))


def _keepers(component: ComponentState) -> list[str]:
    """Return who wants a component inactive, in the directory or in the registry."""
    return sorted(not_active(component))


def _suffering(situation: Situation, name: str, keepers: list[str]) -> str:
    """Say what becomes of the services that wait for a component; an empty text if that is not to be said.

    A plan is told if it has to do with running services or with the component, unless it makes that inactive itself,
    which it does on purpose. In a review the component comes first: it may be why the services have stopped.
    """
    # ImapProxy belongs to the services MSExchangeImap4 and MSExchangeIMAP4BE, ServerWideOffline to all.
    protocol = name.casefold().removesuffix(_PROXY) if name.casefold().endswith(_PROXY) else ""
    services = [each for each in situation.services if each.name.casefold().startswith(f"msexchange{protocol}")]
    running = [each for each in services if each.status is ServiceStatus.Running]
    on_purpose = bool(keepers) and all(situation.changes("components", name, each) for each in keepers)
    touched = situation.checks("components", name, "state") or any(situation.starts(each.name) for each in running)
    if running:
        return f"{running[0].name} turns clients away" if touched and not on_purpose else ""
    reviewed = situation.changed is None and protocol in {"imap", ""}
    return f"{IMAP4_SERVICE} stops as soon as a client connects" if reviewed else ""
