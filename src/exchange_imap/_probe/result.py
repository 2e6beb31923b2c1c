"""What a probe saw: its stages in order, and the facts that it collected, which hold no secret."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from .._cmdlets.x509 import stands_for
from .._entry import entry
from .._finding import Finding, mark_of
from .._json import Json
from .._public import public
from .._shown import counted, glance, legible, short
from .._values import ConnectionSetting
from .._values.given import require_instance, require_text
from .._viewed import Viewed

if TYPE_CHECKING:
    from .._html.facts import Facts, Mark

__all__ = ["ProbeFailure", "ProbeResult", "ProbeStage", "Protocol", "SeenCertificate", "Stage", "TlsSession"]


@public
class Protocol(enum.StrEnum):
    """What a probe speaks to a server.

    >>> Protocol("IMAP4"), str(Protocol.IMAP4)
    (<Protocol.IMAP4: 'IMAP4'>, 'IMAP4')
    """

    IMAP4 = "IMAP4"
    SMTP = "SMTP"
    """Mail submission (RFC 6409)."""


@public
class Stage(enum.StrEnum):
    """A part of a probe. The stages come in the order in which a client connects and works.

    >>> Stage.STARTTLS.value
    'STARTTLS'
    """

    DNS = "DNS"
    """The host's addresses are looked up."""
    TCP = "TCP"
    """A connection to the first address that answers."""
    GREETING = "greeting"
    """What the server says first."""
    CAPABILITY = "CAPABILITY"
    EHLO = "EHLO"
    """SMTP's CAPABILITY."""
    STARTTLS = "STARTTLS"
    TLS = "TLS"
    """The TLS handshake; it is complete even if the certificate is refused afterwards."""
    CERTIFICATE = "certificate"
    """The certificate is verified: its time, its names, and who signed it."""
    LOGIN = "login"
    AUTH = "AUTH"
    """SMTP's login."""
    SELECT = "SELECT"
    """INBOX is opened for reading only (EXAMINE)."""
    NOOP = "NOOP"
    SEND = "send"
    """A message is sent."""
    FETCH = "fetch"
    """A message is waited for, and read."""
    DELETE = "delete"
    """That message is deleted again."""
    LOGOUT = "LOGOUT"
    QUIT = "QUIT"
    """SMTP's LOGOUT."""


@public
class ProbeFailure(enum.StrEnum):
    """How a stage failed; a stable id, which is equal to its text.

    >>> ProbeFailure("timed out"), str(ProbeFailure.TIMED_OUT)
    (<ProbeFailure.TIMED_OUT: 'timed out'>, 'timed out')
    """

    NAME_NOT_FOUND = "name not found"
    """DNS has no address for the host."""
    NO_DNS_ANSWER = "no DNS answer"
    """The look-up itself failed; the name may exist."""
    REFUSED = "refused"
    """The machine answers, and nothing listens at the port."""
    UNREACHABLE = "unreachable"
    """There is no way to the machine."""
    TIMED_OUT = "timed out"
    CLOSED = "closed"
    """The server closed the connection."""
    TOO_LONG = "too long"
    """The server sent more than a client reads."""
    GARBAGE = "garbage"
    """What the server sent is not the protocol."""
    TURNED_AWAY = "turned away"
    """The server says that it does not serve this client now (BYE)."""
    REJECTED = "rejected"
    """The server answered the command with no (NO, BAD, or an SMTP error)."""
    NOT_OFFERED = "not offered"
    """The server does not offer what the stage needs."""
    INJECTED = "injected"
    """Plain text came where TLS has to begin: commands can be injected (CVE-2011-0411)."""
    ALREADY_LOGGED_IN = "already logged in"
    """The server says that the client is logged in before it is (PREAUTH), which makes STARTTLS impossible."""
    NOT_TLS = "not TLS"
    """The server speaks plain text at a port for TLS."""
    TLS_FAILED = "TLS failed"
    """Client and server could not agree, for example on a version."""
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    WRONG_NAME = "wrong name"
    """The host is not a name of the certificate."""
    SELF_SIGNED = "self-signed"
    UNKNOWN_AUTHORITY = "unknown authority"
    """The certificate was signed by an authority that this machine does not trust."""
    MISSING_INTERMEDIATE = "missing intermediate"
    """The server did not send who signed its certificate, and this machine does not know it."""
    NOT_TRUSTED = "not trusted"
    """The certificate is refused for another reason."""
    IN_CLEAR = "in clear"
    """The password would travel in clear: it was not sent."""
    DISABLED = "disabled"
    """The server does not allow a login with a password on this connection (LOGINDISABLED)."""
    UNUSABLE = "unusable"
    """The credential cannot be used with what the server offers, or the function for SASL failed."""


