"""Get-Command, by which a session tells what it has: on the fake, over the wire, and as PowerShell answers it."""

from __future__ import annotations

from pathlib import Path

import pytest

import exchange_imap as xi
from exchange_imap._powershell.syntax import Array, Number, String
from exchange_imap.testing import FakeExchange, PsrpServer
from support.bridge import make_bridge, needs_bridge

ASKED = ("Set-ImapSettings", "Get-Nothing", "Get-Service", "GET-IMAPSETTINGS")
PATTERNS = Array((String("*-service"), String("?et-*mapsettings")))
NOT_FOUND = "CommandNotFoundException,Microsoft.PowerShell.Commands.GetCommandCommand"
FUNCTION = "System.Management.Automation.FunctionInfo"
CMDLET = "System.Management.Automation.CmdletInfo"


def get_command(*names: str) -> xi.Pipeline:
    """Ask for commands by name."""
    return xi.Pipeline((xi.Command("Get-Command", (xi.Parameter("Name", Array(tuple(map(String, names)))),)),))


def found(reply: xi.Reply) -> list[object]:
    """Return the names of the commands."""
    return [record.get("Name") for record in reply.records]


def parameters(record: xi.Record) -> list[str]:
    """Return the names of a command's parameters."""
    table = record.get("Parameters")
    assert isinstance(table, xi.Record)
    assert isinstance(table.value, dict)
    return list(map(str, table.value))


class TestOnTheFake:
    """What a session has, and what a role hides from it."""

    @pytest.mark.parametrize(
        ("endpoint", "names", "missing"),
        [
            (xi.Endpoint.EXCHANGE, ["Set-ImapSettings", "Get-ImapSettings"], ["Get-Nothing", "Get-Service"]),
            (xi.Endpoint.WINDOWS, ["Get-Service"], ["Set-ImapSettings", "Get-Nothing", "GET-IMAPSETTINGS"]),
            (None, ["Set-ImapSettings", "Get-Service", "Get-ImapSettings"], ["Get-Nothing"]),
        ],
        ids=["exchange", "windows", "both"],
    )
    def test_finds_the_commands_of_its_endpoint(
        self, endpoint: xi.Endpoint | None, names: list[str], missing: list[str]
    ) -> None:
        """One object for each, and one error for each of the others, which ends nothing."""
        reply = FakeExchange(servers=["MBX01"]).transport(endpoint).run(get_command(*ASKED))

        assert found(reply) == names
        assert [error.target for error in reply.errors] == missing
        assert {error.fully_qualified_error_id for error in reply.errors} == {NOT_FOUND}

    def test_tells_the_parameters_with_those_of_every_cmdlet(self) -> None:
        """The objects that come from a pipe have a parameter too."""
        settings, certificate, service = (
            FakeExchange(servers=["MBX01"])
            .transport()
            .run(get_command("Set-ImapSettings", "Get-ExchangeCertificate", "Get-Service"))
            .records
        )

        assert {"Server", "SSLBindings", "WhatIf", "Verbose", "ErrorAction"} <= {*parameters(settings)}
        assert "Instance" in parameters(certificate)
        assert "InputObject" in parameters(service)
        assert (settings.type_names[0], settings.get("CommandType")) == (FUNCTION, "Function")
        assert (service.type_names[0], service.get("CommandType")) == (CMDLET, "Cmdlet")

    def test_leaves_out_what_a_role_hides(self) -> None:
        """A cmdlet is not found, and a parameter is not there."""
        fake = FakeExchange(servers=["MBX01"], hidden=["Set-ImapSettings -Banner", "Get-ImapSettings"])
        reply = fake.transport().run(get_command("Set-ImapSettings", "Get-ImapSettings"))

        assert found(reply) == ["Set-ImapSettings"]
        assert "Banner" not in parameters(reply.records[0])
        assert [error.target for error in reply.errors] == ["Get-ImapSettings"]

    @pytest.mark.parametrize(
        "command",
        [
            xi.Command("get-command"),
            xi.Command("Get-Command", (xi.Parameter("", String("*")),)),
            xi.Command(
                "Get-Command", (xi.Parameter("name", Array((String("*-service"), String("?et-*mapsettings")))),)
            ),
        ],
        ids=["no name", "no parameter name", "patterns"],
    )
    def test_takes_patterns(self, command: xi.Command) -> None:
        """Nothing that fits is no error."""
        reply = FakeExchange(servers=["MBX01"]).transport().run(xi.Pipeline((command,)))

        assert {"Get-Service", "Restart-Service", "Get-ImapSettings", "Set-ImapSettings"} <= {*found(reply)}
        assert reply.errors == ()

    def test_does_not_find_by_a_pattern_what_is_not_there(self) -> None:
        """That is no error either."""
        assert FakeExchange(servers=["MBX01"]).transport().run(get_command("Set-Nothing*")) == xi.Reply()

    def test_finds_nothing_by_a_number(self) -> None:
        """A name is text; anything else is as no name at all."""
        command = xi.Command("Get-Command", (xi.Parameter("Name", Number(1)),))

        assert len(FakeExchange(servers=["MBX01"]).transport().run(xi.Pipeline((command,))).records) > 10

    def test_refuses_a_parameter_that_is_not_modelled(self) -> None:
        """By the id that only the fake has."""
        command = xi.Command("Get-Command", (xi.Parameter("Verb", String("Get")),))
        (error,) = FakeExchange(servers=["MBX01"]).transport().run(xi.Pipeline((command,))).errors

        assert error.fully_qualified_error_id == "ParameterNotModelled,exchange_imap.testing"

    @pytest.mark.parametrize(
        ("endpoint", "hides"), [(xi.Endpoint.EXCHANGE, True), (None, True), (xi.Endpoint.WINDOWS, False)]
    )
    def test_can_be_hidden_itself(self, endpoint: xi.Endpoint | None, *, hides: bool) -> None:
        """A role is about Exchange's endpoint."""
        fake = FakeExchange(servers=["MBX01"], hidden=("Get-Command",))
        reply = fake.transport(endpoint).run(get_command("Get-Service"))

        ids = [error.fully_qualified_error_id for error in reply.errors]
        assert ids == (["CommandNotFoundException"] if hides else [])
        assert found(reply) == ([] if hides else ["Get-Service"])

    def test_is_found_alone(self) -> None:
        """What passes through a pipe is not modelled."""
        pipeline = xi.Pipeline((xi.Command("Get-Command"), xi.GetImapSettings()))
        (error,) = FakeExchange(servers=["MBX01"]).transport().run(pipeline).errors

        assert (error.fully_qualified_error_id, error.target) == ("CommandNotFoundException", "Get-Command")

    def test_is_in_the_log(self) -> None:
        """It writes nothing."""
        fake = FakeExchange(servers=["MBX01"])
        fake.transport().run(get_command("Get-Service"))

        (entry,) = fake.log
        assert (entry.text, entry.write, entry.effect) == ("Get-Command -Name Get-Service", False, False)


