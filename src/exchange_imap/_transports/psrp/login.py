"""Log in with Basic (RFC 7617), a certificate, or the tokens of Negotiate (RFC 4559), which may encrypt messages later.

WinRM offers ``Negotiate`` and ``Kerberos``. Exchange's virtual directory offers ``Kerberos`` alone unless others are
enabled there (jborean93/pypsrp#66 and #78).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import Final

import spnego
import spnego.channel_bindings
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from pypsrp.encryption import WinRMEncryption
from pypsrp.exceptions import AuthenticationError

from .channel import Page
from .options import ConnectionOptions

__all__ = ["Post", "encryption_of", "headers_of", "log_in"]

Post = Callable[[dict[str, str]], Page]
"""Sends the request with additional headers and returns the answer."""

_SCHEMES: Final = ("Negotiate", "Kerberos", "NTLM")
"""The supported schemes, the preferred one first."""
_UNAUTHORIZED: Final = 401
_MUTUAL: Final = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"


def headers_of(options: ConnectionOptions) -> dict[str, str]:
    """Return the headers of every request for a login without steps."""
    if options.auth == "certificate":
        return {"Authorization": _MUTUAL}
    if options.auth == "basic":
        password = "" if options.password is None else options.password.reveal()
        pair = base64.b64encode(f"{options.username}:{password}".encode("latin-1"))
        return {"Authorization": f"Basic {pair.decode()}"}
    return {}


def log_in(
    options: ConnectionOptions, post: Post, certificate: Callable[[], bytes | None]
) -> tuple[Page, spnego.ContextProxy | None, str]:
    """Send a request, and log in if the server asks for it.

    Returns the answer, the security context that can encrypt from now on (or ``None``), and the scheme. Raises
    :class:`AuthenticationError`.
    """
    page = post({})
    if page.status != _UNAUTHORIZED:
        return page, None, ""
    scheme = _choose(options, page)
    context = _context(options, scheme, certificate())
    token = context.step()
    while token:
        page = post({"Authorization": f"{scheme} {base64.b64encode(token).decode()}"})
        answer = _token(page, scheme)
        token = context.step(answer) if answer else None
        if (
            page.status != _UNAUTHORIZED
        ):  # the server accepted the request: it must not be sent again, even if a token is left
            break
    return page, context, scheme


def _choose(options: ConnectionOptions, page: Page) -> str:
    offered = ", ".join(page.challenges)
    scheme = next((each for each in _SCHEMES if each.lower() in offered.lower()), None)
    if scheme is None:
        raise AuthenticationError(f"the server offers {offered or 'no login'}")
    if options.auth not in {"negotiate", scheme.lower()} and scheme != "Negotiate":
        raise AuthenticationError(f"the server offers {offered}")
    return scheme


def _context(options: ConnectionOptions, scheme: str, certificate: bytes | None) -> spnego.ContextProxy:
    encrypts = options.encrypts
    wanted = spnego.ContextReq.default | (spnego.ContextReq.delegate if options.negotiate_delegate else 0)
    return spnego.client(
        options.username,
        None if options.password is None else options.password.reveal(),
        hostname=options.negotiate_hostname_override or options.host,
        service=options.negotiate_service,
        channel_bindings=_bindings(certificate) if options.negotiate_send_cbt and certificate else None,
        context_req=wanted,
        protocol=scheme.lower() if options.auth == "negotiate" else options.auth,
        options=spnego.NegotiateOptions.wrapping_winrm if encrypts else spnego.NegotiateOptions.none,
    )


def _bindings(certificate: bytes) -> spnego.channel_bindings.GssChannelBindings:
    """Bind the login to the TLS connection: tls-server-end-point of RFC 5929, section 4.1."""
    try:
        used = x509.load_der_x509_certificate(certificate).signature_hash_algorithm
    except UnsupportedAlgorithm:
        used = None
    weak = used is None or isinstance(used, (hashes.MD5, hashes.SHA1))
    digest = hashes.Hash(hashes.SHA256() if used is None or weak else used)
    digest.update(certificate)
    return spnego.channel_bindings.GssChannelBindings(application_data=b"tls-server-end-point:" + digest.finalize())


def _token(page: Page, scheme: str) -> bytes:
    """Return the server's token; empty if there is none, or an unreadable one beside an accepted request."""
    found = re.search(rf"{scheme}\s+([A-Za-z0-9+/=]+)", ", ".join(page.challenges), re.IGNORECASE)
    try:
        return base64.b64decode(found[1]) if found else b""
    except binascii.Error as error:
        if page.status != _UNAUTHORIZED:  # the server accepted the request, so the login succeeded
            return b""
        raise AuthenticationError("the server's token is no base64") from error


def encryption_of(context: spnego.ContextProxy, scheme: str) -> WinRMEncryption:
    """Return pypsrp's encryption for a security context; messages name its protocol ([MS-WSMV] 2.2.9.1)."""
    kerberos = scheme == "Kerberos"
    return WinRMEncryption(context, WinRMEncryption.KERBEROS if kerberos else WinRMEncryption.SPNEGO)
