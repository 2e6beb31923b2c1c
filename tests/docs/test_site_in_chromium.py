"""The site that `make docs` built, in a browser: at two widths and in both themes all is seen and nothing overflows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.chromium import CHROMIUM, Browser, browser
from support.outside import Outside
from support.pages import DOCS, NOTEBOOKS

VARIABLE = "EXCHANGE_IMAP_SITE"
SITE = Path(os.environ.get(VARIABLE) or DOCS / "_build" / "html")
BUILT = Outside("site", "" if (SITE / "index.html").exists() else f"no site; run make docs, or set {VARIABLE}")
pytestmark = [CHROMIUM.mark, BUILT.mark]

PAGES = ("index", "tutorial", "procedure", "how-to/verify", "api/plans")
SHOWN = [*PAGES, *(f"notebooks/{notebook.stem}" for notebook in NOTEBOOKS)]

# What reaches beyond the window. Code and wide tables do not: they scroll in a box of their own.
OVERFLOWS = """
const scrolls = each => each.tagName !== 'ARTICLE'
    && (['auto', 'scroll'].includes(getComputedStyle(each).overflowX) || scrolls(each.parentElement))
return [...document.querySelectorAll('article *')].filter(each =>
    each.getBoundingClientRect().right > innerWidth + 1 && !scrolls(each.parentElement))
    .map(each => each.outerHTML.slice(0, 200))
"""
HIDDEN = """
return [...document.querySelectorAll('article :is(h1, table, td, pre, svg, svg text, img)')].filter(each =>
    !each.checkVisibility({opacityProperty: true, visibilityProperty: true})
    || each.getBoundingClientRect().height < 5).map(each => each.outerHTML.slice(0, 200))
"""
# The background that a person sees behind the text of the page.
BACKGROUND = "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
UNFOLD = "document.querySelectorAll('article details').forEach(each => { each.open = true })"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.mark.parametrize("page", SHOWN)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [600, 1200])
def test_a_page_is_seen_and_nothing_overflows(
    chromium: Browser, tmp_path: Path, page: str, theme: str, width: int
) -> None:
    """Tables, code and pictures; the picture that is taken is in the folder that EXCHANGE_IMAP_SCREENSHOTS names."""
    chromium.show(SITE / f"{page}.html", width=width, theme=theme)
    chromium.ask(UNFOLD)
    folder = Path(os.environ.get("EXCHANGE_IMAP_SCREENSHOTS") or tmp_path)
    chromium.picture(folder / f"{page.replace('/', '-')}-{theme}-{width}.png")

    assert chromium.ask(OVERFLOWS) == []
    assert chromium.ask(HIDDEN) == []
    assert (sum(chromium.ask(BACKGROUND)[:3]) < 3 * 128) is (theme == "dark")
    assert chromium.complaints() == []


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_a_notebook_shows_tables(chromium: Browser, notebook: Path) -> None:
    """Those of its objects, or of pandas."""
    chromium.show(SITE / "notebooks" / f"{notebook.stem}.html", width=1200, theme="light")

    assert chromium.ask("return document.querySelectorAll('article table').length") >= 2


def test_the_procedure_shows_how_clients_connect(chromium: Browser) -> None:
    """Before, as planned, and after."""
    chromium.show(SITE / "notebooks" / "whole_procedure.html", width=1200, theme="light")

    assert chromium.ask("return document.querySelectorAll('article svg.xi-map').length") >= 3
