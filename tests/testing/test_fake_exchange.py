"""The fake's settings: what a new server has, what a command may change, and what it says of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._cmdlets.registry import find_class
from exchange_imap._model.declaration import own_parameters
from exchange_imap._names import MODULES
from exchange_imap._powershell.syntax import Number, String
from exchange_imap.testing import FakeExchange, NewServer

GROUP = "Exchange Administrative Group (FYDIBOHF23SPDLT)"
ORGANISATION = "CN=First Organization,CN=Microsoft Exchange,CN=Services,CN=Configuration"


def ask(fake: FakeExchange, line: str, endpoint: xi.Endpoint | None = None, server: str | None = None) -> xi.Reply:
    """Run one command line."""
    command = xi.parse(line)
    pipeline = command if isinstance(command, xi.Pipeline) else xi.Pipeline((command,))
    return fake.transport(endpoint, server).run(pipeline)


def refused(reply: xi.Reply) -> str:
    """Return the id of the one error of a reply that has nothing else."""
    assert (reply.records, reply.warnings, len(reply.errors)) == ((), (), 1)
    return reply.errors[0].fully_qualified_error_id


@pytest.fixture
def fake() -> FakeExchange:
    """One new server."""
    return FakeExchange(servers=["MBX01"])


class TestNewServer:
    """A server as the installer leaves it."""

    def test_has_the_documented_defaults(self, fake: FakeExchange) -> None:
        """Every default that Microsoft's page gives is the fake's."""
        text = str(fake.server("MBX01").stored.to_cmdlet())
        assert text == (
            "Set-ImapSettings -Server MBX01 -ExternalConnectionSettings @() "
            '-InternalConnectionSettings "mbx01.contoso.com:993:SSL","mbx01.contoso.com:143:TLS" '
            '-X509CertificateName MBX01 -SSLBindings "[::]:993","0.0.0.0:993" '
            '-UnencryptedOrTLSBindings "[::]:143","0.0.0.0:143" -LoginType SecureLogin -EnableGSSAPIAndNTLMAuth $true '
            "-ExtendedProtectionPolicy None -EnforceCertificateErrors $false "
            '-Banner "The Microsoft Exchange IMAP4 service is ready." -AuthenticatedConnectionTimeout 00:30:00 '
            "-PreAuthenticatedConnectionTimeout 00:01:00 -MaxConnections 2147483647 "
            "-MaxConnectionFromSingleIP 2147483647 -MaxConnectionsPerUser 16 -MaxCommandSize 10240 "
            "-MessageRetrievalMimeFormat BestBodyFormat -CalendarItemRetrievalOption iCalendar -OwaServerUrl $null "
            "-EnableExactRFC822Size $false -ShowHiddenFoldersEnabled $false -SuppressReadReceipt $false "
            "-ProxyTargetPort 1993 -ProtocolLogEnabled $false "
            '-LogFileLocation "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\Imap4" '
            "-LogFileRollOverSettings Hourly -LogPerFileSizeQuota 0"
        )

    @pytest.mark.parametrize("version", ["2016", "2019", "SE"])
    def test_has_the_same_settings_in_every_version(self, version: Literal["2016", "2019", "SE"]) -> None:
        """The documentation gives one set of defaults for 2016, 2019 and Subscription Edition."""
        assert NewServer("MBX01", version=version).settings == NewServer("MBX01").settings

    def test_takes_domain_and_version_of_its_own(self) -> None:
        """A server may differ from what the organisation's keywords say for the others."""
        fake = FakeExchange(
            servers=["MBX01", NewServer("MBX02", domain="fabrikam.com", version="2016")],
            domain="contoso.org",
            version="SE",
        )
        assert [(each.installed.fqdn, each.installed.version) for each in fake.servers] == [
            ("mbx01.contoso.org", "SE"),
            ("mbx02.fabrikam.com", "2016"),
        ]

    @pytest.mark.parametrize(
        ("servers", "options", "field"),
        [
            pytest.param([], {}, "servers", id="none"),
            pytest.param("MBX01", {}, "FakeExchange.servers", id="a text"),
            pytest.param(["MBX01", "mbx01"], {}, "servers", id="one twice"),
            pytest.param(["mbx01.contoso.com"], {}, "NewServer.name", id="fqdn"),
            pytest.param(["MBX 01"], {}, "NewServer.name", id="no host name"),
            pytest.param(["MBX01"], {"domain": "con toso"}, "NewServer.domain", id="no domain"),
            pytest.param(["MBX01"], {"version": "2013"}, "NewServer.version", id="another version"),
        ],
    )
    def test_cannot_be_what_no_server_is(self, servers: list[str], options: dict[str, str], field: str) -> None:
        """A mistake in the arrangement of a test is an error at once."""
        with pytest.raises(xi.InvalidValueError) as caught:
            FakeExchange(servers=servers, **options)  # type: ignore[arg-type]  # wrong on purpose
        assert caught.value.field == field


