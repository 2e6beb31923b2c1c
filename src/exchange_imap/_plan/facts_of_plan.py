"""The facts of a plan: what is to be noticed first, then each command with what it changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from .._finding import Finding, mark_of
from .._html.facts import Facts, Mark, Row, listed

__all__ = ["facts_of_plan"]

_UNFOLDED: Final = 12
"""A plan with more steps than this has them folded."""
_MOST: Final = 500
"""How many steps are shown: who approves a plan has to see all that a person can read. A printed plan has all."""


def facts_of_plan(title: str, lasting: Sequence[str], findings: Sequence[Finding], steps: Sequence[Facts]) -> Facts:
    """Return what a printed plan says."""
    rows = (*(Row("note", text, mark=Mark.NOTE) for text in lasting), *map(_finding, findings))
    if len(steps) <= _UNFOLDED:
        return Facts(title, rows, tuple(_numbered(steps, is_open=True)))
    return Facts(title, rows, (listed("steps", _numbered(steps, is_open=False), len(steps), _MOST),))


def _finding(finding: Finding) -> Row:
    return Row(finding.rule, str(finding), mark=mark_of(finding.severity))


def _numbered(steps: Sequence[Facts], *, is_open: bool) -> Iterator[Facts]:
    for number, step in enumerate(steps, 1):
        yield attrs.evolve(step, title=f"{number}. {step.title}", is_open=is_open)
