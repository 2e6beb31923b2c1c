"""A session with a fake Exchange."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Self

import attrs

from .._entry import entry
from .._powershell.command import Pipeline
from .._transports.errors import TransportError
from .._transports.reads import require_reads
from .._transports.transport import RUN_HINT, Reply

__all__ = ["FakeTransport"]


@entry(pipeline=RUN_HINT)
@attrs.define(eq=False, repr=False)
class FakeTransport:
    """A :class:`Transport` to a :class:`FakeExchange`; :meth:`FakeExchange.transport` makes it.

    >>> from exchange_imap.testing import FakeExchange
    >>> with FakeExchange(servers=["MBX01"]).transport() as transport:
    ...     reply = transport.run(Pipeline((GetImapSettings(),)))
    >>> reply.records[0].get("ProtocolName")
    'IMAP4'
    """

    _answer: Callable[[Pipeline], Reply]
    closed: bool = attrs.field(default=False, init=False)

    def run(self, pipeline: Pipeline) -> Reply:
        """Run one pipeline and return its answer, including refusals.

        Raises :class:`TransportError` after the session was closed, and the error of a :class:`Fault`.
        """
        if self.closed:
            raise TransportError("The session is closed", str(pipeline), sent=False)
        return self._answer(pipeline)

    def run_reads(self, pipelines: Sequence[Pipeline]) -> tuple[Reply, ...]:
        """Run pipelines that only read, one after another, and return a reply for each."""
        require_reads(pipelines)
        return tuple(map(self.run, pipelines))

    def close(self) -> None:
        """Close the session."""
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<FakeTransport {'closed' if self.closed else 'open'}>"
