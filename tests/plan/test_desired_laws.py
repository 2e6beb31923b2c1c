"""Whatever a desired state states is planned, or refused with the reason: nothing of it is left out silently."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._model.declaration import own_parameters
from exchange_imap._model.specs import ParameterSpec
from exchange_imap._plan.resource import resource, resources
from exchange_imap.testing import FakeExchange
from support import strategies
from support.examples import share

THUMBPRINT = next(iter(FakeExchange(servers=["MBX01"]).server("MBX01").certificates))
# What is stated beside each field, so that there is something to do.
BESIDE: dict[str, dict[str, object]] = {
    "settings": {"banner": "Welcome."},
    "pop_settings": {"banner": "Welcome."},
    "services": {"name": "MSExchangeIMAP4"},
    "mailboxes": {"identity": "kim@contoso.com", "ews_enabled": False},
    "connectors": {"identity": "Client Frontend MBX01", "comment": "x"},
    "certificates": {"thumbprint": THUMBPRINT, "services": ("UM",)},
    "components": {"component": "ImapProxy", "state": "Inactive", "requester": "Maintenance"},
}
NAMES = {"identity", "server", "name", "thumbprint", "component"}
ALONE = {"settings", "pop_settings"}
KEYS = {each.states: each.key for each in resources() if each.key in BESIDE}
FIELDS = [(cls, field, spec) for cls in KEYS for field, spec in own_parameters(cls).items()]


def desired_state(stated: xi.Cmdlet) -> xi.DesiredState:
    """Desire what one cmdlet states."""
    part: dict[str, Any] = {KEYS[type(stated)]: stated if KEYS[type(stated)] in ALONE else [stated]}
    return xi.DesiredState(**part)


def is_reached(plan: xi.Plan, stated: xi.Cmdlet, field: str) -> bool:
    """Say whether the server will be as if only this had been desired: then nothing would be left to do."""
    found = resource(KEYS[type(stated)])
    whole = found.desired(plan.after, plan.server, [stated])
    return field in NAMES or found.same(getattr(plan.after, found.key), getattr(whole, found.key))


def is_carried(plan: xi.Plan, stated: xi.Cmdlet, field: str) -> bool:
    """Say whether a command of the plan states the same."""
    commands = (step.command for step in plan.steps if isinstance(step.command, type(stated)))
    return any(getattr(command, field) == getattr(stated, field) for command in commands)


@pytest.mark.parametrize(("cls", "field", "spec"), FIELDS, ids=[f"{cls.cmdlet} -{s.name}" for cls, _, s in FIELDS])
@share(100)
@given(data=st.data())
def test_law_what_is_stated_is_planned_or_refused_by_name(
    cls: type[xi.Cmdlet], field: str, spec: ParameterSpec, data: st.DataObject
) -> None:
    """Every field of every cmdlet that a desired state takes, with any value."""
    values: dict[str, Any] = BESIDE[KEYS[cls]] | {field: data.draw(strategies.of_field(cls, field))}
    transport = FakeExchange(servers=["MBX01"]).transport()
    server = xi.ImapServer("MBX01", exchange=transport, windows=transport)

    try:
        stated = cls(**values)
        plan = server.plan(desired_state(stated))
    except xi.CommandError:
        assert field in NAMES  # the server has no such object
        return
    except xi.InvalidValueError as error:
        assert spec.name.lower() in str(error).lower() or error.field == "DesiredState.services"  # noqa: PT017 - one of two right ends
        return

    assert is_reached(plan, stated, field) or is_carried(plan, stated, field)


@pytest.mark.parametrize("line", ["Set-ImapSettings -MaxConnections 3", "Set-Service MSExchangeIMAP4 -Status Running"])
def test_a_common_parameter_says_nothing_of_a_state(line: str) -> None:
    """A pasted line may have one; the plan is the same."""
    transport = FakeExchange(servers=["MBX01"]).transport()
    server = xi.ImapServer("MBX01", exchange=transport, windows=transport)
    stated = [xi.parse(text) for text in (line, f"{line} -ErrorAction Stop -Verbose -OutVariable x")]

    plain, common = (server.plan(desired_state(each)) for each in stated if isinstance(each, xi.Cmdlet))

    assert str(plain) == str(common)
    assert plain


@pytest.mark.parametrize("switch", ["-WhatIf", "-Confirm", "-WhatIf:$false"])
def test_a_preview_or_a_question_is_no_desired_state(switch: str) -> None:
    """A plan would have written all the same."""
    stated = xi.SetImapSettings.parse(f"Set-ImapSettings -MaxConnections 3 {switch}")

    with pytest.raises(xi.InvalidValueError, match=r"preview it with print\(plan\)"):
        xi.DesiredState(settings=stated)


def test_a_service_of_another_computer_is_refused() -> None:
    """It would have been this server's."""
    stated = xi.SetService(name="MSExchangeIMAP4", computer_name=("MBX02",), status=xi.ServiceStatus.Running)

    with pytest.raises(xi.InvalidValueError, match=r"-ComputerName: .* plan it on that server"):
        xi.DesiredState(services=(stated,))


def test_services_may_come_in_a_list() -> None:
    """A desired state keeps a tuple."""
    service = xi.SetService(name="MSExchangeIMAP4")

    assert xi.DesiredState(services=[service]) == xi.DesiredState(services=(service,))


def test_restart_is_true_or_false() -> None:
    """A text that says no would restart."""
    with pytest.raises(xi.InvalidValueError, match="True or False"):
        xi.DesiredState(restart="no")  # type: ignore[arg-type]  # the mistake itself


@pytest.mark.parametrize(
    ("stated", "named"),
    [
        (xi.SetImapSettings(banner="y", what_if=True), "-WhatIf"),
        (xi.SetImapSettings(banner="y", confirm=True), "-Confirm"),
    ],
)
def test_neither_a_comparison_nor_a_difference_makes_a_write_of_a_preview(
    stated: xi.SetImapSettings, named: str
) -> None:
    """What a plan would not carry out is refused there too."""
    settings = FakeExchange(servers=["MBX01"]).server("MBX01").stored

    for ask in (xi.diff, xi.compare):
        with pytest.raises(xi.InvalidValueError, match=named):
            ask(settings, stated)


@pytest.mark.parametrize(
    "stated",
    [
        xi.SetService(name="W3SVC", startup_type=xi.StartupType.Manual),
        xi.SetService(name="MSExchangeIMAP4", startup_type=xi.StartupType.Automatic, computer_name=("MBX02",)),
    ],
    ids=["another service", "another computer"],
)
def test_a_difference_is_of_the_service_that_is_given(stated: xi.SetService) -> None:
    """The state of one service says nothing of another."""
    transport = FakeExchange(servers=["MBX01"]).transport()
    service = xi.ImapServer("MBX01", exchange=transport, windows=transport).services()[0]

    with pytest.raises(xi.InvalidValueError, match=r"MSExchangeImap4|-ComputerName"):
        xi.diff(service, stated)


def test_a_component_has_a_name() -> None:
    """An empty one would be sent."""
    command = xi.SetServerComponentState(component="", state="Active", requester="Functional")

    with pytest.raises(xi.InvalidValueError, match="the name of a component"):
        xi.DesiredState(components=[command])
