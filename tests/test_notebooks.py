"""What Jupyter, VS Code and rich show: the facts of the text, escaped, bounded, and in the theme of the page."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._html.colours import THEMES, TONES, pairs
from exchange_imap._html.facts import LONGEST_TEXT, MOST_ITEMS, MOST_OBJECTS, Facts, Mark, Row
from exchange_imap._html.page import as_html
from exchange_imap._html.rich_parts import as_rich
from exchange_imap._html.style import style
from exchange_imap._html.text import as_text
from exchange_imap._model.declaration import properties
from exchange_imap._shown import legible
from exchange_imap._viewed import Viewed
from exchange_imap.testing import FakeExchange
from support import seeds, strategies
from support.examples import share
from support.pictured import HOSTILE, pictured, read_html, words

ALLOWED = {
    "div": {"class"},
    "style": set(),
    "p": {"class"},
    "code": set(),
    "span": {"class"},
    "table": {"class"},
    "tbody": set(),
    "tr": {"class"},
    "th": {"class", "scope"},
    "td": {"class", "colspan"},
    "ul": {"class"},
    "li": set(),
    "details": {"class", "open"},
    "summary": set(),
}
SHOWN = {**pictured(), **{type(each).__qualname__: each for each in seeds.snapshots()}}
SNAPSHOTS = sorted(
    {type(each) for each in SHOWN.values() if isinstance(each, xi.Snapshot)}, key=lambda cls: cls.__name__
)
SNAPSHOTS = [cls for cls in SNAPSHOTS if not issubclass(cls, xi.PartialSnapshot)]
every = pytest.mark.parametrize("shown", SHOWN.values(), ids=list(SHOWN))


@every
def test_html_shows_every_fact_of_the_text(shown: Any) -> None:
    """Each line of the text, but for the blanks that set it out."""
    text = words(read_html(shown._repr_html_()).text)
    for line in as_text(shown._facts()).split("\n"):
        for part in re.split(r"\s{2,}| (?=\[\w+\]$)| (?=\()", line.strip()):
            assert words(part) in text


def test_html_shows_what_a_printed_plan_says() -> None:
    """And a printed outcome and status: the same words."""
    for name in ("a plan", "an outcome", "a failed plan", "a status", "a partial status"):
        text = words(read_html(pictured()[name]._repr_html_()).text)
        for line in str(pictured()[name]).split("\n"):
            said = re.sub(r"^(# )?(Note|Warning|Problem|Risk|\d+\.)?:? *", "", line.strip()).split(". Run it")[0]
            for part in re.split(r"\s{2,}|; ", said.removesuffix(".")):
                # Of a change the parameter stands in a column of its own.
                assert words(part.rpartition(": ")[2] if " -> " in part else part) in text, line


@every
def test_rich_is_given_every_fact_of_the_text(shown: Any) -> None:
    """As names with values, of which none is lost where two have the same name."""
    facts: Facts = shown._facts()
    given = list(flat(shown.__rich_repr__()))

    assert set(flat_facts(facts)) <= set(given)
    assert len(given) >= len(list(flat_facts(facts)))
    for word in legible(facts.title.replace(type(shown).__qualname__, "")).split():
        assert word in " ".join(given)


def flat(given: Any) -> Iterator[str]:  # Any: what rich is given, or a section of it
    """Yield the texts that stand at names."""
    for each in given.items() if isinstance(given, dict) else given:
        value = each if isinstance(each, str) else each[1]
        if isinstance(value, dict):
            yield from flat(value)
        else:
            yield value if isinstance(value, str) else ", ".join(value)


def flat_facts(facts: Facts) -> Iterator[str]:
    """Yield what rich should show of facts, and of their sections."""
    for row in facts.rows:
        note = f" ({legible(row.note)})" if row.note else ""
        mark = f" [{row.mark.value}]" if row.mark.value else ""
        yield f"{', '.join(map(legible, row.items))}{note}{mark}"
    for part in facts.parts:
        yield from flat_facts(part)


@every
def test_html_is_plain_and_the_same_every_time(shown: Any) -> None:
    """No script, no name that another output could have too, and nothing from another place."""
    html = shown._repr_html_()
    found = read_html(html)

    assert html == shown._repr_html_()
    for tag, attributes in found.elements:
        assert attributes.keys() <= ALLOWED[tag]
    assert not re.search(r"url\(|@import|expression|https?:", found.style)
    assert "\n" not in html


@pytest.mark.parametrize("cls", SNAPSHOTS, ids=lambda cls: cls.__name__)
@share(200)
@given(data=st.data())
def test_law_every_snapshot_is_shown(cls: type[xi.Snapshot], data: st.DataObject) -> None:
    """Whatever it has, with each property, in elements that are closed."""
    snapshot = data.draw(strategies.snapshots(cls))
    text = read_html(snapshot._repr_html_()).text

    for spec in properties(cls).values():
        assert spec.name in text or not spec.shown


def test_markup_of_a_server_is_shown_as_text() -> None:
    """A banner with a script is a banner."""
    text = read_html(pictured()["hostile settings"]._repr_html_()).text

    assert "<script>alert(1)</script></svg>\"'&amp;\\x1b[2J\\n<b>" in text
    assert HOSTILE not in pictured()["a hostile reply"]._repr_html_()


def test_what_is_not_as_installed_is_coloured_and_said() -> None:
    """With what it would be."""
    html = pictured()["hostile settings"]._repr_html_()

    assert '<tr class="xi-r xi-unusual"><th class="xi-k" scope="row">MaxConnectionsPerUser</th>' in html
    assert 'freshly installed: 16)</span> <span class="xi-m xi-unusual">[not default]</span>' in html
    assert "[not default]" not in pictured()["new settings"]._repr_html_()


def test_a_default_is_said_as_the_value_is() -> None:
    """A list by its items, and a truth as Format-List prints it."""
    settings = pictured()["new settings"]
    changed = attrs.evolve(settings, protocol_log_enabled=True, ssl_bindings=())
    text = words(read_html(changed._repr_html_()).text)

    assert "ProtocolLogEnabled True (freshly installed: False)" in text
    assert "SSLBindings none (freshly installed: [::]:993, 0.0.0.0:993)" in text


def test_what_changes_is_coloured_and_said() -> None:
    html = pictured()["a plan"]._repr_html_()

    assert '<tr class="xi-r xi-changed">' in html
    assert 'MBX01 -&gt; mail.contoso.com <span class="xi-m xi-changed">[changed]</span>' in html
    assert words(read_html(html).text).count("[changed]") == 6


def test_facts_that_are_problems_say_so() -> None:
    def said(name: str) -> str:
        return words(read_html(pictured()[name]._repr_html_()).text)

    assert "1 of 6 steps applied [problem]" in said("a failed plan")
    assert "StepFailure [problem]" in said("a failure")
    assert "[pending]" in said("a state")
    assert "[pending]" in said("a status")
    assert "Needs" not in said("a partial status")
    assert "not read services" in said("a partial status")
    assert "whether it has read the stored settings is not known" in said("an unknown state")
    assert "refused Set-ImapSettings -Banner (the account of the plan has not got it) [problem]" in said("a step")
    assert "unknown-parameter [problem]" in said("a finding in a script")
    assert "doubtful DistinguishedName" in said("doubtful settings")
    assert "mail.contoso.com:993:SSL: TCP: refused [problem]" in said("a probe that failed")
    assert "mail.contoso.com:993:SSL: works [good]" in said("a probe")
    assert "ProbeStage TCP" in said("a stage")
    assert "MBX01: clients cannot connect: " in said("a verification")
    assert said("a test that failed").startswith("ConnectivityResult mbx01.contoso.com [problem]")
    assert "not done services: " in said("a verification of little")
    assert "kim@contoso.com: works, a message arrived after 2.000 s [good]" in said("a round trip")
    assert "message <0123@contoso.com> was not sent" in said("a round trip that failed")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "paper"), [*pairs()])
def test_the_contrast_is_enough(theme: str, text: str, paper: str) -> None:
    """4.5:1 for text, the AA of WCAG 2.2, 1.4.3."""
    assert contrast(THEMES[theme][text], THEMES[theme][paper]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_lines_can_be_seen(theme: str) -> None:
    """3:1 for what is no text, WCAG 2.2, 1.4.11."""
    assert contrast(THEMES[theme]["line"], THEMES[theme]["paper"]) >= 3


def contrast(one: str, other: str) -> float:
    """Compute the contrast of two colours as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Compute the relative luminance of a colour."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_style_has_the_colours_of_the_table_alone() -> None:
    """Both themes have the same names, and every name that is used is there."""
    used = set(re.findall(r"var\((--xi-[\w-]+)", style()))

    assert set(re.findall(r"#[0-9a-f]{3,8}\b", style())) == {
        each for theme in THEMES.values() for each in theme.values()
    }
    assert used <= {f"--xi-{name}" for name in THEMES["light"]}
    assert THEMES["light"].keys() == THEMES["dark"].keys()
    assert set(TONES.values()) <= THEMES["light"].keys()
    assert set(TONES) == set(Mark) - {Mark.NONE}


