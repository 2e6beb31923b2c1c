"""The fixtures that pytest offers where this library is installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

import exchange_imap as xi
from exchange_imap import testing
from exchange_imap.testing import FakeExchange, PsrpServer

pytest_plugins = ["pytester", "exchange_imap.testing.pytest_plugin"]


def test_a_fake_server_is_there(fake_exchange: FakeExchange) -> None:
    """Freshly installed, and called MBX01."""
    assert [server.name for server in fake_exchange.servers] == ["MBX01"]


def test_the_same_fake_is_served(fake_exchange: FakeExchange, psrp_server: PsrpServer) -> None:
    """What a client does over the wire is in its log."""
    with psrp_server.exchange() as transport:
        transport.run(xi.Pipeline((xi.SetImapSettings(server="MBX01", banner="x"),)))

    assert len(fake_exchange.writes) == 1


def test_what_goes_wrong_in_the_server_fails_the_test(pytester: pytest.Pytester) -> None:
    """Though the test itself has passed."""
    pytester.makepyfile("def test_it(psrp_server): psrp_server.report(ZeroDivisionError('in the server'))")
    result = pytester.runpytest_inprocess(
        "-p", "no:exchange_imap", "-p", "exchange_imap.testing.pytest_plugin", "-p", "no:randomly"
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*ZeroDivisionError: in the server*"])


def test_without_psrpcore_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake alone needs nothing."""
    monkeypatch.delitem(vars(testing), "PsrpServer")
    monkeypatch.setitem(sys.modules, "exchange_imap.testing.psrp_server.server", None)

    with pytest.raises(ImportError, match=r"pip install exchange-imap\[testing\]"):
        _ = xi.testing.PsrpServer


def test_loading_the_plugin_loads_nothing_that_is_heavy() -> None:
    """Nor anything that its fixtures do not need."""
    code = (
        "import sys, exchange_imap.testing.pytest_plugin\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'psrpcore', 'pypsrp', 'requests', 'urllib3', 'spnego', 'cryptography', 'tenacity'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
