"""Plans, states and outcomes as plain data: what is written is read again, and what is wrong is named by its path."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import reduce
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._plan.as_data.given import at
from exchange_imap._plan.as_data.model import PlainData
from exchange_imap.testing import FakeExchange, Fault
from support.examples import share
from support.fuzz import change_data
from support.plans import ERRORS, outcomes, plans, states

DESIRED = xi.DesiredState.from_dict(
    {
        "settings": {"Banner": "Welcome."},
        "connectors": {"": {"Fqdn": "mail.contoso.com"}},
        "services": {"MSExchangeIMAP4": {"StartupType": "Automatic", "Status": "Running"}},
        "components": {"ImapProxy": {"State": "Inactive", "Requester": "Functional"}},
    }
)


def connect(fake: FakeExchange) -> xi.ImapServer:
    """Connect both endpoints."""
    return xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport())


@pytest.fixture
def fake() -> FakeExchange:
    """Return a new server."""
    return FakeExchange(servers=["MBX01"])


@pytest.fixture
def plan(fake: FakeExchange) -> xi.Plan:
    """Return a plan with a step of each kind."""
    return connect(fake).plan(DESIRED)


def through_json(data: object, **options: bool) -> Any:  # Any: JSON
    """Write JSON and read it."""
    return json.loads(json.dumps(data, allow_nan=False, **options))  # type: ignore[arg-type]  # of dumps


# -- what is written is read again ---------------------------------------------------------------------------------


def test_a_plan_is_an_object_with_steps(plan: xi.Plan) -> None:
    """For people and programs to read."""
    data: Any = plan.to_dict()  # Any: JSON

    assert list(data) == ["version", "server", "before", "steps", "lasting"]
    assert list(data["before"]) == [
        "settings",
        "connectors",
        "components",
        "services",
        "pending",
        "up_to_date",
        "read_at",
    ]
    assert data["steps"][3] == {
        "command": {"cmdlet": "Set-Service", "parameters": {"Name": "MSExchangeImap4", "StartupType": "Automatic"}},
        "reason": "MSExchangeImap4: StartupType: Manual -> Automatic",
        "changes": [
            {
                "parameter": "StartupType",
                "before": "Manual",
                "after": "Automatic",
                "resource": "services",
                "name": "MSExchangeImap4",
            }
        ],
        "refused": [],
    }


def test_a_part_has_the_version_too_when_it_is_written_alone(plan: xi.Plan) -> None:
    """And may have it where it stands in a whole."""
    step = plan.steps[0]

    assert xi.Step.from_dict(step.to_dict()) == step
    assert xi.Change.from_dict(step.changes[0].to_dict()) == step.changes[0]
    assert xi.ServerState.from_dict(plan.before.to_dict()) == plan.before
    assert xi.Plan.from_dict({**plan.to_dict(), "steps": [each.to_dict() for each in plan.steps]}) == plan


def test_what_is_doubtful_in_a_snapshot_stays_so() -> None:
    """Of a printed text it may not be known where a value ended."""
    settings = attrs.evolve(FakeExchange(servers=["MBX01"]).server("MBX01").stored, doubtful=("ObjectCategory",))

    written = settings.to_dict()

    assert written["doubtful"] == ["ObjectCategory"]
    assert xi.ImapSettings.from_dict(written).doubtful == ("ObjectCategory",)
    assert "doubtful" not in attrs.evolve(settings, doubtful=()).to_dict()


def test_an_outcome_says_the_same_when_it_is_read(fake: FakeExchange) -> None:
    """The error of the failed step is recorded, with its causes; the rest is equal."""
    server = connect(fake)
    fake.fail(Fault(of="Start-Service", error=xi.TransportTimeoutError, effect=False))
    with pytest.raises(xi.ApplyError) as caught:
        server.apply(server.plan(DESIRED))
    outcome = caught.value.outcome

    again = xi.Outcome.from_dict(through_json(outcome.to_dict()))

    assert again.to_dict() == outcome.to_dict()
    assert str(again) == str(outcome)
    assert attrs.evolve(again, failed=None) == attrs.evolve(outcome, failed=None)
    assert again.failed is not None
    assert isinstance(again.failed.error, xi.RecordedError)
    assert again.failed.error.type_name == "UnknownOutcomeError"
    assert isinstance(again.failed.error.__cause__, xi.RecordedError)
    assert again.failed.error.__cause__.type_name == "TransportTimeoutError"


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_every_error_is_plain_data(error: xi.ExchangeImapError) -> None:
    """Its name, its message, its attributes and what it came of."""
    data = through_json(error.to_dict())

    assert data["version"] == 1
    assert (data["type"], data["message"]) == (type(error).__name__, str(error))
    assert list(data["attributes"]) == [field.name for field in attrs.fields(type(error))]  # type: ignore[arg-type]  # attrs
    assert (data["cause"] is None) == (error.__cause__ is None)


def test_what_json_lacks_is_written_as_messages_show_it() -> None:
    """Objects, numbers that no program reads exactly, secrets, values that are too deep, and time in seconds."""
    deep: list[Any] = []  # Any: lists within each other
    for _ in range(100):
        deep = [deep]
    received = (object, 2**70, float("nan"), xi.Secret("hunter2"), xi.PSCredential("kim", "hunter2"), xi.LoginType(3))

    attributes = xi.InvalidValueError("x", "y", [*received, deep, 1.5]).to_dict()["attributes"]
    text = json.dumps(attributes, allow_nan=False)

    assert "hunter2" not in text
    assert "LoginType.SecureLogin" in text
    assert text.index("[[[") > 0
    assert through_json(xi.ThrottledError("x", wait=timedelta(seconds=1.5)).to_dict())["attributes"]["wait"] == 1.5


def test_errors_that_cause_each_other_are_written_once() -> None:
    """Python allows it."""
    one, other = xi.TransportError("one"), xi.TransportError("other")
    one.__cause__, other.__cause__ = other, one

    data: Any = one.to_dict()  # Any: JSON

    assert data["cause"]["message"] == "other."
    assert data["cause"]["cause"] is None


def test_an_apply_error_has_its_outcome_and_a_pipeline_error_its_commands(fake: FakeExchange, plan: xi.Plan) -> None:
    """What attributes hold has a form of its own."""
    fake.server("MBX01").set_service("MSExchangeIMAP4", startup_type=xi.StartupType.Disabled)
    server = connect(fake)
    with pytest.raises(xi.StalePlanError) as stale:
        server.apply(plan)
    with pytest.raises(xi.PipelineError) as stopped:
        server.run(xi.parse("Get-Service MSExchangeIMAP4,MSExchangeIMAP4BE | Start-Service"))

    apply_error, pipeline_error = (through_json(caught.value.to_dict()) for caught in (stale, stopped))

    assert apply_error["attributes"]["outcome"] == through_json(stale.value.outcome.to_dict())
    assert apply_error["attributes"]["moved"][0]["parameter"] == "StartupType"
    assert pipeline_error["attributes"]["failed"][0][1]["type"] == "CommandError"
    assert pipeline_error["attributes"]["done"][0]["cmdlet"] == "Start-Service"


@share(20)
@given(plans)
def test_law_a_plan_is_the_same_when_it_is_read(plan: xi.Plan) -> None:
    """Equal, with the same digest and script, whatever the order in the file."""
    written = plan.to_dict()

    again = xi.Plan.from_dict(through_json(written))
    ordered = xi.Plan.from_dict(through_json(written, sort_keys=True))

    assert again == ordered == plan
    assert again.to_dict() == written
    assert again.digest == ordered.digest == plan.digest
    assert str(again) == str(ordered) == str(plan)
    assert [each.doubtful for each in again.before.services] == [each.doubtful for each in plan.before.services]


@share(20)
@given(outcomes)
def test_law_an_outcome_says_the_same_when_it_is_read(outcome: xi.Outcome) -> None:
    """Wherever it stopped and whatever the error was."""
    written = outcome.to_dict()

    again = xi.Outcome.from_dict(through_json(written))

    assert again.to_dict() == written == xi.Outcome.from_dict(again.to_dict()).to_dict()
    assert str(again) == str(outcome)
    assert attrs.evolve(again, failed=None) == attrs.evolve(outcome, failed=None)


@share(20)
@given(states)
def test_law_a_state_is_the_same_when_it_is_read(state: xi.ServerState) -> None:
    """With all its parts."""
    assert xi.ServerState.from_dict(through_json(state.to_dict())) == state


# -- what is wrong is named ------------------------------------------------------------------------------------------


def put(data: Any, path: tuple[str | int, ...], new: object) -> Any:  # Any: JSON
    """Return the data with another value at a path; a list is as long as before."""
    if not path:
        return new
    if isinstance(data, dict):
        return {**data, path[0]: put(data.get(path[0]), path[1:], new)}
    return [put(item, path[1:], new) if place == path[0] else item for place, item in enumerate(data)]


WRONG: list[tuple[tuple[str | int, ...], object, str, str]] = [
    (("version",), 2, "$.version", "another release"),
    (("version",), True, "$.version", "1, the version"),
    (("server",), "MBX02", "$.before.settings.Server", "MBX02, of which the plan is"),
    (("steps",), {}, "$.steps", "a list"),
    (("steps", 0, "reason"), 1, "$.steps[0].reason", "text"),
    (("steps", 0, "reasons"), "x", "$.steps[0].reasons", "Did you mean reason?"),
    (("steps", 0, "version"), 0, "$.steps[0].version", "1, the version"),
    (("steps", 0, "command", "cmdlet"), "Set-X", "$.steps[0].command.cmdlet", "the name of a cmdlet"),
    (("steps", 0, "command", "parameters", "Banner"), 1, "$.steps[0].command.parameters.Banner", "text"),
    (("steps", 0, "command", "parameters", "Baner"), 1, "$.steps[0].command.parameters.Baner", "Did you mean Banner?"),
    (("steps", 0, "command", "parameters", "WhatIf"), True, "$.steps[0].command", "has no -WhatIf"),
    (("steps", 0, "command", "parameters", "Server"), "MBX02", "$.steps[0].command", "it is of MBX02"),
    (
        ("steps", 0, "command"),
        {"cmdlet": "Set-CASMailbox", "parameters": {"Identity": "kim", "ImapEnabled": True}},
        "$.steps[0].command",
        "about kim, and the plan about nothing",
    ),
    (
        ("steps", 0, "command"),
        {"cmdlet": "Get-Service", "parameters": {}},
        "$.steps[0].command",
        "a plan is made of Enable-ExchangeCertificate",
    ),
    (
        ("steps", 0, "command"),
        {"cmdlet": "Start-Service", "parameters": {"Name": ["a"], "DisplayName": ["b"]}},
        "$.steps[0].command",
        "Leave one out",
    ),
    (
        ("steps", 0, "command"),
        {"cmdlet": "Enable-ExchangeCertificate", "parameters": {}},
        "$.steps[0].command.parameters.Services",
        "this name with a value",
    ),
    (("steps", 0, "changes"), "x", "$.steps[0].changes", "a list"),
    (("steps", 0, "changes", 0, "before"), 1, "$.steps[0].changes[0].before", "text"),
    (("steps", 0, "changes", 0, "parameter"), "X", "$.steps[0].changes[0].parameter", "of Set-ImapSettings"),
    (("steps", 0, "changes", 0, "resource"), "x", "$.steps[0].changes[0].resource", "one of certificates, settings"),
    (("before", "read_at"), "yesterday", "$.before.read_at", "a moment such as"),
    (("before", "read_at"), "2026-01-01T00:00:00", "$.before.read_at", "with its time zone"),
    (("before", "pending"), ["a", 1], "$.before.pending[1]", "text"),
    (("before", "settings", "Banner"), None, "$.before.settings.Banner", "text"),
    (("before", "settings", "SSLBindings", 0), "x", "$.before.settings.SSLBindings[0]", "an IP address"),
    (("before", "settings", "doubtful"), [1], "$.before.settings.doubtful[0]", "text"),
    (("before", "services", 0, "Status"), "Up", "$.before.services[0].Status", "one of Stopped"),
]


@pytest.mark.parametrize(("path", "new", "named", "said"), WRONG, ids=[each[2] for each in WRONG])
def test_what_is_wrong_in_a_plan_is_named_by_its_path(
    plan: xi.Plan, path: tuple[str | int, ...], new: object, named: str, said: str
) -> None:
    """And nothing of it is read."""
    with pytest.raises(xi.InvalidValueError, match=said) as caught:
        xi.Plan.from_dict(put(plan.to_dict(), path, new))

    assert caught.value.field == named


def test_what_is_missing_is_named_by_its_path(plan: xi.Plan) -> None:
    """Also a property of the state, for which no default is right."""
    data: Any = through_json(plan.to_dict())  # Any: JSON
    del data["before"]["settings"]["Banner"]

    with pytest.raises(xi.InvalidValueError, match="this name") as caught:
        xi.Plan.from_dict(data)
    assert caught.value.field == "$.before.settings.Banner"
    with pytest.raises(xi.InvalidValueError, match="the version of the form") as caught:
        xi.Plan.from_dict({"steps": []})
    assert caught.value.field == "$.version"


def test_an_object_that_is_there_twice_is_refused(plan: xi.Plan) -> None:
    """In whatever case its name is written."""
    data: Any = through_json(plan.to_dict())  # Any: JSON
    connectors = data["before"]["connectors"]
    connectors["CLIENT FRONTEND MBX01"] = connectors["Client Frontend MBX01"]

    with pytest.raises(xi.InvalidValueError, match="each name once") as caught:
        xi.Plan.from_dict(data)

    assert caught.value.field == "$.before.connectors"


FAILED: dict[str, Any] = {  # Any: JSON
    "step": {"command": {"cmdlet": "Start-Service", "parameters": {"Name": ["W3SVC"]}}, "reason": "", "changes": []},
    "error": {"type": "TransportError", "message": "lost.", "attributes": {}, "cause": None},
    "effect": "UNKNOWN",
}


@pytest.mark.parametrize(
    ("path", "new", "named"),
    [
        (("applied",), [FAILED["step"]], "$.applied"),
        (("failed",), FAILED, "$.failed"),
        (("failed",), {**FAILED, "effect": "unknown"}, "$.failed.effect"),
        (("failed",), {**FAILED, "error": {}}, "$.failed.error.type"),
        (("failed",), put(FAILED, ("error", "cause"), {"x": 1}), "$.failed.error.cause.x"),
        (("failed",), put(FAILED, ("error", "attributes"), 1), "$.failed.error.attributes"),
        (("warnings",), "x", "$.warnings"),
        (("state",), {}, "$.state.settings"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_in_an_outcome_is_named_by_its_path(
    plan: xi.Plan, path: tuple[str | int, ...], new: object, named: str
) -> None:
    """Steps that the plan does not have, among others."""
    with pytest.raises(xi.InvalidValueError) as caught:
        xi.Outcome.from_dict(put(xi.Outcome(plan=plan).to_dict(), path, new))

    assert caught.value.field == named


def leaves(data: object, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """Yield where each value is."""
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    inner = [leaf for key, value in parts for leaf in leaves(value, *path, key)]
    yield from inner or [path]


@share(20)
@given(plans, st.data())
def test_law_a_value_that_cannot_be_is_named_by_its_path(plan: xi.Plan, data: st.DataObject) -> None:
    """Wherever it is in a plan."""
    written: Any = through_json(plan.to_dict())  # Any: JSON
    path = data.draw(st.sampled_from([*leaves(written)]))
    where = reduce(at, path, "$")

    with pytest.raises(xi.InvalidValueError) as caught:
        xi.Plan.from_dict(put(written, path, 1.5))

    assert caught.value.field == where


READ: list[Callable[[Any], PlainData]] = [xi.Plan.from_dict, xi.Outcome.from_dict]


@share(20)
@given(outcomes, st.randoms(use_true_random=True))
def test_law_damaged_data_is_read_or_refused_with_a_path(outcome: xi.Outcome, random: Random) -> None:
    """And by nothing but an error of this library's own; what is read can be written and shown."""
    for read, made in zip(READ, (outcome.plan, outcome), strict=True):
        try:
            again = read(change_data(random, through_json(made.to_dict())))
        except xi.InvalidValueError as error:
            assert error.field.startswith("$"), error  # noqa: PT017 - either end is right
        else:
            assert json.dumps(again.to_dict())


