"""A fake Exchange that behaves as the server does, for the tests of whoever uses this library.

>>> from exchange_imap.testing import FakeExchange
>>> transport = FakeExchange(servers=["MBX01"]).transport()
>>> with ImapServer("MBX01", exchange=transport, windows=transport) as server:
...     print(server.settings().max_connections_per_user)
16
"""

from .fake_exchange import FakeExchange
from .fake_server import FakeServer
from .fault import Fault
from .log import LogEntry
from .new_server import NewServer
from .transport import FakeTransport

__all__ = ["FakeExchange", "FakeServer", "FakeTransport", "Fault", "LogEntry", "NewServer"]
