"""The picture of how clients connect: valid, safe, in words too, and what is wrong stands out and says why."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._html.colours import THEMES
from exchange_imap._html.diagram import Arrow, Box, Diagram, Line, Note, Panel
from exchange_imap._html.facts import Mark
from exchange_imap._html.svg import as_svg
from exchange_imap.testing import FakeExchange, NewCertificate
from support import seeds, strategies
from support.examples import share
from support.pictured import read_html

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script></svg>\"'&\x1b\uffff\ufffe"
SEND = xi.SetReceiveConnector(fqdn="mail.contoso.com", advertise_client_settings=True)
DESIRED = xi.DesiredState(
    settings=xi.SetImapSettings(
        external_connection_settings=("mail.contoso.com:993:SSL", "mail.contoso.com:144:TLS"),
        x509_certificate_name="mail.contoso.com",
    ),
    services=xi.DesiredState.enabled(external="x:993:SSL").services,
    connectors=[SEND],
)


def read(picture: object) -> ET.Element:
    """Read the picture as XML; fail if it is none."""
    return ET.fromstring(str(picture))  # noqa: S314 - made here


def seen(picture: object) -> list[str]:
    """Return the texts that stand in it."""
    return [text.text or "" for text in read(picture).iter(f"{SVG}text")]


def told(picture: object) -> str:
    """Return what it says to those who do not see it."""
    return read(picture).findtext(f"{SVG}desc") or ""


@pytest.fixture
def server() -> xi.ImapServer:
    fake = FakeExchange(servers=["MBX01"])
    certificate = NewCertificate(("mail.contoso.com",), issuer="CN=Contoso CA")
    fake.server("MBX01").add_certificate(certificate)
    return xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport())


def test_a_new_server_shows_that_clients_cannot_connect(server: xi.ImapServer) -> None:
    """And why: the way from the client to the backend is there, and ends at what does not run."""
    texts = seen(server.state().map())

    for title in ("Clients outside", "External settings", "SSLBindings", "Certificate", "Front-end service"):
        assert title in texts
    assert texts.count("nothing is advertised") == 1
    assert "X509CertificateName MBX01" in texts
    assert "MSExchangeImap4 Stopped, Manual" in texts
    assert "port 1993" in texts
    assert "[problem] see 1, 3" in texts
    assert "1. [problem] MSExchangeImap4 is Stopped: clients cannot connect; start it. [service-not-running]" in texts
    assert "not read" in texts


def test_it_is_a_picture_with_a_title_and_a_description(server: xi.ImapServer) -> None:
    """For screen readers, which take the first elements for them."""
    root = read(server.state().map())

    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root.findtext(f"{SVG}title") == "How clients connect to MBX01"
    assert "Front-end service [problem]: MSExchangeImap4 Stopped, Manual; LoginType SecureLogin." in told(
        server.state().map()
    )


def test_a_plan_shows_before_and_after(server: xi.ImapServer) -> None:
    """What it changes is marked by a colour and a word; what is wrong then is found by the rules."""
    picture = server.plan(DESIRED).map()
    texts = seen(picture)
    before, after = told(picture).split("After.")

    assert texts.index("Before") < texts.index("After")
    assert "[changed]" not in before
    assert "External settings [warning] [changed]: mail.contoso.com:993:SSL; mail.contoso.com:144:TLS." in after
    assert "Back-end service [changed]: MSExchangeIMAP4BE Running, Automatic." in after
    assert "Proxy target: port 1993." in after
    assert "port not bound" in texts
    assert "no binding of UnencryptedOrTLSBindings has port 144" in after
    assert 'class="xi-c xi-changed" fill="#0550ae"' in str(picture)
    assert repr(picture) == "ConnectionMap('How clients connect to MBX01', 10 notes, ...)"


def test_services_with_older_settings_are_pending(server: xi.ImapServer) -> None:
    server.apply(server.plan(DESIRED))
    server.run(xi.SetImapSettings(server="MBX01", banner="Hi."))

    assert "Back-end service [pending]: " in told(server.state().map())
    assert "Front-end service [pending]: " in told(server.state().map())
    assert "run with older settings than those that are stored" in told(server.state().map())


def test_the_certificate_that_is_known_is_named(server: xi.ImapServer) -> None:
    """By its subject, its end and its thumbprint."""
    (found,) = [
        each for each in server.read(xi.GetExchangeCertificate(server="MBX01")) if each.covers("mail.contoso.com")
    ]
    wanted = attrs.evolve(
        DESIRED, certificates=(xi.EnableExchangeCertificate(thumbprint=found.thumbprint, services=("IMAP",)),)
    )
    after = told(server.plan(wanted).map()).split("After.")[1]

    assert f"CN=mail.contoso.com, until {found.not_after:%Y-%m-%d}, {found.thumbprint}" in after


def test_what_was_not_read_is_said(server: xi.ImapServer) -> None:
    """A state may be made of little."""
    state = attrs.evolve(server.state(), services=(), pending=frozenset())
    texts = seen(attrs.evolve(state, settings=attrs.evolve(state.settings, x509_certificate_name=None)).map())

    assert "MSExchangeIMAP4: not read" in texts
    assert "X509CertificateName is empty" in texts
    assert not any("problem" in text for text in texts)


def test_components_stand_at_the_service(server: xi.ImapServer) -> None:
    wanted = xi.SetServerComponentState(component="ImapProxy", state="Inactive", requester="Maintenance")
    server.apply(server.plan(DESIRED))
    inactive = server.plan(xi.DesiredState(components=[wanted]))

    assert "ImapProxy Inactive" in told(inactive.map()).split("After.")[1]


def test_many_bindings_and_connectors_fold(server: xi.ImapServer) -> None:
    """Into their number; those that are advertised come first."""
    state = server.state(DESIRED)
    (connector,) = state.connectors.values()
    many = {f"c{n}": attrs.evolve(connector, name=f"c{n}", bindings=(), fqdn=None) for n in range(50)}
    off = attrs.evolve(connector, name="z", enabled=False, advertise_client_settings=True)
    bindings = tuple(xi.Binding("10.0.0.1", port) for port in range(1, 3001))
    settings = attrs.evolve(state.settings, ssl_bindings=bindings)
    texts = seen(attrs.evolve(state, settings=settings, connectors=xi.ByName({**many, "z": off})).map())

    assert "and 2,994 more" in texts
    assert "and 50 more" in texts
    assert "z (disabled)" in texts
    assert "c0" not in texts
    alone = seen(attrs.evolve(state, connectors=xi.ByName(many)).map())
    assert {"c0", "no Fqdn", "port none", "and 49 more"} <= set(alone)


def test_hostile_texts_are_text(server: xi.ImapServer) -> None:
    """What no XML may have is written as Python does."""
    state = server.state(DESIRED)
    (connector,) = state.connectors.values()
    services = tuple(attrs.evolve(each, name=f"{each.name}") for each in state.services)
    named = attrs.evolve(connector, name=HOSTILE, fqdn=HOSTILE, advertise_client_settings=True)
    settings = attrs.evolve(state.settings, x509_certificate_name=HOSTILE, server=HOSTILE)
    hostile = attrs.evolve(state, settings=settings, services=services, connectors=xi.ByName({"c": named}))
    picture = hostile.map()

    assert "<script>alert(1)</script></svg>\"'&\\x1b\\uffff\\ufffe" in told(picture)
    assert "<script" not in str(picture)
    assert str(picture).count("</svg>") == 1


def test_a_long_name_is_shortened_and_whole_in_its_title(server: xi.ImapServer) -> None:
    host = f"{'a' * 60}.contoso.com"
    state = server.state()
    setting = xi.ConnectionSetting(host, 993, xi.Encryption.SSL)
    picture = attrs.evolve(state, settings=attrs.evolve(state.settings, external_connection_settings=(setting,))).map()

    assert host not in " ".join(seen(picture))
    assert f"{'a' * 20}" in " ".join(seen(picture))
    assert any(str(setting) in (title.text or "") for title in read(picture).iter(f"{SVG}title"))


def test_a_finding_about_what_is_not_drawn_is_a_note_alone(server: xi.ImapServer) -> None:
    """Such as a mailbox."""
    state = server.state()
    (mailbox,) = [each for each in seeds.snapshots() if isinstance(each, xi.CASMailbox)][:1]
    kim = xi.ByName({"kim": attrs.evolve(mailbox, imap_enabled=False)})
    one, other = (told(each.map()) for each in (state, attrs.evolve(state, mailboxes=kim)))

    assert "kim" in other
    assert any("kim" in note for note in attrs.evolve(state, mailboxes=kim).map().notes)
    assert other.split("1.")[0] == one.split("1.")[0]


def test_a_status_is_drawn_with_all_that_it_has(server: xi.ImapServer) -> None:
    """One without settings has nothing to draw."""
    texts = seen(server.status().map())

    assert {"Client Frontend MBX01", "port 587", "and 4 more", "ImapProxy Active"} <= set(texts)
    without = attrs.evolve(server.status(), settings=None)
    with pytest.raises(xi.InvalidValueError, match="settings that could be read"):
        without.map()
    only = xi.ServerStatus(server="MBX01", settings=server.settings())
    assert "MSExchangeIMAP4: not read" in seen(only.map())


def test_ten_thousand_notes_are_counted(server: xi.ImapServer) -> None:
    """In the picture and in its description; the object has all."""
    state = server.state()
    (mailbox,) = [each for each in seeds.snapshots() if isinstance(each, xi.CASMailbox)][:1]
    off = attrs.evolve(mailbox, imap_enabled=False)
    picture = attrs.evolve(state, mailboxes=xi.ByName({f"m{number}": off for number in range(10_000)})).map()

    assert len(picture.notes) > 10_000
    assert len(picture.svg) < 40_000
    assert re.search(r"and [\d,]+ more", told(picture))


@share(200)
@given(data=st.data())
def test_law_whatever_a_server_answers_can_be_drawn(data: st.DataObject) -> None:
    """As XML, whose texts stay in their places."""
    settings = data.draw(strategies.snapshots(xi.ImapSettings))
    services = data.draw(st.lists(strategies.snapshots(xi.ServiceState), max_size=2))
    connectors = data.draw(st.lists(strategies.snapshots(xi.ReceiveConnector), max_size=3))
    certificates = data.draw(st.lists(strategies.snapshots(xi.ExchangeCertificate), max_size=2))
    state = xi.ServerState(
        settings=settings,
        services=tuple(services),
        connectors=xi.ByName({str(number): each for number, each in enumerate(connectors)}),
        certificates=xi.ByName({str(number): each for number, each in enumerate(certificates)}),
    )

    assert "Proxy target" in seen(state.map())
    assert read_html(state._repr_html_()).elements


def test_it_is_the_same_every_time_and_has_nothing_from_outside(server: xi.ImapServer) -> None:
    """No script, no id that another picture on the page could have, and the colours of the table alone."""
    picture = server.plan(DESIRED).map()
    elements = list(read(picture).iter())
    table = {colour for theme in THEMES.values() for colour in theme.values()}

    assert str(picture) == str(server.plan(DESIRED).map())
    assert {each.tag.removeprefix(SVG) for each in elements} == {
        *("svg", "title", "desc", "style", "g", "rect", "text", "path")
    }
    assert not [name for each in elements for name in each.attrib if name in {"id", "href"} or name.startswith("on")]
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", str(picture))) <= table
    assert not re.search(r"url\(|@import", str(picture))


def test_a_notebook_shows_it(server: xi.ImapServer) -> None:
    """Within the page where it may, which gives it the theme of the page."""
    picture = server.state().map()

    assert picture._repr_html_() == picture._repr_svg_() == str(picture)


def test_it_can_be_saved(server: xi.ImapServer, tmp_path: Path) -> None:
    picture = server.state().map()
    picture.save(tmp_path / "map.svg")

    assert (tmp_path / "map.svg").read_bytes() == f"{picture}\n".encode()
    assert "<svg" in str(picture)


def test_marks_stand_out_in_any_picture() -> None:
    """Every mark has a colour and a word; more notes than twelve are counted."""
    marks = [mark for mark in Mark if mark is not Mark.NONE]
    boxes = tuple(Box(key=m.name, title=m.name, lines=(Line("x"),), row=n, mark=m) for n, m in enumerate(marks))
    arrows = tuple(Arrow(one.key, other.key, mark=other.mark) for one, other in pairwise(boxes))
    notes = tuple(Note(f"n{number}", Mark.PROBLEM) for number in range(20))
    picture: Any = as_svg(Diagram("x", (Panel("", boxes, arrows, notes),)))

    assert "and 8 more" in seen(picture)
    assert {f"[{mark.value}]" for mark in marks if mark is not Mark.GOOD and mark is not Mark.UNUSUAL} <= set(
        seen(picture)
    )
