"""What became of a command whose answer was lost, late, or an error: nothing is concluded without a proof."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._plan.effect import effect_of
from exchange_imap._plan.resource import advance
from exchange_imap.testing import FakeExchange, FakeTransport, Fault

APPLIED, NOT_APPLIED, UNKNOWN = xi.Effect.APPLIED, xi.Effect.NOT_APPLIED, xi.Effect.UNKNOWN
REFUSAL = xi.ErrorRecord(message="no", category="PermissionDenied", fully_qualified_error_id="Refused")
REFUSED = xi.CommandError("Set-X", (REFUSAL,))
NEVER_SENT = xi.TransportError("refused", sent=False)
LOST = [xi.TransportError("lost", sent=True), xi.TransportError("lost"), xi.TransportTimeoutError("late", sent=True)]
DAMAGED = xi.UnexpectedReplyError("reply", "objects", "noise")
SET = xi.SetImapSettings(server="MBX01", banner="x")
START = xi.StartService(name=("MSExchangeIMAP4",))
RESTART = xi.RestartService(name=("MSExchangeIMAP4",))


def state(running: bool) -> xi.ServerState:
    """Return the state of a server whose services run or not."""
    fake = FakeExchange(servers=["MBX01"])
    for name in xi.IMAP4_SERVICES if running else ():
        fake.server("MBX01").set_service(name, status=xi.ServiceStatus.Running)
    return xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport()).state()


def other(before: xi.ServerState) -> xi.ServerState:
    """Return a state that the command does not lead to."""
    return before.with_service("MSExchangeIMAP4BE", startup_type=xi.StartupType.Disabled)


# Of a command, its error and what was read again: what is known.
TABLE: list[tuple[xi.Cmdlet, xi.ExchangeImapError, str, xi.Effect]] = [
    *((command, NEVER_SENT, "before", NOT_APPLIED) for command in (SET, START, RESTART)),
    *((command, NEVER_SENT, "unread", NOT_APPLIED) for command in (SET, START, RESTART)),
    *((command, NEVER_SENT, "after", APPLIED) for command in (SET, START)),
    *((command, NEVER_SENT, "other", UNKNOWN) for command in (SET, START, RESTART)),
    *((command, lost, "before", UNKNOWN) for command in (SET, START, RESTART) for lost in (*LOST, DAMAGED)),
    *((command, lost, "unread", UNKNOWN) for command in (SET, START, RESTART) for lost in (*LOST, DAMAGED, REFUSED)),
    *((command, lost, "other", UNKNOWN) for command in (SET, START, RESTART) for lost in (*LOST, DAMAGED, REFUSED)),
    *((command, lost, "after", APPLIED) for command in (SET, START) for lost in (*LOST, DAMAGED, REFUSED)),
    *((command, REFUSED, "before", NOT_APPLIED) for command in (SET, START)),
    (RESTART, REFUSED, "before", UNKNOWN),
]


@pytest.mark.parametrize(
    ("command", "error", "read", "effect"),
    TABLE,
    ids=[f"{c.cmdlet}-{type(e).__name__}-{getattr(e, 'sent', '')}-{read}" for c, e, read, _ in TABLE],
)
def test_what_became_of_a_command(
    command: xi.Cmdlet, error: xi.ExchangeImapError, read: str, effect: xi.Effect
) -> None:
    """A restart leaves no trace; without an answer nothing shows that a command has ended; what is read wins."""
    before = state(running=isinstance(command, xi.RestartService))
    after = advance(before, command)
    current = {"before": before, "after": after, "other": other(before), "unread": None}[read]

    assert effect_of(command, error, before, after, current) is effect


@attrs.define
class Lying:
    """The fake's transport, which loses the answer to a command, and says of it what is not so."""

    inner: FakeTransport
    of: str
    error: Callable[[], xi.TransportError]
    before_reading_again: Callable[[], object] = attrs.field(default=lambda: None)
    after_reading_again: Callable[[], object] = attrs.field(default=lambda: None)
    effect: bool = True
    lost: int = 0

    def run(self, pipeline: xi.Pipeline) -> xi.Reply:
        """Run, or run and lose the answer."""
        if str(pipeline).startswith(self.of) and not self.lost:
            self.lost = 1
            if self.effect:
                self.inner.run(pipeline)
            self.before_reading_again()
            raise self.error()
        reply = self.inner.run(pipeline)
        if self.lost == 1 and str(pipeline).startswith("Get-Service"):
            self.lost = 2
            self.after_reading_again()
        return reply

    def close(self) -> None:
        """Close it."""
        self.inner.close()


def never_sent() -> xi.TransportError:
    """Claim that the command did not leave."""
    return xi.TransportError("connection refused", sent=False)


def enable(fake: FakeExchange, transport: xi.Transport) -> xi.Outcome:
    """Enable IMAP4; return the outcome whichever way it comes."""
    del fake
    try:
        return xi.ImapServer("MBX01", exchange=transport, windows=transport).enable(external=["mail:993:SSL"])
    except xi.ApplyError as error:
        return error.outcome


