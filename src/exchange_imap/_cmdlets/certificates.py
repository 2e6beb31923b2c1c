"""The certificates of a server: Get-ExchangeCertificate, Enable-ExchangeCertificate and what they are about."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from typing import Any

import attrs

from .._entry import entry
from .._errors import InvalidValueError, UnexpectedReplyError
from .._json import Json
from .._model.cmdlet import cmdlet
from .._model.codecs.lists import ListCodec
from .._model.codecs.literals import BOOLEAN, SWITCH, IntegerCodec
from .._model.codecs.values import TEXT, Bounds, Codec, TextCodec, ValueCodec, choice, plain
from .._model.codecs.words import WordsCodec
from .._model.declaration import parameter, property_, required_parameter, required_property
from .._model.field_types import Items, ItemsOr, Of
from .._model.snapshot import Snapshot
from .._model.snapshots import snapshot
from .._model.specs import Endpoint
from .._powershell.record import FormatValue, Record, RecordValue
from .._values import CertificateService, CertificateStatus, RootCAType, TlsCertificateName, Unset
from .directory import ReadingCmdlet, WritingCmdlet
from .x509 import CertificateFacts, read_certificate, stands_for

__all__ = ["EnableExchangeCertificate", "ExchangeCertificate", "GetExchangeCertificate"]

_TEXTS = ListCodec(TEXT)
_NAMES = ListCodec(TEXT, bare=True)
_BYTE = 255


def _read_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        hint = "The shell printed it in its own language and time zone: read the object from Export-Clixml's file."
        raise InvalidValueError("", "a moment such as 2026-11-23T22:10:00+00:00", text, hint) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@attrs.frozen
class _MomentCodec(ValueCodec[datetime]):
    """A moment that programs compare; one without a time zone is taken for UTC."""

    def check(self, value: object) -> datetime:
        return super().check(value.isoformat() if isinstance(value, datetime) else value)


_MOMENT = _MomentCodec("a moment with its time zone", datetime, parse=_read_moment, text=datetime.isoformat)


@attrs.frozen
class _BytesCodec(Codec[bytes]):
    """Bytes, which PowerShell prints as a list of numbers and JSON here has in base 64."""

    expected: str = "bytes"
    type: type[bytes] = bytes

    def from_text(self, text: str) -> bytes:
        """Read base 64, or what Format-List prints."""
        if text.startswith("{"):
            from .._powershell.format_list import read_list  # noqa: PLC0415 - few values come as printed text

            return self._from_numbers(read_list(text, ""))
        try:
            return base64.b64decode(text, validate=True)
        except ValueError:  # of binascii, and of characters that are not ASCII
            self.refuse(text)

    def decode(self, value: RecordValue) -> bytes:
        """Read also the numbers that ConvertTo-Json writes."""
        bare = plain(value)
        return self._from_numbers(bare) if isinstance(bare, tuple) else self.check(bare)

    def _from_numbers(self, numbers: tuple[RecordValue, ...]) -> bytes:
        words = [str(number) for number in numbers]
        if not all(re.fullmatch("[0-9]{1,3}", word) and int(word) <= _BYTE for word in words):
            self.refuse(words)
        return bytes(map(int, words))

    def display(self, value: bytes) -> FormatValue:
        return tuple(map(str, value))

    def to_json(self, value: bytes) -> Json:
        return base64.b64encode(value).decode("ascii")


_BYTES = _BytesCodec()
_STATUS = choice(CertificateStatus)
_ROOT_CA_TYPE = choice(RootCAType)
_SERVICES = WordsCodec(CertificateService)
_THUMBPRINT = TextCodec(
    expected="a thumbprint",
    bounds=Bounds("a thumbprint of 40 hexadecimal digits", lambda text: bool(re.fullmatch("[0-9A-Fa-f]{40}", text))),
)
_PRINTED_THUMBPRINT = re.compile(r"\[Thumbprint\]\s+([0-9A-Fa-f]{40})")


@cmdlet(
    "Get-ExchangeCertificate", endpoint=Endpoint.EXCHANGE, changes=False, objects="Instance", default_set="Identity"
)
class GetExchangeCertificate(ReadingCmdlet):
    r"""Get-ExchangeCertificate: read one certificate, or all of a server.

    Source: Microsoft's reference page of Get-ExchangeCertificate.

    >>> str(GetExchangeCertificate(server="MBX01"))
    'Get-ExchangeCertificate -Server MBX01'
    """

    thumbprint: str | Unset = parameter("Thumbprint", TEXT, position=0, sets=("Thumbprint",))
    """The certificate's thumbprint; without a name this is for a command that has ``server``."""
    identity: str | Unset = parameter("Identity", TEXT, position=0, sets=("Identity",))
    r"""``Server\Thumbprint``, instead of both."""
    server: str | Unset = parameter("Server", TEXT, sets=("Instance", "Thumbprint"))
    """Name, FQDN, GUID, distinguished name or legacy DN; the server of the session otherwise."""
    domain_name: ItemsOr[str, Unset] = parameter("DomainName", _NAMES)
    """Only certificates for these host names; the first one is what SMTP would choose."""


