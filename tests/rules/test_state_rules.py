"""The rules about the state of a server: what they find in a plan, in a state that was read, and in a script."""

from __future__ import annotations

import runpy
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import attrs
import pytest
from hypothesis import given

import exchange_imap as xi
from exchange_imap._plan.resource import resources
from exchange_imap._rules.every import RULES
from exchange_imap._rules.registry import PlanExample, Rule
from exchange_imap.testing import NewCertificate
from exchange_imap.testing.directory import INSTALLED
from support.commands import Commands
from support.document import connect as on
from support.examined import CLIENTS, COMPONENT, MAIL, NAMED, NOW, OLD, RUNNING, WILD, at, enabling, serve
from support.examples import scaled, share
from support.lines import desire
from support.plans import plans

_PAGE = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "rules.py"))
MODULES: Final = [each.rules for each in resources() if each.rules]


def ids(plan: xi.Plan) -> list[str]:
    """Return the rules of all that is found in a plan."""
    return [found.rule for found in (*plan.problems, *plan.warnings)]


# -- the registry --------------------------------------------------------------------------------------------------

_EXAMPLES = [pytest.param(rule, rule.plan, id=rule.id) for rule in RULES.values() if rule.plan]


@pytest.mark.parametrize(("rule", "example"), _EXAMPLES)
def test_each_rule_finds_its_example_and_nothing_in_the_other(rule: Rule, example: PlanExample) -> None:
    """As bad as the rule says: an error is a problem, which stops the plan, and anything else a warning."""
    plan = _PAGE["planned"](example, example.desired)
    (found,) = [each for each in (*plan.problems, *plan.warnings) if each.rule == rule.id]

    assert found.severity is rule.severity
    assert (found in plan.problems) is (rule.severity is xi.Severity.ERROR)
    assert found.evidence
    assert rule.id not in ids(_PAGE["planned"](example, example.instead))


def test_every_rule_about_a_state_is_applied_to_plans() -> None:
    """The modules that declare them are those that the resources name."""
    of_states = [rule for rule in RULES.values() if (rule.state and not rule.review) or rule.settings]

    assert {rule.module.rpartition(".")[2] for rule in of_states} == set(MODULES)


