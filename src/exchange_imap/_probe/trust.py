"""What a client makes of a server's certificates: whom it trusts, what was sent, and why it was refused."""

from __future__ import annotations

import functools
import os
import ssl
import threading
from collections.abc import Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Final

from .._cmdlets.x509 import read_sent_certificate
from .._errors import InvalidValueError, UnexpectedReplyError
from .._files import open_regular
from .result import ProbeFailure, SeenCertificate

__all__ = ["looking_context", "read_chain", "reason_of", "sent_chain", "verifying_context"]

_LOADING: Final = threading.Lock()
_DER: Final = 2
"""``_ssl.ENCODING_DER``."""

# The numbers are OpenSSL's (openssl/x509_vfy.h); they have not changed since version 0.9.
_BY_CODE: Final = {
    9: ProbeFailure.NOT_YET_VALID,
    10: ProbeFailure.EXPIRED,
    18: ProbeFailure.SELF_SIGNED,
    19: ProbeFailure.UNKNOWN_AUTHORITY,  # a self-signed certificate is in the chain: the authority was sent
    62: ProbeFailure.WRONG_NAME,
    64: ProbeFailure.WRONG_NAME,  # the host is an IP address
}
_NO_ISSUER: Final = frozenset({2, 20, 21})
"""The issuer of a certificate in the chain was found neither there nor on this machine."""


def verifying_context(trust: str | PathLike[str] | None) -> ssl.SSLContext:
    """Return the context of a client that verifies certificates, with the machine's authorities or those of a file.

    It is loaded once, and again when the files have changed: a machine's authorities take 50 ms of one processor, and
    many probes may want them at once.
    """
    path = None if trust is None else fspath(trust)
    machine = ssl.get_default_verify_paths()
    files = (machine.cafile, machine.capath) if path is None else (path,)
    with _LOADING:
        return _load(path, tuple(map(_stamp, files)))


def _stamp(file: str | None) -> tuple[str, int, int] | None:
    """Return what changes when a file does."""
    try:
        found = Path(file or "").stat()
    except (OSError, ValueError):  # a NUL in the path is the latter
        return None
    return file or "", found.st_mtime_ns, found.st_size


@functools.lru_cache(maxsize=8)
def _load(trust: str | None, _stamps: tuple[object, ...]) -> ssl.SSLContext:
    """Load a context.

    ``ssl.create_default_context`` would verify more from Python 3.13 on (VERIFY_X509_STRICT), and refuse what mail
    clients accept.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if trust is None:
        context.load_default_certs()
        return context
    try:
        os.close(open_regular(trust, os.O_RDONLY, "probe(trust)"))  # OpenSSL would read a pipe or device for ever
        context.load_verify_locations(trust)
    except OSError as error:  # ssl.SSLError, of a file without certificates, is one
        hint = "Give a file with the certificates of your authorities, each between BEGIN and END CERTIFICATE (PEM)."
        raise InvalidValueError("probe(trust)", "a file of certificates", trust, hint) from error
    return context


def looking_context() -> ssl.SSLContext:
    """Return a context that verifies nothing: to look at a certificate, on a connection that carries nothing else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def sent_chain(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """Return the certificates (DER) as they were sent; where Python cannot tell, the server's own alone."""
    # Public from Python 3.13 on, there since 3.10; the stubs have neither.
    inner: Any = getattr(tls, "_sslobj", None)  # Any: see above
    for owner in (tls, inner):
        chain = getattr(owner, "get_unverified_chain", None)
        if chain is not None:
            return tuple(each if isinstance(each, bytes) else each.public_bytes(_DER) for each in chain() or ())
    own = tls.getpeercert(binary_form=True)
    return (own,) if own else ()


def read_chain(chain: Sequence[bytes]) -> tuple[SeenCertificate, ...]:
    """Return what the certificates say; one that cannot be read is left out."""
    return tuple(seen for seen in map(_read, chain) if seen is not None)


def _read(der: bytes) -> SeenCertificate | None:
    try:
        facts = read_sent_certificate(der, "ProbeResult.certificates")
    except UnexpectedReplyError:
        return None
    return SeenCertificate(
        subject=facts["Subject"],
        issuer=facts["Issuer"],
        names=facts["ComparedNames"],
        not_before=facts["NotBefore"],
        not_after=facts["NotAfter"],
        is_self_signed=facts["IsSelfSigned"],
        key=facts["Key"],
        thumbprint=facts["Thumbprint"],
        serial=facts["SerialNumber"],
    )


def reason_of(code: int, chain: Sequence[SeenCertificate]) -> ProbeFailure:
    """Say why OpenSSL refused a chain, by its number of the reason and by what was sent."""
    if code not in _NO_ISSUER:
        return _BY_CODE.get(code, ProbeFailure.NOT_TRUSTED)
    own = chain[0] if chain else None
    sent = {each.subject for each in chain}
    return ProbeFailure.MISSING_INTERMEDIATE if own and own.issuer not in sent else ProbeFailure.UNKNOWN_AUTHORITY
