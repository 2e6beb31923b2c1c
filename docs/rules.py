"""What scripts, plans, servers and probes are checked for, with examples: `docs/rules.md` is written by this file.

`python docs/rules.py --write` writes it again; a test holds it against what the library says now.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import attrs

import exchange_imap as xi
from exchange_imap._plan.resource import resources
from exchange_imap._rules.every import RULES
from exchange_imap._rules.probe_findings import probe_findings
from exchange_imap._rules.registry import Example, PlanExample, ProbeExample, Rule, StateExample
from exchange_imap.testing import FakeExchange, NewCertificate, NewMailbox, NewServer

PAGE = Path(__file__).with_name("rules.md")
HEAD = """# What scripts, plans, servers and probes are checked for

Made by `docs/rules.py` from the library itself: every finding here is the real one. `check_script` reads every
statement of a text that can be read and says what is wrong or risky, where, why, and what would be right; nothing is
sent. `Plan.problems` and `Plan.warnings` say it of what a plan does to a server, `review` of what a server is like, and
`probe` of what a client sees, by the same rules. A finding's `rule` is stable: match on it. Where it is clear which
commands put it right, they are in the `fix` of the finding.

| severity | means |
|---|---|
| error | it cannot run: PowerShell, the server, or an endpoint in no-language mode refuses it |
| error of a plan | clients certainly cannot connect after it: a problem, which stops `apply` |
| error of a server | clients certainly cannot connect |
| error of a probe | it stopped this client, whatever the severity of the rule elsewhere |
| warning | it runs, but the result is probably not what you want |
| note | it runs under some conditions only, or could not be checked |

