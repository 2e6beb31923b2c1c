"""pypsrp as it comes, without this library's own transport: what an unknown client does."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, Final

EXCHANGE: Final = "PowerShell"
WINDOWS: Final = "wsman"
SHELL: Final = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
CONFIGURATIONS: Final = {EXCHANGE: "Microsoft.Exchange", WINDOWS: "Microsoft.PowerShell"}

# Any: the stubs under typings/ hold only what the library uses; these tests use whatever pypsrp has.
wsman: Any = importlib.import_module("pypsrp.wsman")
powershell: Any = importlib.import_module("pypsrp.powershell")
complex_objects: Any = importlib.import_module("pypsrp.complex_objects")
serializer: Any = importlib.import_module("pypsrp.serializer")
exceptions: Any = importlib.import_module("pypsrp.exceptions")

Fault: Any = exceptions.WSManFaultError  # Any: as above


def connect(port: int, path: str = EXCHANGE, **options: Any) -> Any:  # Any: as above
    """Make a connection; nothing is sent yet."""
    ours = {
        "ssl": False,
        "auth": "basic",
        "encryption": "never",
        "username": "administrator",
        "password": "loopback",
        "no_proxy": True,
    }
    return wsman.WSMan("127.0.0.1", port=port, path=path, **(ours | options))


@contextmanager
def pool(port: int, path: str = EXCHANGE, **options: Any) -> Iterator[Any]:  # Any: as above
    """Open a runspace pool, and close it and its connection."""
    with closing(connect(port, path, **options)) as connection:
        made = powershell.RunspacePool(connection, configuration_name=CONFIGURATIONS[path])
        made.open()
        try:
            yield made
        finally:
            made.close()


def command(pool: Any, name: str, /, *arguments: Any, **parameters: Any) -> Any:  # Any: as above
    """Put together a command."""
    shell = powershell.PowerShell(pool).add_cmdlet(name)
    for argument in arguments:
        shell.add_argument(argument)
    return shell.add_parameters(parameters)


def run(pool: Any, name: str, /, *arguments: Any, **parameters: Any) -> Any:  # Any: as above
    """Run a command to its end, and let the shell forget it."""
    shell = command(pool, name, *arguments, **parameters)
    shell.invoke()
    shell.close()
    return shell


def ids(shell: Any) -> list[str]:  # Any: as above
    """Return the ids of the errors of a command, up to the comma behind which the command is named."""
    return [error.fq_error.partition(",")[0] for error in shell.streams.error]


def send(pool: Any, action: str, body: str) -> None:  # Any: as above
    """Send something to a shell that pypsrp would not."""
    element = powershell.ET.fromstring(body.replace(">", f" xmlns='{SHELL}'>", 1))
    getattr(pool.connection, action)(pool.shell.resource_uri, element, selector_set=pool.shell._selector_set)
