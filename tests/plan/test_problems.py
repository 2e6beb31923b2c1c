"""Plans with problems are not applied, unless these are accepted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

import exchange_imap as xi
from exchange_imap.testing import Fault
from support.examined import CLIENTS, COMPONENT, MAIL, NAMED, OLD, RUNNING, at, enabling, serve
from support.lines import desire


def test_a_plan_with_problems_is_not_applied() -> None:
    """Nothing is sent; the error says what they are and how to go on."""
    fake = serve(OLD)
    plan = at(fake).plan(desire(enabling(OLD, "SMTP"), "Set-ImapSettings -Banner x"))
    seen = len(fake.log)

    with pytest.raises(xi.PlanProblemsError, match=r"apply\(plan, despite=\('certificate-expired',\)\)") as caught:
        at(fake).apply(plan)

    assert len(fake.log) == seen
    assert caught.value.problems == plan.problems
    assert caught.value.outcome.not_tried == plan.steps
    assert str(plan.problems[0]) in str(caught.value)


def test_problems_that_are_accepted_do_not_stop_it() -> None:
    """The other ones do."""
    fake = serve()
    server = at(fake)
    server.run(xi.parse(f"{COMPONENT} ImapProxy -State Inactive -Requester HealthAPI"))
    plan = server.plan(desire(*RUNNING, f"{COMPONENT} ImapProxy -State Active -Requester Functional"))

    with pytest.raises(xi.PlanProblemsError, match="component-inactive"):
        server.apply(plan, despite=["certificate-expired"])
    outcome = server.apply(plan, despite=("component-inactive", "certificate-expired"))

    assert outcome.applied == plan.steps


def test_a_certificate_that_expires_after_planning_stops_the_plan() -> None:
    """The time at which the server is read again counts."""
    fake = serve(MAIL)
    plan = at(fake).plan(desire(enabling(MAIL, "SMTP")))
    assert plan.problems == ()

    with pytest.raises(xi.PlanProblemsError, match="is not valid after"):
        at(fake, MAIL.not_after + timedelta(1)).apply(plan)

    assert not fake.writes


@pytest.mark.parametrize(
    ("despite", "message"),
    [
        (["certificate-expird"], r"Did you mean certificate-expired\?"),
        (["weak-key"], "rules whose problems stop a plan: component-inactive, "),  # a warning, which stops none
        ("certificate-expired", r"Write despite=\(problem\.rule,\)"),
    ],
)
def test_what_is_accepted_is_a_rule_that_stops_plans(despite: Any, message: str) -> None:  # Any: the mistake itself
    """A slip would accept nothing, and nobody would notice."""
    server = at(serve())

    with pytest.raises(xi.InvalidValueError, match=message):
        server.apply(server.plan(xi.DesiredState()), despite=despite)


def test_the_way_back_is_taken_whatever_it_leads_to() -> None:
    """What was so before may be a problem; leaving the plan half done would be another one."""
    fake = serve(attrs.evolve(OLD, services=(xi.CertificateService.IMAP,)))
    server = at(fake)
    server.run(xi.parse(NAMED))
    plan = server.plan(
        desire("Set-ImapSettings -X509CertificateName mbx01.contoso.com", enabling(OLD), f"{CLIENTS} -Comment x")
    )
    error = xi.ErrorRecord(message="Denied.", category="PermissionDenied", fully_qualified_error_id="Denied")
    fake.fail(Fault(of="Set-ReceiveConnector", error=error))

    with pytest.raises(xi.ApplyError) as caught:
        server.apply(plan, on_failure="roll back")

    assert caught.value.rolled_back is not None
    assert server.settings().x509_certificate_name == "mail.contoso.com"
    assert [problem.rule for problem in plan.reverse().problems] == ["certificate-expired"]