class TestServerNames:
    """What -Server takes."""

    @pytest.mark.parametrize(
        "name",
        [
            "MBX02",
            "mbx02",
            "mbx02.contoso.com",
            f"CN=mbx02,CN=Servers,CN={GROUP},CN=Administrative Groups,{ORGANISATION},DC=contoso,DC=com",
            f"/O=First Organization/ou={GROUP}/cn=Configuration/cn=Servers/cn=MBX02",
        ],
        ids=["name", "lower case", "fqdn", "dn", "legacy dn"],
    )
    def test_names_the_same_server(self, name: str) -> None:
        """Name, FQDN, distinguished name and legacy DN, in any case."""
        fake = FakeExchange(servers=["MBX01", "MBX02"])
        reply = ask(fake, f"Get-ImapSettings -Server '{name}'")
        assert reply.records[0].get("Server") == "MBX02"

    @pytest.mark.parametrize("line", ["Get-ImapSettings -Server MBX09", "Set-ImapSettings -Server MBX09 -Banner Hi"])
    def test_of_no_server_is_not_found(self, fake: FakeExchange, line: str) -> None:
        """The category is Exchange's own word, in an id of its own form; texts would be localised."""
        reply = ask(fake, line)
        record = reply.errors[0]
        task = "Microsoft.Exchange.Management.SystemConfigurationTasks." + line.partition(" ")[0].replace("-", "")
        assert refused(reply).startswith("[Server=MBX01,RequestId=")
        assert record.fully_qualified_error_id.endswith(f",{task}")
        assert (record.category, record.failure_category) == (
            "NotSpecified",
            "Cmdlet-ManagementObjectNotFoundException",
        )

    def test_may_be_left_out_for_the_server_of_the_session(self) -> None:
        """Without -Server the server that runs the session answers: the first one, or the one dialled."""
        fake = FakeExchange(servers=["MBX01", "MBX02"])
        assert ask(fake, "Get-ImapSettings").records[0].get("Server") == "MBX01"
        assert ask(fake, "Get-ImapSettings", server="mbx02.contoso.com").records[0].get("Server") == "MBX02"

    def test_of_no_server_cannot_be_looked_into(self, fake: FakeExchange) -> None:
        """A test that asks for a server that it did not arrange has a mistake."""
        with pytest.raises(xi.InvalidValueError, match="expected one of MBX01, received 'MBX09'"):
            fake.server("MBX09")


class TestGetImapSettings:
    """What Get-ImapSettings answers."""

    def test_answers_what_is_stored(self, fake: FakeExchange) -> None:
        """The record reads back to the very snapshot."""
        record = ask(fake, "Get-ImapSettings").records[0]
        assert xi.ImapSettings.from_record(record) == fake.server("MBX01").stored

    def test_answers_as_a_plain_session_does(self, fake: FakeExchange) -> None:
        """Enums, time spans and sizes are text; a list is an object with items; numbers and a GUID are themselves."""
        record = ask(fake, "Get-ImapSettings").records[0]
        bindings = record.get("SSLBindings")
        assert isinstance(bindings, xi.Record)
        assert (bindings.text, bindings.items) == (None, ("[::]:993", "0.0.0.0:993"))
        assert bindings.type_names[0].startswith(
            "Microsoft.Exchange.Data.MultiValuedProperty`1[[Microsoft.Exchange.Data.IPB"
        )
        names = ("LoginType", "AuthenticatedConnectionTimeout", "LogPerFileSizeQuota", "MaxConnectionsPerUser")
        assert [record.get(name) for name in names] == ["SecureLogin", "00:30:00", "0 B (0 bytes)", 16]
        assert isinstance(record.get("Guid"), UUID)
        assert (record.text, record.get("OwaServerUrl"), record.get("IsValid")) == ("MBX01\\1", None, True)

    def test_tells_moments_as_moments(self, fake: FakeExchange) -> None:
        """As a captured server does; a text that a test put in their place is answered as it is."""
        server = fake.server("MBX01")
        server.stored = attrs.evolve(server.stored, when_changed="yesterday")
        record = ask(fake, "Get-ImapSettings").records[0]
        assert record.get("WhenCreatedUTC") == datetime(2025, 1, 1, 9, tzinfo=UTC)
        assert record.get("WhenChanged") == "yesterday"


