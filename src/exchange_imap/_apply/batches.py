"""How a plan reads the server, and sends several commands at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from .._model.cmdlet import Cmdlet
from .._plan.state import ServerState
from .._transports.transport import Reply

__all__ = ["Batches", "Read"]

Read = Callable[[], ServerState]
"""Reads the server, or returns the state that was read before; raises the error of that read."""


@attrs.frozen
class Batches:
    """How to send several commands for the services in one request.

    ``run`` sends them and returns their answer. ``run_and_read`` also reads the server with them: it returns a second
    value that gives this state, or raises the error of the read. An error of the read never looks like one of theirs.
    """

    run: Callable[[Sequence[Cmdlet]], Reply]
    run_and_read: Callable[[Sequence[Cmdlet]], tuple[Reply, Read]]
