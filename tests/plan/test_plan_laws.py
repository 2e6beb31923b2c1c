"""Laws of planning: from any state to any other and back, with and without failures."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, Fault
from support import strategies
from support.commands import Commands
from support.examples import share

ABOUT_THE_COMMAND = {"server", "domain_controller", "what_if", "confirm"}
CUSTOM = xi.CalendarItemRetrievalOption.Custom


def _acceptable(wanted: xi.SetImapSettings) -> bool:
    """Say whether the server would take the settings, whatever it has: it refuses more than shows in one value."""
    empty_location = wanted.log_file_location is not xi.UNSET and not str(wanted.log_file_location).strip()
    return wanted.calendar_item_retrieval_option is not CUSTOM and not empty_location


class Wanted(Commands):
    """Makes settings that may be desired: nothing that is about the command alone."""

    left_out = ABOUT_THE_COMMAND


wanted_settings = strategies.made(Wanted, lambda commands: commands.cmdlet(xi.SetImapSettings)).filter(_acceptable)
statuses = st.sampled_from([xi.ServiceStatus.Running, xi.ServiceStatus.Stopped])
startup_types = st.sampled_from([xi.StartupType.Automatic, xi.StartupType.Manual, xi.StartupType.Disabled])


@st.composite
def services(draw: st.DrawFn) -> tuple[xi.SetService, ...]:
    """Draw what both services should be like: one that is disabled cannot be asked to run."""
    made = []
    for name in xi.IMAP4_SERVICES:
        status = draw(statuses)
        startup_type = xi.StartupType.Manual if status is xi.ServiceStatus.Running else draw(startup_types)
        made.append(xi.SetService(name=name, status=status, startup_type=startup_type))
    return tuple(made)


desired_states = st.builds(xi.DesiredState, settings=wanted_settings, services=services())


def connect(fake: FakeExchange) -> xi.ImapServer:
    """Connect both endpoints."""
    return xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport())


@share(20)
@given(desired_states, desired_states)
def test_law_any_state_is_reached_from_any_other_and_left_again(
    first: xi.DesiredState, second: xi.DesiredState
) -> None:
    """A second plan is empty, nothing is pending, and the reverse leads back."""
    fake = FakeExchange(servers=["MBX01"])
    server = connect(fake)
    server.apply(server.plan(first))
    before = server.state()

    plan = server.plan(second)
    outcome = server.apply(plan)
    after = server.plan(second)
    server.apply(plan.reverse())

    assert outcome.failed is None
    assert not after
    assert server.state().same(before)
    assert not fake.server("MBX01").pending


@share(20)
@given(desired_states, st.integers(1, 5), st.booleans(), st.sampled_from([xi.TransportError, xi.TransportTimeoutError]))
def test_law_any_failure_can_be_made_good(
    desired: xi.DesiredState, nth: int, effect: bool, error: type[xi.TransportError]
) -> None:
    """Whichever write fails, before or after its effect: a new plan from there reaches the same end."""
    fake = FakeExchange(servers=["MBX01"])
    server = connect(fake)
    server.enable(external=["mail.contoso.com:993:SSL"])
    fake.fail(Fault(nth=nth, writes=True, effect=effect, error=error))

    try:
        outcome = server.apply(server.plan(desired))
    except xi.ApplyError as failure:
        outcome = failure.outcome
    before = len(fake.writes)
    server.apply(server.plan(desired, pending=outcome.pending))
    again = [str(entry.pipeline) for entry in fake.writes[before:] if "Restart-Service" not in str(entry.pipeline)]

    assert not server.plan(desired)
    assert not fake.server("MBX01").pending
    assert len(again) == len(set(again))
