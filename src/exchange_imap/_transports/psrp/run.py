"""Carry out one call: send it once and wait for its answer; if the answer is lost, find out whether the command ran.

The client chooses the command's id (CommandId, [MS-WSMV]), so it can ask the shell about the command later: either the
real answer comes, or a living shell does not know the command. Each line that says ``sent=False`` has its proof in a
comment.
"""

from __future__ import annotations

import threading
import time
from contextlib import nullcontext
from datetime import timedelta
from typing import Final, NoReturn

import attrs
from pypsrp.powershell import PowerShell

from ..._errors import ExchangeImapError
from ..._powershell.command import Pipeline
from ..._powershell.masking import mask_secrets
from ..transport import Reply
from .answer import Answer
from .channel import TooLargeError
from .deadline import Deadline
from .encoding import encode, has_plain_secret, has_secret
from .failures import SHELL_GONE, Attempt, bare, fault_code, is_answered, opened_nothing, says_refused, translate
from .fragments import Fragments, LostPartError
from .line import GivenUpError
from .quiet import quiet
from .session import Session

__all__ = ["Run"]

_QUESTIONS: Final = 2
"""How often the shell is asked again for an answer that did not arrive."""
_TIME_TO_STOP: Final = timedelta(seconds=0.5)
_TIME_TO_CLOSE: Final = timedelta(seconds=0.3)
"""The most time that a call takes after its deadline or a cancellation: to stop the command, or else its shell."""
_LONGEST_OPENING: Final = timedelta(minutes=3)
"""How long a shell may take to open: PowerShell's own OpenTimeout (about_PSSessionOption)."""
_NEVER: Final = threading.Event()