def _text(value: object) -> str:
    return legible(require_text("text", value))  # type: ignore[arg-type]  # anything, which is refused there


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    require_instance("texts", "a tuple of texts", values, (tuple, list))
    return tuple(map(_text, values))


@entry
@attrs.frozen(kw_only=True)
class ProbeStage(Viewed):
    """A stage of a probe, with the time that it took.

    ``failure`` is how it failed, ``None`` if it did not. ``said`` is what was seen: the server's words, safe to print,
    without secrets and cut to a limit.

    >>> str(ProbeStage(name=Stage.TCP, elapsed=timedelta(milliseconds=12), failure=ProbeFailure.REFUSED))
    'TCP: refused (0.012 s)'
    """

    name: Stage
    elapsed: timedelta
    failure: ProbeFailure | None = None
    said: str = attrs.field(default="", converter=_text)

    def _mark(self) -> Mark:
        from .._html.facts import Mark  # noqa: PLC0415 - loaded by who looks

        return Mark.PROBLEM if self.failure else Mark.NONE

    def __str__(self) -> str:
        return f"{self.name}: {self._result()}"

    def _result(self) -> str:
        said = f": {self.said}" if self.said else ""
        return f"{self.failure or 'ok'} ({self.elapsed.total_seconds():.3f} s){said}"

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold, with stable keys; ``elapsed`` in seconds."""
        return {
            "name": self.name.value,
            "elapsed": self.elapsed.total_seconds(),
            "failure": self.failure.value if self.failure else None,
            "said": self.said,
        }


@entry
@attrs.frozen
class TlsSession(Viewed):
    """The version and cipher of a TLS connection, as OpenSSL names them.

    >>> str(TlsSession("TLSv1.3", "TLS_AES_256_GCM_SHA384"))
    'TLSv1.3, TLS_AES_256_GCM_SHA384'
    """

    version: str = attrs.field(converter=_text)
    cipher: str = attrs.field(converter=_text)

    def __str__(self) -> str:
        return f"{self.version}, {self.cipher}"

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold."""
        return {"version": self.version, "cipher": self.cipher}


