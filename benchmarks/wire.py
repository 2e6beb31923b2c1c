"""How many requests the whole procedure takes, and how long, beside scripts that use pypsrp by hand.

The procedure is `enable` on a freshly installed server, on one whose services somebody started by hand, and on one
where nothing is left to do: read settings and services, change what differs, and verify that, opening and closing of
both endpoints included. The document is the same with a certificate that is enabled and a connector that is advertised,
on a fresh server and on one where nothing is left to do. All ways are counted by the same loopback server, in one run,
and have to leave it in the same state.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, NewCertificate, PsrpServer

ROUNDS = 5
LATENCY = 0.02
EXTERNAL = ("mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS")
SETTINGS = {"Server": "MBX01", "ExternalConnectionSettings": list(EXTERNAL), "X509CertificateName": "mail.contoso.com"}
Step = tuple[str, str, Mapping[str, object]]
"""The path of the endpoint, the cmdlet and its parameters."""
READ: list[Step] = [
    ("PowerShell", "Get-ImapSettings", {"Server": "MBX01"}),
    ("wsman", "Get-Service", {"Name": list(xi.IMAP4_SERVICES)}),
]
SET: list[Step] = [
    ("PowerShell", "Set-ImapSettings", SETTINGS),
    *(("wsman", "Set-Service", {"Name": name, "StartupType": "Automatic"}) for name in xi.IMAP4_SERVICES),
]
START: list[Step] = [("wsman", "Start-Service", {"Name": [name]}) for name in xi.IMAP4_SERVICES]
CERTIFICATE = NewCertificate(("mail.contoso.com",))
THUMBPRINT = CERTIFICATE.make().thumbprint
CONNECTOR = r"MBX01\Client Frontend MBX01"
READ_ALL: list[Step] = [
    *READ,
    ("PowerShell", "Get-ReceiveConnector", {"Identity": CONNECTOR}),
    ("PowerShell", "Get-ExchangeCertificate", {"Thumbprint": THUMBPRINT, "Server": "MBX01"}),
]
SET_BESIDE: list[Step] = [
    (
        "PowerShell",
        "Enable-ExchangeCertificate",
        {"Thumbprint": THUMBPRINT, "Services": ["IMAP", "SMTP"], "Server": "MBX01", "Force": True},
    ),
    (
        "PowerShell",
        "Set-ReceiveConnector",
        {"Identity": CONNECTOR, "Fqdn": "mail.contoso.com", "AdvertiseClientSettings": True},
    ),
]
RESTART: list[Step] = [("wsman", "Restart-Service", {"Name": [name]}) for name in xi.IMAP4_SERVICES]


def leave(_: FakeExchange) -> None:
    """Leave the server as it was installed."""


def start_by_hand(fake: FakeExchange) -> None:
    """Start both services, and do nothing else of the procedure."""
    for name in xi.IMAP4_SERVICES:
        fake.server("MBX01").set_service(name, status=xi.ServiceStatus.Running)


def finish(fake: FakeExchange) -> None:
    """Do all of the procedure."""
    transport = fake.transport()
    enable(xi.ImapServer("MBX01", exchange=transport, windows=transport))


def enable(server: xi.ImapServer) -> None:
    """Do what the library has for it."""
    server.enable(external=EXTERNAL, certificate="mail.contoso.com")


DOCUMENT = attrs.evolve(
    xi.DesiredState.enabled(external=EXTERNAL, certificate="mail.contoso.com"),
    certificates=[xi.EnableExchangeCertificate(thumbprint=THUMBPRINT, services=("IMAP", "SMTP"))],
    connectors=[xi.SetReceiveConnector(fqdn="mail.contoso.com", advertise_client_settings=True)],
)


def document(server: xi.ImapServer) -> None:
    """Do what the library has for all of the document."""
    if plan := server.plan(DOCUMENT):
        server.apply(plan)


def finish_document(fake: FakeExchange) -> None:
    """Do all of the document."""
    transport = fake.transport()
    document(xi.ImapServer("MBX01", exchange=transport, windows=transport))


@attrs.frozen
class Beginning:
    """What the server is like before, what the library does, and what an administrator would then write."""

    prepare: Callable[[FakeExchange], None]
    commands: Sequence[Step]
    ours: Callable[[xi.ImapServer], None] = enable


BEGINNINGS = {
    "fresh": Beginning(leave, [*READ, *SET, *START, *READ]),
    "half-configured": Beginning(start_by_hand, [*READ, *SET, *RESTART, *READ]),
    "finished": Beginning(finish, READ),
    "document": Beginning(leave, [*READ_ALL, *SET_BESIDE[:1], *SET, *SET_BESIDE[1:], *START, *READ_ALL], document),
    "document again": Beginning(finish_document, READ_ALL, document),
}
CONFIGURATIONS = {"PowerShell": "Microsoft.Exchange", "wsman": "Microsoft.PowerShell"}
# A script has all of pypsrp; the stubs of this project show only what the transport uses.
WSMAN: Any = importlib.import_module("pypsrp.wsman")  # Any: see above
POWERSHELL: Any = importlib.import_module("pypsrp.powershell")  # Any: the same


def with_the_library(psrp: PsrpServer, beginning: Beginning) -> None:
    """Use the library, which finds out what there is to do."""
    with xi.ImapServer("MBX01", exchange=psrp.exchange(), windows=psrp.windows()) as server:
        beginning.ours(server)


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


def with_a_pool_per_endpoint(psrp: PsrpServer, beginning: Beginning, *, close: bool = True) -> None:
    """Use pypsrp by hand, as straightforwardly as it goes."""
    with pool(psrp, "PowerShell") as exchange, pool(psrp, "wsman") as windows:
        for path, name, parameters in beginning.commands:
            invoke(exchange if path == "PowerShell" else windows, name, parameters, close=close)


def with_pipelines_left_open(psrp: PsrpServer, beginning: Beginning) -> None:
    """Save the request that closes each pipeline: every command stays in its shell, which takes a limited number."""
    with_a_pool_per_endpoint(psrp, beginning, close=False)


def with_a_pool_per_command(psrp: PsrpServer, beginning: Beginning) -> None:
    """Use pypsrp by hand, with a new session each time."""
    for path, name, parameters in beginning.commands:
        with pool(psrp, path) as opened:
            invoke(opened, name, parameters)


Way = Callable[[PsrpServer, Beginning], None]
BY_HAND = "pypsrp, a pool per endpoint"
WAYS: dict[str, Way] = {
    "exchange_imap": with_the_library,
    BY_HAND: with_a_pool_per_endpoint,
    "pypsrp, pipelines left open": with_pipelines_left_open,
    "pypsrp, a pool per command": with_a_pool_per_command,
}


@attrs.frozen
class Measured:
    """What one way took: ``seconds`` without latency, and ``delayed`` with it, are the fastest of some rounds."""

    requests: int
    seconds: float
    delayed: float
    state: tuple[object, ...]

    @property
    def latencies(self) -> float:
        """How many answers were waited for one after another."""
        return (self.delayed - self.seconds) / LATENCY


def carry_out(way: Way, beginning: Beginning, latency: float) -> tuple[float, int, FakeExchange]:
    """Return the seconds and requests that it took, and the fake that is left."""
    fake = FakeExchange(servers=["MBX01"])
    fake.server("MBX01").add_certificate(CERTIFICATE)
    beginning.prepare(fake)
    with PsrpServer(fake, latency=latency) as psrp:
        start = time.perf_counter()
        way(psrp, beginning)
        return time.perf_counter() - start, sum(psrp.requests.values()), fake


def measure(way: Way, beginning: Beginning) -> Measured:
    """Do it several times without latency and with it."""
    plain = [carry_out(way, beginning, 0) for _ in range(ROUNDS)]
    delayed = [carry_out(way, beginning, LATENCY) for _ in range(ROUNDS)]
    _, requests, fake = delayed[-1]
    server = fake.server("MBX01")
    connector = server.connectors["Client Frontend MBX01"]
    state = (server.stored.to_cmdlet(), server.services, connector.to_cmdlet(), server.certificates[THUMBPRINT])
    return Measured(requests, min(taken for taken, *_ in plain), min(taken for taken, *_ in delayed), state)


def main() -> None:
    """Print a line for each beginning and way, with the ratios to the hand-written script."""
    for beginning, what in BEGINNINGS.items():
        found = {name: measure(way, what) for name, way in WAYS.items()}
        by_hand = found[BY_HAND]
        for name, taken in found.items():
            if taken.state != by_hand.state:
                raise SystemExit(f"{name} leaves another server behind")
            print(
                f"{beginning:15}  {name:28} {taken.requests:3} requests ({taken.requests / by_hand.requests:4.2f})"
                f"  {taken.latencies:5.1f} latencies ({taken.latencies / by_hand.latencies:4.2f})"
                f"  {1000 * taken.seconds:5.0f} ms without ({taken.seconds / by_hand.seconds:4.2f})"
                f"  {1000 * taken.delayed:5.0f} ms with 20 ms each ({taken.delayed / by_hand.delayed:4.2f})"
            )
    print("bound by: 3 requests to open each of two shells, 2 a command, 1 to close each")


if __name__ == "__main__":
    main()
