"""Tests that need something outside the project say so, and what is missing is said in one line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from support import outside
from support.bridge import make_bridge
from support.captures import read_capture
from support.chromium import browser
from support.dovecot import shared_dovecot
from support.judge import ask
from support.kerberos import shared_realm
from support.outside import REQUIRE, beside
from support.postfix import shared_postfix

pytest_plugins = ["pytester"]

TESTS = Path(__file__).parent
CONFTEST = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
INNER = """
import pytest
from support.outside import beside

PATH, THING = beside("thing", "thing to ask", "nowhere", "thing")

@pytest.fixture
def costly():
    raise AssertionError("made for a test that is skipped")

@THING.mark
@pytest.mark.parametrize("number", range(5))
def test_one(number, costly): ...

@THING.mark
@pytest.mark.parametrize("name", [path.name for path in PATH.parent.glob("*")])
def test_of_each_file(name): ...

def test_other(): ...
"""


@pytest.fixture(autouse=True)
def _counted_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the tests within the tests leave out from what this run leaves out."""
    monkeypatch.setattr(outside, "LEFT_OUT", Counter())


def test_a_missing_thing_is_one_line(pytester: pytest.Pytester) -> None:
    """However many tests and files need it; its fixtures are not made."""
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(INNER)

    result = pytester.runpytest_inprocess("-p", "no:exchange_imap", "-p", "no:randomly", "-rfExX")

    result.assert_outcomes(passed=1, skipped=6)
    printed = [line for line in result.outlines if "skipped 6" in line or "SKIPPED" in line]
    assert printed == ["skipped 6: no thing to ask; set EXCHANGE_IMAP_THING"]


def test_a_required_thing_is_not_skipped(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """CI says what it has installed; a test that would be skipped fails, with what is missing."""
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(INNER)
    monkeypatch.setenv(REQUIRE, "another thing")

    result = pytester.runpytest_inprocess("-p", "no:exchange_imap", "-p", "no:randomly", "-k", "test_one")

    result.assert_outcomes(errors=5, deselected=2)
    result.stdout.fnmatch_lines(["EXCHANGE_IMAP_REQUIRE names thing: no thing to ask; set EXCHANGE_IMAP_THING"])


def test_tests_of_one_thing_can_be_chosen_and_left_out(pytester: pytest.Pytester) -> None:
    """By the mark alone, and by its argument."""
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(INNER)
    for chosen, skipped, passed in (("not outside", 0, 1), ("outside", 6, 0), ("outside(thing='thing')", 6, 0)):
        result = pytester.runpytest_inprocess("-p", "no:exchange_imap", "-p", "no:randomly", "-m", chosen)

        result.assert_outcomes(passed=passed, skipped=skipped, deselected=7 - passed - skipped)


def test_what_is_left_out_is_said_by_name(pytester: pytest.Pytester) -> None:
    """With what is missing, although another process collects the tests, as in `make test`."""
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(INNER)
    options = ("-p", "no:exchange_imap", "-p", "no:randomly", "-n", "1", "-o", f"pythonpath={TESTS}")

    result = pytester.runpytest_subprocess(*options, "-m", "not outside")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["left out 6: thing (no thing to ask; set EXCHANGE_IMAP_THING)"])


@pytest.mark.parametrize(
    "use",
    [
        *(lambda: next(ask("parse", [{"text": "x"}])), make_bridge, lambda: read_capture("get-service"), shared_realm),
        *(shared_dovecot, shared_postfix, lambda: browser(Path("nowhere")).__enter__()),
    ],
    ids=["judge", "bridge", "captures", "kerberos", "dovecot", "postfix", "chromium"],
)
def test_a_use_without_the_mark_fails(use: object) -> None:
    """Also where the thing is there: `make test` would otherwise depend on it."""
    assert callable(use)
    with pytest.raises(AssertionError, match="decorate it with the mark"):
        use()


def test_the_environment_names_a_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before the one beside the project."""
    monkeypatch.setenv("EXCHANGE_IMAP_THING", str(tmp_path))

    path, thing = beside("thing", "thing to ask", "nowhere")

    assert (path, thing.missing) == (tmp_path, "")
