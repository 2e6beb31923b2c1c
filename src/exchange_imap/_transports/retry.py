"""A transport that retries where nothing can be done twice by that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Final, Self, TypeVar

import attrs
import tenacity

from .._entry import entry
from .._errors import InvalidValueError
from .._powershell.command import Pipeline
from .errors import AuthenticationError, EndpointError, ThrottledError, TransportError
from .reads import run_reads
from .transport import RUN_HINT, Reply, Transport, only_reads, takes_batches

__all__ = ["RetryingTransport"]

A = TypeVar("A")

# Another attempt would end in the same way: the caller has to change something.
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

    It repeats a command that certainly never ran (``TransportError.sent`` is ``False``), and any command that only
    reads. It never repeats a write that may have run: the server has to be read again first, as
    :meth:`ImapServer.apply` does. It does not retry a refused login or a wrong address.

    ``attempts`` includes the first one. The pause before the second is ``pause``, and doubles each time. If the server
    names a time to wait, that time is used instead; if it is longer than ``longest_wait``, the error is raised.

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
        """Run the pipeline, and repeat it where that is safe. Raises the error of the last attempt."""
        return self._again(partial(self.transport.run, pipeline), reads=only_reads(pipeline))

    @property
    def runs_batches(self) -> bool:
        """Whether the wrapped transport takes several pipelines at once."""
        return takes_batches(self.transport)

    def run_batch(self, pipelines: Sequence[Pipeline]) -> Reply:
        """Run several pipelines in order, and repeat them where that is safe.

        Raises :class:`InvalidValueError` where the wrapped transport takes no batches.
        """
        if not takes_batches(self.transport):
            raise InvalidValueError("run_batch", "a transport that takes several pipelines", self.transport)
        return self._again(partial(self.transport.run_batch, pipelines), reads=all(map(only_reads, pipelines)))

    def run_reads(self, pipelines: Sequence[Pipeline]) -> tuple[Reply, ...]:
        """Run pipelines that only read, in as few requests as the wrapped transport can; repeat all after an error.

        Raises :class:`InvalidValueError` for a command that may write.
        """
        return self._again(partial(run_reads, self.transport, pipelines), reads=True)

    def _again(self, call: Callable[[], A], *, reads: bool) -> A:
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
        named = error.wait if isinstance(error, ThrottledError) else None
        return (named or self.pause * 2 ** (state.attempt_number - 1)).total_seconds()

    def close(self) -> None:
        """Close the wrapped transport."""
        self.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
