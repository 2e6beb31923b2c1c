"""The fake's services: what Windows allows, and what the two IMAP4 services run with."""

from __future__ import annotations

from typing import Literal

import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, FakeServer
from support.captures import needs_captures, read_capture

FRONT, BACK, TOPOLOGY = "MSExchangeImap4", "MSExchangeIMAP4BE", "MSExchangeADTopology"
Running, Stopped = xi.ServiceStatus.Running, xi.ServiceStatus.Stopped


def ask(fake: FakeExchange, line: str) -> xi.Reply:
    """Run one command line on the first server."""
    command = xi.parse(line)
    assert isinstance(command, xi.Cmdlet)
    return fake.transport(server=fake.servers[0].name).run(xi.Pipeline((command,)))


def ids(reply: xi.Reply) -> list[str]:
    """Return what stands before the comma of each error id."""
    return [record.fully_qualified_error_id.partition(",")[0] for record in reply.errors]


def states(reply: xi.Reply) -> list[tuple[str, str]]:
    """Return name and status of each service that was answered."""
    return [(state.name, str(state.status)) for state in map(xi.ServiceState.from_record, reply.records)]


CONTROLS = ("can_stop", "can_shutdown", "can_pause_and_continue")


def folded(names: tuple[str, ...] | None) -> set[str]:
    """Return names as Windows compares them."""
    return {name.lower() for name in names or ()}


@pytest.fixture
def fake() -> FakeExchange:
    """One new server."""
    return FakeExchange(servers=["MBX01"])


@pytest.fixture
def server(fake: FakeExchange) -> FakeServer:
    """Return its first server."""
    return fake.servers[0]