class TestOverTheWire:
    """The same answers through HTTP, WSMan and PSRP."""

    @pytest.mark.parametrize("endpoint", list(xi.Endpoint))
    def test_says_the_same_as_the_fake(self, endpoint: xi.Endpoint) -> None:
        """With every error, for none of them ends the pipeline."""
        fake = FakeExchange(servers=["MBX01"], hidden=["Set-ImapSettings -Banner"])
        expected = fake.transport(endpoint).run(get_command(*ASKED))
        with PsrpServer(fake) as psrp:
            made = psrp.exchange if endpoint is xi.Endpoint.EXCHANGE else psrp.windows
            with made() as transport:
                reply = transport.run(get_command(*ASKED))

        assert (reply.records, reply.errors) == (expected.records, expected.errors)

    def test_is_not_found_where_it_is_hidden(self) -> None:
        """That ends the pipeline."""
        with PsrpServer(FakeExchange(servers=["MBX01"], hidden=["Get-Command"])) as psrp, psrp.exchange() as transport:
            (error,) = transport.run(get_command("Get-ImapSettings")).errors

        assert (error.fully_qualified_error_id, error.target) == ("CommandNotFoundException", "Get-Command")


CONFIGURATION = """
@{{
    SchemaVersion = '2.0.0.0'
    GUID = '2f7f0a0e-94a1-4c8e-9d57-2c3f0f2f6f11'
    SessionType = 'Default'
    LanguageMode = 'NoLanguage'
    VisibleAliases = @()
    VisibleProviders = @()
    VisibleExternalCommands = @()
    VisibleCmdlets = @({visible})
    VisibleFunctions = 'Get-ImapSettings', 'Set-ImapSettings'
    FunctionDefinitions = @(
        @{{ Name = 'Get-ImapSettings'; ScriptBlock = {{ [CmdletBinding()] param([string]$Server) 1 }} }}
        @{{ Name = 'Set-ImapSettings'; ScriptBlock = {{
            [CmdletBinding(SupportsShouldProcess)] param([string]$Server, [string]$LoginType) 1
        }} }}
    )
}}
"""


@needs_bridge
class TestAgainstPowerShell:
    """PowerShell's own Get-Command, in a session without language."""

    def ask(self, path: Path, visible: str) -> xi.Reply:
        """Ask such a session."""
        path.write_text(CONFIGURATION.format(visible=visible), encoding="utf-8")
        with make_bridge(path) as bridge:
            options: xi.PsrpOptions = {
                "port": bridge.port,
                "ssl": False,
                "username": "u",
                "password": "p",
                "auth": "basic",
                "allow_insecure": True,
            }
            with xi.PsrpTransport.exchange("127.0.0.1", **options) as transport:
                return transport.run(get_command(*ASKED))

    def test_answers_as_the_fake_does(self, tmp_path: Path) -> None:
        """The objects, the parts of them that the fake has, and the errors, but for the words of 7.6."""
        hidden = [f"Set-ImapSettings -{name}" for name in ("Banner", "SSLBindings")]
        ours = FakeExchange(servers=["MBX01"], hidden=hidden).transport(xi.Endpoint.EXCHANGE).run(get_command(*ASKED))
        theirs = self.ask(tmp_path / "exchange.pssc", "'Get-Command'")

        assert found(theirs) == found(ours)
        for one, other in zip(theirs.records, ours.records, strict=True):
            assert one.type_names == other.type_names
            assert [one.get(name) for name in ("Verb", "Noun", "CommandType", "Visibility")] == [
                other.get(name) for name in ("Verb", "Noun", "CommandType", "Visibility")
            ]
        assert "LoginType" in parameters(theirs.records[0])
        assert "Banner" not in parameters(theirs.records[0])
        assert {"WhatIf", "Verbose", "ErrorAction"} <= {*parameters(theirs.records[0])}
        assert [(error.fully_qualified_error_id, error.category, error.target) for error in theirs.errors] == [
            (error.fully_qualified_error_id, error.category, error.target) for error in ours.errors
        ]

    def test_is_not_found_where_it_is_hidden(self, tmp_path: Path) -> None:
        """With the same id and target."""
        reply = self.ask(tmp_path / "exchange.pssc", "")

        assert reply.records == ()
        (error,) = reply.errors
        assert (error.fully_qualified_error_id, error.target) == ("CommandNotFoundException", "Get-Command")
