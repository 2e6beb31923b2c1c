"""Get-ServerComponentState and Set-ServerComponentState as the server carries them out."""

from __future__ import annotations

from ..._cmdlets.components import GetServerComponentState, SetServerComponentState
from ..execution import Execution
from ..fake_server import FakeServer
from ..handlers import carries_out
from ..wire import object_record

__all__: list[str] = []


@carries_out(GetServerComponentState)
def _get(cmdlet: GetServerComponentState, run: Execution) -> None:
    """Return one component, or all."""
    server = run.find_server(cmdlet.identity, GetServerComponentState)
    if isinstance(cmdlet.component, str):
        _require(cmdlet.component, server, cmdlet, run)
        found = [server.components.state(cmdlet.component)]
    else:
        found = list(server.components)
    run.records += map(object_record, found)


@carries_out(SetServerComponentState)
def _set(cmdlet: SetServerComponentState, run: Execution) -> None:
    """Write the request of one requester, in the directory and in the registry unless one is excluded."""
    server = run.find_server(cmdlet.identity, SetServerComponentState)
    _require(cmdlet.component, server, cmdlet, run)
    local, remote = cmdlet.remote_only is not True, cmdlet.local_only is not True
    if not (local or remote):
        message = "The LocalOnly and RemoteOnly switches can't be used together."
        raise run.failure("ArgumentException", message, SetServerComponentState)
    if run.may_change(cmdlet, cmdlet.component):
        run.effect = server.components.set(
            cmdlet.component, cmdlet.state, cmdlet.requester, run.now, local=local, remote=remote
        )


def _require(
    name: str, server: FakeServer, cmdlet: GetServerComponentState | SetServerComponentState, run: Execution
) -> None:
    if not server.components.has(name):
        message = f"The component '{name}' isn't a component of server {server.name}."
        raise run.failure("ArgumentException", message, type(cmdlet))
