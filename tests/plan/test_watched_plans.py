"""A plan that is watched, cancelled, given a deadline, or waits for services."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, FakeTransport, Fault
from support.clocks import MOMENT, Time
from support.document import DOCUMENT, new_fake

DESIRED = xi.DesiredState.enabled(external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com")
REFUSAL = xi.ErrorRecord(message="no", category="PermissionDenied", fully_qualified_error_id="Refused")
FRONT_END = "MSExchangeImap4"
PENDING = xi.ServiceStatus.StartPending


@pytest.fixture
def fake() -> FakeExchange:
    """Return a freshly installed server."""
    return FakeExchange(servers=["MBX01"])


@attrs.define
class Batching:
    """The fake, which takes several pipelines at once and remembers how many came together."""

    inner: FakeTransport
    runs_batches: bool = True
    together: list[int] = attrs.field(factory=list)

    def run(self, pipeline: xi.Pipeline) -> xi.Reply:
        """Run one."""
        return self.inner.run(pipeline)

    def run_batch(self, pipelines: Sequence[xi.Pipeline]) -> xi.Reply:
        """Run them all, up to the first that is refused."""
        self.together.append(len(pipelines))
        records: list[xi.Record] = []
        for pipeline in pipelines:
            reply = self.inner.run(pipeline)
            records += reply.records
            if reply.errors:
                return reply
        return xi.Reply(records=tuple(records))

    def close(self) -> None:
        """Close it."""


@attrs.define
class Timed:
    """The fake, which takes a time for each call and remembers it."""

    inner: FakeTransport
    time_limit: timedelta | None = None
    runs_batches: bool = True
    given: list[tuple[str, float | None]] = attrs.field(factory=list)
    passes: Callable[[str], None] = lambda _: None

    def run(self, pipeline: xi.Pipeline, *, timeout: timedelta | None = None) -> xi.Reply:
        """Run one."""
        name = pipeline.commands[0].name
        self.given.append((name, None if timeout is None else timeout.total_seconds()))
        self.passes(name)
        return self.inner.run(pipeline)

    def run_batch(self, pipelines: Sequence[xi.Pipeline], *, timeout: timedelta | None = None) -> xi.Reply:
        """Run several."""
        replies = [self.run(pipeline, timeout=timeout) for pipeline in pipelines]
        return xi.Reply(records=tuple(record for reply in replies for record in reply.records))

    def close(self) -> None:
        """Close it."""


@attrs.define
class Slow:
    """The fake, whose front end is left starting by each command that starts it."""

    inner: FakeTransport
    fake: FakeExchange
    status: xi.ServiceStatus = PENDING

    def run(self, pipeline: xi.Pipeline) -> xi.Reply:
        """Run one; also where its answer is lost."""
        try:
            return self.inner.run(pipeline)
        finally:
            command = pipeline.commands[0]
            if command.name == "Start-Service" and FRONT_END in str(command):
                self.fake.server("MBX01").set_service(FRONT_END, status=self.status)

    def close(self) -> None:
        """Close it."""


def on(fake: FakeExchange, transport: xi.Transport | None = None, time: Time | None = None) -> xi.ImapServer:
    """Reach the server over a transport to both endpoints."""
    both = transport or fake.transport()
    return xi.ImapServer("MBX01", exchange=both, windows=both, clock=(time or Time()).clock)


def slow(fake: FakeExchange, time: Time) -> xi.ImapServer:
    """Reach a server whose front end is slow to start."""
    return on(fake, Slow(fake.transport(), fake), time)


def texts(steps: Sequence[xi.Step]) -> list[str]:
    """Return the commands of steps."""
    return [str(step.command) for step in steps]


# -- watching ----------------------------------------------------------------------------------------------------------


def test_each_step_is_told_before_and_after(fake: FakeExchange) -> None:
    """With its number, and the time."""
    server, events = on(fake), list[xi.StepEvent]()
    plan = server.plan(DESIRED)

    server.apply(plan, on_step=events.append)

    assert [(event.kind, event.number) for event in events] == [
        (kind, number) for number in range(1, 6) for kind in ("started", "applied")
    ]
    assert {event.of for event in events} == {5}
    assert {event.time for event in events} == {MOMENT}
    assert [event.step for event in events[::2]] == list(plan.steps)
    assert str(events[0]).startswith("1 of 5 started: Set-ImapSettings")


def test_a_step_is_told_before_it_is_sent(fake: FakeExchange) -> None:
    """And applied when the server has done it."""
    seen: list[tuple[str, int]] = []
    server = on(fake)

    server.apply(server.plan(DESIRED), on_step=lambda event: seen.append((event.kind, len(fake.writes))))

    assert seen == [(kind, n) for n in range(5) for kind, n in (("started", n), ("applied", n + 1))]


def test_what_failed_and_what_was_not_tried_is_told(fake: FakeExchange) -> None:
    """When the plan has stopped."""
    server, events = on(fake), list[tuple[str, int]]()
    fake.fail(Fault(of="Set-Service", nth=2, error=REFUSAL))

    with pytest.raises(xi.ApplyError):
        server.apply(server.plan(DESIRED), on_step=lambda event: events.append((event.kind, event.number)))

    assert events[4:] == [("started", 3), ("failed", 3), ("not tried", 4), ("not tried", 5)]


def test_steps_of_one_request_are_told_together(fake: FakeExchange) -> None:
    """What may have taken effect with the failed one is unknown."""
    server, events = on(fake, Batching(fake.transport())), list[tuple[str, int]]()
    fake.fail(Fault(of="Set-Service", error=xi.TransportError))
    fake.fail(Fault(of="Get-Service", nth=3))

    with pytest.raises(xi.ApplyError):
        server.apply(server.plan(DESIRED), on_step=lambda event: events.append((event.kind, event.number)))

    assert events[2:] == [*(("started", n) for n in (2, 3, 4, 5)), ("failed", 2), *(("unknown", n) for n in (3, 4, 5))]


def test_what_was_refused_although_it_shows_is_told_as_failed_only(fake: FakeExchange) -> None:
    """The error came with the last command of a batch, which took effect all the same."""
    server, events = on(fake, Batching(fake.transport())), list[tuple[str, int]]()
    fake.fail(Fault(of="Start-Service", nth=2, error=REFUSAL, effect=True))

    with pytest.raises(xi.ApplyError):
        server.apply(server.plan(DESIRED), on_step=lambda event: events.append((event.kind, event.number)))

    assert [kind for kind, number in events if number == 5] == ["started", "failed"]
    assert [number for kind, number in events if kind == "applied"] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("kind", "number", "applied"), [("started", 3, 2), ("applied", 3, 3), ("failed", 4, 3), ("not tried", 5, 3)]
)
@pytest.mark.parametrize("error", [KeyboardInterrupt(), xi.InvalidValueError("x", "y", "z")], ids=["other", "ours"])
def test_an_exception_of_who_watches_stops_the_plan_and_has_the_outcome(
    fake: FakeExchange, kind: str, number: int, applied: int, error: BaseException
) -> None:
    """Nothing is sent after it; what is said of each step is true."""
    server = on(fake)
    fake.fail(Fault(of="Start-Service", error=REFUSAL))

    def watch(event: xi.StepEvent) -> None:
        if (event.kind, event.number) == (kind, number):
            raise error

    with pytest.raises(type(error)) as caught:
        server.apply(server.plan(DESIRED), on_step=watch)

    outcome = vars(caught.value)["outcome"]
    assert texts(outcome.applied) == [str(entry.pipeline) for entry in fake.writes if entry.effect]
    assert len(outcome.applied) == applied
    assert (outcome.failed is not None) == (applied == 3 and number > 3)
    assert len(outcome.not_tried) == 5 - applied - (outcome.failed is not None)


def cancelling(cancel: threading.Event, number: int) -> Callable[[xi.StepEvent], None]:
    """Return what cancels a plan when a step was applied."""

    def watch(event: xi.StepEvent) -> None:
        if (event.kind, event.number) == ("applied", number):
            cancel.set()

    return watch


# -- cancelling --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", range(5))
def test_cancelling_takes_effect_before_the_next_step(fake: FakeExchange, after: int) -> None:
    """The outcome has what was applied and the state that it left."""
    server, cancel = on(fake), threading.Event()
    plan = server.plan(DESIRED)
    if not after:
        cancel.set()

    with pytest.raises(xi.CancelledPlanError, match=f"it was cancelled before step {after + 1} of 5") as caught:
        server.apply(plan, cancel=cancel, on_step=cancelling(cancel, after))

    outcome = caught.value.outcome
    assert (len(outcome.applied), outcome.failed, len(outcome.not_tried)) == (after, None, 5 - after)
    assert outcome.state is not None
    assert outcome.state.same(server.state())
    server.apply(server.plan(DESIRED, pending=outcome.pending))
    assert not fake.server("MBX01").pending


def test_a_plan_that_can_be_cancelled_sends_each_step_alone(fake: FakeExchange) -> None:
    """Otherwise the steps for the services would go together."""
    transport = Batching(fake.transport())
    server = on(fake, transport)

    server.apply(server.plan(DESIRED), cancel=threading.Event())

    assert transport.together == [2]  # the last one, with the read behind it


def test_nothing_is_cancelled_when_all_is_done(fake: FakeExchange) -> None:
    """The last step was applied, and the server is as planned."""
    server, cancel = on(fake), threading.Event()

    outcome = server.apply(server.plan(DESIRED), cancel=cancel, on_step=cancelling(cancel, 5))

    assert len(outcome.applied) == 5


# -- deadlines ---------------------------------------------------------------------------------------------------------


def test_a_deadline_takes_effect_before_the_next_step(fake: FakeExchange) -> None:
    """Each step takes 4 seconds, and there are 10."""
    time = Time()
    server = on(fake, time=time)

    def pass_time(_: xi.StepEvent) -> None:
        time.seconds += 2

    with pytest.raises(xi.LatePlanError, match="the deadline came before step 4 of 5") as caught:
        server.apply(server.plan(DESIRED), deadline=timedelta(seconds=10), on_step=pass_time)

    assert (len(caught.value.outcome.applied), len(caught.value.outcome.not_tried)) == (3, 2)


def test_each_command_gets_the_time_that_is_left(fake: FakeExchange) -> None:
    """Reading gets more once something was sent: what became of it has to be read."""
    time = Time()

    def pass_time(name: str) -> None:
        time.seconds += name in {"Set-ImapSettings", "Start-Service"}

    transport = Timed(fake.transport(), passes=pass_time)
    server = on(fake, transport, time)
    plan = server.plan(DESIRED)
    transport.given.clear()

    server.apply(plan, deadline=timedelta(seconds=10))

    assert transport.given == [
        ("Get-ImapSettings", 10),
        ("Get-Service", 10),
        ("Set-ImapSettings", 10),
        *[(name, 9) for name in ("Set-Service", "Set-Service", "Start-Service", "Start-Service", "Get-Service")],
        ("Get-ImapSettings", 30),
    ]
    transport.given.clear()
    server.state()
    assert {limit for _, limit in transport.given} == {None}


def test_a_deadline_never_gives_a_command_more_time_than_the_transport_does(fake: FakeExchange) -> None:
    """A session has its own limit."""
    transport = Timed(fake.transport(), time_limit=timedelta(seconds=5), runs_batches=False)
    server = on(fake, transport)

    server.apply(server.plan(DESIRED), deadline=timedelta(hours=1))

    assert {limit for _, limit in transport.given[2:]} == {5}


def test_a_deadline_that_comes_before_the_server_is_read_is_said_to_have(fake: FakeExchange) -> None:
    """Nothing was tried; without a deadline it is the transport's own error."""
    time = Time()
    server = on(fake, time=time)
    plan = server.plan(DESIRED)

    for of in ("Get-ImapSettings", "Get-Service"):
        fake.fail(Fault(of=of, error=xi.TransportTimeoutError))
    with pytest.raises(xi.TransportTimeoutError):
        server.apply(plan)

    time.seconds = 1000.0

    def passes(_: str) -> None:
        time.seconds += 20

    late = on(fake, Timed(fake.transport(), passes=passes), time)
    with pytest.raises(xi.LatePlanError, match="before the server was read") as caught:
        late.apply(plan, deadline=timedelta(seconds=10))
    assert (caught.value.outcome.state, len(caught.value.outcome.not_tried)) == (None, 5)


