"""A finding of a rule: its severity, evidence and reason, and what would be right."""

from __future__ import annotations

import enum
from typing import Generic, TypeVar

import attrs

from .._entry import entry
from .._errors import sentences
from .._json import Json
from .._public import public

__all__ = ["Evidence", "Finding", "Found", "Severity"]

P = TypeVar("P")
Evidence = tuple[tuple[str, str], ...]
"""Parameters by name, each with the value that it has, in the order in which they are to be read."""


@public
class Severity(enum.Enum):
    """The severity of a finding.

    >>> [finding.severity for finding in check_script("Get-ImapSettings -Servr MBX01")]
    [<Severity.ERROR: 'error'>]
    """

    ERROR = "error"
    """It cannot run: PowerShell, the server, or an endpoint without language refuses it."""
    WARNING = "warning"
    """It runs, and the result is probably not what you want."""
    NOTE = "note"
    """It runs under a condition, or could not be checked."""


@entry
@attrs.frozen(kw_only=True)
class Finding:
    """One thing that is wrong or risky in the settings of a server, and what would be right.

    ``rule`` is a stable id, the same that :func:`check_script` gives: match on it, the texts may change. ``evidence``
    are the parameters that show it, by name, each with its value as a command has it; the first is the one to change.

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
        }


@attrs.frozen
class Found(Generic[P]):
    """What the function of a rule yields: a finding without the rule, and what it is about.

    That is a field of the settings, or a part of a script.
    """

    reason: str
    right: str
    at: P
    evidence: Evidence = ()
