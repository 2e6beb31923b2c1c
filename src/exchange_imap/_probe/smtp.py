"""What a client that submits mail says and hears (RFC 6409), by ``smtplib``, which parses the answers."""

from __future__ import annotations

import base64
import contextlib
import smtplib
from collections.abc import Collection, Iterator
from typing import Final

from .._shown import legible
from .connection import Connection
from .course import Course
from .letter import Letter
from .login import Login, Respond
from .observe import Asked
from .result import ProbeFailure, Stage
from .stopped import Stopped, text_of

__all__ = ["SmtpDialogue"]

_READY: Final = 220
_CLOSING: Final = 221
_LOGGED_IN: Final = 235
_DONE: Final = 250
_FORWARDED: Final = 251
_CHALLENGE: Final = 334
_SHUTTING_DOWN: Final = 421
_LOWEST: Final = 200
_REFUSALS: Final = 400
"""Codes from here on say no (RFC 5321, 4.2.1), for now or for good."""
_MOST_LINES: Final = 500
"""Of one answer; the longest, that to EHLO, has about twenty. ``smtplib`` takes as many as come."""
_LONGEST: Final = 200
"""How much is kept of a line of the answer to EHLO."""


class _Lines:
    """What ``smtplib`` reads from, as if it were a file: lines of a limited length, and so many for each answer."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.last = b""
        self.begin()

    def begin(self) -> None:
        """Expect an answer."""
        self._left = _MOST_LINES

    def readline(self, longest: int) -> bytes:
        """Return one line, with its end."""
        self._left -= 1
        self.last = line = self._connection.readline()
        if len(line) >= longest or self._left < 0:
            raise Stopped(ProbeFailure.TOO_LONG, text_of(line))
        return line

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class _Client(smtplib.SMTP):
    """``smtplib`` on a connection of ours."""

    debuglevel = 0  # otherwise each command could be printed, passwords too, if somebody has set it for all

    def __init__(self, connection: Connection) -> None:
        super().__init__(local_hostname=connection.own_literal)  # the default asks DNS for a name, without a time limit
        self._connection = connection
        self.file = self.lines = _Lines(connection)

    def send(self, s: str | bytes) -> None:  # type: ignore[override]  # the stubs want ReadableBuffer, never sent here
        """Send, without the audit event that would have it all: a password is in it."""
        self.lines.begin()
        self._connection.sendall(s.encode("ascii") if isinstance(s, str) else s)


class SmtpDialogue:
    """The dialogue of submission; with a letter, it is sent after the login."""

    def __init__(self, connection: Connection, course: Course, letter: Letter | None = None) -> None:
        self.course = course
        self._client = _Client(connection)
        self._letter = letter

    def greet(self) -> None:
        """Read the greeting, and say EHLO."""
        self.course.enter(Stage.GREETING)
        with self._understood():
            code, text = self._client.getreply()
        self.course.greeting = self._words(code, text)
        if code >= _REFUSALS:
            raise Stopped(ProbeFailure.TURNED_AWAY, self.course.greeting)
        self._require((code, text), _READY)
        self._introduce()

    def _introduce(self) -> None:
        self.course.enter(Stage.EHLO)
        with self._understood():
            self._require(self._client.ehlo(), _DONE)
        offers = (f"{name} {values.strip()}".strip().upper() for name, values in self._client.esmtp_features.items())
        self.course.offer(tuple(legible(each, _LONGEST) for each in offers), ", ")

    def ask_for_tls(self) -> None:
        """Send STARTTLS (RFC 3207)."""
        self.course.enter(Stage.STARTTLS)
        if not self._client.has_extn("STARTTLS"):
            raise Stopped(ProbeFailure.NOT_OFFERED, ", ".join(self.course.capabilities_before))
        self._command("STARTTLS", _READY)

    def resume(self) -> None:
        """Say EHLO again: what was said in clear counts no more (RFC 3207, 4.2)."""
        self._introduce()

    def use(self, asked: Asked) -> None:
        """Log in, if there is something to log in with, and send the letter, if there is one."""
        if asked.login is None:
            return
        self.course.enter(Stage.AUTH)
        self._log_in(asked.login)
        if self._letter is not None:
            self.course.enter(Stage.SEND)
            self._submit(self._letter)

    def leave(self) -> None:
        """Say QUIT."""
        self.course.enter(Stage.QUIT)
        self._command("QUIT", _CLOSING)

    def _log_in(self, login: Login) -> None:
        """Log in (RFC 4954)."""
        mechanisms = self._client.esmtp_features.get("auth", "").upper().split()
        mechanism, respond = login.way(mechanisms, self.course) or self._by_login(login, mechanisms)
        login.require_tls(self.course)
        with self._understood():
            code, text = self._client.docmd("AUTH", mechanism)
            while code == _CHALLENGE:
                response = respond(base64.b64decode(text))
                code, text = self._client.docmd("*" if response is None else base64.b64encode(response).decode())
                if response is None:
                    break
            self._require((code, text), _LOGGED_IN)

    def _by_login(self, login: Login, mechanisms: Collection[str]) -> tuple[str, Respond]:
        """Return the mechanism LOGIN, which asks for the name and then the password; Exchange offers no PLAIN."""
        if "LOGIN" not in mechanisms:
            raise Stopped(ProbeFailure.NOT_OFFERED, f"AUTH {' '.join(mechanisms) or 'is not offered'}")
        responses = iter((login.user.encode(), login.password.encode()))
        return "LOGIN", lambda _challenge: next(responses, None)

    def _submit(self, letter: Letter) -> None:
        with self._understood():
            self._require(self._client.mail(letter.address), _DONE)
            self._require(self._client.rcpt(letter.address), _DONE, _FORWARDED)
            letter.may_be_sent = True
            try:
                answer = self._client.data(letter.text())
            except smtplib.SMTPDataError:  # before the text was sent
                letter.may_be_sent = False
                raise
            letter.may_be_sent = answer[0] < _REFUSALS  # an answer that is none proves nothing
            self._require(answer, _DONE)
        letter.accept()

    def _command(self, command: str, wanted: int) -> None:
        with self._understood():
            self._require(self._client.docmd(command), wanted)

    def _require(self, answer: tuple[int, bytes], *wanted: int) -> None:
        """Note what the server says; an answer with another code is a failure."""
        said = self._words(*answer)
        if answer[0] not in wanted:
            raise Stopped(_failure(answer[0]), said)
        self.course.say(said)

    def _words(self, code: int, text: bytes) -> str:
        """Return an answer as the server wrote it, the lines of several joined."""
        if code < _LOWEST:
            return text_of(self._client.lines.last)
        return f"{code} {' / '.join(map(text_of, text.splitlines()))}"

    @contextlib.contextmanager
    def _understood(self) -> Iterator[None]:
        """Turn what ``smtplib`` raises into failures."""
        try:
            yield
        except smtplib.SMTPResponseException as error:
            code, said = error.smtp_code, error.smtp_error
            raise Stopped(_failure(code), self._words(code, said if isinstance(said, bytes) else b"")) from None
        except (smtplib.SMTPException, ValueError) as error:
            last = text_of(self._client.lines.last)
            raise Stopped(ProbeFailure.GARBAGE, f"smtplib: {type(error).__name__}: {last}") from None


def _failure(code: int) -> ProbeFailure:
    if code == _SHUTTING_DOWN:
        return ProbeFailure.TURNED_AWAY
    return ProbeFailure.REJECTED if code >= _REFUSALS else ProbeFailure.GARBAGE
