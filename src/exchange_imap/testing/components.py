"""The components of one fake server: who has asked for which state, in the directory and in the registry.

Source: a capture of Get-ServerComponentState of a 2016 server (CSS-Exchange), and Microsoft's page of
Set-ServerComponentState. While a server is offline, Monitoring and RecoveryActionsEnabled stay as they are: Microsoft's
procedure for maintenance shows them active.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import attrs

from .._cmdlets.components import SERVER_WIDE_OFFLINE, ComponentRequest, ComponentState
from .._errors import InvalidValueError
from .._values import ComponentRequester, ComponentStatus
from .directory import INSTALLED
from .new_server import NewServer
from .refusals import clock_text

__all__ = ["Components"]

_APART: Final = {"Monitoring", "RecoveryActionsEnabled"}
_NAMES: Final = (
    *(SERVER_WIDE_OFFLINE, "HubTransport", "FrontendTransport", "Monitoring", "RecoveryActionsEnabled"),
    *("AutoDiscoverProxy", "ActiveSyncProxy", "EcpProxy", "EwsProxy", "ImapProxy", "OabProxy", "OwaProxy", "PopProxy"),
    *("PushNotificationsProxy", "RpsProxy", "RwsProxy", "RpcProxy", "UMCallRouter", "XropProxy"),
    *("HttpProxyAvailabilityGroup", "ForwardSyncDaemon", "ProvisioningRps", "MapiProxy", "EdgeTransport"),
    *("HighAvailability", "SharedCache", "MailboxDeliveryProxy", "RoutingUpdates", "RestProxy", "DefaultProxy"),
    *("Lsass", "RoutingService", "E4EProxy", "CafeLAMv2", "LogExportProvider"),
)
_INACTIVE: Final = {"ForwardSyncDaemon", "ProvisioningRps"}
"""What is inactive although nobody has asked for it."""
_REQUESTED: Final = {SERVER_WIDE_OFFLINE, "Monitoring", "RecoveryActionsEnabled"}
"""What setup itself has asked to be active."""
_Store = dict[str, ComponentRequest]


@attrs.frozen(eq=False)
class _Component:
    """The requests for one component, by requester."""

    remote: _Store = attrs.field(factory=dict)
    local: _Store = attrs.field(factory=dict)


class Components:
    """The components of a server, by name in any case."""

    def __init__(self, server: NewServer) -> None:
        self._server = server
        names = [name for name in _NAMES if server.version == "2016" or name != "UMCallRouter"]
        self._found = {name: _Component() for name in names}
        self._names = {name.lower(): name for name in names}
        for name in _REQUESTED:
            self.set(name, ComponentStatus.Active, ComponentRequester.Functional, INSTALLED)

    def has(self, name: str) -> bool:
        """Say whether there is a component of that name."""
        return name.lower() in self._names

    def set(  # noqa: PLR0913 - what Set-ServerComponentState takes
        self,
        name: str,
        state: ComponentStatus,
        requester: ComponentRequester,
        when: datetime,
        *,
        local: bool = True,
        remote: bool = True,
    ) -> bool:
        """Write a request; say whether the requester had asked for another state before. No other's request changes."""
        component = self._found[self._name(name)]
        request = ComponentRequest(str(requester), state, clock_text(when))
        stores = [store for store, wanted in ((component.remote, remote), (component.local, local)) if wanted]
        new = any(store[request.requester].state is not state for store in stores if request.requester in store)
        new = new or any(request.requester not in store for store in stores)
        for store in stores:
            store[request.requester] = request
        return new

    def state(self, name: str) -> ComponentState:
        """Return a component as Get-ServerComponentState answers it."""
        found = self._name(name)
        component = self._found[found]
        offline = self._status(SERVER_WIDE_OFFLINE) is ComponentStatus.Inactive
        down = offline and found not in _APART
        return ComponentState(
            server_fqdn=self._server.fqdn,
            component=found,
            state=ComponentStatus.Inactive if down else self._status(found),
            server_wide_offline_is_offline=offline,
            remote_states=tuple(component.remote.values()),
            local_states=tuple(component.local.values()),
            identity=self._server.name,
            is_valid=True,
            object_state="New",
        )

    def _status(self, name: str) -> ComponentStatus:
        """Return the state that the requests for a component make: one that is inactive is enough."""
        component = self._found[name]
        wanted = {request.state for store in (component.remote, component.local) for request in store.values()}
        for state in (ComponentStatus.Inactive, ComponentStatus.Draining):
            if state in wanted:
                return state
        return ComponentStatus.Inactive if name in _INACTIVE and not wanted else ComponentStatus.Active

    def _name(self, name: str) -> str:
        if not self.has(name):
            raise InvalidValueError("component", f"one of {', '.join(self._found)}", name)
        return self._names[name.lower()]

    def __iter__(self) -> Iterator[ComponentState]:
        return map(self.state, self._found)
