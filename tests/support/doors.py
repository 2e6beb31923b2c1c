"""The ways to both endpoints of one server: the fake itself, and the same fake over real HTTP, WSMan and PSRP."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, PsrpServer

__all__ = ["DOORS", "Doors"]


@attrs.frozen
class Doors:
    """Both transports, the server's name, and what must hold when all is done."""

    name: str
    exchange: xi.Transport
    windows: xi.Transport
    settled: Callable[[], None]


def _fake(stack: ExitStack) -> Doors:
    fake = FakeExchange(servers=["MBX01"])
    del stack
    return Doors("MBX01", fake.transport(xi.Endpoint.EXCHANGE), fake.transport(xi.Endpoint.WINDOWS), lambda: None)


def _basic(stack: ExitStack) -> Doors:
    return through(stack, PsrpServer(FakeExchange(servers=["MBX01"])), {})


def through(stack: ExitStack, psrp: PsrpServer, options: xi.PsrpOptions) -> Doors:
    """Start the loopback server and open both its doors."""
    stack.enter_context(psrp)
    exchange = stack.enter_context(psrp.exchange(**options))
    windows = stack.enter_context(psrp.windows(**options))

    def settled() -> None:
        assert psrp.errors == []
        assert psrp.peak_shells == 2

    return Doors("MBX01", exchange, windows, settled)


def _real(stack: ExitStack) -> Doors:
    """Open a real server, which the environment names; the tests change its settings and services."""
    options: xi.PsrpOptions = {}
    if "EXCHANGE_IMAP_USER" in os.environ:
        options = {"username": os.environ["EXCHANGE_IMAP_USER"], "password": os.environ["EXCHANGE_IMAP_PASSWORD"]}
    host = os.environ["EXCHANGE_IMAP_SERVER"]
    exchange = stack.enter_context(xi.PsrpTransport.exchange(host, **options))
    return Doors(host, exchange, stack.enter_context(xi.PsrpTransport.windows(host, **options)), lambda: None)


DOORS = [
    pytest.param(_fake, id="fake"),
    pytest.param(_basic, id="http-basic"),
    *([pytest.param(_real, id="real")] if "EXCHANGE_IMAP_SERVER" in os.environ else []),
]
