"""Rules about the way to a server and what it speaks: what stops a client before it can log in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._finding import Severity
from .._probe.result import ProbeFailure, ProbeResult, Protocol, Stage
from .found import Found
from .registry import ProbeExample, probe_rule
from .seen import ended, fact, host_and_port, last_words, stopped

__all__: list[str] = []

_ERROR: Final = Severity.ERROR
_PORTS: Final = "Microsoft Learn: Network ports for clients and mail flow in Exchange"
_ENABLE: Final = "Microsoft Learn: Enable and configure IMAP4 on an Exchange server"
_COMPONENT: Final = "Get-ServerComponentState <server> -Component"
_SERVICES: Final = {
    Protocol.IMAP4: f"Get-Service MSExchangeIMAP4*; {_COMPONENT} ImapProxy",
    Protocol.SMTP: f"Get-Service MSExchangeFrontEndTransport; {_COMPONENT} FrontendTransport",
}
_LISTS: Final = {
    Protocol.IMAP4: "Get-ImapSettings -Server <server> | Format-List *Bindings",
    Protocol.SMTP: "Get-ReceiveConnector -Server <server> | Format-List Identity,Bindings,Enabled",
}
_STARTTLS: Final = "mail.contoso.com:143:TLS"
_STARTTLS_NEEDS: Final = {
    Protocol.IMAP4: "Name a certificate that the server has (X509CertificateName), and restart both services",
    Protocol.SMTP: "Give the connector Tls in AuthMechanism, and a certificate of the server (TlsCertificateName)",
}
_CERTIFICATES: Final = {
    Protocol.IMAP4: "Get-ImapSettings (X509CertificateName)",
    Protocol.SMTP: "Get-ReceiveConnector (TlsCertificateName, Fqdn)",
}
_WITH_TLS: Final = {
    Protocol.IMAP4: "the port that SSLBindings has",
    Protocol.SMTP: "a port that has TLS from the first byte",
}


@probe_rule(
    "probe-name-not-found",
    _ERROR,
    "A host that has no address in DNS.",
    ProbeExample(failed=(Stage.DNS, ProbeFailure.NAME_NOT_FOUND), said="Name or service not known"),
    source=_PORTS,
)
def name_not_found(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a host that DNS does not know, where this client is."""
    if ended(result, ProbeFailure.NAME_NOT_FOUND):
        reason = f"{result.setting.host} has no address in the DNS that this machine uses"
        right = "Add a record: in public DNS for clients outside, in internal DNS for clients inside"
        yield stopped(result, reason, right)


