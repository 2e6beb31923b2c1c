"""A transport that tries again where that cannot do a thing twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from types import TracebackType
from typing import Final, Self

import attrs
import tenacity

from .._entry import entry
from .._errors import InvalidValueError
from .._powershell.command import Pipeline
from .errors import AuthenticationError, EndpointError, ThrottledError, TransportError
from .transport import RUN_HINT, Reply, Transport, only_reads, takes_batches

__all__ = ["RetryingTransport"]

# Asking again changes nothing about these: the caller has to.
_LASTING: Final = (AuthenticationError, EndpointError)


def _positive(_: RetryingTransport, attribute: attrs.Attribute[int], value: int) -> None:
    if type(value) is not int or value < 1:
        raise InvalidValueError(attribute.name, "a whole number, 1 or more", value)


def _not_negative(_: RetryingTransport, attribute: attrs.Attribute[timedelta], value: object) -> None:
    if not isinstance(value, timedelta) or value < timedelta():
        raise InvalidValueError(attribute.name, "a datetime.timedelta, zero or more", value)


@entry(pipeline=RUN_HINT)
@attrs.define(eq=False)
class RetryingTransport:
    """A transport around another, for connections that fail now and then.

    What it repeats: a command that certainly never ran (``TransportError.sent`` is ``False``), and one that only reads,
    whatever became of it. A write that may have run is never repeated here: the server has to be read again first, as
    :meth:`ImapServer.apply` does. A login that was refused and a wrong address are not tried again.

    ``attempts`` counts the first one too. The pause before the second is ``pause``, and doubles with each; where the
    server names a time to wait that is waited, unless it is longer than ``longest_wait``.

    >>> from exchange_imap.testing import FakeExchange, Fault
    >>> fake = FakeExchange(servers=["MBX01"])
    >>> fake.fail(Fault())
    >>> transport = RetryingTransport(fake.transport(), pause=timedelta())
    >>> len(transport.run(Pipeline((GetImapSettings(),))).records), len(fake.log)
    (1, 2)
    """

    transport: Transport
    attempts: int = attrs.field(default=3, kw_only=True, validator=_positive)
    pause: timedelta = attrs.field(default=timedelta(seconds=0.5), kw_only=True, validator=_not_negative)
    longest_wait: timedelta = attrs.field(default=timedelta(minutes=1), kw_only=True, validator=_not_negative)
    sleep: Callable[[float], None] = attrs.field(default=tenacity.nap.sleep, kw_only=True, repr=False)

    def run(self, pipeline: Pipeline) -> Reply:
        """Run the pipeline, again where it may be. Raises the last attempt's error."""
        return self._again(partial(self.transport.run, pipeline), reads=only_reads(pipeline))

    @property
    def runs_batches(self) -> bool:
        """Whether the transport within takes several pipelines at once."""
        return takes_batches(self.transport)

    def run_batch(self, pipelines: Sequence[Pipeline]) -> Reply:
        """Run several pipelines in order, again where that may be.

        Raises :class:`InvalidValueError` where the transport within takes no batches.
        """
        if not takes_batches(self.transport):
            raise InvalidValueError("run_batch", "a transport that takes several pipelines", self.transport)
        return self._again(partial(self.transport.run_batch, pipelines), reads=all(map(only_reads, pipelines)))

    def _again(self, call: Callable[[], Reply], *, reads: bool) -> Reply:
        policy = tenacity.Retrying(
            retry=tenacity.retry_if_exception(partial(self._may_repeat, reads=reads)),
            stop=tenacity.stop_after_attempt(self.attempts),
            wait=self._wait,
            sleep=self.sleep,
            reraise=True,
        )
        return policy(call)

    def _may_repeat(self, error: BaseException, *, reads: bool) -> bool:
        if not isinstance(error, TransportError) or isinstance(error, _LASTING):
            return False
        if isinstance(error, ThrottledError) and error.wait is not None and error.wait > self.longest_wait:
            return False
        return reads or error.sent is False

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        told = error.wait if isinstance(error, ThrottledError) else None
        return (told or self.pause * 2 ** (state.attempt_number - 1)).total_seconds()

    def close(self) -> None:
        """Close the transport within."""
        self.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
