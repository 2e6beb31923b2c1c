"""Failures on purpose: of the n-th command, before or after its effect."""

from __future__ import annotations

import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, Fault

WRITE = xi.SetImapSettings(banner="Hi")
READ = xi.GetImapSettings()
REFUSAL = xi.ErrorRecord(message="No.", category="ResourceUnavailable", fully_qualified_error_id="Busy,Test")


def run(fake: FakeExchange, command: xi.Cmdlet) -> xi.Reply:
    """Run one cmdlet."""
    return fake.transport().run(xi.Pipeline((command,)))


def fails(fake: FakeExchange, command: xi.Cmdlet) -> bool:
    """Run one cmdlet and say whether its answer was lost."""
    try:
        run(fake, command)
    except xi.TransportError:
        return True
    return False


@pytest.fixture
def fake() -> FakeExchange:
    """One new server."""
    return FakeExchange(servers=["MBX01"])


class TestEffect:
    """Before the effect, or after it."""

    @pytest.mark.parametrize(
        ("effect", "banner"), [(False, "The Microsoft Exchange IMAP4 service is ready."), (True, "Hi")]
    )
    def test_is_as_arranged_when_the_answer_is_lost(self, fake: FakeExchange, effect: bool, banner: str) -> None:
        """The client sees the same either way: that is what makes it hard."""
        fault = Fault(effect=effect)
        fake.fail(fault)
        with pytest.raises(xi.TransportError) as caught:
            run(fake, WRITE)
        assert (caught.value.command, caught.value.sent) == ("Set-ImapSettings -Banner Hi", None)
        assert fake.server("MBX01").stored.banner == banner
        assert [(entry.fault, entry.effect) for entry in fake.log] == [(fault, effect)]

    @pytest.mark.parametrize("effect", [False, True])
    def test_is_as_arranged_when_the_server_refuses(self, fake: FakeExchange, effect: bool) -> None:
        """An error record may come of a command that did its work all the same."""
        fake.fail(Fault(error=REFUSAL, effect=effect))
        reply = run(fake, WRITE)
        assert (reply.errors, bool(reply.warnings)) == ((REFUSAL,), effect)
        assert (fake.log[0].refused, fake.log[0].effect) == ("Busy,Test", effect)

    def test_cannot_come_of_what_was_never_sent(self) -> None:
        """A client that knows that nothing was sent is right about it."""
        with pytest.raises(xi.InvalidValueError, match=r"Fault\.sent"):
            Fault(effect=True, sent=False)

    @pytest.mark.parametrize(
        "error", [xi.TransportError, xi.TransportTimeoutError, xi.AuthenticationError, xi.EndpointError]
    )
    @pytest.mark.parametrize("sent", [None, True, False])
    def test_is_told_by_any_transport_error(
        self,
        fake: FakeExchange,
        error: type[xi.TransportError],
        sent: bool | None,
    ) -> None:
        """The class and what the client knows are as arranged."""
        fake.fail(Fault(error=error, sent=sent))
        with pytest.raises(error) as caught:
            run(fake, WRITE)
        assert (type(caught.value), caught.value.sent) == (error, sent)


class TestCounting:
    """Which command a fault strikes."""

    @pytest.mark.parametrize(
        ("fault", "struck"),
        [
            pytest.param(Fault(), [0], id="the next"),
            pytest.param(Fault(nth=3), [2], id="the third"),
            pytest.param(Fault(writes=True), [1], id="the next write"),
            pytest.param(Fault(writes=True, nth=2), [3], id="the second write"),
            pytest.param(Fault(of="get-imapsettings", nth=2), [2], id="the second of a name"),
            pytest.param(Fault(of="*-Service"), [4], id="the next of a pattern"),
            pytest.param(Fault(of="*-Service", writes=True), [], id="none that counts"),
            pytest.param(Fault(nth=6), [], id="one that never comes"),
        ],
    )
    def test_follows_what_counts(self, fake: FakeExchange, fault: Fault, struck: list[int]) -> None:
        """Commands are counted from when the fault was arranged, and it strikes once."""
        fake.fail(fault)
        commands = (READ, WRITE, READ, WRITE, xi.GetService())
        outcome = [fails(fake, command) for command in commands]
        assert [place for place, failed in enumerate(outcome) if failed] == struck
        assert fake.faults == (() if struck else (fault,))

    def test_begins_when_the_fault_is_arranged(self, fake: FakeExchange) -> None:
        """What ran before does not count."""
        run(fake, READ)
        fake.fail(Fault(nth=2))
        assert [fails(fake, READ) for _ in range(3)] == [False, True, False]

    def test_lets_one_fault_strike_at_a_time(self, fake: FakeExchange) -> None:
        """Two that are due strike two commands, one after the other."""
        fake.fail(Fault())
        fake.fail(Fault())
        assert [fails(fake, READ) for _ in range(3)] == [True, True, False]

    def test_leaves_out_what_only_asks(self, fake: FakeExchange) -> None:
        """A write with -WhatIf is no write."""
        fake.fail(Fault(writes=True))
        commands = (xi.SetImapSettings(banner="Hi", what_if=True), xi.SetImapSettings(banner="Hi", what_if=False))
        assert [fails(fake, command) for command in commands] == [False, True]

    @pytest.mark.parametrize(
        ("nth", "of", "field"), [(0, "*", "Fault.nth"), (1, "Set-ImapSetting", "Fault.of"), (1, "New-*", "Fault.of")]
    )
    def test_refuses_what_could_never_strike(self, nth: int, of: str, field: str) -> None:
        """A slip in a test would let it pass for the wrong reason."""
        with pytest.raises(xi.InvalidValueError) as caught:
            Fault(nth=nth, of=of)
        assert caught.value.field == field


@pytest.mark.parametrize(
    ("command", "struck"),
    [
        (xi.GetImapSettings(server="mbx02.contoso.com"), True),
        (xi.GetReceiveConnector(identity=r"MBX02\Client Frontend MBX02"), True),
        (xi.GetService(name=("W3SVC",), computer_name=("MBX02",)), True),
        (xi.GetImapSettings(), False),
        (xi.GetImapSettings(server="MBX01"), False),
        (xi.SetImapSettings(server="MBX01", banner="MBX02"), False),
        (xi.GetReceiveConnector(identity="Client Frontend*"), False),
    ],
    ids=str,
)
def test_a_fault_may_be_of_one_server(command: xi.Cmdlet, struck: bool) -> None:
    """The server that the command names; without one the session's."""
    fake = FakeExchange(servers=["MBX01", "MBX02"])
    fake.fail(Fault(server="mbx02", error=REFUSAL))

    reply = fake.transport(server="MBX01").run(xi.Pipeline((command,)))

    assert (reply.errors == (REFUSAL,)) is struck
    assert bool(fake.faults) is not struck


def test_a_fault_of_a_server_strikes_in_a_session_on_it() -> None:
    """Where the command names none."""
    fake = FakeExchange(servers=["MBX01", "MBX02"])
    fake.fail(Fault(server="MBX02", error=REFUSAL))

    assert fake.transport(server="MBX02").run(xi.Pipeline((xi.GetImapSettings(),))).errors == (REFUSAL,)


def test_a_fault_of_a_server_that_is_not_there_is_refused() -> None:
    """It could never strike."""
    with pytest.raises(xi.InvalidValueError, match="one of MBX01"):
        FakeExchange(servers=["MBX01"]).fail(Fault(server="MBX02"))
