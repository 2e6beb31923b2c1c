"""What is tried again, how often, and after how long a wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, Fault

READ = xi.Pipeline((xi.GetImapSettings(),))
FULL = xi.Pipeline((xi.SetImapSettings(server="MBX01", banner="x"),))
EDIT = xi.Pipeline((xi.SetImapSettings(server="MBX01", ssl_bindings=xi.ListEdit(add=(xi.Binding.parse("[::1]:1"),))),))
RESTART = xi.Pipeline((xi.RestartService(name=("MSExchangeIMAP4",)),))


@attrs.define
class Scripted:
    """Raises one error after another, and then answers."""

    errors: list[xi.ExchangeImapError]
    calls: int = 0
    closed: bool = False
    runs_batches: bool = True

    def run(self, pipeline: xi.Pipeline) -> xi.Reply:
        """Raise the next error, or answer."""
        del pipeline
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return xi.Reply()

    def run_batch(self, pipelines: object) -> xi.Reply:
        """Do the same."""
        del pipelines
        return self.run(READ)

    def close(self) -> None:
        """Remember it."""
        self.closed = True


def attempts(pipeline: xi.Pipeline, *errors: xi.ExchangeImapError, **options: Any) -> tuple[int, list[float]]:
    """Return how often a command was sent and the waits between, however it ended."""
    waits: list[float] = []
    inner = Scripted(list(errors))
    transport = xi.RetryingTransport(inner, sleep=waits.append, **options)
    try:
        transport.run(pipeline)
    except xi.ExchangeImapError as error:
        assert error in errors  # noqa: PT017 - either end is right, and which one is asserted by the count
    return inner.calls, waits


LOST = xi.TransportError("lost", sent=None)
NEVER_SENT = xi.TransportError("not there", sent=False)


@pytest.mark.parametrize("sent", [True, False, None])
def test_a_reading_command_is_tried_three_times(sent: bool | None) -> None:
    """Whatever became of it."""
    errors = [xi.TransportError("lost", sent=sent) for _ in range(5)]

    assert attempts(READ, *errors) == (3, [0.5, 1.0])


@pytest.mark.parametrize("pipeline", [FULL, EDIT, RESTART], ids=["full", "edit", "restart"])
def test_a_write_that_may_have_run_is_not_sent_again(pipeline: xi.Pipeline) -> None:
    assert attempts(pipeline, LOST)[0] == 1
    assert attempts(pipeline, xi.TransportTimeoutError("late", sent=True))[0] == 1


@pytest.mark.parametrize("pipeline", [FULL, EDIT, RESTART], ids=["full", "edit", "restart"])
def test_a_write_that_certainly_never_ran_is_sent(pipeline: xi.Pipeline) -> None:
    """For the first time, in truth."""
    assert attempts(pipeline, NEVER_SENT)[0] == 2


@pytest.mark.parametrize(
    "error",
    [
        xi.AuthenticationError("no", sent=False),
        xi.EndpointError("no", sent=False),
        xi.UnexpectedReplyError("a", "b", "c"),
        xi.CommandError("x", (xi.ErrorRecord(message="m", category="c", fully_qualified_error_id="i"),)),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_lasts_is_not_tried_again(error: xi.ExchangeImapError) -> None:
    """Asking again changes nothing."""
    assert attempts(READ, error)[0] == 1


def test_the_server_s_own_wait_is_waited() -> None:
    """To the millisecond."""
    throttled = xi.ThrottledError("much", sent=False, wait=timedelta(seconds=2.5))

    assert attempts(READ, throttled) == (2, [2.5])


def test_a_wait_that_is_too_long_is_the_caller_s_to_wait() -> None:
    """The error says how long."""
    throttled = xi.ThrottledError("much", sent=False, wait=timedelta(seconds=2.5))

    assert attempts(READ, throttled, longest_wait=timedelta(seconds=2)) == (1, [])


def test_throttling_without_a_time_waits_as_always() -> None:
    """Half a second first."""
    assert attempts(READ, xi.ThrottledError("much", sent=False)) == (2, [0.5])


def test_how_often_is_the_caller_s_choice() -> None:
    """Once is never again."""
    assert attempts(READ, LOST, attempts=1)[0] == 1
    with pytest.raises(xi.InvalidValueError, match="1 or more"):
        xi.RetryingTransport(Scripted([]), attempts=0)


def test_a_batch_is_tried_again_as_one() -> None:
    """By the same rules: what writes only when it never ran."""
    inner = Scripted([NEVER_SENT])
    transport = xi.RetryingTransport(inner, pause=timedelta())

    assert transport.runs_batches
    transport.run_batch([FULL, RESTART])
    assert inner.calls == 2
    inner.errors = [LOST]
    with pytest.raises(xi.TransportError):
        transport.run_batch([READ, FULL])
    assert inner.calls == 3


def test_a_batch_needs_a_transport_that_takes_it() -> None:
    """The fake does not."""
    transport = xi.RetryingTransport(FakeExchange(servers=["MBX01"]).transport())

    assert not transport.runs_batches
    with pytest.raises(xi.InvalidValueError, match="takes several"):
        transport.run_batch([READ])


def test_closing_closes_what_is_within() -> None:
    """By leaving the block, too."""
    inner = Scripted([])
    with xi.RetryingTransport(inner):
        pass

    assert inner.closed


def test_it_stands_in_front_of_the_fake() -> None:
    """Two failures, and the third answer."""
    fake = FakeExchange(servers=["MBX01"])
    for _ in range(2):
        fake.fail(Fault())

    reply = xi.RetryingTransport(fake.transport(), pause=timedelta()).run(READ)

    assert len(reply.records) == 1


@pytest.mark.parametrize("value", [5, 0.5, None, timedelta(seconds=-1)])
@pytest.mark.parametrize("name", ["pause", "longest_wait"])
def test_a_pause_is_a_time(name: str, value: Any) -> None:
    """And not a number of seconds, which would fail at the first failure."""
    with pytest.raises(xi.InvalidValueError, match=name):
        xi.RetryingTransport(FakeExchange(servers=["MBX01"]).transport(), **{name: value})


# -- in a limited time -------------------------------------------------------------------------------------------------

HOUR = timedelta(hours=1)


@attrs.define
class Timed(Scripted):
    """The same, which remembers the time that each call gets."""

    time_limit: timedelta | None = None
    given: list[timedelta | None] = attrs.field(factory=list)

    def run(self, pipeline: xi.Pipeline, *, timeout: timedelta | None = None) -> xi.Reply:
        """Raise the next error, or answer."""
        self.given.append(timeout)
        return super().run(pipeline)

    def run_batch(self, pipelines: object, *, timeout: timedelta | None = None) -> xi.Reply:
        """Do the same."""
        del pipelines
        return self.run(READ, timeout=timeout)


def test_all_attempts_together_have_the_time_of_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses count, and an attempt has at least a moment."""
    now = [0.0]
    monkeypatch.setattr("exchange_imap._transports.psrp.deadline.time", SimpleNamespace(monotonic=lambda: now[0]))

    def sleep(_: float) -> None:
        now[0] += 4

    inner = Timed([LOST, LOST])
    transport = xi.RetryingTransport(inner, pause=timedelta(seconds=1), sleep=sleep)

    transport.run(READ, timeout=timedelta(seconds=7))

    assert inner.given == [timedelta(seconds=7), timedelta(seconds=3), timedelta(milliseconds=10)]


