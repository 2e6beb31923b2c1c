"""What is found in a script: a finding and its place in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from .._entry import entry
from .._errors import CommandSyntaxError, sentences
from .._finding import Evidence, Finding, Severity, mark_of
from .._json import Json
from .._rules.every import RULES
from .._rules.script import Target
from .._shown import shown
from .._span import InText, Span, point_out
from .._viewed import Viewed
from .recovery import CHECKED

if TYPE_CHECKING:
    from .._html.facts import Mark

__all__ = ["ScriptFinding", "refused"]

_RUNS = {"evaluation", "statement"}
"""Rules for what the Management Shell runs and this library does not check."""


@entry
@attrs.frozen(kw_only=True)
class ScriptFinding(InText, Viewed):
    """One thing that is wrong or risky in a script, and what would be right.

    ``rule`` is a stable id: match on it, the texts may change. ``severity`` depends on the target that was
    checked. ``span`` is the part of ``source`` that it is about, in which passwords are masked; ``line`` and
    ``column`` count from 1. For a finding about settings, ``evidence`` are the parameters that show it.

    >>> (finding,) = check_script("Set-ImapSettings -ProtocolLoggingEnabled $true")
    >>> finding.rule, finding.column, finding.right
    ('unknown-parameter', 18, 'Write -ProtocolLogEnabled.')
    """

    rule: str
    severity: Severity
    reason: str
    right: str
    evidence: Evidence = ()
    source: str = attrs.field(repr=False)
    span: Span

    def _mark(self) -> Mark:
        return mark_of(self.severity)

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold, with stable keys. It has the place in the source, and not the source."""
        finding = Finding(
            rule=self.rule, severity=self.severity, reason=self.reason, right=self.right, evidence=self.evidence
        )
        facts = {key: value for key, value in finding.to_dict().items() if key not in {"fix", "source"}}
        place: dict[str, Json] = {"line": self.line, "column": self.column}
        return facts | place | {"start": self.span.start, "end": self.span.end}

    def __str__(self) -> str:
        said = sentences(f"{self.severity.value} [{self.rule}] {self.reason}", self.right)
        return point_out(self.source, self.span, said)


def refused(error: CommandSyntaxError, source: str, target: Target) -> ScriptFinding | None:
    """Make a finding of a syntax error, if it is wrong at the target; its place is one in ``source``."""
    severity = RULES[error.rule].severity_at(target)
    if severity is None:
        return None
    reason, right = _said(error, source, target)
    return ScriptFinding(rule=error.rule, severity=severity, reason=reason, right=right, source=source, span=error.span)


def _said(error: CommandSyntaxError, source: str, target: Target) -> tuple[str, str]:
    written = source[error.span.start : error.span.end]
    if error.rule == "unmodelled-command":
        return f"{written} is not modelled here: nothing of it is checked", error.hint
    if target == "shell" and error.rule == "statement" and written.lower() in CHECKED:
        return f"{written} is a statement: whether and when it runs is not checked", ""
    if target == "shell" and error.rule in _RUNS:
        return f"{written} is evaluated when the script runs, and not checked", ""
    received = written if error.field == "command line" else error.received
    expected = f"expected {error.expected}, received {shown(received)}"
    reason = expected if error.field == "command line" else f"{error.field}: {expected}"
    return reason, error.hint or f"Write {error.expected}"