class TestSetImapSettings:
    """What Set-ImapSettings changes, and its warnings."""

    def test_changes_what_is_stated_alone(self, fake: FakeExchange) -> None:
        """What is not stated stays; the time of the change is the only other thing that moves."""
        before = fake.server("MBX01").stored
        ask(fake, "Set-ImapSettings -MaxConnectionsPerUser 32 -DomainController dc01.contoso.com")
        when = "2025-01-01T09:00:01+00:00"
        assert fake.server("MBX01").stored == attrs.evolve(
            before, max_connections_per_user=32, when_changed=when, when_changed_utc=when
        )

    def test_warns_that_services_must_be_restarted(self, fake: FakeExchange) -> None:
        """The change is stored, and effective later; nothing is answered."""
        text = (
            "Changes to IMAP4 settings will only take effect after all Microsoft Exchange IMAP4 services are restarted "
            "on server MBX01."
        )
        assert ask(fake, "Set-ImapSettings -Server mbx01 -Banner Welcome") == xi.Reply(warnings=(text,))

    @pytest.mark.parametrize(
        "line",
        [
            "Set-ImapSettings",
            "Set-ImapSettings -MaxConnectionsPerUser 16",
            "Set-ImapSettings -SSLBindings [::]:993,:993",
        ],
        ids=["nothing stated", "the same number", "the same list in another spelling"],
    )
    def test_says_when_nothing_is_changed(self, fake: FakeExchange, line: str) -> None:
        """Stating what is there already is not an error, and needs no restart."""
        before = fake.server("MBX01").stored
        assert ask(fake, line).warnings == (
            "The command completed successfully but no settings of 'MBX01\\1' have been modified.",
        )
        assert (fake.server("MBX01").stored, fake.log[0].effect) == (before, False)

    @pytest.mark.parametrize(
        ("line", "lists"),
        [
            pytest.param("-ExternalConnectionSettings a:993:SSL,b:143:TLS,c:143", [], id="all bound"),
            pytest.param("-ExternalConnectionSettings a:993:TLS", ["External"], id="SSL's port for TLS"),
            pytest.param("-ExternalConnectionSettings a:143:SSL", ["External"], id="TLS's port for SSL"),
            pytest.param("-InternalConnectionSettings a:1143", ["Internal"], id="unencrypted on a port of its own"),
            pytest.param(
                "-ExternalConnectionSettings a:1 -SSLBindings $null", ["Internal", "External"], id="both lists"
            ),
            pytest.param("-UnencryptedOrTLSBindings 10.0.0.1:143", [], id="another address, the same port"),
        ],
    )
    def test_warns_of_ports_that_no_binding_has(self, fake: FakeExchange, line: str, lists: list[str]) -> None:
        """Each list of advertised connections has a warning of its own, before that of the restart."""
        *mismatches, _ = ask(fake, f"Set-ImapSettings {line}").warnings
        assert [text.split()[5] for text in mismatches] == [f"{name}ConnectionSettings" for name in lists]

    @pytest.mark.parametrize(
        ("line", "field", "expected"),
        [
            pytest.param("-X509CertificateName $null", "x509_certificate_name", None, id="certificate null"),
            pytest.param("-X509CertificateName ''", "x509_certificate_name", None, id="certificate empty"),
            pytest.param("-Banner $null", "banner", "", id="banner null"),
            pytest.param("-OwaServerUrl $null", "owa_server_url", None, id="url null"),
            pytest.param("-SSLBindings $null", "ssl_bindings", (), id="list null"),
            pytest.param("-SSLBindings @()", "ssl_bindings", (), id="list empty"),
        ],
    )
    def test_empties_a_setting(self, fake: FakeExchange, line: str, field: str, expected: object) -> None:
        """$null and what is empty clear a text or a list."""
        server = fake.server("MBX01")
        server.stored = attrs.evolve(server.stored, owa_server_url="https://mail.contoso.com/owa")
        ask(fake, f"Set-ImapSettings {line}")
        assert getattr(server.stored, field) == expected

    def test_keeps_a_null_list_that_is_empty(self, fake: FakeExchange) -> None:
        """Emptying what is empty changes nothing."""
        reply = ask(fake, "Set-ImapSettings -ExternalConnectionSettings $null -OwaServerUrl $null")
        assert [text.split()[1] for text in reply.warnings] == ["command"]

    def test_refuses_calendar_links_to_nowhere(self, fake: FakeExchange) -> None:
        """Custom needs OwaServerUrl, which may come with the same command or be there; it cannot go later."""
        assert "DataValidationException" in refused(ask(fake, "Set-ImapSettings -CalendarItemRetrievalOption Custom"))
        both = "Set-ImapSettings -CalendarItemRetrievalOption Custom -OwaServerUrl https://mail.contoso.com/owa"
        assert ask(fake, both).errors == ()
        assert "DataValidationException" in refused(ask(fake, "Set-ImapSettings -OwaServerUrl $null"))

    def test_does_nothing_with_what_if(self, fake: FakeExchange) -> None:
        """-WhatIf changes nothing and warns of nothing: its text goes to a host that is not there."""
        before = fake.server("MBX01").stored
        assert ask(fake, "Set-ImapSettings -SSLBindings @() -WhatIf -Confirm") == xi.Reply()
        assert (fake.server("MBX01").stored, fake.writes) == (before, ())

    def test_validates_with_what_if_too(self, fake: FakeExchange) -> None:
        """What would be refused is refused when it is only asked about."""
        line = "Set-ImapSettings -CalendarItemRetrievalOption Custom -WhatIf"
        assert "DataValidationException" in refused(ask(fake, line))

    def test_cannot_ask_for_confirmation(self, fake: FakeExchange) -> None:
        """Over remoting nobody answers a prompt; -Confirm:$false asks nothing."""
        assert refused(ask(fake, "Set-ImapSettings -Banner Hi -Confirm")) == "HostException,Set-ImapSettings"
        assert fake.server("MBX01").stored.banner != "Hi"
        assert ask(fake, "Set-ImapSettings -Banner Hi -Confirm:$false -WhatIf:$false").errors == ()


