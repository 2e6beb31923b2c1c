"""The rules about settings: the same over a script and over a plan."""

from __future__ import annotations

from collections import Counter

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._plan.plan import make_plan
from exchange_imap._rules.every import RULES
from exchange_imap._rules.registry import Rule
from exchange_imap._rules.situation import Situation
from exchange_imap._rules.state_findings import state_findings
from exchange_imap.testing import FakeExchange, NewServer
from support.commands import Commands
from support.examples import scaled

SETTINGS = NewServer("MBX01").settings
_SETTINGS_RULES = {rule.id for rule in RULES.values() if rule.settings}
_PLAIN = xi.LoginType.PlainTextLogin


def connect() -> xi.ImapServer:
    """Connect to a new server."""
    transport = FakeExchange(servers=["MBX01"]).transport()
    return xi.ImapServer("MBX01", exchange=transport, windows=transport)


def make(settings: xi.ImapSettings, command: xi.SetImapSettings) -> xi.Plan:
    """Plan the command on a server with those settings."""
    server = connect()
    server.run(attrs.evolve(settings.to_cmdlet(), domain_controller=xi.UNSET))
    return server.plan(xi.DesiredState(settings=command))


def rules(plan: xi.Plan) -> list[str]:
    """Return the rules of its warnings."""
    return [warning.rule for warning in plan.warnings]


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_each_rule_says_where_it_comes_from(rule: Rule) -> None:
    """As part of a sentence, with what there is to look up."""
    assert rule.source == rule.source.strip(" .")
    assert len(rule.source) > len("RFC 1")


@pytest.mark.law
def test_a_plan_and_check_script_agree_about_settings() -> None:
    """Over random settings and random changes of them, rule by rule, reason by reason."""
    source, state = Commands(31), connect().state()
    counted: Counter[str] = Counter()

    for _ in range(scaled(400)):
        changed = make_plan("MBX01", state, xi.DesiredState(settings=interesting(source))).after
        command = interesting(source)
        plan = make_plan("MBX01", changed, xi.DesiredState(settings=command))
        findings = xi.check_script(str(command), settings=plan.before.settings)
        of_script = {(f.rule, f.reason, f.right, f.evidence) for f in findings if f.rule in _SETTINGS_RULES}
        of_plan = {(w.rule, w.reason, w.right, w.evidence) for w in plan.warnings}
        assert of_script == of_plan, (str(command), str(changed.settings.to_cmdlet()))
        counted.update(rule for rule, *_ in of_plan)
    assert counted.keys() == _SETTINGS_RULES
    assert min(counted.values()) > 20


def interesting(source: Commands) -> xi.SetImapSettings:
    """Make a command of the settings that rules look at, some of them alone."""
    return xi.SetImapSettings(
        **{
            field: source.field(xi.SetImapSettings, field)
            for field in (
                "login_type",
                "ssl_bindings",
                "unencrypted_or_tls_bindings",
                "external_connection_settings",
                "internal_connection_settings",
                "x509_certificate_name",
                "max_connections",
            )
            if source.chance(40)
        }  # type: ignore[arg-type]  # each value is of the field of its name
    )


@pytest.mark.parametrize(
    ("before", "command", "expected"),
    [
        ({}, {"login_type": _PLAIN}, ["clear-text-login"]),
        ({}, {"login_type": xi.LoginType.PlainTextAuthentication}, []),
        ({"unencrypted_or_tls_bindings": ()}, {"login_type": _PLAIN}, []),
        ({"login_type": _PLAIN, "unencrypted_or_tls_bindings": ()}, {"max_connections": 3}, []),
        (
            {"login_type": _PLAIN, "unencrypted_or_tls_bindings": (), "internal_connection_settings": ()},
            {"unencrypted_or_tls_bindings": ("0.0.0.0:143",)},
            ["clear-text-login"],
        ),
        ({"login_type": _PLAIN}, {"max_connections": 3}, []),
        ({"login_type": _PLAIN}, {"login_type": _PLAIN, "max_connections": 3}, []),
        ({"ssl_bindings": ("10.0.0.1:993",)}, {"banner": "x"}, []),
        ({"ssl_bindings": ("10.0.0.1:993",)}, {"ssl_bindings": ("10.0.0.1:993", "10.0.0.2:993")}, ["no-loopback"]),
        ({"ssl_bindings": ()}, {"external_connection_settings": ("mail.contoso.com:993:SSL",)}, ["port-and-method"]),
    ],
)
def test_a_plan_tells_what_its_changes_bring_about(
    before: dict[str, object], command: dict[str, object], expected: list[str]
) -> None:
    """Held against all the settings as they will be; what is there already is not its doing."""
    wanted = xi.SetImapSettings(**command)  # type: ignore[arg-type]  # as above
    settings = attrs.evolve(SETTINGS, **before)  # type: ignore[arg-type]  # as above

    assert rules(make(settings, wanted)) == expected
    findings = xi.check_script(str(wanted), settings=settings)
    assert [finding.rule for finding in findings] == expected


def test_all_settings_of_a_server_can_be_in_question() -> None:
    """The state of a server is looked at by the same rules, whatever has changed."""
    settings = attrs.evolve(SETTINGS, login_type=_PLAIN, ssl_bindings=(xi.Binding.parse("10.0.0.1:993"),))
    (login, loopback) = state_findings(Situation(parts={"settings": settings}), ["settings_rules"])

    assert (login.rule, loopback.rule) == ("clear-text-login", "no-loopback")
    assert loopback.to_dict() == {
        "rule": "no-loopback",
        "severity": "warning",
        "reason": "SSLBindings: no binding covers 127.0.0.1, so Managed Availability can take IMAP4 out of service",
        "right": "Add 127.0.0.1:993, or use 0.0.0.0:993",
        "evidence": {"SSLBindings": '"10.0.0.1:993"'},
        "fix": ['Set-ImapSettings -Server MBX01 -SSLBindings "10.0.0.1:993","127.0.0.1:993"'],
        "source": "CSS-Exchange, ManagedAvailabilityTroubleshooter; OfficeDocs-Support 1654",
    }


def test_a_plan_is_a_script_for_the_shell() -> None:
    """As it is printed: nothing of it is an error there, whatever it changes."""
    source, state = Commands(32), connect().state()

    for _ in range(100):
        plan = make_plan("MBX01", state, xi.DesiredState(settings=interesting(source)))
        assert xi.Severity.ERROR not in {found.severity for found in xi.check_script(str(plan), target="shell")}


def test_the_plan_prints_its_warnings() -> None:
    """Each with its rule, as a comment before the steps."""
    setting = (xi.ConnectionSetting.parse("mail.contoso.com:143"),)
    plan = make(SETTINGS, xi.SetImapSettings(external_connection_settings=setting, login_type=_PLAIN))

    assert rules(plan) == ["unencrypted-connection", "clear-text-login"]
    assert [line for line in str(plan).splitlines() if line.startswith("# Warning")] == [
        f"# Warning: {warning}" for warning in plan.warnings
    ]