@attrs.define
class Run:
    """One call; its ``pipelines`` are sent together, in order."""

    session: Session
    pipelines: tuple[Pipeline, ...]
    deadline: Deadline
    cancelled: threading.Event
    stop_at_error: bool
    """Whether the first of several pipelines that has an error is the last one that runs."""
    stale: bool = attrs.field(default=False, init=False)
    """Whether it failed because the shell no longer exists: a call that only reads may use a new one."""
    began: bool = attrs.field(default=False, init=False)
    """Whether the shell was open and the command on its way; what fails before has nothing to do with the command."""
    text: str = attrs.field(init=False)
    """The commands without secrets."""
    _attempt: Attempt = attrs.field(init=False)
    _answer: Answer = attrs.field(factory=Answer, init=False)
    _lost: bool = attrs.field(default=False, init=False)
    """Whether part of the answer may have been sent and not arrived."""
    _stopped: bool = attrs.field(default=False, init=False)
    """Whether the server confirmed that it stopped the command."""

    def __attrs_post_init__(self) -> None:
        self.text = mask_secrets("; ".join(map(str, self.pipelines)))
        self._attempt = Attempt(self.session.options, self.text, sent=False)

    def carry_through(self) -> Reply:
        """Return the answer, or raise one of this library's errors that knows whether the command was sent."""
        started = time.monotonic()
        shell = self._prepare()
        self._answer = Answer(Fragments(self.session.last_message))
        try:
            self._begin(shell)
            self._collect(shell.id)
        except Exception as error:  # noqa: BLE001 - no error class of another library leaves this package
            self._fail(error)
        except BaseException as error:  # noqa: BLE001 - an interruption is raised again after cleaning up
            self._yield_to(error)
        self.session.last_message = self._answer.last
        self._finish(shell.id)
        return self._answer.reply(timedelta(seconds=time.monotonic() - started))

    def _prepare(self) -> PowerShell:
        """Encode, open the shell, exchange keys. All this precedes the command, which proves ``sent=False``."""
        statements = encode(self.pipelines)
        opened = self.session.is_open
        try:
            self.session.limit(self.deadline.sooner(_LONGEST_OPENING), self.cancelled)
            shell = self.session.prepare(statements, stop_at_error=self.stop_at_error)
            if has_secret(self.pipelines):
                self.session.exchange_keys()
        except Exception as error:  # noqa: BLE001 - as above
            self.stale = opened and fault_code(error) == SHELL_GONE
            nothing = opened_nothing(error, left=self.session.request_left)
            self.session.give_up(_TIME_TO_STOP + _TIME_TO_CLOSE, nothing=nothing)
            self._fail(error)
        except BaseException as error:  # noqa: BLE001 - as above
            self._yield_to(error)
        self.session.limit(self.deadline, self.cancelled, records=True)
        return shell

    def _begin(self, shell: PowerShell) -> None:
        self._attempt.sent = None
        self.began = True
        try:
            with quiet() if has_plain_secret(self.pipelines) else nullcontext():
                self.session.begin(shell)
        except Exception as error:
            if self.session.was_sending_more:
                self._stop(shell.id)  # the shell has the command, and waits forever for the rest of it
                raise
            if not self.session.request_left:
                self._attempt.sent = False  # proof: no byte of the request was written
                raise
            if isinstance(error, GivenUpError):
                self._stop(shell.id)
                raise
            self._ask(shell.id, error)
        self._attempt.sent = True

    def _ask(self, command: str, error: Exception) -> None:
        """Ask the shell whether the command arrived; return if it did, otherwise raise the error."""
        self.session.disconnect()
        try:
            data, _ = self.session.receive(command)
        except GivenUpError:
            self._stop(command)
            raise
        except Exception as answer:
            if self._is_refused(error, answer):
                self._attempt.sent = False
            raise error from answer
        self._answer.feed(data)

    def _is_refused(self, error: Exception, answer: Exception) -> bool:
        """Say whether an error, and the answer to the question about the command, prove that it never ran."""
        alive = self._is_alive() if fault_code(answer) == SHELL_GONE else None
        if alive is False:
            self.stale = True
            self.session.drop()
        if alive:
            # Proof: the server has finished with the request, and the shell that it was for does not know the command.
            # A request without an answer, for example because the connection broke, may still reach the shell.
            return is_answered(error)
        return says_refused(error)  # the proof is in its docstring

    def _is_alive(self) -> bool | None:
        """Ask whether the shell exists; ``None`` if there is no answer."""
        try:
            return self.session.is_alive()
        except Exception:  # noqa: BLE001 - any error means that there is no answer
            return None

    def _collect(self, command: str) -> None:
        questions = _QUESTIONS
        while self._answer.state is None:
            try:
                data, done = self.session.receive(command)
            except (GivenUpError, TooLargeError):
                self._stop(command)
                raise
            except Exception as error:
                questions -= 1
                if not questions or (fault_code(error) is not None and says_refused(error)):
                    raise
                self._lost = True
                self.session.disconnect()
                continue
            self._answer.feed(data)
            if done and self._answer.state is None:
                raise self._attempt.failed("the command is done, but its answer did not arrive")
        if self._lost and not self._answer.gapless:
            raise LostPartError("a message")

    def _stop(self, command: str) -> None:
        """Stop the command; if that fails, end the session, which stops it too."""
        self.session.limit(Deadline.after(_TIME_TO_STOP), _NEVER)
        try:
            self.session.stop(command)
            self._stopped = True
        except Exception:  # noqa: BLE001 - after any error, ending the session stops the command
            self.session.close(_TIME_TO_CLOSE)

    def _finish(self, command: str) -> None:
        """Clean up; the answer has arrived, so a failure here does not matter to the caller."""
        try:
            self.session.forget(command)
        except Exception:  # noqa: BLE001 - the next command finds out whether the shell still exists
            self.session.disconnect()

    def _yield_to(self, interruption: BaseException) -> NoReturn:
        """End the session and raise the interruption, without other libraries' frames: they may hold a password."""
        bare(interruption, self.session.options)
        self.session.close()
        raise interruption

    def _fail(self, error: Exception) -> NoReturn:
        self.session.lose_track()
        bare(error, self.session.options)
        if isinstance(error, ExchangeImapError):
            raise error
        if isinstance(error, GivenUpError) and self._stopped:
            error = GivenUpError(f"{error}: the command was stopped")
        raise translate(error, self._attempt) from error