class TestGetService:
    """What Get-Service answers."""

    def test_answers_as_a_real_one(self, fake: FakeExchange) -> None:
        """The shape of a capture of a fresh server: enums with text and number, Name behind the others."""
        record = ask(fake, "Get-Service msexchangeIMAP4").records[0]
        assert list(record.properties) == [
            "CanPauseAndContinue",
            "CanShutdown",
            "CanStop",
            "DisplayName",
            "DependentServices",
            "MachineName",
            "ServiceName",
            "ServicesDependedOn",
            "ServiceHandle",
            "Status",
            "ServiceType",
            "StartType",
            "Site",
            "Container",
            "Name",
            "RequiredServices",
        ]
        enums = [record.get(name) for name in ("Status", "ServiceType", "StartType")]
        assert [(enum.text, enum.value) for enum in enums if isinstance(enum, xi.Record)] == [
            ("Stopped", 1),
            ("Win32OwnProcess", 16),
            ("Manual", 3),
        ]
        required, dependents = record.get("RequiredServices"), record.get("DependentServices")
        assert isinstance(required, xi.Record)
        assert isinstance(dependents, xi.Record)
        assert (required.items, dependents.items) == ((TOPOLOGY,), ())
        assert (record.text, record.get("Name"), record.get("MachineName"), record.get("CanStop")) == (
            FRONT,
            FRONT,
            ".",
            False,
        )

    def test_reads_back(self, fake: FakeExchange, server: FakeServer) -> None:
        """Every record is the snapshot that it was made of."""
        read = tuple(map(xi.ServiceState.from_record, ask(fake, "Get-Service").records))
        assert read == server.services

    @pytest.mark.parametrize(
        ("line", "names"),
        [
            pytest.param("Get-Service MSExchangeIMAP4*", [FRONT, BACK], id="wildcard"),
            pytest.param(
                "Get-Service MSEXCHANGEIMAP4BE,MSExchangeIMAP4,msexchangeimap4", [FRONT, BACK], id="sorted once"
            ),
            pytest.param('Get-Service -DisplayName "*IMAP4 Back*"', [BACK], id="display name"),
            pytest.param(
                "Get-Service MSExchange[IP]* -Exclude *BE -Include *4*,*3", [FRONT, "MSExchangePop3"], id="filters"
            ),
            pytest.param(
                'Get-Service -DisplayName *POP3* -Exclude "*Backend"', ["MSExchangePop3"], id="filter of display"
            ),
            pytest.param("Get-Service MSExchangeIMAP4 -RequiredServices", [TOPOLOGY], id="required"),
            pytest.param("Get-Service MSExchangeADTopology -RequiredServices", [], id="required, none of Exchange's"),
            pytest.param("Get-Service MSExchangeIMAP4 -DependentServices", [], id="dependents"),
            pytest.param("Get-Service Nothing*", [], id="wildcard that finds nothing"),
        ],
    )
    def test_finds_what_is_named(self, fake: FakeExchange, line: str, names: list[str]) -> None:
        """Names are compared without regard to case, and each service comes once."""
        reply = ask(fake, line)
        assert ([name for name, _ in states(reply)], reply.errors) == (names, ())

    def test_answers_what_depends_on_a_service(self, fake: FakeExchange) -> None:
        """Both IMAP4 services depend on Active Directory Topology, with nearly all others."""
        names = {name for name, _ in states(ask(fake, f"Get-Service {TOPOLOGY} -DependentServices"))}
        assert {FRONT, BACK, "MSExchangeTransport"} <= names

    @pytest.mark.parametrize(
        ("line", "error_id"),
        [
            ("Get-Service Nothing,MSExchangeIMAP4", "NoServiceFoundForGivenName"),
            ('Get-Service -DisplayName Nothing,"Microsoft Exchange IMAP4"', "NoServiceFoundForGivenDisplayName"),
        ],
    )
    def test_goes_on_after_a_name_that_is_not_there(self, fake: FakeExchange, line: str, error_id: str) -> None:
        """One error for the one, an answer for the other."""
        reply = ask(fake, line)
        (record,) = reply.errors
        task = "Microsoft.PowerShell.Commands.GetServiceCommand"
        assert (record.fully_qualified_error_id, record.category, record.target) == (
            f"{error_id},{task}",
            "ObjectNotFound",
            "Nothing",
        )
        assert states(reply) == [(FRONT, "Stopped")]

    @pytest.mark.parametrize(
        ("name", "state"),
        [
            (
                "MSExchangeNotificationsBroker",
                (Stopped, xi.StartupType.Automatic, False, False, False, "Win32OwnProcess"),
            ),
            ("MSExchangeHM", (Running, xi.StartupType.Automatic, True, True, True, "Win32OwnProcess")),
            ("MSExchangeHMRecovery", (Running, xi.StartupType.Automatic, True, True, False, "Win32OwnProcess")),
            ("MSExchangeTransport", (Running, xi.StartupType.Automatic, True, True, True, "Win32OwnProcess")),
            ("MSExchangeRepl", (Running, xi.StartupType.Automatic, True, False, False, "Win32OwnProcess")),
            ("W3SVC", (Running, xi.StartupType.Automatic, True, True, False, "Win32ShareProcess")),
        ],
    )
    def test_answers_what_a_server_of_2016_has(self, name: str, state: tuple[object, ...]) -> None:
        """Not every service takes every request, and one that is to start by itself need not run."""
        reply = ask(FakeExchange(servers=["MBX01"], version="2016"), f"Get-Service {name}")
        one = xi.ServiceState.from_record(reply.records[0])
        shown = (one.status, one.startup_type, one.can_stop, one.can_shutdown, one.can_pause_and_continue)
        assert (*shown, one.service_type) == state
        kind = reply.records[0].get("ServiceType")
        assert isinstance(kind, xi.Record)
        assert kind.value == {"Win32OwnProcess": 16, "Win32ShareProcess": 32}[str(kind.text)]

    @needs_captures
    def test_has_no_service_that_a_real_one_has_otherwise(self) -> None:
        """Every service of the fake is that of the captured server of 2016, whatever that had besides."""
        captured = xi.ServiceState.all_from_clixml(read_capture("get-service.exchange-2016"))
        there = {state.name: state for state in captured}
        for state in FakeExchange(servers=["MBX01"], version="2016").servers[0].services:
            real = there[state.name]
            for field in ("display_name", "status", "startup_type", "service_type", *CONTROLS):
                assert (field, getattr(state, field)) == (field, getattr(real, field)), state.name
            assert folded(state.dependent_services) == folded(real.dependent_services), state.name
            outside = {"lanmanserver", "lanmanworkstation", "eventlog", "rpcss"}  # of Windows, and always there
            needed = folded(real.services_depended_on)
            assert needed - outside <= folded(state.services_depended_on) <= needed, state.name

    @pytest.mark.parametrize(("version", "there"), [("2016", True), ("2019", False), ("SE", False)])
    def test_knows_what_each_version_has(self, version: Literal["2016", "2019", "SE"], there: bool) -> None:
        """Unified Messaging went with 2019."""
        fake = FakeExchange(servers=["MBX01"], version=version)
        assert fake.server("MBX01").has_service("MSExchangeUM") is there

    def test_reaches_another_computer(self) -> None:
        """-ComputerName asks other machines too, by name or FQDN, and the answer says whose it is."""
        fake = FakeExchange(servers=["MBX01", "MBX02"])
        fake.server("MBX02").set_service(FRONT, status=Running)
        reply = ask(fake, f"Get-Service {FRONT} -ComputerName .,mbx02.contoso.com,LOCALHOST")
        assert [text for _, text in states(reply)] == ["Stopped", "Running", "Stopped"]
        assert [record.get("MachineName") for record in reply.records] == [".", "mbx02.contoso.com", "LOCALHOST"]

    def test_cannot_reach_what_is_not_there(self, fake: FakeExchange) -> None:
        """A computer that does not answer ends the command."""
        reply = ask(fake, "Get-Service -ComputerName MBX09")
        assert (ids(reply), reply.errors[0].category) == (["System.InvalidOperationException"], "NotSpecified")


