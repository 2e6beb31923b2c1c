"""The fake's components: who asked for a state, and that nobody else takes it back."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, NewServer
from support.captures import needs_captures, read_capture
from support.fakes import ask, failure, read

PROXY = "ImapProxy"


@pytest.fixture
def fake() -> FakeExchange:
    """One server of 2016, which the capture is of."""
    return FakeExchange(servers=[NewServer("MBX01", version="2016")])


def request(
    fake: FakeExchange, state: str, requester: str, component: str = PROXY, only: Literal["", "local", "remote"] = ""
) -> xi.Reply:
    """Ask for a state in somebody's name."""
    command = xi.SetServerComponentState(
        identity="MBX01",
        component=component,
        state=state,
        requester=requester,
        local_only=only == "local",
        remote_only=only == "remote",
    )
    return ask(fake, command)


def component(fake: FakeExchange, name: str = PROXY) -> xi.ComponentState:
    """Read one component."""
    (found,) = read(xi.ComponentState, fake, xi.GetServerComponentState(identity="MBX01", component=name))
    return found


def state(fake: FakeExchange, name: str = PROXY) -> str:
    """Read the state of one component."""
    return str(component(fake, name).state)


@needs_captures
def test_a_new_server_has_the_components_of_a_real_one(fake: FakeExchange) -> None:
    """In the same order, in the same state, at the request of setup; only monitoring had asked for one more."""
    real = xi.ComponentState.all_from_clixml(read_capture("get-servercomponentstate"))
    mine = read(xi.ComponentState, fake, xi.GetServerComponentState(identity="MBX01"))

    assert [(each.component, each.state) for each in mine] == [(each.component, each.state) for each in real]
    for one, other in zip(mine, real, strict=True):
        assert [each.requester for each in one.remote_states or ()] == [
            each.requester for each in other.remote_states or ()
        ]


@needs_captures
def test_the_record_is_that_of_a_real_server(fake: FakeExchange) -> None:
    """All properties but the four that the client adds."""
    (real, *_) = xi.read_clixml(read_capture("get-servercomponentstate"))
    (mine, *_) = ask(fake, xi.GetServerComponentState(identity="MBX01")).records

    added = {"PSComputerName", "RunspaceId", "PSShowComputerName", "SerializationData"}
    assert set(mine.properties) == set(real.properties) - added
    assert (mine.type_names, mine.text) == (real.type_names, real.text)
    lists = [record.properties["LocalStates"] for record in (mine, real)]
    assert [each.type_names for each in lists if isinstance(each, xi.Record)] == [lists[1].type_names] * 2  # type: ignore[union-attr]  # a list


@pytest.mark.parametrize("version", ["2019", "SE"])
def test_later_versions_have_no_unified_messaging(version: Literal["2019", "SE"]) -> None:
    """As they have none of its services."""
    server = FakeExchange(servers=["MBX01"], version=version).server("MBX01")

    assert "UMCallRouter" not in {each.component for each in server.components}


def test_what_one_has_made_inactive_only_the_same_makes_active(fake: FakeExchange) -> None:
    """Whatever another asks for."""
    request(fake, "Inactive", "Maintenance")
    request(fake, "Active", "HealthAPI")
    assert state(fake) == "Inactive"

    request(fake, "Active", "Maintenance")
    assert state(fake) == "Active"
    found = component(fake)
    assert [(each.requester, str(each.state)) for each in found.local_states or ()] == [
        ("Maintenance", "Active"),
        ("HealthAPI", "Active"),
    ]
    assert found.local_states == found.remote_states


def test_one_of_several_keeps_it_inactive(fake: FakeExchange) -> None:
    """Until the last one takes it back; draining is less than inactive."""
    request(fake, "Inactive", "Functional")
    request(fake, "Draining", "Sidelined")
    assert state(fake) == "Inactive"

    request(fake, "Active", "Functional")
    assert state(fake) == "Draining"
    request(fake, "Active", "Sidelined")
    assert state(fake) == "Active"


def test_a_request_in_one_place_is_enough(fake: FakeExchange) -> None:
    """And is taken back only there, or in both."""
    request(fake, "Inactive", "HealthAPI", only="local")
    assert component(fake).remote_states == ()
    request(fake, "Active", "HealthAPI", only="remote")
    assert state(fake) == "Inactive"

    request(fake, "Active", "HealthAPI")
    assert state(fake) == "Active"


