"""Unmodified pypsrp opens shells on the loopback server, uses them in every way it knows, and closes them."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from exchange_imap.testing import FakeExchange, NewServer, PsrpServer
from support import wire
from support.wire import EXCHANGE, WINDOWS


@pytest.fixture
def psrp() -> Iterator[PsrpServer]:
    """Serve two freshly installed servers; the first is the one that one is connected to."""
    with PsrpServer(FakeExchange(servers=["MBX01", "MBX02"])) as psrp:
        yield psrp
    assert psrp.errors == []
    assert psrp.open_shells == 0


def test_each_step_costs_the_requests_that_it_costs_with_windows(psrp: PsrpServer) -> None:
    """Three to open, two for a command, one to let the shell forget it, one to close."""
    with wire.pool(psrp.port) as pool:
        assert psrp.requests == {"Create": 1, "Receive": 2}
        shell = wire.command(pool, "Get-ImapSettings")
        shell.invoke()
        assert psrp.requests == {"Create": 1, "Receive": 3, "Command": 1}
        assert psrp.open_commands == 1
        shell.close()
        assert psrp.requests["Signal"] == 1
        assert (psrp.open_commands, psrp.open_shells) == (0, 1)

    assert psrp.requests == {"Create": 1, "Receive": 3, "Command": 1, "Signal": 1, "Delete": 1}
    assert psrp.connections == 1


@pytest.mark.parametrize(("path", "cmdlet"), [(EXCHANGE, "Get-ImapSettings"), (WINDOWS, "Get-Service")])
def test_each_door_has_its_own_cmdlets(psrp: PsrpServer, path: str, cmdlet: str) -> None:
    """And not those of the other."""
    other = {"Get-ImapSettings": "Get-Service", "Get-Service": "Get-ImapSettings"}[cmdlet]
    with wire.pool(psrp.port, path) as pool:
        assert wire.run(pool, cmdlet).output
        refused = wire.run(pool, other)

    assert (wire.ids(refused), refused.had_errors) == (["CommandNotFoundException"], True)


@pytest.mark.parametrize("path", ["powershell", "POWERSHELL/", "PowerShell?serializationLevel=Full"])
def test_a_path_is_read_as_iis_reads_it(psrp: PsrpServer, path: str) -> None:
    """In any case, with or without a slash at its end or a query."""
    with closing(wire.connect(psrp.port, path)) as connection:
        pool = wire.powershell.RunspacePool(connection, configuration_name="Microsoft.Exchange")
        pool.open()
        pool.close()


def test_a_pool_tells_and_changes_how_many_runspaces_it_has(psrp: PsrpServer) -> None:
    """As many commands run side by side."""
    psrp.slow = {"Get-Service": 30}
    with wire.pool(psrp.port, WINDOWS) as pool:
        assert pool.get_available_runspaces() == 1
        pool.max_runspaces = 3
        pool.min_runspaces = 2
        assert pool.get_available_runspaces() == 3
        running = [wire.command(pool, "Get-Service") for _ in range(2)]
        for each in running:
            each.begin_invoke()
        while pool.get_available_runspaces() == 3:
            """Its thread has not begun."""
        assert wire.run(pool, "Set-Service", Name="MSExchangeImap4", StartupType="Automatic").had_errors is False
        for each in running:
            each.stop()


def test_commands_beyond_the_runspaces_wait(psrp: PsrpServer) -> None:
    """One runspace runs one command at a time; one that waits can be stopped too, and then never runs."""
    psrp.slow = {"Get-Service": 30}
    with wire.pool(psrp.port, WINDOWS) as pool:
        first, second = wire.command(pool, "Get-Service"), wire.command(pool, "Stop-Service", Name="MSExchangeImap4")
        first.begin_invoke()
        second.begin_invoke()
        second.stop()
        second.close()
        first.stop()

    assert psrp.fake.log == ()


def test_the_other_requests_of_a_pool(psrp: PsrpServer) -> None:
    """Its state is reset, it is asked whether it lives, and for the size of its envelopes."""
    with wire.pool(psrp.port, WINDOWS) as pool:
        pool.reset_runspace_state()
        assert pool.is_alive()
        pool.connection.update_max_payload_size()

    assert pool.connection.max_envelope_size == psrp.max_envelope * 1024
    assert psrp.requests["Get"] == 2


def test_commands_are_not_described(psrp: PsrpServer) -> None:
    """A client that asks gets that answer at once."""
    with wire.pool(psrp.port) as pool:
        shell = wire.powershell.PowerShell(pool)
        shell._invoke(wire.powershell.GetCommandMetadata(["Get-*"], 1))
        shell.end_invoke()

    assert wire.ids(shell) == ["CommandMetadataNotModelled"]


def test_a_shell_is_left_and_taken_up_again(psrp: PsrpServer) -> None:
    """While nobody is connected it does nothing."""
    with wire.pool(psrp.port, WINDOWS) as pool:
        pool.disconnect()
        pool.state = wire.powershell.RunspacePoolState.OPENED
        with pytest.raises(wire.Fault) as caught:
            wire.command(pool, "Get-Service").invoke()
        assert caught.value.code == 2150859204
        pool.state = wire.powershell.RunspacePoolState.DISCONNECTED
        pool.connect()

        assert wire.run(pool, "Get-Service").output


def test_a_shell_is_taken_over_by_another_client(psrp: PsrpServer) -> None:
    """With the command that runs in it."""
    with closing(wire.connect(psrp.port, WINDOWS)) as first, closing(wire.connect(psrp.port, WINDOWS)) as second:
        left = wire.powershell.RunspacePool(first)
        left.open()
        wire.command(left, "Get-Service", "MSExchangeImap4").begin_invoke()
        left.disconnect()
        (taken,) = wire.powershell.RunspacePool.get_runspace_pools(second)
        taken.connect()
        (running,) = taken.create_disconnected_power_shells() or taken.pipelines.values()

        assert len(running.connect()) == 1
        assert taken.protocol_version == "2.3"
        taken.close()


def test_a_shell_without_a_number_gets_one(psrp: PsrpServer) -> None:
    """The client learns it from the answer."""
    with closing(wire.connect(psrp.port)) as connection:
        pool = wire.powershell.RunspacePool(connection, configuration_name="Microsoft.Exchange")
        pool.shell.id = None
        pool.open()
        assert pool.shell.id
        pool.close()


def test_a_long_answer_comes_in_parts_and_a_long_question_too(psrp: PsrpServer) -> None:
    """What does not fit into an envelope is cut, both ways."""
    banner = "a" * 1_000_000
    with wire.pool(psrp.port) as pool:
        refused = wire.run(pool, "Set-ImapSettings", Banner=banner)
        receives = psrp.requests["Receive"]

    assert psrp.requests["Send"] == 2
    assert receives > 4
    assert banner in str(refused.streams.error[0])


def test_a_client_with_small_envelopes_gets_small_answers(psrp: PsrpServer) -> None:
    """It says how much it takes."""
    with wire.pool(psrp.port, max_envelope_size=153600) as pool:
        pool.connection.max_envelope_size = 153600
        wire.run(pool, "Set-ImapSettings", Banner="a" * 300_000)

    assert psrp.requests["Receive"] >= 2 + 3


def test_a_receive_waits_as_long_as_it_is_asked_to(psrp: PsrpServer) -> None:
    """Then it says that there is nothing yet, and pypsrp asks again."""
    psrp.slow = {"get-imapsettings": 1.2}
    with wire.pool(psrp.port, operation_timeout=1) as pool:
        assert wire.run(pool, "Get-ImapSettings").output

    assert psrp.requests["Receive"] > 3


def test_a_receive_that_is_repeated_gets_what_the_first_got(psrp: PsrpServer) -> None:
    """A client whose time was up asks again in the same words, also while the first question still waits."""
    psrp.slow = {"Get-ImapSettings": 1.5}
    with wire.pool(psrp.port, operation_timeout=20, read_timeout=1) as pool:
        assert wire.run(pool, "Get-ImapSettings").output

    assert psrp.requests["Receive"] > 3
    assert len(psrp.fake.log) == 1


def test_answers_are_kept_for_repetitions_only_for_a_while(psrp: PsrpServer) -> None:
    """Sixteen of them; the shell's memory does not grow."""
    with wire.pool(psrp.port) as pool:
        for _ in range(20):
            wire.run(pool, "Get-ImapSettings")
        (shell,) = psrp._shells.open

        assert len(shell._answers) == 16


