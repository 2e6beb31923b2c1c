"""One server at one moment, as far as it could be read: what is stored, what runs, and what clients are told."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

import attrs

from .._cmdlets.advertised import shown_to_users, submission
from .._cmdlets.certificates import ExchangeCertificate
from .._cmdlets.components import ComponentState
from .._cmdlets.imap_settings import ImapSettings
from .._cmdlets.receive_connectors import ReceiveConnector
from .._cmdlets.services import ServiceState
from .._cmdlets.web import NetStart, NetStop
from .._entry import entry
from .._errors import ExchangeImapError, InvalidValueError
from .._json import Json
from .._plan.by_name import ByName
from .._public import public
from .._shown import glance, legible, section, short
from .._values import CertificateService, ConnectionSetting, ServiceStatus
from .._viewed import Viewed

if TYPE_CHECKING:
    from .._html.facts import Facts
    from .._plan.connection_map import ConnectionMap

__all__ = ["Freshness", "ServerStatus"]

_RESTART_IIS: Final = (
    f"if Outlook on the web shows something older, restart IIS: {NetStop(yes=True)}, then {NetStart()}"
)
_PARTS: Final = ("settings", "services", "components", "connectors", "certificates")
_UNREAD: Final = "not read"
_NOT_READ: Final = "not known: the {} could not be read"


@public
class Freshness(enum.Enum):
    """Whether a service has read the stored settings, and why that is known or not.

    >>> Freshness.STOPPED.value
    'it reads the settings when it starts'
    """

    UP_TO_DATE = "it has read the stored settings: it has started since they were written"
    PENDING = "it has older settings: they were written after it had started"
    STOPPED = "it reads the settings when it starts"
    UNKNOWN = "whether it has read the stored settings is not known: no server tells that"


@entry
@attrs.frozen(kw_only=True, repr=False)
class ServerStatus(Viewed):
    """A server as :meth:`ImapServer.status` reads it. ``str`` is a short report, and :meth:`to_dict` has everything.

    A part that could not be read is ``None``, and ``errors`` has the error under the part's name. ``connectors`` and
    ``certificates`` are all of the server; ``components`` are those on which IMAP4 depends. ``pending`` and
    ``up_to_date`` are as in :class:`ServerState`, and so is ``read_at``.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> status = ImapServer("MBX01", exchange=transport).status()
    >>> status.settings is not None, status.services, list(status.errors)
    (True, None, ['services'])
    """

    server: str
    settings: ImapSettings | None = None
    services: tuple[ServiceState, ...] | None = None
    components: ByName[ComponentState] | None = None
    connectors: tuple[ReceiveConnector, ...] | None = None
    certificates: tuple[ExchangeCertificate, ...] | None = None
    pending: frozenset[str] = frozenset()
    up_to_date: frozenset[str] = frozenset()
    errors: ByName[ExchangeImapError] = attrs.field(factory=ByName)
    read_at: datetime | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def freshness(self) -> ByName[Freshness]:
        """Whether each service has read the stored settings. It is known only of services that this program started."""
        return ByName({service.name: self._freshness(service) for service in self.services or ()})

    def _freshness(self, service: ServiceState) -> Freshness:
        name = service.name.lower()
        if service.status is ServiceStatus.Stopped:
            return Freshness.STOPPED
        if name in self.pending:
            return Freshness.PENDING
        return Freshness.UP_TO_DATE if name in self.up_to_date else Freshness.UNKNOWN

    @property
    def external(self) -> tuple[ConnectionSetting, ...] | None:
        """What clients outside are told; ``None`` if the settings could not be read."""
        return None if self.settings is None else self.settings.external_connection_settings

    @property
    def internal(self) -> tuple[ConnectionSetting, ...] | None:
        """What clients inside are told, and other servers that forward a session; ``None`` as above."""
        return None if self.settings is None else self.settings.internal_connection_settings

    @property
    def submission(self) -> tuple[ConnectionSetting, ...] | None:
        """What clients are told about sending, by the connectors that advertise it; ``None`` if these were not read."""
        return None if self.connectors is None else tuple(submission(self.connectors))

    @property
    def outlook_web(self) -> tuple[ConnectionSetting, ...] | None:
        """What Outlook on the web shows of IMAP4 once IIS has read the settings: 993/SSL hides 143/TLS."""
        return None if self.external is None else shown_to_users(self.external)

    @property
    def certificate(self) -> ExchangeCertificate | None:
        """The certificate in use: the one that X509CertificateName names. ``None`` if it is not known which."""
        found = self._candidates()
        return found[0] if len(found) == 1 else None

    def _candidates(self) -> list[ExchangeCertificate]:
        """Return the certificates that cover the name, and are enabled for IMAP or cannot be, as wildcards."""
        name = self.settings.x509_certificate_name if self.settings else None
        return [each for each in self.certificates or () if name and each.covers(name) and _serves_imap(each)]

    @property
    def certificate_note(self) -> str:
        """Why that certificate is the one in use, or why it is not known which one is."""
        unread = [part for part in ("settings", "certificates") if getattr(self, part) is None]
        if self.settings is None or unread:
            return _NOT_READ.format(" and the ".join(unread))
        name, found = self.settings.x509_certificate_name, self._candidates()
        if not name:
            return "not known: X509CertificateName is empty"
        if len(found) == 1:
            doubt = "" if found[0].services is not None else "; the server does not tell whether it is enabled for IMAP"
            return f"the only one for {name}{doubt}"
        what = f"{len(found)} certificates are" if found else "no certificate is"
        return f"not known: {what} for {name} and for IMAP"

    def map(self) -> ConnectionMap:
        """Draw how clients connect, and what is wrong there, as SVG: see :class:`ConnectionMap`.

        Raises :class:`InvalidValueError` if the settings could not be read.

        >>> from exchange_imap.testing import FakeExchange
        >>> transport = FakeExchange(servers=["MBX01"]).transport()
        >>> ImapServer("MBX01", exchange=transport, windows=transport).status().map().save(Path(folder) / "mbx01.svg")
        """
        from .._plan.state import ServerState  # noqa: PLC0415 - loaded by who looks

        if self.settings is None:
            raise InvalidValueError("ServerStatus.map", "settings that could be read", str(self.errors.get("settings")))
        return ServerState(
            settings=self.settings,
            services=self.services or (),
            certificates=ByName({each.thumbprint: each for each in self.certificates or ()}),
            connectors=ByName({each.identity or each.name: each for each in self.connectors or ()}),
            components=self.components or ByName(),
            pending=self.pending,
            up_to_date=self.up_to_date,
            read_at=self.read_at,
        ).map()

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold: the parts, and what follows from them."""
        return {
            "server": self.server,
            "settings": self.settings.to_dict() if self.settings else None,
            "services": _all_to_dict(self.services),
            "freshness": {name: each.name for name, each in self.freshness.items()},
            "components": _all_to_dict(self.components.values() if self.components is not None else None),
            "connectors": _all_to_dict(self.connectors),
            "certificates": _all_to_dict(self.certificates),
            "certificate": self.certificate.thumbprint if self.certificate else None,
            "certificate_note": self.certificate_note,
            "external": _texts(self.external),
            "internal": _texts(self.internal),
            "submission": _texts(self.submission),
            "outlook_web": _texts(self.outlook_web),
            "errors": {part: error.to_dict() for part, error in self.errors.items()},
            "read_at": self.read_at.isoformat() if self.read_at else None,
        }

    def _facts(self) -> Facts:
        from .._html.facts import Mark  # noqa: PLC0415 - loaded by who looks
        from .facts_of_status import facts_of_status  # noqa: PLC0415 - loaded by who looks

        marks = {_UNREAD: Mark.PROBLEM}
        if Freshness.PENDING in self.freshness.values():
            marks["services"] = Mark.PENDING
        return facts_of_status(self.server, self._sections(), {part: getattr(self, part) for part in _PARTS}, marks)

    def __repr__(self) -> str:
        from .._plan.at_a_glance import state_in_short  # noqa: PLC0415 - few reprs are made

        others = {part: getattr(self, part) for part in ("certificates", "connectors", "components")}
        unread = [f"not read={short(tuple(self.errors))}"] if self.errors else []
        return glance(self, [*state_in_short(self.server, self, others), *unread])

    def __str__(self) -> str:
        return "\n".join(map(legible, self._lines()))

    def _lines(self) -> Iterator[str]:
        yield self.server
        for label, lines in self._sections():
            yield from section(label, lines)

    def _sections(self) -> Iterator[tuple[str, Iterable[str]]]:
        yield "settings", self._of_settings()
        yield "services", map(self._of_service, self.services or ())
        yield "components", (f"{each.component} {each.state}" for each in self._components())
        yield "certificate", self._of_certificate()
        yield "external", _shown(self.external)
        yield "internal", _shown(self.internal)
        yield "sending", _shown(self.submission)
        yield "web", self._of_outlook_web()
        yield _UNREAD, (f"{part}: {error}" for part, error in self.errors.items())

    def _components(self) -> Iterable[ComponentState]:
        return () if self.components is None else self.components.values()

    def _of_settings(self) -> Iterator[str]:
        if self.settings is not None:
            written = self.settings.when_changed_utc or self.settings.when_changed or "not told when"
            yield f"stored; last written: {written}; LoginType {self.settings.login_type}"

    def _of_service(self, service: ServiceState) -> str:
        state = f"{service.name} {service.status}, {service.startup_type}"
        return f"{state}: {self._freshness(service).value}"

    def _of_certificate(self) -> Iterator[str]:
        used = self.certificate
        if used is None:
            yield self.certificate_note
        for each in [used] if used else self._candidates():
            yield f"{each.thumbprint}, {each.subject}, valid until {each.not_after:%Y-%m-%d %H:%M %Z}"
        if used is not None:
            yield self.certificate_note

    def _of_outlook_web(self) -> Iterator[str]:
        if self.external is None:
            return
        yield from _shown(self.outlook_web)
        hidden = [str(each) for each in self.external if each not in (self.outlook_web or ())]
        if hidden:
            yield f"that hides {', '.join(hidden)}"
        yield _RESTART_IIS


def _serves_imap(certificate: ExchangeCertificate) -> bool:
    """Say whether it may be in use: what a server does not tell of may be. Source: page of Set-ImapSettings."""
    if certificate.has_private_key is False:
        return False
    wildcard = any(name.startswith("*.") for name in certificate.certificate_domains)
    return wildcard or certificate.services is None or CertificateService.IMAP in certificate.services


def _all_to_dict(
    found: Iterable[ServiceState | ComponentState | ReceiveConnector | ExchangeCertificate] | None,
) -> Json:
    return None if found is None else [each.to_dict() for each in found]


def _texts(settings: tuple[ConnectionSetting, ...] | None) -> Json:
    return None if settings is None else [str(each) for each in settings]


def _shown(settings: tuple[ConnectionSetting, ...] | None) -> Iterator[str]:
    if settings is not None:
        yield ", ".join(map(str, settings)) or "nothing"
