"""What a person sees in a browser: every fact and picture, in either theme, with nothing cut or overflowing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange_imap._html.colours import THEMES
from support.chromium import CHROMIUM, Browser, browser
from support.pictured import pictured, read_html, words

pytestmark = CHROMIUM.mark

# What JupyterLab does to every table, list and paragraph of an output, without its variables.
NOTEBOOK = """
.jp-RenderedHTMLCommon table{border-collapse:collapse;table-layout:fixed;margin-left:auto;margin-bottom:1em}
.jp-RenderedHTMLCommon td,.jp-RenderedHTMLCommon th,.jp-RenderedHTMLCommon tr{text-align:right;padding:.5em;border:none}
.jp-RenderedHTMLCommon tbody tr:nth-child(odd){background:#f5f5f5}
.jp-RenderedHTMLCommon tbody tr:hover{background:#bbdefb}
.jp-RenderedHTMLCommon p{margin:0 0 1em}.jp-RenderedHTMLCommon ul{list-style:disc;padding-left:20px}
.jp-RenderedHTMLCommon code{background:#eee;color:#000;padding:1px 5px}
"""
# Each page has the objects in it unfolded; how it says its theme, and which one that is when the reader prefers dark.
PAGES = {
    "a plain page": ("", "dark"),
    "a light page": ('data-theme="light"', "light"),
    "Jupyter, light": ('class="jp-RenderedHTMLCommon" data-jp-theme-light="true"', "light"),
    "Jupyter, dark": ('class="jp-RenderedHTMLCommon" data-jp-theme-light="false"', "dark"),
    "VS Code, light": ('class="vscode-light"', "light"),
    "VS Code, dark": ('class="vscode-dark"', "dark"),
    "VS Code, high contrast": ('class="vscode-high-contrast"', "dark"),
    "VS Code, light high contrast": ('class="vscode-high-contrast vscode-high-contrast-light"', "light"),
}
MAPS = ("a state", "a status", "a plan")

OVERFLOWS = """
return [...document.querySelectorAll('.xi, .xi *:not(style), svg')].filter(each =>
    each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline'
    || each.getBoundingClientRect().right > innerWidth + 1).map(each => each.outerHTML.slice(0, 200))
"""
HIDDEN = """
return [...document.querySelectorAll('.xi, .xi table, .xi td, .xi th, .xi summary, svg, svg text')].filter(each =>
    !each.checkVisibility({opacityProperty: true, visibilityProperty: true})
    || each.getBoundingClientRect().height < 5).map(each => each.outerHTML.slice(0, 200))
"""
OUTSIDE_THEIR_BOX = """
return [...document.querySelectorAll('svg g')].flatMap(group => {
    const box = group.querySelector('rect').getBoundingClientRect()
    return [...group.querySelectorAll('text')].filter(text => {
        const place = text.getBoundingClientRect()
        return place.right > box.right + 1 || place.bottom > box.bottom + 1
    }).map(text => text.textContent)
})
"""
COLOURS = """
const of = (each, name) => getComputedStyle(each)[name]
const digits = part => Number(part).toString(16).padStart(2, '0')
const hex = text => '#' + text.match(/\\d+/g).slice(0, 3).map(digits).join('')
return [...document.querySelectorAll('.xi')].map(each => [hex(of(each, 'backgroundColor')), hex(of(each, 'color'))])
    .concat([...document.querySelectorAll('svg')].map(each =>
        [hex(of(each.querySelector('.xi-page'), 'fill')), hex(of(each.querySelector('text'), 'fill'))]))
"""
UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true })"
TEXT = "return document.body.innerText"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


def page(folder: Path, attributes: str, fragments: dict[str, str]) -> Path:
    """Write a page with these fragments, as a notebook shows them."""
    file = folder / "page.html"
    shown = "".join(f'<section title="{name}">{fragment}</section>' for name, fragment in fragments.items())
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Objects</title><link rel="icon" href="data:,">'
    styled = f"<style>body{{margin:8px}}{NOTEBOOK}</style>"
    file.write_text(f"{head}{styled}<body {attributes}>{shown}</body></html>", encoding="utf-8")
    return file


def fragments() -> dict[str, str]:
    """Return what a notebook is given of each object."""
    objects = {name: each._repr_html_() for name, each in pictured().items()}
    return objects | {f"map of {name}": pictured()[name].map()._repr_html_() for name in MAPS}


@pytest.mark.parametrize("width", [600, 1200])
@pytest.mark.parametrize("theme", THEMES)
def test_everything_is_seen_and_nothing_overflows(chromium: Browser, tmp_path: Path, width: int, theme: str) -> None:
    """Folded as it comes and unfolded, in the theme that the reader prefers; the browser complains of nothing."""
    chromium.show(page(tmp_path, "", fragments()), width=width, theme=theme)
    folded = chromium.ask(OVERFLOWS)
    chromium.ask(UNFOLD)

    assert (folded, chromium.ask(OVERFLOWS)) == ([], [])
    assert chromium.ask(HIDDEN) == []
    assert chromium.ask(OUTSIDE_THEIR_BOX) == []
    assert {tuple(pair) for pair in chromium.ask(COLOURS)} == {(THEMES[theme]["paper"], THEMES[theme]["text"])}
    assert chromium.complaints() == []


@pytest.mark.parametrize(("attributes", "theme"), PAGES.values(), ids=list(PAGES))
def test_a_page_that_says_its_theme_has_it(chromium: Browser, tmp_path: Path, attributes: str, theme: str) -> None:
    """Whatever the reader's system prefers, which is dark here."""
    chromium.show(page(tmp_path, attributes, fragments()), width=1200, theme="dark")

    assert {tuple(pair) for pair in chromium.ask(COLOURS)} == {(THEMES[theme]["paper"], THEMES[theme]["text"])}
    assert chromium.ask(OVERFLOWS) == []


def test_markup_of_a_server_is_seen_as_text(chromium: Browser, tmp_path: Path) -> None:
    """And none of it is done."""
    hostile = {name: text for name, text in fragments().items() if "hostile" in name}
    chromium.show(page(tmp_path, "", hostile), width=1200, theme="light")
    chromium.ask(UNFOLD)

    assert chromium.ask(TEXT).count("<script>alert(1)</script></svg>\"'&amp;\\x1b[2J\\n<b>") >= 4
    assert chromium.ask("return document.querySelectorAll('script, b').length") == 0


def test_without_its_style_everything_is_still_there(chromium: Browser, tmp_path: Path) -> None:
    """As where a notebook is shown that is not trusted."""
    plain = {name: text for name, text in fragments().items() if name in pictured()}
    chromium.show(page(tmp_path, "", plain), width=600, theme="light")
    chromium.ask("document.querySelectorAll('style').forEach(each => each.remove())")
    chromium.ask(UNFOLD)
    seen = words(chromium.ask(TEXT))

    for fragment in plain.values():
        for said in read_html(fragment).text.split("  "):
            assert words(said) in seen


@pytest.mark.parametrize("width", [600, 1200])
@pytest.mark.parametrize("theme", THEMES)
def test_it_can_be_looked_at(chromium: Browser, tmp_path: Path, width: int, theme: str) -> None:
    """In the folder that EXCHANGE_IMAP_SCREENSHOTS names."""
    folder = Path(os.environ.get("EXCHANGE_IMAP_SCREENSHOTS") or tmp_path)
    file = folder / f"objects-{theme}-{width}.png"
    chromium.show(page(tmp_path, "", fragments()), width=width, theme=theme)
    chromium.picture(file)

    assert file.read_bytes().startswith(b"\x89PNG")
