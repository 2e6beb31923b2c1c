"""Every example is run, every link leads somewhere, and the pages that are made are what is made now."""

from __future__ import annotations

import builtins
import doctest
import inspect
import re
import runpy
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import exchange_imap as xi
from exchange_imap import testing
from support import pages
from support.pages import PAGES, ROOT

FRONT_DOOR = {name: getattr(xi, name) for name in dir(xi)}
PUBLIC = FRONT_DOOR | {f"testing.{name}": getattr(testing, name) for name in dir(testing)}
# Pages of which a session is the point: one without examples would pass unseen.
SITE = [page for page in PAGES if page.is_relative_to(pages.DOCS)]
SESSIONS = ("README.md", "docs/tutorial.md", "docs/procedure.md", "docs/how-to/")
WITHOUT_SESSION = {"docs/how-to/index.md"}
# The bases of classes each of which has one, and the type of a constant.
WITHOUT_EXAMPLE = {"Cmdlet", "Snapshot", "Unset"}


def run(text: str, name: str, names: dict[str, Any]) -> doctest.TestResults:  # Any: whatever an example binds
    """Run the examples of a text in one namespace."""
    test = doctest.DocTestParser().get_doctest(text.replace("```", ""), names, name, None, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(test)
    return runner.summarize(verbose=False)


@pytest.mark.parametrize("page", PAGES, ids=pages.name)
def test_the_examples_of_a_page_are_true(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each page is one session."""
    name = pages.name(page)
    results = run(page.read_text(encoding="utf-8"), name, {})

    assert results.failed == 0, capsys.readouterr().out
    assert (results.attempted > 0) is (name.startswith(SESSIONS) and name not in WITHOUT_SESSION)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_has_an_example_that_is_true(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In its docstring, or a reason why not."""
    value = PUBLIC[name]
    if not (inspect.isclass(value) or inspect.isfunction(value)):
        return
    texts = [inspect.getdoc(value) or ""]
    if inspect.isclass(value):
        own = [each for each in value.__mro__ if each is value or each.__module__.startswith("exchange_imap._reading")]
        members = [member for each in own for n, member in vars(each).items() if not n.startswith("_")]
        texts += [inspect.getdoc(member) or "" for member in members]
    with tempfile.TemporaryDirectory() as folder:
        names = {**FRONT_DOOR, "timedelta": timedelta, "Path": Path, "folder": folder}
        results = [run(text, name, dict(names)) for text in texts if ">>>" in text]

    assert sum(result.failed for result in results) == 0, capsys.readouterr().out
    assert results or name in WITHOUT_EXAMPLE


def resolves(path: str, value: object) -> bool:
    """Whether a name in a docstring is public, or what the documented object has."""
    first, *rest = path.removeprefix("~").removeprefix("exchange_imap.").split(".")
    found = FRONT_DOOR.get(first, vars(testing).get(first, getattr(builtins, first, None)))
    if found is None:
        return not rest and hasattr(value, first)
    return all((found := getattr(found, each, None)) is not None for each in rest)


@pytest.mark.parametrize("name", PUBLIC)
def test_what_the_documentation_of_a_name_refers_to_is_there(name: str) -> None:
    """A page of the site cannot link to what is private, and its reader cannot look it up."""
    value = PUBLIC[name]
    members = [value, *(vars(value).values() if inspect.isclass(value) else ())]
    texts = [inspect.getdoc(member) or "" for member in members]
    paths = [path for text in texts for path in re.findall(r":(?:class|func|meth|attr|exc|data|mod):`([^`]+)`", text)]

    assert [path for path in paths if not resolves(path, value)] == []


def test_the_package_of_the_fake_has_an_example_that_is_true(capsys: pytest.CaptureFixture[str]) -> None:
    """Its docstring is the first thing that somebody reads."""
    assert run(testing.__doc__ or "", "testing", dict(FRONT_DOOR)).failed == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", ["coverage", "mistakes", "reference", "rules"])
def test_a_page_that_is_made_is_what_is_made_now(name: str) -> None:
    """`python docs/NAME.py --write` writes it again."""
    made = runpy.run_path(str(ROOT / "docs" / f"{name}.py"))["page"]()

    assert (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") == made


@pytest.mark.parametrize("page", PAGES, ids=pages.name)
def test_no_words_are_taken_for_html(page: Path) -> None:
    """Such as the name in `Default <server>`, which nobody would see without the backticks."""
    text = re.sub(r"```.*?```|``.*?``|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert re.findall(r"<(?!https:)[^<>]*>", text) == []


def test_every_page_is_in_the_contents() -> None:
    """Of the site: a page of `docs/` that no table of contents names cannot be found there."""
    contents = {
        (page.parent / line).relative_to(pages.DOCS).as_posix()
        for page in PAGES
        for part in page.read_text(encoding="utf-8").split("```{toctree}\n")[1:]
        for line in part.partition("```")[0].split()
    }
    found = {path.relative_to(pages.DOCS).with_suffix("").as_posix() for path in (*SITE, *pages.NOTEBOOKS)}

    assert found - contents - {"index"} == set()


def test_the_pictures_are_what_is_drawn_now() -> None:
    """`python docs/pictures.py --write` draws them again."""
    drawn = runpy.run_path(str(ROOT / "docs" / "pictures.py"))["pictures"]()

    assert {name: (ROOT / "docs" / "pictures" / name).read_text(encoding="utf-8") for name in drawn} == drawn


def test_no_entry_of_the_changelog_stands_twice() -> None:
    """As after a merge that keeps the lines of both sides."""
    entries = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n- ")[1:]
    first_lines = Counter(entry.partition("\n")[0] for entry in entries)

    assert [line for line, number in first_lines.items() if number > 1] == []


_MISTAKES = runpy.run_path(str(ROOT / "docs" / "mistakes.py"))


@pytest.mark.parametrize("mistake", _MISTAKES["MISTAKES"], ids=lambda mistake: mistake.why)
def test_a_mistake_gets_a_message_that_names_the_right_form(mistake: Any) -> None:  # Any: a class of that file
    """Refused, or warned of."""
    message = _MISTAKES["message"](mistake)

    assert mistake.right in message
    assert message.partition(":")[0] in {*(n for n in dir(xi) if n.endswith("Error")), "plan warning"}


def test_there_are_enough_mistakes() -> None:
    """And the README counts them rightly."""
    mistakes = _MISTAKES["MISTAKES"]

    assert len(mistakes) >= 30
    assert f"[{len(mistakes)} mistakes" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=pages.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """To a file, and to a heading in it; what is on other sites is not asked for, but has the form of an address."""
    text = page.read_text(encoding="utf-8")
    links = [part.partition(")")[0] for part in text.split("](")[1:]]
    elsewhere = [link for link in links if "//" in link]
    links = [link for link in links if "//" not in link]

    assert [link for link in elsewhere if not re.fullmatch(r"https://([a-z0-9-]+\.)+[a-z]+/[\w./#-]*", link)] == []
    for link in links:
        target, _, heading = link.partition("#")
        path = page.parent / target if target else page
        assert path.exists(), link
        if heading:
            assert heading in pages.headings(path), link
