"""How clients connect to a server, as boxes and arrows, from what they are told to the backend, and what is wrong.

A connection of IMAP4 goes from the client, which was told a host, a port and a method, to a binding. The service behind
it presents the certificate and forwards the session to the backend service at the proxy port. Sending goes to a Receive
connector. Source: Microsoft Learn, POP3 and IMAP4 in Exchange Server, and authenticated SMTP.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, Protocol

import attrs

from .._cmdlets.advertised import submission
from .._cmdlets.certificates import ExchangeCertificate
from .._cmdlets.components import ComponentState
from .._cmdlets.imap_settings import ImapSettings
from .._cmdlets.receive_connectors import ReceiveConnector
from .._cmdlets.services import IMAP4_BACKEND_SERVICE, IMAP4_SERVICE, ServiceState
from .._finding import Finding, mark_of
from .._html.diagram import FROM_WORST, Arrow, Box, Diagram, Line, Note, Panel
from .._html.facts import Mark
from .._html.svg import as_svg
from .._rules.consistency import match_bindings
from .._rules.every import BY_CAUSE
from .._rules.situation import Situation
from .._values import ConnectionSetting, Encryption
from .by_name import ByName
from .connection_map import ConnectionMap
from .parts import keys_of

__all__ = ["map_of"]

_MOST_LINES: Final = 6
_MOST_CONNECTORS: Final = 3
_CLIENTS, _TOLD, _BOUND, _CERTIFICATE, _FRONT, _PROXY, _BACK = range(7)
_SENDING: Final = 2
"""The column of what is about sending."""

_SERVICES: Final = {"front": IMAP4_SERVICE, "back": IMAP4_BACKEND_SERVICE}
_PENDING: Final = "restart-pending"
_SUBMISSION_PORT: Final = 587
# The box that a finding is about, by the first name of its evidence here. Services are found by name.
_ABOUT: Final = {
    "ExternalConnectionSettings": "external",
    "InternalConnectionSettings": "internal",
    "SSLBindings": "ssl",
    "UnencryptedOrTLSBindings": "tls",
    "X509CertificateName": "certificate",
    "Thumbprint": "certificate",
    "CertificateDomains": "certificate",
    "LoginType": "front",
    "EnableGSSAPIAndNTLMAuth": "front",
    "ProtocolLogEnabled": "front",
    "MaxConnectionsPerUser": "front",
    "Component": "front",
    "Fqdn": "connector",
    "TlsCertificateName": "connector",
    "AdvertiseClientSettings": "connector",
    "AuthMechanism": "connector",
    "Enabled": "connector",
}


class _State(Protocol):
    """What of a state is drawn."""

    @property
    def settings(self) -> ImapSettings: ...
    @property
    def services(self) -> tuple[ServiceState, ...]: ...
    @property
    def certificates(self) -> ByName[ExchangeCertificate]: ...
    @property
    def connectors(self) -> ByName[ReceiveConnector]: ...
    @property
    def components(self) -> ByName[ComponentState]: ...
    @property
    def pending(self) -> frozenset[str]: ...
    @property
    def up_to_date(self) -> frozenset[str]: ...
    @property
    def read_at(self) -> datetime | None: ...


def map_of(server: str, *states: tuple[str, _State]) -> ConnectionMap:
    """Draw one state, or several with a title each."""
    diagram = _diagram(server, *states)
    notes = (
        f"{panel.title}: {note.text}" if panel.title else note.text for panel in diagram.panels for note in panel.notes
    )
    return ConnectionMap(title=diagram.title, svg=as_svg(diagram), notes=tuple(notes))


def _diagram(server: str, *states: tuple[str, _State]) -> Diagram:
    """Return the picture of one state, or of several with a title each: what each changes is marked."""
    panels, before = list[Panel](), dict[str, Box]()
    for title, state in states:
        panel = _panel(title, state)
        boxes = {box.key: _compared(box, before.get(box.key)) if before else box for box in panel.boxes}
        panels.append(attrs.evolve(panel, boxes=tuple(boxes.values())))
        before = {box.key: box for box in panel.boxes}
    return Diagram(f"How clients connect to {server}", tuple(panels))


def _compared(box: Box, before: Box | None) -> Box:
    """Mark the lines that were not there before."""
    known = {line.text for line in before.lines} if before else set()
    lines = tuple(line if line.text in known else Line(line.text, Mark.CHANGED) for line in box.lines)
    return attrs.evolve(box, lines=lines)


def _panel(title: str, state: _State) -> Panel:
    boxes = [*_of_imap4(state), *_of_sending(state)]
    notes = [(_about(finding), Note(str(finding), _mark(finding))) for finding in _findings(state)]
    numbered = [_noted(box, [(n, note) for n, (keys, note) in enumerate(notes, 1) if box.key in keys]) for box in boxes]
    return Panel(title, tuple(numbered), tuple(_arrows(state, boxes)), tuple(note for _, note in notes))


def _noted(box: Box, notes: Sequence[tuple[int, Note]]) -> Box:
    mark = min((note.mark for _, note in notes), key=FROM_WORST.index, default=Mark.NONE)
    return attrs.evolve(box, mark=mark, notes=tuple(number for number, _ in notes))


def _findings(state: _State) -> list[Finding]:
    """Return what the rules find in the state, the worst first."""
    parts = {key: part for key in keys_of(type(state)) if (part := getattr(state, key))}
    situation = Situation(parts=parts, moment=state.read_at, pending=state.pending, up_to_date=state.up_to_date)
    findings = (rule.finding(found) for rule in BY_CAUSE for found in rule.in_state(situation))
    return sorted(findings, key=lambda finding: FROM_WORST.index(_mark(finding)))


def _mark(finding: Finding) -> Mark:
    return Mark.PENDING if finding.rule == _PENDING else mark_of(finding.severity)


def _about(finding: Finding) -> Collection[str]:
    """Return the keys of the boxes that a finding is about; none for what the picture does not show."""
    evidence = dict(finding.evidence)
    named = set(re.findall(r"\w+", evidence.get("Name", "").lower()))
    services = [key for key, name in _SERVICES.items() if name.lower() in named]
    return services or [_ABOUT[name] for name in evidence if name in _ABOUT][:1]


def _service(state: _State, name: str) -> ServiceState | None:
    return next((each for each in state.services if each.name.lower() == name.lower()), None)


def _lines(values: Iterable[object], none: str) -> tuple[Line, ...]:
    """Return a line for each value, for more than six the number of the others, and for none what that means."""
    texts = list(dict.fromkeys(map(str, values))) or [none]
    rest = len(texts) - _MOST_LINES
    return tuple(map(Line, [*texts[:_MOST_LINES], *([f"and {rest:,} more"] if rest > 0 else [])]))


def _of_imap4(state: _State) -> Iterator[Box]:
    settings = state.settings
    nothing, unbound = "nothing is advertised", "nothing is bound"
    external = _lines(settings.external_connection_settings, nothing)
    internal = _lines(settings.internal_connection_settings, nothing)
    ssl, tls = (_lines(each, unbound) for each in (settings.ssl_bindings, settings.unencrypted_or_tls_bindings))
    yield Box(key="outside", title="Clients outside", lines=(Line("read mail"),), row=_CLIENTS)
    yield Box(key="inside", title="Clients inside", lines=(Line("and other servers"),), row=_CLIENTS, column=1)
    yield Box(key="external", title="External settings", lines=external, row=_TOLD)
    yield Box(key="internal", title="Internal settings", lines=internal, row=_TOLD, column=1)
    yield Box(key="ssl", title="SSLBindings", lines=ssl, row=_BOUND)
    yield Box(key="tls", title="UnencryptedOrTLSBindings", lines=tls, row=_BOUND, column=1)
    yield Box(key="certificate", title="Certificate", lines=tuple(_certificate(state)), row=_CERTIFICATE, span=2)
    front = (Line(_said(state, IMAP4_SERVICE)), Line(f"LoginType {settings.login_type}"), *_components(state))
    yield Box(key="front", title="Front-end service", lines=front, row=_FRONT, span=2)
    port = (Line(f"port {settings.proxy_target_port}"),)
    yield Box(key="proxy", title="Proxy target", lines=port, row=_PROXY, span=2)
    yield Box(
        key="back", title="Back-end service", lines=(Line(_said(state, IMAP4_BACKEND_SERVICE)),), row=_BACK, span=2
    )


def _said(state: _State, name: str) -> str:
    found = _service(state, name)
    return f"{name}: not read" if found is None else f"{found.name} {found.status}, {found.startup_type}"


def _components(state: _State) -> Iterator[Line]:
    return (Line(f"{each.component} {each.state}") for each in state.components.values())


def _certificate(state: _State) -> Iterator[Line]:
    """Yield the name by which the certificate is found, and the certificates that were read and have it."""
    name = state.settings.x509_certificate_name
    yield Line(f"X509CertificateName {name or 'is empty'}")
    found = [each for each in state.certificates.values() if name and each.covers(name)]
    yield from _lines(map(_in_short, found), "certificates: none of that name was read")


def _in_short(certificate: ExchangeCertificate) -> str:
    return f"{certificate.subject}, until {certificate.not_after:%Y-%m-%d}, {certificate.thumbprint}"


def _of_sending(state: _State) -> Iterator[Box]:
    connectors = sorted(state.connectors.values(), key=_for_clients)
    drawn = [each for each in connectors if any(_is_for_clients(each))][:_MOST_CONNECTORS] or connectors[:1]
    yield Box(key="senders", title="Clients that send", lines=(Line("send mail"),), row=_CLIENTS, column=_SENDING)
    told = _lines(submission(connectors), "nothing is advertised" if connectors else "not read")
    yield Box(key="told", title="Sending settings", lines=told, row=_TOLD, column=_SENDING)
    if connectors:
        lines = tuple(line for each in drawn for line in _connector(each))
        rest = len(connectors) - len(drawn)
        more = (Line(f"and {rest:,} more"),) if rest > 0 else ()
        yield Box(key="connector", title="Receive connector", lines=(*lines, *more), row=_BOUND, column=_SENDING)
        names = [each.tls_certificate_name or f"chosen for {each.fqdn}" for each in drawn]
        shown = _lines(names, "")
        yield Box(key="sent", title="Its certificate", lines=shown, row=_CERTIFICATE, column=_SENDING)


def _is_for_clients(connector: ReceiveConnector) -> tuple[bool, bool]:
    """Say whether clients are told of it, and whether it is at the port where clients send."""
    ports = {binding.port for binding in connector.bindings}
    return connector.advertise_client_settings, _SUBMISSION_PORT in ports


def _for_clients(connector: ReceiveConnector) -> tuple[bool, bool, str]:
    told, sent = _is_for_clients(connector)
    return not told, not sent, connector.name


def _connector(connector: ReceiveConnector) -> Iterator[Line]:
    yield Line(connector.name if connector.enabled else f"{connector.name} (disabled)")
    ports = ", ".join(dict.fromkeys(str(binding.port) for binding in connector.bindings))
    yield Line(connector.fqdn or "no Fqdn")
    yield Line(f"port {ports or 'none'}")


def _arrows(state: _State, boxes: Collection[Box]) -> Iterator[Arrow]:
    settings = state.settings
    yield Arrow("outside", "external")
    yield Arrow("inside", "internal")
    yield from _to_bindings("external", settings.external_connection_settings, state)
    yield from _to_bindings("internal", settings.internal_connection_settings, state)
    for start, end in (("ssl", "certificate"), ("tls", "certificate"), ("certificate", "front"), ("front", "proxy")):
        yield Arrow(start, end)
    yield Arrow("proxy", "back")
    yield Arrow("senders", "told")
    if any(box.key == "connector" for box in boxes):
        yield Arrow("told", "connector")
        yield Arrow("connector", "sent")


def _to_bindings(key: str, advertised: Sequence[ConnectionSetting], state: _State) -> Iterator[Arrow]:
    """Yield an arrow to each list of bindings that has to have one of the ports, broken where it has not."""
    settings = state.settings
    missing = match_bindings(
        advertised,
        ssl_bindings=settings.ssl_bindings,
        unencrypted_or_tls_bindings=settings.unencrypted_or_tls_bindings,
    )
    broken = {(mismatch.bindings == "SSLBindings") for mismatch in missing}
    for is_ssl in dict.fromkeys(each.encryption is Encryption.SSL for each in advertised):
        mark = Mark.WARNING if is_ssl in broken else Mark.NONE
        yield Arrow(key, "ssl" if is_ssl else "tls", mark=mark, label="port not bound" if is_ssl in broken else "")
