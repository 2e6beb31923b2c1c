"""A finding of a rule: its severity, evidence and reason, what would be right, and the commands that do it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import attrs

from ._entry import entry
from ._errors import sentences
from ._json import Json
from ._model.cmdlet import Cmdlet
from ._public import public
from ._viewed import Viewed

if TYPE_CHECKING:
    from ._html.facts import Mark

__all__ = ["Evidence", "Finding", "Severity", "mark_of", "rank"]

Evidence = tuple[tuple[str, str], ...]
"""Parameters by name with their values, in the order in which a person should read them."""


@public
class Severity(enum.Enum):
    """The severity of a finding.

    >>> [finding.severity for finding in check_script("Get-ImapSettings -Servr MBX01")]
    [<Severity.ERROR: 'error'>]
    """

    ERROR = "error"
    """It cannot run: PowerShell, the server, or an endpoint in no-language mode refuses it. In a plan: clients
    certainly cannot connect after it, so it is not applied. Of a server: clients certainly cannot connect."""
    WARNING = "warning"
    """It runs, but the result is probably not what you want. Of a server: it may keep some clients out."""
    NOTE = "note"
    """It runs under some conditions only, or could not be checked. Of a server: it may be as you want it."""


@entry
@attrs.frozen(kw_only=True)
class Finding(Viewed):
    """One thing that is wrong or risky, on a server or in what a plan does to it, and what would be right.

    ``rule`` is a stable id, the same as in :func:`check_script`: test this, because the texts may change. ``evidence``
    are the parameters and properties that show the problem, by name, with their values as a command has them. The first
    ones say what it is about; among settings, change the first one. ``fix`` are the commands that put it right, where
    commands can and it is clear which ones; ``source`` says where the rule comes from.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> server = ImapServer("MBX01", exchange=transport, windows=transport)
    >>> wanted = SetImapSettings(unencrypted_or_tls_bindings=(Binding("10.0.0.12", 143),))
    >>> (warning,) = server.plan(DesiredState(settings=wanted)).warnings
    >>> warning.rule, warning.evidence
    ('no-loopback', (('UnencryptedOrTLSBindings', '"10.0.0.12:143"'),))
    """

    rule: str
    severity: Severity
    reason: str
    right: str
    evidence: Evidence = ()
    fix: tuple[Cmdlet, ...] = ()
    source: str = ""

    def _mark(self) -> Mark:
        return mark_of(self.severity)

    def __str__(self) -> str:
        return f"{sentences(f'{self.reason}; {self.right[:1].lower()}{self.right[1:]}')} [{self.rule}]"

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold, with stable keys."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "reason": self.reason,
            "right": self.right,
            "evidence": dict(self.evidence),
            "fix": [str(command) for command in self.fix],
            "source": self.source,
        }


def rank(severity: Severity) -> int:
    """Return the place of a severity where the worst comes first."""
    return list(Severity).index(severity)


def mark_of(severity: Severity) -> Mark:
    """Return the word that stands beside what is found."""
    from ._html.facts import Mark  # noqa: PLC0415 - loaded by who looks

    return {Severity.ERROR: Mark.PROBLEM, Severity.WARNING: Mark.WARNING, Severity.NOTE: Mark.NOTE}[severity]
