"""Negotiate and Kerberos as Windows servers offer them, and the message encryption that follows.

WinRM offers both. Exchange's virtual directory offers ``Kerberos`` alone unless others are enabled there, and
then messages name that scheme too (jborean93/pypsrp#66 and #78, rapid7/metasploit-framework#20490).

pyspnego's acceptors read their secrets only through the environment (``NTLM_USER_FILE``, ``KRB5_KTNAME``). It is set
for each step of a login, under a lock, and restored. The file with the password is private and deleted at once.
"""

from __future__ import annotations

import base64
import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs
import spnego
import spnego.exceptions

from .conversation import SOAP, Challenge, Credential, MessageInClearError

__all__ = ["NegotiateConversation"]

_ENVIRONMENT: Final = threading.Lock()
_NTLM: Final = b"NTLMSSP\0"
_SPNEGO_OID: Final = b"\x06\x06\x2b\x06\x01\x05\x05\x02"
_BEGINNING: Final = 24
"""Bytes at the beginning of a first token, among which SPNEGO has its OID, 1.3.6.1.5.5.2 (RFC 4178, 4.2)."""
_HEADER: Final = re.compile(
    rb"Length=(\d+)\r\n--\s*Encrypted Boundary\r\n\s*Content-Type: application/octet-stream\r\n"
)
_END: Final = re.compile(rb"--\s*Encrypted Boundary--\r\n\Z")
_NEGOTIATE: Final = "Negotiate"
_KERBEROS: Final = "Kerberos"
_SESSION_ENCRYPTED: Final = {
    _NEGOTIATE: "application/HTTP-SPNEGO-session-encrypted",
    _KERBEROS: "application/HTTP-Kerberos-session-encrypted",
}


@attrs.define
class NegotiateConversation:
    """Negotiate or Kerberos on one TCP connection: first the login, then messages encrypted with its key.

    ``credential`` allows NTLM in the scheme Negotiate. ``keytab``, a file with the key of the service ``HTTP`` on this
    host, allows Kerberos in the scheme of that name, and with both also in Negotiate. Without TLS (``encrypt``) a
    message in clear is refused, as WinRM does.
    """

    credential: Credential | None = attrs.field(repr=False)
    keytab: str | None
    encrypt: bool
    user: str | None = attrs.field(default=None, init=False)
    response_headers: tuple[tuple[str, str], ...] = attrs.field(default=(), init=False)
    _context: spnego.ContextProxy | None = attrs.field(default=None, init=False, repr=False)
    _scheme: str = attrs.field(default=_NEGOTIATE, init=False)
    """The scheme that the client uses."""
    _encrypted: bool = attrs.field(default=False, init=False)
    """Whether the client encrypted its last message."""

    def authenticate(self, authorization: str | None) -> Challenge | None:
        """Take one step of the login; a client needs no header after it."""
        self.response_headers = ()
        if authorization is None and self.user is not None:
            return None
        scheme, _, text = (authorization or "").partition(" ")
        self._scheme = scheme.capitalize()
        try:
            token = base64.b64decode(text, validate=True) if self._scheme in self._offered else b""
            return self._step(token) if token else self._refuse()
        except (ValueError, spnego.exceptions.SpnegoError):
            return self._refuse()

    def _refuse(self) -> Challenge:
        self._context = self.user = None
        return Challenge(tuple(("WWW-Authenticate", scheme) for scheme in self._offered))

    @property
    def _offered(self) -> tuple[str, ...]:
        """The schemes, in the order in which WinRM names them."""
        given = {_NEGOTIATE: self.credential, _KERBEROS: self.keytab}
        return tuple(scheme for scheme, secret in given.items() if secret is not None)

    def _step(self, token: bytes) -> Challenge | None:
        with _secrets(self.credential, self.keytab):
            if self._context is None or self._context.complete:
                self._context = spnego.server(protocol=self._protocol(token))
            answer = self._context.step(token)
        header = ("WWW-Authenticate", f"{self._scheme} {base64.b64encode(answer or b'').decode()}")
        if not self._context.complete:
            return Challenge((header,), continues=True)
        self.user = str(self._context.client_principal)
        self.response_headers = (header,) if answer else ()
        return None

    def _protocol(self, token: bytes) -> str:
        """Find the client's protocol by its first token. Raises :class:`ValueError` for one that is not accepted."""
        found = "ntlm" if token.startswith(_NTLM) else "negotiate" if _SPNEGO_OID in token[:_BEGINNING] else "kerberos"
        if self._scheme == _KERBEROS and found != "kerberos":
            raise ValueError(f"{found} by the scheme Kerberos")
        if found == "kerberos" and self.keytab is None:
            raise ValueError("Kerberos without a key")
        return found

    def unwrap(self, content_type: str, body: bytes) -> bytes:
        """Decrypt a message.

        Raises :class:`MessageInClearError` for one in clear, and :class:`ValueError` for one that cannot be decrypted.
        """
        self._encrypted = content_type.startswith("multipart/encrypted")
        if not self._encrypted:
            if self.encrypt:
                raise MessageInClearError("a message in clear")
            return body
        found = _HEADER.search(body)
        if found is None or self._context is None:
            raise ValueError("no encrypted part")
        sealed = _END.sub(b"", body[found.end() :])
        size = int.from_bytes(sealed[:4], "little")
        try:
            return self._context.unwrap_winrm(sealed[4 : 4 + size], sealed[4 + size :])
        except spnego.exceptions.SpnegoError as error:
            raise ValueError("not encrypted with this session's key") from error

    def wrap(self, soap: bytes) -> tuple[str, bytes]:
        """Encrypt an answer to an encrypted message."""
        if not self._encrypted or self._context is None:
            return SOAP, soap
        header, data, padding = self._context.wrap_winrm(soap)
        protocol = _SESSION_ENCRYPTED[self._scheme]
        part = (
            f"--Encrypted Boundary\r\n\tContent-Type: {protocol}\r\n"
            f"\tOriginalContent: type={SOAP};Length={len(soap) + padding}\r\n"
            "--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n"
        )
        sealed = len(header).to_bytes(4, "little") + header + data
        content_type = f'multipart/encrypted;protocol="{protocol}";boundary="Encrypted Boundary"'
        return content_type, part.encode() + sealed + b"--Encrypted Boundary--\r\n"


@contextmanager
def _secrets(credential: Credential | None, keytab: str | None) -> Iterator[None]:
    """Set the environment for pyspnego's acceptors, and restore it afterwards."""
    with _ENVIRONMENT, tempfile.TemporaryDirectory() as folder:
        users = Path(folder, "users")
        if credential is not None:
            domain, _, user = credential[0].rpartition("\\")
            users.write_text(f"{domain}:{user}:{credential[1]}\n", encoding="utf-8")
        ours = {"NTLM_USER_FILE": str(users), "KRB5_KTNAME": keytab or ""}
        before = {name: os.environ.get(name) for name in ours}
        os.environ.update(ours)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
