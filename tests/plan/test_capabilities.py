"""What an account may run: as Get-Command tells it, as trying tells it, and what a plan makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._cmdlets.registry import cmdlets
from exchange_imap._powershell.record import RecordValue
from exchange_imap.testing import FakeExchange, FakeTransport, Fault, PsrpServer
from support.endpoints import WAYS, Pair

YES, NO, UNKNOWN = xi.Allowed.YES, xi.Allowed.NO, xi.Allowed.UNKNOWN
NOT_FOUND = "CommandNotFoundException,Microsoft.PowerShell.Commands.GetCommandCommand"
SETTINGS = xi.SetImapSettings(banner="Welcome.", login_type=xi.LoginType.PlainTextLogin)


def on_the_fake(fake: FakeExchange) -> xi.ImapServer:
    """Reach both endpoints in sessions of their own."""
    exchange = fake.transport(xi.Endpoint.EXCHANGE)
    return xi.ImapServer("MBX01", exchange=exchange, windows=fake.transport(xi.Endpoint.WINDOWS, server="MBX01"))


def hiding(*names: str) -> xi.ImapServer:
    """Reach a server as an account with a smaller role."""
    return on_the_fake(FakeExchange(servers=["MBX01"], hidden=names))


@attrs.define(eq=False)
class Answering:
    """A transport that answers Get-Command, and everything else like it, with one reply or error."""

    reply: xi.Reply | xi.TransportError
    asked: list[str] = attrs.field(factory=list)

    def run(self, pipeline: xi.Pipeline) -> xi.Reply:
        """Answer whatever was asked."""
        self.asked.append(str(pipeline))
        if isinstance(self.reply, xi.TransportError):
            raise self.reply
        return self.reply

    def close(self) -> None:
        """Nothing is open."""


def answered(*records: xi.Record, errors: Sequence[xi.ErrorRecord] = ()) -> xi.Capabilities:
    """Return the capabilities by an answer of the Exchange endpoint."""
    transport = Answering(xi.Reply(records=records, errors=tuple(errors)))
    return xi.ImapServer("MBX01", exchange=transport).capabilities()


def command(name: RecordValue, parameters: RecordValue = None) -> xi.Record:
    """Make an object that Get-Command might answer."""
    return xi.Record(properties={"Name": name, "Parameters": parameters})


def error(error_id: str, target: str = "") -> xi.ErrorRecord:
    """Make an error record."""
    return xi.ErrorRecord(message="no", category="NotSpecified", fully_qualified_error_id=error_id, target=target)


class TestWhatGetCommandTells:
    """One question to each endpoint."""

    @pytest.fixture(params=WAYS)
    def pair(self, request: pytest.FixtureRequest) -> Iterator[Pair]:
        """Open both endpoints in one of the ways."""
        with ExitStack() as stack:
            yield request.param(stack)

    def test_is_complete(self, pair: Pair) -> None:
        """An administrator may run everything that the library has."""
        found = xi.ImapServer(pair.name, exchange=pair.exchange, windows=pair.windows).capabilities()
        pair.settled()

        assert {each.command for each in found.commands} == cmdlets().keys() - {"Format-List"}
        assert {each.allowed for each in found.commands} == {YES}
        assert {each.lacking for each in found.commands} == {()}

    def test_tells_cmdlets_and_parameters(self) -> None:
        """Of a command, the part that is missing is named."""
        found = hiding("Set-ImapSettings -Banner", "Set-ImapSettings -LoginType", "set-receiveconnector").capabilities()

        assert found.allows(SETTINGS) is NO
        assert found.missing(SETTINGS) == ("Set-ImapSettings -LoginType", "Set-ImapSettings -Banner")
        assert found.allows(xi.SetImapSettings(max_connections=5)) is YES
        assert found.missing(xi.SetImapSettings(max_connections=5)) == ()
        assert found.allows("set-imapsettings -SSLBINDINGS") is YES
        assert found.allows("Set-ImapSettings -Banner") is NO
        assert found.missing("set-receiveconnector -Fqdn") == ("Set-ReceiveConnector",)
        assert found.allows("Start-Service -Name") is YES
        assert found.of("SET-IMAPSETTINGS").lacking == ("LoginType", "Banner")

    def test_says_nothing_of_other_commands(self) -> None:
        """A program is no cmdlet, and a name that is misspelt is none of the library."""
        found = hiding().capabilities()

        assert found.allows(xi.NetStop(yes=True)) is UNKNOWN
        assert found.missing(xi.NetStop(yes=True)) == ()
        with pytest.raises(xi.InvalidValueError, match=r"Did you mean Set-ImapSettings\?"):
            found.allows("Set-ImapSetings -Banner")
        with pytest.raises(xi.InvalidValueError, match="the name of a cmdlet of this library, received ''"):
            found.allows(" ")

    def test_is_asked_once(self) -> None:
        """Reading it costs nothing unless it is asked for, and nothing again."""
        fake = FakeExchange(servers=["MBX01"])
        server = on_the_fake(fake)
        server.state()
        assert not [entry for entry in fake.log if entry.text.startswith("Get-Command")]

        first = server.capabilities()
        server.plan(xi.DesiredState(settings=SETTINGS), capabilities=first)

        assert server.capabilities() is first
        assert len([entry for entry in fake.log if entry.text.startswith("Get-Command")]) == 2
        assert fake.writes == ()

    def test_is_shown_and_written_down(self) -> None:
        """As text, and as JSON."""
        found = hiding("Set-ImapSettings -Banner", "Get-PopSettings").capabilities()
        lines = str(found).split("\n")
        data = json.loads(json.dumps(found.to_dict()))

        assert lines[0] == "MBX01"
        assert "  Set-ImapSettings: yes, without -Banner (Get-Command finds it at the Exchange endpoint)" in lines
        assert "  Get-PopSettings: no (Get-Command does not find it at the Exchange endpoint)" in lines
        assert "  Get-Service: yes (Get-Command finds it at the Windows endpoint)" in lines
        assert data["server"] == "MBX01"
        pop = next(each for each in data["commands"] if each["command"] == "Get-PopSettings")
        evidence = "Get-Command does not find it at the Exchange endpoint"
        assert pop == {
            "command": "Get-PopSettings",
            "allowed": "no",
            "evidence": evidence,
            "parameters": [],
            "complete": False,
        }

    def test_may_lack_the_parameters(self) -> None:
        """Then it is not known which there are."""
        found = answered(command("Get-ImapSettings"))

        assert found.allows("Get-ImapSettings") is YES
        assert found.allows("Get-ImapSettings -Server") is UNKNOWN
        assert found.of("Get-ImapSettings").lacking == ()
        assert found.of("Get-ImapSettings").evidence.endswith("without its parameters")

    def test_may_lack_a_command(self) -> None:
        """Only an error that names it says that it is not there."""
        known = command("get-imapsettings", {"Server": "x"})
        found = answered(known, errors=[error(NOT_FOUND, "SET-IMAPSETTINGS"), error("Other,X", "Get-PopSettings")])

        assert found.allows(xi.GetImapSettings(server="MBX01")) is YES
        assert found.allows(xi.SetImapSettings(banner="x")) is NO
        assert found.allows(xi.GetPopSettings()) is UNKNOWN
        assert "neither finds it nor says" in found.of("Get-PopSettings").evidence

    def test_may_be_nothing_at_all(self) -> None:
        """No object and no error: nothing is known, and nothing is tried."""
        assert {each.allowed for each in answered().commands} == {UNKNOWN}

    @pytest.mark.parametrize(
        "records",
        [
            [command(None)],
            [command(7)],
            [command("Get-Mailbox", {})],
            [command("Get-ImapSettings", {}), command("GET-IMAPSETTINGS", {})],
            [command("Get-ImapSettings", "Server")],
            [command("Get-ImapSettings", ("Server",))],
            [command("Get-ImapSettings", {1: "x"})],
            [command("Get-ImapSettings", {"": "x"})],
            [command("Get-ImapSettings", {"x" * 201: "x"})],
            [command("Get-ImapSettings", {f"P{n}": "x" for n in range(1001)})],
            [command("Get-ImapSettings", xi.Record(value="Server"))],
        ],
    )
    def test_is_refused_where_no_server_answers_so(self, records: list[xi.Record]) -> None:
        """What was not asked for, what comes twice, and more than any command has."""
        with pytest.raises(xi.UnexpectedReplyError, match="Get-Command"):
            answered(*records)


class TestWithoutGetCommand:
    """The commands that only read are tried; of the others nothing is known."""

    def test_tells_what_answers(self) -> None:
        """A cmdlet that is hidden is not found; one that answers is allowed with what it was sent with."""
        fake = FakeExchange(servers=["MBX01"], hidden=["Get-Command", "Get-PopSettings"])
        found = on_the_fake(fake).capabilities()

        assert found.allows(xi.GetImapSettings(server="MBX01")) is YES
        assert found.allows("Get-ImapSettings -DomainController") is UNKNOWN
        assert found.allows(xi.GetServerComponentState(identity="MBX01")) is YES
        assert found.allows("Get-PopSettings") is NO
        assert found.of("Get-PopSettings").allows("Server") is NO
        assert found.allows(SETTINGS) is UNKNOWN
        assert found.missing(SETTINGS) == ()
        assert found.of("Set-ImapSettings").evidence.startswith("Get-Command is refused (CommandNotFoundException)")
        assert found.allows("Get-CASMailbox") is UNKNOWN
        assert found.allows(xi.StopService(name=("MSExchangeIMAP4",))) is YES
        assert fake.writes == ()

    def test_tells_what_a_cmdlet_itself_refuses(self) -> None:
        """A server that is not found, and a parameter that is hidden, show that the cmdlet is there."""
        fake = FakeExchange(servers=["MBX01"], hidden=["Get-Command", "Get-ReceiveConnector -Server"])
        found = xi.ImapServer("MBX09", exchange=fake.transport(xi.Endpoint.EXCHANGE)).capabilities()

        assert found.allows("Get-ImapSettings") is YES
        assert "Cmdlet-ManagementObjectNotFoundException" in found.of("Get-ImapSettings").evidence
        assert found.allows("Get-ImapSettings -Server") is UNKNOWN
        assert found.of("Get-ReceiveConnector").evidence.endswith("NamedParameterNotFound,Get-ReceiveConnector")
        assert found.allows("Get-Service") is UNKNOWN
        assert found.of("Get-Service").evidence == "no transport leads to the Windows endpoint"

    @pytest.mark.parametrize(
        ("error_id", "allowed"),
        [
            ("[Server=S,RequestId=1,TimeStamp=2] [FailureCategory=AuthZ-AuthorizationException] 1,X", UNKNOWN),
            ("Throttled", UNKNOWN),
            ("CommandNotFoundException", NO),
        ],
    )
    def test_concludes_nothing_from_other_errors(self, error_id: str, allowed: xi.Allowed) -> None:
        """They may come before the cmdlet was looked for."""
        found = answered(errors=[error(error_id)])

        assert found.allows("Get-ImapSettings") is allowed

    def test_tries_the_services_at_the_other_endpoint(self) -> None:
        """An endpoint of somebody's own making may lack Get-Command too."""
        windows = Answering(xi.Reply(errors=(error("CommandNotFoundException", "Get-Command"),)))
        found = xi.ImapServer("MBX01", windows=windows).capabilities()

        assert windows.asked[1:] == ["Get-Service MSExchangeIMAP4,MSExchangeIMAP4BE"]
        assert found.allows("Get-Service") is NO
        assert found.allows("Start-Service") is UNKNOWN