@entry
@attrs.frozen(kw_only=True)
class SeenCertificate(Viewed):
    """A certificate as a server sent it.

    ``names`` are the hosts that it is for, as clients compare them: its alternative names, or the subject's common name
    if it has none. ``subject`` and ``issuer`` are written as Exchange shows them, and ``thumbprint`` is the one by
    which Exchange knows the certificate (SHA-1, in hexadecimal digits). ``key`` is the kind and length of its key.

    >>> from datetime import UTC, datetime
    >>> certificate = SeenCertificate(
    ...     subject="CN=mail.contoso.com", issuer="CN=Contoso CA", names=("mail.contoso.com", "*.contoso.com"),
    ...     not_before=datetime(2026, 1, 1, tzinfo=UTC), not_after=datetime(2027, 1, 1, tzinfo=UTC),
    ...     is_self_signed=False, key="RSA 2048", thumbprint="434AC224C8459924B26521298CE8834C514856AB", serial="01")
    >>> certificate.covers("imap.contoso.com"), certificate.covers("contoso.com")
    (True, False)
    """

    subject: str = attrs.field(converter=_text)
    issuer: str = attrs.field(converter=_text)
    names: tuple[str, ...] = attrs.field(converter=_texts)
    not_before: datetime
    not_after: datetime
    is_self_signed: bool
    key: str = attrs.field(converter=_text)
    thumbprint: str = attrs.field(converter=_text)
    serial: str = attrs.field(converter=_text)

    def covers(self, host: str) -> bool:
        """Say whether the host is one of its names; ``*.`` stands for one label (RFC 6125)."""
        return any(stands_for(name, host) for name in self.names)

    def __str__(self) -> str:
        until = self.not_after.isoformat(sep=" ", timespec="minutes")
        return f"{self.subject or 'no subject'}, issued by {self.issuer}, valid until {until}"

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold; the moments in ISO 8601."""
        return {
            "subject": self.subject,
            "issuer": self.issuer,
            "names": list(self.names),
            "not_before": self.not_before.isoformat(),
            "not_after": self.not_after.isoformat(),
            "is_self_signed": self.is_self_signed,
            "key": self.key,
            "thumbprint": self.thumbprint,
            "serial": self.serial,
        }


def _none_or_text(value: object) -> str | None:
    return None if value is None else _text(value)


@entry
@attrs.frozen(kw_only=True, repr=False)
class ProbeResult(Viewed):
    """What :func:`probe` saw of a server, from this machine.

    ``stages`` are those that were reached, in order; the last one may have failed. ``addresses`` is what DNS said, and
    ``address`` is what answered. ``capabilities_before`` is what the server offers without TLS, ``capabilities`` what
    it offers with TLS. ``certificates`` are as the server sent them, its own first; ``trusted`` says whether this
    machine accepts them for the host, ``None`` if there was no TLS. ``expected_name`` is the X509CertificateName to
    compare with. ``findings`` are what the rules say of all this, what stopped the client first. ``began`` is when it
    began (UTC), and ``elapsed`` how long it took. All texts are safe to print, and no secret is among them.

    >>> from datetime import UTC, datetime
    >>> result = ProbeResult(
    ...     setting=ConnectionSetting.parse("mail.contoso.com:993:SSL"), protocol=Protocol.IMAP4,
    ...     began=datetime(2026, 7, 1, 12, tzinfo=UTC), elapsed=timedelta(seconds=1), addresses=("192.0.2.7",),
    ...     stages=(ProbeStage(name=Stage.TCP, elapsed=timedelta(seconds=1), failure=ProbeFailure.REFUSED),))
    >>> result.works, result.stages[0].failure
    (False, <ProbeFailure.REFUSED: 'refused'>)
    >>> print(result)
    mail.contoso.com:993:SSL: TCP: refused
      TCP: refused (1.000 s)
    """

    setting: ConnectionSetting
    protocol: Protocol
    stages: tuple[ProbeStage, ...]
    began: datetime
    elapsed: timedelta
    address: str | None = attrs.field(default=None, converter=_none_or_text)
    addresses: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    greeting: str = attrs.field(default="", converter=_text)
    capabilities_before: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    capabilities: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    tls: TlsSession | None = None
    certificates: tuple[SeenCertificate, ...] = ()
    trusted: bool | None = None
    expected_name: str | None = attrs.field(default=None, converter=_none_or_text)
    findings: tuple[Finding, ...] = ()

    def _mark(self) -> Mark:
        from .._html.facts import Mark  # noqa: PLC0415 - loaded by who looks

        return Mark.GOOD if self.works else Mark.PROBLEM

    def _facts(self) -> Facts:
        """Return the cause, the stages and the findings, and the rest as a section."""
        from .._html.facts import Facts, Mark, Row  # noqa: PLC0415 - loaded by who looks
        from .._html.of_fields import facts_of_fields  # noqa: PLC0415 - loaded by who looks

        stages = tuple(Row(each.name, each._result(), mark=each._mark()) for each in self.stages)  # noqa: SLF001 - its parts
        findings = tuple(Row(each.rule, str(each), mark=mark_of(each.severity)) for each in self.findings)
        seen = facts_of_fields(self, Mark.NONE, ("stages", "findings"))
        return Facts(self._cause(), (*stages, *findings), (attrs.evolve(seen, title="seen"),), mark=self._mark())

    def __repr__(self) -> str:
        findings = [counted(len(self.findings), "finding")] if self.findings else []
        return glance(self, [short(self._cause()), counted(len(self.stages), "stage"), *findings])

    @property
    def failed(self) -> ProbeStage | None:
        """The stage that failed; ``None`` if none did."""
        return next((stage for stage in self.stages if stage.failure), None)

    @property
    def works(self) -> bool:
        """Whether all that was asked for succeeded. Findings may still warn of something."""
        return self.failed is None

    def __str__(self) -> str:
        findings = (f"  {each.severity.value}: {each}" for each in self.findings)
        return "\n".join((self._cause(), *(f"  {stage}" for stage in self.stages), *findings))

    def _cause(self) -> str:
        """Return the first line: what stops clients, or that nothing does."""
        stage = self.failed
        if stage is None:
            return f"{self.setting}: works"
        cause = self.findings[0].reason if self.findings else f"{stage.name}: {stage.failure}"
        return f"{self.setting}: {legible(cause)}"

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold, with stable keys; ``elapsed`` in seconds, ``began`` in ISO 8601."""
        return {
            "setting": str(self.setting),
            "protocol": self.protocol.value,
            "works": self.works,
            "began": self.began.isoformat(),
            "elapsed": self.elapsed.total_seconds(),
            "address": self.address,
            "addresses": list(self.addresses),
            "stages": [stage.to_dict() for stage in self.stages],
            "greeting": self.greeting,
            "capabilities_before": list(self.capabilities_before),
            "capabilities": list(self.capabilities),
            "tls": self.tls.to_dict() if self.tls else None,
            "certificates": [each.to_dict() for each in self.certificates],
            "trusted": self.trusted,
            "expected_name": self.expected_name,
            "findings": [each.to_dict() for each in self.findings],
        }
