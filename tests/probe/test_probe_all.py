"""Many servers at once: bounded, in order, on whatever runs the probes."""

from __future__ import annotations

import contextlib
import pickle
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ClassVar

import pytest

import exchange_imap as xi
from exchange_imap._probe.connection import Connection
from support.certificates import good
from support.ids import stable
from support.mail_servers import HOST, Conversation, imap, listening

SHORT = timedelta(milliseconds=300)
SOON = timedelta(seconds=10)


def kim() -> xi.PSCredential:
    """Return the credential; another process finds this function by its name."""
    return xi.PSCredential("kim", "correct horse")


KIM = kim()


def test_the_results_are_in_the_order_of_the_settings(trust: Path) -> None:
    """Whichever is ready first."""
    hang = threading.Event()

    def late(client: Conversation) -> None:
        hang.wait(0.2)
        imap(tls=good(HOST))(client)

    with listening(late) as slow, listening(imap(tls=good(HOST))) as fast:
        settings = [f"{HOST}:{server.port}:SSL" for server in (slow, fast, slow, fast, fast)]
        results = xi.probe_all(settings, address="127.0.0.1", trust=trust, timeout=SOON, credential=kim())

    assert [str(result.setting) for result in results] == settings
    assert all(result.works for result in results)
    assert (slow.clients, fast.clients) == (2, 3)


def test_one_that_fails_does_not_stop_the_others() -> None:
    """Every server gets its result."""
    with listening(imap()) as server:
        settings = [f"{HOST}:{server.port}:SSL", f"{HOST}:{server.port}"]
        results = xi.probe_all(settings, address="127.0.0.1", timeout=SOON)

    assert [result.works for result in results] == [False, True]
    assert xi.probe_all([]) == ()


class Counting(Connection):
    """A connection that counts those that are open."""

    lock = threading.Lock()
    now: ClassVar[set[int]] = set()
    most = 0

    def __init__(self, *args: Any, **options: Any) -> None:  # Any: as the connection takes them
        super().__init__(*args, **options)
        with self.lock:
            self.now.add(id(self))
            Counting.most = max(self.most, len(self.now))

    def close(self) -> None:
        super().close()
        with self.lock:
            self.now.discard(id(self))


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> type[Counting]:
    """Count the sockets of all probes."""
    Counting.now.clear()
    Counting.most = 0
    monkeypatch.setattr("exchange_imap._probe.observe.Connection", Counting)
    return Counting


@pytest.mark.parametrize("executor", [None, ThreadPoolExecutor], ids=["our threads", "an executor"])
def test_no_more_sockets_are_open_at_once_than_allowed(
    executor: Callable[[int], Executor] | None, counting: type[Counting]
) -> None:
    """Also where the executor could do more."""
    with contextlib.ExitStack() as opened:
        server = opened.enter_context(listening(lambda client: client.wait()))
        pool = opened.enter_context(executor(12)) if executor else None
        settings = [f"{HOST}:{server.port}"] * 12
        results = xi.probe_all(settings, address="127.0.0.1", timeout=SHORT, at_most=4, executor=pool)

    assert [result.failed and result.failed.failure for result in results] == ["timed out"] * 12
    assert server.clients == 12
    assert (counting.most, counting.now) == (4, set())


def test_a_server_that_is_looked_at_twice_has_one_socket_at_a_time(counting: type[Counting]) -> None:
    """The first is closed before the second is opened."""
    with listening(imap(tls=good(HOST))) as server:
        (result,) = xi.probe_all([f"{HOST}:{server.port}:SSL"], address="127.0.0.1", timeout=SOON)

    assert result.certificates
    assert server.clients == 2
    assert (counting.most, counting.now) == (1, set())


@pytest.fixture(scope="module")
def processes() -> Any:  # Any: a generator of an executor
    """Return an executor with another process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool


def test_another_process_may_run_the_probes(processes: Executor, trust: Path) -> None:
    """With a function that returns the credential there."""
    with listening(imap(tls=good(HOST))) as server:
        setting = f"{HOST}:{server.port}:SSL"
        options: xi.ProbeOptions = {"address": "127.0.0.1", "trust": trust, "timeout": SOON, "credential": kim}
        (result,) = xi.probe_all([setting], executor=processes, **options)

    assert result.works, result
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - made here


@pytest.mark.parametrize(
    "options", [{"credential": KIM}, {"sasl": ("NTLM", lambda _: b"")}, {"credential": lambda: KIM}], ids=stable
)
def test_what_another_process_cannot_get_is_refused_at_once(
    options: dict[str, Any], processes: Executor
) -> None:  # Any: options
    """A secret is not pickled."""
    with pytest.raises(xi.InvalidValueError, match=r"probe_all\((credential|sasl)\).*top level of a module"):
        xi.probe_all(["mail.contoso.com:993:SSL"], executor=processes, **options)


def test_wrong_arguments_are_refused() -> None:
    """Before the first probe, or by it."""
    wrong: list[tuple[list[str], dict[str, Any]]] = [  # Any: options
        (["mail"], {}),
        (["mail:993:SSL"], {"at_most": 0}),
        (["mail:993:SSL"] * 3, {"address": "x"}),
    ]
    for settings, options in wrong:
        with pytest.raises(xi.InvalidValueError):
            xi.probe_all(settings, **options)


@pytest.mark.parametrize(
    ("limit", "most"), [(12, 4), (2, 1), (1_000, 8), (-1, 8), (None, 8)], ids=["few", "none", "many", "all", "Windows"]
)
def test_no_more_are_probed_than_the_process_may_open_files_for(
    limit: int | None, most: int, counting: type[Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a file for a socket, a server would be said to be unreachable that works."""
    if limit is None:
        monkeypatch.setitem(sys.modules, "resource", None)
    else:
        monkeypatch.setattr("resource.getrlimit", lambda _which: (limit, limit))
    with listening(lambda client: client.wait()) as server:
        xi.probe_all([f"{HOST}:{server.port}"] * 8, address="127.0.0.1", timeout=SHORT * most / 2)

    assert counting.most == most


class Stubborn(Executor):
    """An executor that begins nothing, but the first."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []  # Any: of whatever is submitted

    def submit(self, function: Any, /, *args: Any, **options: Any) -> Future[Any]:  # Any: as the base has it
        del function, args, options
        future: Future[Any] = Future()
        if not self.futures:
            future.set_exception(KeyboardInterrupt())
        self.futures.append(future)
        return future


def test_an_interrupt_cancels_what_was_not_begun() -> None:
    """And passes."""
    executor = Stubborn()
    with pytest.raises(KeyboardInterrupt):
        xi.probe_all(["mail.contoso.com:993:SSL"] * 5, executor=executor, at_most=3)

    assert [future.cancelled() for future in executor.futures] == [False, True, True]


def test_an_interrupt_does_not_wait_for_our_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """They end by their own deadline."""
    begun, goes_on = threading.Event(), threading.Event()

    def interrupted(_: object, **__: object) -> None:
        begun.wait(10)
        raise KeyboardInterrupt

    def hang(*_: object) -> xi.ProbeResult:
        begun.set()
        goes_on.wait(10)
        raise AssertionError

    monkeypatch.setattr("exchange_imap._verify.probing.wait", interrupted)
    monkeypatch.setattr("exchange_imap._verify.asking.observe", hang)
    with pytest.raises(KeyboardInterrupt):
        xi.probe_all(["mail.contoso.com:993:SSL"])
    assert not goes_on.is_set()
    goes_on.set()
