"""The state of a server for the rules to check, and which of it to check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs

from .._cmdlets.imap_settings import ImapSettings
from .._cmdlets.services import IMAP4_SERVICES, ServiceState
from .._values import ServiceStatus
from .resulting import Resulting

__all__ = ["Changed", "Situation"]

Changed = Mapping[str, Mapping[str, frozenset[str]]]
"""By part and by name of the object, in lower case, the fields that a plan changes."""


@attrs.frozen(kw_only=True)
class Situation:
    """A state of a server: the one that a plan leads to, or one that was read.

    A rule reports only what the plan has to do with. If there is no plan, everything is checked.
    """

    parts: Mapping[str, Any]  # Any: each part has its own type
    """The parts that are known, by name: one object, objects by name, or the services."""
    moment: datetime | None = None
    """When the server was read; ``None`` if that is not known."""
    changed: Changed | None = None
    """What the plan changes; ``None`` without a plan."""
    pending: frozenset[str] = frozenset()
    """The services, in lower case, that have older settings than those that are stored."""
    up_to_date: frozenset[str] = frozenset()
    """The services, in lower case, that have read the stored settings. Of the others it is not known."""

    @property
    def settings(self) -> ImapSettings | None:
        """The IMAP4 settings; ``None`` if they are not known."""
        found: ImapSettings | None = self.parts.get("settings")
        return found

    @property
    def resulting(self) -> Resulting | None:
        """The IMAP4 settings, for the rules about them; ``None`` if they are not known."""
        if self.settings is None:
            return None
        return Resulting.of(self.settings) if self.changed is None else Resulting.of(self.settings, self._settings())

    def known_settings(self) -> Iterator[tuple[ImapSettings, Resulting]]:
        """Yield the IMAP4 settings, as they are and for rules, if they are known."""
        if self.settings is not None and self.resulting is not None:
            yield self.settings, self.resulting

    @property
    def services(self) -> tuple[ServiceState, ...]:
        """The services that are known."""
        found: tuple[ServiceState, ...] = self.parts.get("services", ())
        return found

    def objects(self, part: str) -> Mapping[str, Any]:  # Any: of the class of this part's objects
        """Return the objects of a part in the order of their names; none if the part is not known."""
        found: Mapping[str, Any] = self.parts.get(part, {})  # Any: as above
        return {name: found[name] for name in sorted(found, key=str.casefold)}

    def changes(self, part: str, name: str, *fields: str) -> bool:
        """Say whether the plan changes one of the fields of an object."""
        found = (self.changed or {}).get(part, {}).get(name.casefold(), frozenset())
        return not found.isdisjoint(fields)

    def checks(self, part: str, name: str, *fields: str) -> bool:
        """Say whether the fields of an object are to be checked."""
        return self.changed is None or self.changes(part, name, *fields)

    def checks_settings(self, *fields: str) -> bool:
        """Say whether one of these settings is to be checked."""
        return self.changed is None or not self._settings().isdisjoint(fields)

    def _settings(self) -> frozenset[str]:
        return frozenset().union(*(self.changed or {}).get("settings", {}).values())

    def imap4_services(self) -> list[ServiceState]:
        """Return the two services of IMAP4, as far as they are known."""
        return [found for found in map(self.service, IMAP4_SERVICES) if found is not None]

    def service(self, name: str) -> ServiceState | None:
        """Return a service; ``None`` if it is not known."""
        return next((each for each in self.services if each.name.casefold() == name.casefold()), None)

    def starts(self, name: str) -> bool:
        """Say whether the plan starts or restarts a service."""
        found = self.service(name)
        return self.changes("services", name, "status") and found is not None and found.status is ServiceStatus.Running