# -- a plan from a file ----------------------------------------------------------------------------------------------


def test_the_digest_is_that_of_the_canonical_json(plan: xi.Plan) -> None:
    """Another program can compute it; another value anywhere makes another digest."""
    data: Any = plan.to_dict()  # Any: JSON
    del data["before"]["read_at"]
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    program = "import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())"
    done = subprocess.run([sys.executable, "-c", program], input=text.encode(), capture_output=True, check=True)

    assert plan.digest == done.stdout.decode().strip()
    assert attrs.evolve(plan, steps=plan.steps[1:]).digest != plan.digest


def test_equal_plans_have_the_same_digest(fake: FakeExchange, plan: xi.Plan) -> None:
    """Whenever the server was read, and whatever is in doubt of what nobody can set."""
    again = connect(fake).plan(DESIRED)
    settings = attrs.evolve(plan.before.settings, doubtful=("ObjectCategory",))
    other = attrs.evolve(plan, before=attrs.evolve(plan.before, settings=settings, read_at=None))

    assert again == other == plan
    assert again.digest == other.digest == plan.digest


def test_what_happens_to_a_step_is_plain_data(fake: FakeExchange, plan: xi.Plan) -> None:
    """For a log that another process reads."""
    events: list[xi.StepEvent] = []
    connect(fake).apply(plan, on_step=events.append)

    written = [through_json(event.to_dict()) for event in events]

    assert [xi.StepEvent.from_dict(each) for each in written] == events
    for name, wrong in (("kind", "done"), ("number", True), ("time", "now")):
        with pytest.raises(xi.InvalidValueError) as caught:
            xi.StepEvent.from_dict({**written[0], name: wrong})
        assert caught.value.field == f"$.{name}"


