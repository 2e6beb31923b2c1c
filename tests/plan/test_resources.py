"""What each resource refuses, reads and takes back, beyond the table of the document."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._cmdlets.registry import answered_by, cmdlets
from exchange_imap._plan.resource import resource, resource_of, resources
from exchange_imap.testing import FakeExchange, NewCertificate
from exchange_imap.testing.directory import INSTALLED
from support.document import connect as on
from support.lines import desire

MAIL = NewCertificate(("mail.contoso.com", "imap.contoso.com"))
WILD = NewCertificate(("*.contoso.com",))
ENABLE = f"Enable-ExchangeCertificate {MAIL.make().thumbprint} -Services"
STATE = "Set-ServerComponentState MBX01 -Component ImapProxy -State"


@pytest.fixture
def fake() -> FakeExchange:
    """Return an organization with two servers, of which the first has two certificates more."""
    fake = FakeExchange(servers=["MBX01", "MBX02"])
    for certificate in (MAIL, WILD):
        fake.server("MBX01").add_certificate(certificate)
    return fake


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["Set-ReceiveConnector 'Client*' -Comment x"], "-Identity of one object"),
        (["Set-ReceiveConnector 'a' -Comment x", r"Set-ReceiveConnector 'MBX01\A' -Comment y"], "each object once"),
        ([r"Set-ReceiveConnector 'MBX02\Client Frontend MBX02' -Comment x"], "a connector of MBX01"),
        (["Set-ReceiveConnector 'a' -Name b"], "found by its name"),
        (["Set-ReceiveConnector 'a' -Comment x -WhatIf"], r"preview it with print"),
        (["Set-CASMailbox kim -PrimarySmtpAddress a@contoso.com"], "may be found by it"),
        (["Set-CASMailbox kim -ActiveSyncDebugLogging $true"], "no such parameter in a desired state"),
        ([f"{ENABLE} IMAP", f"{ENABLE} POP"], "each certificate once"),
        ([f"{ENABLE} IMAP -Server MBX02"], "Plan it on that server"),
        ([rf"Enable-ExchangeCertificate -Identity 'MBX02\{'A' * 40}' -Services IMAP"], "a certificate of MBX01"),
        (
            [f"Enable-ExchangeCertificate {WILD.make().thumbprint} -Services IMAP,POP,IIS"],
            "other than IMAP and POP: .*such as a wildcard",
        ),
        ([f"{STATE} Active -Requester HealthAPI", f"{STATE} Inactive -Requester HealthAPI"], "and requester once"),
        ([f"{STATE} Active -Requester HealthAPI -LocalOnly"], "-LocalOnly"),
        ([f"{STATE} Active -Requester HealthAPI".replace("MBX01", "MBX02")], "expected 'MBX01'|MBX01, received"),
    ],
)
def test_what_no_plan_carries_out_is_refused(fake: FakeExchange, lines: list[str], message: str) -> None:
    """Before anything is sent."""
    with pytest.raises(xi.InvalidValueError, match=message):
        on(fake).plan(desire(*lines))

    assert not fake.writes


def test_objects_without_a_name_are_refused() -> None:
    """Behind a pipe they would come with the objects."""
    for part in (
        {"mailboxes": [xi.SetCASMailbox(imap_enabled=True)]},
        {"certificates": [xi.EnableExchangeCertificate(services=("IMAP",))]},
    ):
        with pytest.raises(xi.InvalidValueError, match=r"-Identity|-Thumbprint"):
            xi.DesiredState(**part)


@pytest.mark.parametrize("part", ["connectors", "certificates", "components", "mailboxes", "services"])
def test_a_part_is_a_list_of_its_cmdlets(part: str) -> None:
    """Neither one of them alone nor a list of others."""
    for wrong in (xi.SetReceiveConnector(), "x", [xi.GetImapSettings()], ["x"]):
        with pytest.raises(xi.InvalidValueError, match=rf"DesiredState\.{part}: expected a list or tuple of"):
            xi.DesiredState(**{part: wrong})  # type: ignore[arg-type]  # the mistake itself


def test_the_services_of_a_certificate_stay(fake: FakeExchange) -> None:
    """No cmdlet takes them back, so the way back leaves them, and says so."""
    server = on(fake)
    outcome = server.apply(server.plan(desire(f"{ENABLE} IMAP,SMTP")))
    (enabled,) = outcome.plan.after.certificates.values()

    back = server.apply(outcome.plan.reverse())

    assert [str(step.command) for step in back.plan.steps] == [
        "Set-ImapSettings -Server MBX01 -X509CertificateName MBX01"
    ]
    assert back.state is not None
    assert list(back.state.certificates.values()) == [enabled]
    assert list(resource("certificates").lasting(outcome.plan.after, outcome.plan.before)) == [
        f"{enabled.thumbprint} stays enabled for IMAP, SMTP: no cmdlet takes that back"
    ]
    assert not [line for each in resources(["settings"]) for line in each.lasting(back.state, back.state)]


def test_the_name_that_enabling_stores_is_read_again(fake: FakeExchange) -> None:
    """Whatever the server has made of the certificate is what is expected from then on."""
    real = fake.transport(xi.Endpoint.EXCHANGE)

    class OtherName:
        """An endpoint that stores another name than the subject's."""

        def run(self, pipeline: xi.Pipeline) -> xi.Reply:
            reply = real.run(pipeline)
            if pipeline.commands[0].name == "Enable-ExchangeCertificate":
                server = fake.server("MBX01")
                server.stored = attrs.evolve(server.stored, x509_certificate_name="imap.contoso.com")
            return reply

        def close(self) -> None:
            real.close()

    windows = fake.transport(xi.Endpoint.WINDOWS, server="MBX01")
    server = xi.ImapServer("MBX01", exchange=OtherName(), windows=windows)

    outcome = server.apply(server.plan(desire(f"{ENABLE} IMAP")))

    assert outcome.state is not None
    assert outcome.state.settings.x509_certificate_name == "imap.contoso.com"


