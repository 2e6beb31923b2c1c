"""Desired states from the lines of PowerShell that would bring them about."""

from __future__ import annotations

from typing import Any

import exchange_imap as xi
from exchange_imap._plan.resource import resources

__all__ = ["desire"]


def desire(*lines: str, restart: bool = False) -> xi.DesiredState:
    """Desire what the cmdlets in these lines state, each in the part that takes it."""
    parts: dict[str, Any] = {}  # Any: a cmdlet or several, by part
    keys = {each.states: each.key for each in resources()}
    for line in lines:
        cmdlet = xi.parse(line)
        assert isinstance(cmdlet, xi.Cmdlet)
        parts.setdefault(keys[type(cmdlet)], []).append(cmdlet)
    several = {key for key in parts if isinstance(getattr(xi.DesiredState(), key), tuple)}
    return xi.DesiredState(restart=restart, **{key: each if key in several else each[0] for key, each in parts.items()})
