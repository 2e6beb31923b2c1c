"""What is logged: a line for each command, no secrets, and nothing that acts on a terminal."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import SimpleNamespace

import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, Fault, PsrpServer
from support.clocks import Time

SECRET = "correct horse"  # noqa: S105 - one that is looked for
HOSTILE = xi.ErrorRecord(message=SECRET, category="x\x1b[2J", fully_qualified_error_id="Refused\r\nINFO all is well")


@pytest.fixture
def fake() -> FakeExchange:
    """Return a freshly installed server."""
    return FakeExchange(servers=["MBX01"])


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    """Listen, and return what was said."""
    with caplog.at_level(logging.INFO, logger="exchange_imap"):
        yield lambda: [record.getMessage() for record in caplog.records if record.name == "exchange_imap"]


def on(fake: FakeExchange) -> xi.ImapServer:
    """Reach the server by a clock that stands still."""
    return xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport(), clock=Time().clock)


def test_each_command_is_a_line_with_endpoint_result_and_duration(
    fake: FakeExchange, lines: Callable[[], list[str]]
) -> None:
    """Reads and writes alike."""
    server = on(fake)
    server.settings()
    server.run(xi.SetImapSettings(server="MBX01", banner="Welcome."))
    server.services()
    server.run(xi.StartService(name=("MSExchangeIMAP4",)))

    assert lines() == [
        "MBX01 Microsoft.Exchange: Get-ImapSettings -Server MBX01: 1 object in 0.000 s",
        "MBX01 Microsoft.Exchange: Set-ImapSettings -Server MBX01 -Banner Welcome.: 1 warning in 0.000 s",
        "MBX01 Microsoft.PowerShell: Get-Service MSExchangeIMAP4,MSExchangeIMAP4BE: 2 objects in 0.000 s",
        "MBX01 Microsoft.PowerShell: Start-Service MSExchangeIMAP4: done in 0.000 s",
    ]


def test_commands_of_one_request_are_a_line_each(fake: FakeExchange, lines: Callable[[], list[str]]) -> None:
    """Over the wire steps for the services go together, and so do reads of one endpoint."""
    with (
        PsrpServer(fake) as psrp,
        xi.ImapServer("MBX01", exchange=psrp.exchange(), windows=psrp.windows()) as server,
    ):
        server.enable(external=["mail.contoso.com:993:SSL"])
        server.state(xi.DesiredState(connectors=[xi.SetReceiveConnector(fqdn="mail.contoso.com")]))

    names = [line.split(": ")[1].split(" ")[0] for line in lines()]
    assert [names.count(name) for name in ("Set-Service", "Start-Service", "Get-ReceiveConnector")] == [2, 2, 1]


@pytest.mark.parametrize(
    ("error", "sent", "result"),
    [
        (HOSTILE, None, r"CommandError x\x1b[2J Refused\r\nINFO all is well"),
        (xi.TransportError, None, "TransportError, perhaps sent"),
        (xi.TransportTimeoutError, True, "TransportTimeoutError, sent"),
        (xi.TransportError, False, "TransportError, not sent"),
    ],
    ids=["refused", "lost", "late", "never sent"],
)
def test_a_failure_is_its_class_and_id_and_no_text_of_the_server(
    fake: FakeExchange,
    lines: Callable[[], list[str]],
    error: xi.ErrorRecord | type[xi.TransportError],
    sent: bool | None,
    result: str,
) -> None:
    """A message may repeat what was to be secret; an id has nothing that acts."""
    fake.fail(Fault(error=error, sent=sent))

    with pytest.raises(xi.ExchangeImapError):
        on(fake).settings()

    assert lines() == [f"MBX01 Microsoft.Exchange: Get-ImapSettings -Server MBX01: {result} in 0.000 s"]


def test_an_exception_of_another_origin_is_its_class(fake: FakeExchange, lines: Callable[[], list[str]]) -> None:
    """Such as a key that somebody pressed."""

    class Ending:
        """Ends."""

        def run(self, pipeline: xi.Pipeline) -> xi.Reply:
            """Raise."""
            raise KeyboardInterrupt(str(pipeline))

        def close(self) -> None:
            """Close it."""

    with pytest.raises(KeyboardInterrupt):
        xi.ImapServer("MBX01", exchange=Ending(), windows=fake.transport(), clock=Time().clock).settings()

    assert lines()[0].endswith(": KeyboardInterrupt in 0.000 s")


def test_a_secret_is_in_no_line(fake: FakeExchange, lines: Callable[[], list[str]]) -> None:
    """Neither of a credential nor of a text for a password."""
    server = on(fake)
    credential = xi.PSCredential("kim", SECRET)
    for command in (
        xi.TestImapConnectivity(client_access_server="MBX01", mailbox_credential=credential),
        xi.InvokeMonitoringProbe(identity="IMAP.Protocol\\ImapSelfTestProbe", server="MBX01", password=SECRET),
    ):
        with suppress(xi.ExchangeImapError):
            server.run(command)

    assert len(lines()) == 2
    assert SECRET not in "".join(lines())


def test_nothing_is_said_unless_somebody_asks(fake: FakeExchange, caplog: pytest.LogCaptureFixture) -> None:
    """By default a logger's level is WARNING."""
    on(fake).settings()

    assert caplog.records == []


def test_a_program_without_logging_is_asked_nothing(
    fake: FakeExchange, lines: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has not imported it, so nothing listens."""
    monkeypatch.setattr("exchange_imap._apply.command_log.sys", SimpleNamespace(modules={}))

    on(fake).settings()

    assert lines() == []


def test_logging_is_not_imported_for_it() -> None:
    """A program that has not imported it has not configured it."""
    program = (
        "import sys; import exchange_imap as xi; "
        "transport = xi.testing.FakeExchange(servers=['MBX01']).transport(); "
        "xi.ImapServer('MBX01', exchange=transport).settings(); "
        "sys.exit('logging' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
