"""Plans that are cancelled, late or taken back over loopback PSRP."""

from __future__ import annotations

import threading
from datetime import timedelta

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import Fault, PsrpServer
from support.document import DOCUMENT, connect, new_fake

WITHOUT_CERTIFICATE = attrs.evolve(DOCUMENT, certificates=())
REFUSAL = xi.ErrorRecord(message="no", category="PermissionDenied", fully_qualified_error_id="Refused")


def open_on(psrp: PsrpServer) -> xi.ImapServer:
    """Open both endpoints, with a retry around one of them."""
    return xi.ImapServer("MBX01", exchange=psrp.exchange(), windows=xi.RetryingTransport(psrp.windows()))


@pytest.mark.parametrize("number", range(1, 9))
def test_a_plan_is_cancelled_before_any_step(number: int) -> None:
    """What was applied is what the server did; the next plan reaches the end."""
    fake, cancel = new_fake(), threading.Event()
    before = len(fake.writes)

    def watch(event: xi.StepEvent) -> None:
        if (event.kind, event.number) == ("applied", number - 1):
            cancel.set()

    with PsrpServer(fake) as psrp, open_on(psrp) as server:
        plan = server.plan(DOCUMENT)
        if number == 1:
            cancel.set()
        with pytest.raises(xi.CancelledPlanError) as caught:
            server.apply(plan, cancel=cancel, on_step=watch)

    outcome = caught.value.outcome
    assert len(outcome.applied) == number - 1 == len(fake.writes[before:])
    assert outcome.not_tried == plan.steps[number - 1 :]
    second = connect(fake)
    second.apply(second.plan(DOCUMENT, pending=outcome.pending))
    assert not second.plan(DOCUMENT)


def test_a_command_that_is_slow_is_stopped_at_the_deadline() -> None:
    """The session has no limit of its own; nothing is said to be applied, and nothing after it is tried."""
    fake = new_fake()
    with PsrpServer(fake, slow={"Enable-ExchangeCertificate": 600}) as psrp, open_on(psrp) as server:
        plan = server.plan(DOCUMENT)
        with pytest.raises(xi.ApplyError) as caught:
            server.apply(plan, deadline=timedelta(seconds=1))

    outcome = caught.value.outcome
    assert outcome.applied == ()
    assert plan.steps[1:] == outcome.not_tried[-len(plan.steps) + 1 :]


@pytest.mark.parametrize("of", ["Set-ReceiveConnector", "Set-ServerComponentState", "Set-Service"])
def test_a_plan_that_fails_is_taken_back(of: str) -> None:
    """The server is as before."""
    fake = new_fake()
    with PsrpServer(fake) as psrp, open_on(psrp) as server:
        plan = server.plan(WITHOUT_CERTIFICATE)
        fake.fail(Fault(of=of, error=REFUSAL))
        with pytest.raises(xi.ApplyError) as caught:
            server.apply(plan, on_failure="roll back")

    assert caught.value.rolled_back is not None
    assert connect(fake).state(WITHOUT_CERTIFICATE).same(plan.before)
