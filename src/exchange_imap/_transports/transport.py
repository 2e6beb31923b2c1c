"""The transport protocol: one verb that runs a pipeline and returns what the server answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol, TypeGuard, runtime_checkable

import attrs

from .._entry import entry
from .._powershell.command import Pipeline
from .._powershell.record import Record
from .._public import public
from .._shown import counted, glance, short
from .._viewed import Viewed
from .errors import ErrorRecord

if TYPE_CHECKING:
    from .._html.facts import Facts

__all__ = ["RUN_HINT", "BatchTransport", "Reply", "Transport", "joined", "only_reads", "takes_batches"]


@entry
@attrs.frozen(kw_only=True, repr=False)
class Reply(Viewed):
    """The answer to one pipeline: objects, errors that did not end it, warnings, and the time it took.

    ``print(reply)`` shows the first objects with their properties; ``records`` has all of them. A reply with ``errors``
    may have ``records`` too: PowerShell goes on after most errors.

    >>> Reply(warnings=("Restart the services.",)).records
    ()
    """

    records: tuple[Record, ...] = ()
    errors: tuple[ErrorRecord, ...] = ()
    warnings: tuple[str, ...] = ()
    elapsed: timedelta = timedelta()

    def _facts(self) -> Facts:
        from .facts_of_reply import facts_of_reply  # noqa: PLC0415 - loaded by who looks

        return facts_of_reply(self.records, self.errors, self.warnings, self.elapsed)

    def __str__(self) -> str:
        from .._html.text import as_text  # noqa: PLC0415 - loaded by who looks

        return as_text(self._facts())

    def __repr__(self) -> str:
        parts = {"object": self.records, "error": self.errors, "warning": self.warnings}
        first = [f"error={short(self.errors[0].message)}"] if self.errors else []
        return glance(self, [*(counted(len(each), noun) for noun, each in parts.items()), *first])


def joined(replies: Iterable[Reply]) -> Reply:
    """Return several answers as one."""
    answers = tuple(replies)
    return Reply(
        records=tuple(record for answer in answers for record in answer.records),
        errors=tuple(error for answer in answers for error in answer.errors),
        warnings=tuple(warning for answer in answers for warning in answer.warnings),
        elapsed=sum((answer.elapsed for answer in answers), timedelta()),
    )


RUN_HINT: Final = "Write Pipeline((cmdlet,)) of typed cmdlets: parse(text) reads one of a line."
"""The hint for a call of ``run`` with anything other than a pipeline."""


@public
class Transport(Protocol):
    """Anything that can run a pipeline on one server.

    ``run`` returns the server's answer. If the server refuses, the refusals are in ``Reply.errors``. It raises
    :class:`~exchange_imap.TransportError` when the command did not reach the server or its answer was lost.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport: Transport = FakeExchange(servers=["MBX01"]).transport()
    >>> len(transport.run(Pipeline((GetImapSettings(),))).records)
    1
    """

    def run(self, pipeline: Pipeline) -> Reply:
        """Run one pipeline, at most once, and return its answer."""
        ...

    def close(self) -> None:
        """Close the session; a later ``run`` is an error."""
        ...


@public
@runtime_checkable
class BatchTransport(Protocol):
    """A transport that can also send several pipelines at once, as statements of one request.

    >>> isinstance(PsrpTransport.windows("mbx01.contoso.com"), BatchTransport)
    True
    """

    @property
    def runs_batches(self) -> bool:
        """Whether several pipelines may be sent at once."""
        ...

    def run(self, pipeline: Pipeline) -> Reply:
        """Run one pipeline."""
        ...

    def run_batch(self, pipelines: Sequence[Pipeline]) -> Reply:
        """Run them in order up to the first that has an error, and return the answers together."""
        ...

    def close(self) -> None:
        """Close the session."""
        ...


def takes_batches(transport: Transport) -> TypeGuard[BatchTransport]:
    """Say whether several pipelines may be sent at once."""
    return isinstance(transport, BatchTransport) and transport.runs_batches


def only_reads(pipeline: Pipeline) -> bool:
    """Say whether every command is a ``Get-``, which by PowerShell's rules for verbs changes nothing."""
    return all(command.name.lower().startswith("get-") for command in pipeline.commands)
