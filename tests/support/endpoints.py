"""The ways to both endpoints of one server: the fake itself, and the same fake over real HTTP, WSMan and PSRP."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, PsrpServer

from . import kerberos
from .outside import Outside

NEEDS_KERBEROS = kerberos.REALM.mark
_SERVER = "EXCHANGE_IMAP_SERVER"
_REAL = Outside("server", "" if _SERVER in os.environ else f"no real Exchange server; set {_SERVER}")

__all__ = ["WAYS", "Pair"]


@attrs.frozen
class Pair:
    """Both transports, the server's name, and what must hold when all is done."""

    name: str
    exchange: xi.Transport
    windows: xi.Transport
    settled: Callable[[], None]


def _fake(stack: ExitStack) -> Pair:
    fake = FakeExchange(servers=["MBX01"])
    del stack
    return Pair("MBX01", fake.transport(xi.Endpoint.EXCHANGE), fake.transport(xi.Endpoint.WINDOWS), lambda: None)


def _basic(stack: ExitStack) -> Pair:
    return through(stack, PsrpServer(FakeExchange(servers=["MBX01"])), {})


def through(stack: ExitStack, psrp: PsrpServer, options: xi.PsrpOptions) -> Pair:
    """Start the loopback server and open both its endpoints."""
    stack.enter_context(psrp)
    exchange = stack.enter_context(psrp.exchange(**options))
    windows = stack.enter_context(psrp.windows(**options))

    def settled() -> None:
        assert psrp.errors == []
        assert psrp.peak_shells == 2

    return Pair("MBX01", exchange, windows, settled)


def _tls(stack: ExitStack) -> Pair:
    return through(stack, PsrpServer(FakeExchange(servers=["MBX01"]), tls=True), {})


def _ntlm(stack: ExitStack) -> Pair:
    psrp = PsrpServer(FakeExchange(servers=["MBX01"]), authentication=["negotiate"])
    return through(stack, psrp, {"auth": "ntlm", "encryption": "always", "allow_insecure": False})


def _ntlm_tls(stack: ExitStack) -> Pair:
    psrp = PsrpServer(FakeExchange(servers=["MBX01"]), authentication=["negotiate"], tls=True)
    return through(stack, psrp, {"auth": "negotiate"})


def _kerberos(stack: ExitStack, *, tls: bool) -> Pair:
    """Use the ticket that the realm's user has: no password is given to anyone."""
    found = kerberos.shared_realm()
    stack.enter_context(kerberos.configured(found))
    psrp = PsrpServer(FakeExchange(servers=["MBX01"]), authentication=["kerberos"], keytab=found.keytab, tls=tls)
    stack.enter_context(psrp)
    options: xi.PsrpOptions = {
        "port": psrp.port,
        "auth": "kerberos",
        "negotiate_hostname_override": kerberos.SERVICE_HOST,
        "encryption": "always",
    }
    if tls:
        options |= {"ssl": True, "cert_validation": psrp.certificate}
    exchange = stack.enter_context(xi.PsrpTransport.exchange(psrp.host, **options))
    return Pair("MBX01", exchange, stack.enter_context(xi.PsrpTransport.windows(psrp.host, **options)), lambda: None)


def _real(stack: ExitStack) -> Pair:
    """Open a real server, which the environment names; the tests change its settings and services."""
    _REAL.expect_mark()
    options: xi.PsrpOptions = {}
    if "EXCHANGE_IMAP_USER" in os.environ:
        options = {"username": os.environ["EXCHANGE_IMAP_USER"], "password": os.environ["EXCHANGE_IMAP_PASSWORD"]}
    host = os.environ[_SERVER]
    exchange = stack.enter_context(xi.PsrpTransport.exchange(host, **options))
    return Pair(host, exchange, stack.enter_context(xi.PsrpTransport.windows(host, **options)), lambda: None)


WAYS = [
    pytest.param(_fake, id="fake"),
    pytest.param(_basic, id="http-basic"),
    pytest.param(_tls, id="https-basic"),
    pytest.param(_ntlm, id="http-ntlm"),
    pytest.param(_ntlm_tls, id="https-negotiate"),
    pytest.param(partial(_kerberos, tls=False), id="http-kerberos", marks=NEEDS_KERBEROS),
    pytest.param(partial(_kerberos, tls=True), id="https-kerberos", marks=NEEDS_KERBEROS),
    pytest.param(_real, id="real", marks=_REAL.mark),
]
