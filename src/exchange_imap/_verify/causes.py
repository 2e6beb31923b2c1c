"""Which of the findings is the cause: what a client saw is often explained by what the server was found to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from .._finding import Finding, Severity, rank
from .._probe.result import ProbeResult, Protocol, Stage

__all__ = ["cause_first"]

_CONNECTING: Final = frozenset({Stage.TCP, Stage.GREETING, Stage.STARTTLS, Stage.TLS})
_TRUSTING: Final = frozenset({Stage.TLS, Stage.STARTTLS, Stage.CERTIFICATE})
_LOGGING_IN: Final = frozenset({Stage.LOGIN, Stage.AUTH})

_EXPLAINS: Final[Mapping[str, tuple[Protocol, frozenset[Stage]]]] = {
    "restart-pending": (Protocol.IMAP4, _CONNECTING | _TRUSTING | _LOGGING_IN),
    "port-and-method": (Protocol.IMAP4, _CONNECTING),
    "certificate-missing": (Protocol.IMAP4, _TRUSTING),
    "certificate-not-enabled": (Protocol.IMAP4, _TRUSTING),
    "certificate-names": (Protocol.IMAP4, _TRUSTING),
    "certificate-host": (Protocol.IMAP4, _TRUSTING),
    "self-signed-certificate": (Protocol.IMAP4, _TRUSTING),
    "unencrypted-connection": (Protocol.IMAP4, _LOGGING_IN),
    "internal-names": (Protocol.IMAP4, _LOGGING_IN),
    "mailbox-without-access": (Protocol.IMAP4, _LOGGING_IN),
    "mailbox-not-read": (Protocol.IMAP4, _LOGGING_IN),
    "administrator-mailbox": (Protocol.IMAP4, _LOGGING_IN),
    "connector-name": (Protocol.SMTP, _TRUSTING),
    "connector-certificate": (Protocol.SMTP, _TRUSTING),
    "connector-without-tls": (Protocol.SMTP, _TRUSTING | _LOGGING_IN),
    "connector-disabled": (Protocol.SMTP, _CONNECTING),
}
"""By rule, whose client, and the stages at which it meets what the rule finds; the likeliest first."""
_MANAGED_AVAILABILITY: Final = "healthapi"
"""The requester in whose name Exchange itself makes a component inactive, in lower case."""


def cause_first(
    reviewed: Iterable[Finding], probes: Iterable[ProbeResult], others: Iterable[Finding]
) -> tuple[Finding, ...]:
    """Return all findings, each once: the errors first, then the warnings and the notes, each in their order.

    What the server was found to be comes before what clients saw of it. A warning that explains the first error comes
    before that error.
    """
    reviewed, probes = tuple(reviewed), tuple(probes)
    seen = (found for probe in probes for found in probe.findings)
    found = sorted(dict.fromkeys((*reviewed, *seen, *others)), key=lambda each: rank(each.severity))
    cause = next(_explaining(found[0], reviewed, found, probes), found[0]) if found else None
    return tuple(found) if cause is None else (cause, *(each for each in found if each is not cause))


def _explaining(
    error: Finding, reviewed: Iterable[Finding], found: Iterable[Finding], probes: Iterable[ProbeResult]
) -> Iterator[Finding]:
    """Yield what explains the first error, the likeliest first."""
    warnings = [each for each in found if each.severity is Severity.WARNING]
    if error.severity is not Severity.ERROR:
        return
    if _is_by_managed_availability(error):
        yield from (each for each in warnings if each.rule == "no-loopback")
    if error in reviewed:
        return
    failed = {(probe.protocol, probe.failed.name) for probe in probes if probe.failed and error in probe.findings}
    for rule, (protocol, stages) in _EXPLAINS.items():
        # The server's own test says only that it failed: whatever concerns IMAP4 may be why.
        if (not failed and protocol is Protocol.IMAP4) or any((protocol, stage) in failed for stage in stages):
            yield from (each for each in warnings if each.rule == rule)


def _is_by_managed_availability(found: Finding) -> bool:
    return found.rule == "component-inactive" and _MANAGED_AVAILABILITY in dict(found.evidence)["Requester"].lower()
