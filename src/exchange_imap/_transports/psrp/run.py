"""Carry one call through: send it once, wait for its answer, and when that is lost find out what became of it.

The client chooses a command's id, so the shell can be asked about it afterwards: either its real answer comes, or the
server does not know the command, which proves that it never ran.
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
from ..seam import Reply
from .answer import Answer
from .deadline import Deadline
from .encoding import encode, has_plain_secret, has_secret
from .failures import SHELL_GONE, Attempt, bare, certainly_refused, fault_code, translate
from .quiet import quiet
from .session import Session

__all__ = ["Run"]

_QUESTIONS: Final = 2
"""How often the shell is asked again for an answer that did not arrive."""
_TIME_TO_STOP: Final = timedelta(seconds=5)


@attrs.define
class Run:
    """One call: ``pipelines`` are sent together, in order."""

    session: Session
    pipelines: tuple[Pipeline, ...]
    deadline: Deadline
    cancelled: threading.Event
    stale: bool = attrs.field(default=False, init=False)
    """Whether it failed because the shell had gone meanwhile: then it never ran, and a new shell will do."""
    _attempt: Attempt = attrs.field(init=False)
    _answer: Answer = attrs.field(factory=Answer, init=False)
    _lost: bool = attrs.field(default=False, init=False)
    """Whether part of the answer may have been sent and not arrived."""

    def __attrs_post_init__(self) -> None:
        self._attempt = Attempt(self.session.door, "; ".join(map(str, self.pipelines)), sent=False)

    def carry_through(self) -> Reply:
        """Return the answer, or raise one of this library's errors that knows whether the command was sent."""
        started = time.monotonic()
        shell = self._prepare()
        self._answer = Answer(self.session.last_message)
        try:
            self._begin(shell)
            self._collect(shell.id)
        except Exception as error:  # noqa: BLE001 - of whatever library: none of its classes goes further
            self._fail(error)
        except BaseException as error:  # noqa: BLE001 - an interruption goes further, when all is tidy
            self._yield_to(error)
        self.session.last_message = self._answer.last
        self._finish(shell.id)
        return self._answer.reply(timedelta(seconds=time.monotonic() - started))

    def _prepare(self) -> PowerShell:
        """Encode, open the shell, exchange keys: all before anything is sent."""
        statements = encode(self.pipelines)
        opened = self.session.is_open
        try:
            self.session.connection.deadline = self.deadline
            shell = self.session.prepare(statements)
            if has_secret(self.pipelines):
                self.session.exchange_keys()
        except Exception as error:  # noqa: BLE001 - as above
            self.stale = opened and fault_code(error) == SHELL_GONE
            self.session.give_up(refused=certainly_refused(error))
            self._fail(error)
        except BaseException as error:  # noqa: BLE001 - as above
            self._yield_to(error)
        return shell

    def _begin(self, shell: PowerShell) -> None:
        self._attempt.sent = None
        try:
            with quiet() if has_plain_secret(self.pipelines) else nullcontext():
                self.session.begin(shell)
        except Exception as error:
            if certainly_refused(error):
                self._attempt.sent = False
                self.stale = fault_code(error) == SHELL_GONE
                if self.stale:
                    self.session.drop()
                raise
            self._ask(shell.id, error)
        self._attempt.sent = True

    def _ask(self, command: str, error: Exception) -> None:
        """Ask the shell whether the command arrived: return if it did, and raise what was said of it if not."""
        self.session.connection.forget()
        if self.deadline.passed:
            self._stop(command)
            raise error
        try:
            data, _ = self.session.receive(command)
        except Exception as answer:
            if fault_code(answer) != SHELL_GONE:
                raise error from answer
            if self.session.is_alive():
                self._attempt.sent = False
            else:
                self.session.drop()
            raise error from answer
        self._answer.feed(data)

    def _collect(self, command: str) -> None:
        questions = _QUESTIONS
        while self._answer.state is None:
            self._heed_time(command)
            try:
                data, done = self.session.receive(command)
            except Exception as error:
                questions -= 1
                if not questions or fault_code(error) is not None:
                    raise
                self._lost = True
                self.session.connection.forget()
                continue
            self._answer.feed(data)
            if done and self._answer.state is None:
                raise self._attempt.failed("the command is done, but its answer did not arrive")
        if self._lost and not self._answer.whole:
            raise self._attempt.failed("part of the answer did not arrive")

    def _heed_time(self, command: str) -> None:
        if self.cancelled.is_set():
            self._stop(command)
            raise self._attempt.late("cancelled; the command was stopped")
        if self.deadline.passed:
            self._stop(command)
            raise self._attempt.late("not done in the time allowed; the command was stopped")

    def _stop(self, command: str) -> None:
        """Stop the command; where that is not possible end the session, which stops it too."""
        self.session.connection.deadline = Deadline.after(_TIME_TO_STOP)
        try:
            self.session.stop(command)
        except Exception:  # noqa: BLE001 - the session's end is the answer to all of them
            self.session.close()

    def _finish(self, command: str) -> None:
        """Tidy up; the answer is there, so no failure of this matters to the caller."""
        try:
            self.session.forget(command)
        except Exception:  # noqa: BLE001 - the next command finds out whether the shell is there
            self.session.connection.forget()

    def _yield_to(self, interruption: BaseException) -> NoReturn:
        """End the session; an interruption passed the frames of the libraries below, which may hold a password."""
        bare(interruption)
        self.session.close()
        raise interruption

    def _fail(self, error: Exception) -> NoReturn:
        if self.session.is_open:
            self.session.connection.forget()
            self.session.last_message = None
        bare(error)
        if isinstance(error, ExchangeImapError):
            raise error
        raise translate(error, self._attempt) from error