def test_a_command_that_runs_is_stopped(psrp: PsrpServer) -> None:
    """It ends as a stopped one does, with PowerShell's own record, and has had no effect."""
    psrp.slow = {"Set-ImapSettings": 60}
    with wire.pool(psrp.port) as pool:
        shell = wire.command(pool, "Set-ImapSettings", Banner="x")
        shell.begin_invoke()
        pool.shell.signal("http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/ctrl_c", shell.id)
        shell.end_invoke()
        shell.close()

        assert shell.state == wire.complex_objects.PSInvocationState.STOPPED
        assert wire.ids(shell) == ["PipelineStopped"]
        assert wire.run(pool, "Get-ImapSettings").output
    assert psrp.fake.writes == ()


def test_who_waits_for_a_command_is_told_when_it_is_removed(psrp: PsrpServer) -> None:
    """Or when its shell is."""
    psrp.slow = {"Get-ImapSettings": 60}
    codes = []

    def wait(shell: Any) -> None:  # Any: pypsrp as it comes
        with closing(wire.connect(psrp.port)) as connection:
            shell.runspace_pool.shell.wsman = connection
            with pytest.raises(wire.Fault) as caught:
                shell.end_invoke()
        codes.append(caught.value.code)

    for end in ("command", "shell"):
        with wire.pool(psrp.port) as pool:
            shell = wire.command(pool, "Get-ImapSettings")
            shell.begin_invoke()
            waiting = threading.Thread(target=wait, args=(shell,))
            receives = psrp.requests["Receive"]
            waiting.start()
            while psrp.requests["Receive"] == receives:
                """It has not asked yet."""
            if end == "command":
                wire.send(pool, "signal", f"<Signal CommandId='{shell.id}'><Code>x/terminate</Code></Signal>")
            else:
                pool.close()
            waiting.join()

    assert codes == [2150858843] * 2