APPLY = """
import json, sys
import exchange_imap as xi
from exchange_imap.testing import FakeExchange

data = json.load(sys.stdin)
plan = xi.Plan.from_dict(data)
fake = FakeExchange(servers=["MBX01"])
server = xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport())
outcome = server.apply(plan, digest=sys.argv[1])
print(json.dumps(outcome.to_dict()))
"""


def test_a_plan_from_a_file_works_in_another_process(plan: xi.Plan) -> None:
    """With the digest by which it was approved; the outcome comes back in the same way."""
    command = [sys.executable, "-c", APPLY, plan.digest]

    done = subprocess.run(command, input=json.dumps(plan.to_dict()), capture_output=True, check=True, text=True)

    outcome = xi.Outcome.from_dict(json.loads(done.stdout))
    assert outcome.plan == plan
    assert outcome.applied == plan.steps
    assert outcome.state is not None
    assert outcome.state.same(plan.after)


def test_another_plan_than_the_approved_one_is_refused_before_anything_is_sent(
    fake: FakeExchange, plan: xi.Plan
) -> None:
    """Both digests are named."""
    server, before = connect(fake), len(fake.log)

    with pytest.raises(xi.PlanDigestError, match="not the one that was approved") as caught:
        server.apply(plan, digest="0" * 64)

    assert (caught.value.expected, caught.value.digest) == ("0" * 64, plan.digest)
    assert caught.value.outcome.not_tried == plan.steps
    assert len(fake.log) == before
    assert server.apply(plan, digest=f" {plan.digest.upper()}\n").applied == plan.steps