def test_after_the_deadline_no_step_is_sent_again(fake: FakeExchange) -> None:
    """Although it might be, as the server is as before."""
    time = Time()

    def passes(_: str) -> None:
        time.seconds += 20

    transport = Timed(fake.transport(), passes=passes)
    server = on(fake, transport, time)
    plan = server.plan(DESIRED)
    fake.fail(Fault(of="Set-ImapSettings"))

    with pytest.raises(xi.ApplyError) as caught:
        server.apply(plan, deadline=timedelta(seconds=50))

    failed = caught.value.outcome.failed
    assert failed is not None
    assert failed.effect is xi.Effect.UNKNOWN
    assert [name for name, _ in transport.given].count("Set-ImapSettings") == 1


@pytest.mark.parametrize(
    "wrong", [{"deadline": timedelta()}, {"on_failure": "retry"}, {"deadline": 5}, {"cancel": True}], ids=str
)
def test_wrong_limits_are_refused(fake: FakeExchange, wrong: dict[str, object]) -> None:
    """Before anything is read."""
    server = on(fake)
    plan = server.plan(DESIRED)
    before = len(fake.log)

    with pytest.raises(xi.InvalidValueError):
        server.apply(plan, **wrong)  # type: ignore[arg-type]  # the mistakes themselves

    assert len(fake.log) == before


