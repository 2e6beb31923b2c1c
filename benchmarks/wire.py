"""How many requests the whole procedure takes, and how long, beside three scripts that use pypsrp by hand.

The procedure: read settings and services of a freshly installed server, change the settings, make both services start
automatically, start them, and read everything again; both endpoints, opening and closing included. All of them are
counted by the same loopback server, in one run, and have to leave it in the same state.
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


def invoke(opened: Any, name: str, parameters: Mapping[str, object], *, close: bool = True) -> None:  # Any: as above
    """Run one command, and close its pipeline as pypsrp asks for, unless it is left open."""
    shell = POWERSHELL.PowerShell(opened)
    shell.add_cmdlet(name).add_parameters(dict(parameters)).invoke()
    if shell.streams.error:
        raise SystemExit(str(shell.streams.error[0]))
    if close:
        shell.close()


def with_a_pool_per_endpoint(psrp: PsrpServer, *, close: bool = True) -> None:
    """Use pypsrp by hand, as straightforwardly as it goes."""
    with pool(psrp, "PowerShell") as exchange, pool(psrp, "wsman") as windows:
        for path, name, parameters in COMMANDS:
            invoke(exchange if path == "PowerShell" else windows, name, parameters, close=close)


def with_pipelines_left_open(psrp: PsrpServer) -> None:
    """Save the request that closes each pipeline: every command stays in its shell, which takes a limited number."""
    with_a_pool_per_endpoint(psrp, close=False)


def with_a_pool_per_command(psrp: PsrpServer) -> None:
    """Use pypsrp by hand, with a new session each time."""
    for path, name, parameters in COMMANDS:
        with pool(psrp, path) as opened:
            invoke(opened, name, parameters)


WAYS: dict[str, Callable[[PsrpServer], None]] = {
    "exchange_imap": with_the_library,
    "pypsrp, a pool per endpoint": with_a_pool_per_endpoint,
    "pypsrp, pipelines left open": with_pipelines_left_open,
    "pypsrp, a pool per command": with_a_pool_per_command,
}


State = tuple[xi.SetImapSettings, tuple[xi.ServiceState, ...]]


def measure(way: Callable[[PsrpServer], None], latency: float) -> tuple[int, float, State]:
    """Return how many requests it took, the median of the seconds, and what the server is like then."""
    taken: list[float] = []
    found: list[tuple[int, State]] = []
    for _ in range(ROUNDS):
        fake = FakeExchange(servers=["MBX01"])
        with PsrpServer(fake, latency=latency) as psrp:
            start = time.perf_counter()
            way(psrp)
            taken.append(time.perf_counter() - start)
            requests = sum(psrp.requests.values())
        server = fake.server("MBX01")
        found.append((requests, (server.stored.to_cmdlet(), server.services)))
    return found[-1][0], statistics.median(taken), found[-1][1]


def main() -> None:
    """Print a line for each way and latency, and the ratios to the hand-written script."""
    for latency in (0.0, 0.02):
        found = {name: measure(way, latency) for name, way in WAYS.items()}
        requests, seconds, wanted = found["pypsrp, a pool per endpoint"]
        for name, (count, taken, state) in found.items():
            if state != wanted:
                raise SystemExit(f"{name} leaves another server behind")
            ratios = f"{count / requests:4.2f} of its requests, {taken / seconds:4.2f} of its time"
            print(
                f"{1000 * latency:3.0f} ms a request   {name:28} {count:3} requests {1000 * taken:6.0f} ms   {ratios}"
            )
    print("bound by: 3 requests to open each of two shells, 2 a command, 1 to close each")


if __name__ == "__main__":
    main()