class TestAnEndpointThatCannotBeAsked:
    """Its cmdlets are unknown, and it is asked again the next time."""

    def test_is_said_with_its_error(self) -> None:
        """The other one's cmdlets are known all the same."""
        fake = FakeExchange(servers=["MBX01"])
        fake.fail(Fault(of="*", error=xi.AuthenticationError, sent=False))
        server = on_the_fake(fake)
        first, second = server.capabilities(), server.capabilities()

        assert first.allows("Get-ImapSettings") is UNKNOWN
        assert first.of("Get-ImapSettings").evidence.startswith(
            "the Exchange endpoint could not be asked: FakeExchange was told to fail."
        )
        assert first.allows("Get-Service") is YES
        assert second.allows("Get-ImapSettings") is YES

    def test_may_break_while_commands_are_tried(self) -> None:
        """Then nothing is known of it."""
        fake = FakeExchange(servers=["MBX01"], hidden=["Get-Command"])
        fake.fail(Fault(of="Get-ImapSettings"))
        server = on_the_fake(fake)

        assert server.capabilities().allows("Get-PopSettings") is UNKNOWN
        assert server.capabilities().allows("Get-PopSettings") is YES


DESIRED = xi.DesiredState(
    settings=xi.SetImapSettings(banner="Welcome.", external_connection_settings=["mail.contoso.com:993:SSL"]),
    connectors=[xi.SetReceiveConnector(fqdn="mail.contoso.com", advertise_client_settings=True)],
    services=[xi.SetService(name="MSExchangeIMAP4", status="Running")],
)


