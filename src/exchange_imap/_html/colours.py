"""The one table of colours, light and dark, for HTML and SVG; a test computes the contrast of each pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from .facts import Mark

__all__ = ["THEMES", "TONES", "pairs", "themed"]

TONES: Final[Mapping[Mark, str]] = {
    Mark.CHANGED: "changed",
    Mark.UNUSUAL: "unusual",
    Mark.PENDING: "warned",
    Mark.NOTE: "unusual",
    Mark.WARNING: "warned",
    Mark.PROBLEM: "broken",
    Mark.GOOD: "good",
}
"""The tone of each mark: a colour of text, and one to stand on."""

THEMES: Final[Mapping[str, Mapping[str, str]]] = {
    "light": {
        "text": "#1f2328",
        "quiet": "#57606a",
        "paper": "#ffffff",
        "panel": "#f6f8fa",
        "line": "#8c959f",
        "changed": "#0550ae",
        "changed-paper": "#e7f3ff",
        "unusual": "#6639ba",
        "unusual-paper": "#f6f0ff",
        "warned": "#7a4b00",
        "warned-paper": "#fff4d6",
        "broken": "#a40e26",
        "broken-paper": "#ffebe9",
        "good": "#116329",
        "good-paper": "#e3f9e7",
    },
    "dark": {
        "text": "#e6edf3",
        "quiet": "#a2acb6",
        "paper": "#14181d",
        "panel": "#1f252c",
        "line": "#7d8690",
        "changed": "#8cc6ff",
        "changed-paper": "#12304f",
        "unusual": "#d5b8ff",
        "unusual-paper": "#33255a",
        "warned": "#f2c14e",
        "warned-paper": "#3d2f0a",
        "broken": "#ff9d94",
        "broken-paper": "#4d1518",
        "good": "#72d98a",
        "good-paper": "#12361d",
    },
}

# What a page says of its theme, where it says it: JupyterLab, VS Code, and what Sphinx themes and others do.
_LIGHT: Final = ('[data-jp-theme-light="true"]', ".vscode-light", '[data-theme="light"]')
_DARK: Final = ('[data-jp-theme-light="false"]', ".vscode-dark", ".vscode-high-contrast", '[data-theme="dark"]')
_LIGHT_AFTER_ALL: Final = (".vscode-high-contrast.vscode-high-contrast-light",)


def pairs() -> Iterator[tuple[str, str]]:
    """Yield the colours of text with those that it may stand on, by name."""
    for paper in ("paper", "panel"):
        yield from ((text, paper) for text in ("text", "quiet", *sorted(set(TONES.values()))))
    for tone in sorted(set(TONES.values())):
        yield from ((text, f"{tone}-paper") for text in ("text", "quiet", *sorted(set(TONES.values()))))


def themed(root: str) -> str:
    """Return the style that gives an element its colours, as the page or the reader's system has it."""
    light, dark = (_variables(theme) for theme in ("light", "dark"))
    return "".join(
        (
            f"{root}{{color-scheme:light;{light}}}",
            f"@media (prefers-color-scheme:dark){{{root}{{color-scheme:dark;{dark}}}}}",
            f"{_within(_LIGHT, root)}{{color-scheme:light;{light}}}",
            f"{_within(_DARK, root)}{{color-scheme:dark;{dark}}}",
            f"{_within(_LIGHT_AFTER_ALL, root)}{{color-scheme:light;{light}}}",
        )
    )


def _within(pages: tuple[str, ...], root: str) -> str:
    return ",".join(f"{page} {root}" for page in pages)


def _variables(theme: str) -> str:
    return "".join(f"--xi-{name}:{colour};" for name, colour in THEMES[theme].items())