class TestStarting:
    """Start-Service."""

    def test_is_silent(self, fake: FakeExchange, server: FakeServer) -> None:
        """A service that runs then can be stopped; nothing is answered."""
        assert ask(fake, "Start-Service MSExchangeIMAP4,MSExchangeIMAP4BE") == xi.Reply()
        assert [(server.service(name).status, server.service(name).can_stop) for name in (FRONT, BACK)] == [
            (Running, True)
        ] * 2

    def test_answers_with_pass_thru(self, fake: FakeExchange, server: FakeServer) -> None:
        """What could not be started is not among it."""
        server.set_service(BACK, startup_type=xi.StartupType.Disabled)
        reply = ask(fake, "Start-Service MSExchangeIMAP4* -PassThru")
        assert (states(reply), ids(reply)) == ([(FRONT, "Running")], ["CouldNotStartService"])

    def test_leaves_a_running_service_alone(self, fake: FakeExchange, server: FakeServer) -> None:
        """That is no error, and no restart."""
        server.set_service(FRONT, status=Running)
        loaded = server.loaded(FRONT)
        ask(fake, "Set-ImapSettings -Banner Hi")
        assert ask(fake, "Start-Service MSExchangeIMAP4") == xi.Reply()
        assert (server.loaded(FRONT), fake.log[-1].effect) == (loaded, False)

    def test_is_refused_when_disabled(self, fake: FakeExchange, server: FakeServer) -> None:
        """Nothing can start a Disabled service until that is changed."""
        server.set_service(FRONT, startup_type=xi.StartupType.Disabled)
        (record,) = ask(fake, "Start-Service MSExchangeIMAP4").errors
        assert (record.fully_qualified_error_id, record.category, record.target) == (
            "CouldNotStartService,Microsoft.PowerShell.Commands.StartServiceCommand",
            "OpenError",
            FRONT,
        )
        assert server.service(FRONT).status is Stopped

    def test_starts_what_it_depends_on(self, fake: FakeExchange, server: FakeServer) -> None:
        """Windows starts a stopped dependency first."""
        server.set_service(TOPOLOGY, status=Stopped)
        assert ask(fake, "Start-Service MSExchangeIMAP4").errors == ()
        assert server.service(TOPOLOGY).status is Running

    @pytest.mark.parametrize(
        ("status", "startup_type"),
        [(Stopped, xi.StartupType.Disabled), (xi.ServiceStatus.StopPending, xi.StartupType.Automatic)],
    )
    def test_fails_with_what_it_depends_on(
        self, fake: FakeExchange, server: FakeServer, status: xi.ServiceStatus, startup_type: xi.StartupType
    ) -> None:
        """A dependency that cannot be started keeps the service stopped."""
        server.set_service(TOPOLOGY, status=status, startup_type=startup_type)
        assert ids(ask(fake, "Start-Service MSExchangeIMAP4")) == ["CouldNotStartService"]
        assert server.service(FRONT).status is Stopped

    def test_never_ends_while_a_service_hangs(self, fake: FakeExchange, server: FakeServer) -> None:
        """PowerShell waits for a service that is starting; the client's patience ends first."""
        server.set_service(FRONT, status=xi.ServiceStatus.StartPending)
        with pytest.raises(xi.TransportTimeoutError) as caught:
            ask(fake, "Start-Service MSExchangeIMAP4")
        assert (caught.value.command, caught.value.sent) == ("Start-Service MSExchangeIMAP4", True)
        assert (fake.log[0].text, fake.log[0].effect) == ("Start-Service MSExchangeIMAP4", False)

    @pytest.mark.parametrize("status", [xi.ServiceStatus.Paused, xi.ServiceStatus.StopPending])
    def test_fails_from_any_other_status(
        self, fake: FakeExchange, server: FakeServer, status: xi.ServiceStatus
    ) -> None:
        """A service that is neither stopped nor starting does not come to run."""
        server.set_service(FRONT, status=status)
        assert ids(ask(fake, "Start-Service MSExchangeIMAP4")) == ["StartServiceFailed"]