@cmdlet(
    "Enable-ExchangeCertificate",
    endpoint=Endpoint.EXCHANGE,
    changes=True,
    hints={"service": "Write -Services."},
    default_set="Thumbprint",
)
class EnableExchangeCertificate(WritingCmdlet):
    r"""Enable-ExchangeCertificate: let services use a certificate; nothing takes that back.

    For IMAP it also sets X509CertificateName from the certificate. Of a wildcard certificate it warns, and leaves IMAP
    and POP out: name a host with ``Set-ImapSettings -X509CertificateName``. Both are known of 2007 (KB 948896) and
    taken to hold for later versions; so enable certificates first, and read the settings again before you write them.

    Enabling for SMTP asks first unless ``force``, and for IIS makes the default site require TLS unless
    ``do_not_require_ssl``. Source: Microsoft's reference page of Enable-ExchangeCertificate.

    >>> thumbprint = "434AC224C8459924B26521298CE8834C514856AB"
    >>> str(EnableExchangeCertificate(thumbprint=thumbprint, services=("IMAP", "POP")))
    'Enable-ExchangeCertificate -Thumbprint 434AC224C8459924B26521298CE8834C514856AB -Services IMAP,POP'
    """

    thumbprint: str | Unset = parameter("Thumbprint", _THUMBPRINT, position=0, mandatory=True, sets=("Thumbprint",))
    """The certificate's thumbprint."""
    identity: str | Unset = parameter("Identity", TEXT, position=0, sets=("Identity",))
    r"""``Server\Thumbprint``, instead of ``thumbprint`` and ``server``."""
    services: Items[CertificateService] = required_parameter("Services", _SERVICES)
    """What to enable it for, besides what it is enabled for already."""
    server: str | Unset = parameter("Server", TEXT, sets=("Thumbprint",))
    """Name, FQDN, GUID, distinguished name or legacy DN; the server of the session otherwise."""
    force: bool | Unset = parameter("Force", SWITCH)
    """Do not ask. Over remoting there is no way to answer."""
    do_not_require_ssl: bool | Unset = parameter("DoNotRequireSsl", SWITCH)
    """Leave the default site as it is."""
    network_service_allowed: bool | Unset = parameter("NetworkServiceAllowed", SWITCH)
    """Let Network Service read the private key, for Edge Transport."""


