"""What no cmdlet of the fake takes: a program's arguments without names, and a password as text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import exchange_imap as xi
from exchange_imap._powershell.syntax import String
from exchange_imap.testing import FakeExchange, PsrpServer


@pytest.fixture
def fake() -> FakeExchange:
    """Return a fake that keeps what reached it."""
    return FakeExchange(servers=["MBX01"])


@pytest.fixture
def psrp(fake: FakeExchange) -> Iterator[PsrpServer]:
    """Serve it on the loopback."""
    with PsrpServer(fake) as server:
        yield server


def arrived(fake: FakeExchange, place: int = 0) -> list[tuple[str, object]]:
    """Return the parameters of a command as they reached the server."""
    (command,) = fake.log[place].pipeline.commands
    return [(parameter.name, parameter.value) for parameter in command.parameters]


def test_a_program_s_arguments_arrive_without_names(psrp: PsrpServer, fake: FakeExchange) -> None:
    """In their order; the fake has no IIS and says so."""
    with psrp.windows() as transport:
        reply = transport.run(xi.Pipeline((xi.NetStop(yes=True),)))

    assert arrived(fake) == [("", String("stop")), ("", String("w3svc")), ("", String("/y"))]
    assert [error.fully_qualified_error_id for error in reply.errors] == ["CommandNotFoundException"]


def test_a_program_among_several_commands_gets_no_parameter_of_cmdlets(psrp: PsrpServer, fake: FakeExchange) -> None:
    """``-ErrorAction`` would be an argument to it."""
    statements = [xi.Pipeline((xi.GetService(name=("MSExchangeIMAP4",)),)), xi.Pipeline((xi.NetStart(),))]
    with psrp.windows() as transport:
        transport.run_batch(statements)

    assert arrived(fake, 1) == [("", String("start")), ("", String("w3svc"))]


def test_a_password_that_is_text_arrives_as_text(psrp: PsrpServer, fake: FakeExchange) -> None:
    """No key is exchanged for it, and nothing that came back shows it."""
    cmdlet = xi.InvokeMonitoringProbe(identity="a", server="MBX01", password=xi.Secret("correct-horse"))
    with psrp.exchange() as transport:
        reply = transport.run(xi.Pipeline((cmdlet,)))

    assert arrived(fake)[-1] == ("Password", String("correct-horse"))
    assert psrp.requests["Send"] == 0
    assert "correct-horse" not in f"{reply!r} {reply} {reply.records} {reply.errors}"