def test_a_certificate_of_which_the_server_does_not_tell_is_enabled_again(fake: FakeExchange) -> None:
    """Over remoting some versions answer null: that is unknown, and not nothing."""
    fake.server("MBX01").bare_certificates = True
    server, desired = on(fake), desire(f"{ENABLE} SMTP")

    outcome = server.apply(server.plan(desired))

    (step,) = server.plan(desired).steps
    assert "the server does not tell what it is enabled for" in step.reason
    assert step in outcome.plan.steps
    assert outcome.state is not None
    assert outcome.state.same(outcome.plan.before)


def test_another_requester_keeps_a_component_inactive(fake: FakeExchange) -> None:
    """Only the stated requester's request changes."""
    components = fake.server("MBX01").components
    for requester in (xi.ComponentRequester.HealthAPI, xi.ComponentRequester.Maintenance):
        components.set("ImapProxy", xi.ComponentStatus.Inactive, requester, INSTALLED)
    server = on(fake)

    state = server.apply(server.plan(desire(f"{STATE} Active -Requester HealthAPI -DomainController dc1"))).state

    assert state is not None
    assert state.components["imapproxy"].state is xi.ComponentStatus.Inactive
    assert "-DomainController dc1" in str(fake.writes[-1].pipeline)


def test_a_component_that_nobody_asked_for_is_active(fake: FakeExchange) -> None:
    """Taking back a first request makes it active, in the requester's name."""
    server = on(fake)
    outcome = server.apply(server.plan(desire(f"{STATE} Inactive -Requester Maintenance")))

    (step,) = outcome.plan.reverse().steps

    assert str(step) == (
        "# ImapProxy for Maintenance: State: Inactive -> Active\n"
        "Set-ServerComponentState -Identity MBX01 -Component ImapProxy -State Active -Requester Maintenance"
    )


def test_an_answer_about_another_object_is_refused(fake: FakeExchange) -> None:
    """The plan would be made of it."""
    component = resource("components")
    records = on(fake).run(xi.GetServerComponentState(identity="MBX01", component="PopProxy")).records

    with pytest.raises(xi.UnexpectedReplyError, match="the component ImapProxy"):
        component.part("MBX01", ["ImapProxy"], [records])
    with pytest.raises(xi.UnexpectedReplyError, match="one object"):
        component.part("MBX01", ["ImapProxy"], [()])


def test_a_resource_is_found_by_the_commands_of_its_steps() -> None:
    """No plan has others."""
    assert resource_of(xi.StopService(name=("x",))) is resource("services")
    assert resource_of(xi.GetImapSettings()) is None


def test_a_command_of_another_kind_is_about_no_object() -> None:
    """Each resource names the objects of its own commands."""
    for key in ("certificates", "components", "services"):
        with pytest.raises(xi.InvalidValueError):
            resource(key).name_of(xi.GetImapSettings(), "MBX01")
    with pytest.raises(xi.InvalidValueError, match="a list or tuple of SetService"):
        resource("services").check([xi.GetImapSettings()])