def test_the_page_says_which_theme_it_has() -> None:
    """Jupyter and VS Code do; elsewhere the reader's system does."""
    for page in ("@media (prefers-color-scheme:dark)", "[data-jp-theme-light=", ".vscode-dark", ".vscode-light"):
        assert page in style()


def test_a_long_text_is_cut_and_a_banner_is_not() -> None:
    """No banner is longer than 1,024 characters, and 1,000 of them are enough."""
    settings = pictured()["new settings"]
    whole = attrs.evolve(settings, banner="b" * LONGEST_TEXT)._repr_html_()
    cut = attrs.evolve(settings, banner="b" * 500_000)._repr_html_()

    assert "b" * LONGEST_TEXT + " " in whole
    assert "b... (500000 characters)" in cut
    assert len(cut) < len(whole) + 100


def test_ten_thousand_mailboxes_fold() -> None:
    """Into their number; the first ones can be unfolded."""
    state = pictured()["a state"]
    (mailbox,) = [each for each in seeds.snapshots() if isinstance(each, xi.CASMailbox)][:1]
    many = attrs.evolve(state, mailboxes=xi.ByName({f"m{number}": mailbox for number in range(10_000)}))
    html = many._repr_html_()

    assert "mailboxes (10,000)" in html
    assert f"the first {MOST_OBJECTS}, and 9,980 more that are not shown" in html
    assert len(html) < 400_000
    assert len(str(many)) < 400_000
    assert "mailboxes=10000" in repr(many)


