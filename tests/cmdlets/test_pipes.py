"""Pipes that are run command by command: what each object becomes, and what is said when one fails."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._cmdlets.pipes import run_pipeline, with_object
from exchange_imap.testing import FakeExchange, Fault
from support.captures import needs_captures, read_capture

SERVICE = xi.Record(type_names=("Deserialized.System.ServiceProcess.ServiceController",), properties={"Name": "a"})
SERVER = "Microsoft.Exchange.Data.Directory.Management.ExchangeServer"
CONNECTOR = "Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector"
MAILBOX = "Microsoft.Exchange.Data.Directory.Management.CASMailbox"
POP = "Microsoft.Exchange.Data.Directory.SystemConfiguration.Pop3AdConfiguration"


def made(*properties: tuple[str, str], of: str) -> xi.Record:
    """Make an object of a type."""
    return xi.Record(type_names=(f"Deserialized.{of}", "Deserialized.System.Object"), properties=dict(properties))


@pytest.mark.parametrize(
    ("line", "record", "expected"),
    [
        ("Set-Service -StartupType Manual", SERVICE, "Set-Service a -StartupType Manual"),
        ("Restart-Service -Force", SERVICE, "Restart-Service a -Force"),
        ("Start-Service", SERVICE, "Start-Service a"),
        ("Stop-Service", SERVICE, "Stop-Service a"),
        ("Get-Service", SERVICE, "Get-Service a"),
        ("Get-ImapSettings", made(("Fqdn", "m.contoso.com"), of=SERVER), "Get-ImapSettings -Server m.contoso.com"),
        ("Set-PopSettings -Banner x", made(("Server", "M"), of=POP), "Set-PopSettings -Server M -Banner x"),
        (
            "Set-ReceiveConnector -Enabled $true",
            made(("Identity", "M\\Client Frontend M"), of=CONNECTOR),
            'Set-ReceiveConnector -Identity "M\\Client Frontend M" -Enabled $true',
        ),
        (
            "Set-CASMailbox -ImapEnabled $false",
            made(("Identity", "kim"), of=MAILBOX),
            "Set-CASMailbox -Identity kim -ImapEnabled $false",
        ),
        ("Get-ServerComponentState", made(("Fqdn", "m"), of=SERVER), "Get-ServerComponentState -Identity m"),
    ],
)  # fmt: skip
def test_an_object_becomes_the_parameter_that_takes_it(line: str, record: xi.Record, expected: str) -> None:
    """By the name by which the server would find it again."""
    pipeline = xi.parse(f"Get-Service | {line}")
    assert isinstance(pipeline, xi.Pipeline)
    cmdlet = pipeline.elements[1]
    assert isinstance(cmdlet, xi.Cmdlet)

    made = with_object(cmdlet, record)

    assert str(attrs.evolve(made, order=())) == expected


@needs_captures
@pytest.mark.parametrize(
    ("capture", "cmdlet"),
    [
        ("get-exchangeserver", xi.GetImapSettings()),
        ("get-receiveconnector", xi.SetReceiveConnector(enabled=True)),
        ("get-service", xi.RestartService()),
    ],
)
def test_captured_objects_are_taken(capture: str, cmdlet: xi.Cmdlet) -> None:
    """Real ones, of real servers."""
    records = xi.read_clixml(read_capture(capture))

    assert records
    for record in records:
        with_object(cmdlet, record).require_whole()


@pytest.mark.parametrize(
    ("cmdlet", "record", "message"),
    [
        (xi.GetImapSettings(), SERVICE, "behind a pipe: expected ImapSettings or PopSettings or ExchangeServer"),
        (xi.GetImapSettings(), xi.Record(), "received None"),
        (xi.GetExchangeCertificate(), SERVICE, "expected no object"),
        (xi.StartService(name=("b",)), SERVICE, "-Name besides"),
    ],
)
def test_an_object_that_nothing_takes_is_refused(cmdlet: xi.Cmdlet, record: xi.Record, message: str) -> None:
    """Before anything of it is run."""
    with pytest.raises(xi.InvalidValueError, match=message):
        with_object(cmdlet, record)


@pytest.mark.parametrize("value", ["*", "MSExchange*", "W3SV?", "[a-z]*"])
def test_a_service_whose_name_means_several_is_refused(value: str) -> None:
    """The server answers one service, and its name would stop all."""
    record = attrs.evolve(SERVICE, properties={"Name": value})

    with pytest.raises(xi.UnexpectedReplyError, match="the name of one service"):
        with_object(xi.StopService(), record)


@pytest.mark.parametrize("value", [None, "", 5])
def test_an_object_without_a_name_is_refused(value: str | int | None) -> None:
    """With the path of what is missing."""
    record = attrs.evolve(SERVICE, properties={"Name": value})

    with pytest.raises(xi.UnexpectedReplyError, match=r"ServiceState\.Name"):
        with_object(xi.StartService(), record)


@pytest.mark.parametrize(
    "pipeline",
    [
        xi.Pipeline((xi.FormatList(), xi.GetImapSettings())),
        xi.Pipeline((xi.FormatList(),)),
        xi.Pipeline((xi.GetImapSettings(), xi.FormatList(), xi.SetImapSettings(banner="x"))),
        xi.Pipeline((xi.Command("Get-ImapSettings"),)),
        xi.Pipeline(()),
    ],
    ids=str,
)
def test_a_pipe_that_cannot_be_run_is_refused(pipeline: xi.Pipeline) -> None:
    """Nothing of it runs."""
    server = xi.ImapServer("MBX01")

    with pytest.raises(xi.InvalidValueError, match="run: expected"):
        server.run(pipeline)


LINE = "Get-Service MSExchangeIMAP4,MSExchangeIMAP4BE,MSExchangePOP3 | Start-Service"


def piped(line: str) -> xi.Pipeline:
    """Read a line that is a pipe."""
    pipeline = xi.parse(line)
    assert isinstance(pipeline, xi.Pipeline)
    return pipeline


def test_a_lost_answer_says_what_ran_and_what_did_not() -> None:
    """The one in question is among the failed, with what is known of it, and is never sent again."""
    fake = FakeExchange(servers=["MBX01"])
    fake.fail(Fault(of="Start-Service", nth=2))
    server = xi.ImapServer("MBX01", windows=fake.transport())

    with pytest.raises(xi.PipelineError) as caught:
        server.run(piped(LINE))

    error = caught.value
    names = [[command.to_command().parameters[0].value for command in group] for group in (error.done, error.not_tried)]
    assert [len(group) for group in names] == [1, 1]
    assert [type(why) for _, why in error.failed] == [type(error.__cause__)]
    assert "ran for 1 of 3 objects" in str(error)
    assert [line.split()[0] for line in str(error).splitlines()[1:]] == ["done", "failed", "not"]
    assert len([entry for entry in fake.log if entry.write]) == 2


def test_an_exception_of_somebody_else_s_keeps_what_ran_and_what_did_not() -> None:
    """It is raised as it is, with the error of the pipe attached."""
    fake = FakeExchange(servers=["MBX01"])
    transport = fake.transport()
    number = 0

    def run(cmdlet: xi.Cmdlet) -> xi.Reply:
        """Be interrupted at the second service."""
        nonlocal number
        number += isinstance(cmdlet, xi.StartService)
        if number == 2:
            raise KeyboardInterrupt
        return transport.run(xi.Pipeline((cmdlet,)))

    pipeline = xi.parse("Get-Service MSExchangeIMAP4,MSExchangeIMAP4BE,MSExchangePOP3 | Start-Service")
    assert isinstance(pipeline, xi.Pipeline)

    with pytest.raises(KeyboardInterrupt) as caught:
        run_pipeline(pipeline, run)

    outcome = vars(caught.value)["outcome"]
    assert isinstance(outcome, xi.PipelineError)
    assert [len(outcome.done), len(outcome.failed), len(outcome.not_tried)] == [1, 1, 1]
    assert isinstance(outcome.failed[0][1], xi.UnknownOutcomeError)
    assert caught.value.__notes__ == [str(outcome)]


def test_what_the_server_refuses_for_one_object_is_done_for_the_others() -> None:
    """As PowerShell does; the error says for which it was not."""
    fake = FakeExchange(servers=["MBX01"])
    fake.server("MBX01").set_service("MSExchangeIMAP4", startup_type=xi.StartupType.Disabled)
    server = xi.ImapServer("MBX01", windows=fake.transport())

    with pytest.raises(xi.PipelineError) as caught:
        server.run(piped(LINE))

    assert (len(caught.value.done), len(caught.value.failed), caught.value.not_tried) == (2, 1, ())


def test_answers_are_put_together() -> None:
    """Records, warnings and the time that all of it took."""
    fake = FakeExchange(servers=["MBX01"], clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    server = xi.ImapServer("MBX01", windows=fake.transport())

    reply = server.run(piped(f"{LINE} -PassThru | Format-List Name"))

    assert [[*record.properties] for record in reply.records] == [["Name"]] * 3
    assert reply.elapsed == fake.latency


def test_no_object_is_no_call() -> None:
    """The second command is not run at all."""
    calls: list[xi.Cmdlet] = []

    def run(cmdlet: xi.Cmdlet) -> xi.Reply:
        calls.append(cmdlet)
        return xi.Reply()

    assert run_pipeline(piped("Get-Service x* | Restart-Service"), run) == xi.Reply()
    assert calls == [xi.GetService(name=("x*",))]


@pytest.mark.parametrize(
    "line",
    [
        "Get-ImapSettings -Server MBX01 | Set-ImapSettings -Banner 'Through a pipe'",
        'Get-ImapSettings -Server MBX01 | Set-ImapSettings -SSLBindings @{Add="10.0.0.1:993"}',
        "Get-Service MSExchangeIMAP4* | Set-Service -StartupType Automatic",
        "Get-Service MSExchangeIMAP4,MSExchangeIMAP4BE | Start-Service",
        "Get-Service | Stop-Service -Force -WhatIf",
    ],
)
def test_a_pipe_does_the_same_whole_and_command_by_command(line: str) -> None:
    """Whichever way it is run, the server is the same in the end."""
    whole, stepwise = (FakeExchange(servers=["MBX01"], clock=lambda: datetime(2026, 1, 1, tzinfo=UTC)) for _ in "ab")

    reply = whole.transport().run(piped(line))
    xi.ImapServer("MBX01", exchange=stepwise.transport(), windows=stepwise.transport()).run(piped(line))

    assert reply.errors == ()
    one, other = whole.server("MBX01"), stepwise.server("MBX01")
    assert (one.stored, one.services) == (other.stored, other.services)


def test_format_list_prints_what_it_selects() -> None:
    """Of every kind of value its text; objects with a line between them."""
    record = xi.Record(
        properties={
            "Name": "a",
            "Status": xi.Record(text="Running", value=4),
            "When": datetime(2026, 1, 2, tzinfo=UTC),
            "Bindings": ("[::]:993", xi.Record(text="x")),
            "Nothing": None,
        }
    )

    text = xi.FormatList(property=("s*", "name", "When", "n*", "*ings")).text([record, attrs.evolve(record)])

    block = (
        "Status   : Running\nName     : a\nWhen     : 2026-01-02 00:00:00+00:00\nNothing  : \nBindings : {[::]:993, x}"
    )
    assert text == f"{block}\n\n{block}"
