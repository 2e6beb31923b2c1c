"""What a client sends to log in, and how its answers to a server's challenges are watched over."""

from __future__ import annotations

from collections.abc import Callable, Collection

import attrs

from .._powershell.secret import PSCredential
from .course import Course
from .result import ProbeFailure
from .stopped import Stopped

__all__ = ["Login", "Respond", "once", "quoted", "watched"]

Respond = Callable[[bytes], bytes | None]
"""What answers a server's SASL challenges, as ``imaplib`` takes it: ``None`` gives up."""


@attrs.frozen(kw_only=True)
class Login:
    """What to log in with: a password, or a SASL mechanism with what responds to its challenges."""

    credential: PSCredential | None = None
    sasl: tuple[str, Respond] | None = attrs.field(default=None, repr=False)
    allow_insecure: bool = False
    """Whether it may travel without TLS."""

    def way(self, mechanisms: Collection[str], course: Course) -> tuple[str, Respond] | None:
        """Return the mechanism to use of those that are offered; ``None`` for the protocol's own login by password.

        Raises :class:`Stopped` if the mechanism of the caller is not offered.
        """
        if self.sasl is not None:
            mechanism, respond = self.sasl
            if mechanism not in mechanisms:
                raise Stopped(ProbeFailure.NOT_OFFERED, f"AUTH={mechanism}")
            return mechanism, watched(respond, course)
        password = self.password
        course.hide(password.encode(), quoted(password).encode())
        return ("PLAIN", watched(once(self._plain()), course)) if "PLAIN" in mechanisms else None

    def require_tls(self, course: Course) -> None:
        """Refuse to send it without TLS of a server that is trusted, unless the caller allows that."""
        if not (course.trusted or self.allow_insecure):
            raise Stopped(ProbeFailure.IN_CLEAR, "there is no TLS: nothing was sent")

    def _plain(self) -> bytes:
        """Return what the mechanism PLAIN sends (RFC 4616)."""
        return f"\0{self.user}\0{self.password}".encode()

    @property
    def user(self) -> str:
        """The user's name."""
        return self.credential.user_name if self.credential else ""

    @property
    def password(self) -> str:
        """The password itself."""
        return self.credential.password.reveal() if self.credential else ""


def quoted(text: str) -> str:
    """Write a quoted string (RFC 3501, 9); the text has no control characters, or it would end the command."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def once(response: bytes) -> Respond:
    """Return a function that responds once, and gives up if the server asks again."""
    responses = iter((response,))
    return lambda _challenge: next(responses, None)


def watched(respond: Respond, course: Course) -> Respond:
    """Return a function that responds, of which no error comes out and no response is repeated in a result."""

    def respond_safely(challenge: bytes) -> bytes | None:
        try:
            response = respond(challenge)
        except Exception as error:  # noqa: BLE001 - the caller's own function, given what a server sent
            raise Stopped(ProbeFailure.UNUSABLE, f"the SASL function raised {type(error).__name__}") from None
        if response is not None and not isinstance(response, bytes):
            raise Stopped(ProbeFailure.UNUSABLE, f"the SASL function returned {type(response).__name__}, not bytes")
        course.hide(response or b"")
        return response

    return respond_safely