class TestStopping:
    """Stop-Service."""

    def test_is_silent_also_when_stopped(self, fake: FakeExchange, server: FakeServer) -> None:
        """Stopping a stopped service is no error, and changes nothing."""
        server.set_service(FRONT, status=Running)
        assert [ask(fake, "Stop-Service MSExchangeIMAP4") for _ in range(2)] == [xi.Reply()] * 2
        assert (server.service(FRONT).status, [e.effect for e in fake.log]) == (Stopped, [True, False])

    def test_is_refused_while_others_need_it(self, fake: FakeExchange, server: FakeServer) -> None:
        """Running dependents keep Active Directory Topology running; 5.1's id differs from Set-Service's."""
        reply = ask(fake, f"Stop-Service {TOPOLOGY}")
        assert (ids(reply), reply.errors[0].category) == (["ServiceHasDependentServices"], "InvalidOperation")
        assert server.service(TOPOLOGY).status is Running

    def test_takes_the_others_along_with_force(self, fake: FakeExchange, server: FakeServer) -> None:
        """-Force stops every dependent first, and -PassThru answers them all."""
        server.set_service(FRONT, status=Running)
        server.set_service("MSExchangePop3", status=xi.ServiceStatus.Paused)
        stopped = states(ask(fake, f"Stop-Service {TOPOLOGY} -Force -PassThru"))
        assert {status for _, status in stopped} == {"Stopped"}
        assert (FRONT, "Stopped") in stopped
        assert stopped[-1] == (TOPOLOGY, "Stopped")
        left = {service.name for service in server.services if service.status is Running}
        assert left == {"MSExchangeHM", "MSExchangeHMRecovery", "W3SVC"}

    @pytest.mark.parametrize("name", [FRONT, TOPOLOGY])
    def test_is_refused_while_something_is_pending(self, fake: FakeExchange, server: FakeServer, name: str) -> None:
        """A service on its way takes no other control, nor does what it depends on."""
        server.set_service(FRONT, status=xi.ServiceStatus.StartPending)
        reply = ask(fake, f"Stop-Service {name} -Force")
        assert (ids(reply), reply.errors[0].category) == (["CouldNotStopService"], "CloseError")
        assert server.service("MSExchangeTransport").status is Running


