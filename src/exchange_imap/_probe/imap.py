"""What an IMAP4 client says and hears (RFC 3501), by ``imaplib``, which parses the answers."""

from __future__ import annotations

import contextlib
import imaplib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from .._shown import legible
from .connection import Connection
from .course import Course
from .login import Login, quoted
from .observe import Asked
from .result import ProbeFailure, Stage
from .stopped import Stopped, text_of

__all__ = ["ImapDialogue"]

_MOST: Final = 200
_LONGEST: Final = 100
"""How many capabilities are kept, and how much of each; Exchange sends about fifteen."""
_AUTH: Final = "AUTH="
_Answer = tuple[str, Sequence[Any]]  # Any: bytes, a tuple of bytes for a literal, or None


class _Client(imaplib.IMAP4):
    """``imaplib`` on a connection of ours. What is overridden is what its documentation names for that."""

    def __init__(self, dialogue: ImapDialogue) -> None:
        self._dialogue = dialogue
        dialogue.client = self  # before the greeting is read, so that what came is known if that fails
        super().__init__()

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        """Use the connection that is there. With ``imaplib.Debug`` each command would be printed, passwords too."""
        del host, port, timeout
        self.debug = 0

    def read(self, size: int) -> bytes:
        """Read so many bytes."""
        return self._dialogue.connection.read(size)

    def readline(self) -> bytes:
        """Read a line."""
        return self._dialogue.connection.readline()

    def send(self, data: Any) -> None:  # Any: of the stubs; it is bytes
        """Send the bytes, without the audit event that would have them: a password is among them."""
        self._dialogue.connection.sendall(data)

    def shutdown(self) -> None:
        """Close the connection."""
        self._dialogue.connection.close()

    def capability(self) -> Any:  # Any: of the stubs
        """Ask for the capabilities; the constructor does so when the greeting has come."""
        self._dialogue.ask(text_of(self.welcome))
        return super().capability()


class ImapDialogue:
    """The dialogue of IMAP4."""

    client: _Client

    def __init__(self, connection: Connection, course: Course) -> None:
        self.connection = connection
        self.course = course

    def greet(self) -> None:
        """Read the greeting and the capabilities."""
        self.course.enter(Stage.GREETING)
        with self._understood(ProbeFailure.GARBAGE):
            _Client(self)
        self._offers(self.client.capabilities)

    def ask(self, greeting: str) -> None:
        """Note that the greeting has come, and that the capabilities are asked for."""
        if self.course.stage is Stage.GREETING:
            self.course.greeting = greeting
            self.course.say(greeting)
        self.course.enter(Stage.CAPABILITY)

    def _offers(self, capabilities: tuple[str, ...]) -> None:
        self.course.offer(tuple(legible(each, _LONGEST) for each in capabilities[:_MOST]), " ")

    def ask_for_tls(self) -> None:
        """Send STARTTLS."""
        self.course.enter(Stage.STARTTLS)
        self._require_no_login()
        if "STARTTLS" not in self.client.capabilities:
            raise Stopped(ProbeFailure.NOT_OFFERED, " ".join(self.client.capabilities))
        self.says(lambda: self.client.xatom("STARTTLS"))

    def resume(self) -> None:
        """Forget what was said in clear (RFC 3501, 6.2.1), and ask for the capabilities."""
        self.client.untagged_responses = {}
        with self._understood():
            _, (said, *_) = self.client.capability()
            if said is None:
                raise Stopped(ProbeFailure.GARBAGE, "no answer to CAPABILITY")
            self.client.capabilities = tuple(said.decode("ascii").upper().split())
        self._offers(self.client.capabilities)

    def use(self, asked: Asked) -> None:
        """Log in and open INBOX for reading only, if there is something to log in with."""
        if asked.login is None:
            return
        self.course.enter(Stage.LOGIN)
        self._log_in(asked.login)
        self.work()

    def work(self) -> None:
        """Do what a client does that is logged in."""
        self.course.enter(Stage.SELECT)
        self.says(lambda: self.client.select("INBOX", readonly=True))
        self.course.enter(Stage.NOOP)
        self.says(self.client.noop)

    def leave(self) -> None:
        """Log out."""
        self.course.enter(Stage.LOGOUT)
        self.says(self.client.logout)

    def _require_no_login(self) -> None:
        if self.client.state != "NONAUTH":
            raise Stopped(ProbeFailure.ALREADY_LOGGED_IN, self.course.greeting)

    def _log_in(self, login: Login) -> None:
        self._require_no_login()
        offers = self.client.capabilities
        way = login.way([each.removeprefix(_AUTH) for each in offers if each.startswith(_AUTH)], self.course)
        if way is None and "LOGINDISABLED" in offers:
            raise Stopped(ProbeFailure.DISABLED, " ".join(offers))
        login.require_tls(self.course)
        if way is None:
            self._log_in_by_command(login)
        else:
            self.says(lambda: self.client.authenticate(*way))

    def _log_in_by_command(self, login: Login) -> None:
        if not (login.user.isascii() and login.password.isascii()):
            raise Stopped(ProbeFailure.UNUSABLE, "LOGIN takes only ASCII, and AUTH=PLAIN is not offered")
        # The method of imaplib does not quote the user's name.
        self.says(lambda: self.client.xatom("LOGIN", quoted(login.user), quoted(login.password)))
        self.client.state = "AUTH"

    def says(self, command: Callable[[], _Answer]) -> Sequence[Any]:  # Any: as above
        """Do a command, note what the server says to it, and return that."""
        with self._understood():
            kind, data = command()
        said = " ".join(text_of(each) for each in data if isinstance(each, bytes))
        if kind not in {"OK", "BYE"}:
            raise Stopped(ProbeFailure.REJECTED, said)
        self.course.say(said)
        return data

    @contextlib.contextmanager
    def _understood(self, otherwise: ProbeFailure = ProbeFailure.REJECTED) -> Iterator[None]:
        """Turn what ``imaplib`` raises into failures; it finds no words for much of what is not IMAP4."""
        try:
            yield
        except imaplib.IMAP4.error as error:
            broken = isinstance(error, imaplib.IMAP4.abort) and not isinstance(error, imaplib.IMAP4.readonly)
            failure = ProbeFailure.GARBAGE if broken else otherwise
            ended = "BYE" in self.client.untagged_responses
            raise Stopped(ProbeFailure.TURNED_AWAY if ended else failure, _message(error)) from None
        except (ValueError, TypeError, LookupError) as error:
            raise Stopped(ProbeFailure.GARBAGE, f"imaplib: {type(error).__name__}") from None


def _message(error: Exception) -> str:
    first = error.args[0] if error.args else ""
    return text_of(first) if isinstance(first, bytes) else str(first)
