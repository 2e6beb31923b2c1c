"""A real PowerShell at the other end, which nobody here wrote: what it binds, answers, refuses and stops."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import attrs
import pytest
from pypsrp.powershell import PowerShell, RunspacePool

import exchange_imap as xi
from exchange_imap._powershell.clixml import read_object
from exchange_imap._powershell.syntax import Number, String
from exchange_imap._transports.psrp import answer as answer_module
from exchange_imap._transports.psrp.connection import Connection
from exchange_imap._transports.psrp.deadline import Deadline
from exchange_imap._transports.psrp.options import ConnectionOptions, mask
from exchange_imap._transports.reads import Reads
from support.bridge import make_bridge, needs_bridge
from support.comparable import ours, same, theirs
from support.judge import ask, needs_judge

pytestmark = needs_bridge

OPTIONS: xi.PsrpOptions = {"auth": "basic", "username": "kim", "password": "x", "allow_insecure": True}


@attrs.define
class Peer:
    """The bridge, and a session with each of its endpoints."""

    bridge: Any
    exchange: xi.PsrpTransport
    windows: xi.PsrpTransport
    texts: list[str]
    """The XML of every message that was read."""

    def run(self, *cmdlets: xi.Cmdlet | xi.Command) -> xi.Reply:
        """Run one command at the endpoint that has it."""
        services = "service" in str(cmdlets[0]).partition(" ")[0].lower()
        return (self.windows if services else self.exchange).run(xi.Pipeline(cmdlets))

    def settings(self) -> dict[str, Any]:
        """Read the settings back."""
        (record,) = self.run(xi.GetImapSettings(server="MBX01")).records
        return dict(record.properties)


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    """Open both endpoints once: each is a process of its own."""
    texts: list[str] = []
    read = read_object

    def noting(text: str) -> Any:
        texts.append(text)
        return read(text)

    with pytest.MonkeyPatch.context() as patch, make_bridge() as bridge:
        patch.setattr(answer_module, "read_object", noting)
        options: xi.PsrpOptions = {**OPTIONS, "port": bridge.port}
        exchange = xi.PsrpTransport.exchange("127.0.0.1", **options)
        with exchange, xi.PsrpTransport.windows("127.0.0.1", **options) as windows:
            yield Peer(bridge, exchange, windows, texts)


VALUES: dict[str, tuple[str, Any, object]] = {
    "text": ("banner", "It's “so” – `$x _x0041_ \U0001f600\t", "It's “so” – `$x _x0041_ \U0001f600\t"),
    "number": ("max_connections", 4711, 4711),
    "flag": ("suppress_read_receipt", True, True),
    "choice": ("login_type", xi.LoginType.PlainTextLogin, "PlainTextLogin"),
    "time span": ("authenticated_connection_timeout", timedelta(minutes=10), "00:10:00"),
    "size": ("log_per_file_size_quota", xi.ByteQuota(5 * 2**20), "5 MB (5,242,880 bytes)"),
    "list": ("ssl_bindings", ("[::]:993", "10.0.0.1:993"), ("[::]:993", "10.0.0.1:993")),
    "list of one": ("ssl_bindings", ("[::]:993",), ("[::]:993",)),
}


@pytest.mark.parametrize(("field", "value", "expected"), VALUES.values(), ids=list(VALUES))
def test_every_kind_of_parameter_binds_and_reads_back(peer: Peer, field: str, value: Any, expected: object) -> None:
    """Through PowerShell's own binder and serialiser."""
    reply = peer.run(xi.SetImapSettings(server="MBX01", **{field: value}))

    assert reply.errors == ()
    assert "restarted" in reply.warnings[0]
    name = "".join(part for part in xi.SetImapSettings(**{field: value}).to_command().parameters[0].name)
    found = peer.settings()[name]
    items = found.items if isinstance(found, xi.Record) else found
    assert items == expected


@pytest.mark.parametrize("nothing", [(), None], ids=["empty list", "null"])
def test_a_list_is_emptied(peer: Peer, nothing: Any) -> None:
    """Either way, whatever was in it."""
    full: Any = ("mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS")
    peer.run(xi.SetImapSettings(server="MBX01", external_connection_settings=full))
    before = peer.settings()["ExternalConnectionSettings"]
    assert (before.items if isinstance(before, xi.Record) else before) == full

    assert peer.run(xi.SetImapSettings(server="MBX01", external_connection_settings=nothing)).errors == ()

    after = peer.settings()["ExternalConnectionSettings"]
    assert ((after.items if isinstance(after, xi.Record) else after) or ()) == ()


def test_a_list_is_edited(peer: Peer) -> None:
    """One in, one out."""
    peer.run(xi.SetImapSettings(server="MBX01", ssl_bindings=("[::]:993", "0.0.0.0:993")))
    edit: Any = xi.ListEdit(add=("127.0.0.1:1993",), remove=("0.0.0.0:993",))

    assert peer.run(xi.SetImapSettings(server="MBX01", ssl_bindings=edit)).errors == ()

    found = peer.settings()["SSLBindings"]
    assert (found.items if isinstance(found, xi.Record) else found) == ("[::]:993", "127.0.0.1:1993")


