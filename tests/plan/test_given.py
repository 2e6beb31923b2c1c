"""Plain data that was given: each error names the place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import exchange_imap as xi
from exchange_imap._plan.as_data.given import Given, at


@pytest.mark.parametrize(
    ("key", "path"),
    [("settings", "$.settings"), (1, "$[1]"), ("kim@x", '$["kim@x"]'), ('a"b', '$["a\\"b"]'), ("é", '$["\\u00e9"]')],
)
def test_a_path_is_that_of_rfc_9535(key: str | int, path: str) -> None:
    """A name that is more than letters and digits is in brackets."""
    assert at("$", key) == path


@pytest.mark.parametrize(
    ("read", "path", "said"),
    [
        (lambda: Given({"a": 1}).parts(["a", "b"], required=["b"]), "$.b", "this name with a value"),
        (lambda: [*Given("ab").items()], "$", "a list, received 'ab'"),
        (lambda: Given(["a", 1]).texts(), "$[1]", "text, received 1"),
        (lambda: Given(1).flag(), "$", "true or false"),
    ],
    ids=["missing", "list", "texts", "flag"],
)
def test_what_is_missing_or_of_another_kind_is_refused(read: Callable[[], object], path: str, said: str) -> None:
    """With its path."""
    with pytest.raises(xi.InvalidValueError, match=said) as caught:
        read()

    assert caught.value.field == path


def test_what_is_right_is_returned() -> None:
    """Under the names as they are known."""
    parts = Given({"A": 1}).parts(["a", "b"], required=["a"])

    assert parts == {"a": Given(1, "$.A")}
    assert Given(["a", "b"]).texts() == ("a", "b")
    assert Given(value="x").text() == "x"
