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
from .psrp.deadline import Deadline
from .timed import run_batch_within, run_reads_within, run_within
from .transport import RUN_HINT, Reply, Transport, only_reads, takes_batches

__all__ = ["RetryingTransport"]

A = TypeVar("A")

# Another attempt would end in the same way: the caller has to change something.
_LASTING: Final = (AuthenticationError, EndpointError)
_SHORTEST: Final = timedelta(milliseconds=10)
"""The time for an attempt when the pause before it has taken longer than it should."""


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

    def run(self, pipeline: Pipeline, *, timeout: timedelta | None = None) -> Reply:
        """Run the pipeline, and repeat it where that is safe. Raises the error of the last attempt.

        ``timeout`` limits all attempts together, if the wrapped transport takes one.
        """
        deadline = Deadline.after(timeout)
        call = partial(self._within, partial(run_within, self.transport, pipeline), deadline)
        return self._again(call, reads=only_reads(pipeline), deadline=deadline)

    @property
    def username(self) -> str | None:
        """The user of the wrapped transport, if it has one."""
        user = getattr(self.transport, "username", None)
        return user if isinstance(user, str) else None

    @property
    def time_limit(self) -> timedelta | None:
        """How long a call may take unless stated: each attempt as long as the wrapped transport lets it."""
        return None

    @staticmethod
    def _within(run: Callable[[timedelta | None], A], deadline: Deadline) -> A:
        """Make an attempt in the time that is left."""
        left = deadline.remaining
        return run(None if left is None else max(timedelta(seconds=left), _SHORTEST))

    @property
    def runs_batches(self) -> bool:
        """Whether the wrapped transport takes several pipelines at once."""
        return takes_batches(self.transport)

    def run_batch(self, pipelines: Sequence[Pipeline], *, timeout: timedelta | None = None) -> Reply:
        """Run several pipelines in order, and repeat them where that is safe, in the time of :meth:`run`.

        Raises :class:`InvalidValueError` where the wrapped transport takes no batches.
        """
        if not takes_batches(self.transport):
            raise InvalidValueError("run_batch", "a transport that takes several pipelines", self.transport)
        deadline = Deadline.after(timeout)
        call = partial(self._within, partial(run_batch_within, self.transport, pipelines), deadline)
        return self._again(call, reads=all(map(only_reads, pipelines)), deadline=deadline)

    def run_reads(self, pipelines: Sequence[Pipeline], *, timeout: timedelta | None = None) -> tuple[Reply, ...]:
        """Run pipelines that only read, in as few requests as the wrapped transport can; repeat all after an error.

        ``timeout`` limits each request, if the wrapped transport takes one, and how long they are repeated. Raises
        :class:`InvalidValueError` for a command that may write.
        """
        deadline = Deadline.after(timeout)
        call = partial(self._within, partial(run_reads_within, self.transport, pipelines), deadline)
        return self._again(call, reads=True, deadline=deadline)

    def _again(self, call: Callable[[], A], *, reads: bool, deadline: Deadline) -> A:
        policy = tenacity.Retrying(
            retry=tenacity.retry_if_exception(partial(self._may_repeat, reads=reads)),
            stop=partial(self._is_last, deadline),
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

    def _is_last(self, deadline: Deadline, state: tenacity.RetryCallState) -> bool:
        """Say whether there is no further attempt, or no time for the pause before it."""
        left = deadline.remaining
        return state.attempt_number >= self.attempts or (left is not None and left <= self._wait(state))

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