def test_a_command_about_several_services_is_of_no_plan(fake: FakeExchange) -> None:
    """Each step is about one, so that it leaves a trace of its own."""
    with pytest.raises(xi.InvalidValueError, match="a command that a plan is made of"):
        resource("services").advance(on(fake).state(), xi.RestartService(name=xi.IMAP4_SERVICES))


def test_a_service_that_ran_and_was_disabled_is_so_again(fake: FakeExchange) -> None:
    """The start type is the last step of the way back: a disabled service could not be restarted."""
    for name in xi.IMAP4_SERVICES:
        running, disabled = xi.ServiceStatus.Running, xi.StartupType.Disabled
        fake.server("MBX01").set_service(name, status=running, startup_type=disabled)
    server = on(fake)
    lines = [f"Set-Service {name} -StartupType Automatic" for name in xi.IMAP4_SERVICES]
    outcome = server.apply(server.plan(desire("Set-ImapSettings -Banner x", *lines)))

    back = server.apply(outcome.undo())

    assert [step.command.cmdlet for step in back.applied][-2:] == ["Set-Service"] * 2
    assert back.state is not None
    assert back.state.same(outcome.plan.before)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (
            xi.SetReceiveConnector(identity=r"MBX01\Other", comment="x"),
            "it is about Other, and the plan about Client Frontend",
        ),
        (xi.SetReceiveConnector(identity=r"MBX02\x", comment="x"), "a connector of MBX01"),
        (xi.SetReceiveConnector(identity=r"MBX01\Client Frontend MBX01", name="y"), "has no -Name"),
        (xi.SetCASMailbox(identity="kim", imap_enabled=True), "the plan about nothing of the kind"),
    ],
)
def test_a_step_about_another_object_is_refused(fake: FakeExchange, command: xi.Cmdlet, why: str) -> None:
    """In a plan made by hand, or read from a file."""
    server = on(fake)
    plan = server.plan(desire("Set-ReceiveConnector 'Client Frontend MBX01' -Comment x"))

    with pytest.raises(xi.ForeignStepError, match="(?s)" + why):
        server.apply(attrs.evolve(plan, steps=(xi.Step(command, "by hand"),)))


def test_names_are_found_in_any_case() -> None:
    """As PowerShell and Exchange compare them."""
    names = xi.ByName({"Client Frontend MBX01": 1})

    assert (names["CLIENT FRONTEND MBX01"], len(names)) == (1, 1)
    assert repr(names) == "ByName({'Client Frontend MBX01': 1})"
    assert names.get("x") is None
    assert names.replacing("client frontend mbx01", 2) == xi.ByName({"Client Frontend MBX01": 2})
    assert hash(names) == hash(xi.ByName({"Client Frontend MBX01": 1}))
    with pytest.raises(xi.InvalidValueError, match="each name once"):
        xi.ByName({"a": 1, "A": 2})
    with pytest.raises(KeyError):
        names["x"]


@pytest.mark.parametrize("cmdlet", ["Set-ReceiveConnector x -Comment y", "Set-CASMailbox x -EwsEnabled $true"])
def test_what_is_compared_belongs_together(fake: FakeExchange, cmdlet: str) -> None:
    """A connector with what changes a connector."""
    server, desired = on(fake), xi.parse(cmdlet)
    connector = xi.ReceiveConnector.from_record(
        server.run(xi.GetReceiveConnector(identity="Client Frontend MBX01")).records[0]
    )
    component = xi.ComponentState.from_record(
        server.run(xi.GetServerComponentState(identity="MBX01", component="ImapProxy")).records[0]
    )

    if isinstance(desired, xi.SetReceiveConnector):
        assert [str(change) for change in xi.compare(connector, desired)] == ["Comment: $null -> y"]
        assert str(xi.diff(connector, desired)) == "Set-ReceiveConnector -Identity x -Comment y"
        assert xi.diff(connector, xi.SetReceiveConnector(identity="x")) is None
    else:
        with pytest.raises(xi.InvalidValueError, match="a SetReceiveConnector, as settings is a ReceiveConnector"):
            xi.compare(connector, desired)  # type: ignore[call-overload]  # the mistake itself
    with pytest.raises(xi.InvalidValueError, match="a cmdlet that writes it, as settings is a ComponentState"):
        xi.compare(component, desired)  # type: ignore[call-overload]  # the mistake itself
    with pytest.raises(xi.InvalidValueError, match=r"Change\.resource"):
        xi.Change("Banner", "a", "b", resource="x")


GETS = [cls for cls in cmdlets().values() if answered_by(cls)]
ASKED = {"Get-ServerComponentState": {"identity": "MBX01"}, "Test-ImapConnectivity": {"client_access_server": "MBX01"}}


