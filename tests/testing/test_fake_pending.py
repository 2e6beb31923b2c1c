"""Laws of the fake: settings are stored at once, and effective when both services have read them."""

from __future__ import annotations

from functools import reduce
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, FakeServer
from support.examples import share

FRONT, BACK = "MSExchangeImap4", "MSExchangeIMAP4BE"

writes = st.builds(
    xi.SetImapSettings,
    banner=st.just(xi.UNSET) | st.text("ab ", max_size=3),
    max_connections_per_user=st.just(xi.UNSET) | st.integers(1, 3),
    login_type=st.just(xi.UNSET) | st.sampled_from(xi.LoginType),
    ssl_bindings=st.just(xi.UNSET) | st.none() | st.sampled_from([("0.0.0.0:993",), ("[::]:993", "0.0.0.0:993")]),
)
restarts = st.sampled_from([xi.RestartService(name=(FRONT,)), xi.RestartService(name=(BACK,))])


def running() -> tuple[FakeExchange, FakeServer]:
    """Make one server whose IMAP4 services run."""
    fake = FakeExchange(servers=["MBX01"])
    server = fake.server("MBX01")
    for name in (FRONT, BACK):
        server.set_service(name, status=xi.ServiceStatus.Running)
    return fake, server


def run(fake: FakeExchange, command: xi.Cmdlet) -> xi.Reply:
    """Run one cmdlet, which must succeed."""
    reply = fake.transport().run(xi.Pipeline((command,)))
    assert reply.errors == ()
    return reply


def fold(settings: xi.ImapSettings, write: xi.SetImapSettings) -> xi.ImapSettings:
    """Apply one write to a snapshot, by hand."""
    stated: dict[str, Any] = {  # Any: fields of several types
        "banner": write.banner,
        "max_connections_per_user": write.max_connections_per_user,
        "login_type": write.login_type,
        "ssl_bindings": () if write.ssl_bindings is None else write.ssl_bindings,
    }
    return attrs.evolve(settings, **{field: value for field, value in stated.items() if value is not xi.UNSET})


@share(5)
@given(st.lists(writes, max_size=4))
def test_stored_is_the_fold_of_all_writes(commands: list[xi.SetImapSettings]) -> None:
    """Whatever is written in whatever order, the directory holds the sum of it, and a read answers that."""
    fake, server = running()
    expected = reduce(fold, commands, server.stored)
    for command in commands:
        run(fake, command)
    read = xi.ImapSettings.from_record(run(fake, xi.GetImapSettings()).records[0])
    assert read == server.stored
    assert read.to_cmdlet() == expected.to_cmdlet()


@share(5)
@given(st.lists(writes | restarts, max_size=8))
def test_effective_is_what_both_services_have_read(commands: list[xi.Cmdlet]) -> None:
    """The older of the two readings is what clients meet; a warning comes with every write that becomes pending."""
    fake, server = running()
    history = [server.stored]
    read = {FRONT: 0, BACK: 0}
    for command in commands:
        reply = run(fake, command)
        if isinstance(command, xi.RestartService):
            assert isinstance(command.name, tuple)
            read[command.name[0]] = len(history) - 1
        elif reply.warnings[-1].startswith("Changes"):
            history.append(server.stored)
        assert server.effective == history[min(read.values())]
        assert (server.loaded(FRONT), server.loaded(BACK)) == (history[read[FRONT]], history[read[BACK]])


@share(5)
@given(st.lists(writes, max_size=2))
def test_nothing_is_pending_once_both_were_restarted(commands: list[xi.SetImapSettings]) -> None:
    """Before, exactly what differs from what the services run with is pending."""
    fake, server = running()
    before = server.stored
    for command in commands:
        run(fake, command)
    assert server.pending == (server.stored.to_cmdlet() != before.to_cmdlet())
    for name in (FRONT, BACK):
        run(fake, xi.RestartService(name=(name,)))
    assert (server.pending, server.effective) == (False, server.stored)


def test_nothing_is_pending_or_effective_while_the_services_are_stopped() -> None:
    """A stopped service runs with nothing, and reads what is stored when it starts."""
    fake = FakeExchange(servers=["MBX01"])
    server = fake.server("MBX01")
    run(fake, xi.SetImapSettings(banner="Hi"))
    run(fake, xi.StartService(name=(FRONT,)))
    assert (server.pending, server.effective, server.loaded(BACK)) == (False, None, None)
    run(fake, xi.StartService(name=(BACK,)))
    assert server.effective == server.stored


def test_a_stopped_service_forgets_what_it_had_read() -> None:
    """Half of the pair is not enough for a client to be served."""
    fake, server = running()
    run(fake, xi.StopService(name=(BACK,)))
    assert (server.effective, server.loaded(BACK), server.loaded(FRONT)) == (None, None, server.stored)


def test_somebody_else_may_change_the_directory() -> None:
    """Another administrator's change is pending like one's own, whatever it holds."""
    _, server = running()
    server.stored = attrs.evolve(server.stored, max_command_size=40)
    assert server.pending
    assert server.effective is not None
    assert server.effective.max_command_size == 10240