class TestListEdits:
    """@{Add=...; Remove=...}."""

    def test_appends_and_keeps_the_order(self, fake: FakeExchange) -> None:
        """What is there keeps its place, what is added comes last."""
        ask(fake, 'Set-ImapSettings -SSLBindings @{Add="10.0.0.1:993","10.0.0.2:993"; Remove="[::]:993"}')
        bindings = fake.server("MBX01").stored.ssl_bindings
        assert list(map(str, bindings)) == ["0.0.0.0:993", "10.0.0.1:993", "10.0.0.2:993"]

    def test_removes_what_means_the_same(self, fake: FakeExchange) -> None:
        """An entry is compared by its address, not by its spelling; a host name without regard to case."""
        ask(fake, 'Set-ImapSettings -SSLBindings @{Remove="[0:0::0]:993"}')
        ask(fake, 'Set-ImapSettings -InternalConnectionSettings @{Remove="MBX01.contoso.com:143:tls"}')
        stored = fake.server("MBX01").stored
        assert (len(stored.ssl_bindings), len(stored.internal_connection_settings)) == (1, 1)

    @pytest.mark.parametrize(
        "edit",
        [
            '@{Add="[0::0]:993"}',
            '@{Remove="10.0.0.1:993"}',
            '@{Add="10.0.0.1:993","10.0.0.1:993"}',
            '@{Add="10.0.0.1:993"; Remove="10.0.0.1:993"}',
            '"10.0.0.1:993","10.0.0.1:993"',
        ],
        ids=["present", "absent", "added twice", "added and removed", "whole list with one twice"],
    )
    def test_refuses_what_contradicts_the_list(self, fake: FakeExchange, edit: str) -> None:
        """What the real server does is not known: the fake refuses, so that no program relies on either answer."""
        before = fake.server("MBX01").stored
        assert "DataValidationException" in refused(ask(fake, f"Set-ImapSettings -SSLBindings {edit}"))
        assert fake.server("MBX01").stored is before