def test_a_plan_loads_the_rules_about_its_own_parts_only() -> None:
    """And nothing that they are about: enabling IMAP4 has to be quick."""
    program = (
        "import sys, exchange_imap as xi; fake = xi.testing.FakeExchange(servers=['MBX01']);"
        "server = xi.ImapServer('MBX01', exchange=fake.transport(), windows=fake.transport());"
        "server.enable(external=['mail.contoso.com:993:SSL'], certificate='mail.contoso.com');"
        "print(*sorted(name.rpartition('.')[2] for name in sys.modules if name.endswith('_rules')"
        " or name in {f'exchange_imap._plan.resources.{key}' for key in ('certificates', 'connectors', 'mailboxes')}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "_rules settings_rules\n"


# -- any plan and any state ----------------------------------------------------------------------------------------


@share(10)
@given(plans)
def test_law_whatever_a_server_has_is_checked(plan: xi.Plan) -> None:
    """In the same order however the objects came; what is found in a plan is found in the state that it leads to.

    A change of a mailbox's access is none of a state.
    """
    timed = attrs.evolve(plan, before=attrs.evolve(plan.before, read_at=NOW))
    turned = attrs.evolve(timed, before=attrs.evolve(timed.before, **_turned(timed.before)))

    assert ids(timed) == ids(turned)
    assert [found.to_dict() for found in timed.warnings] == [found.to_dict() for found in turned.warnings]
    in_state = [(found.rule, found.evidence) for found in xi.review(timed.after)]
    lost = {(found.rule, found.evidence) for found in (*timed.problems, *timed.warnings)} - set(in_state)
    assert {rule for rule, _ in lost} <= {"mailbox-access", *_OF_WHAT_IS_ENABLED}


# A plan is asked about each certificate that it enables; a state, about those that something uses.
_OF_WHAT_IS_ENABLED: Final = {
    rule.id for rule in RULES.values() if rule.state and rule.module.endswith("certificates_rules")
}


def _turned(state: xi.ServerState) -> dict[str, Any]:  # Any: parts
    parts = {each.key: getattr(state, each.key) for each in resources()}
    return {
        key: xi.ByName(dict(reversed(tuple(part.items()))))
        for key, part in parts.items()
        if isinstance(part, xi.ByName)
    }


# -- the same in a script ------------------------------------------------------------------------------------------

_SHARED = {rule.id for rule in RULES.values() if rule.state and rule.script}


def test_a_plan_and_check_script_agree_about_what_both_are_checked_for() -> None:
    """Over random changes of a mailbox and of connectors, on a server whose services run."""
    source, counted = Commands(41), Counter[str]()
    fake = serve()
    server = at(fake)
    server.apply(server.plan(desire(*RUNNING)))

    for _ in range(scaled(200)):
        lines = [line for line in _LINES if source.chance(40)]
        plan = server.plan(desire(*lines, restart=source.chance(30)))
        of_script = {(found.rule, found.reason) for found in xi.check_script(str(plan)) if found.rule in _SHARED}
        of_plan = {(found.rule, found.reason) for found in plan.warnings if found.rule in _SHARED}
        assert of_script == of_plan, str(plan)
        counted.update(rule for rule, _ in of_plan)
    assert counted.keys() == _SHARED - {"wildcard-certificate"}  # a script shows it by a name, and a plan sends none
    assert min(counted.values()) > 10


_LINES: Final = (
    "Set-CASMailbox kim@contoso.com -ImapEnabled $false",
    "Set-CASMailbox terry@contoso.com -PopEnabled $false -OWAEnabled $false",
    r"Set-ReceiveConnector 'MBX01\Default MBX01' -Fqdn mail.contoso.com",
    r"Set-ReceiveConnector 'Default Frontend MBX01' -Fqdn mail.contoso.com",
)


def test_a_wildcard_certificate_is_refused_by_plans_and_warned_of_in_scripts() -> None:
    """By the same words; a plan that was made by hand is warned of."""
    server = at(serve(WILD))
    plan = server.plan(desire(enabling(WILD, "IIS")))
    command = xi.EnableExchangeCertificate(thumbprint=WILD.make().thumbprint, services=("IMAP",), server="MBX01")
    by_hand = attrs.evolve(plan, steps=(xi.Step(command, "by hand"),))
    (in_script,) = xi.check_script(
        "Get-ExchangeCertificate -DomainName '*.contoso.com' | Enable-ExchangeCertificate -Services IMAP"
    )

    (found,) = by_hand.warnings

    assert (found.rule, found.reason, found.right) == (in_script.rule, in_script.reason, in_script.right)
    with pytest.raises(xi.InvalidValueError, match="services other than IMAP"):
        server.plan(desire(enabling(WILD)))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (r"Set-ReceiveConnector 'Default MBX01' -Fqdn mail.contoso.com -WhatIf", False),
        (r"Set-ReceiveConnector 'Default MBX01' -Fqdn $null", False),
        (r"Set-ReceiveConnector 'Default MBX01' -Fqdn MBX01", False),
        (r"Set-ReceiveConnector 'DEFAULT MBX01' -Fqdn x.contoso.com", True),
    ],
)
def test_a_default_connector_keeps_the_name_of_its_server(line: str, found: bool) -> None:
    """With or without the domain; no name at all is allowed."""
    assert ("default-connector-name" in {each.rule for each in xi.check_script(line)}) is found


# -- certificates --------------------------------------------------------------------------------------------------

SELF: Final = attrs.evolve(MAIL, issuer="")