@entry
@snapshot(
    "Microsoft.Exchange.Management.SystemConfigurationTasks.ExchangeCertificate",
    "System.Security.Cryptography.X509Certificates.X509Certificate2",
    read_by=GetExchangeCertificate,
)
class ExchangeCertificate(Snapshot):
    """A certificate as Get-ExchangeCertificate answers it.

    A remote session may carry little more than the bytes (RawData): what these tell is read from them. What they do
    not tell is ``None``, which means unknown and never none; ``services`` come as null from some versions. Text that a
    shell printed is read where its dates are ISO 8601.

    >>> certificate = ExchangeCertificate.from_record({
    ...     "Thumbprint": "434AC224C8459924B26521298CE8834C514856AB", "Subject": "CN=mail.contoso.com",
    ...     "Issuer": "CN=Contoso CA", "SerialNumber": "01", "CertificateDomains": ("*.contoso.com",),
    ...     "NotBefore": "2026-01-01T00:00:00Z", "NotAfter": "2027-01-01T00:00:00Z", "IsSelfSigned": False,
    ... })
    >>> certificate.covers("mail.contoso.com"), certificate.covers("contoso.com"), certificate.services
    (True, False, None)
    >>> str(certificate.tls_certificate_name)
    '<I>CN=Contoso CA<S>CN=mail.contoso.com'
    """

    thumbprint: str = required_property("Thumbprint", _THUMBPRINT, first=True)
    services: ItemsOr[CertificateService, None] = property_("Services", _SERVICES, first=True)
    """What it is enabled for, ``None`` where the server does not tell.

    A wildcard certificate serves IMAP and POP without being enabled for them.
    """
    subject: str = required_property("Subject", TEXT, first=True)
    issuer: str = required_property("Issuer", TEXT)
    certificate_domains: Items[str] = required_property("CertificateDomains", _TEXTS)
    """The host names that it is for, ``*.`` standing for one label."""
    not_before: Of[datetime] = required_property("NotBefore", _MOMENT)
    not_after: Of[datetime] = required_property("NotAfter", _MOMENT, first=True)
    is_self_signed: bool = required_property("IsSelfSigned", BOOLEAN)
    serial_number: str = required_property("SerialNumber", TEXT)
    public_key_size: Of[int | None] = property_("PublicKeySize", IntegerCodec())
    """In bits; Microsoft's page says bytes by mistake."""
    has_private_key: bool | None = property_("HasPrivateKey", BOOLEAN)
    status: Of[CertificateStatus | None] = property_("Status", _STATUS)
    root_ca_type: Of[RootCAType | None] = property_("RootCAType", _ROOT_CA_TYPE)
    friendly_name: str | None = property_("FriendlyName", TEXT)
    access_rules: ItemsOr[str, None] = property_("AccessRules", _TEXTS)
    identity: str | None = property_("Identity", TEXT)
    raw_data: Of[bytes | None] = property_("RawData", _BYTES, shown=False)
    """The certificate itself (DER)."""

    @classmethod
    def _completed(cls, record: Record) -> Record:
        """Read from the bytes what did not come; refuse bytes that are broken or of another certificate."""
        raw = record.get("RawData")
        if raw in (None, "") or _is_shortened(raw):
            found = {name: value for name, value in record.properties.items() if name.lower() != "rawdata"}
            return attrs.evolve(record, properties=found)
        path = f"{cls.__name__}.RawData"
        facts = read_certificate(_read_bytes(raw, path), path)
        _require_same(facts, record, path)
        known: dict[str, Any] = {**facts}  # Any: each property's own type
        missing = {name: value for name, value in known.items() if record.get(name) is None}
        null = {name.lower() for name in missing}
        present = {name: value for name, value in record.properties.items() if name.lower() not in null}
        return attrs.evolve(record, properties=present | missing)

    @property
    def tls_certificate_name(self) -> TlsCertificateName:
        """What names this certificate to ``Set-ReceiveConnector -TlsCertificateName``."""
        return TlsCertificateName(self.issuer, self.subject)

    def covers(self, host: str) -> bool:
        """Say whether a client that connects to the host accepts the certificate's names.

        ``*.contoso.com`` stands for mail.contoso.com, and neither for contoso.com nor for a.b.contoso.com (RFC 6125).
        """
        return any(stands_for(name, host) for name in self.certificate_domains)

    def is_valid_at(self, moment: datetime) -> bool:
        """Say whether the moment, which needs a time zone, lies in the certificate's validity."""
        return self.not_before <= moment <= self.not_after


def _is_shortened(raw: RecordValue) -> bool:
    """Say whether it is what Format-List leaves of the bytes, which it does not print whole."""
    return isinstance(raw, str) and raw.endswith(("...}", "\u2026}"))


def _read_bytes(raw: RecordValue, path: str) -> bytes:
    try:
        return _BYTES.decode(raw)
    except InvalidValueError as error:
        raise error.in_reply(path) from None


def _require_same(facts: CertificateFacts, given: Record, path: str) -> None:
    """Refuse bytes of another certificate: the object's thumbprint is what Exchange knows it by."""
    printed = _PRINTED_THUMBPRINT.search(given.text or "")
    for found in (plain(given.get("Thumbprint")), printed and printed[1]):
        if isinstance(found, str) and found.upper() != facts["Thumbprint"]:
            expected = f"the certificate {found.upper()}"
            raise UnexpectedReplyError(path, expected, facts["Thumbprint"], "The bytes were changed on their way.")