@probe_rule(
    "probe-dns-failed",
    _ERROR,
    "A look-up of the host that failed: whether it has an address is not known.",
    ProbeExample(failed=(Stage.DNS, ProbeFailure.TIMED_OUT), said="the look-up took too long"),
    source="RFC 1035, 4.1.1 (RCODE 2, server failure)",
)
def dns_failed(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a look-up without an answer."""
    if ended(result, ProbeFailure.NO_DNS_ANSWER) or ended(result, ProbeFailure.TIMED_OUT, at={Stage.DNS}):
        reason = f"the DNS that this machine uses gave no answer for {result.setting.host}"
        yield stopped(result, reason, "Check the DNS servers of this machine; the mail server was not asked")


@probe_rule(
    "probe-refused",
    _ERROR,
    "A port at which nothing listens.",
    ProbeExample(failed=(Stage.TCP, ProbeFailure.REFUSED), said="192.0.2.7 refused"),
    source=_ENABLE,
)
def connection_refused(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a machine that answers that the port is closed."""
    if ended(result, ProbeFailure.REFUSED):
        reason = f"nothing listens at {host_and_port(result)}: the service does not run, or the port is not bound"
        services, lists = _SERVICES[result.protocol], _LISTS[result.protocol]
        yield stopped(result, reason, f"On the server, see which it is: {services}; {lists}")


@probe_rule(
    "probe-unreachable",
    _ERROR,
    "A server to which there is no way.",
    ProbeExample(failed=(Stage.TCP, ProbeFailure.UNREACHABLE), said="192.0.2.7 unreachable (No route to host)"),
    source=_PORTS,
)
def unreachable(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a machine that the network does not reach, or that ends each connection at once."""
    if ended(result, ProbeFailure.UNREACHABLE) or ended(result, ProbeFailure.CLOSED, at={Stage.TCP}):
        reason = f"there is no way from this machine to {host_and_port(result)}"
        yield stopped(result, reason, "Check the network between, and the addresses in DNS")


@probe_rule(
    "probe-timed-out",
    _ERROR,
    "A server that does not answer in time.",
    ProbeExample(failed=(Stage.TCP, ProbeFailure.TIMED_OUT), said="192.0.2.7 timed out"),
    source=_PORTS,
)
def timed_out(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield the stage in which the time ran out: a firewall drops connections, a service that is stuck accepts them."""
    stage = result.failed
    if stage is None or not ended(result, ProbeFailure.TIMED_OUT) or stage.name in {Stage.DNS, Stage.FETCH}:
        return
    waited = f"{stage.elapsed.total_seconds():.1f} s"
    if stage.name is Stage.TCP:
        reason = f"{host_and_port(result)} does not answer ({waited})"
        right = f"Open port {result.setting.port} in the firewalls between, and check that the machine runs"
    else:
        reason = f"{host_and_port(result)} accepts the connection and does not answer ({stage.name}, {waited})"
        right = f"See whether the service is busy or stuck: {_SERVICES[result.protocol]}"
    yield stopped(result, reason, right)


@probe_rule(
    "probe-address-does-not-answer",
    Severity.WARNING,
    "A host of which not every address answers: clients wait, or fail from time to time.",
    ProbeExample(facts={"addresses": ("192.0.2.6", "192.0.2.7")}),
    source="RFC 8305, 1",
)
def address_does_not_answer(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield the addresses that were tried before the one that answered."""
    addresses = result.addresses
    dead = addresses[: addresses.index(result.address)] if result.address in addresses else ()
    if dead:
        reason = f"{', '.join(dead)} of {result.setting.host} did not answer at port {result.setting.port}"
        right = "Remove the address from DNS, or let the server answer there"
        yield fact(result, reason, right, ("addresses", ", ".join(addresses)))


@probe_rule(
    "probe-closed",
    _ERROR,
    "A server that closes the connection before it has answered.",
    ProbeExample(failed=(Stage.GREETING, ProbeFailure.CLOSED)),
    source="Microsoft Q&A 1052337, about ImapProxy; Microsoft Q&A 1156767, about certificates",
)
def connection_closed(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a stage in which the connection ended, with the usual cause at this point."""
    stage = result.failed
    if stage is None or not ended(result, ProbeFailure.CLOSED) or stage.name is Stage.TCP:
        return
    if stage.name is Stage.TLS:
        reason = f"{host_and_port(result)} closes the connection when TLS begins: it may have no certificate to use"
        names = _CERTIFICATES[result.protocol]
        right = f"Compare {names} with Get-ExchangeCertificate (Services, CertificateDomains)"
    elif stage.name is Stage.GREETING:
        reason = f"{host_and_port(result)} accepts the connection and closes it: a component may be inactive"
        right = f"On the server: {_SERVICES[result.protocol]}; an inactive component is for Set-ServerComponentState"
    else:
        reason = f"{host_and_port(result)} closes the connection at {stage.name}"
        right = "See the protocol log and the event log of the server at that time"
    yield stopped(result, reason, right)


@probe_rule(
    "probe-turned-away",
    _ERROR,
    "A server that says that it does not serve this client now.",
    ProbeExample(failed=(Stage.GREETING, ProbeFailure.TURNED_AWAY), said="* BYE Server Unavailable."),
    source="RFC 3501, 7.1.5; RFC 5321, 3.8 (421)",
)
def turned_away(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield the server's good-bye."""
    if ended(result, ProbeFailure.TURNED_AWAY):
        right = f"See the limits of connections, and whether the server is in maintenance: {_SERVICES[result.protocol]}"
        yield stopped(result, f"{host_and_port(result)} turns the client away: {last_words(result)}", right)


@probe_rule(
    "probe-other-protocol",
    _ERROR,
    "A server that does not speak the protocol.",
    ProbeExample(failed=(Stage.GREETING, ProbeFailure.GARBAGE), said="SSH-2.0-OpenSSH_9.2"),
    source="RFC 3501, 7; RFC 5321, 4.2",
)
def other_protocol(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield an answer that no client understands."""
    if ended(result, ProbeFailure.GARBAGE):
        reason = f"{host_and_port(result)} does not speak {result.protocol} as clients understand it"
        right = (
            "Check the port, and what stands between: a proxy, a load balancer or a filter for mail may answer instead"
        )
        yield stopped(result, reason, right)


@probe_rule(
    "probe-too-long",
    _ERROR,
    "A server that sends more than a client reads.",
    ProbeExample(failed=(Stage.GREETING, ProbeFailure.TOO_LONG)),
    source="RFC 7162, 4, about the length of lines",
)
def answer_too_long(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield an answer without an end."""
    if ended(result, ProbeFailure.TOO_LONG):
        reason = f"{host_and_port(result)} sends more than any client reads: it is no mail server, or it is broken"
        yield stopped(result, reason, "Check the port, and what stands between the client and the server")


@probe_rule(
    "probe-rejected",
    _ERROR,
    "A server that refuses a command which every client sends.",
    ProbeExample(failed=(Stage.NOOP, ProbeFailure.REJECTED), said="not now"),
    source="RFC 3501, 6; RFC 5321, 4.3.2",
)
def command_rejected(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a refusal that has no rule of its own."""
    others = {Stage.STARTTLS, Stage.LOGIN, Stage.AUTH, Stage.SELECT, Stage.SEND}
    stage = result.failed
    if stage and ended(result, ProbeFailure.REJECTED) and stage.name not in others:
        reason = f"{host_and_port(result)} refuses {stage.name}: {stage.said}"
        yield stopped(result, reason, "See the protocol log of the server at that time")


@probe_rule(
    "probe-not-tls",
    _ERROR,
    "A connection with TLS from the first byte to a port that speaks plain text.",
    ProbeExample(
        setting="mail.contoso.com:143:SSL",
        failed=(Stage.TLS, ProbeFailure.NOT_TLS),
        said="* OK The Microsoft Exchange IMAP4 service is ready.",
    ),
    source="Microsoft Learn: Set-ImapSettings (-ExternalConnectionSettings)",
)
def not_tls(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a port that is not for SSL."""
    if ended(result, ProbeFailure.NOT_TLS):
        setting = result.setting
        reason = f"{host_and_port(result)} speaks plain text, and clients are to begin with TLS there"
        right = f"Advertise {setting.host}:{setting.port}:TLS (STARTTLS), or {_WITH_TLS[result.protocol]}"
        yield stopped(result, reason, right)


@probe_rule(
    "probe-tls-failed",
    _ERROR,
    "A server with which a client of today cannot agree on TLS.",
    ProbeExample(failed=(Stage.TLS, ProbeFailure.TLS_FAILED), said="TLSV1_ALERT_PROTOCOL_VERSION"),
    source="RFC 8996 (TLS 1.0 and 1.1); Microsoft Learn: Exchange Server TLS configuration best practices",
)
def tls_failed(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a handshake that failed."""
    if ended(result, ProbeFailure.TLS_FAILED):
        reason = f"{host_and_port(result)} and a client cannot agree on TLS ({last_words(result)})"
        right = "Enable TLS 1.2 on the server, with the ciphers of Microsoft's guide; Schannel's events have more"
        yield stopped(result, reason, right)


@probe_rule(
    "probe-no-starttls",
    _ERROR,
    "A connection that is to use STARTTLS to a server that does not offer it.",
    ProbeExample(setting=_STARTTLS, failed=(Stage.STARTTLS, ProbeFailure.NOT_OFFERED), said="IMAP4 IMAP4REV1 IDLE"),
    source=_ENABLE,
)
def no_starttls(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a server that does not offer STARTTLS, or refuses it."""
    if ended(result, ProbeFailure.NOT_OFFERED, ProbeFailure.REJECTED, at={Stage.STARTTLS}):
        reason = f"{host_and_port(result)} does not offer STARTTLS, which clients are to use there"
        yield stopped(result, reason, _STARTTLS_NEEDS[result.protocol])


@probe_rule(
    "probe-injected-after-starttls",
    _ERROR,
    "Plain text behind the answer to STARTTLS: somebody between can slip commands or answers into the session.",
    ProbeExample(setting=_STARTTLS, failed=(Stage.TLS, ProbeFailure.INJECTED), said="* CAPABILITY IMAP4REV1"),
    source="CVE-2011-0411; RFC 9051, 11.3",
)
def injected_after_starttls(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield text where TLS has to begin."""
    if ended(result, ProbeFailure.INJECTED):
        reason = f"{host_and_port(result)} sends plain text after its answer to STARTTLS, where TLS has to begin"
        other = ", and advertise the port with TLS from the first byte (993:SSL)"
        right = f"Look for what answers in the server's place{other if result.protocol is Protocol.IMAP4 else ''}"
        yield stopped(result, reason, right)


@probe_rule(
    "probe-already-logged-in",
    _ERROR,
    "A server that says that the client is logged in before it is, which prevents STARTTLS and the login.",
    ProbeExample(setting=_STARTTLS, failed=(Stage.STARTTLS, ProbeFailure.ALREADY_LOGGED_IN), said="* PREAUTH hello"),
    source="RFC 9051, 11.3 (PREAUTH)",
)
def already_logged_in(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield the greeting PREAUTH."""
    if ended(result, ProbeFailure.ALREADY_LOGGED_IN):
        reason = f"{host_and_port(result)} greets with PREAUTH: Exchange does not, so something else answers"
        yield stopped(result, reason, "Look for what answers in the server's place")
