"""What a review finds: every rule about a state, the likely cause first, and commands that put it right."""

from __future__ import annotations

import runpy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._rules.every import BY_CAUSE
from exchange_imap._rules.registry import Rule
from exchange_imap.testing import FakeExchange, NewCertificate
from support.examined import CLIENTS, COMPONENT, MAIL, NAMED, NOW, OLD, at, serve
from support.examples import share
from support.lines import desire
from support.plans import plans
from support.strategies import snapshots

_PAGE: Final = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "rules.py"))
_OF_A_CHANGE: Final = {"mailbox-access"}
"""What is wrong only while it changes, so that no state shows it."""
_RULES: Final = [pytest.param(rule, id=rule.id) for rule in BY_CAUSE if rule.id not in _OF_A_CHANGE]
_BOTH: Final = (xi.CertificateService.IMAP, xi.CertificateService.SMTP)
GOOD: Final = NewCertificate(("mail.contoso.com", "mbx01.contoso.com"), services=_BOTH)


def ids(state: xi.ServerState | xi.ServerStatus) -> list[str]:
    """Return the rules of what a review finds."""
    return [found.rule for found in xi.review(state)]


def enabled(fake: FakeExchange) -> xi.ImapServer:
    """Enable IMAP4 as the documentation says, and advertise the connector for clients."""
    server = at(fake)
    server.enable(external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com", smtp="mail.contoso.com")
    return server


# -- every rule ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", _RULES)
def test_each_rule_finds_the_state_that_breaks_it_and_not_the_other(rule: Rule) -> None:
    """By its id, with severity, source and evidence."""
    found = _PAGE["reviewed"](rule)

    assert {(each.rule, each.severity, each.source) for each in found} == {(rule.id, rule.severity, rule.source)}
    assert all(each.evidence for each in found)
    assert _PAGE["reviewed"](rule, right=True) == []


@pytest.mark.parametrize("rule", _RULES)
def test_a_fix_makes_the_finding_go_away(rule: Rule) -> None:
    """Run as it stands on a server in that state; without one the finding stays."""
    server, state = _broken(rule)
    found = [each for each in xi.review(state) if each.rule == rule.id]

    for command in (command for each in found for command in each.fix):
        assert xi.parse(str(command)) == command
        server.run(command)

    mailboxes = desire(*(f"Set-CASMailbox {name}" for name in state.mailboxes))
    left = xi.review(_PAGE["everything"](server, server.state(mailboxes)))
    assert [each.rule for each in left if each.rule == rule.id] == [rule.id for each in found if not each.fix]


def _broken(rule: Rule) -> tuple[xi.ImapServer, xi.ServerState]:
    """Return a server that breaks a rule, with all that there is to read of it."""
    if not rule.plan:
        server, state = _PAGE["state_after"](rule)
        return server, state
    if rule.id in _REFUSED:
        server = at(serve(_REFUSED[rule.id], attrs.evolve(MAIL, key_bits=4096)))
        server.run(xi.parse(NAMED))
        return server, _PAGE["everything"](server, server.state())
    server, plan = _PAGE["planned_on"](rule.plan, rule.plan.desired)
    server.apply(plan, despite=[each.rule for each in plan.problems])
    return server, _PAGE["everything"](server, server.state())


_REFUSED: Final = {
    "certificate-not-yet-valid": attrs.evolve(MAIL, not_before=NOW + timedelta(days=1), services=_BOTH),
    "certificate-without-key": attrs.evolve(MAIL, has_private_key=False, services=_BOTH),
    "wildcard-certificate": NewCertificate(("*.contoso.com",), services=_BOTH),
}
"""Certificates of servers that no plan leads to, because the server refuses the step."""


def test_what_can_be_put_right_by_enabling_a_certificate_is_the_one_that_was_renewed() -> None:
    """The best of those that are left, and none that is no better."""
    old = attrs.evolve(OLD, services=_BOTH)
    renewed = [
        attrs.evolve(MAIL, not_before=NOW - timedelta(days), not_after=NOW + timedelta(30), key_bits=bits)
        for days, bits in ((9, 4096), (2, 3072))
    ]
    worse = [
        attrs.evolve(MAIL, issuer=""),
        attrs.evolve(MAIL, key_bits=1024),
        attrs.evolve(MAIL, has_private_key=False),
        attrs.evolve(MAIL, not_after=NOW + timedelta(30) - timedelta(seconds=1)),
        attrs.evolve(MAIL, not_before=NOW + timedelta(1)),
        NewCertificate(("imap.contoso.com",)),
    ]

    def fixes(*others: NewCertificate) -> list[str]:
        server = at(serve(old, *others))
        server.run(xi.parse(NAMED))
        (found,) = [each for each in xi.review(server.status()) if each.rule == "certificate-expired"]
        return [str(command) for command in found.fix]

    newest = renewed[1].make().thumbprint
    assert fixes(*renewed, *worse) == [f"Enable-ExchangeCertificate -Thumbprint {newest} -Services IMAP -Server MBX01"]
    assert fixes(*worse) == []


# -- order and severity --------------------------------------------------------------------------------------------


@share(10)
@given(plans)
def test_law_the_likely_cause_comes_first_whatever_a_server_has(plan: xi.Plan) -> None:
    """Errors before warnings and notes, each in the order of the rules; commands that put it right can be read back."""
    state = attrs.evolve(plan.after, read_at=NOW)
    order = {rule.id: number for number, rule in enumerate(BY_CAUSE)}
    found = xi.review(state)

    places = [(list(xi.Severity).index(each.severity), order[each.rule]) for each in found]
    assert places == sorted(places)
    assert found == xi.review(state, now=NOW)
    for each in found:
        assert all(xi.parse(str(command)) == command for command in each.fix)


@st.composite
def _statuses(draw: st.DrawFn) -> xi.ServerStatus:
    """Make a status of objects that rules are about, with any properties."""
    services = [attrs.evolve(draw(snapshots(xi.ServiceState)), name=name) for name in xi.IMAP4_SERVICES]
    certificates = draw(st.lists(snapshots(xi.ExchangeCertificate), max_size=2))
    settings = draw(snapshots(xi.ImapSettings))
    domains = [domain for each in certificates for domain in each.certificate_domains]
    if domains:
        settings = attrs.evolve(settings, x509_certificate_name=draw(st.sampled_from(domains)))
    connector = draw(snapshots(xi.ReceiveConnector))
    name = draw(st.sampled_from(("Default {}", "Client Frontend {}"))).format(connector.name)
    components = ("ImapProxy", "ServerWideOffline", "PopProxy")
    return xi.ServerStatus(
        server="MBX01",
        settings=settings,
        services=tuple(services),
        components=xi.ByName({each: draw(snapshots(xi.ComponentState)) for each in components}),
        connectors=(attrs.evolve(connector, name=name, advertise_client_settings=draw(st.booleans())),),
        certificates=tuple(certificates),
    )


@share(10)
@given(_statuses(), st.none() | st.datetimes(timezones=st.just(UTC)))
def test_law_whatever_texts_a_server_has_can_be_reviewed(status: xi.ServerStatus, now: datetime | None) -> None:
    """What no cmdlet takes is in no fix."""
    for found in xi.review(status, now=now):
        assert all(xi.parse(str(command)) == command for command in found.fix)
        assert found.rule in str(found)


@pytest.mark.parametrize(
    ("lines", "cause"),
    [
        ([f"{COMPONENT} ImapProxy -State Inactive -Requester HealthAPI"], "component-inactive"),
        ([f"{COMPONENT} ServerWideOffline -State Inactive -Requester Maintenance"], "server-wide-offline"),
        (["Stop-Service MSExchangeIMAP4BE"], "service-not-running"),
        (["Set-Service MSExchangeIMAP4BE -StartupType Manual"], "service-not-automatic"),
        (["Set-ImapSettings -MaxConnections 500"], "restart-pending"),
        (["Set-ImapSettings -LoginType PlainTextLogin"], "clear-text-login"),
        (["Set-ImapSettings -SSLBindings 10.0.0.12:993"], "no-loopback"),
        (["Set-ImapSettings -SSLBindings 0.0.0.0:1993"], "port-and-method"),
        (["Set-ImapSettings -ExternalConnectionSettings $null"], "nothing-advertised"),
        (["Set-ImapSettings -InternalConnectionSettings mail.contoso.com:993:SSL"], "internal-names"),
        (["Set-ImapSettings -X509CertificateName imap.contoso.com"], "certificate-host"),
        (["Set-ImapSettings -ExternalConnectionSettings imap.contoso.com:993:SSL"], "certificate-host"),
        (
            [f"{CLIENTS} -TlsCertificateName '<I>CN=Contoso CA<S>CN=mail.contoso.com' -Fqdn a.contoso.com"],
            "connector-name",
        ),
        ([r"Set-ReceiveConnector 'MBX01\Default MBX01' -Fqdn mail.contoso.com"], "default-connector-name"),
    ],
)
def test_each_known_misconfiguration_of_a_working_server_is_what_comes_first(lines: list[str], cause: str) -> None:
    """Of those that Microsoft's pages, forums and other tools report; notes about what is as intended do not count."""
    server = enabled(serve(GOOD))
    for line in lines:
        server.run(xi.parse(line))
    if cause != "restart-pending" and "Stop-Service" not in lines[0]:
        server.run(xi.parse("Restart-Service MSExchangeIMAP4,MSExchangeIMAP4BE"))

    assert ids(server.status())[0] == cause


@pytest.mark.parametrize(
    ("certificate", "cause"),
    [
        (attrs.evolve(GOOD, not_after=NOW - timedelta(days=1)), "certificate-expired"),
        (attrs.evolve(GOOD, not_before=NOW + timedelta(days=1)), "certificate-not-yet-valid"),
        (attrs.evolve(GOOD, not_after=NOW + timedelta(days=1)), "certificate-expires-soon"),
        (attrs.evolve(GOOD, has_private_key=False), "certificate-without-key"),
        (attrs.evolve(GOOD, issuer=""), "self-signed-certificate"),
        (attrs.evolve(GOOD, key_bits=1024), "weak-key"),
        (attrs.evolve(GOOD, services=()), "certificate-not-enabled"),
        (attrs.evolve(GOOD, names=("mail.contoso.com",)), "certificate-names"),
        (attrs.evolve(GOOD, names=("*.contoso.com",)), "wildcard-certificate"),
        (attrs.evolve(GOOD, names=("imap.contoso.com",)), "certificate-missing"),
    ],
)
def test_a_certificate_that_clients_refuse_comes_first(certificate: NewCertificate, cause: str) -> None:
    """Nothing else is wrong with the server."""
    assert ids(enabled(serve(certificate)).status())[0] == cause


def test_an_old_certificate_beside_the_renewed_one_is_no_concern() -> None:
    """A connector names both, because issuer and subject are the same; nor is one that only servers are shown."""
    server = enabled(serve(attrs.evolve(GOOD, not_after=NOW - timedelta(days=1)), GOOD))
    server.run(xi.parse(f"{CLIENTS} -TlsCertificateName '<I>CN=Contoso CA<S>CN=mail.contoso.com'"))
    assert ids(server.status()) == ["integrated-authentication"]

    server = enabled(serve(GOOD, attrs.evolve(OLD, names=("smtp.contoso.com",))))
    name = "<I>CN=Contoso CA<S>CN=smtp.contoso.com"
    server.run(xi.parse(rf"Set-ReceiveConnector 'MBX01\Default Frontend MBX01' -TlsCertificateName '{name}'"))
    assert ids(server.status()) == ["integrated-authentication"]

    server.run(xi.parse(f"{CLIENTS} -Fqdn smtp.contoso.com -TlsCertificateName '{name}'"))
    assert ids(server.status())[0] == "certificate-expired"


def test_the_best_certificate_is_proposed_for_a_connector() -> None:
    """Not the first that has its name."""
    others = [attrs.evolve(OLD, issuer="Old CA"), attrs.evolve(MAIL, issuer="")]
    server = at(serve(*others, attrs.evolve(MAIL, issuer="New CA")))
    server.run(xi.parse(f"{CLIENTS} -Fqdn mail.contoso.com -AdvertiseClientSettings $true"))

    (found,) = [each for each in xi.review(server.status()) if each.rule == "connector-certificate"]

    assert str(*found.fix).endswith('-TlsCertificateName "<I>CN=New CA<S>CN=mail.contoso.com"')


def test_a_server_that_was_enabled_with_a_good_certificate_has_only_notes() -> None:
    """Each about what is as intended, or what nobody has asked for."""
    fake = serve(GOOD)
    one = ["mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS"]
    server = enabled(fake)
    assert [(each.rule, each.severity) for each in xi.review(server.status())] == [
        ("integrated-authentication", xi.Severity.NOTE)
    ]

    server.enable(external=one, certificate="mail.contoso.com")
    server.run(xi.parse(f"{CLIENTS} -AdvertiseClientSettings $false"))

    notes = xi.review(server.status())
    assert {each.severity for each in notes} == {xi.Severity.NOTE}
    assert [each.rule for each in notes] == ["integrated-authentication", "outlook-web", "connector-not-advertised"]
    assert [str(command) for command in notes[2].fix] == [
        r'Set-ReceiveConnector -Identity "MBX01\Client Frontend MBX01" -AdvertiseClientSettings $true'
    ]


def test_a_freshly_installed_server_serves_nobody() -> None:
    """As the documentation of Exchange says, and in the order in which one would put it right."""
    assert ids(at(serve()).status()) == [
        "service-not-running",
        "service-not-running",
        "service-not-automatic",
        "service-not-automatic",
        "nothing-advertised",
        "self-signed-certificate",
        "connector-not-advertised",
    ]


@pytest.mark.parametrize(
    ("login", "refuses"),
    [("PlainTextLogin", False), ("PlainTextAuthentication", True), ("SecureLogin", True)],
)
def test_what_clients_are_told_is_held_against_how_they_may_log_in(login: str, refuses: bool) -> None:
    """Of the three login types one alone takes a password without TLS."""
    server = enabled(serve(GOOD))
    server.run(xi.parse(f"Set-ImapSettings -LoginType {login} -ExternalConnectionSettings mail.contoso.com:143"))

    (found,) = [each for each in xi.review(server.state()) if each.rule == "unencrypted-connection"]

    assert found.reason.endswith(f", where LoginType {login} takes no password") is refuses
    assert dict(found.evidence)["LoginType"] == login


def test_a_fix_of_one_finding_takes_back_none_of_another() -> None:
    """Each states the whole list as it should be."""
    server = enabled(serve(GOOD))
    server.run(
        xi.parse("Set-ImapSettings -ExternalConnectionSettings a.contoso.com:993,b.contoso.com:143:SSL,c:143,d:99")
    )

    found = [each for each in xi.review(server.state()) if each.rule in {"port-and-method", "unencrypted-connection"}]

    assert [bool(each.fix) for each in found] == [True, True, False, True]
    assert found[0].evidence == (
        ("ExternalConnectionSettings", "a.contoso.com:993"),
        ("UnencryptedOrTLSBindings", '"[::]:143","0.0.0.0:143"'),
    )
    (fix,) = {str(command) for each in found for command in each.fix}
    assert fix.partition("-External")[2] == (
        'ConnectionSettings "a.contoso.com:993:SSL","b.contoso.com:143:TLS","c:143:TLS","d:99"'
    )


# -- what is not known ---------------------------------------------------------------------------------------------


def test_nothing_is_said_of_parts_that_could_not_be_read() -> None:
    """Neither that they are right, nor that they are wrong."""
    status = at(serve(OLD)).status()
    keys = ("settings", "services", "components", "connectors", "certificates")
    all_of_it: dict[str, Any] = dict.fromkeys(keys)  # Any: of several types
    alone = {key: attrs.evolve(status, **{**all_of_it, key: getattr(status, key)}) for key in all_of_it}

    assert xi.review(attrs.evolve(status, **all_of_it)) == ()
    assert {key: set(ids(each)) for key, each in alone.items()} == {
        "settings": {"nothing-advertised"},
        "services": {"service-not-running", "service-not-automatic"},
        "components": set(),
        "connectors": {"connector-not-advertised"},
        "certificates": set(),
    }


def test_a_component_counts_also_where_the_services_could_not_be_read() -> None:
    """It is inactive whatever they are doing."""
    server = at(serve())
    server.run(xi.parse(f"{COMPONENT} ImapProxy -State Inactive -Requester HealthAPI"))

    assert ids(attrs.evolve(server.status(), services=None))[0] == "component-inactive"


def test_a_name_without_a_certificate_is_found_where_certificates_were_read() -> None:
    """Also where none is there; of a state without certificates nothing is known."""
    server = at(serve(NewCertificate(("imap.contoso.com",))))
    server.run(xi.parse(NAMED))
    status = server.status()
    bare = attrs.evolve(status, certificates=())

    (found,) = [each for each in xi.review(bare) if each.rule == "certificate-missing"]

    assert found.evidence == (("X509CertificateName", "mail.contoso.com"), ("CertificateDomains", "@()"))
    assert "certificate-missing" in ids(status)
    assert "certificate-missing" not in ids(server.state())


def test_certificates_are_judged_by_the_time_that_is_given_or_else_by_that_of_reading() -> None:
    """Without either, nobody knows the time."""
    server = enabled(serve(GOOD))
    status = server.status()
    later = NOW + timedelta(days=10_000)
    timeless = attrs.evolve(status, read_at=None)

    assert "certificate-expired" not in ids(status)
    assert xi.review(status, now=later)[0].rule == "certificate-expired"
    assert xi.review(timeless, now=later)[0].rule == "certificate-expired"
    assert ids(timeless) == ids(status)
    with pytest.raises(xi.InvalidValueError, match="with its time zone"):
        xi.review(status, now=later.replace(tzinfo=None))


def test_what_is_not_state_is_refused() -> None:
    """With what to give instead."""
    server: Any = at(serve())  # Any: the mistake itself

    with pytest.raises(xi.InvalidValueError, match=r"Give server\.state\(\), server\.status\(\), or ServerState"):
        xi.review(server)


# -- components and services ---------------------------------------------------------------------------------------


def test_an_inactive_component_comes_before_the_services_that_it_stops() -> None:
    """By each requester that keeps it so; with the server as a whole before the component."""
    server = at(serve())
    for component, requester in (
        ("ImapProxy", "HealthAPI"),
        ("ImapProxy", "Functional"),
        ("ServerWideOffline", "Maintenance"),
    ):
        server.run(xi.parse(f"{COMPONENT} {component} -State Inactive -Requester {requester}"))

    proxy, offline, *others = xi.review(server.status())

    assert (proxy.rule, offline.rule, others[0].rule) == (
        "component-inactive",
        "server-wide-offline",
        "service-not-running",
    )
    consequence = "MSExchangeIMAP4 stops as soon as a client connects"
    assert proxy.reason == f"ImapProxy is not active because of Functional and HealthAPI: {consequence}"
    ask = "Set-ServerComponentState -Identity mbx01.contoso.com -Component"
    assert [str(command) for command in (*proxy.fix, *offline.fix)] == [
        f"{ask} ImapProxy -State Active -Requester Functional",
        f"{ask} ImapProxy -State Active -Requester HealthAPI",
        f"{ask} ServerWideOffline -State Active -Requester Maintenance",
    ]


def test_only_components_that_imap4_needs_are_its_concern() -> None:
    """Another protocol's counts where its services are known to run."""
    server = at(serve())
    asked = [f"{COMPONENT} {name} -State Active -Requester Functional" for name in ("PopProxy", "HubTransport")]
    for name in ("PopProxy", "HubTransport"):
        server.run(xi.parse(f"{COMPONENT} {name} -State Inactive -Requester HealthAPI"))
    server.run(xi.parse("Start-Service MSExchangeIMAP4,MSExchangePOP3"))
    state = server.state(desire(*asked))
    with_pop = server.state(desire(*asked, "Set-Service MSExchangePOP3 -Status Running"))

    assert "component-inactive" not in ids(state)
    (found,) = [each for each in xi.review(with_pop) if each.rule == "component-inactive"]
    assert found.reason == "PopProxy is not active because of HealthAPI: MSExchangePop3 turns clients away"


def test_a_requester_that_no_command_names_leaves_it_to_a_person() -> None:
    """Later versions may have others."""
    state = at(serve()).state(desire(f"{COMPONENT} ImapProxy -State Active -Requester Functional"))
    request = xi.ComponentRequest("Robot", xi.ComponentStatus.Inactive, "2026-07-01")
    inactive = attrs.evolve(state.components["ImapProxy"], remote_states=(request,))

    found = xi.review(attrs.evolve(state, components=xi.ByName({"ImapProxy": inactive})))[0]

    assert (found.rule, found.fix) == ("component-inactive", ())
    assert "because of Robot" in found.reason


@pytest.mark.parametrize(
    ("status", "fix"),
    [
        ("StartPending", []),
        ("StopPending", []),
        ("Paused", ["Restart-Service MSExchangeImap4"]),
        ("Stopped", ["Start-Service MSExchangeImap4"]),
    ],
)
def test_a_service_that_does_not_run_is_started_unless_it_is_on_its_way(status: str, fix: list[str]) -> None:
    """What ends by itself is waited for."""
    server = enabled(serve(GOOD))
    state = server.state().with_service("MSExchangeIMAP4", status=xi.ServiceStatus.parse(status))

    found = xi.review(state)[0]

    assert (found.rule, [str(command) for command in found.fix]) == ("service-not-running", fix)


def test_services_are_restarted_together_if_both_have_older_settings() -> None:
    """And one alone if only that is known."""
    server = enabled(serve(GOOD))
    server.run(xi.parse("Set-ImapSettings -MaxConnections 500"))
    state = server.state()
    one = attrs.evolve(state, pending=frozenset({"msexchangeimap4be"}))

    both, alone, unknown = (
        xi.review(state)[0],
        xi.review(one)[0],
        next(each for each in xi.review(one) if each.rule == "restart-unknown"),
    )

    assert [str(*each.fix) for each in (both, alone)] == [
        "Restart-Service MSExchangeImap4,MSExchangeIMAP4BE",
        "Restart-Service MSExchangeIMAP4BE",
    ]
    assert alone.reason == "MSExchangeIMAP4BE runs with older settings than those that are stored"
    assert unknown.reason == "whether MSExchangeImap4 has read the stored settings is not known"


# -- plans ---------------------------------------------------------------------------------------------------------


def test_a_plan_is_asked_about_none_of_what_it_does_on_purpose() -> None:
    """Whoever stops a service, or hides a server from users, need not be told."""
    server = enabled(serve(GOOD))
    lines = ["Set-Service MSExchangeIMAP4 -StartupType Manual", f"{CLIENTS} -AdvertiseClientSettings $false"]
    settings = "-ExternalConnectionSettings $null -InternalConnectionSettings $null -MaxConnectionsPerUser 1"

    plan = server.plan(desire(*lines, f"Set-ImapSettings {settings}", "Set-CASMailbox kim -ImapEnabled $false"))

    assert [each.rule for each in (*plan.problems, *plan.warnings)] == ["certificate-host"]


def test_a_default_connector_of_a_server_whose_name_is_none_is_left_to_a_person() -> None:
    """A name that no parameter takes is not written."""
    server = at(serve())
    server.run(xi.parse(r"Set-ReceiveConnector 'MBX01\Default MBX01' -Fqdn mail.contoso.com"))
    state = server.state(desire(r"Set-ReceiveConnector 'MBX01\Default MBX01' -Comment x"))
    (name,) = state.connectors
    odd = attrs.evolve(state.connectors[name], name="Default MBX_01;")

    (found,) = [
        each
        for each in xi.review(attrs.evolve(state, connectors=xi.ByName({name: odd})))
        if each.rule == "default-connector-name"
    ]

    assert found.fix == ()


def test_a_connector_that_does_not_say_where_it_is_can_be_named_all_the_same() -> None:
    """By its server and its name."""
    server = at(serve())
    server.run(xi.parse(f"{CLIENTS} -AdvertiseClientSettings $true -Enabled $false"))
    state = server.state(desire(f"{CLIENTS} -Comment x"))
    (name,) = state.connectors
    nameless = xi.ByName({name: attrs.evolve(state.connectors[name], identity=None)})

    (found,) = [
        each for each in xi.review(attrs.evolve(state, connectors=nameless)) if each.rule == "connector-disabled"
    ]

    assert str(*found.fix) == r'Set-ReceiveConnector -Identity "MBX01\Client Frontend MBX01" -Enabled $true'