class TestDoors:
    """Which commands there are behind which endpoint."""

    @pytest.mark.parametrize(
        ("line", "endpoint"),
        [
            ("Get-Service MSExchangeIMAP4", xi.Endpoint.EXCHANGE),
            ("Restart-Service MSExchangeIMAP4", xi.Endpoint.EXCHANGE),
            ("Get-ImapSettings", xi.Endpoint.WINDOWS),
            ("Test-ImapConnectivity", xi.Endpoint.WINDOWS),
            ("Get-ImapSettings | Format-List", xi.Endpoint.EXCHANGE),
            ("Get-ImapSettings | fl", None),
        ],
    )
    def test_hides_what_is_not_behind_it(self, fake: FakeExchange, line: str, endpoint: xi.Endpoint | None) -> None:
        """A command of the other endpoint, or unknown to the fake, does not exist; then nothing of a pipe runs."""
        reply = ask(fake, line, endpoint)
        assert (refused(reply), reply.errors[0].category) == ("CommandNotFoundException", "ObjectNotFound")

    def test_runs_a_pipe_for_each_object(self) -> None:
        """And an object that is refused does not keep the command from the others."""
        fake = FakeExchange(servers=["MBX01"])
        fake.server("MBX01").set_service("MSExchangeIMAP4", startup_type=xi.StartupType.Disabled)
        reply = ask(fake, "Get-Service MSExchangeIMAP4,MSExchangeIMAP4BE | Start-Service -PassThru")
        assert [record.get("Name") for record in reply.records] == ["MSExchangeIMAP4BE"]
        assert [error.fully_qualified_error_id.partition(",")[0] for error in reply.errors] == ["CouldNotStartService"]

    @pytest.mark.parametrize(
        ("second", "error"),
        [
            (xi.Command("Format-List"), "CommandNotFoundException"),
            (xi.Command("Set-ImapSettings", (xi.Parameter("MaxConnections", Number(0)),)), "ParameterArgument"),
        ],
    )
    def test_finds_and_binds_every_command_of_a_pipe_before_one_runs(
        self, fake: FakeExchange, second: xi.Command, error: str
    ) -> None:
        """Nothing is put out by the first when the second cannot be."""
        reply = fake.transport().run(xi.Pipeline((xi.GetImapSettings(), second)))
        assert refused(reply).startswith(error)

    @pytest.mark.parametrize(
        "pipe",
        [
            (xi.GetService(name=("MSExchangeIMAP4",)), xi.GetImapSettings()),
            (xi.GetImapSettings(), xi.GetImapSettings(server="MBX01")),
        ],
    )
    def test_binds_an_object_to_what_takes_it_alone(self, fake: FakeExchange, pipe: tuple[xi.Cmdlet, ...]) -> None:
        """A service is no server, and a server that is named is not named again."""
        assert refused(fake.transport().run(xi.Pipeline(pipe))).startswith("InputObjectNotBound")

    def test_reports_each_object_that_a_command_refuses(self) -> None:
        """In the middle of a pipe as at its end."""
        fake = FakeExchange(servers=["MBX01"])
        reply = ask(fake, "Get-ImapSettings | Set-ImapSettings -ExternalConnectionSettings @{Remove='a:993:SSL'}")
        assert "DataValidationException" in refused(reply)

    def test_refuses_a_pipeline_of_nothing(self, fake: FakeExchange) -> None:
        """No client can send that."""
        with pytest.raises(xi.InvalidValueError, match="expected a command"):
            fake.transport().run(xi.Pipeline(()))

    def test_needs_to_know_whose_services_are_meant(self) -> None:
        """With several servers a session for services is one machine's."""
        fake = FakeExchange(servers=["MBX01", "MBX02"])
        with pytest.raises(xi.InvalidValueError, match="expected one of MBX01, MBX02"):
            fake.transport(xi.Endpoint.WINDOWS)
        with pytest.raises(xi.InvalidValueError, match=r'ask for transport\(server="\.\.\."\)'):
            ask(fake, "Get-Service MSExchangeIMAP4")
        assert not fake.transport(xi.Endpoint.EXCHANGE).closed

    def test_open_until_closed(self, fake: FakeExchange) -> None:
        """A closed session sends nothing."""
        with fake.transport() as transport:
            opened = repr(transport)
        with pytest.raises(xi.TransportError) as caught:
            transport.run(xi.Pipeline((xi.GetImapSettings(),)))
        assert (opened, repr(transport)) == ("<FakeTransport open>", "<FakeTransport closed>")
        assert (caught.value.command, caught.value.sent, fake.log) == ("Get-ImapSettings", False, ())


