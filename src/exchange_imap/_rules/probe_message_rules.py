"""Rules about a message to oneself: that it is not taken, or does not arrive."""

from __future__ import annotations

from collections.abc import Iterator

from .._finding import Severity
from .._probe.result import ProbeFailure, ProbeResult, Stage
from .found import Found
from .registry import ProbeExample, probe_rule
from .seen import ended, host_and_port, last_words, stopped

__all__: list[str] = []


@probe_rule(
    "message-refused",
    Severity.ERROR,
    "A message that the server does not take from the user who is logged in.",
    ProbeExample(
        setting="mail.contoso.com:587:TLS",
        failed=(Stage.SEND, ProbeFailure.REJECTED),
        said="550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    ),
    source="RFC 6409, 6.1; Microsoft Learn: Receive connectors (permissions)",
)
def message_refused(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a refusal of the sender, the recipient or the text."""
    if ended(result, ProbeFailure.REJECTED, at={Stage.SEND}):
        reason = f"{host_and_port(result)} does not take a message of this user: {last_words(result)}"
        right = "Check that the address is one of the user's own mailbox (Get-Mailbox <user>, EmailAddresses)"
        yield stopped(result, reason, right)


@probe_rule(
    "message-not-arrived",
    Severity.ERROR,
    "A message that was taken for delivery and did not come in time.",
    ProbeExample(failed=(Stage.FETCH, ProbeFailure.TIMED_OUT), said="<0123@contoso.com> has not come"),
    source="RFC 5321, 4.5.4.1; Microsoft Learn: Search message tracking logs",
)
def message_not_arrived(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield the wait for a message that ended with the time."""
    stage = result.failed
    if stage and ended(result, ProbeFailure.TIMED_OUT, at={Stage.FETCH}):
        reason = (
            "the message was taken and is not in INBOX"
            f" ({stage.elapsed.total_seconds():.1f} s at {host_and_port(result)}): {stage.said}"
        )
        right = (
            "Follow it with Get-MessageTrackingLog -MessageId, and see Get-Queue; a rule of the mailbox or the filter"
            " for junk may have moved it"
        )
        yield stopped(result, reason, right)
