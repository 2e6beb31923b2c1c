"""Certificates for a server on loopback, from an authority that is made for each server and trusted by no one else."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

__all__ = ["Certificates", "make_certificates"]

_NAMES: Final = ("127.0.0.1", "localhost")
_LIFE: Final = timedelta(days=1)


@attrs.frozen(eq=False)
class Certificates:
    """The authority's certificate as a file, and the server's TLS context."""

    authority: str
    """The file (PEM) for clients to verify the server with."""
    server_context: ssl.SSLContext
    _folder: tempfile.TemporaryDirectory[str]

    def remove(self) -> None:
        """Remove the files."""
        self._folder.cleanup()


def make_certificates(names: Sequence[str] = _NAMES, *, expired: bool = False) -> Certificates:
    """Make an authority, and its certificate for a server of these names."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - loaded for those who use TLS

    folder = tempfile.TemporaryDirectory()
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    now = datetime.now(UTC) - (2 * _LIFE if expired else timedelta())
    authority = _certificate("exchange_imap loopback authority", authority_key, None, now=now)
    server = _certificate(names[0], key, (authority, authority_key), names, now=now)
    paths = {each: Path(folder.name, each) for each in ("authority.pem", "server.pem", "server.key")}
    paths["authority.pem"].write_bytes(_pem(authority))
    paths["server.pem"].write_bytes(_pem(server))
    paths["server.key"].write_bytes(_key_pem(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(paths["server.pem"], paths["server.key"])
    return Certificates(str(paths["authority.pem"]), context, folder)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None,
    names: Sequence[str] = (),
    *,
    now: datetime,
) -> x509.Certificate:
    from cryptography import x509  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - as above

    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    authority_key = issuer[1] if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _LIFE / 24)
        .not_valid_after(now + _LIFE)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(
            _usage(ca=issuer is None), critical=True
        )  # Python 3.13 verifies that it is there (RFC 5280 4.2.1.3)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(list(map(_general_name, names))), critical=False)
    return builder.sign(authority_key, hashes.SHA256())


def _usage(*, ca: bool) -> x509.KeyUsage:
    from cryptography import x509  # noqa: PLC0415 - as above

    return x509.KeyUsage(
        digital_signature=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    from cryptography import x509  # noqa: PLC0415 - as above

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - as above

    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - as above

    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
