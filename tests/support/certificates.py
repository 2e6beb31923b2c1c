"""Certificates that tests make for their servers: an authority, what it signs, and files of both."""

from __future__ import annotations

import functools
import ipaddress
import ssl
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

__all__ = ["Issued", "authority", "good", "issue"]

DAY = timedelta(days=1)


@attrs.frozen(eq=False)
class Issued:
    """A certificate with its key, and the certificate that signed it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    issuer: Issued | None = None

    @property
    def pem(self) -> bytes:
        """The certificate as a file has it."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        """The certificate as it travels."""
        return self.certificate.public_bytes(Encoding.DER)

    def context(self, *chain: Issued) -> ssl.SSLContext:
        """Return the context of a server that sends this certificate, and those of ``chain``."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "server.pem")
            path.write_bytes(key + self.pem + b"".join(each.pem for each in chain))
            context.load_cert_chain(path)
        return context


def issue(  # noqa: PLR0913 - what a certificate may differ in
    common_name: str | None,
    names: Sequence[str] = (),
    *,
    issuer: Issued | None = None,
    ca: bool = False,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> Issued:
    """Make a certificate, signed by the issuer, or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    parts = [x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)] if common_name else []
    subject = x509.Name(parts)
    signer = issuer.key if issuer else key
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before or now - DAY)
        .not_valid_after(not_after or now + 365 * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if names:
        made = made.add_extension(x509.SubjectAlternativeName(list(map(_name, names))), critical=False)
    return Issued(made.sign(signer, hashes.SHA256()), key, issuer)


@functools.cache
def authority(name: str = "Test CA", issuer: Issued | None = None) -> Issued:
    """Return an authority, the same one each time."""
    return issue(name, issuer=issuer, ca=True)


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


@functools.cache
def good(*names: str) -> ssl.SSLContext:
    """Return the context of a server of these names whose certificate the authority has signed."""
    return issue(names[0], names, issuer=authority()).context()
