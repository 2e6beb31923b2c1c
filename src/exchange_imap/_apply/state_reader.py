"""Read the state of a server over both its endpoints, also together with commands for its services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import attrs

from .._model.cmdlet import Cmdlet
from .._model.specs import Endpoint
from .._plan.resource import resource
from .._plan.scope import Scope
from .._plan.state import ServerState
from .._transports.transport import BatchTransport, Reply
from .at_once import beside, together
from .batches import Batches, Read
from .endpoints import Endpoints
from .sending import read_behind

__all__ = ["StateReader"]


@attrs.frozen
class StateReader:
    """Reads parts of a state: ``run`` runs one command, and ``seen`` makes a state of its parts."""

    endpoints: Endpoints
    run: Callable[[Cmdlet], Reply]
    seen: Callable[[Mapping[str, Any]], ServerState]  # Any: each part has its own type

    def part(self, key: str, names: Sequence[str]) -> Any:  # Any: as above
        """Read one part of the state."""
        return self.parts({key: names})[key]

    def parts(self, scope: Mapping[str, Sequence[str]]) -> dict[str, Any]:  # Any: as above
        """Read parts of one endpoint, in as few requests as it takes."""
        server = self.endpoints.name
        reads = {key: resource(key).reads(server, names) for key, names in scope.items()}
        answers = iter(self._answers([command for commands in reads.values() for command in commands]))
        return {
            key: resource(key).part(server, names, [next(answers).records for _ in reads[key]])
            for key, names in scope.items()
        }

    def _answers(self, commands: Sequence[Cmdlet]) -> list[Reply]:
        """Return the answers to commands that only read, all at one endpoint."""
        return [self.run(commands[0])] if len(commands) == 1 else self.endpoints.read(commands)

    def state(self, scope: Scope) -> ServerState:
        """Read these objects, at both endpoints at once if that saves time."""
        services = {key: names for key, names in scope.items() if resource(key).states.endpoint is Endpoint.WINDOWS}
        others = {key: names for key, names in scope.items() if key not in services}
        if self.endpoints.remote:
            one, other = together(partial(self.parts, others), partial(self.parts, services))
        else:
            one, other = self.parts(others), self.parts(services)
        return self.seen({**one, **other})

    def batches(self, scope: Scope) -> Batches | None:
        """Return how several commands for the services go in one request, if the transport takes that."""
        windows = self.endpoints.batches
        if windows is None:
            return None
        return Batches(partial(self._send_together, windows), partial(self._run_and_read, windows, scope))

    def _send_together(self, windows: BatchTransport, commands: Sequence[Cmdlet]) -> Reply:
        return self.endpoints.send_together(windows, commands)

    def _run_and_read(self, windows: BatchTransport, scope: Scope, commands: Sequence[Cmdlet]) -> tuple[Reply, Read]:
        """Run commands for the services and read the server with them, which saves requests.

        Get-Service goes along behind the last command. The commands do not change the rest of the state, so that is
        read at the same time over the other connection, if there is one.
        """
        names = scope["services"]
        others = partial(self.parts, {key: each for key, each in scope.items() if key != "services"})
        send = partial(self.endpoints.send_together, windows, commands, (read_behind(names),))
        if not self.endpoints.remote:
            return (reply := send()), partial(self._state_behind, others, names, reply)
        reply, read = beside(send, others)
        return reply, partial(self._state_behind, read.result, names, reply)

    def _state_behind(
        self, others: Callable[[], dict[str, Any]], names: Sequence[str], reply: Reply
    ) -> ServerState:  # Any: as above
        """Return the state that was read with commands; ask again for the services if the answer has not all."""
        found = others()
        complete = len(reply.records) == len(names)
        services = resource("services")
        read = services.part(self.endpoints.name, names, [reply.records]) if complete else self.part("services", names)
        return self.seen({**found, "services": read})