class TestRestarting:
    """Restart-Service."""

    def test_reads_the_settings_again(self, fake: FakeExchange, server: FakeServer) -> None:
        """The service ends up running, with what is stored now."""
        server.set_service(FRONT, status=Running)
        ask(fake, "Set-ImapSettings -Banner Hi")
        assert ask(fake, "Restart-Service MSExchangeIMAP4") == xi.Reply()
        assert (server.loaded(FRONT), fake.log[-1].effect) == (server.stored, True)

    def test_starts_a_stopped_service(self, fake: FakeExchange) -> None:
        """Stopped before, running after."""
        assert states(ask(fake, "Restart-Service MSExchangeIMAP4 -PassThru")) == [(FRONT, "Running")]

    def test_leaves_a_disabled_service_stopped(self, fake: FakeExchange, server: FakeServer) -> None:
        """It stops, and may not start again: half of the command took effect."""
        server.set_service(FRONT, status=Running, startup_type=xi.StartupType.Disabled)
        reply = ask(fake, "Restart-Service MSExchangeIMAP4 -PassThru")
        assert (ids(reply), reply.records) == (["CouldNotStartService"], ())
        assert (server.service(FRONT).status, fake.log[0].effect) == (Stopped, True)

    def test_restarts_what_it_stopped_with_force(self, fake: FakeExchange, server: FakeServer) -> None:
        """Dependents that ran run again; those that did not stay stopped."""
        before = server.services
        assert ask(fake, f"Restart-Service {TOPOLOGY} -Force").errors == ()
        assert server.services == before

    def test_is_refused_while_others_need_it(self, fake: FakeExchange) -> None:
        """As Stop-Service is; then nothing is started either."""
        assert ids(ask(fake, f"Restart-Service {TOPOLOGY}")) == ["ServiceHasDependentServices"]


class TestSetService:
    """Set-Service."""

    def test_changes_how_a_service_starts(self, fake: FakeExchange, server: FakeServer) -> None:
        """The status stays; -PassThru answers the service."""
        reply = ask(
            fake, "Set-Service msexchangeimap4 -StartupType Automatic -DisplayName Imap -Description x -PassThru"
        )
        (state,) = map(xi.ServiceState.from_record, reply.records)
        assert (state.startup_type, state.display_name, state.status) == (xi.StartupType.Automatic, "Imap", Stopped)
        assert server.service(FRONT) == state

    def test_has_no_effect_when_nothing_differs(self, fake: FakeExchange) -> None:
        """What is there already is written all the same, and no change."""
        ask(fake, "Set-Service MSExchangeIMAP4 -StartupType Manual")
        assert (fake.log[0].effect, fake.log[0].write) == (False, True)

    def test_keeps_the_start_type_for_words_of_drivers(self, fake: FakeExchange, server: FakeServer) -> None:
        """5.1 takes Boot and System, says nothing, and changes nothing."""
        assert ask(fake, "Set-Service MSExchangeIMAP4 -StartupType Boot") == xi.Reply()
        assert server.service(FRONT).startup_type is xi.StartupType.Manual

    def test_starts_a_service(self, fake: FakeExchange, server: FakeServer) -> None:
        """-Status Running starts it, and leaves a running one alone."""
        for _ in range(2):
            assert ask(fake, "Set-Service MSExchangeIMAP4 -Status running") == xi.Reply()
        assert (server.service(FRONT).status, [e.effect for e in fake.log]) == (Running, [True, False])

    @pytest.mark.parametrize(
        ("name", "error_id"),
        [(FRONT, "ServiceIsDependentOnNoForce"), (TOPOLOGY, "ServiceHasDependentServicesNoForce")],
    )
    def test_cannot_stop_what_is_tied_to_others(
        self, fake: FakeExchange, server: FakeServer, name: str, error_id: str
    ) -> None:
        """5.1 refuses -Status Stopped for a service that depends on another, which Stop-Service stops."""
        server.set_service(FRONT, status=Running)
        reply = ask(fake, f"Set-Service {name} -Status Stopped -StartupType Disabled")
        assert (ids(reply), reply.errors[0].category) == ([error_id], "InvalidOperation")
        assert (server.service(name).status, server.service(name).startup_type) == (Running, xi.StartupType.Disabled)

    @pytest.mark.parametrize(
        ("status", "why"),
        [(Running, "CouldNotSuspendServiceNotSupported"), (Stopped, "CouldNotSuspendServiceNotRunning")],
    )
    def test_cannot_pause(self, fake: FakeExchange, server: FakeServer, status: xi.ServiceStatus, why: str) -> None:
        """An IMAP4 service cannot be paused; PowerShell says so in two errors."""
        server.set_service(FRONT, status=status)
        assert ids(ask(fake, "Set-Service MSExchangeIMAP4 -Status Paused")) == [why, "CouldNotSuspendService"]

    def test_pauses_what_can_be_paused(self, fake: FakeExchange, server: FakeServer) -> None:
        """The Transport service takes it, goes on afterwards, and once it is stopped takes neither."""
        assert ask(fake, "Set-Service MSExchangeTransport -Status Paused") == xi.Reply()
        assert server.service("MSExchangeTransport").status is xi.ServiceStatus.Paused
        assert ask(fake, "Set-Service MSExchangeTransport -Status Running") == xi.Reply()
        assert server.service("MSExchangeTransport").status is Running
        ask(fake, "Stop-Service MSExchangeTransport")
        assert not server.service("MSExchangeTransport").can_pause_and_continue
        assert "CouldNotSuspendService" in ids(ask(fake, "Set-Service MSExchangeTransport -Status Paused"))

    def test_restarts_what_outlook_on_the_web_reads_them_with(self, fake: FakeExchange, server: FakeServer) -> None:
        """W3SVC is there, as a service like any other; it keeps none of the settings."""
        reply = ask(fake, "Restart-Service W3SVC -PassThru")
        assert (states(reply), server.pending) == ([("W3SVC", "Running")], False)

    def test_does_not_know_what_is_not_there(self, fake: FakeExchange) -> None:
        """Its id differs from that of the other four; wildcards stand for nothing."""
        (record,) = ask(fake, "Set-Service MSExchangeIMAP4* -StartupType Manual").errors
        assert (record.fully_qualified_error_id, record.category, record.target) == (
            "InvalidOperationException,Microsoft.PowerShell.Commands.SetServiceCommand",
            "ObjectNotFound",
            ".",
        )

    def test_reaches_another_computer(self) -> None:
        """-ComputerName changes other machines, and the log says which."""
        fake = FakeExchange(servers=["MBX01", "MBX02"])
        ask(fake, "Set-Service MSExchangeIMAP4 -StartupType Disabled -ComputerName MBX02")
        assert [each.service(FRONT).startup_type for each in fake.servers] == [
            xi.StartupType.Manual,
            xi.StartupType.Disabled,
        ]
        assert fake.log[0].server == "MBX02"


