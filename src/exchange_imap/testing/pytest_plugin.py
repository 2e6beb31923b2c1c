"""Fixtures for tests of programs that use this library: a fake server, also over real HTTP, WSMan and PSRP.

pytest finds them by the package's entry point, so a test only names them. Until then nothing is loaded.

    def test_the_limit_is_raised(fake_exchange):
        raise_the_limit(exchange_imap.ImapServer("MBX01", exchange=fake_exchange.transport(), windows=...))
        assert fake_exchange.server("MBX01").stored.max_connections_per_user == 32
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .fake_exchange import FakeExchange
    from .psrp_server.server import PsrpServer

__all__ = ["fake_exchange", "psrp_server"]


@pytest.fixture
def fake_exchange() -> FakeExchange:
    """Return a :class:`FakeExchange` with one freshly installed server, MBX01."""
    from .fake_exchange import FakeExchange  # noqa: PLC0415 - pytest loads this module always

    return FakeExchange(servers=["MBX01"])


@pytest.fixture
def psrp_server(fake_exchange: FakeExchange) -> Iterator[PsrpServer]:
    """Serve ``fake_exchange`` on loopback while the test runs. An error of the server itself fails the test."""
    from .psrp_server.server import PsrpServer  # noqa: PLC0415 - as above

    with PsrpServer(fake_exchange) as psrp:
        yield psrp
    if psrp.errors:
        raise ExceptionGroup("The loopback server", [error for error in psrp.errors if isinstance(error, Exception)])