def test_every_step_of_a_long_plan_is_shown() -> None:
    """Folded; only of what nobody reads the rest is counted."""
    plan = pictured()["a long plan"]
    html = plan._repr_html_()

    assert "steps (54)" in html
    assert all(f"<code>{number}. " in html for number in range(1, 55))
    assert "the first 500, and 40 more that are not shown" in attrs.evolve(plan, steps=plan.steps * 10)._repr_html_()


def test_a_long_list_folds() -> None:
    """Into the number of its items."""
    row = Row("names", tuple(map(str, range(10_000))))
    html = as_html(Facts("x", (row,)))

    assert "<details><summary>10,000 items</summary>" in html
    assert html.count("<li>") == MOST_ITEMS + 1
    assert "and 9,950 more" in html
    assert "and 9,950 more" in as_text(Facts("x", (row,)))


def test_rich_numbers_names_that_come_again() -> None:
    part = Facts("p", (Row("a", "1"), Row("a", "2"), Row("", "3")), mark=Mark.GOOD)

    assert list(as_rich(Facts("C", parts=(part,)), "C")) == [
        ("p", {"mark": "good", "a": "1", "a (3)": "2", "line 3": "3"})
    ]


def test_rich_shows_a_title_that_says_more_than_the_first_fact() -> None:
    row = Row("a", ("1", "2"), mark=Mark.CHANGED, note="n")

    assert list(as_rich(Facts("C one", (row,)), "C")) == ["one", ("a", "1, 2 (n) [changed]")]
    assert list(as_rich(Facts("C one", (Row("a", "one"),)), "C")) == [("a", "one")]