@pytest.mark.parametrize("verb", ["Start", "Stop", "Restart", "Set"])
class TestAsking:
    """-WhatIf and -Confirm, the same for all."""

    def test_does_nothing_with_what_if(self, fake: FakeExchange, server: FakeServer, verb: str) -> None:
        """Nothing is changed and nothing answered."""
        before = server.services
        assert ask(fake, f"{verb}-Service MSExchangeIMAP4 -PassThru -WhatIf") == xi.Reply()
        assert (server.services, fake.log[0].effect) == (before, False)

    def test_cannot_ask_for_confirmation(self, fake: FakeExchange, server: FakeServer, verb: str) -> None:
        before = server.services
        assert ids(ask(fake, f"{verb}-Service MSExchangeIMAP4 -Confirm")) == ["HostException"]
        assert server.services == before


def test_a_test_names_services_that_are_there(server: FakeServer) -> None:
    """A slip in a test is an error at once."""
    with pytest.raises(xi.InvalidValueError, match="service: expected one of MSComplianceAudit"):
        server.set_service("MSExchangeIMAP", status=Running)


def test_error_action_decides_whether_other_services_are_started(fake: FakeExchange, server: FakeServer) -> None:
    """The first is disabled: with Stop the second is not tried, and with Ignore nothing is said of the first."""
    server.set_service(FRONT, startup_type=xi.StartupType.Disabled)
    both = f"Start-Service {FRONT},{BACK} -ErrorAction"

    assert (ids(ask(fake, f"{both} Stop")), server.service(BACK).status) == (["CouldNotStartService"], Stopped)
    assert (ids(ask(fake, f"{both} Ignore")), server.service(BACK).status) == ([], Running)


def test_error_action_decides_whether_a_pipe_goes_on(fake: FakeExchange, server: FakeServer) -> None:
    """With Stop the first object that is refused is the last."""
    server.set_service(FRONT, startup_type=xi.StartupType.Disabled)
    line = xi.parse(f"Get-Service {FRONT},{BACK} | Start-Service -ErrorAction Stop")
    assert isinstance(line, xi.Pipeline)

    assert ids(fake.transport(server=server.name).run(line)) == ["CouldNotStartService"]
    assert server.service(BACK).status is Stopped