def test_there_is_no_further_attempt_where_the_pause_before_it_takes_the_rest_of_the_time() -> None:
    """The last error is raised at once."""
    waits: list[float] = []
    inner = Timed([xi.ThrottledError("much", sent=False, wait=2 * HOUR)])
    transport = xi.RetryingTransport(inner, longest_wait=3 * HOUR, sleep=waits.append)

    with pytest.raises(xi.ThrottledError):
        transport.run(READ, timeout=HOUR)

    assert (inner.calls, waits) == (1, [])


def test_without_a_limit_an_attempt_has_none() -> None:
    """Or that of the wrapped transport, which keeps it for itself."""
    inner = Timed([], time_limit=HOUR)
    transport = xi.RetryingTransport(inner)

    transport.run(READ)
    transport.run_batch([READ])
    transport.run(READ, timeout=2 * HOUR)

    assert transport.time_limit is None
    assert inner.given == [None, None, HOUR]


def test_a_transport_that_takes_no_time_is_asked_as_before() -> None:
    """It has limits of its own, or none."""
    inner = Scripted([])

    xi.RetryingTransport(inner).run(READ, timeout=HOUR)
    xi.RetryingTransport(inner).run_batch([READ], timeout=HOUR)

    assert inner.calls == 2


def test_reads_that_go_together_have_a_time_too() -> None:
    """As far as the wrapped transport has a way of its own to run them."""

    @attrs.define
    class Together(Timed):
        """Runs them together."""

        def run_reads(
            self, pipelines: Sequence[xi.Pipeline], *, timeout: timedelta | None = None
        ) -> tuple[xi.Reply, ...]:
            """Answer each."""
            self.given.append(timeout)
            return tuple(xi.Reply() for _ in pipelines)

    for inner, limit in ((Together([], time_limit=HOUR), HOUR), (Timed([], time_limit=HOUR), None)):
        xi.RetryingTransport(inner).run_reads([READ], timeout=2 * HOUR)
        xi.RetryingTransport(inner).run_reads([READ])

        assert inner.given == [limit, None]


def test_a_session_says_how_long_a_command_may_take() -> None:
    """So that a deadline never gives it more."""
    assert xi.PsrpTransport.exchange("mbx01", timeout=HOUR).time_limit == HOUR
    assert xi.PsrpTransport.windows("mbx01").time_limit is None