@attrs.frozen
class Inner(Viewed):
    """A part of the class below."""

    name: str


@attrs.frozen
class Outer(Viewed):
    """A class with fields of every kind, which does nothing but derive from the base."""

    host: str
    works: bool
    missing: str | None
    empty: tuple[str, ...]
    when: datetime
    took: timedelta
    counts: dict[str, int]
    severity: xi.Severity
    names: frozenset[str]
    evidence: tuple[tuple[str, str], ...]
    inner: Inner
    several: tuple[Inner, ...]
    by_name: xi.ByName[Any]
    hidden: str = attrs.field(default="hidden", repr=False)


def test_a_class_that_derives_from_the_base_is_shown_by_its_fields() -> None:
    outer = Outer(
        host="h<1>",
        works=True,
        missing=None,
        empty=(),
        when=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        took=timedelta(milliseconds=20),
        counts={"NO": 2},
        severity=xi.Severity.NOTE,
        names=frozenset({"b", "a"}),
        evidence=(("Port", "993"),),
        inner=Inner("i"),
        several=(Inner("s1"), Inner("s2")),
        by_name=xi.ByName({"k": Inner("v"), "n": 5}),
    )

    assert as_text(outer._facts()).split("\n") == [
        "Outer h<1>",
        "  host      h<1>",
        "  works     yes",
        "  when      2026-01-02 03:04:00+00:00",
        "  took      0.02 s",
        "  counts    NO: 2",
        "  severity  note",
        "  names     a",
        "            b",
        "  evidence  Port: 993",
        "  inner: Inner i",
        "    name  i",
        "  several (2)",
        "    Inner s1",
        "      name  s1",
        "    Inner s2",
        "      name  s2",
        "  by name (2)",
        "    k: Inner v",
        "      name  v",
        "    n",
        "      5",
    ]


def test_an_object_whose_first_field_is_no_text_has_the_title_of_its_class() -> None:
    assert as_text(pictured()["a failure"]._facts()).startswith("StepFailure [problem]\n")


def test_secrets_are_masked() -> None:
    """Wherever one came to be in what is shown."""
    credential = xi.PSCredential("kim", xi.Secret("correct-horse"))
    command = xi.TestImapConnectivity(mailbox_credential=credential)
    held: Any = {"Password": credential, "Text": xi.Secret("correct-horse")}  # what no server answers
    record = xi.Record(properties=held)

    for shown in (xi.Step(command, "x"), xi.Reply(records=(record,))):
        for said in (shown._repr_html_(), str(shown), repr(shown), str(list(shown.__rich_repr__()))):
            assert "correct-horse" not in said


def test_nothing_of_it_is_loaded_before_somebody_looks() -> None:
    """Importing and enabling cost what they did."""
    code = (
        "import exchange_imap as xi, sys\n"
        "transport = xi.testing.FakeExchange(servers=['MBX01']).transport()\n"
        "server = xi.ImapServer('MBX01', exchange=transport, windows=transport)\n"
        "print(server.enable(external=['mail.contoso.com:993:SSL']))\n"
        "loaded = {name for name in sys.modules if '_html' in name or 'facts_of' in name or 'glance' in name}\n"
        "assert not loaded, loaded\n"
        "server.settings()._repr_html_()\n"
        "assert 'exchange_imap._html.page' in sys.modules\n"
        "assert 'rich' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_state_and_a_reply_print_all_that_is_known(server: xi.ImapServer) -> None:
    """Their reprs are short."""
    assert "MaxConnectionsPerUser" in str(server.state())
    assert "Server" in str(pictured()["a reply"])
    assert repr(pictured()["a reply"]) == "Reply(1 object, 0 errors, 0 warnings, ...)"
    assert repr(xi.Reply(errors=(pictured()["an error record"],))).startswith("Reply(0 objects, 1 error, 0 warnings, ")
    assert "Set-Service MSExchangeIMAP4" in str(pictured()["a desired state"])


@pytest.fixture
def server() -> xi.ImapServer:
    transport = FakeExchange(servers=["MBX01"]).transport()
    return xi.ImapServer("MBX01", exchange=transport, windows=transport)
