"""How many requests the whole procedure takes, and how long, beside two scripts that use pypsrp by hand.

The procedure: read settings and services of a freshly installed server, change the settings, make both services start
automatically, start them, and read everything again; both endpoints, opening and closing included. All three are
counted by the same loopback server, in one run.
"""

from __future__ import annotations

import importlib
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, PsrpServer

ROUNDS = 5
EXTERNAL = ("mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS")
SETTINGS = {"Server": "MBX01", "ExternalConnectionSettings": list(EXTERNAL), "X509CertificateName": "mail.contoso.com"}
# What an administrator would write, command by command, with the endpoint that each needs.
COMMANDS: list[tuple[str, str, Mapping[str, object]]] = [
    ("PowerShell", "Get-ImapSettings", {"Server": "MBX01"}),
    ("wsman", "Get-Service", {"Name": list(xi.IMAP4_SERVICES)}),
    ("PowerShell", "Set-ImapSettings", SETTINGS),
    *(("wsman", "Set-Service", {"Name": name, "StartupType": "Automatic"}) for name in xi.IMAP4_SERVICES),
    *(("wsman", "Start-Service", {"Name": [name]}) for name in xi.IMAP4_SERVICES),
    ("PowerShell", "Get-ImapSettings", {"Server": "MBX01"}),
    ("wsman", "Get-Service", {"Name": list(xi.IMAP4_SERVICES)}),
]
CONFIGURATIONS = {"PowerShell": "Microsoft.Exchange", "wsman": "Microsoft.PowerShell"}
# A script has all of pypsrp; the stubs of this project show only what the transport uses.
WSMAN: Any = importlib.import_module("pypsrp.wsman")  # Any: see above
POWERSHELL: Any = importlib.import_module("pypsrp.powershell")  # Any: the same


def with_the_library(psrp: PsrpServer) -> None:
    """Use `enable`."""
    with xi.ImapServer("MBX01", exchange=psrp.exchange(), windows=psrp.windows()) as server:
        server.enable(external=EXTERNAL, certificate="mail.contoso.com")


def pool(psrp: PsrpServer, path: str) -> Any:  # Any: as above
    """Make a pool of one endpoint."""
    user, password = psrp.credential or ("", "")
    wsman = WSMAN.WSMan(
        psrp.host, port=psrp.port, path=path, ssl=False, auth="basic", encryption="never",
        username=user, password=password,
    )  # fmt: skip
    return POWERSHELL.RunspacePool(wsman, configuration_name=CONFIGURATIONS[path])


def invoke(opened: Any, name: str, parameters: Mapping[str, object]) -> None:  # Any: as above
    """Run one command, and close its pipeline as pypsrp asks for."""
    with POWERSHELL.PowerShell(opened) as shell:
        shell.add_cmdlet(name).add_parameters(dict(parameters)).invoke()
        if shell.streams.error:
            raise SystemExit(str(shell.streams.error[0]))


def with_a_pool_per_endpoint(psrp: PsrpServer) -> None:
    """Use pypsrp by hand, as straightforwardly as it goes."""
    with pool(psrp, "PowerShell") as exchange, pool(psrp, "wsman") as windows:
        for path, name, parameters in COMMANDS:
            invoke(exchange if path == "PowerShell" else windows, name, parameters)


def with_a_pool_per_command(psrp: PsrpServer) -> None:
    """Use pypsrp by hand, with a new session each time."""
    for path, name, parameters in COMMANDS:
        with pool(psrp, path) as opened:
            invoke(opened, name, parameters)


WAYS: dict[str, Callable[[PsrpServer], None]] = {
    "exchange_imap": with_the_library,
    "pypsrp, a pool per endpoint": with_a_pool_per_endpoint,
    "pypsrp, a pool per command": with_a_pool_per_command,
}


def measure(way: Callable[[PsrpServer], None], latency: float) -> tuple[int, float]:
    """Return how many requests it took, and the median of the seconds."""
    taken, requests = [], 0
    for _ in range(ROUNDS):
        with PsrpServer(FakeExchange(servers=["MBX01"]), latency=latency) as psrp:
            start = time.perf_counter()
            way(psrp)
            taken.append(time.perf_counter() - start)
            requests = sum(psrp.requests.values())
    return requests, statistics.median(taken)


def main() -> None:
    """Print a line for each way and latency, and the ratios to the hand-written script."""
    for latency in (0.0, 0.02):
        found = {name: measure(way, latency) for name, way in WAYS.items()}
        requests, seconds = found["pypsrp, a pool per endpoint"]
        for name, (count, taken) in found.items():
            ratios = f"{count / requests:4.2f} of its requests, {taken / seconds:4.2f} of its time"
            print(
                f"{1000 * latency:3.0f} ms a request   {name:28} {count:3} requests {1000 * taken:6.0f} ms   {ratios}"
            )
    print("bound by: 3 requests to open each of two shells, 2 a command, 1 to close each")


if __name__ == "__main__":
    main()
