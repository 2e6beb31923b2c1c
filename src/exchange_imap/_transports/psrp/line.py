"""Requests to one endpoint, each with a deadline; it takes the place of pypsrp's transport.

Each request runs on a thread of its own. So the caller can stop waiting at any moment, at its deadline or when it is
cancelled, also while a name is looked up, a ticket is fetched, or a server sends a byte a second: then the connection
is cut, and what the thread would still have written is not written.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from typing import Final

import urllib3.exceptions
from pypsrp.exceptions import WinRMTransportError

from .channel import Channel
from .deadline import Deadline
from .messages import Messages
from .options import ConnectionOptions

__all__ = ["GivenUpError", "Line"]

_LARGEST_ANSWER: Final = 4 * 2**20
"""Bytes of one HTTP answer: eight times of what servers are asked to keep to (MaxEnvelopeSize)."""
_SLOWEST: Final = 3
"""How many times ``read_timeout``, which is for each part of an answer, all of it may take."""
_NEVER: Final = threading.Event()


class GivenUpError(Exception):
    """The caller no longer waits for the answer: its time is over, or it was cancelled."""


class Line:
    """Requests to one endpoint, one at a time."""

    def __init__(self, options: ConnectionOptions) -> None:
        self.options = options
        self.endpoint = options.url
        self.deadline = Deadline()
        """Until when an answer is waited for."""
        self.cancelled = _NEVER
        """What stops the waiting at once; :meth:`interrupt` makes that be noticed."""
        self.budget = 0
        """How many bytes of answers may still come."""
        self._cookies: dict[str, str] = {}
        self._messages: Messages | None = None
        self._left = False
        self._answers: SimpleQueue[bytes | BaseException] = SimpleQueue()

    @property
    def left(self) -> bool:
        """Whether the last message was written, if only in part; until then no server can have acted on it."""
        return self._left if self._messages is None else self._messages.channel.left

    def send(self, message: bytes, *, retries_on_read_timeout: int = 0, timeout: float | None = None) -> bytes:
        """Send a message and return the answer to it.

        One that was not answered in time is sent again as often as stated, word for word. Raises errors of urllib3,
        spnego and pypsrp, and those of this module, of ``messages`` and of ``channel``.
        """
        del timeout  # pypsrp's own, by the time that the server has; read_timeout is longer than that
        for _ in range(retries_on_read_timeout):
            try:
                return self._send(message)
            except urllib3.exceptions.ReadTimeoutError:
                self.forget()
        return self._send(message)

    def _send(self, message: bytes) -> bytes:
        self._answers = SimpleQueue()
        if self._messages is None:
            self._messages = Messages(Channel(self.options, self._cookies))
        self._messages.channel.left = False
        try:
            self._require_patience()
            limit = max(0, min(_LARGEST_ANSWER, self.budget))
            _start(partial(self._messages.exchange, message, self._read_timeout, limit), self._answers)
            answer = self._wait()
        except WinRMTransportError:  # an answer, if not the one that was hoped for: the connection is as good as before
            raise
        except BaseException:
            self.forget()
            raise
        self.budget -= len(answer)
        return answer

    @property
    def _read_timeout(self) -> float:
        """How long the thread may wait for more: a little longer than the caller waits for the thread."""
        left, ours = self.deadline.remaining, self.options.read_timeout
        return ours if left is None else min(ours, left + 1)

    def _require_patience(self) -> None:
        if self.cancelled.is_set():
            raise GivenUpError("cancelled")
        if self.deadline.passed:
            raise GivenUpError("not done in the time allowed")

    def _wait(self) -> bytes:
        longest, left = _SLOWEST * self.options.read_timeout, self.deadline.remaining
        try:
            answer = self._answers.get(timeout=longest if left is None else min(left, longest))
        except Empty:
            self._require_patience()
            raise urllib3.exceptions.TimeoutError("the answer comes too slowly") from None
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def pause(self, seconds: float) -> None:
        """Wait before the next request, no longer than the deadline, and not once it is cancelled."""
        left = self.deadline.remaining
        self.cancelled.wait(seconds if left is None else min(seconds, left))
        self._require_patience()

    def interrupt(self) -> None:
        """Wake the thread that waits for an answer, so that it notices that it is cancelled."""
        if self.cancelled.is_set():
            self._answers.put(GivenUpError("cancelled"))

    def renew(self) -> None:
        """Forget what became of the last message."""
        self._left = False
        if self._messages is not None:
            self._messages.channel.left = False

    def forget(self) -> None:
        """Give up the connection and what was agreed on over it: the next request connects and logs in anew."""
        messages, self._messages = self._messages, None
        if messages is not None:
            messages.channel.give_up()
            self._left = messages.channel.left

    def drop(self) -> None:
        """Let go of the connection without a word, for it is another process's too."""
        messages, self._messages = self._messages, None
        if messages is not None:
            messages.channel.drop()


def _start(work: Callable[[], bytes], answers: SimpleQueue[bytes | BaseException]) -> None:
    """Do the work on a thread of its own, or here where the interpreter ends and starts none any more."""
    run = partial(_carry_out, work, answers)
    try:
        threading.Thread(target=run, name="exchange_imap request", daemon=True).start()
    except RuntimeError:
        run()


def _carry_out(work: Callable[[], bytes], answers: SimpleQueue[bytes | BaseException]) -> None:
    try:
        answers.put(work())
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised where the answer is waited for
        answers.put(error)