CLASSES = [getattr(xi, name) for name, module in MODULES.items() if module.startswith("_cmdlets.")]
CMDLETS = [each for each in CLASSES if isinstance(each, type) and issubclass(each, xi.Cmdlet)]
EXCHANGE = {each.cmdlet: each for each in CMDLETS if each.endpoint is xi.Endpoint.EXCHANGE}
NO_SUCH = xi.Parameter("NoSuchParameter")


def send(fake: FakeExchange, command: xi.Command) -> xi.Reply:
    """Run a command with nothing of the client in between."""
    return fake.transport().run(xi.Pipeline((command,)))


class TestRole:
    """Role-based access control."""

    def test_hides_a_cmdlet(self) -> None:
        """A hidden cmdlet looks exactly as one that never was."""
        fake = FakeExchange(servers=["MBX01"], hidden=["set-imapsettings"])
        assert refused(ask(fake, "Set-ImapSettings -Banner Hi")) == "CommandNotFoundException"
        assert ask(fake, "Get-ImapSettings").errors == ()

    def test_hides_a_parameter(self) -> None:
        """A hidden parameter looks exactly as one that never was, and the cmdlet runs without it."""
        fake = FakeExchange(servers=["MBX01"], hidden=["Set-ImapSettings  -SSLBindings"])
        hidden = ask(fake, "Set-ImapSettings -SSLBindings 0.0.0.0:993")
        assert refused(hidden) == "NamedParameterNotFound,Set-ImapSettings"
        assert ask(fake, "Set-ImapSettings -Banner Hi").errors == ()

    @pytest.mark.parametrize("name", EXCHANGE)
    def test_hides_every_cmdlet_of_exchange(self, name: str) -> None:
        """Nothing has to be said of each."""
        assert find_class(name) is EXCHANGE[name]
        reply = send(FakeExchange(servers=["MBX01"], hidden=[name]), xi.Command(name))
        assert refused(reply) == "CommandNotFoundException"
        assert refused(send(FakeExchange(servers=["MBX01"]), xi.Command(name, (NO_SUCH,)))) == (
            f"NamedParameterNotFound,{name}"
        )

    @pytest.mark.parametrize("name", EXCHANGE)
    def test_hides_every_parameter(self, name: str) -> None:
        """Which is then not found, whatever its value."""
        names = [spec.name for spec in own_parameters(EXCHANGE[name]).values()]
        fake = FakeExchange(servers=["MBX01"], hidden=[f"{name} -{parameter}" for parameter in names])

        for parameter in names:
            reply = send(fake, xi.Command(name, (xi.Parameter(parameter, String("x")),)))
            assert refused(reply) == f"NamedParameterNotFound,{name}"

    @pytest.mark.parametrize("name", ["Set-ImapSetting", "Set-ImapSettings -SSLBinding", "Start-Service"])
    def test_refuses_to_hide_what_is_not_there(self, name: str) -> None:
        """A slip in a test would hide nothing; services know no roles."""
        with pytest.raises(xi.InvalidValueError, match="hidden: expected an Exchange cmdlet"):
            FakeExchange(servers=["MBX01"], hidden=[name])


