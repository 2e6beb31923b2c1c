"""One shell on one server: opened when it is needed, kept while it lives, and closed for certain."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import attrs
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.shell import CommandState, SignalCode
from pypsrp.wsman import SelectorSet, WSManAction

from .connection import Connection
from .deadline import Deadline
from .encoding import Statements
from .failures import SHELL_GONE, fault_code
from .options import ConnectionOptions

__all__ = ["Session"]

# Commands that are done stay in the shell until they are signalled, which costs a request each. The shell's end is the
# end of them all, so a session of few commands need not bother; Windows allows a thousand.
_MOST_LEFT: Final = 16
_ATTEMPTS_TO_CLOSE: Final = 2
_TIME_TO_CLOSE: Final = timedelta(seconds=3)
_SMALL: Final = 2**19
"""Bytes of answers while a shell opens or closes, which carry no records."""
_SHELL: Final = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"


@attrs.define(eq=False, repr=False)
class Session:
    """The shell at an endpoint. Errors are those of pypsrp and of the line: the caller knows what they mean.

    It belongs to the process that opened it. A forked process has no shell: the one of its parent is left alone.
    """

    options: ConnectionOptions
    last_message: int | None = attrs.field(default=None, init=False)
    """The number of the last message that came, where it is known."""
    _wire: Connection | None = attrs.field(default=None, init=False)
    _opened: RunspacePool | None = attrs.field(default=None, init=False)
    _keys: bool = attrs.field(default=False, init=False)
    _done: deque[str] = attrs.field(factory=deque, init=False)
    _process: int = attrs.field(factory=os.getpid, init=False)

    @property
    def is_open(self) -> bool:
        """Whether there is a shell, as far as this side knows."""
        return self._opened is not None and self._process == os.getpid()

    @property
    def _connection(self) -> Connection:
        """The way there, made when it is first needed."""
        self._leave_to_parent()
        if self._wire is None:
            self._wire = Connection(self.options)
        return self._wire

    def _leave_to_parent(self) -> None:
        """In a fork, let go of what is the other process's."""
        if self._process != os.getpid():
            wire, _ = self._detach()
            if wire is not None:
                wire.line.drop()
            self._process = os.getpid()

    @property
    def _pool(self) -> RunspacePool:
        """The shell as pypsrp knows it, opened unless it is open."""
        if not self.is_open:
            self._opened = RunspacePool(self._connection, configuration_name=self.options.configuration)
            self._opened.open()
        assert self._opened is not None  # noqa: S101 - for the type checker
        return self._opened

    def limit(self, deadline: Deadline, cancelled: threading.Event, *, records: bool = False) -> None:
        """Set the deadline of the next requests and what cancels them; only with ``records`` answers may be large."""
        self._connection.limit(deadline, self.options.max_answer_size if records else _SMALL, cancelled)

    @property
    def request_left(self) -> bool:
        """Whether any byte of the last request was written; until then no server can have acted on it."""
        return self._connection.line.left

    @property
    def was_sending_more(self) -> bool:
        """Whether the last request was to bring the rest of a command that did not fit into one."""
        return self._connection.last_action == WSManAction.SEND

    def disconnect(self) -> None:
        """Give up the TCP connection, and with it the login: the next request makes another. The shell stays."""
        self._connection.forget()

    def lose_track(self) -> None:
        """Note that the next message may be any, after an answer that was lost."""
        if self.is_open:
            self.disconnect()
            self.last_message = None

    def interrupt(self) -> None:
        """Wake the thread that waits for an answer, so that it notices a cancellation; called by another thread."""
        wire = self._wire
        if wire is not None:
            wire.line.interrupt()

    def exchange_keys(self) -> None:
        """Agree on a key for secrets, once in a session."""
        if not self._keys:
            self._pool.exchange_keys()
            self._keys = True

    def prepare(self, statements: Statements) -> PowerShell:
        """Put together what is to be sent.

        Of several statements the first that has an error is the last that runs, unless it states an ErrorAction itself.
        """
        shell = PowerShell(self._pool)
        for number, statement in enumerate(statements):
            if number:
                shell.add_statement()
            for name, arguments in statement:
                shell.add_cmdlet(name)
                for parameter, value in arguments:
                    shell.add_parameter(parameter or None, value)
                if len(statements) > 1 and _takes_error_action(arguments):
                    shell.add_parameter("ErrorAction", "Stop")
        return shell

    def begin(self, shell: PowerShell) -> None:
        """Send it. Whatever becomes of it, pypsrp is not to keep it."""
        try:
            shell.begin_invoke()
        finally:
            self._pool.pipelines.clear()

    def receive(self, command: str) -> tuple[bytes, bool]:
        """Wait for more of a command's answer; return it, and whether the command is done."""
        state, _, streams = self._pool.shell.receive("stdout", command, self.options.operation_timeout)
        return streams["stdout"], state == CommandState.DONE

    def forget(self, command: str) -> None:
        """Remember a command that is done, and let the shell forget the oldest when there are many."""
        self._done.append(command)
        if len(self._done) > _MOST_LEFT:
            self._signal(SignalCode.TERMINATE, self._done.popleft())

    def stop(self, command: str) -> None:
        """Stop a command that runs, and let the shell forget it."""
        self._signal(SignalCode.PS_CTRL_C, command)
        self._signal(SignalCode.TERMINATE, command)

    def _signal(self, code: str, command: str) -> None:
        try:
            self._pool.shell.signal(code, command)
        except Exception as error:
            if fault_code(error) != SHELL_GONE:
                raise

    def is_alive(self) -> bool:
        """Ask the server whether the shell is there."""
        try:
            self._connection.get(_SHELL, selector_set=self._selector())
        except Exception as error:
            if fault_code(error) != SHELL_GONE:
                raise
            return False
        return True

    def _selector(self) -> SelectorSet:
        return _selector(self._pool)

    def close(self, within: timedelta = _TIME_TO_CLOSE) -> None:
        """Close the shell, asking twice, and wait for that no longer than stated.

        A server that cannot be reached closes it by itself after a while.
        """
        self._leave_to_parent()
        wire, pool = self._detach()
        if wire is None or pool is None:
            return
        farewell = threading.Thread(target=_say_farewell, args=(wire, pool), name="exchange_imap close", daemon=True)
        try:
            farewell.start()
        except RuntimeError:  # the interpreter ends, and starts no threads any more
            _say_farewell(wire, pool)
        else:
            farewell.join(within.total_seconds())

    def give_up(self, within: timedelta, *, nothing: bool) -> None:
        """End a session that could not be opened, unless there is certainly ``nothing`` to close.

        There may be a shell also where nothing was heard of it, or a fault: its id was chosen here.
        """
        if self._opened is not None and (self._opened.shell.opened or not nothing):
            self.close(within)
        self.drop()

    def drop(self) -> None:
        """Forget a shell that is not there any more."""
        wire, _ = self._detach()
        if wire is not None:
            wire.forget()

    def _detach(self) -> tuple[Connection | None, RunspacePool | None]:
        """Return what there is of a session, and begin without it."""
        found = self._wire, self._opened
        self._wire, self._opened, self._keys, self.last_message = None, None, False, None
        self._done.clear()
        return found


def _takes_error_action(arguments: Sequence[tuple[str, object]]) -> bool:
    """Say whether ErrorAction can be added: a program takes no names, and a parameter is stated only once.

    "ea" is its alias, and any beginning from "errora" on means it too (about_CommonParameters).
    """
    names = [name.lower() for name, _ in arguments]
    return all(names) and not any(name == "ea" or name.startswith("errora") for name in names)


def _selector(pool: RunspacePool) -> SelectorSet:
    selector = SelectorSet()
    selector.add_option("ShellId", pool.id)
    return selector


def _say_farewell(wire: Connection, pool: RunspacePool) -> None:
    """Ask the server to delete the shell, each time for a share of the time."""
    for _ in range(_ATTEMPTS_TO_CLOSE):
        wire.limit(Deadline.after(_TIME_TO_CLOSE / _ATTEMPTS_TO_CLOSE), _SMALL)
        try:
            wire.delete(pool.shell.resource_uri, selector_set=_selector(pool))
        except Exception as error:  # noqa: BLE001 - whatever it is, there is nothing to do but to ask again
            wire.forget()
            if fault_code(error) == SHELL_GONE:
                return
        else:
            break
    wire.forget()
