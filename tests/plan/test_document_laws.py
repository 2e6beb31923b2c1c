"""Laws of plans over every resource: between any two states of a server, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._plan.resource import advance, moved
from exchange_imap.testing import FakeExchange, NewCertificate
from support.document import connect as on
from support.examples import is_long
from support.lines import desire

CERTIFICATES: Final = [NewCertificate((name,)) for name in ("mail.contoso.com", "imap.contoso.com")]
THUMBPRINTS: Final = [certificate.make().thumbprint for certificate in CERTIFICATES]
HOSTS: Final = ["mail.contoso.com", "imap.contoso.com", "mbx01.contoso.com"]
flags: Final = st.sampled_from(["$true", "$false"])

# What may be stated of one object of each resource: a parameter's name and its values.
SETTINGS: Final = {
    "ExternalConnectionSettings": st.lists(st.sampled_from(["a:993:SSL", "b:143:TLS", "c:143"])).map(",".join),
    "X509CertificateName": st.sampled_from(HOSTS),
    "Banner": st.sampled_from(["''", "Ready.", "'It''s ready.'"]),
    "LoginType": st.sampled_from(["SecureLogin", "PlainTextLogin"]),
    "SSLBindings": st.sampled_from(["[::]:993,0.0.0.0:993", "0.0.0.0:993", "@()"]),
    "LogPerFileSizeQuota": st.sampled_from(["0", "1MB", "unlimited"]),
    "MaxConnectionsPerUser": st.integers(1, 3).map(str),
    "ProtocolLogEnabled": flags,
}
POP_SETTINGS: Final = {
    **{name: values for name, values in SETTINGS.items() if name != "SSLBindings"},
    "MessageRetrievalSortOrder": st.sampled_from(["Ascending", "Descending"]),
}
CONNECTOR: Final = {
    "Fqdn": st.sampled_from(HOSTS),
    "AdvertiseClientSettings": flags,
    "AuthMechanism": st.sampled_from(["Tls,BasicAuth", "Tls,Integrated,BasicAuth,BasicAuthRequireTLS"]),
    "TlsCertificateName": st.sampled_from(["$null", "'<I>CN=Contoso CA<S>CN=mail.contoso.com'"]),
    "MaxMessageSize": st.sampled_from(["36MB", "40MB"]),
    "Comment": st.sampled_from(["$null", "x", "'a; b'"]),
    "RemoteIPRanges": st.sampled_from(["0.0.0.0-255.255.255.255", "10.0.0.0/8,::1", "@{Add='10.1.1.1'}"]),
}
MAILBOX: Final = {
    "ImapEnabled": flags,
    "ImapUseProtocolDefaults": flags,
    "ImapMessagesRetrievalMimeFormat": st.sampled_from(["BestBodyFormat", "TextOnly"]),
    "PopEnabled": flags,
    "EwsAllowList": st.sampled_from(["a,b", "$null", "@{Add='c'}"]),
}
SERVICE: Final = {
    "StartupType": st.sampled_from(["Automatic", "Manual"]),
    "Status": st.sampled_from(["Running", "Stopped"]),
}


@st.composite
def line(draw: st.DrawFn, beginning: str, parameters: dict[str, st.SearchStrategy[str]]) -> str:
    """State some of the parameters of one object."""
    names = draw(st.lists(st.sampled_from(list(parameters)), unique=True))
    values = [(name, draw(parameters[name])) for name in names]
    return " ".join([beginning, *(f"-{name} {value or '@()'}" for name, value in values)])


def some(*lines: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """State some of these objects."""
    chosen = [st.one_of(st.just(""), each) for each in lines]
    return st.tuples(*chosen).map(lambda texts: [text for text in texts if text])


def enabling(thumbprint: str) -> st.SearchStrategy[str]:
    """State what a certificate is enabled for."""
    services = st.lists(st.sampled_from(["IMAP", "POP", "SMTP", "IIS"]), min_size=1, unique=True)
    return services.map(lambda names: f"Enable-ExchangeCertificate {thumbprint} -Services {','.join(names)}")


def asking(component: str) -> st.SearchStrategy[str]:
    """State what a requester wants of a component."""
    states = st.sampled_from(["Active", "Inactive", "Draining"])
    requesters = st.sampled_from(["HealthAPI", "Maintenance", "Functional"])
    beginning = f"Set-ServerComponentState MBX01 -Component {component}"
    return st.builds(lambda state, who: f"{beginning} -State {state} -Requester {who}", states, requesters)


desires: Final = st.builds(
    lambda lines, restart: desire(*lines, restart=restart),
    some(
        line("Set-ImapSettings", SETTINGS),
        line("Set-PopSettings", POP_SETTINGS),
        *(line(f"Set-Service {name}", SERVICE) for name in (*xi.IMAP4_SERVICES, "MSExchangePOP3", "MSExchangePOP3BE")),
        *(line(f"Set-ReceiveConnector '{name} MBX01'", CONNECTOR) for name in ("Client Frontend", "Default Frontend")),
        *map(enabling, THUMBPRINTS),
        *map(asking, ("ImapProxy", "ServerWideOffline")),
        *(line(f"Set-CASMailbox {name}", MAILBOX) for name in ("kim@contoso.com", "Administrator")),
    ),
    st.booleans(),
)


def begin(desired: xi.DesiredState) -> FakeExchange:
    """Return a server that is as desired."""
    fake = FakeExchange(servers=["MBX01"])
    for certificate in CERTIFICATES:
        fake.server("MBX01").add_certificate(certificate)
    server = on(fake)
    apply(server, server.plan(desired))
    return fake


def apply(server: xi.ImapServer, plan: xi.Plan) -> xi.Outcome:
    """Carry out a plan whatever it does to clients."""
    return server.apply(plan, despite=[problem.rule for problem in plan.problems])


def said_to_change(changes: Iterable[xi.Change]) -> set[tuple[str, str, str]]:
    """Return what these changes are of."""
    return {(change.resource, change.name, change.parameter) for change in changes}


@settings(max_examples=500 if is_long() else 30)  # each takes two tenths of a second
@given(desires, desires)
def test_law_any_state_is_reached_from_any_other_and_taken_back(
    first: xi.DesiredState, second: xi.DesiredState
) -> None:
    """What is written is what differs; the second plan is empty; the way back leads back, but for certificates.

    The printed script, read by our own parser and run command by command, leads to the same state.
    """
    fake, other = begin(first), begin(first)
    server, by_hand = on(fake), on(other)
    before = server.state(second)
    plan = server.plan(second)

    outcome = apply(server, plan)
    for command in xi.parse_script(str(plan)) if plan else ():
        by_hand.run(command)

    reached = server.state(second)
    assert outcome.failed is None
    assert by_hand.state(second).same(reached)
    assert not server.plan(attrs.evolve(second, restart=False))
    state = before
    for step in plan.steps:
        after = advance(state, step.command)
        assert said_to_change(step.changes) <= said_to_change(moved(state, after))
        state = after
    assert state.same(reached)
    apply(server, outcome.undo())
    assert {change.resource for change in moved(before, server.state(second))} <= {"certificates"}
