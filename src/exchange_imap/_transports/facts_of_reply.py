"""The facts of a server's answer: errors and warnings before the objects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from .._html.facts import Facts, Mark, Row, listed
from .._powershell.record import Record
from .._shown import counted, shown
from .errors import ErrorRecord

__all__ = ["facts_of_reply"]


def facts_of_reply(
    records: Sequence[Record], errors: Sequence[ErrorRecord], warnings: Sequence[str], elapsed: timedelta
) -> Facts:
    """Return what came, and how long it took."""
    title = f"Reply: {counted(len(records), 'object')}, {counted(len(errors), 'error')}"
    rows = [
        Row("error", f"{error.message} [{error.category}: {error.fully_qualified_error_id}]", mark=Mark.PROBLEM)
        for error in errors
    ]
    rows += [Row("warning", text, mark=Mark.WARNING) for text in warnings]
    rows += [Row("elapsed", f"{elapsed.total_seconds():g} s")]
    objects = (listed("objects", map(_record, records), len(records)),) if records else ()
    return Facts(title, tuple(rows), objects)


def _record(record: Record) -> Facts:
    rows = [Row("text", record.text)] if record.text is not None else []
    rows += [Row(name, value if isinstance(value, str) else shown(value)) for name, value in record.properties.items()]
    rows += [Row("items", tuple(map(shown, record.items)))] if record.items is not None else []
    return Facts(record.type_names[0] if record.type_names else "object", tuple(rows))
