"""Steps that go to the server together: each is known by the trace that it leaves, whatever became of the answer."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, FakeTransport, Fault

EXTERNAL = ("mail.contoso.com:993:SSL",)
REFUSAL = xi.ErrorRecord(message="no", category="PermissionDenied", fully_qualified_error_id="Refused")


@attrs.define
class Batching:
    """The fake, and several pipelines at once; ``then`` is raised behind them."""

    inner: FakeTransport
    then: xi.TransportError | None = None
    most: int = 99
    runs_batches: bool = True

    def run(self, pipeline: xi.Pipeline) -> xi.Reply:
        """Run one."""
        return self.inner.run(pipeline)

    def run_batch(self, pipelines: Sequence[xi.Pipeline]) -> xi.Reply:
        """Run them up to the first that is refused, or as many as there are to be."""
        errors: tuple[xi.ErrorRecord, ...] = ()
        for pipeline in pipelines[: self.most]:
            errors = self.inner.run(pipeline).errors
            if errors:
                break
        if self.then is not None:
            raise self.then
        return xi.Reply(errors=errors)

    def close(self) -> None:
        """Close it."""
        self.inner.close()


def outcome(fake: FakeExchange, batching: Batching) -> xi.Outcome:
    """Enable, and return how it ended."""
    server = xi.ImapServer("MBX01", exchange=fake.transport(xi.Endpoint.EXCHANGE), windows=batching)
    try:
        return server.enable(external=EXTERNAL)
    except xi.ApplyError as error:
        return error.outcome


@pytest.fixture
def fake() -> FakeExchange:
    """Return a freshly installed server."""
    return FakeExchange(servers=["MBX01"])


def batching(fake: FakeExchange, then: xi.TransportError | None = None, most: int = 99) -> Batching:
    """Connect the Windows endpoint."""
    return Batching(fake.transport(xi.Endpoint.WINDOWS), then, most)


def test_a_batch_is_taken_as_a_whole(fake: FakeExchange) -> None:
    """Where nothing went wrong."""
    ended = outcome(fake, batching(fake))

    assert (len(ended.applied), ended.failed, ended.unknown) == (5, None, ())


def test_a_refusal_in_the_middle_is_found(fake: FakeExchange) -> None:
    """What stood before it was applied, what stands behind was not."""
    fake.fail(Fault(of="Set-Service", nth=2, error=REFUSAL))

    ended = outcome(fake, batching(fake))

    assert ended.failed is not None
    assert (len(ended.applied), ended.failed.effect, len(ended.not_tried)) == (2, xi.Effect.NOT_APPLIED, 2)


def test_a_refusal_that_took_effect_all_the_same_is_told_so(fake: FakeExchange) -> None:
    """The last one, for nothing is missing."""
    fake.fail(Fault(of="Start-Service", nth=2, error=REFUSAL, effect=True))

    ended = outcome(fake, batching(fake))

    assert ended.failed is not None
    assert (len(ended.applied), ended.failed.effect) == (4, xi.Effect.APPLIED)


def test_a_lost_answer_is_made_good_by_reading(fake: FakeExchange) -> None:
    """All of it shows."""
    ended = outcome(fake, batching(fake, xi.TransportError("lost", sent=True)))

    assert ended.failed is None
    assert len(ended.applied) == 5


@pytest.mark.parametrize(
    "then",
    [
        xi.TransportError("lost", sent=True),
        xi.TransportError("lost"),
        xi.TransportTimeoutError("late", sent=True),
        xi.TransportError("contradicted by what shows", sent=False),
    ],
    ids=["lost", "perhaps lost", "late", "contradicted"],
)
def test_what_does_not_show_may_still_be_running(fake: FakeExchange, then: xi.TransportError) -> None:
    """No answer proves that the batch has ended: of no step behind it is said that it was not tried."""
    ended = outcome(fake, batching(fake, then, most=1))

    assert ended.failed is not None
    assert (len(ended.applied), ended.failed.effect) == (2, xi.Effect.UNKNOWN)
    assert isinstance(ended.failed.error, xi.UnknownOutcomeError)
    assert (len(ended.unknown), ended.not_tried) == (2, ())


def test_nothing_is_known_of_a_batch_when_the_server_cannot_be_read_again(fake: FakeExchange) -> None:
    fake.fail(Fault(of="Set-Service", nth=2, error=REFUSAL))
    fake.fail(Fault(of="Get-ImapSettings", nth=2))

    ended = outcome(fake, batching(fake))

    assert ended.failed is not None
    assert (len(ended.applied), ended.failed.effect, len(ended.unknown)) == (1, xi.Effect.UNKNOWN, 3)


def test_a_refused_batch_on_a_server_that_somebody_else_changed_is_unknown(fake: FakeExchange) -> None:
    """What is there now is neither as before nor as the steps that show leave it."""

    class Meddling(Batching):
        """Somebody disables a service meanwhile."""

        def run_batch(self, pipelines: Sequence[xi.Pipeline]) -> xi.Reply:
            """Run them."""
            reply = super().run_batch(pipelines)
            fake.server("MBX01").set_service("MSExchangeIMAP4BE", startup_type=xi.StartupType.Disabled)
            return reply

    fake.fail(Fault(of="Set-Service", nth=2, error=REFUSAL))

    ended = outcome(fake, Meddling(fake.transport(xi.Endpoint.WINDOWS)))

    assert ended.failed is not None
    assert (len(ended.applied), ended.failed.effect, len(ended.unknown)) == (2, xi.Effect.UNKNOWN, 2)


def test_a_step_that_changes_nothing_was_not_applied_if_nothing_was_sent(fake: FakeExchange) -> None:
    """A plan made by hand may start a service that runs: that it shows proves nothing."""
    fake.server("MBX01").set_service("MSExchangeIMAP4", status=xi.ServiceStatus.Running)
    windows = batching(fake, xi.TransportError("not there", sent=False), most=0)
    server = xi.ImapServer("MBX01", exchange=fake.transport(xi.Endpoint.EXCHANGE), windows=windows)
    steps = [xi.Step(xi.StartService(name=(name,)), "by hand") for name in xi.IMAP4_SERVICES]

    with pytest.raises(xi.ApplyError) as caught:
        server.apply(xi.Plan(server="MBX01", before=server.state(), steps=tuple(steps)))

    ended = caught.value.outcome
    assert ended.failed is not None
    assert (ended.applied, ended.failed.effect, len(ended.not_tried)) == ((), xi.Effect.NOT_APPLIED, 1)


def test_what_was_never_sent_did_nothing(fake: FakeExchange) -> None:
    """No reading is needed to know it."""
    ended = outcome(fake, batching(fake, xi.TransportError("not there", sent=False), most=0))

    assert ended.failed is not None
    assert (len(ended.applied), ended.failed.effect, len(ended.not_tried)) == (1, xi.Effect.NOT_APPLIED, 3)
