"""A fake Exchange that behaves as the server does, for the tests of whoever uses this library.

>>> from exchange_imap.testing import FakeExchange
>>> transport = FakeExchange(servers=["MBX01"]).transport()
>>> with ImapServer("MBX01", exchange=transport, windows=transport) as server:
...     print(server.settings().max_connections_per_user)
16
"""

from __future__ import annotations

from .fake_exchange import FakeExchange
from .fake_server import FakeServer
from .fault import Fault
from .log import LogEntry
from .new_server import NewServer
from .psrp_server.faults import WireFault, WireFaultKind
from .transport import FakeTransport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .psrp_server.server import PsrpServer

__all__ = [
    "FakeExchange",
    "FakeServer",
    "FakeTransport",
    "Fault",
    "LogEntry",
    "NewServer",
    "PsrpServer",
    "WireFault",
    "WireFaultKind",
]


if not TYPE_CHECKING:  # pragma: no branch - to a type checker a misspelt name is an error

    def __getattr__(name: str) -> object:
        """Load the loopback server on first use: it needs what only the ``testing`` extra installs."""
        if name != "PsrpServer":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            from .psrp_server.server import PsrpServer  # noqa: PLC0415 - only needed here
        except ModuleNotFoundError as error:
            raise ImportError("PsrpServer needs psrpcore: pip install exchange-imap[testing]") from error
        return PsrpServer
