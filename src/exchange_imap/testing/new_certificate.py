"""Certificates for fake servers: real X.509 data, the same in every run, with keys that nobody has.

The public key is an RSA modulus made of a hash, since only its length shows, and the signature is Ed25519's, which has
no chance in it. ``cryptography``, which pypsrp stands on, is loaded when the first certificate is made.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from .._cmdlets.certificates import ExchangeCertificate
from .._entry import entry
from .._errors import InvalidValueError
from .._values import CertificateService, RootCAType
from .directory import INSTALLED
from .new_server import NewServer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

__all__ = ["NewCertificate", "new_certificates"]

_YEAR: Final = timedelta(days=365)
_SELF_SIGNED: Final = ""
_ACCESS: Final = ("System.Security.AccessControl.CryptoKeyAccessRule",) * 3
_AUTH: Final = "Microsoft Exchange Server Auth Certificate"


def _check_names(_certificate: NewCertificate, _attribute: object, names: tuple[str, ...]) -> None:
    if not names or not all(name.isascii() and name for name in names):
        raise InvalidValueError("NewCertificate.names", "one or more names, in ASCII", names)


def _check_bits(_certificate: NewCertificate, _attribute: object, bits: int) -> None:
    if bits % 8 or not 512 <= bits <= 8192:  # noqa: PLR2004 - what can be an RSA key
        raise InvalidValueError("NewCertificate.key_bits", "a length such as 2048", bits)


@entry
@attrs.frozen
class NewCertificate:
    """A certificate to put on a :class:`FakeServer` by ``add_certificate``.

    The first of ``names`` is the subject's common name as well. ``issuer`` is the common name of the authority, and
    empty for a self-signed certificate. The same arguments make the same certificate, on every server. It is valid for
    ten years from the fake's installation; state ``not_after`` for an expired one, and ``key_bits`` for a weak key.

    >>> from exchange_imap.testing import FakeExchange, NewCertificate
    >>> server = FakeExchange(servers=["MBX01"]).server("MBX01")
    >>> certificate = server.add_certificate(NewCertificate(("mail.contoso.com", "imap.contoso.com")))
    >>> str(certificate.tls_certificate_name), certificate.services
    ('<I>CN=Contoso CA<S>CN=mail.contoso.com', ())
    >>> server.add_certificate(NewCertificate(("*.contoso.com",))).covers("mail.contoso.com")
    True
    """

    names: tuple[str, ...] = attrs.field(validator=_check_names)
    issuer: str = attrs.field(default="Contoso CA", kw_only=True)
    not_before: datetime = attrs.field(default=INSTALLED, kw_only=True)
    not_after: datetime = attrs.field(default=INSTALLED + 10 * _YEAR, kw_only=True)
    key_bits: int = attrs.field(default=2048, validator=_check_bits, kw_only=True)
    services: tuple[CertificateService, ...] = attrs.field(default=(), kw_only=True)
    """What it is enabled for from the beginning."""
    has_private_key: bool = attrs.field(default=True, kw_only=True)
    friendly_name: str = attrs.field(default="", kw_only=True)

    def make(self) -> ExchangeCertificate:
        """Return the certificate as a server has it, but for what depends on the server and the time."""
        return ExchangeCertificate.from_record(
            {
                "RawData": self._bytes(),
                "Services": ", ".join(map(str, self.services)) or "None",
                "HasPrivateKey": self.has_private_key,
                "RootCAType": str(RootCAType.Enterprise if self.issuer else RootCAType.NONE),
                "FriendlyName": self.friendly_name,
                "AccessRules": _ACCESS if self.has_private_key else (),
            }
        )

    def _bytes(self) -> bytes:
        from cryptography import x509  # noqa: PLC0415 - see the module
        from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - see the module
        from cryptography.x509.oid import ExtendedKeyUsageOID  # noqa: PLC0415 - see the module

        subject, *_ = self.names
        hosts = [x509.DNSName(name) for name in self.names if " " not in name]
        holder, authority = (
            x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
            for name in (subject, self.issuer or subject)
        )
        seed = repr((self.names, self.issuer, self.not_before, self.not_after, self.key_bits))
        made = (
            x509.CertificateBuilder(authority, holder)
            .public_key(_public_key(seed, self.key_bits))
            .serial_number(int.from_bytes(_hashed(seed, 16)) >> 1)
            .not_valid_before(self.not_before)
            .not_valid_after(self.not_after)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        )
        if hosts:
            made = made.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        return made.sign(_signer(self.issuer or seed), None).public_bytes(Encoding.DER)


def _hashed(seed: str, length: int) -> bytes:
    return hashlib.shake_256(seed.encode()).digest(length)


def _public_key(seed: str, bits: int) -> RSAPublicKey:
    """Return a key of that length; nobody knows the factors of the number, if it has only two."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers  # noqa: PLC0415 - see the module

    number = int.from_bytes(_hashed(seed, bits // 8)) | 1 << (bits - 1) | 1
    return RSAPublicNumbers(65537, number).public_key()


def _signer(seed: str) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - see the module
        Ed25519PrivateKey,
    )

    return Ed25519PrivateKey.from_private_bytes(_hashed(seed, 32))


def new_certificates(server: NewServer) -> tuple[ExchangeCertificate, ...]:
    """Return the certificates of a freshly installed server, the one that all services use first.

    Source: a capture of Get-ExchangeCertificate (CSS-Exchange), and Microsoft's page about digital certificates for
    what they are enabled for.
    """
    used = tuple(map(CertificateService.parse, ("IMAP", "POP", "IIS", "SMTP")))
    made = (
        NewCertificate(
            (server.name, server.fqdn),
            issuer=_SELF_SIGNED,
            not_after=INSTALLED + 5 * _YEAR,
            services=used,
            friendly_name="Microsoft Exchange",
        ),
        NewCertificate(
            (_AUTH,),
            issuer=_SELF_SIGNED,
            not_after=INSTALLED + 5 * _YEAR,
            services=(CertificateService.SMTP,),
            friendly_name=_AUTH,
        ),
        NewCertificate((f"WMSvc-{server.name}",), issuer=_SELF_SIGNED, friendly_name="WMSVC"),
    )
    return tuple(each.make() for each in made)
