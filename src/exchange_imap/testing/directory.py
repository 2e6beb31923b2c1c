"""What the directory says of any configuration object of a new server."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, Final

__all__ = ["INSTALLED", "directory_facts", "directory_guid"]

INSTALLED: Final = datetime(2025, 1, 1, 9, tzinfo=UTC)
"""When every fake server was installed, and where the fake's clock begins."""


def directory_facts(
    identity: str, distinguished_name: str, *, domain: str, category: str, classes: tuple[str, ...]
) -> dict[str, Any]:  # Any: properties of several types
    """Return the properties that every such object has."""
    when = INSTALLED.isoformat()
    return {
        "identity": identity,
        "id": identity,
        "guid": directory_guid(distinguished_name),
        "distinguished_name": distinguished_name,
        "exchange_version": "0.1 (8.0.535.0)",
        "object_category": f"{domain}/Configuration/Schema/{category}",
        "object_class": classes,
        "originating_server": f"DC01.{domain}",
        "when_changed": when,
        "when_created": when,
        "when_changed_utc": when,
        "when_created_utc": when,
        "is_valid": True,
        "object_state": "Unchanged",
    }


def directory_guid(distinguished_name: str) -> uuid.UUID:
    """Return the GUID of the object at that place: the same in every run."""
    return uuid.uuid5(uuid.NAMESPACE_X500, distinguished_name)