@pytest.mark.parametrize(
    ("certificates", "lines", "expected"),
    [
        ([MAIL], [enabling(MAIL, "SMTP")], []),
        ([OLD], [enabling(OLD)], ["certificate-expired"]),
        ([OLD], [enabling(OLD), NAMED], ["certificate-expired"]),
        ([attrs.evolve(OLD, services=(xi.CertificateService.IMAP,))], [enabling(OLD), NAMED], ["certificate-expired"]),
        # Enabled before, and nothing new uses it: the plan has nothing to do with it.
        (
            [attrs.evolve(OLD, services=(xi.CertificateService.IMAP,))],
            [enabling(OLD), "Set-ImapSettings -Banner x"],
            [],
        ),
        (
            [OLD],
            [f"{CLIENTS} -TlsCertificateName '<I>CN=Contoso CA<S>CN=mail.contoso.com'", enabling(OLD, "SMTP")],
            None,
        ),
        ([attrs.evolve(MAIL, not_before=NOW + timedelta(1))], None, ["certificate-not-yet-valid"]),
        ([attrs.evolve(MAIL, not_after=NOW)], None, ["certificate-expires-soon"]),
        ([attrs.evolve(MAIL, not_after=NOW + timedelta(30))], None, []),
        ([attrs.evolve(MAIL, key_bits=2048)], None, []),
        ([attrs.evolve(MAIL, key_bits=1024)], None, ["weak-key"]),
        ([SELF], None, ["self-signed-certificate"]),
        ([attrs.evolve(MAIL, has_private_key=False)], None, ["certificate-without-key"]),
        ([MAIL], [NAMED, enabling(MAIL, "SMTP")], ["certificate-not-enabled"]),
        ([MAIL], [enabling(MAIL, "SMTP"), "Set-ImapSettings -X509CertificateName imap.contoso.com"], []),
        ([WILD], [NAMED, enabling(WILD, "SMTP")], []),
    ],
)
def test_what_a_plan_does_with_a_certificate(
    certificates: list[NewCertificate], lines: list[str] | None, expected: list[str] | None
) -> None:
    """Without lines it is enabled for SMTP, where no name of IMAP4 counts."""
    server = at(serve(*certificates))
    plan = server.plan(desire(*(lines or [enabling(certificates[0], "SMTP")])))
    others = {"certificate-names", "certificate-host"}  # of the names that a new server advertises

    found = [rule for rule in ids(plan) if rule not in others]

    assert found == (["certificate-expired"] if expected is None else expected)


def test_a_key_on_an_elliptic_curve_is_short_and_not_weak() -> None:
    """521 bits of one are as good as 15,000 of RSA."""
    state = at(serve(MAIL)).state(desire(enabling(MAIL)))
    plan = at(serve(MAIL)).plan(desire(enabling(MAIL, "SMTP")))
    (name,) = state.certificates
    for bits in (256, 384, 521, None):
        changed = attrs.evolve(state.certificates[name], public_key_size=bits)
        before = attrs.evolve(plan.before, certificates=xi.ByName({name: changed}))
        assert "weak-key" not in ids(attrs.evolve(plan, before=before))


def test_certificates_are_not_judged_by_time_if_nobody_knows_it() -> None:
    """The server's own word counts then."""
    plan = at(serve(OLD)).plan(desire(enabling(OLD, "SMTP")))
    (name,), (certificate,) = plan.before.certificates, plan.before.certificates.values()

    def rules(status: xi.CertificateStatus) -> list[str]:
        changed = xi.ByName({name: attrs.evolve(certificate, status=status)})
        return ids(attrs.evolve(plan, before=attrs.evolve(plan.before, certificates=changed, read_at=None)))

    assert rules(xi.CertificateStatus.Valid) == []
    assert rules(xi.CertificateStatus.DateInvalid) == ["certificate-expired"]


def test_advertised_names_are_compared_with_the_certificate_that_imap4_uses() -> None:
    """Each list by itself; of two certificates it is the one that is valid and of an authority."""
    both = (attrs.evolve(SELF, services=(xi.CertificateService.IMAP,)), MAIL)
    settings = f"{NAMED} -ExternalConnectionSettings imap.contoso.com:993:SSL,pop.contoso.com:993:SSL"
    plan = at(serve(*both)).plan(desire(settings, *map(enabling, both)))

    external, internal = [found for found in plan.warnings if found.rule == "certificate-names"]

    assert external.reason == (
        "ExternalConnectionSettings: imap.contoso.com, pop.contoso.com are no names of the certificate that IMAP4 "
        "uses, CN=mail.contoso.com"
    )
    assert dict(external.evidence)["Thumbprint"] == MAIL.make().thumbprint
    assert internal.reason.startswith("InternalConnectionSettings: mbx01.contoso.com is no name")


def test_a_certificate_without_names_that_connectors_understand_is_checked() -> None:
    """Nothing of what a server says stops the check."""
    plan = at(serve(MAIL)).plan(desire(enabling(MAIL, "SMTP")))
    (name,), (certificate,) = plan.before.certificates, plan.before.certificates.values()
    odd = attrs.evolve(certificate, subject="", services=(xi.CertificateService.POP,))

    found = attrs.evolve(plan, before=attrs.evolve(plan.before, certificates=xi.ByName({name: odd}))).warnings

    assert [each.rule for each in found] == ["wildcard-certificate"]


