"""A plan that stops is taken back if that is asked for, and only where it is known what there is to take back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, Fault
from support.clocks import MOMENT, Time
from support.document import CERTIFICATE, DOCUMENT, connect, new_fake

WITHOUT_CERTIFICATE = attrs.evolve(DOCUMENT, certificates=())
REFUSAL = xi.ErrorRecord(message="no", category="PermissionDenied", fully_qualified_error_id="Refused")


def rolled_back(server: xi.ImapServer, plan: xi.Plan, **options: object) -> xi.ApplyError:
    """Apply a plan that stops, and return the error."""
    with pytest.raises(xi.ApplyError) as caught:
        server.apply(plan, on_failure="roll back", **options)  # type: ignore[arg-type]  # each under its own name
    return caught.value


@pytest.mark.parametrize("nth", range(2, 8))
@pytest.mark.parametrize("effect", [False, True], ids=["before", "after"])
def test_a_plan_that_fails_is_taken_back(nth: int, effect: bool) -> None:
    """The server is as before, and the error says what was taken back."""
    fake = new_fake()
    server = connect(fake)
    plan = server.plan(WITHOUT_CERTIFICATE)
    fake.fail(Fault(nth=nth, writes=True, effect=effect, error=REFUSAL))

    error = rolled_back(server, plan)

    assert server.state(WITHOUT_CERTIFICATE).same(plan.before)
    assert not fake.server("MBX01").pending
    back = error.rolled_back
    assert back is not None
    assert back.applied == back.plan.steps != ()
    assert f"\nThe way back: MBX01: {len(back.applied)} of {len(back.applied)} steps applied" in str(error)
    assert len(error.outcome.applied) == nth - 1


def test_what_nothing_takes_back_is_said() -> None:
    """The certificate stays enabled."""
    fake = new_fake()
    server = connect(fake)
    fake.fail(Fault(of="Set-ReceiveConnector", error=REFUSAL))

    error = rolled_back(server, server.plan(DOCUMENT))

    assert f"  note       {CERTIFICATE.make().thumbprint} stays enabled for IMAP, SMTP" in str(error)


def test_who_watches_hears_of_the_way_back() -> None:
    """Its steps are counted by themselves."""
    fake = new_fake()
    server, events = connect(fake), list[xi.StepEvent]()
    fake.fail(Fault(of="Set-ReceiveConnector", error=REFUSAL))

    rolled_back(server, server.plan(WITHOUT_CERTIFICATE), on_step=events.append)

    assert [(event.kind, event.number, event.of) for event in events if event.undoing] == [
        ("started", 1, 1),
        ("applied", 1, 1),
    ]
    assert str(events[-1]).startswith("back, 1 of 1 applied: Set-ImapSettings")


def test_a_plan_that_is_cancelled_or_late_is_taken_back_too() -> None:
    """The way back is neither cancelled nor late."""
    for options in ({"cancel": threading.Event()}, {"deadline": timedelta(seconds=3)}):
        fake, time = new_fake(), Time()
        server = xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport(), clock=time.clock)
        plan = server.plan(WITHOUT_CERTIFICATE)

        def watch(event: xi.StepEvent, time: Time = time, options: dict[str, object] = options) -> None:  # type: ignore[assignment]  # of two types
            time.seconds += 1
            cancel = options.get("cancel")
            if isinstance(cancel, threading.Event) and event.number == 2:
                cancel.set()

        error = rolled_back(server, plan, on_step=watch, **options)

        assert isinstance(error, xi.CancelledPlanError | xi.LatePlanError)
        assert error.rolled_back is not None
        assert server.state(WITHOUT_CERTIFICATE).same(plan.before)


def lose_an_answer(fake: FakeExchange) -> None:
    """Let a start be sent of which nobody knows the effect."""
    fake.fail(Fault(of="Start-Service", nth=2))


def lose_the_server(fake: FakeExchange) -> None:
    """Let the server not be read again at the end."""
    fake.fail(Fault(of="Get-ImapSettings", nth=2))


def interfere(fake: FakeExchange) -> None:
    """Let somebody else stop a service that the plan starts."""

    def stop() -> datetime:
        fake.server("MBX01").set_service("MSExchangeIMAP4BE", status=xi.ServiceStatus.Stopped)
        return MOMENT

    fake.clock = stop


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (lose_an_answer, "whether Start-Service MSExchangeIMAP4BE took effect is unknown"),
        (lose_the_server, "the server could not be read again"),
        (interfere, "the server is not as the plan left it"),
    ],
)
def test_nothing_is_taken_back_where_it_is_not_known_what_was_done(
    prepare: Callable[[FakeExchange], None], why: str
) -> None:
    """The error says why, and nothing more is sent."""
    fake = new_fake()
    server = connect(fake)
    plan = server.plan(WITHOUT_CERTIFICATE)
    prepare(fake)

    error = rolled_back(server, plan)

    assert error.rolled_back is None
    assert f"; nothing was taken back: {why}" in error.reason
    assert "The way back" not in str(error)
    assert [str(entry.pipeline) for entry in fake.writes[1:]] == [str(step.command) for step in plan.steps]


def test_nothing_is_said_of_the_way_back_where_nothing_was_done() -> None:
    """A stale plan, or a first step that was refused."""
    fake = new_fake()
    server = connect(fake)
    plan = server.plan(WITHOUT_CERTIFICATE)
    fake.fail(Fault(writes=True, error=REFUSAL))
    refused = rolled_back(server, plan)
    fake.server("MBX01").set_service("MSExchangeIMAP4", status=xi.ServiceStatus.Running)
    stale = rolled_back(server, plan)

    for error in (refused, stale):
        assert error.rolled_back is None
        assert "taken back" not in error.reason


def test_a_way_back_that_stops_is_said_to_have() -> None:
    """With its own outcome."""
    fake = new_fake()
    server = connect(fake)
    plan = server.plan(WITHOUT_CERTIFICATE)
    for nth in (4, 6):
        fake.fail(Fault(nth=nth, writes=True, error=REFUSAL))

    error = rolled_back(server, plan)

    assert "; the way back stopped: MBX01: the plan stopped" in error.reason
    assert error.rolled_back is not None
    assert len(error.rolled_back.applied) == 1
    assert error.rolled_back.failed is not None
    assert error.rolled_back.not_tried


def test_a_value_that_the_server_no_longer_takes_cannot_be_taken_back() -> None:
    """It was there before the plan, which replaced it."""
    fake = new_fake()
    stored = fake.server("MBX01").stored
    fake.server("MBX01").stored = attrs.evolve(stored, max_connections=0)
    server = connect(fake)
    plan = server.plan(attrs.evolve(WITHOUT_CERTIFICATE, settings=xi.SetImapSettings(max_connections=5)))
    fake.fail(Fault(of="Set-ReceiveConnector", error=REFUSAL))

    error = rolled_back(server, plan)

    assert error.rolled_back is None
    assert "; nothing was taken back: " in error.reason
    assert "MaxConnections" in error.reason