`check_script(text, target="endpoint")` checks for an endpoint in no-language mode, which is what remote clients use.
Without `target` the script is checked for the Management Shell on the server, where variables and statements run.
A plan is made for a new server that was read on July 1, 2026; lines with `# before` were run on it first. A review is
of such a server, with everything that can be read of it. A probe is of a server whose address is 192.0.2.7, on the
same day.
"""


SETTINGS = NewServer("MBX01").settings
_ORDER = [xi.Severity.ERROR, xi.Severity.WARNING, xi.Severity.NOTE]


AT: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
"""When the server of the examples is read."""


def finding(example: Example, rule: str) -> xi.ScriptFinding:
    """Return what is found of the rule in its example."""
    settings = SETTINGS if example.new_server else None
    findings = xi.check_script(example.script, target=example.target, endpoint=example.endpoint, settings=settings)
    return next(found for found in findings if found.rule == rule)


def serve(certificates: Iterable[Mapping[str, Any]]) -> tuple[xi.ImapServer, list[str]]:  # Any: of several types
    """Return a new server with these certificates at that time, and their thumbprints."""
    fake = FakeExchange(servers=["MBX01"], mailboxes=[NewMailbox("kim"), NewMailbox("administrator")])
    made = [fake.server("MBX01").add_certificate(NewCertificate(**each)).thumbprint for each in certificates]
    clock = xi.Clock(now=lambda: AT)
    return xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport(), clock=clock), made


def planned(example: PlanExample, lines: tuple[str, ...]) -> xi.Plan:
    """Plan what these lines state, on the server of an example."""
    return planned_on(example, lines)[1]


def planned_on(example: PlanExample, lines: tuple[str, ...]) -> tuple[xi.ImapServer, xi.Plan]:
    """Return the server of an example, and the plan of what these lines state."""
    server, made = serve(example.certificates)
    for line in example.before:
        server.run(xi.parse(line))
    parts: dict[str, Any] = {}  # Any: a cmdlet or several, by part
    keys = {each.states: each for each in resources()}
    for line in lines:
        cmdlet = xi.parse(line.format(*made))
        part = keys[type(cmdlet)]  # type: ignore[index]  # a line of an example is one cmdlet
        parts[part.key] = (*parts.get(part.key, ()), cmdlet) if part.named_by else cmdlet
    return server, server.plan(xi.DesiredState(**parts))


def state_after(rule: Rule, *, right: bool = False) -> tuple[xi.ImapServer, xi.ServerState]:
    """Return a server, and all that there is in the state that breaks a rule; with ``right`` in one that does not."""
    if rule.plan:
        server, plan = planned_on(rule.plan, rule.plan.instead if right else rule.plan.desired)
        return server, plan.after if right else everything(server, plan.after)
    example = rule.review or StateExample(broken=(rule.example.script,) if rule.example else ())
    server, made = serve(example.certificates)
    commands = [xi.parse(line.format(*made)) for line in (example.right if right else example.broken)]
    for command in commands:
        server.run(command)
    named = {str(each.identity) for each in commands if isinstance(each, xi.GetCASMailbox | xi.SetCASMailbox)}
    wanted = xi.DesiredState(mailboxes=[xi.SetCASMailbox(identity=name) for name in named])
    return server, everything(server, server.state(wanted))


def everything(server: xi.ImapServer, state: xi.ServerState) -> xi.ServerState:
    """Add to a state all that there is on the server besides."""
    status = server.status()
    return attrs.evolve(
        state,
        certificates=xi.ByName({**{each.thumbprint: each for each in status.certificates or ()}, **state.certificates}),
        connectors=xi.ByName({**{str(each.identity): each for each in status.connectors or ()}, **state.connectors}),
        components=xi.ByName({**(status.components or {}), **state.components}),
    )


def reviewed(rule: Rule, *, right: bool = False) -> list[xi.Finding]:
    """Return what a review finds of a rule in the state that breaks it, or in one that does not."""
    return [found for found in xi.review(state_after(rule, right=right)[1]) if found.rule == rule.id]


CERTIFICATE: Final = xi.SeenCertificate(
    subject="CN=mail.contoso.com",
    issuer="CN=Contoso Issuing CA",
    names=("mail.contoso.com",),
    not_before=datetime(2026, 1, 1, tzinfo=UTC),
    not_after=datetime(2027, 1, 1, tzinfo=UTC),
    is_self_signed=False,
    key="RSA 2048",
    thumbprint="434AC224C8459924B26521298CE8834C514856AB",
    serial="01",
)
_FIRST: Final = (xi.Stage.DNS, xi.Stage.TCP)
_HELLO: Final = (xi.Stage.GREETING, xi.Stage.CAPABILITY)
_SECURED: Final = (xi.Stage.TLS, xi.Stage.CERTIFICATE)
_USED: Final = (xi.Stage.LOGIN, xi.Stage.SELECT, xi.Stage.NOOP, xi.Stage.LOGOUT)
STAGES: Final = {
    xi.Encryption.SSL: (*_FIRST, *_SECURED, *_HELLO, *_USED),
    xi.Encryption.TLS: (*_FIRST, *_HELLO, xi.Stage.STARTTLS, *_SECURED, xi.Stage.CAPABILITY, *_USED),
    None: (*_FIRST, *_HELLO, *_USED),
}


def seen(example: ProbeExample) -> xi.ProbeResult:
    """Return what a probe saw: of a server that works, but for what the example says."""
    setting = xi.ConnectionSetting.parse(example.setting)
    stages = STAGES[setting.encryption]
    last, failure = example.failed or (stages[-1], None)
    reached = stages[: stages.index(last)] if last in stages else stages[:-1]  # all of it before a message
    moment = timedelta(milliseconds=20)
    certificates = (attrs.evolve(CERTIFICATE, **example.certificate),) if xi.Stage.TLS in reached else ()
    result = xi.ProbeResult(
        setting=setting,
        protocol=xi.Protocol.IMAP4,
        began=AT,
        elapsed=moment * (len(reached) + 1),
        addresses=("192.0.2.7",) if xi.Stage.DNS in reached else (),
        address="192.0.2.7" if xi.Stage.TCP in reached else None,
        stages=(
            *(xi.ProbeStage(name=each, elapsed=moment) for each in reached),
            xi.ProbeStage(name=last, elapsed=moment, failure=failure, said=example.said),
        ),
        certificates=certificates,
        trusted=last is not xi.Stage.CERTIFICATE if certificates else None,
    )
    changed = attrs.evolve(result, **example.facts)
    return attrs.evolve(changed, findings=probe_findings(changed))


def found_in(plan: xi.Plan) -> list[xi.Finding]:
    """Return all that is found in a plan."""
    return [*plan.problems, *plan.warnings]


def severity(rule: Rule) -> str:
    """Say how bad it is, and what the Management Shell makes of it."""
    if rule.in_shell is rule.severity:
        return f"{rule.severity.value}."
    return f"{rule.severity.value}; in the Management Shell {rule.in_shell.value if rule.in_shell else 'nothing'}."


def section(rule: Rule) -> str:
    """Write one rule: what it looks for, an example of each kind that it has, and what puts it right."""
    head = f"## {rule.id}\n\n{severity(rule)} {rule.about}"
    in_script = _in_script(rule.example, rule.id) if rule.example else ""
    in_plan = [_in_plan(rule.plan, rule.id)] if rule.plan else []
    in_review = _in_review(rule) if rule.state or rule.settings else ()
    in_probe = _in_probe(rule.seen, rule.id) if rule.seen else ()
    return "\n".join((f"{head}{in_script}", *in_plan, *in_review, *in_probe, f"Source: {rule.source}.\n"))


def _in_review(rule: Rule) -> Iterator[str]:
    found = reviewed(rule)
    if not found:
        yield "A review does not find it: it is about a change.\n"
        return
    if rule.review:
        names = [f"<thumbprint of {' '.join(each['names'])}>" for each in rule.review.certificates]
        lines = [line.format(*names) for line in rule.review.broken]
        after = ", after" if lines else ""
        yield "\n".join((f"Found in a review of a new server{after}:\n\n```text", *lines, f"    {found[0]}", "```\n"))
    elif rule.plan and str(found[0]) in map(str, found_in(planned(rule.plan, rule.plan.desired))):
        yield "A review of the server after it finds the same.\n"
    else:
        yield f"A review of the server after it finds:\n\n```text\n{found[0]}\n```\n"
    if found[0].fix:
        yield "\n".join(("Fix:\n\n```powershell", *map(str, found[0].fix), "```\n"))


def _in_probe(example: ProbeExample, rule: str) -> Iterator[str]:
    result = seen(example)
    found = next(each for each in result.findings if each.rule == rule)
    stage = result.failed
    ended = f", which ends with {stage.name}: {stage.failure}" if stage else ""
    yield f"Found by a probe of {example.setting}{ended}:\n\n```text\n{found}\n```\n"


def _in_script(example: Example, rule: str) -> str:
    known = f" at {example.endpoint.value}" if example.endpoint else " for a new server" if example.new_server else ""
    known = " at an endpoint" if example.target == "endpoint" else known
    return f" Found{known}:\n\n```text\n{finding(example, rule)}\n```\n"


def _in_plan(example: PlanExample, rule: str) -> str:
    found = next(found for found in found_in(planned(example, example.desired)) if found.rule == rule)
    before = [f"{line}  # before" for line in example.before]
    names = [f"<thumbprint of {' '.join(each['names'])}>" for each in example.certificates]
    lines = [line.format(*names) for line in example.desired]
    return "\n".join(("Found in a plan of:\n\n```text", *before, *lines, f"    {found}", "```\n"))


def page() -> str:
    """Write the page."""
    rules = sorted(RULES.values(), key=lambda rule: _ORDER.index(rule.severity))
    return "\n".join((HEAD, *map(section, rules)))


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page())