# -- components ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "lines", "expected"),
    [
        ([f"{COMPONENT} ImapProxy -State Inactive -Requester HealthAPI"], [], ["component-inactive"]),
        ([f"{COMPONENT} ImapProxy -State Draining -Requester HealthAPI"], [], ["component-inactive"]),
        # On purpose, and in the requester's own name.
        ([], [f"{COMPONENT} ImapProxy -State Inactive -Requester Functional"], []),
        # Another component, of other services.
        (
            [f"{COMPONENT} PopProxy -State Inactive -Requester HealthAPI"],
            [f"{COMPONENT} PopProxy -State Active -Requester Functional"],
            [],
        ),
        ([f"{COMPONENT} ServerWideOffline -State Inactive -Requester HealthAPI"], [], ["server-wide-offline"]),
        (
            [f"{COMPONENT} ServerWideOffline -State Inactive -Requester HealthAPI"],
            [f"{COMPONENT} ServerWideOffline -State Active -Requester Functional"],
            ["server-wide-offline"],
        ),
        (
            [f"{COMPONENT} ServerWideOffline -State Inactive -Requester HealthAPI"],
            [f"{COMPONENT} ServerWideOffline -State Active -Requester HealthAPI"],
            [],
        ),
    ],
)
def test_services_that_shall_run_need_their_component(before: list[str], lines: list[str], expected: list[str]) -> None:
    """Whoever keeps it inactive is named."""
    server = at(serve())
    for line in before:
        server.run(xi.parse(line))
    asked = lines or [f"{COMPONENT} ImapProxy -State Active -Requester Functional"]

    plan = server.plan(desire(*RUNNING, *asked))

    assert ids(plan) == expected
    for found in plan.problems:
        keepers = "" if found.rule == "server-wide-offline" and not lines else "HealthAPI"
        assert dict(found.evidence)["Requester"] == (keepers or "@()")
    assert ids(server.plan(desire(*asked))) == []  # the services stand still


def test_a_component_that_nobody_is_known_to_keep_inactive_is_found() -> None:
    """Some are inactive from the beginning."""
    plan = at(serve()).plan(desire(*RUNNING, f"{COMPONENT} ImapProxy -State Active -Requester Functional"))
    inactive = attrs.evolve(
        plan.before.components["ImapProxy"],
        state=xi.ComponentStatus.Inactive,
        local_states=None,
        remote_states=None,
    )

    (found,) = attrs.evolve(
        plan, before=attrs.evolve(plan.before, components=xi.ByName({"ImapProxy": inactive}))
    ).problems

    assert found.rule == "component-inactive"
    assert "in the name of who made it inactive" in found.right


# -- connectors ----------------------------------------------------------------------------------------------------


def test_the_name_for_the_certificate_of_a_connector_is_told_if_it_is_known() -> None:
    """Ready to be written."""
    lines = [f"{CLIENTS} -Fqdn mail.contoso.com -AdvertiseClientSettings $true", enabling(MAIL)]
    (found,) = [each for each in at(serve(MAIL)).plan(desire(*lines)).warnings if each.rule == "connector-certificate"]

    assert found.right == 'Write -TlsCertificateName "<I>CN=Contoso CA<S>CN=mail.contoso.com"'
    assert found.evidence[0] == ("TlsCertificateName", "$null")


# -- a plan and its script -------------------------------------------------------------------------------------------


def test_the_script_has_problems_and_warnings_as_comments() -> None:
    """Problems first."""
    plan = at(serve(OLD)).plan(desire(enabling(OLD, "SMTP"), "Set-ImapSettings -LoginType PlainTextLogin"))
    lines = str(plan).splitlines()

    assert [line.partition(":")[0] for line in lines if " [" in line] == ["# Problem", "# Warning"]
    assert xi.parse_script(str(plan)) == tuple(step.command for step in plan.steps)


def test_a_plan_without_steps_has_no_findings() -> None:
    """It changes nothing."""
    fake = serve(attrs.evolve(OLD, services=(xi.CertificateService.SMTP,)))
    plan = at(fake).plan(desire(enabling(OLD, "SMTP")))

    assert (plan.steps, ids(plan)) == ((), [])
    assert on(fake).apply(plan).applied == ()
    assert INSTALLED < NOW
