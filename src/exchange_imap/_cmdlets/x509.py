"""What an X.509 certificate says, from its DER bytes, in the words in which .NET prints it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypedDict, TypeVar

from .._errors import UnexpectedReplyError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, GeneralName, Name, NameAttribute

__all__ = ["CertificateFacts", "SentCertificateFacts", "read_certificate", "read_sent_certificate", "stands_for"]

T = TypeVar("T")

# How .NET abbreviates the parts of a name; the others it writes by number.
_PARTS: Final = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "SERIALNUMBER",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "S",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "T",
    "2.5.4.17": "PostalCode",
    "2.5.4.18": "POBox",
    "2.5.4.20": "Phone",
    "2.5.4.42": "G",
    "2.5.4.43": "I",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "E",
}
_COMMON_NAME: Final = "2.5.4.3"
_QUOTED: Final = ',+="\n<>#;'


class CertificateFacts(TypedDict):
    """What the bytes alone tell, under the names of the properties."""

    Thumbprint: str
    Subject: str
    Issuer: str
    SerialNumber: str
    CertificateDomains: tuple[str, ...]
    NotBefore: datetime
    NotAfter: datetime
    PublicKeySize: int | None
    IsSelfSigned: bool


class SentCertificateFacts(CertificateFacts):
    """The same of a certificate that a server sent to its clients, and what these look at besides."""

    ComparedNames: tuple[str, ...]
    """What clients compare a host with: alternative names, or common names where none of those is a host name."""
    Key: str
    """The kind of the key, and its length if it has one."""


def read_certificate(der: bytes, path: str) -> CertificateFacts:
    """Read a certificate; ``path`` is where the bytes came from, for the :class:`UnexpectedReplyError` of broken ones.

    ``cryptography``, which pypsrp stands on, is loaded on first use.
    """
    return _read(der, path, _facts)


def read_sent_certificate(der: bytes, path: str) -> SentCertificateFacts:
    """Read a certificate that a server sent, in the same way."""
    return _read(der, path, _sent_facts)


def _read(der: bytes, path: str, facts: Callable[[Certificate], T]) -> T:
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 - a program without certificates never pays

    try:
        return facts(load_der_x509_certificate(der))
    except Exception as error:  # of broken bytes it raises ValueError and five classes without a base of their own
        hint = "The bytes are not whole: read the certificate again, or export it on the server."
        raise UnexpectedReplyError(path, "an X.509 certificate (DER)", f"{len(der)} bytes", hint) from error


def _facts(certificate: Certificate) -> CertificateFacts:
    from cryptography.hazmat.primitives.hashes import SHA1  # noqa: PLC0415 - as above

    serial = f"{certificate.serial_number:X}"
    return CertificateFacts(
        Thumbprint=certificate.fingerprint(SHA1()).hex().upper(),  # noqa: S303 - a name, not a safeguard
        Subject=print_name(certificate.subject),
        Issuer=print_name(certificate.issuer),
        SerialNumber=serial.zfill(len(serial) + len(serial) % 2),
        CertificateDomains=_names(certificate),
        NotBefore=certificate.not_valid_before_utc,
        NotAfter=certificate.not_valid_after_utc,
        PublicKeySize=_key_bits(certificate),
        IsSelfSigned=certificate.subject == certificate.issuer,
    )


def _sent_facts(certificate: Certificate) -> SentCertificateFacts:
    return SentCertificateFacts(**_facts(certificate), ComparedNames=_compared(certificate), Key=_key(certificate))


def _key(certificate: Certificate) -> str:
    key = _public_key(certificate)
    kind = type(key).__name__.removesuffix("PublicKey") if key else ""
    return " ".join(map(str, filter(None, (kind, _key_bits(certificate)))))


def _key_bits(certificate: Certificate) -> int | None:
    """Return the length of the key; keys of some kinds have none, and of others nothing is known."""
    return getattr(_public_key(certificate), "key_size", None)


def _public_key(certificate: Certificate) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as above

    try:
        return certificate.public_key()
    except UnsupportedAlgorithm:
        return None


def _names(certificate: Certificate) -> tuple[str, ...]:
    """Return the host names: of the extension for them, and of the subject, each once."""
    from cryptography.x509 import DNSName  # noqa: PLC0415 - as above

    hosts = [name for name in _common_names(certificate) if " " not in name] + _alternative(certificate, DNSName)
    return tuple({name.lower(): name for name in reversed(hosts)}.values())[::-1]


def _common_names(certificate: Certificate) -> list[str]:
    return [_text(part) for part in certificate.subject if part.oid.dotted_string == _COMMON_NAME]


def _compared(certificate: Certificate) -> tuple[str, ...]:
    """Return the names as OpenSSL compares them with a host (X509_check_host), and the addresses."""
    from cryptography.x509 import DNSName, IPAddress  # noqa: PLC0415 - as above

    hosts = _alternative(certificate, DNSName) or _common_names(certificate)
    return (*hosts, *map(str, _alternative(certificate, IPAddress)))


def _alternative(certificate: Certificate, kind: type[GeneralName]) -> list[Any]:  # Any: what that kind's values are
    from cryptography.x509 import ExtensionNotFound, SubjectAlternativeName  # noqa: PLC0415 - as above

    try:
        found = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
    except ExtensionNotFound:
        return []
    return [each.value for each in found if isinstance(each, kind)]


def print_name(name: Name) -> str:
    """Print a distinguished name as .NET does: the most particular part first."""
    return ", ".join(" + ".join(map(_print_part, part)) for part in reversed(name.rdns))


def _print_part(part: NameAttribute[str | bytes]) -> str:
    oid, text = part.oid.dotted_string, _text(part)
    needs_quotes = not text or text != text.strip() or any(character in _QUOTED for character in text)
    shown = '"' + text.replace('"', '""') + '"' if needs_quotes else text
    return f"{_PARTS.get(oid, f'OID.{oid}')}={shown}"


def _text(part: NameAttribute[str | bytes]) -> str:
    return part.value if isinstance(part.value, str) else part.value.hex()


def stands_for(name: str, host: str) -> bool:
    """Say whether a certificate's name stands for the host: the same name, or ``*.`` for one label before it."""
    known, wanted = _fold(name), _fold(host)
    return known == wanted or (known.startswith("*.") and known[2:] == wanted.partition(".")[2] != "")


def _fold(name: str) -> str:
    """Spell a name as DNS compares it: in lower case and ASCII, without the dot at the end."""
    plain_name = name.removesuffix(".").lower()
    try:
        return plain_name if plain_name.isascii() else plain_name.encode("idna").decode("ascii")
    except UnicodeError:
        return plain_name
