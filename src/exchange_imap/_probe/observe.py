"""The order of a probe: the way to the server, TLS and its certificate, and what the protocol's dialogue does then."""

from __future__ import annotations

import contextlib
import ssl
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import NoReturn
from typing import Protocol as Interface

import attrs

from .._transports.psrp.deadline import Deadline
from .._values import ConnectionSetting, Encryption
from .connect import ascii_name, connect, resolve
from .connection import Connection
from .course import Course
from .login import Login
from .result import ProbeResult, Protocol, Stage
from .stopped import Stopped, Untrusted
from .trust import looking_context, read_chain, reason_of

__all__ = ["Asked", "Dialogue", "Speak", "observe"]


@attrs.frozen(kw_only=True)
class Asked:
    """What a probe is to find out, and what it may use for that."""

    setting: ConnectionSetting
    protocol: Protocol
    context: Callable[[], ssl.SSLContext] = attrs.field(repr=False)
    """Makes the context that verifies; loading a machine's authorities takes 50 ms, so only where TLS is used."""
    timeout: timedelta
    login: Login | None = None
    expected_name: str | None = None
    address: str | None = None


class Dialogue(Interface):
    """What a protocol says on a connection. A failure is a :class:`Stopped`."""

    def greet(self) -> None:
        """Read the greeting and what the server offers."""
        ...

    def ask_for_tls(self) -> None:
        """Send STARTTLS, and read the answer."""
        ...

    def resume(self) -> None:
        """Forget what was said before TLS, and ask what the server offers now."""
        ...

    def use(self, asked: Asked) -> None:
        """Do what a client does: log in, if there is something to log in with, and work."""
        ...

    def leave(self) -> None:
        """Say good-bye."""
        ...


Speak = Callable[[Connection, Course], Dialogue]


def observe(asked: Asked, speak: Speak) -> ProbeResult:
    """Probe a server: whatever it does, and whatever the network does, is a result.

    An exception that is not about the server, such as KeyboardInterrupt, passes; the socket is closed, and the frames
    of its traceback keep no secret.
    """
    course = Course(setting=asked.setting, protocol=asked.protocol, expected_name=asked.expected_name)
    try:
        with contextlib.ExitStack() as opened:
            _Probe(asked, speak, course, Deadline.after(asked.timeout), opened).run()
    except Stopped as stopped:
        course.stop(stopped)
    except BaseException as error:
        traceback.clear_frames(error.__traceback__)
        raise
    return course.result()


@attrs.frozen
class _Probe:
    """One probe under way."""

    asked: Asked
    speak: Speak
    course: Course
    deadline: Deadline
    opened: contextlib.ExitStack

    def run(self) -> None:
        """Go through the stages, until one fails."""
        encryption = self.asked.setting.encryption
        connection = self._connect()
        if encryption is Encryption.SSL:
            self._secure(connection)
        dialogue = self.speak(connection, self.course)
        dialogue.greet()
        if encryption is Encryption.TLS:
            dialogue.ask_for_tls()
            self._secure(connection)
            dialogue.resume()
        dialogue.use(self.asked)
        dialogue.leave()

    def _connect(self) -> Connection:
        setting, course = self.asked.setting, self.course
        if self.asked.address is None:
            course.enter(Stage.DNS)
            course.addresses = resolve(ascii_name(setting.host), setting.port, self.deadline)
            course.say(", ".join(course.addresses))
        addresses = course.addresses if self.asked.address is None else (self.asked.address,)
        course.enter(Stage.TCP)
        sock, course.address, others = connect(addresses, setting.port, self.deadline)
        course.say(", ".join(filter(None, (others, f"{course.address} answers"))))
        return self.opened.enter_context(contextlib.closing(Connection(sock, self.deadline)))

    def _secure(self, connection: Connection) -> None:
        """Begin TLS, and verify the certificate. One that is refused is looked at once more, and the probe ends."""
        course = self.course
        course.enter(Stage.TLS)
        try:
            connection.start_tls(self.asked.context(), self._name)
        except Untrusted as refused:
            connection.close()
            self._look(refused)
        self._saw(connection)
        course.enter(Stage.CERTIFICATE)
        course.trusted = True
        course.say("; ".join(map(str, course.certificates)))

    @property
    def _name(self) -> str:
        return ascii_name(self.asked.setting.host)

    def _saw(self, connection: Connection) -> None:
        self.course.tls, self.course.certificates = connection.tls, read_chain(connection.chain)
        self.course.say(str(self.course.tls))

    def _look(self, refused: Untrusted) -> NoReturn:
        """Fetch the certificate that was refused, as ``ssl.get_server_certificate`` does, and end with the reason.

        Python tells nothing of a certificate that it refused. So there is a second connection, on which nothing is
        verified: it ends with the handshake. What it meets on its way is not reported.
        """
        course = self.course
        course.trusted = False
        with contextlib.suppress(Stopped), contextlib.ExitStack() as opened:
            asked = attrs.evolve(self.asked, address=course.address, context=looking_context)
            again = attrs.evolve(self, asked=asked, course=self._other_course(), opened=opened)
            self._saw(again.hands_shaken())
        course.enter(Stage.CERTIFICATE)
        said = "; ".join((refused.said, *map(str, course.certificates)))
        raise Stopped(reason_of(refused.code, course.certificates), said)

    def hands_shaken(self) -> Connection:
        """Return a connection that speaks TLS, of which nothing else was asked."""
        connection = self._connect()
        if self.asked.setting.encryption is Encryption.TLS:
            dialogue = self.speak(connection, self.course)
            dialogue.greet()
            dialogue.ask_for_tls()
        connection.start_tls(self.asked.context(), self._name)
        return connection

    def _other_course(self) -> Course:
        return Course(setting=self.asked.setting, protocol=self.asked.protocol)
