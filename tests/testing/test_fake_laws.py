"""Laws of the fake: whatever a Set- cmdlet states is read back, or is refused and has changed nothing."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._model.codecs.words import WordsCodec
from exchange_imap._model.declaration import writable
from exchange_imap.testing import FakeExchange, NewCertificate
from support import strategies
from support.examples import share
from support.fakes import ask, read


@attrs.frozen
class Noun:
    """How an object is changed and read, the class of what is read, and what names it."""

    change: type[xi.Cmdlet]
    get: xi.Cmdlet
    cls: type[xi.Snapshot]
    named: dict[str, object]


NOUNS = [
    Noun(xi.SetPopSettings, xi.GetPopSettings(server="MBX01"), xi.PopSettings, {"server": "MBX01"}),
    Noun(
        xi.SetReceiveConnector,
        xi.GetReceiveConnector(identity="Client Frontend*"),
        xi.ReceiveConnector,
        {"identity": "Client Frontend MBX01"},
    ),
    Noun(xi.SetCASMailbox, xi.GetCASMailbox(anr="kim"), xi.CASMailbox, {"identity": "kim"}),
]
FOLLOWING = {"name", "email_addresses", "primary_smtp_address"}
"""Fields whose value decides that of others."""
FIELDS = [
    pytest.param(noun, field, id=f"{noun.change.cmdlet} -{spec.name}")
    for noun in NOUNS
    for field, spec in writable(noun.cls).items()
    if field not in FOLLOWING
]


def expected(cls: type[xi.Snapshot], field: str, before: xi.Snapshot, value: object) -> object:
    """Return what is stored of a value: flags in the order of their bits, and nothing for what empties."""
    spec = writable(cls)[field]
    if isinstance(spec.codec, WordsCodec):
        stated = value if isinstance(value, tuple) else (value,)
        return tuple(member for member in spec.codec.members if member in stated)
    if isinstance(value, xi.ListEdit):
        kept = tuple(item for item in getattr(before, field) if item not in value.remove)
        return (*kept, *value.add)
    if value in (None, ""):
        return () if isinstance(getattr(before, field), tuple) else "" if spec.required else None
    return value


@pytest.mark.parametrize(("noun", "field"), FIELDS)
@share(50)
@given(data=st.data())
def test_law_what_is_stated_is_read_or_refused(noun: Noun, field: str, data: st.DataObject) -> None:
    """And a second time nothing is modified."""
    fake = FakeExchange(servers=["MBX01"])
    value = data.draw(strategies.of_field(noun.change, field))
    command = noun.change.build({**noun.named, field: value})
    (before,) = read(noun.cls, fake, noun.get)

    reply = ask(fake, command)
    (after,) = read(noun.cls, fake, noun.get)

    if reply.errors:
        assert after == before
        assert reply.errors[0].failure_category in {None, "Cmdlet-DataValidationException"}
        return
    assert getattr(after, field) == expected(noun.cls, field, before, value)
    assert same_but(before, after, field)
    if not isinstance(value, xi.ListEdit):
        ask(fake, command)
        assert not fake.log[-1].effect
    assert noun.cls.from_record(after.to_record()) == after


def same_but(before: xi.Snapshot, after: xi.Snapshot, field: str) -> bool:
    """Say whether nothing else differs, but the time of the change."""
    kept: dict[str, Any] = {  # Any: of several types
        name: getattr(before, name) for name in (field, "when_changed", "when_changed_utc")
    }
    return attrs.evolve(after, **kept) == before


REQUESTS = st.lists(
    st.tuples(
        st.sampled_from(["ImapProxy", "ServerWideOffline"]),
        st.sampled_from(list(xi.ComponentStatus)),
        st.sampled_from(list(xi.ComponentRequester)),
        st.sampled_from(["both", "local", "remote"]),
    ),
    max_size=12,
)


@share(3)
@given(requests=REQUESTS)
def test_law_a_component_is_active_where_nobody_asks_for_another_state(
    requests: list[tuple[str, xi.ComponentStatus, xi.ComponentRequester, str]],
) -> None:
    """Of each requester the last request counts, in each of the two places."""
    fake = FakeExchange(servers=["MBX01"])
    wanted: dict[tuple[str, str, xi.ComponentRequester], xi.ComponentStatus] = {}
    for component, state, requester, place in requests:
        only = {f"{place}_only": True} if place != "both" else {}
        values = {"identity": "MBX01", "component": component, "state": state, "requester": requester, **only}
        assert ask(fake, xi.SetServerComponentState.build(values)).errors == ()
        wanted |= {(component, each, requester): state for each in ("local", "remote") if place in {"both", each}}

    (proxy,) = read(xi.ComponentState, fake, xi.GetServerComponentState(identity="MBX01", component="ImapProxy"))

    asked = {component: {s for (c, _, _), s in wanted.items() if c == component} for component, *_ in requests}
    own, offline = asked.get("ImapProxy", set()), asked.get("ServerWideOffline", set())
    inactive = xi.ComponentStatus.Inactive in own | offline
    draining = xi.ComponentStatus.Draining in own and not inactive
    assert str(proxy.state) == ("Inactive" if inactive else "Draining" if draining else "Active")
    assert proxy.server_wide_offline_is_offline is (xi.ComponentStatus.Inactive in offline)
    assert xi.ComponentState.from_record(proxy.to_record()) == proxy


SERVICES = st.lists(st.sampled_from(["IMAP", "POP", "IIS", "SMTP"]), min_size=1, unique=True)


@share(3)
@given(steps=st.lists(SERVICES, min_size=1, max_size=5), wildcard=st.booleans())
def test_law_services_of_a_certificate_only_grow(steps: list[list[str]], wildcard: bool) -> None:
    """And IMAP and POP are never among a wildcard's."""
    fake = FakeExchange(servers=["MBX01"])
    server = fake.server("MBX01")
    names = ("*.contoso.com",) if wildcard else ("mail.contoso.com",)
    thumbprint = server.add_certificate(NewCertificate(names)).thumbprint
    seen: set[str] = set()
    for services in steps:
        reply = ask(fake, xi.EnableExchangeCertificate(thumbprint=thumbprint, services=services, force=True))
        assert reply.errors == ()
        seen |= set(services)
        assert {str(each) for each in server.certificates[thumbprint].services or ()} == (
            seen - {"IMAP", "POP"} if wildcard else seen
        )
    assert (server.stored.x509_certificate_name == "mail.contoso.com") is ("IMAP" in seen and not wildcard)
    assert (server.pop.stored.x509_certificate_name == "mail.contoso.com") is ("POP" in seen and not wildcard)
