"""The facts of a plan that was carried out: what failed first, then every step by what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .._html.facts import Facts, Mark, Row
from .step import Step

__all__ = ["facts_of_outcome"]


def facts_of_outcome(
    title: str, failed: str, steps: Mapping[str, Sequence[Step]], notes: Sequence[str], warnings: Sequence[str]
) -> Facts:
    """Return what a printed outcome says."""
    rows = [Row("failed", failed, mark=Mark.PROBLEM)] if failed else []
    rows += [Row(kind, tuple(str(each.command) for each in some), command=True) for kind, some in steps.items() if some]
    rows += [Row("note", text, mark=Mark.NOTE) for text in notes]
    rows += [Row("warning", text, mark=Mark.WARNING) for text in warnings]
    return Facts(title, tuple(rows), mark=Mark.PROBLEM if failed else Mark.NONE)