PASSWORDS = {"right": ("correct horse", "Success"), "wrong": ("pässwörd \U0001f600", "Failure")}


@pytest.mark.parametrize(("password", "result"), PASSWORDS.values(), ids=list(PASSWORDS))
def test_a_credential_arrives_decrypted(peer: Peer, password: str, result: str) -> None:
    """The endpoint knows one password and says whether this is it."""
    credential = xi.PSCredential(r"contoso\kim", password)

    reply = peer.run(xi.TestImapConnectivity(client_access_server="MBX01", mailbox_credential=credential))

    assert reply.errors == ()
    assert (reply.records[0].get("UserName"), reply.records[0].get("Result")) == (r"contoso\kim", result)


def test_keys_are_exchanged_once(peer: Peer) -> None:
    """Whatever was sent before, a second secret needs no other."""
    test = xi.TestImapConnectivity(mailbox_credential=xi.PSCredential("kim", "x"))
    peer.run(test)
    before = peer.bridge.requests["Send"]

    peer.run(test)

    assert peer.bridge.requests["Send"] == before


def command(name: str, **parameters: str) -> xi.Command:
    """Make a command that no class checks."""
    return xi.Command(name, tuple(xi.Parameter(each, String(value)) for each, value in parameters.items()))


REFUSED = {
    "binding": (command("Set-ImapSettings", Server="MBX01", SSLBindings="nonsense"), "ParameterArgumentTransformation"),
    "range": (command("Set-ImapSettings", Server="MBX01", MaxCommandSize="5"), "ParameterArgumentValidation"),
    "parameter": (command("Set-ImapSettings", Identity="MBX01"), "NamedParameterNotFound"),
    "cmdlet": (command("Get-Process"), "CommandNotFoundException"),
}


@pytest.mark.parametrize(("wrong", "error_id"), REFUSED.values(), ids=list(REFUSED))
def test_a_refusal_has_its_id(peer: Peer, wrong: xi.Command, error_id: str) -> None:
    reply = peer.run(wrong)

    assert reply.errors[0].fully_qualified_error_id.startswith(error_id)
    assert reply.errors[0].category
    assert reply.errors[0].message


def test_a_server_that_is_not_there_has_its_category(peer: Peer) -> None:
    """Exchange's form of an id."""
    reply = peer.run(xi.GetImapSettings(server="EX01"))

    assert reply.errors[0].failure_category == "Cmdlet-ManagementObjectNotFoundException"


def test_a_disabled_service_does_not_start_and_ends_a_batch(peer: Peer) -> None:
    """What stands behind it is not tried."""
    first, second = xi.IMAP4_SERVICES
    peer.run(xi.SetService(name=first, startup_type=xi.StartupType.Disabled))
    peer.run(xi.StopService(name=(second,)))

    reply = peer.windows.run_batch([xi.Pipeline((xi.StartService(name=(each,)),)) for each in (first, second)])

    assert reply.errors[0].fully_qualified_error_id.startswith("CouldNotStartService")
    states = {str(each.get("Name")).lower(): each.get("Status") for each in peer.run(xi.GetService()).records}
    assert states[second.lower()] == "Stopped"


def test_a_pipe_of_two_commands_needs_no_language(peer: Peer) -> None:
    """Both run, in one pipeline; but the object arrives as its text, which need not be what the parameter means.

    So a server is administered command by command.
    """
    (settings,) = peer.run(xi.GetImapSettings(server="MBX01")).records

    reply = peer.run(xi.GetImapSettings(server="MBX01"), xi.SetImapSettings(banner="By one pipe"))

    assert settings.text == "MBX01\\1"
    assert (reply.records, len(reply.errors)) == ((), 1)
    assert "MBX01\\1" in reply.errors[0].message


def test_a_pipe_runs_command_by_command(peer: Peer) -> None:
    """With Format-List, which this endpoint does not have."""
    server = xi.ImapServer("MBX01", exchange=peer.exchange, windows=peer.windows)
    line = (
        "Get-ImapSettings -Server MBX01 | Set-ImapSettings -Banner Stepwise; Get-ImapSettings -Server MBX01 | fl Bann*"
    )

    replies = [server.run(each) for each in xi.parse_script(line)]

    assert [record.properties for record in replies[1].records] == [{"Banner": "Stepwise"}]


@pytest.fixture(scope="module")
def three() -> Iterator[tuple[Any, xi.PsrpTransport]]:  # Any: the bridge
    """Open an endpoint without language whose three cmdlets do as they are told."""
    configuration = Path(__file__).parent.parent / "fixtures" / "statements.pssc"
    with make_bridge(configuration) as bridge:
        options: xi.PsrpOptions = {**OPTIONS, "port": bridge.port}
        with xi.PsrpTransport.exchange("127.0.0.1", **options) as transport:
            yield bridge, transport


