"""A fake Exchange that behaves as the server does, for tests of programs that use this library.

>>> from exchange_imap.testing import FakeExchange
>>> transport = FakeExchange(servers=["MBX01"]).transport()
>>> with ImapServer("MBX01", exchange=transport, windows=transport) as server:
...     print(server.settings().max_connections_per_user)
16
"""

from .._lazy import import_on_first_use as _import_on_first_use
from .._names import TESTING_MODULES as _MODULES

# For type checkers. docs/front_door.py writes these imports from _names.py.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from .fake_exchange import FakeExchange as FakeExchange
    from .fake_server import FakeServer as FakeServer
    from .fault import Fault as Fault
    from .log import LogEntry as LogEntry
    from .new_certificate import NewCertificate as NewCertificate
    from .new_mailbox import NewMailbox as NewMailbox
    from .new_server import NewServer as NewServer
    from .psrp_server.faults import WireFault as WireFault
    from .psrp_server.faults import WireFaultKind as WireFaultKind
    from .psrp_server.server import PsrpServer as PsrpServer
    from .transport import FakeTransport as FakeTransport

if not TYPE_CHECKING:  # pragma: no branch - to a type checker a misspelt name is an error
    __all__ = list(_MODULES)
    _import = _import_on_first_use(__name__, _MODULES)

    def __getattr__(name: str) -> object:
        """Import a public name on its first use (PEP 562); ``PsrpServer`` needs the ``testing`` extra."""
        try:
            return _import(name)
        except ModuleNotFoundError as error:
            raise ImportError(f"{name} needs {error.name}: pip install exchange-imap[testing]") from error


def __dir__() -> list[str]:
    """Show the public names."""
    return sorted(_MODULES)
