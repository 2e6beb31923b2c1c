"""One session kept well: opened once, closed for certain, bounded in time and memory, safe to share."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import tracemalloc
from collections import UserDict
from collections.abc import Callable, ItemsView, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from pypsrp.powershell import PowerShell

import exchange_imap as xi
from exchange_imap._powershell.syntax import String
from exchange_imap._transports.psrp import session as session_module
from exchange_imap.testing import FakeExchange, PsrpServer, WireFault, WireFaultKind
from support.examples import is_long
from support.requests_seen import RequestsSeen

READ = xi.Pipeline((xi.GetImapSettings(server="MBX01"),))
WRITE = xi.Pipeline((xi.SetImapSettings(server="MBX01", banner="x"),))
SHORT: xi.PsrpOptions = {"operation_timeout": 1, "read_timeout": 2}


@pytest.fixture
def fake() -> FakeExchange:
    """Return a freshly installed server."""
    return FakeExchange(servers=["MBX01"])


@pytest.fixture
def psrp(fake: FakeExchange) -> Iterator[PsrpServer]:
    """Serve it."""
    with PsrpServer(fake) as psrp:
        yield psrp
    assert psrp.errors == []


def test_nothing_is_sent_before_the_first_command(psrp: PsrpServer) -> None:
    """Making a transport is free."""
    with psrp.exchange():
        assert not psrp.requests


def test_opening_a_command_and_closing_cost_what_they_must(psrp: PsrpServer) -> None:
    """Three requests to open, two for a command, one to close; a second command opens nothing."""
    with psrp.exchange() as transport:
        transport.run(READ)
        transport.run(READ)

    assert psrp.requests == {"Create": 1, "Receive": 4, "Command": 2, "Delete": 1}
    assert psrp.open_shells == 0


def test_the_state_is_shown(psrp: PsrpServer) -> None:
    """Not open, open, closed; and where."""
    transport = psrp.exchange()
    assert repr(transport) == f"<PsrpTransport Microsoft.Exchange at {psrp.url}/PowerShell: not open>"
    transport.run(READ)
    assert repr(transport).endswith(": open>")
    transport.close()
    assert repr(transport).endswith(": closed>")


def test_a_session_that_is_not_closed_ends_with_the_interpreter(psrp: PsrpServer) -> None:
    """A caller forgot to close it; the server is still asked to delete the shell."""
    user, password = psrp.credential or ("", "")
    code = (
        "import exchange_imap as xi\n"
        f"transport = xi.PsrpTransport.exchange('127.0.0.1', port={psrp.port}, auth='basic', username={user!r},"
        f" password={password!r}, allow_insecure=True)\n"
        "print(len(transport.run(xi.Pipeline((xi.GetImapSettings(),))).records))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "1\n"
    assert (psrp.requests["Delete"], psrp.open_shells) == (1, 0)


def test_a_session_that_nobody_holds_any_more_is_closed(psrp: PsrpServer) -> None:
    """Dropping it is enough."""
    psrp.exchange().run(READ)
    gc.collect()

    assert psrp.open_shells == 0


FORKED = """
import os, sys
import exchange_imap as xi

read = xi.Pipeline((xi.GetImapSettings(),))
transport = xi.PsrpTransport.exchange("127.0.0.1", **{options})
transport.run(read)
child = os.fork()
if child == 0:
    if "run" in sys.argv:
        transport.run(read)
    if "close" in sys.argv:
        transport.close()
    sys.exit(0)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
transport.run(read)
print(status)
"""


@pytest.mark.parametrize("does", ["nothing", "run", "close", "run close"])
@pytest.mark.parametrize("auth", ["basic", "ntlm"])
def test_a_fork_leaves_the_session_to_the_process_that_opened_it(fake: FakeExchange, does: str, auth: str) -> None:
    """It opens one of its own when it needs one, and deletes no other."""
    with PsrpServer(fake, authentication=["basic", "negotiate"]) as psrp:
        user, password = psrp.credential or ("", "")
        options = {"port": psrp.port, "auth": auth, "username": user, "password": password, "allow_insecure": True}
        code = FORKED.replace("{options}", repr(options))

        done = subprocess.run(
            [sys.executable, "-c", code, *does.split()], capture_output=True, text=True, check=True, timeout=60
        )

        opened = 1 + ("run" in does)
        assert done.stdout == "0\n"
        assert (psrp.requests["Create"], psrp.requests["Delete"], psrp.open_shells) == (opened, opened, 0)
        assert psrp.errors == []


def test_in_another_process_there_is_no_shell_yet(fake: FakeExchange, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that is there is left alone, and so is a thread that uses it."""
    process = os.getpid()
    with PsrpServer(fake) as psrp:
        unused, transport = psrp.exchange(), psrp.exchange()
        transport.run(READ)
        transport._turn.acquire()
        monkeypatch.setattr(os, "getpid", lambda: process + 1)

        assert repr(transport).endswith(": not open>")
        transport.run(READ)
        assert psrp.open_shells == 2
        transport.close()
        unused._session.close()

        assert (psrp.requests["Create"], psrp.requests["Delete"], psrp.open_shells) == (2, 1, 1)


