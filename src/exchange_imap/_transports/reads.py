"""Ask for several things in one request, and say with certainty which part of the answer is whose.

The records of several statements come one after another, in the order of the statements and without a mark (asked of
PowerShell itself). So the reads that go together are put in an order in which the answers of neighbours differ in type.
The answer is divided only if it has one run of records of each read's types, in that order: a read that answered
nothing would leave fewer runs. Errors and warnings have no mark either, and some end the statements behind them.
Whenever the answer is not exactly so, each read is asked for by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Protocol, runtime_checkable

import attrs

from .._errors import InvalidValueError
from .._powershell.command import Pipeline
from .._powershell.record import Record, class_name
from .transport import Reply, Transport, joined, only_reads

__all__ = ["Reads", "require_reads", "run_reads"]

_Kind = frozenset[str]
"""The names of the classes whose objects a read answers."""


@runtime_checkable
class _ReadsTransport(Protocol):
    """A transport that has a way of its own to run several reads."""

    def run_reads(self, pipelines: Sequence[Pipeline]) -> tuple[Reply, ...]:
        """Return a reply for each."""
        ...


def run_reads(transport: Transport, pipelines: Sequence[Pipeline]) -> tuple[Reply, ...]:
    """Run pipelines that only read, in as few requests as the transport can, and return a reply for each.

    Raises :class:`InvalidValueError` for one that may write.
    """
    require_reads(pipelines)
    if isinstance(transport, _ReadsTransport):
        return transport.run_reads(pipelines)
    return tuple(map(transport.run, pipelines))


def require_reads(pipelines: Sequence[Pipeline]) -> None:
    """Refuse a pipeline that may write. Raises :class:`InvalidValueError`."""
    for pipeline in pipelines:
        if not only_reads(pipeline):
            raise InvalidValueError("run_reads", "commands that only read (Get-)", str(pipeline))


@attrs.define(eq=False)
class Reads:
    """Runs several reads at one endpoint, and remembers whether the endpoint takes them together."""

    refused: bool = attrs.field(default=False, init=False)
    """Whether the endpoint is known not to take them together."""
    _lost: bool = attrs.field(default=False, init=False)
    """Whether the answer to reads that went together was lost before."""

    def carry_out(
        self,
        pipelines: Sequence[Pipeline],
        run: Callable[[Pipeline], Reply],
        run_together: Callable[[Sequence[Pipeline]], Reply | None],
    ) -> tuple[Reply, ...]:
        """Return a reply for each pipeline; the time of each is that of its request.

        ``run`` sends one. ``run_together`` sends several as statements of one request, and returns ``None`` if they
        were sent and no answer came.
        """
        require_reads(pipelines)
        kinds = list(map(_kind, pipelines))
        order = [] if self.refused else _order(kinds)
        if len(order) < 2:  # noqa: PLR2004 - one read has nothing to go together with
            return tuple(map(run, pipelines))
        expected = [kinds[place] for place in order]
        reply = run_together([pipelines[place] for place in order])
        parts = None if reply is None else _divide(reply, expected)
        found = dict(zip(order, parts, strict=True)) if parts else {}
        replies = tuple(found.get(place) or run(pipeline) for place, pipeline in enumerate(pipelines))
        if not parts and _divide(joined([replies[place] for place in order]), expected):
            self._note_useless(lost=reply is None)
        return replies

    def _note_useless(self, *, lost: bool) -> None:
        """Note that reads were of no use together, though each by itself had the answer that was expected.

        Any answer may get lost once.
        """
        self.refused = self._lost or not lost
        self._lost = True


def _kind(pipeline: Pipeline) -> _Kind:
    """Return the classes that a pipeline of one cmdlet answers; none if that is not known, as of a plain command."""
    types: tuple[str, ...] = getattr(pipeline.elements[0], "answers", ()) if len(pipeline.elements) == 1 else ()
    return frozenset(map(class_name, types))


def _order(kinds: Sequence[_Kind]) -> list[int]:
    """Return the places of the reads that go together, so that neighbours are of different kinds."""
    left: dict[_Kind, list[int]] = {}
    for place, kind in enumerate(kinds):
        if kind:
            left.setdefault(kind, []).append(place)
    order: list[int] = []
    while others := [kind for kind, places in left.items() if places and not (order and kind == kinds[order[-1]])]:
        order.append(left[max(others, key=lambda kind: len(left[kind]))].pop(0))
    return order


def _divide(reply: Reply, kinds: Sequence[_Kind]) -> tuple[Reply, ...] | None:
    """Return the part of each read, or ``None`` if that is not certain.

    It is certain where there are as many runs of records of one kind as there are reads, of the kinds of the reads, in
    their order: each read has at most one run, because neighbours are of different kinds, and so each has exactly one.
    """
    if reply.errors or reply.warnings:
        return None
    known = set(kinds)
    runs = [(kind, tuple(records)) for kind, records in groupby(reply.records, lambda record: _matching(record, known))]
    if [kind for kind, _ in runs] != list(kinds):
        return None
    return tuple(attrs.evolve(reply, records=records) for _, records in runs)


def _matching(record: Record, kinds: set[_Kind]) -> _Kind | None:
    """Return the one kind that a record is of."""
    names = set(map(class_name, record.type_names))
    found = [kind for kind in kinds if kind & names]
    return found[0] if len(found) == 1 else None
