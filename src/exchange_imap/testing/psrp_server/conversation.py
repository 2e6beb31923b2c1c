"""What is said over one TCP connection before and around the SOAP: who the client is."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Collection
from functools import partial
from typing import Final, Literal, Protocol, get_args

import attrs

from ..._errors import InvalidValueError

__all__ = [
    "SOAP",
    "AnyConversation",
    "BasicConversation",
    "Challenge",
    "Conversation",
    "ConversationFactory",
    "Credential",
    "MessageInClearError",
    "ServerAuthentication",
    "conversations",
]

SOAP: Final = "application/soap+xml;charset=UTF-8"
"""The content type of a message in clear."""

ServerAuthentication = Literal["basic", "negotiate", "kerberos"]
"""How a client may say who it is, after the schemes that are offered; ``negotiate`` is NTLM, bare or inside SPNEGO, and
with ``kerberos`` beside it Kerberos too."""
Credential = tuple[str, str]
"""User name and password."""


@attrs.frozen
class Challenge:
    """The login is not done: the headers of an answer with status 401.

    ``continues`` says that this client's login is under way: then no other kind of login is offered beside it.
    """

    headers: tuple[tuple[str, str], ...]
    continues: bool = False


class MessageInClearError(ValueError):
    """A message is not encrypted and should be."""


class Conversation(Protocol):
    """One TCP connection's security: made when it opens, asked for every request."""

    @property
    def user(self) -> str | None:
        """Who the client is, once that is known."""
        ...

    @property
    def response_headers(self) -> tuple[tuple[str, str], ...]:
        """What an accepted answer says of the login, such as the last token of Negotiate."""
        ...

    def authenticate(self, authorization: str | None) -> Challenge | None:
        """Take the Authorization header; ``None`` lets the request pass."""
        ...

    def unwrap(self, content_type: str, body: bytes) -> bytes:
        """Return the SOAP of a request.

        Raises :class:`MessageInClearError` for what should be encrypted, and :class:`ValueError` for what cannot be
        decrypted.
        """
        ...

    def wrap(self, soap: bytes) -> tuple[str, bytes]:
        """Return the content type and body of an answer."""
        ...


ConversationFactory = Callable[[], Conversation]


@attrs.define
class BasicConversation:
    """Basic: name and password with every request, and no encryption of its own.

    Without a ``credential`` whoever names himself is let in.
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
    """Read name and password out of a header; ``None`` where it has none."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(token, validate=True).decode().partition(":")
    except ValueError:  # no base64, or no UTF-8 in it
        return None
    return (user, password) if colon else None


@attrs.define
class AnyConversation:
    """Several kinds of login side by side: the first that lets the client in speaks for the rest of the connection."""

    kinds: tuple[Conversation, ...]
    _accepted: Conversation = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._accepted = self.kinds[0]

    @property
    def user(self) -> str | None:
        """Who the client is."""
        return self._accepted.user

    @property
    def response_headers(self) -> tuple[tuple[str, str], ...]:
        """What the accepted kind says."""
        return self._accepted.response_headers

    def authenticate(self, authorization: str | None) -> Challenge | None:
        """Ask each kind."""
        challenges = []
        for kind in self.kinds:
            challenge = kind.authenticate(authorization)
            if challenge is None:
                self._accepted = kind
                return None
            if challenge.continues:
                return challenge
            challenges.append(challenge)
        return Challenge(tuple(header for challenge in challenges for header in challenge.headers))

    def unwrap(self, content_type: str, body: bytes) -> bytes:
        """Leave it to the accepted kind."""
        return self._accepted.unwrap(content_type, body)

    def wrap(self, soap: bytes) -> tuple[str, bytes]:
        """Leave it to the accepted kind."""
        return self._accepted.wrap(soap)


def conversations(
    authentication: Collection[ServerAuthentication],
    credential: Credential | None,
    *,
    keytab: str | None = None,
    tls: bool = False,
) -> ConversationFactory:
    """Return what makes a conversation of each new connection, with the kinds of login that are offered.

    Raises :class:`InvalidValueError` for a kind that there is not, for none, and for one that lacks what it needs.
    """
    unknown = set(authentication) - set(get_args(ServerAuthentication))
    if unknown or not authentication:
        kinds = ", ".join(get_args(ServerAuthentication))
        raise InvalidValueError("PsrpServer.authentication", f"some of {kinds}", tuple(authentication))
    if "negotiate" in authentication and credential is None:
        raise InvalidValueError("PsrpServer.credential", "a user name and password, for NTLM", credential)
    if "kerberos" in authentication and keytab is None:
        raise InvalidValueError("PsrpServer.keytab", "the file with the key of HTTP on this host", keytab)
    makers: list[ConversationFactory] = []
    if "basic" in authentication:
        makers.append(partial(BasicConversation, credential))
    if {"negotiate", "kerberos"} & set(authentication):
        makers.append(_negotiate(authentication, credential, keytab, encrypt=not tls))
    return makers[0] if len(makers) == 1 else lambda: AnyConversation(tuple(make() for make in makers))


def _negotiate(
    authentication: Collection[ServerAuthentication],
    credential: Credential | None,
    keytab: str | None,
    *,
    encrypt: bool,
) -> ConversationFactory:
    from .authentication import NegotiateConversation  # noqa: PLC0415 - loads spnego, for those who use it

    users = credential if "negotiate" in authentication else None
    keys = keytab if "kerberos" in authentication else None
    return partial(NegotiateConversation, users, keys, encrypt)