CLIENT = [tracemalloc.Filter(True, f"*/{each}/*") for each in ("_transports", "pypsrp", "requests", "urllib3")]


def held_by_the_client() -> int:
    """Return the bytes that the client's own modules and libraries hold; the fake, in the same process, keeps a log."""
    gc.collect()
    return sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces(CLIENT).traces)


def pipelines() -> list[PowerShell]:
    """Return the pipelines that are in memory."""
    gc.collect()
    return [each for each in gc.get_objects() if isinstance(each, PowerShell)]


@pytest.mark.law
def test_many_commands_leave_nothing_behind(psrp: PsrpServer, record_property: Callable[[str, object], None]) -> None:
    """No pipeline is kept, the shell has few commands, and memory does not grow with their number."""
    counted, others = 150 if is_long() else 50, pipelines()
    with psrp.exchange() as transport:
        for _ in range(1000 if is_long() else 50):
            transport.run(READ)
        tracemalloc.start()
        for _ in range(20):
            transport.run(READ)
        before = held_by_the_client()
        assert before, "the filter names the client's files"
        for _ in range(counted):
            transport.run(READ)
        grown = held_by_the_client() - before
        tracemalloc.stop()
        kept = len(pipelines()) - len(others)
        left = psrp.open_commands

    sent = psrp.requests["Command"]
    kept_text = f"the last {counted} kept {grown} bytes, {kept} pipelines"
    record_property("figure", f"PSRP: {sent:,} commands on one session; {kept_text}")
    assert kept == 0
    assert left <= 32
    assert psrp.requests["Create"] == psrp.peak_shells == 1
    assert grown < counted * 40, "forty bytes a command are less than the smallest object"


def test_commands_of_many_threads_take_turns(psrp: PsrpServer) -> None:
    """One session, one shell, one command at a time; every answer is whole."""
    with psrp.exchange() as transport, ThreadPoolExecutor(8) as executor:
        replies = list(executor.map(lambda _: transport.run(READ), range(64)))

    assert {reply.records for reply in replies} == {replies[0].records}
    assert (psrp.requests["Create"], psrp.requests["Command"]) == (1, 64)


def test_forty_threads_with_a_server_each_all_succeed(record_property: Callable[[str, object], None]) -> None:
    """Each with both its sessions; never more shells than that."""
    names = [f"MBX{number:02}" for number in range(1, 41)]
    fake = FakeExchange(servers=names)

    def settings(name: str) -> xi.ImapSettings:
        with xi.ImapServer(name, exchange=loopback.exchange(), windows=loopback.windows()) as server:
            server.run(xi.SetImapSettings(server=name, banner=f"This is {name}."))
            server.services()
            return server.settings()

    with PsrpServer(fake, shell_limit=80) as loopback, ThreadPoolExecutor(40) as executor:
        banners = {each.banner for each in executor.map(settings, names)}

    assert banners == {f"This is {name}." for name in names}
    assert loopback.errors == []
    assert (loopback.open_shells, loopback.requests["Create"]) == (0, 80)
    assert loopback.peak_shells <= 80
    peak = loopback.peak_shells
    record_property("figure", f"PSRP: 40 threads x one server each, all succeed; {peak} shells at the most")


