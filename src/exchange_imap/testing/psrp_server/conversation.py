"""The security of one TCP connection: the login before SOAP messages, and their encryption."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from typing import Final, Literal, Protocol

import attrs

__all__ = [
    "SOAP",
    "BasicConversation",
    "Challenge",
    "Conversation",
    "ConversationFactory",
    "Credential",
    "MessageInClearError",
    "ServerAuthentication",
]

SOAP: Final = "application/soap+xml;charset=UTF-8"
"""The content type of an unencrypted message."""

ServerAuthentication = Literal["basic", "negotiate", "kerberos"]
"""The kinds of login, named after their schemes. ``negotiate`` is NTLM, bare or inside SPNEGO; together with
``kerberos`` it is Kerberos too."""
Credential = tuple[str, str]
"""User name and password."""


@attrs.frozen
class Challenge:
    """The login is not complete: the headers of an answer with status 401.

    ``continues`` says that a login has begun: then no other kind of login is offered.
    """

    headers: tuple[tuple[str, str], ...]
    continues: bool = False


class MessageInClearError(ValueError):
    """A message is not encrypted although it should be."""


class Conversation(Protocol):
    """The security of one TCP connection; it is asked at every request."""

    @property
    def user(self) -> str | None:
        """The client's name, after the login."""
        ...

    @property
    def response_headers(self) -> tuple[tuple[str, str], ...]:
        """The headers of the first accepted answer, such as the last token of Negotiate."""
        ...

    def authenticate(self, authorization: str | None) -> Challenge | None:
        """Take the Authorization header; ``None`` lets the request pass."""
        ...

    def unwrap(self, content_type: str, body: bytes) -> bytes:
        """Return the SOAP of a request.

        Raises :class:`MessageInClearError` for a message that should be encrypted, and :class:`ValueError` for one that
        cannot be decrypted.
        """
        ...

    def wrap(self, soap: bytes) -> tuple[str, bytes]:
        """Return the content type and body of an answer."""
        ...


ConversationFactory = Callable[[], Conversation]


@attrs.define
class BasicConversation:
    """Basic (RFC 7617): name and password in every request, and no encryption of its own.

    Without a ``credential`` any name and password are accepted.
    """

    credential: Credential | None = attrs.field(repr=False)
    user: str | None = attrs.field(default=None, init=False)
    response_headers: tuple[tuple[str, str], ...] = attrs.field(default=(), init=False)

    def authenticate(self, authorization: str | None) -> Challenge | None:
        """Compare name and password."""
        given = _basic(authorization or "")
        if given is None or not self._matches(given):
            return Challenge((("WWW-Authenticate", 'Basic realm="WSMAN"'),))
        self.user = given[0]
        return None

    def _matches(self, given: Credential) -> bool:
        if self.credential is None:
            return True
        expected = ":".join(self.credential).encode()
        return hmac.compare_digest(expected, ":".join(given).encode())

    def unwrap(self, content_type: str, body: bytes) -> bytes:
        """Return it as it is."""
        del content_type
        return body

    def wrap(self, soap: bytes) -> tuple[str, bytes]:
        """Return it as it is."""
        return SOAP, soap


def _basic(authorization: str) -> Credential | None:
    """Read name and password from a header; ``None`` if it has none."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(token, validate=True).decode().partition(":")
    except ValueError:  # no base64, or no UTF-8 in it
        return None
    return (user, password) if colon else None
