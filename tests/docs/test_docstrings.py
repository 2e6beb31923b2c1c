"""Every public name says what it means, which errors it raises, and where what is Microsoft's is from."""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import exchange_imap as xi
from exchange_imap import testing
from exchange_imap._names import MODULES

PUBLIC: dict[str, Any] = {name: getattr(xi, name) for name in dir(xi)}  # Any: of every type
PUBLIC |= {f"testing.{name}": getattr(testing, name) for name in dir(testing)}
DOCUMENTED = {name: value for name, value in PUBLIC.items() if inspect.isclass(value) or inspect.isfunction(value)}
# What is this library's own, and no word of Exchange's.
OWN = (xi.Unset, xi.Cmdlet, xi.Snapshot, xi.PartialSnapshot)
CMDLETS = {n: v for n, v in DOCUMENTED.items() if inspect.isclass(v) and issubclass(v, xi.Cmdlet) and v not in OWN}
ANSWERS = {n: v for n, v in DOCUMENTED.items() if inspect.isclass(v) and issubclass(v, xi.Snapshot) and v not in OWN}
WORDS = {
    n: v
    for n, v in DOCUMENTED.items()
    if isinstance(v, enum.EnumType) and v not in OWN and MODULES.get(n, "").startswith("_values")
}
SOURCE = re.compile(r"[Ss]ource|reference page|pages? (of|on)|RFC \d|MS-[A-Z]+")
A_CMDLET = re.compile(r"\b[A-Z][a-z]+-[A-Z]\w+|`ImapSettings`")


def members(value: object) -> Iterator[tuple[str, Callable[..., Any]]]:  # Any: functions of every kind
    """Yield what a class has of its own that people use, each as the function that it is."""
    for name, member in vars(value).items() if inspect.isclass(value) else ():
        found = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        found = found.fget if isinstance(found, property) else found
        if not name.startswith("_") and inspect.isfunction(found):
            yield name, inspect.unwrap(found)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_public_name_and_what_it_has_are_described(name: str) -> None:
    """By a docstring whose first line is a sentence; an override may leave it to what it overrides."""
    value = DOCUMENTED[name]
    texts = {name: inspect.getdoc(value) or ""}
    texts |= {each: inspect.getdoc(getattr(value, each)) or "" for each, _ in members(value)}

    assert [each for each, text in texts.items() if not text.partition("\n")[0].endswith(".")] == []


@pytest.mark.parametrize("name", DOCUMENTED)
def test_what_raises_errors_says_so(name: str) -> None:
    """In its own docstring or in that of its class."""
    value = DOCUMENTED[name]
    functions = dict(members(value)) if inspect.isclass(value) else {name: inspect.unwrap(value)}
    raising = {n: f for n, f in functions.items() if re.search(r"^\s+raise [A-Z]", inspect.getsource(f), re.MULTILINE)}

    assert [n for n, f in raising.items() if "Raises" not in f"{inspect.getdoc(f)} {inspect.getdoc(value)}"] == []


@pytest.mark.parametrize("name", CMDLETS)
def test_a_cmdlet_says_where_it_is_documented(name: str) -> None:
    """Names, types and defaults are Microsoft's, and somebody may want to look them up."""
    assert SOURCE.search(inspect.getdoc(CMDLETS[name]) or "")


@pytest.mark.parametrize("name", [*ANSWERS, *WORDS])
def test_what_a_server_answers_names_its_cmdlet(name: str) -> None:
    """Whose page has it, or another source."""
    text = inspect.getdoc(DOCUMENTED[name]) or ""

    assert A_CMDLET.search(text) or SOURCE.search(text)
