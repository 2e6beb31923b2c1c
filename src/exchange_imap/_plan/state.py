"""The state of one server at one moment."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

import attrs

from .._cmdlets.imap_settings import ImapSettings
from .._cmdlets.services import ServiceState
from .._entry import entry
from .._errors import InvalidValueError
from .._model.snapshot import Snapshot
from .._shown import glance
from .._values import UNSET, ServiceStatus, StartupType, Unset
from .._values.given import require_text
from .._viewed import Viewed
from .as_data.model import PlainData
from .by_name import ByName
from .parts import PART, keys_of, resource_module

if TYPE_CHECKING:
    from .._cmdlets.certificates import ExchangeCertificate
    from .._cmdlets.components import ComponentState
    from .._cmdlets.mailboxes import CASMailbox
    from .._cmdlets.pop_settings import PopSettings
    from .._cmdlets.receive_connectors import ReceiveConnector
    from .._html.facts import Facts
    from .connection_map import ConnectionMap
else:  # loaded by who reads them; typing.get_type_hints gives their base
    ExchangeCertificate = ComponentState = CASMailbox = PopSettings = ReceiveConnector = Snapshot

__all__ = ["ServerState"]


def _check_moment(_state: ServerState, _attribute: object, moment: datetime | None) -> None:
    if moment is not None and moment.tzinfo is None:
        raise InvalidValueError("ServerState.read_at", "a moment with its time zone", moment)


@entry
@attrs.frozen(kw_only=True, repr=False)
class ServerState(PlainData, Viewed):
    """The stored IMAP4 settings and the services of a server, and what else was asked for.

    ``certificates`` (by thumbprint), ``connectors``, ``mailboxes`` and ``components`` hold what a plan is about, under
    the names that the desired state has for it. Each is empty, and ``pop_settings`` ``None``, unless it was asked for.

    ``pending`` holds the names, in lower case, of running services that have not read the stored settings, and
    ``up_to_date`` of those that have. No server reports this: the library knows it from its own writes and starts, or
    from the caller. For a running service in neither set it is not known.

    ``read_at`` is when the server was read, by the clock of this computer: certificates are judged by it. Two states
    are equal whenever they were read.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> ImapServer("MBX01", exchange=transport, windows=transport).state().service("MSExchangeIMAP4").status
    ServiceStatus.Stopped
    """

    # In the order in which a plan changes them.
    certificates: ByName[ExchangeCertificate] = attrs.field(factory=ByName, metadata=PART)
    settings: ImapSettings = attrs.field(metadata=PART)
    pop_settings: PopSettings | None = attrs.field(default=None, metadata=PART)
    connectors: ByName[ReceiveConnector] = attrs.field(factory=ByName, metadata=PART)
    mailboxes: ByName[CASMailbox] = attrs.field(factory=ByName, metadata=PART)
    components: ByName[ComponentState] = attrs.field(factory=ByName, metadata=PART)
    services: tuple[ServiceState, ...] = attrs.field(metadata=PART)
    pending: frozenset[str] = frozenset()
    up_to_date: frozenset[str] = frozenset()
    # It tells when something was so and not what: it counts neither for equality nor for a plan's digest.
    read_at: datetime | None = attrs.field(default=None, eq=False, repr=False, validator=_check_moment)

    def map(self) -> ConnectionMap:
        """Draw how clients connect, and what is wrong there, as SVG.

        Connectors and certificates are in it as far as the state has them: read it with :meth:`ImapServer.state` of a
        desired state that names them. See :class:`ConnectionMap`.

        >>> from exchange_imap.testing import FakeExchange
        >>> transport = FakeExchange(servers=["MBX01"]).transport()
        >>> print(ImapServer("MBX01", exchange=transport, windows=transport).state().map())
        <svg xmlns="http://www.w3.org/2000/svg" class="xi-map" role="img" viewBox="0 0 640 ...
        """
        from .map_of_state import map_of  # noqa: PLC0415 - loaded by who looks

        return map_of(self.settings.server, ("", self))

    def _facts(self) -> Facts:
        from .facts_of_state import facts_of_state  # noqa: PLC0415 - loaded by who looks

        parts = {part: getattr(self, part) for part in keys_of(ServerState)}
        return facts_of_state(self.settings.server, parts, self.pending, self.unknown)

    def __str__(self) -> str:
        from .._html.text import as_text  # noqa: PLC0415 - loaded by who looks

        return as_text(self._facts())

    def __repr__(self) -> str:
        from .at_a_glance import state_in_short  # noqa: PLC0415 - few reprs are made

        others = {part: getattr(self, part) for part in keys_of(ServerState) if isinstance(getattr(self, part), ByName)}
        return glance(self, state_in_short(self.settings.server, self, others))

    @property
    def unknown(self) -> frozenset[str]:
        """The running services, in lower case, that may or may not have read the stored settings."""
        return self.running - self.pending - self.up_to_date

    @property
    def running(self) -> frozenset[str]:
        """The services, in lower case, that are not stopped."""
        return frozenset(
            service.name.lower() for service in self.services if service.status is not ServiceStatus.Stopped
        )

    def same(self, other: ServerState) -> bool:
        """Say whether both are the same as far as a plan changes a server.

        That is each setting that can be written, the services' status and start type, what certificates are enabled
        for, and who wants a component inactive.
        """
        return all(
            resource_module(key).RESOURCE.same(getattr(self, key), getattr(other, key))
            for key in keys_of(ServerState)
            if getattr(self, key) or getattr(other, key)
        )

    def service(self, name: str) -> ServiceState:
        """Return the service of that name, whatever its case. Raises :class:`InvalidValueError` for another name."""
        require_text("service", name)
        for service in self.services:
            if service.name.lower() == name.lower():
                return service
        raise InvalidValueError("service", f"one of {', '.join(service.name for service in self.services)}", name)

    def with_service(
        self, name: str, *, startup_type: StartupType | Unset = UNSET, status: ServiceStatus | Unset = UNSET
    ) -> Self:
        """Return the state with one service changed. Setting its status means that it is stopped or started."""
        old = self.service(name)
        new = attrs.evolve(
            old,
            startup_type=old.startup_type if isinstance(startup_type, Unset) else startup_type,
            status=old.status if isinstance(status, Unset) else status,
        )
        services = tuple(new if service is old else service for service in self.services)
        if isinstance(status, Unset):
            return attrs.evolve(self, services=services)
        changed = frozenset({name.lower()})
        up_to_date = self.up_to_date - changed | (changed if status is ServiceStatus.Running else frozenset())
        return attrs.evolve(self, services=services, pending=self.pending - changed, up_to_date=up_to_date)
