"""The two endpoints of a server: which command goes to which, in what time, and what is logged of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import attrs

from .._model.cmdlet import Cmdlet
from .._model.specs import Endpoint
from .._powershell.command import CommandLike, Pipeline
from .._transports.errors import EndpointError
from .._transports.timed import run_reads_within, run_within
from .._transports.transport import BatchTransport, Reply, Transport, takes_batches
from .at_once import together
from .command_log import logged
from .limits import Limits
from .sending import accepted, run_batch

__all__ = ["Endpoints"]

T = TypeVar("T", bound=Reply | list[Reply])


@attrs.frozen
class Endpoints:
    """A server's name, the transports to it, and the limits of what is being done."""

    name: str
    exchange: Transport | None
    windows: Transport | None
    limits: Limits

    def send(self, command: Cmdlet) -> Reply:
        """Run a command. Raises :class:`CommandError` when the server refuses."""
        transport, timeout = self._transport(command.endpoint, command), self.limits.timeout(reads=not command.changes)
        run = partial(run_within, transport, Pipeline((command,)), timeout)
        return self._logged(command.endpoint, (command,), lambda: accepted(str(command), run()))

    def read(self, commands: Sequence[Cmdlet]) -> list[Reply]:
        """Return the answers to commands that only read, all at one endpoint.

        Raises :class:`CommandError` when the server refuses one.
        """
        endpoint = commands[0].endpoint
        run = self._reading(endpoint, commands)
        return self._logged(endpoint, commands, lambda: list(map(accepted, map(str, commands), run())))

    def ask(self, endpoint: Endpoint, commands: Sequence[CommandLike]) -> list[Reply]:
        """Return the answers of an endpoint to commands that only read; what the server refuses is in them."""
        run = self._reading(endpoint, commands)
        return self._logged(endpoint, commands, lambda: list(run()))

    def _reading(self, endpoint: Endpoint, commands: Sequence[CommandLike]) -> Callable[[], tuple[Reply, ...]]:
        transport, timeout = self._transport(endpoint, commands[0]), self.limits.timeout(reads=True)
        return partial(run_reads_within, transport, [Pipeline((command,)) for command in commands], timeout)

    def send_together(self, batches: BatchTransport, commands: Sequence[Cmdlet], reads: Sequence[Cmdlet] = ()) -> Reply:
        """Run commands for the services in one request over :attr:`batches`, with reads behind them."""
        run = partial(run_batch, batches, commands, reads, self.limits.timeout(reads=False))
        return self._logged(Endpoint.WINDOWS, (*commands, *reads), run)

    def _logged(self, endpoint: Endpoint, commands: Sequence[CommandLike], run: Callable[[], T]) -> T:
        return logged(f"{self.name} {endpoint.value}", commands, run, self.limits.clock.monotonic)

    def transport(self, endpoint: Endpoint) -> Transport | None:
        """Return the transport to an endpoint, if there is one."""
        return self.exchange if endpoint is Endpoint.EXCHANGE else self.windows

    def _transport(self, endpoint: Endpoint, command: CommandLike) -> Transport:
        found = self.transport(endpoint)
        if found is None:
            keyword = endpoint.name.lower()
            reason = f"{command.to_command().name} needs the {endpoint.value} endpoint of {self.name}"
            raise EndpointError(reason, str(command), sent=False, hint=f"Give ImapServer a transport as {keyword}=.")
        return found

    @property
    def batches(self) -> BatchTransport | None:
        """The transport for the services, if it takes several commands in one request."""
        return self.windows if self.windows is not None and takes_batches(self.windows) else None

    @property
    def accounts(self) -> dict[str, str]:
        """The users of the transports by endpoint, as far as they have one."""
        both = {Endpoint.EXCHANGE: self.exchange, Endpoint.WINDOWS: self.windows}
        found = {endpoint.value: getattr(transport, "username", None) for endpoint, transport in both.items()}
        return {endpoint: user for endpoint, user in found.items() if isinstance(user, str)}

    @property
    def remote(self) -> bool:
        """Whether the endpoints are two sessions over a network, where waiting for both at once saves time."""
        return self.exchange is not self.windows and all(
            isinstance(transport, BatchTransport) for transport in (self.exchange, self.windows)
        )

    def close(self) -> None:
        """Close both transports, the second one even if closing the first fails."""
        if self.remote:
            together(partial(_close, self.exchange), partial(_close, self.windows))
            return
        try:
            _close(self.exchange)
        finally:
            if self.windows is not self.exchange:
                _close(self.windows)


def _close(transport: Transport | None) -> None:
    if transport is not None:
        transport.close()