def test_a_request_is_valid_while_another_thread_makes_a_connection(
    psrp: PsrpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ElementTree has one table of prefixes, and pypsrp takes each prefix out of it and puts it back."""
    uri, register = "http://www.w3.org/XML/1998/namespace", ET.register_namespace
    taken_out, written = threading.Event(), threading.Event()

    def slowly(prefix: str, namespace: str) -> None:
        if namespace == uri:
            table: dict[str, str] = vars(ET)["_namespace_map"]
            del table[uri]
            taken_out.set()
            written.wait(0.2)
        register(prefix, namespace)

    with psrp.exchange() as first, psrp.exchange() as second, ThreadPoolExecutor(1) as executor:
        first.run(READ)
        monkeypatch.setattr(ET, "register_namespace", slowly)
        opening = executor.submit(second.run, READ)
        taken_out.wait()
        reply = first.run(READ)
        written.set()
        assert opening.result().records == reply.records


def test_a_shell_that_has_gone_is_opened_again_for_a_reading_command(psrp: PsrpServer) -> None:
    """The server closes what is idle; a reader need not know."""
    with psrp.exchange() as transport:
        transport.run(READ)
        psrp.fail(WireFault(kind=WireFaultKind.IDLE_DROP, action="Command"))

        assert len(transport.run(READ).records) == 1
    assert (psrp.requests["Create"], psrp.open_shells) == (2, 0)


def test_a_shell_that_has_gone_refuses_a_writing_command_once(psrp: PsrpServer, fake: FakeExchange) -> None:
    """Nothing was sent, says the error; the next command opens another shell."""
    with psrp.exchange() as transport:
        transport.run(READ)
        psrp.fail(WireFault(kind=WireFaultKind.IDLE_DROP, action="Command"))

        with pytest.raises(xi.TransportError, match="no longer there") as caught:
            transport.run(WRITE)

        assert caught.value.sent is False
        assert not fake.writes
        transport.run(WRITE)
    assert len(fake.writes) == 1


def test_a_command_is_stopped_at_its_deadline(psrp: PsrpServer, fake: FakeExchange) -> None:
    """It never takes effect, the shell forgets it, and the session goes on."""
    psrp.slow = {"Set-ImapSettings": 60}
    with psrp.exchange() as transport:
        with pytest.raises(
            xi.TransportTimeoutError, match="not done in the time allowed: the command was stopped"
        ) as caught:
            transport.run(WRITE, timeout=timedelta(seconds=1))

        assert caught.value.sent is True
        assert not fake.writes
        assert psrp.open_commands == 0
        assert len(transport.run(READ).records) == 1
    assert psrp.requests["Create"] == 1


def test_the_session_s_own_limit_holds_for_every_command(psrp: PsrpServer) -> None:
    """Unless the call has one of its own."""
    psrp.slow = {"Get-ImapSettings": 60}
    with psrp.exchange(timeout=timedelta(seconds=0.2)) as transport, pytest.raises(xi.TransportTimeoutError):
        transport.run(READ)


def test_a_limit_of_no_time_is_refused(psrp: PsrpServer) -> None:
    """Nothing could be done in it."""
    with psrp.exchange() as transport, pytest.raises(xi.InvalidValueError, match="longer than none"):
        transport.run(READ, timeout=timedelta(seconds=-1))


def run_until_stopped(transport: xi.PsrpTransport) -> None:
    """Run a command that somebody else stops."""
    with pytest.raises(xi.TransportTimeoutError, match="cancelled"):
        transport.run(READ)


def test_waiting_for_another_thread_s_command_counts(psrp: PsrpServer) -> None:
    """The limit is from call to answer; nothing was sent."""
    psrp.slow, seen = {"Get-ImapSettings": 60}, RequestsSeen(psrp)
    with psrp.exchange(**SHORT) as transport:
        busy = threading.Thread(target=run_until_stopped, args=(transport,))
        busy.start()
        seen.wait_for("Command")

        with pytest.raises(xi.TransportTimeoutError, match="busy") as caught:
            transport.run(READ, timeout=timedelta(seconds=0.1))

        transport.cancel()
        psrp.slow = {}
        busy.join()
    assert caught.value.sent is False


def test_a_command_is_cancelled_from_another_thread(psrp: PsrpServer, fake: FakeExchange) -> None:
    """It is stopped on the server."""
    psrp.slow, seen = {"Set-ImapSettings": 60}, RequestsSeen(psrp)
    with psrp.exchange(**SHORT) as transport:

        def cancel() -> None:
            seen.wait_for("Command")
            transport.cancel()

        other = threading.Thread(target=cancel)
        other.start()
        with pytest.raises(xi.TransportTimeoutError, match="cancelled"):
            transport.run(WRITE)
        other.join()
        assert psrp.open_commands == 0
    assert not fake.writes


def test_a_command_that_takes_longer_than_a_request_may_is_waited_for(psrp: PsrpServer) -> None:
    """The server says that time is up, and is asked again."""
    psrp.slow = {"Get-ImapSettings": 1.2}
    with psrp.exchange(**SHORT) as transport:
        assert len(transport.run(READ).records) == 1


@pytest.mark.parametrize("moment", ["begin", "receive", "prepare"])
def test_an_interrupt_closes_the_shell_and_what_runs_in_it(
    psrp: PsrpServer, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Ctrl-C in a notebook leaves nothing running; the next command opens another shell."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with psrp.exchange() as transport:
        transport.run(READ)
        with monkeypatch.context() as patch:
            patch.setattr(session_module.Session, moment, interrupt)
            with pytest.raises(KeyboardInterrupt):
                transport.run(READ)
        assert psrp.open_shells == 0
        assert len(transport.run(READ).records) == 1


def test_several_pipelines_go_in_one_request(psrp: PsrpServer, fake: FakeExchange) -> None:
    """In order, and their answers come together."""
    names = xi.IMAP4_SERVICES
    with psrp.windows() as transport:
        transport.run(xi.Pipeline((xi.GetService(name=names),)))
        before = sum(psrp.requests.values())
        reply = transport.run_batch([xi.Pipeline((each,)) for each in (
            xi.StartService(name=names[:1]), xi.StartService(name=names[1:]), xi.GetService(name=names))])  # fmt: skip

    assert [xi.ServiceState.from_record(record).status.name for record in reply.records] == ["Running", "Running"]
    assert sum(psrp.requests.values()) - before == 3
    assert len(fake.writes) == 2


def test_the_first_error_ends_a_batch(psrp: PsrpServer, fake: FakeExchange) -> None:
    """What stands behind it is not tried."""
    with psrp.windows() as transport:
        reply = transport.run_batch(
            [
                xi.Pipeline((xi.StopService(name=("Nothing",)),)),
                xi.Pipeline((xi.StartService(name=("MSExchangeIMAP4",)),)),
            ]
        )

    assert reply.errors[0].fully_qualified_error_id.startswith("NoServiceFoundForGivenName")
    assert not [entry for entry in fake.writes if entry.effect]


@pytest.mark.parametrize("name", ["ErrorAction", "ea", "errora"])
def test_a_statement_that_states_its_error_action_keeps_it(psrp: PsrpServer, fake: FakeExchange, name: str) -> None:
    """A parameter may be stated once; with SilentlyContinue the next statement runs all the same."""
    stated = (xi.Parameter("Name", String("Nothing")), xi.Parameter(name, String("SilentlyContinue")))
    with psrp.windows() as transport:
        reply = transport.run_batch(
            [
                xi.Pipeline((xi.GetService(name=("MSExchangeIMAP4",)),)),
                xi.Pipeline((xi.Command("Stop-Service", stated),)),
                xi.Pipeline((xi.StartService(name=("MSExchangeIMAP4",)),)),
            ]
        )

    assert reply.errors == ()
    assert len([entry for entry in fake.writes if entry.effect]) == 1


def test_exchange_s_endpoint_takes_no_batch(psrp: PsrpServer) -> None:
    """Whether the real one does is not known."""
    with psrp.exchange() as transport:
        assert not transport.runs_batches
        with pytest.raises(xi.InvalidValueError, match=r"Microsoft\.PowerShell"):
            transport.run_batch([READ])


@pytest.mark.parametrize("pipelines", [(), (xi.Pipeline(()),)], ids=["none", "empty"])
def test_nothing_to_run_is_refused(psrp: PsrpServer, pipelines: tuple[xi.Pipeline, ...]) -> None:
    """Before anything is sent."""
    with psrp.windows() as transport, pytest.raises(xi.InvalidValueError, match="a command"):
        transport.run_batch(pipelines)
    assert not psrp.requests


def test_keys_are_exchanged_once_and_only_for_a_secret(psrp: PsrpServer) -> None:
    """Two requests, the first time."""
    secret = xi.Command("Get-ImapSettings", (xi.Parameter("Server", xi.Secret("x")),))
    with psrp.exchange() as transport:
        transport.run(READ)
        sent = psrp.requests["Send"]
        transport.run(xi.Pipeline((secret,)))
        transport.run(xi.Pipeline((secret,)))
    assert (sent, psrp.requests["Send"]) == (0, 1)


def test_a_value_that_cannot_be_sent_is_refused_before_anything_is(psrp: PsrpServer) -> None:
    """Nobody answers a prompt at the other end."""
    asks = xi.TestImapConnectivity(mailbox_credential=xi.CredentialPrompt())
    with psrp.exchange() as transport, pytest.raises(xi.InvalidValueError, match="give the parameter a PSCredential"):
        transport.run(xi.Pipeline((asks,)))
    assert not psrp.requests


def test_both_sessions_open_at_the_same_time() -> None:
    """Each command waits for the other to run: in turn they would wait for ever."""
    meeting = threading.Barrier(2, timeout=30)

    class Waiting(UserDict[str, float]):
        """Meets the other where it is asked how slow a command is."""

        def items(self) -> ItemsView[str, float]:
            meeting.wait()
            return super().items()

    loopback = PsrpServer(FakeExchange(servers=["MBX01"]), slow=Waiting())
    with loopback, xi.ImapServer("MBX01", exchange=loopback.exchange(), windows=loopback.windows()) as server:
        assert server.state().settings.protocol_name == "IMAP4"
