"""Rules about limits of the settings: what grows without one, and what a low one refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._finding import Severity
from .found import Found
from .registry import StateExample, review_rule
from .resulting import when_new
from .situation import Situation

__all__: list[str] = []

_SET: Final = "Set-ImapSettings -Server MBX01"
_PAGE: Final = "Microsoft Learn: Set-ImapSettings"


@review_rule(
    "log-without-bound",
    Severity.WARNING,
    "A protocol log that is one file without a limit.",
    StateExample(
        broken=(f"{_SET} -ProtocolLogEnabled $true -LogPerFileSizeQuota unlimited",),
        right=(f"{_SET} -ProtocolLogEnabled $true",),
    ),
    source="Microsoft Learn: Configure protocol logging for POP3 and IMAP4 (Exchange 2013)",
)
def log_without_bound(situation: Situation) -> Iterator[Found[str]]:
    """Yield once if the log is on and its quota unlimited; with a quota of 0, new files begin by time."""
    for settings, resulting in situation.known_settings():
        quota = "log_per_file_size_quota"
        if settings.protocol_log_enabled and settings.log_per_file_size_quota.bytes is None:
            reason = "LogPerFileSizeQuota is unlimited: the protocol log is one file that grows until the disk is full"
            evidence = resulting.evidence(quota, "protocol_log_enabled", "log_file_location")
            fix = resulting.setting(**{quota: when_new(quota)})
            yield Found(reason, "Write 0, by which new files begin by time, or a size", quota, evidence, fix)


@review_rule(
    "connection-limit",
    Severity.NOTE,
    "A limit of connections for each user that is lower than a new server's.",
    StateExample(broken=(f"{_SET} -MaxConnectionsPerUser 4",)),
    source=f"{_PAGE} (-MaxConnectionsPerUser)",
)
def connection_limit(situation: Situation) -> Iterator[Found[str]]:
    """Yield once if a user may have fewer connections than by default: one client opens several."""
    for settings, resulting in situation.known_settings():
        field, usual = "max_connections_per_user", when_new("max_connections_per_user")
        if settings.max_connections_per_user < usual:
            reason = f"MaxConnectionsPerUser: {settings.max_connections_per_user}, and {usual} on a new server"
            right = "Write more if clients are refused: each of them opens several connections"
            yield Found(reason, right, field, resulting.evidence(field), resulting.setting(**{field: usual}))
