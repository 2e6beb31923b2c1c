"""What is said over one TCP connection before and around the SOAP: who the client is."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Final, Protocol

import attrs

__all__ = ["BasicConversation", "Challenge", "Conversation", "ConversationFactory"]

SOAP: Final = "application/soap+xml;charset=UTF-8"


@attrs.frozen
class Challenge:
    """The login is not done: the headers of an answer with status 401."""

    headers: tuple[tuple[str, str], ...]


class Conversation(Protocol):
    """One TCP connection's security: made when it opens, asked for every request."""

    @property
    def response_headers(self) -> tuple[tuple[str, str], ...]:
        """What an accepted answer says of the login, such as the last token of Negotiate."""
        ...

    def authenticate(self, authorization: str | None) -> Challenge | None:
        """Take the Authorization header; ``None`` lets the request pass."""
        ...

    def unwrap(self, content_type: str, body: bytes) -> bytes:
        """Return the SOAP of a request. Raises :class:`ValueError` for what is not encrypted as it must be."""
        ...

    def wrap(self, soap: bytes) -> tuple[str, bytes]:
        """Return the content type and body of an answer."""
        ...


ConversationFactory = Callable[[], Conversation]


@attrs.define
class BasicConversation:
    """Basic: name and password with every request, and no encryption of its own."""

    user: str
    password: str = attrs.field(repr=False)
    response_headers: tuple[tuple[str, str], ...] = ()

    def authenticate(self, authorization: str | None) -> Challenge | None:
        """Compare name and password."""
        scheme, _, token = (authorization or "").partition(" ")
        try:
            given = base64.b64decode(token, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            given = ""
        if scheme.lower() == "basic" and given == f"{self.user}:{self.password}":
            return None
        return Challenge((("WWW-Authenticate", 'Basic realm="WSMAN"'),))

    def unwrap(self, content_type: str, body: bytes) -> bytes:
        """Return it as it is."""
        del content_type
        return body

    def wrap(self, soap: bytes) -> tuple[str, bytes]:
        """Return it as it is."""
        return SOAP, soap
