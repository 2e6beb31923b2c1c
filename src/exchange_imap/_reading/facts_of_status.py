"""The facts of a server's status: what its report says, and each part that was read as a section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .._html.facts import Facts, Mark, Row
from .._plan.facts_of_state import facts_of_parts

__all__ = ["facts_of_status"]


def facts_of_status(
    server: str, report: Iterable[tuple[str, Iterable[str]]], parts: Mapping[str, object], marks: Mapping[str, Mark]
) -> Facts:
    """Return the report by its labels, some with a word beside, and the parts."""
    found = ((label, tuple(lines)) for label, lines in report)
    rows = (Row(label, lines, mark=marks.get(label, Mark.NONE)) for label, lines in found if lines)
    return Facts(f"ServerStatus {server}", tuple(rows), tuple(facts_of_parts(parts)))
