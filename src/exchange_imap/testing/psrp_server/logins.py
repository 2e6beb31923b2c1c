"""The kinds of login that a server offers, one or several on a connection."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import get_args

import attrs

from ..._errors import InvalidValueError
from .conversation import (
    BasicConversation,
    Challenge,
    Conversation,
    ConversationFactory,
    Credential,
    ServerAuthentication,
)

__all__ = ["AnyConversation", "conversations"]


@attrs.define
class AnyConversation:
    """Several kinds of login; the first one that accepts the client is used for the rest of the connection."""

    kinds: tuple[Conversation, ...]
    _accepted: Conversation = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._accepted = self.kinds[0]

    @property
    def user(self) -> str | None:
        """The client's name, after the login."""
        return self._accepted.user

    @property
    def response_headers(self) -> tuple[tuple[str, str], ...]:
        """The headers of the accepted kind."""
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
    """Return the factory for the conversation of each new connection, with the kinds of login that are offered.

    Raises :class:`InvalidValueError` for an unknown kind, for none, and for one whose requirements are missing.
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
