"""One sentence says everywhere what is sent again."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

import exchange_imap as xi

ROOT = Path(__file__).parents[2]
SENTENCE = (
    "A write is sent again only if it is certain that it never ran, or if it states whole values and the server, "
    "read again, does not show them"
)
PLACES = {
    "ImapServer.apply": inspect.getdoc(xi.ImapServer.apply) or "",
    **{
        name: (ROOT / name).read_text(encoding="utf-8")
        for name in ("README.md", "docs/explanation.md", "docs/how-to/go-on-after-a-failure.md")
    },
}


@pytest.mark.parametrize("place", PLACES)
def test_what_is_sent_again_is_said_in_the_same_words(place: str) -> None:
    """And nowhere that nothing is sent twice, which is not so."""
    text = " ".join(PLACES[place].split())

    assert SENTENCE in text
    assert "sent twice" not in text
    assert "done twice" not in text