CASES = ("Two", "Nothing", "Warning", "Missing", "Broken")


def three_reads(settings: str, connector: str, certificate: str) -> list[xi.Pipeline]:
    """Ask for objects of three types, each in one of the cases."""
    reads = (
        xi.GetImapSettings(server=settings),
        xi.GetReceiveConnector(identity=connector),
        xi.GetExchangeCertificate(thumbprint=certificate),
    )
    return [xi.Pipeline((read,)) for read in reads]


@pytest.mark.parametrize("cases", [*product(CASES, repeat=3)], ids="-".join)
def test_three_reads_together_answer_as_each_alone(
    three: tuple[Any, xi.PsrpTransport], cases: tuple[str, str, str]
) -> None:
    """Whatever becomes of each of them: 2 requests where all is well, and one by one where anything is not.

    PowerShell puts out the records of the statements in their order and without a mark, and goes on after an error that
    is written. One that ends a statement ends all, but in the first: then what follows the second is lost.
    """
    bridge, transport = three
    reads = three_reads(*cases)
    alone = [attrs.evolve(transport.run(read), elapsed=timedelta()) for read in reads]
    transport._reads = Reads()  # what one case teaches is not for the next
    before = bridge.requests["Command"]

    together = [attrs.evolve(reply, elapsed=timedelta()) for reply in transport.run_reads(reads)]

    assert together == alone
    assert bridge.requests["Command"] - before == (1 if set(cases) == {"Two"} else 4)
    assert not transport._reads.refused


def test_two_of_a_kind_go_together_around_another(three: tuple[Any, xi.PsrpTransport]) -> None:
    """The third of that kind is asked for by itself."""
    bridge, transport = three
    reads = [*three_reads("Two", "Two", "Two"), *three_reads("Two", "Two", "Two")[:1], *three_reads("A", "B", "C")[:1]]
    reads = [read for read in reads if "Certificate" not in str(read)]
    before = bridge.requests["Command"]

    replies = transport.run_reads(reads)

    assert [[record.get("Case") for record in reply.records] for reply in replies] == [
        *[["Two"] * 2] * 3,
        ["A"] * 2,
    ]
    assert bridge.requests["Command"] - before == 2


def test_script_text_is_refused_and_never_sent(peer: Peer) -> None:
    """By the endpoint; and the transport has no way to send any."""
    options = ConnectionOptions.exchange("127.0.0.1", mask({**OPTIONS, "port": peer.bridge.port}))
    connection = Connection(options)
    connection.limit(Deadline(), options.max_answer_size)
    pool: Any = RunspacePool(connection, configuration_name=options.configuration)
    pool.open()
    shell: Any = PowerShell(pool)
    shell.add_script("1+1").invoke()
    found = [error.fq_error for error in shell.streams.error]
    pool.close()

    assert found == ["ScriptsNotAllowed"]
    sources = Path(answer_module.__file__).parent.glob("*.py")
    assert not [path for path in sources if "add_script" in path.read_text(encoding="utf-8")]


def test_a_command_is_stopped_at_its_deadline(peer: Peer) -> None:
    """And the session goes on."""
    slow = xi.Command("Get-Slowly", (xi.Parameter("Milliseconds", Number(60_000)),))

    with pytest.raises(xi.TransportTimeoutError, match="the command was stopped"):
        peer.exchange.run(xi.Pipeline((slow,)), timeout=timedelta(seconds=1))

    assert peer.run(xi.GetImapSettings(server="MBX01")).errors == ()


def test_closing_ends_the_process(peer: Peer) -> None:
    """No shell stays open."""
    before = set(peer.bridge.shells)
    options: xi.PsrpOptions = {**OPTIONS, "port": peer.bridge.port}
    with xi.PsrpTransport.exchange("127.0.0.1", **options) as transport:
        transport.run(xi.Pipeline((xi.GetImapSettings(server="MBX01"),)))
        (new,) = set(peer.bridge.shells) - before
        engine = peer.bridge.shells[new].engine
        assert engine.process.poll() is None

    assert set(peer.bridge.shells) == before
    assert engine.process.poll() is not None


@needs_judge
def test_what_was_read_is_what_powershell_reads(peer: Peer) -> None:
    """Every message of this run, property by property."""
    peer.run(xi.GetImapSettings(server="MBX01"))
    peer.run(xi.GetService())
    namespace = "http://schemas.microsoft.com/powershell/2004/04"
    texts = [text for text in peer.texts if text.startswith('<Obj RefId="0"><TN ')]
    files = [f'<Objs Version="1.1.0.1" xmlns="{namespace}">{text}</Objs>' for text in texts]

    for text, answer in zip(files, ask("clixml", ({"clixml": each} for each in files)), strict=True):
        (record,) = xi.read_clixml(text)
        (found,) = answer["objects"]
        assert same(ours(record), theirs(found)), text
    assert texts
