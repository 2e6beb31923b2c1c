"""The style of an object in a notebook: small, without anything from outside, and in the theme of the page."""

from __future__ import annotations

from functools import cache
from typing import Final

from .colours import TONES, themed

__all__ = ["CODE_FONT", "TEXT_FONT", "style"]

TEXT_FONT: Final = "var(--jp-ui-font-family,var(--vscode-font-family,system-ui,sans-serif))"
CODE_FONT: Final = "var(--jp-code-font-family,var(--vscode-editor-font-family,ui-monospace,monospace))"

# Notebooks style every table and list; the doubled class counts for more than their rules.
_RULES: Final = f"""
.xi.xi{{color:var(--xi-text);background:var(--xi-paper);font:13px/1.45 {TEXT_FONT};border:1px solid var(--xi-line);
border-radius:6px;padding:8px 12px;margin:4px 0;max-width:960px;
box-sizing:border-box;overflow-wrap:anywhere;text-align:left}}
.xi.xi .xi-t{{font-weight:600;margin:0 0 4px}}
.xi.xi code{{font-family:{CODE_FONT};font-size:12px;color:inherit;background:none;padding:0;white-space:pre-wrap}}
.xi.xi .xi-g{{border-collapse:collapse;width:100%;margin:2px 0;font-size:13px;table-layout:auto;border:0}}
.xi.xi .xi-r,.xi.xi .xi-r:hover{{background:none;border-top:1px solid var(--xi-panel)}}
.xi.xi .xi-k,.xi.xi .xi-v{{text-align:left;vertical-align:top;padding:2px 6px;border:0;white-space:normal;
max-width:none;overflow-wrap:anywhere}}
.xi.xi .xi-k{{color:var(--xi-quiet);font-weight:400;width:18em}}
.xi.xi .xi-s .xi-k{{width:8em}}
.xi.xi .xi-v{{color:var(--xi-text)}}
.xi.xi .xi-l{{list-style:none;margin:0;padding:0}}
.xi.xi .xi-l li{{margin:0;padding:0}}
.xi.xi .xi-n{{color:var(--xi-quiet)}}
.xi.xi .xi-m{{font-size:11px;font-weight:600;border:1px solid currentcolor;border-radius:8px;padding:0 6px;
white-space:nowrap}}
.xi.xi details{{margin:3px 0;padding:2px 0 2px 10px;border-left:3px solid var(--xi-panel)}}
.xi.xi summary{{cursor:pointer;margin-left:-4px}}
"""


@cache
def style() -> str:
    """Return the style in one line."""
    tones = "".join(_tone(tone) for tone in sorted(set(TONES.values())))
    return themed(".xi.xi") + _RULES.replace("\n", "") + tones


def _tone(tone: str) -> str:
    """Return the style of a fact with this tone, of its word, and of a section's title."""
    return (
        f".xi.xi .xi-r.xi-{tone},.xi.xi .xi-r.xi-{tone}:hover{{background:var(--xi-{tone}-paper)}}"
        f".xi.xi .xi-{tone}>.xi-v,.xi.xi .xi-m.xi-{tone}{{color:var(--xi-{tone})}}"
        f".xi.xi details.xi-{tone}{{border-left-color:var(--xi-{tone})}}"
    )
