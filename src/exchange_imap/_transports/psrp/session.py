"""One shell on one server: opened when it is first needed, kept, and always closed."""

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

# A command that is done stays in the shell until it gets the signal "terminate" ([MS-WSMV]), which costs a request.
# Closing the shell ends them all, so a session of few commands saves these requests. Windows allows a thousand.
_MOST_LEFT: Final = 16
_ATTEMPTS_TO_CLOSE: Final = 2
_TIME_TO_CLOSE: Final = timedelta(seconds=3)
_SMALL: Final = 2**19
"""The most bytes of answers while a shell opens or closes: these carry no records."""
_SHELL: Final = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"


@attrs.define(eq=False, repr=False)
class Session:
    """The shell at an endpoint. It raises the errors of pypsrp and of :mod:`.line`; the caller translates them.

    It belongs to the process that opened it. A forked process has no shell, and leaves that of its parent alone.
    """

    options: ConnectionOptions
    last_message: int | None = attrs.field(default=None, init=False)
    """The number of the last message that arrived, if it is known."""
    _wire: Connection | None = attrs.field(default=None, init=False)
    _opened: RunspacePool | None = attrs.field(default=None, init=False)
    _keys: bool = attrs.field(default=False, init=False)
    _done: deque[str] = attrs.field(factory=deque, init=False)
    _process: int = attrs.field(factory=os.getpid, init=False)

    @property
    def is_open(self) -> bool:
        """Whether there is a shell, as far as this process knows."""
        return self._opened is not None and self._process == os.getpid()

    @property
    def _connection(self) -> Connection:
        """The connection to the endpoint, made when it is first needed."""
        self._leave_to_parent()
        if self._wire is None:
            self._wire = Connection(self.options)
        return self._wire

    def _leave_to_parent(self) -> None:
        """After a fork, let go of the parent's connection and shell."""
        if self._process != os.getpid():
            wire, _ = self._detach()
            if wire is not None:
                wire.line.drop()
            self._process = os.getpid()

    @property
    def _pool(self) -> RunspacePool:
        """The shell as pypsrp's object, opened if it is not open."""
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
        """Give up the TCP connection and its login: the next request makes another. The shell stays."""
        self._connection.forget()

    def lose_track(self) -> None:
        """After a lost answer, note that the number of the next message is not known."""
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

    def prepare(self, statements: Statements, *, stop_at_error: bool) -> PowerShell:
        """Put together what is to be sent.

        With ``stop_at_error`` the first of several statements that has an error is the last that runs, unless it states
        an ErrorAction itself.
        """
        shell = PowerShell(self._pool)
        for number, statement in enumerate(statements):
            if number:
                shell.add_statement()
            for name, arguments in statement:
                shell.add_cmdlet(name)
                for parameter, value in arguments:
                    shell.add_parameter(parameter or None, value)
                if stop_at_error and len(statements) > 1 and _takes_error_action(arguments):
                    shell.add_parameter("ErrorAction", "Stop")
        return shell

    def begin(self, shell: PowerShell) -> None:
        """Send the command. pypsrp would keep it for as long as the session lives: remove it there in any case."""
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
            self._connection.get(_SHELL, selector_set=_selector(self._pool))
        except Exception as error:
            if fault_code(error) != SHELL_GONE:
                raise
            return False
        return True

    def close(self, within: timedelta = _TIME_TO_CLOSE) -> None:
        """Close the shell with at most two requests, and wait no longer than stated.

        A server that cannot be reached closes an idle shell itself after a while.
        """
        self._leave_to_parent()
        wire, pool = self._detach()
        if wire is None or pool is None:
            return
        farewell = threading.Thread(target=_say_farewell, args=(wire, pool), name="exchange_imap close", daemon=True)
        try:
            farewell.start()
        except RuntimeError:  # the interpreter is shutting down and starts no threads
            _say_farewell(wire, pool)
        else:
            farewell.join(within.total_seconds())

    def give_up(self, within: timedelta, *, nothing: bool) -> None:
        """End a session that could not be opened; ``nothing`` says that there is certainly no shell to close.

        There may be a shell even if no answer or a fault came: the client chooses its id, so it can still be closed.
        """
        if self._opened is not None and (self._opened.shell.opened or not nothing):
            self.close(within)
        self.drop()

    def drop(self) -> None:
        """Forget a shell that no longer exists."""
        wire, _ = self._detach()
        if wire is not None:
            wire.forget()

    def _detach(self) -> tuple[Connection | None, RunspacePool | None]:
        """Return connection and shell, and start over without them."""
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
    """Ask the server to delete the shell; each attempt has its share of the time."""
    for _ in range(_ATTEMPTS_TO_CLOSE):
        wire.limit(Deadline.after(_TIME_TO_CLOSE / _ATTEMPTS_TO_CLOSE), _SMALL)
        try:
            wire.delete(pool.shell.resource_uri, selector_set=_selector(pool))
        except Exception as error:  # noqa: BLE001 - after any error the only thing to do is to ask again
            wire.forget()
            if fault_code(error) == SHELL_GONE:
                return
        else:
            break
    wire.forget()