def test_a_server_that_is_offline_is_so_with_all_components(fake: FakeExchange) -> None:
    """But for those that watch it; each component has its own state again afterwards."""
    request(fake, "Draining", "Maintenance", component="HubTransport")
    request(fake, "Inactive", "Maintenance", component="serverwideoffline")

    found = {
        each.component: each for each in read(xi.ComponentState, fake, xi.GetServerComponentState(identity="mbx01"))
    }
    active = {name for name, each in found.items() if each.state is xi.ComponentStatus.Active}
    assert active == {"Monitoring", "RecoveryActionsEnabled"}
    assert all(each.server_wide_offline_is_offline for each in found.values())

    request(fake, "Active", "Maintenance", component="ServerWideOffline")
    assert (state(fake), state(fake, "HubTransport")) == ("Active", "Draining")


def test_what_nobody_asked_for_is_inactive_until_somebody_does(fake: FakeExchange) -> None:
    """Two components are so by default."""
    assert state(fake, "ForwardSyncDaemon") == "Inactive"

    request(fake, "Active", "Functional", component="ForwardSyncDaemon")
    assert state(fake, "ForwardSyncDaemon") == "Active"


def test_a_repeated_request_has_no_effect_but_its_time(fake: FakeExchange) -> None:
    """Which is the fake's."""
    request(fake, "Inactive", "HealthAPI")
    before = component(fake)
    request(fake, "Inactive", "HealthAPI")

    assert [entry.effect for entry in fake.writes] == [True, False]
    assert before.local_states != component(fake).local_states
    (only,) = component(fake).local_states or ()
    assert datetime.strptime(only.timestamp, "%m/%d/%Y %I:%M:%S %p").year == 2025  # noqa: DTZ007 - text has no zone


def test_what_if_and_confirm_change_nothing(fake: FakeExchange) -> None:
    """The one says nothing here, the other asks nobody."""
    for switch in ({"what_if": True}, {"confirm": True}):
        ask(fake, xi.SetServerComponentState.build({**INACTIVE, **switch}))

    assert [entry.refused for entry in fake.log] == [None, "HostException,Set-ServerComponentState"]
    assert state(fake) == "Active"


INACTIVE = {"identity": "MBX01", "component": PROXY, "state": "Inactive", "requester": "HealthAPI"}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (xi.GetServerComponentState(identity="MBX02"), "Cmdlet-ManagementObjectNotFoundException"),
        (xi.GetServerComponentState(identity="MBX01", component="ImapsProxy"), "Cmdlet-ArgumentException"),
        (xi.SetServerComponentState.build({**INACTIVE, "component": "Imap"}), "Cmdlet-ArgumentException"),
        (xi.SetServerComponentState.build({**INACTIVE, "identity": "X"}), "Cmdlet-ManagementObjectNotFoundException"),
        (
            xi.SetServerComponentState.build({**INACTIVE, "local_only": True, "remote_only": True}),
            "Cmdlet-ArgumentException",
        ),
    ],
    ids=str,
)
def test_what_is_not_there_is_refused(fake: FakeExchange, command: xi.Cmdlet, expected: str) -> None:
    """A component by its whole name."""
    assert failure(fake, command) == expected


@pytest.mark.parametrize("field", ["Component", "State", "Requester", "Identity"])
def test_a_request_is_whole(fake: FakeExchange, field: str) -> None:
    """No host is there to ask for the rest."""
    whole = xi.SetServerComponentState.build(INACTIVE).to_command()
    rest = tuple(each for each in whole.parameters if each.name != field)

    (error,) = fake.transport().run(xi.Pipeline((xi.Command(whole.name, rest),))).errors

    assert error.fully_qualified_error_id == "MissingMandatoryParameter,Set-ServerComponentState"
    assert field in error.message


def test_a_test_may_ask_for_a_state_itself(fake: FakeExchange) -> None:
    """As monitoring does."""
    components = fake.server("MBX01").components
    components.set("imapproxy", xi.ComponentStatus.Inactive, xi.ComponentRequester.HealthAPI, datetime(2025, 1, 1))  # noqa: DTZ001 - only shown

    assert state(fake) == "Inactive"
    with pytest.raises(xi.InvalidValueError, match="one of ServerWideOffline"):
        components.state("Imap")


@pytest.mark.parametrize("name", ["mbx01.contoso.com", "guid"])
def test_a_server_is_found_by_each_name(fake: FakeExchange, name: str) -> None:
    """Its GUID too."""
    names = fake.server("MBX01").installed.names
    guid = next(each for each in names if each.count("-") == 4 and "=" not in each)

    found = read(xi.ComponentState, fake, xi.GetServerComponentState(identity=guid if name == "guid" else name))

    assert len(found) == 35
