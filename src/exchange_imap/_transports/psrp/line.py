"""Requests to one endpoint, each with a deadline. It replaces pypsrp's transport.

Each request runs on a thread of its own, so the caller can stop waiting at any moment: at its deadline, or when it is
cancelled, even during a name lookup or while a server sends one byte a second. The connection is cut then, and the
thread writes nothing more.
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
"""The most bytes of one HTTP answer: eight times the MaxEnvelopeSize that each request asks for."""
_SLOWEST: Final = 3
"""A whole answer may take so many times ``read_timeout``, which is for each part of it."""
_NEVER: Final = threading.Event()


def _nothing() -> None:
    """Do nothing."""


class GivenUpError(Exception):
    """The caller no longer waits for the answer: its time is up, or it was cancelled."""


class Line:
    """Requests to one endpoint, one at a time."""

    def __init__(self, options: ConnectionOptions) -> None:
        self.options = options
        self.endpoint = options.url
        self.deadline = Deadline()
        """When to stop waiting for an answer."""
        self.cancelled = _NEVER
        """Set by the caller to stop waiting; :meth:`interrupt` then wakes the waiting thread."""
        self.budget = 0
        """How many bytes of answers may still arrive."""
        self.written: Callable[[], object] = _nothing
        """Called as soon as a message is written out, before it is sent."""
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

        A message that was not answered in time is sent again, unchanged, as often as stated. Raises errors of urllib3,
        spnego and pypsrp, and those of this module, of ``messages`` and of ``channel``.
        """
        self.written()
        del timeout  # pypsrp derives it from the operation timeout; read_timeout is longer than that
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
        except WinRMTransportError:  # the server answered with another status: the connection can still be used
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
        """Wake the thread that waits for an answer, so that it notices the cancellation."""
        if self.cancelled.is_set():
            self._answers.put(GivenUpError("cancelled"))

    def renew(self) -> None:
        """Reset :attr:`left` before a new call."""
        self._left = False
        if self._messages is not None:
            self._messages.channel.left = False

    def forget(self) -> None:
        """Give up the connection and its login: the next request connects and logs in again."""
        messages, self._messages = self._messages, None
        if messages is not None:
            messages.channel.give_up()
            self._left = messages.channel.left

    def drop(self) -> None:
        """Close this process's copy of the connection and send nothing: the parent process still uses it."""
        messages, self._messages = self._messages, None
        if messages is not None:
            messages.channel.drop()


def _start(work: Callable[[], bytes], answers: SimpleQueue[bytes | BaseException]) -> None:
    """Do the work on a new thread, or on this one if the interpreter is shutting down and starts no threads."""
    run = partial(_carry_out, work, answers)
    try:
        threading.Thread(target=run, name="exchange_imap request", daemon=True).start()
    except RuntimeError:
        run()


def _carry_out(work: Callable[[], bytes], answers: SimpleQueue[bytes | BaseException]) -> None:
    try:
        answers.put(work())
    except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits for the answer
        answers.put(error)
