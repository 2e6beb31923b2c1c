"""What some tests need that is not part of the project: a mark on the test says so, and without it the test is skipped.

``make test`` leaves these tests out on every machine; ``make test-outside`` runs them alone. Where the variable
``EXCHANGE_IMAP_REQUIRE`` names the thing, a test without it fails: so CI knows that nothing was left out.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import attrs
import pytest

__all__ = ["LEFT_OUT", "REQUIRE", "Outside", "beside", "leave_out", "left_out", "prepare"]

_SHARED: Final = Path(__file__).parents[3] / "shared"
REQUIRE: Final = "EXCHANGE_IMAP_REQUIRE"
"""The variable that names, between blanks, what has to be there."""
LEFT_OUT: Final[Counter[str]] = Counter()
"""How many tests were not chosen, by what they need and what this machine lacks of it."""
_marked: set[str] = set()
"""What the running test's marks name."""


@attrs.frozen
class Outside:
    """One such thing; ``missing`` says what this machine lacks and how to provide it, or is empty."""

    thing: str
    missing: str

    @property
    def mark(self) -> pytest.MarkDecorator:
        """What a test that needs it is decorated with."""
        return pytest.mark.outside(thing=self.thing, missing=self.missing)

    def expect_mark(self) -> None:
        """Fail where the running test lacks the mark: what provides the thing calls this first."""
        assert self.thing in _marked, f"this test uses {self.thing}: decorate it with the mark of that name"


def beside(thing: str, words: str, *parts: str) -> tuple[Path, Outside]:
    """Find a file or folder that ``EXCHANGE_IMAP_<THING>`` names, or that lies in ``shared`` beside the project."""
    variable = f"EXCHANGE_IMAP_{thing.upper()}"
    path = Path(os.environ.get(variable) or _SHARED.joinpath(*parts))
    return path, Outside(thing, "" if path.exists() else f"no {words}; set {variable}")


def prepare(item: pytest.Item) -> None:
    """Note what the test's marks name; skip it where one of these is missing, or fail if that is required."""
    marks = list(item.iter_markers("outside"))
    _marked.clear()
    _marked.update(mark.kwargs["thing"] for mark in marks)
    for mark in marks:
        if mark.kwargs["missing"]:
            if mark.kwargs["thing"] in os.environ.get(REQUIRE, "").split():
                pytest.fail(f"{REQUIRE} names {mark.kwargs['thing']}: {mark.kwargs['missing']}", pytrace=False)
            pytest.skip(mark.kwargs["missing"])


def leave_out(items: Iterable[pytest.Item]) -> None:
    """Note the tests that were not chosen."""
    for item in items:
        for mark in item.iter_markers("outside"):
            missing = mark.kwargs["missing"]
            LEFT_OUT[mark.kwargs["thing"] + (f" ({missing})" if missing else "")] += 1


def left_out() -> Iterator[str]:
    """Yield a line for each thing that tests were not chosen for."""
    for thing, number in sorted(LEFT_OUT.items()):
        yield f"left out {number}: {thing}"
