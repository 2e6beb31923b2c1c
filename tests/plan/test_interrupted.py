"""A plan that an exception of somebody else's ends: the outcome is attached to it."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, FakeTransport


class StubbornError(Exception):
    """An exception that takes no attributes."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(name)


@attrs.define
class Ending:
    """The fake's transport, whose n-th pipeline ends in an exception, before or after its effect."""

    inner: FakeTransport
    nth: int
    error: BaseException
    effect: bool
    runs_batches: bool = False
    seen: int = 0

    def run(self, pipeline: xi.Pipeline) -> xi.Reply:
        """Run, or raise."""
        self.seen += 1
        if self.seen != self.nth:
            return self.inner.run(pipeline)
        if self.effect:
            self.inner.run(pipeline)
        raise self.error

    def run_batch(self, pipelines: Sequence[xi.Pipeline]) -> xi.Reply:
        """Run them, or as many as there are before the one that ends it."""
        for pipeline in pipelines:
            self.run(pipeline)
        return xi.Reply()

    def close(self) -> None:
        """Close it."""
        self.inner.close()


def interrupted(nth: int, error: BaseException, *, effect: bool, batches: bool = False) -> tuple[xi.Outcome, list[str]]:
    """Enable IMAP4, let the n-th pipeline of all end in the error; return the outcome and what the server did."""
    fake = FakeExchange(servers=["MBX01"])
    ending = Ending(fake.transport(), nth + 2, error, effect, batches)
    server = xi.ImapServer("MBX01", exchange=ending, windows=ending)
    with pytest.raises(type(error)) as caught:
        server.enable(external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com")
    assert caught.value is error
    outcome = vars(error)["outcome"]
    assert isinstance(outcome, xi.Outcome)
    assert error.__notes__ == [str(outcome)]
    return outcome, [str(entry.pipeline) for entry in fake.writes if entry.effect]


def texts(steps: Sequence[xi.Step]) -> list[str]:
    """Return the commands of steps."""
    return [str(step.command) for step in steps]


@pytest.mark.parametrize("effect", [False, True])
@pytest.mark.parametrize("nth", range(1, 6))
@pytest.mark.parametrize(
    "error", [KeyboardInterrupt, OSError, StubbornError], ids=["KeyboardInterrupt", "OSError", "Stubborn"]
)
def test_an_exception_of_somebody_else_s_keeps_the_outcome(nth: int, effect: bool, error: type[BaseException]) -> None:
    """What was applied, what may have been, what was not tried; and the next plan goes on from there."""
    outcome, done = interrupted(nth, error(), effect=effect)

    assert outcome.failed is not None
    assert outcome.failed.effect is xi.Effect.UNKNOWN
    assert isinstance(outcome.failed.error, xi.UnknownOutcomeError)
    assert error.__name__ in str(outcome.failed)
    assert texts(outcome.applied) == done[: nth - 1]
    assert done in (texts(outcome.applied), texts([*outcome.applied, outcome.failed.step]))
    assert (len(outcome.not_tried), outcome.unknown, outcome.state) == (5 - nth, (), None)


def test_steps_that_were_sent_together_are_all_unknown() -> None:
    """None of them is said not to have been tried."""
    outcome, done = interrupted(3, KeyboardInterrupt(), effect=True, batches=True)

    assert outcome.failed is not None
    assert len(done) == 3
    assert (len(outcome.applied), len(outcome.unknown), outcome.not_tried) == (1, 3, ())
    assert str(outcome).count("  unknown    ") == 3
    assert outcome.changed


def test_an_exception_between_steps_fails_none() -> None:
    """The server was being read at the end."""
    outcome, done = interrupted(6, KeyboardInterrupt(), effect=False)

    assert outcome.failed is None
    assert texts(outcome.applied) == done
    assert len(done) == 5


def test_an_exception_while_a_step_is_found_out_about_leaves_it_unknown() -> None:
    """The first answer was lost, and then somebody pressed a key."""
    fake = FakeExchange(servers=["MBX01"])
    ending = Ending(fake.transport(), 4, KeyboardInterrupt(), effect=False)
    fake.fail(xi.testing.Fault(of="Set-ImapSettings", effect=True))

    with pytest.raises(KeyboardInterrupt) as caught:
        xi.ImapServer("MBX01", exchange=ending, windows=ending).enable(external=["mail.contoso.com:993:SSL"])

    outcome = vars(caught.value)["outcome"]
    assert outcome.failed.effect is xi.Effect.UNKNOWN
    assert outcome.applied == ()
