"""Printed plans, asked of PowerShell's parser: their commands are exactly the plan's, whatever every text is."""

from __future__ import annotations

import random
from collections.abc import Iterator

import attrs

import exchange_imap as xi
from exchange_imap._plan.plan import plan_between
from exchange_imap.testing import FakeExchange
from support.judge import Answer, RecordProperty, ask, count, needs_judge, report
from support.texts import FRAGMENTS

pytestmark = needs_judge

HOSTILE = (
    *FRAGMENTS,
    *("\r", "\x85", "\v", "\f", "\u2028", "\u2029", "\x1c", "\x1d", "\x1e", "\0", "\x1b", "\u202e", "\u2066", "`"),
    *("Remove-Item C:\\Data -Recurse", "SIG # Begin signature block", "Begin signature", "requires -Version 9"),
    *("MBX01", " ", "\\", "é", "漢", "-> "),
)
STATE = xi.ImapServer("MBX01", exchange=(_fake := FakeExchange(servers=["MBX01"]).transport()), windows=_fake).state()


def text(chance: random.Random) -> str:
    """Put together what means harm."""
    return "".join(chance.choices(HOSTILE, k=chance.randrange(1, 6)))


def state(chance: random.Random, server: str) -> xi.ServerState:
    """Make a server that holds such texts, which a plan leaves as they are or writes."""
    settings = attrs.evolve(
        STATE.settings,
        server=server,
        banner=text(chance),
        log_file_location=text(chance),
        max_connections=chance.randrange(1, 9),
        external_connection_settings=(xi.ConnectionSetting("mail.contoso.com", chance.choice([143, 993, 1993]), None),),
    )
    services = [
        attrs.evolve(service, status=chance.choice([xi.ServiceStatus.Running, xi.ServiceStatus.Stopped]))
        for service in STATE.services
    ]
    return xi.ServerState(settings=settings, services=tuple(services))


def plans(chance: random.Random) -> Iterator[xi.Plan]:
    """Make a plan, the plan back, and one whose steps have such reasons."""
    server, certificate = text(chance), text(chance)
    before, after = (state(chance, server) for _ in "ab")
    before, after = (
        attrs.evolve(each, settings=attrs.evolve(each.settings, x509_certificate_name=certificate))
        for each in (before, after)
    )
    plan = plan_between(server, before, after)
    yield plan
    yield plan.reverse()
    yield attrs.evolve(plan, steps=tuple(attrs.evolve(step, reason=text(chance)) for step in plan.steps))


def commands(answer: Answer) -> list[object]:
    """Return what the parser saw, without the places."""
    assert answer["errors"] == []
    return [_without_places(statement) for statement in answer["statements"]]


def _without_places(tree: object) -> object:
    if isinstance(tree, dict):
        return {key: _without_places(value) for key, value in tree.items() if key not in {"start", "end"}}
    return [_without_places(item) for item in tree] if isinstance(tree, list) else tree


def test_law_the_commands_of_a_printed_plan_are_exactly_the_plans(record_property: RecordProperty) -> None:
    """Server name, certificate name, banner, log folder and reasons are whatever a server or a caller makes them."""
    chance = random.Random(20261126)  # noqa: S311 - the same in every run
    made = [plan for _ in range(count(0.2) // 3 + 1) for plan in plans(chance)]

    printed = list(ask("parse", ({"text": str(plan)} for plan in made)))
    alone = list(ask("parse", ({"text": "\n".join(str(step.command) for step in plan.steps)} for plan in made)))
    steps = list(ask("parse", ({"text": "\n".join(map(str, plan.steps))} for plan in made)))

    wrong = sum(not (commands(p) == commands(a) == commands(s)) for p, a, s in zip(printed, alone, steps, strict=True))
    assert any(plan.steps for plan in made)
    assert all(len(commands(a)) == len(plan.steps) for a, plan in zip(alone, made, strict=True))
    assert wrong == 0
    record_property("figure", report("printed plans", len(made), wrong))