@pytest.mark.parametrize("cls", GETS, ids=lambda cls: cls.cmdlet)
def test_whatever_a_cmdlet_answers_is_read(fake: FakeExchange, cls: type[xi.Cmdlet]) -> None:
    """As objects of the class that is declared to be read by it."""
    values: dict[str, Any] = ASKED.get(cls.cmdlet, {})

    command: Any = cls(**values)  # Any: its own class, of which the type checkers know the answer
    found = on(fake).read(command)

    assert found
    assert all(type(each) is answered_by(cls) for each in found)


def test_a_cmdlet_that_answers_nothing_is_not_read(fake: FakeExchange) -> None:
    """Nor is one whose answer has no class."""
    for command in (xi.SetImapSettings(server="MBX01", banner="x"), xi.FormatList()):
        with pytest.raises(xi.InvalidValueError, match=r"Use run\(command\)"):
            on(fake).read(command)  # type: ignore[call-overload]  # the mistake itself
    assert not fake.writes


def test_a_mailbox_under_two_of_its_names_is_refused_before_anything_is_sent(fake: FakeExchange) -> None:
    """One of the two would contradict or repeat the other."""
    server = on(fake)
    desired = xi.DesiredState.from_dict(
        {"mailboxes": {"kim@contoso.com": {"ImapEnabled": False}, "kim": {"ImapEnabled": True}}}
    )
    with pytest.raises(xi.InvalidValueError, match="under one of its names") as caught:
        server.plan(desired)
    assert caught.value.received == ["kim@contoso.com", "kim"]
    others = {"mailboxes": {"kim@contoso.com": {"ImapEnabled": False}, "terry": {"ImapEnabled": False}}}
    assert len(server.plan(xi.DesiredState.from_dict(others)).steps) == 2
    assert not fake.writes


@pytest.mark.parametrize(
    ("component", "requester", "wanted", "why"),
    [
        ("ImapProxy", "Maintenance", "ImapProxy", "Maintenance asked for that"),
        ("ServerWideOffline", "Maintenance", "ImapProxy", "the server is offline as a whole (ServerWideOffline)"),
        ("ImapProxy", "Maintenance", "ForwardSyncDaemon", "nobody has asked for that"),
    ],
)
def test_a_component_that_stays_inactive_is_not_as_desired(
    fake: FakeExchange, component: str, requester: str, wanted: str, why: str
) -> None:
    """Its requester wants it active already: there is nothing to do, and the plan says what is still different."""
    server = on(fake)
    line = f"Set-ServerComponentState MBX01 -Component {component} -State Inactive -Requester {requester}"
    server.run(xi.SetServerComponentState.parse(line))
    active = {"State": "Active", "Requester": "Functional"}
    desired = xi.DesiredState.from_dict({"components": {wanted: active}})

    plan = server.plan(desired)
    assert not plan
    assert plan.lasting == (f"{wanted} stays Inactive: {why}",)
    assert "as desired" not in str(plan)


def test_a_component_that_becomes_active_with_its_server_is_as_desired(fake: FakeExchange) -> None:
    """What the plan itself ends is no note."""
    server = on(fake)
    line = "Set-ServerComponentState MBX01 -Component ServerWideOffline -State Inactive -Requester Maintenance"
    server.run(xi.SetServerComponentState.parse(line))
    components = {
        "ServerWideOffline": {"State": "Active", "Requester": "Maintenance"},
        "ImapProxy": {"State": "Active", "Requester": "Functional"},
    }
    desired = xi.DesiredState.from_dict({"components": components})
    plan = server.plan(desired)
    assert (len(plan.steps), plan.lasting) == (1, ())
    server.apply(plan)
    assert str(server.plan(desired)) == "# Nothing to do: MBX01 is as desired."


@pytest.mark.parametrize("state", ["Active", "Inactive"])
def test_undo_names_a_request_that_was_not_the_same_in_directory_and_registry(fake: FakeExchange, state: str) -> None:
    """The way back states one of the two; a request that was in one of them only is as one in both."""
    server = on(fake)
    for line in (
        f"{STATE} {state} -Requester Functional -RemoteOnly",
        f"{STATE} Inactive -Requester Functional -LocalOnly",
    ):
        server.run(xi.SetServerComponentState.parse(line))
    active = {"State": "Active", "Requester": "Functional"}
    plan = server.plan(xi.DesiredState.from_dict({"components": {"ImapProxy": active}}))
    assert plan.lasting == ()

    back = server.apply(plan).undo()
    differed = ("ImapProxy for Functional was Active and Inactive: a step writes only one",)
    assert back.lasting == (differed if state == "Active" else ())
