"""Send WSMan messages over one connection: log in first, and encrypt where the login agreed on that."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

import attrs
from pypsrp.encryption import WinRMEncryption
from pypsrp.exceptions import AuthenticationError, WinRMTransportError

from .channel import AnotherConnectionError, Channel, Page
from .login import encryption_of, headers_of, log_in

__all__ = ["InClearError", "Messages", "SealError"]

_SOAP: Final = "application/soap+xml;charset=UTF-8"
_LARGEST_PAGE: Final = 2**16
"""The most bytes of an answer during the login."""
_BOUNDARY: Final = re.compile(r'boundary="?([^";]+)"?')
_SEALED: Final = "Encrypted Boundary"
"""The boundary of the parts of an encrypted message: [MS-WSMV] 2.2.9.1 allows no other."""
_UNAUTHORIZED: Final = 401
_OK: Final = 200


class InClearError(Exception):
    """The answer is not encrypted although messages are: anyone on the network may have written it."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status} in clear, where messages are encrypted")
        self.status = status


class SealError(Exception):
    """The answer cannot be decrypted."""


@attrs.define(eq=False)
class Messages:
    """One connection, and the encryption that its login agreed on."""

    channel: Channel
    _seal: WinRMEncryption | None = attrs.field(default=None, init=False)

    def exchange(self, message: bytes, read_timeout: float, limit: int) -> bytes:
        """Send a message and return the answer, of at most ``limit`` bytes.

        Raises :class:`WinRMTransportError` for an answer with another status, :class:`AuthenticationError`, the errors
        of this module, and those of ``channel``, urllib3 and spnego.
        """
        if self.channel.options.encrypts:
            return _said(self._exchange_sealed(message, read_timeout, limit), self.channel.options.username)
        return _said(self._exchange_plain(message, read_timeout, limit), self.channel.options.username)

    def _exchange_plain(self, message: bytes, read_timeout: float, limit: int) -> Page:
        options, self.channel.is_message = self.channel.options, True
        headers = {"Content-Type": _SOAP} | headers_of(options)

        def post(more: dict[str, str]) -> Page:
            return self.channel.post(message, headers | more, read_timeout, limit)

        if options.auth in {"basic", "certificate"}:
            return post({})
        return log_in(options, post, lambda: self.channel.certificate)[0]

    def _exchange_sealed(self, message: bytes, read_timeout: float, limit: int) -> Page:
        send = partial(self._post_sealed, message, read_timeout, limit)
        if self._seal is None:
            return send(self._agree(read_timeout))
        try:
            return send(self._seal)
        except AnotherConnectionError:  # the server has closed the one for which it was encrypted
            return send(self._agree(read_timeout))

    def _agree(self, read_timeout: float) -> WinRMEncryption:
        """Log in with an empty request, and agree on a key."""
        options, self.channel.is_message = self.channel.options, False

        def post(headers: dict[str, str]) -> Page:
            return self.channel.post(b"", headers, read_timeout, _LARGEST_PAGE)

        page, context, scheme = log_in(options, post, lambda: self.channel.certificate)
        _said(page, options.username)
        if context is None or not context.complete:
            raise AuthenticationError("the server did not finish the login, and messages cannot be encrypted")
        self._seal = encryption_of(context, scheme)
        return self._seal

    def _post_sealed(self, message: bytes, read_timeout: float, limit: int, seal: WinRMEncryption) -> Page:
        kind, sealed = seal.wrap_message(message)
        headers = {"Content-Type": f'{kind};protocol="{seal.protocol}";boundary="{_SEALED}"'}
        self.channel.is_message = self.channel.only_here = True
        try:
            page = self.channel.post(sealed, headers, read_timeout, limit)
        finally:
            self.channel.only_here = False
        if not page.content_type.startswith(("multipart/encrypted", "multipart/x-multi-encrypted")):
            raise InClearError(page.status)
        return attrs.evolve(page, body=_unsealed(page, seal))


def _unsealed(page: Page, seal: WinRMEncryption) -> bytes:
    found = _BOUNDARY.search(page.content_type)
    if (
        found is None or found[1] != _SEALED
    ):  # pypsrp makes a regular expression of the boundary; a hostile one may take forever to match
        raise SealError("another boundary")
    try:
        return seal.unwrap_message(page.body, _SEALED)
    except (
        Exception
    ) as error:  # an error of pypsrp, spnego, gssapi or Windows: all of them mean that the answer is unreadable
        raise SealError(type(error).__name__) from error


def _said(page: Page, user: str | None) -> bytes:
    """Return the body of an answer with status 200; raise the error that any other status means."""
    if page.status == _UNAUTHORIZED:
        raise AuthenticationError(f"the login of {user or 'this process'} was not accepted")
    if page.status != _OK:
        raise WinRMTransportError("http", page.status, page.body.decode("utf-8", "replace"))
    return page.body
