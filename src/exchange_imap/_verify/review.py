"""Review a server: what its configuration means for clients, the likely cause first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from .._entry import entry
from .._errors import InvalidValueError
from .._finding import Finding, rank
from .._plan.resource import KEYS
from .._plan.state import ServerState
from .._reading.server_status import ServerStatus
from .._rules.every import BY_CAUSE
from .._rules.situation import Situation

__all__ = ["found_in", "review"]


@entry(state="Give server.state(), server.status(), or ServerState(settings=..., services=...).")
def review(state: ServerState | ServerStatus, *, now: datetime | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with a server for its clients, or risky, the likely cause first; nothing is sent.

    ``state`` is what was read: by :meth:`ImapServer.state` or :meth:`ImapServer.status`, or a :class:`ServerState` that
    is made of snapshots from files. Nothing is said of a part that it does not have. A status has every connector and
    certificate; a state has those that it was asked for.

    ``ERROR`` means that clients certainly cannot connect, and a note may be as you want it. Errors come before warnings
    and notes, and each of these in the order of causes: components and services, settings, certificates, connectors,
    mailboxes, limits. ``Finding.fix`` are commands that put it right, where it is clear which ones. A setting takes
    effect after both services have restarted.

    Certificates are judged by the time ``now``, or else by ``state.read_at``. If neither is known, only what the server
    itself says of its certificates counts. Raises :class:`InvalidValueError` for a ``now`` without a time zone.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> first, *others = review(ImapServer("MBX01", exchange=transport, windows=transport).status())
    >>> print(first.rule, first.severity, str(first.fix[0]))
    service-not-running Severity.ERROR Start-Service MSExchangeImap4
    """
    if now is not None and now.tzinfo is None:
        raise InvalidValueError("review(now)", "a moment with its time zone", now)
    situation = Situation(
        parts=_parts(state), moment=now or state.read_at, pending=state.pending, up_to_date=state.up_to_date
    )
    return found_in(situation)


def found_in(situation: Situation) -> tuple[Finding, ...]:
    """Return what the rules about states find, the worst first."""
    found = [rule.finding(each) for rule in BY_CAUSE for each in rule.in_state(situation)]
    return tuple(sorted(found, key=lambda finding: rank(finding.severity)))


def _parts(state: ServerState | ServerStatus) -> Mapping[str, Any]:  # Any: each part has its own type
    """Return the parts that are known: of a state those that are not empty, of a status those that could be read."""
    if isinstance(state, ServerState):
        return {key: part for key in KEYS if (part := getattr(state, key))}
    return dict(_of_status(state))


def _of_status(status: ServerStatus) -> Iterator[tuple[str, Any]]:  # Any: as above
    for key in ("settings", "services", "components"):
        if (part := getattr(status, key)) is not None:
            yield key, part
    if status.connectors is not None:
        yield "connectors", {each.identity or each.name: each for each in status.connectors}
    if status.certificates is not None:
        yield "certificates", {each.thumbprint: each for each in status.certificates}
