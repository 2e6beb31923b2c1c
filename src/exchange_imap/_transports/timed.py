"""Limit how long one call of a transport may take, where the transport can do that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol, runtime_checkable

from .._powershell.command import Pipeline
from .reads import run_reads
from .transport import BatchTransport, Reply, Transport

__all__ = ["run_batch_within", "run_reads_within", "run_within"]


@runtime_checkable
class _TimedTransport(Protocol):
    """A transport whose ``run`` and ``run_batch``, if it has that, take a ``timeout``."""

    @property
    def time_limit(self) -> timedelta | None:
        """How long a call may take unless stated; ``None`` if it has no end."""
        ...

    def run(self, pipeline: Pipeline, *, timeout: timedelta | None = None) -> Reply:
        """Run one pipeline."""
        ...

    def run_batch(self, pipelines: Sequence[Pipeline], *, timeout: timedelta | None = None) -> Reply:
        """Run several pipelines."""
        ...


@runtime_checkable
class _TimedReads(_TimedTransport, Protocol):
    """One that also has a way of its own to run several reads."""

    def run_reads(self, pipelines: Sequence[Pipeline], *, timeout: timedelta | None = None) -> tuple[Reply, ...]:
        """Return a reply for each."""
        ...


def run_within(transport: Transport, pipeline: Pipeline, timeout: timedelta | None) -> Reply:
    """Run a pipeline, no longer than this and than the transport's own limit."""
    if timeout is None or not isinstance(transport, _TimedTransport):
        return transport.run(pipeline)
    return transport.run(pipeline, timeout=_sooner(transport, timeout))


def run_batch_within(transport: BatchTransport, pipelines: Sequence[Pipeline], timeout: timedelta | None) -> Reply:
    """Run several pipelines in one request, with the same limits."""
    if timeout is None or not isinstance(transport, _TimedTransport):
        return transport.run_batch(pipelines)
    return transport.run_batch(pipelines, timeout=_sooner(transport, timeout))


def run_reads_within(
    transport: Transport, pipelines: Sequence[Pipeline], timeout: timedelta | None
) -> tuple[Reply, ...]:
    """Run pipelines that only read, with the same limits for each request."""
    if timeout is None or not isinstance(transport, _TimedReads):
        return run_reads(transport, pipelines)
    return transport.run_reads(pipelines, timeout=_sooner(transport, timeout))


def _sooner(transport: _TimedTransport, timeout: timedelta) -> timedelta:
    return timeout if transport.time_limit is None else min(timeout, transport.time_limit)