# -- waiting for services ----------------------------------------------------------------------------------------------


def start(fake: FakeExchange, status: xi.ServiceStatus = xi.ServiceStatus.Running) -> None:
    """Let the front end come to an end of its starting."""
    fake.server("MBX01").set_service(FRONT_END, status=status)


def test_a_service_that_is_starting_is_waited_for(fake: FakeExchange) -> None:
    """With longer and longer pauses."""
    time = Time(then=lambda count: start(fake) if count == 6 else None)
    server = slow(fake, time)

    outcome = server.apply(server.plan(DESIRED))

    assert outcome.state is not None
    assert {str(service.status) for service in outcome.state.services} == {"Running"}
    assert time.pauses == [0.5, 1, 2, 4, 5, 5]


@pytest.mark.parametrize(("deadline", "waited"), [(None, 120), (timedelta(seconds=7), 7)])
def test_a_service_that_never_comes_to_run_is_reported_with_its_state(
    fake: FakeExchange, deadline: timedelta | None, waited: float
) -> None:
    """At the deadline, or after two minutes."""
    time = Time()
    server = slow(fake, time)

    with pytest.raises(xi.LatePlanError, match="MSExchangeImap4 is StartPending, and is not waited for") as caught:
        server.apply(server.plan(DESIRED), deadline=deadline)

    outcome = caught.value.outcome
    assert sum(time.pauses) == waited
    assert (len(outcome.applied), outcome.failed) == (5, None)
    assert outcome.state is not None
    assert outcome.state.service(FRONT_END).status is PENDING