class TestLog:
    """What the fake tells of what it was asked."""

    def test_holds_every_command_in_order(self) -> None:
        """Server, endpoint, text, effect and refusal of each."""
        fake = FakeExchange(servers=["MBX01", "MBX02"])
        ask(fake, "Get-ImapSettings -Server MBX02")
        ask(fake, "Set-ImapSettings -Banner Hi")
        ask(fake, "Start-Service Nothing", server="MBX02")
        ask(fake, "net start w3svc")
        ask(fake, "Get-Service", xi.Endpoint.EXCHANGE)
        missing = "NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.StartServiceCommand"
        assert [(e.server, e.endpoint, e.text, e.effect, e.refused) for e in fake.log] == [
            ("MBX02", xi.Endpoint.EXCHANGE, "Get-ImapSettings -Server MBX02", False, None),
            ("MBX01", xi.Endpoint.EXCHANGE, "Set-ImapSettings -Banner Hi", True, None),
            ("MBX02", xi.Endpoint.WINDOWS, "Start-Service Nothing", False, missing),
            (None, None, "net start w3svc", False, "CommandNotFoundException"),
            (None, xi.Endpoint.EXCHANGE, "Get-Service", False, "CommandNotFoundException"),
        ]

    def test_tells_writes_apart(self, fake: FakeExchange) -> None:
        """A write is a command that changes a server, refused or not; with -WhatIf it is none."""
        lines = ("Get-Service", "Set-ImapSettings -Confirm", "Stop-Service X -WhatIf", "Stop-Service X -WhatIf:$false")
        for line in lines:
            ask(fake, line)
        assert [entry.text for entry in fake.writes] == [lines[1], lines[3]]

    def test_knows_commands_that_came_as_cmdlets_by_their_lowered_form(self, fake: FakeExchange) -> None:
        """What is logged is what a transport would have sent."""
        fake.transport().run(xi.Pipeline((xi.GetImapSettings(server="MBX01"),)))
        assert isinstance(fake.log[0].pipeline.elements[0], xi.Command)


class TestTime:
    """Nothing depends on the real clock."""

    def test_takes_as_long_as_it_is_told(self) -> None:
        """The reply says that it took the latency; nothing waits."""
        fake = FakeExchange(servers=["MBX01"], latency=timedelta(seconds=20))
        assert ask(fake, "Get-ImapSettings").elapsed == timedelta(seconds=20)

    @pytest.mark.parametrize(
        ("hour", "text"), [(0, "9/7/2026 12:05:06 AM"), (12, "9/7/2026 12:05:06 PM"), (23, "9/7/2026 11:05:06 PM")]
    )
    def test_reads_the_clock_that_it_is_given(self, hour: int, text: str) -> None:
        """An error id has the time as .NET writes it in English; an object has it as a moment."""
        moment = datetime(2026, 9, 7, hour, 5, 6, tzinfo=UTC)
        fake = FakeExchange(servers=["MBX01"], clock=lambda: moment)
        ask(fake, "Set-ImapSettings -Banner Hi")
        assert fake.server("MBX01").stored.when_changed == moment.isoformat()
        assert f"TimeStamp={text}]" in refused(ask(fake, "Get-ImapSettings -Server X"))

    def test_is_the_same_in_every_run(self) -> None:
        """Two fakes that are asked the same answer the same, request ids among it."""
        one, other = (FakeExchange(servers=["MBX01"]) for _ in range(2))
        for line in ("Get-ImapSettings", "Set-ImapSettings -Banner Hi", "Get-ImapSettings -Server X"):
            assert ask(one, line) == ask(other, line)

    def test_may_be_asked_by_threads(self, fake: FakeExchange) -> None:
        """No edit is lost when several clients add at once."""
        lines = [f'Set-ImapSettings -SSLBindings @{{Add="10.0.0.{number}:993"}}' for number in range(40)]
        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda line: ask(fake, line), lines))
        assert [reply.errors for reply in replies] == [()] * 40
        assert (len(fake.server("MBX01").stored.ssl_bindings), len(fake.log)) == (42, 40)


def test_shows_its_servers() -> None:
    """Reprs say whom one deals with."""
    fake = FakeExchange(servers=["MBX01", "MBX02"])
    assert (repr(fake), repr(fake.servers[0])) == ("FakeExchange(servers=['MBX01', 'MBX02'])", "<FakeServer MBX01>")
