"""What the rules find in what a probe saw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import attrs

from .._finding import Finding, Severity, rank
from . import probe_certificate_rules, probe_login_rules, probe_message_rules, probe_rules
from .registry import DECLARED

if TYPE_CHECKING:
    from .._probe.result import ProbeResult

__all__ = ["PROBE_MODULES", "probe_findings"]

PROBE_MODULES: Final = (probe_rules, probe_certificate_rules, probe_login_rules, probe_message_rules)
"""The modules of the rules about probes, in the order in which a client meets what they are about."""


def probe_findings(result: ProbeResult) -> tuple[Finding, ...]:
    """Return what is found: what stopped the client first, then the rest, the worst first.

    What stops a client is an error, however severe it is where a rule finds it on a server.
    """
    found = sorted(_found(result), key=lambda each: (not each[0], rank(each[1].severity)))
    return tuple(attrs.evolve(each, severity=Severity.ERROR) if stops else each for stops, each in found)


def _found(result: ProbeResult) -> Iterator[tuple[bool, Finding]]:
    """Yield each finding, with whether it explains why the probe ended."""
    for rule in tuple(DECLARED.values()):
        for each in rule.probe(result) if rule.probe else ():
            yield bool(each.at), rule.finding(each)