def test_cancelling_interrupts_the_wait(fake: FakeExchange) -> None:
    """Every step was applied."""
    cancel = threading.Event()
    time = Time(then=lambda count: cancel.set() if count == 2 else None)
    server = slow(fake, time)

    with pytest.raises(xi.CancelledPlanError, match="is StartPending") as caught:
        server.apply(server.plan(DESIRED), cancel=cancel)

    assert len(time.pauses) == 2
    assert len(caught.value.outcome.applied) == 5


def test_a_step_whose_answer_was_lost_is_judged_when_its_service_has_settled(fake: FakeExchange) -> None:
    """It took effect, and the plan goes on."""
    time = Time(then=lambda count: start(fake) if count == 3 else None)
    server = slow(fake, time)
    fake.fail(Fault(of="Start-Service", effect=True))

    assert len(server.apply(server.plan(DESIRED)).applied) == 5


def test_a_lost_step_whose_service_does_not_settle_is_unknown(fake: FakeExchange) -> None:
    """The error names the status that was seen."""
    time = Time()
    server = slow(fake, time)
    fake.fail(Fault(of="Start-Service", effect=True))

    with pytest.raises(xi.ApplyError) as caught:
        server.apply(server.plan(DESIRED))

    failed = caught.value.outcome.failed
    assert failed is not None
    assert failed.effect is xi.Effect.UNKNOWN
    assert "MSExchangeImap4 is StartPending" in str(failed)
    assert sum(time.pauses) == 120


# -- reading what a step changed beside its own ------------------------------------------------------------------------


def test_a_step_is_applied_also_if_what_it_changed_beside_cannot_be_read() -> None:
    """Enabling a certificate is not forgotten because a read failed."""
    fake = new_fake()
    server = on(fake)
    plan = server.plan(attrs.evolve(DOCUMENT, settings=None))
    fake.fail(Fault(of="Get-ImapSettings", nth=2))

    with pytest.raises(xi.ApplyError, match="was applied, but what else it changed could not be read") as caught:
        server.apply(plan)

    assert texts(caught.value.outcome.applied) == [str(plan.steps[0].command)]
    assert len(caught.value.outcome.not_tried) == len(plan.steps) - 1


def test_what_a_step_changed_beside_its_own_is_read_and_taken_as_it_is() -> None:
    """No step of the plan writes the name of the certificate."""
    fake = new_fake()
    server = on(fake)

    outcome = server.apply(server.plan(attrs.evolve(DOCUMENT, settings=None)))

    assert outcome.state is not None
    assert outcome.state.settings.x509_certificate_name == fake.server("MBX01").stored.x509_certificate_name
