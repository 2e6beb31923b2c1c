"""How long it takes to probe many servers at once, and how many sockets are open meanwhile.

Servers on loopback hang, each in its own way: they do not answer the connection, do not greet, do not answer
CAPABILITY, or do not answer the TLS handshake. All are probed at once. The time of all is compared with that of the
slowest one, and the sockets are counted from outside, among the open files of the process.
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Final, Self

import exchange_imap as xi

HOST: Final = "mail.contoso.com"
MOST: Final = 1.3
"""The ratio that the time of all should have at most to that of the slowest."""


def say_nothing(client: socket.socket) -> None:
    """Accept, and no more."""
    del client


def greet(client: socket.socket) -> None:
    """Say the greeting, and no more."""
    client.sendall(b"* OK The Microsoft Exchange IMAP4 service is ready.\r\n")


def begin(client: socket.socket) -> None:
    """Begin a greeting, and a TLS record."""
    client.sendall(b"\x16")


def hang(way: Callable[[socket.socket], None], ports: Queue[int]) -> None:
    """Be a server that treats its clients so, and then lets them wait."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        ports.put(listener.getsockname()[1])
        clients = []
        while True:
            client, _ = listener.accept()
            clients.append(client)
            way(client)


@contextlib.contextmanager
def hanging(way: Callable[[socket.socket], None]) -> Iterator[int]:
    """Return the port of such a server, in a process of its own, so that its sockets are not counted."""
    context = get_context("spawn")
    ports: Queue[int] = context.Queue()
    process = context.Process(target=hang, args=(way, ports), daemon=True)
    process.start()
    yield ports.get()
    process.kill()
    process.join()


class OpenSockets:
    """Counts the sockets of this process while something runs: the most that were open, above those before."""

    def __init__(self) -> None:
        self.before = self.most = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._count)

    def __enter__(self) -> Self:
        self.before = self.now()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _count(self) -> None:
        while not self._ended.wait(0.01):
            self.most = max(self.most, self.now() - self.before)

    @staticmethod
    def now() -> int:
        """Return how many sockets are open; 0 where the system does not tell."""
        found = 0
        with contextlib.suppress(OSError):
            for file in Path("/proc/self/fd").iterdir():
                with contextlib.suppress(OSError):
                    found += str(file.readlink()).startswith("socket:")
        return found


def main() -> None:
    """Probe, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--servers", type=int, default=200)
    parser.add_argument("--at-most", type=int, default=256)
    parser.add_argument("--timeout", type=float, default=3.0)
    given = parser.parse_args()
    probe_all = xi.probe_all  # which loads what it needs, once
    with contextlib.ExitStack() as opened:
        ports = [opened.enter_context(hanging(way)) for way in (say_nothing, greet, begin, say_nothing)]
        methods = ("", "", ":SSL", ":TLS")
        settings = [f"{HOST}:{ports[i % 4]}{methods[i % 4]}" for i in range(given.servers)]
        sockets = opened.enter_context(OpenSockets())
        began = time.perf_counter()
        timeout = timedelta(seconds=given.timeout)
        results = probe_all(settings, at_most=given.at_most, address="127.0.0.1", timeout=timeout)
        seconds = time.perf_counter() - began
    slowest = max(result.elapsed.total_seconds() for result in results)
    ended = sorted({f"{stage.name} {stage.failure}" for stage in (each.failed for each in results) if stage})
    print(f"{given.servers} servers that hang, at most {given.at_most} at once, a limit of {given.timeout} s each")
    print(f"all: {seconds:.2f} s; the slowest: {slowest:.2f} s; ratio {seconds / slowest:.2f} (at most {MOST})")
    print(f"sockets open at once: {sockets.most} (at most {min(given.at_most, given.servers)})")
    print(f"they ended with: {', '.join(ended)}")


if __name__ == "__main__":
    main()