def test_the_home_of_a_session_is_the_server_that_is_named() -> None:
    """For the services, and for what is said without a server."""
    fake = FakeExchange(servers=["MBX01", NewServer("MBX02")])
    with PsrpServer(fake, server="mbx02.contoso.com") as psrp, wire.pool(psrp.port) as pool:
        wire.run(pool, "Set-ImapSettings", Banner="mine")
        with wire.pool(psrp.port, WINDOWS) as windows:
            wire.run(windows, "Start-Service", "MSExchangeImap4")

    assert [entry.server for entry in fake.log] == ["MBX02", "MBX02"]


def test_it_says_where_it_is_and_no_secret(psrp: PsrpServer) -> None:
    """The port is chosen when it starts."""
    assert repr(psrp) == f"<PsrpServer http://127.0.0.1:{psrp.port}>"
    assert psrp.port > 0


def test_every_thread_ends_with_it_whoever_is_connected() -> None:
    """A command that runs, one that waits for it, one that waits for an answer, and a connection that says nothing."""
    before = set(threading.enumerate())
    with PsrpServer(FakeExchange(servers=["MBX01"]), slow={"Get-ImapSettings": 60}) as psrp:
        silent = http.client.HTTPConnection(psrp.host, psrp.port)
        silent.connect()
        connection = wire.connect(psrp.port)
        pool = wire.powershell.RunspacePool(connection, configuration_name="Microsoft.Exchange")
        pool.open()
        for _ in range(2):
            wire.command(pool, "Get-ImapSettings").begin_invoke()
    with closing(silent), closing(connection), pytest.raises(wire.powershell.requests.exceptions.ConnectionError):
        pool.close()

    assert set(threading.enumerate()) == before
    assert psrp.errors == []


def test_it_starts_again_on_its_port_as_a_server_that_was_restarted() -> None:
    """Its shells have gone; what the fake knows has not."""
    psrp = PsrpServer(FakeExchange(servers=["MBX01"]))
    psrp.start()
    port = psrp.port
    with closing(wire.connect(port)) as connection:
        pool = wire.powershell.RunspacePool(connection, configuration_name="Microsoft.Exchange")
        pool.open()
        wire.run(pool, "Set-ImapSettings", Banner="kept")
        psrp.close()
        psrp.close()
        psrp.start()
        with pytest.raises(wire.Fault) as caught:
            wire.command(pool, "Get-ImapSettings").invoke()
    with wire.pool(port) as pool:
        (settings,) = wire.run(pool, "Get-ImapSettings").output
    psrp.close()

    assert (psrp.port, caught.value.code) == (port, 2150858843)
    assert settings.adapted_properties["Banner"] == "kept"