@pytest.mark.parametrize("of", ["Set-ImapSettings", "Set-Service", "Start-Service"])
def test_what_is_read_again_outweighs_that_a_command_was_not_sent(of: str) -> None:
    """The plan goes on, and nothing is done again."""
    fake = FakeExchange(servers=["MBX01"])

    outcome = enable(fake, Lying(fake.transport(), of, never_sent))

    assert outcome.failed is None
    assert len(outcome.applied) == len(fake.writes) == 5


def test_a_restart_that_is_half_done_was_sent() -> None:
    """Whatever the transport says, the service is stopped that ran."""
    fake = FakeExchange(servers=["MBX01"])
    enable(fake, fake.transport())
    stop = lambda: fake.server("MBX01").set_service("MSExchangeIMAP4", status=xi.ServiceStatus.Stopped)  # noqa: E731 - used once
    lying = Lying(fake.transport(), "Restart-Service", never_sent, before_reading_again=stop, effect=False)
    server = xi.ImapServer("MBX01", exchange=lying, windows=lying)

    with pytest.raises(xi.ApplyError) as caught:
        server.apply(server.plan(xi.DesiredState(restart=True)))

    assert caught.value.outcome.failed is not None
    assert caught.value.outcome.failed.effect is UNKNOWN


def test_a_command_that_takes_effect_after_the_server_was_read_again_was_not_said_to_have_failed() -> None:
    """The connection broke, and the server was still at it."""
    fake = FakeExchange(servers=["MBX01"])
    transport = fake.transport()
    start = lambda: fake.server("MBX01").set_service("MSExchangeIMAP4", status=xi.ServiceStatus.Running)  # noqa: E731 - used once
    lost = lambda: xi.TransportError("lost")  # noqa: E731 - used once
    lying = Lying(transport, "Start-Service", lost, after_reading_again=start, effect=False)

    outcome = enable(fake, lying)

    assert outcome.failed is not None
    assert outcome.failed.effect is UNKNOWN
    assert len(outcome.applied) == 3
    assert outcome.changed


def test_whole_values_are_sent_again_once() -> None:
    """Where the server shows nothing of them; a second time without an answer is unknown."""
    fake = FakeExchange(servers=["MBX01"])
    for nth in (1, 1):
        fake.fail(Fault(of="Set-ImapSettings", nth=nth))

    outcome = enable(fake, fake.transport())

    assert [entry.effect for entry in fake.writes] == [False, False]
    assert outcome.failed is not None
    assert (outcome.failed.effect, outcome.applied) == (UNKNOWN, ())


@pytest.mark.parametrize("second", [REFUSAL, xi.TransportError], ids=["refused", "never sent"])
def test_the_second_time_proves_nothing_of_the_first(second: xi.ErrorRecord | type[xi.TransportError]) -> None:
    """What was lost the first time may still take effect."""
    fake = FakeExchange(servers=["MBX01"])
    fake.fail(Fault(of="Set-ImapSettings"))
    fake.fail(Fault(of="Set-ImapSettings", error=second, sent=False, nth=2))

    outcome = enable(fake, fake.transport())

    assert len(fake.writes) == 2
    assert outcome.failed is not None
    assert outcome.failed.effect is UNKNOWN


def test_whole_values_are_not_sent_again_to_a_server_that_is_too_slow() -> None:
    """It may be at it still."""
    fake = FakeExchange(servers=["MBX01"])
    fake.fail(Fault(of="Set-ImapSettings", error=xi.TransportTimeoutError))

    outcome = enable(fake, fake.transport())

    assert len(fake.writes) == 1
    assert outcome.failed is not None
    assert outcome.failed.effect is UNKNOWN


def test_an_edit_made_by_hand_is_never_sent_again() -> None:
    """Done twice it is not the same as once."""
    fake = FakeExchange(servers=["MBX01"])
    server = xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport())
    edit = xi.SetImapSettings(server="MBX01", ssl_bindings=xi.ListEdit(add=(xi.Binding.parse("10.0.0.1:993"),)))
    plan = xi.Plan(server="MBX01", before=server.state(), steps=(xi.Step(edit, "by hand"),))
    fake.fail(Fault(of="Set-ImapSettings"))

    with pytest.raises(xi.ApplyError) as caught:
        server.apply(plan)

    assert len(fake.writes) == 1
    assert caught.value.outcome.failed is not None
    assert caught.value.outcome.failed.effect is UNKNOWN


def test_steps_that_are_alike_are_told_apart() -> None:
    """A plan made by hand may restart a service twice."""
    fake = FakeExchange(servers=["MBX01"])
    enable(fake, fake.transport())
    server = xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport())
    step = xi.Step(RESTART, "by hand")
    plan = xi.Plan(server="MBX01", before=server.state(), steps=(step, step, step))
    fake.fail(Fault(of="Restart-Service", nth=2))

    with pytest.raises(xi.ApplyError) as caught:
        server.apply(plan)

    assert (caught.value.outcome.applied, caught.value.outcome.not_tried) == ((step,), (step,))