class TestAPlan:
    """A step that will be refused is known before anything is sent."""

    @pytest.mark.parametrize(
        ("hidden", "refused"),
        [
            (["Set-ImapSettings -Banner"], {1: ("Set-ImapSettings -Banner",)}),
            (["Set-ReceiveConnector"], {2: ("Set-ReceiveConnector",)}),
            (
                ["Set-ImapSettings", "Set-ReceiveConnector -Fqdn", "Set-ReceiveConnector -AdvertiseClientSettings"],
                {
                    1: ("Set-ImapSettings",),
                    2: ("Set-ReceiveConnector -Fqdn", "Set-ReceiveConnector -AdvertiseClientSettings"),
                },
            ),
        ],
        ids=["parameter", "cmdlet", "both"],
    )
    @pytest.mark.parametrize("wire", [False, True], ids=["fake", "loopback"])
    def test_says_what_the_account_lacks_and_sends_nothing(
        self, hidden: list[str], refused: dict[int, tuple[str, ...]], *, wire: bool
    ) -> None:
        """In each step, in the script, and in the error; over loopback too."""
        fake = FakeExchange(servers=["MBX01"], hidden=hidden)
        with PsrpServer(fake) as psrp, psrp.exchange() as exchange, psrp.windows() as windows:
            server = xi.ImapServer("MBX01", exchange=exchange, windows=windows) if wire else on_the_fake(fake)
            plan = server.plan(DESIRED, capabilities=server.capabilities())
            with pytest.raises(
                xi.ApplyError, match="the account may not run every step, and nothing was sent"
            ) as caught:
                server.apply(plan)

        assert {place: step.refused for place, step in enumerate(plan.steps, 1) if step.refused} == refused
        assert plan.refused == tuple(plan.steps[place - 1] for place in refused)
        for place, missing in refused.items():
            assert str(plan.steps[place - 1].command) in caught.value.reason
            assert all(f"no {name}" in caught.value.reason for name in missing)
            assert f"# Refused: the account that this was planned with has no {', no '.join(missing)}." in str(plan)
        places = ", ".join(map(str, refused))
        assert f"# Note: the account that this was planned with may not run step {places}: see there." in str(plan)
        assert caught.value.outcome.not_tried == plan.steps
        assert fake.writes == ()

    def test_is_refused_from_a_file_too(self) -> None:
        """What it says of its steps is a part of it."""
        server = hiding("Set-ImapSettings -Banner")
        plan = server.plan(DESIRED, capabilities=server.capabilities())
        read = xi.Plan.from_dict(json.loads(json.dumps(plan.to_dict())))

        assert (read, read.digest, read.refused) == (plan, plan.digest, plan.refused)
        assert plan.digest != server.plan(DESIRED).digest
        with pytest.raises(xi.ApplyError, match="no Set-ImapSettings -Banner"):
            server.apply(read)

    def test_is_as_before_without_them(self) -> None:
        """Nothing is asked, nothing is said, and the server refuses in the middle."""
        fake = FakeExchange(servers=["MBX01"], hidden=["Set-ReceiveConnector"])
        server = on_the_fake(fake)
        plan = server.plan(DESIRED)

        assert plan.refused == ()
        assert "Refused" not in str(plan)
        with pytest.raises(xi.ApplyError, match="the plan stopped"):
            server.apply(plan)
        assert len(fake.writes) == 2

    def test_is_carried_out_where_nothing_is_known_to_be_missing(self) -> None:
        """Unknown is no refusal."""
        server = hiding("Get-Command")
        plan = server.plan(DESIRED, capabilities=server.capabilities())

        assert plan.refused == ()
        assert server.apply(plan).applied == plan.steps

    def test_takes_the_capabilities_at_its_server_alone(self) -> None:
        """Another one may be in another organisation, with other roles."""
        found = attrs.evolve(hiding().capabilities(), server="MBX02")

        with pytest.raises(xi.InvalidValueError, match="those at MBX01, received 'those at MBX02'"):
            hiding().plan(DESIRED, capabilities=found)


def test_the_transport_of_the_fake_is_enough() -> None:
    """One transport for both endpoints."""
    transport: FakeTransport = FakeExchange(servers=["MBX01"]).transport()

    assert xi.ImapServer("MBX01", exchange=transport, windows=transport).capabilities().allows("Stop-Service") is YES
