"""One connection to an endpoint: pypsrp's WSMan, with requests that are limited in time and size."""

from __future__ import annotations

import os
import threading
import time
from contextlib import ExitStack
from typing import Final
from xml.etree.ElementTree import Element

from pypsrp.shell import CommandState
from pypsrp.wsman import NAMESPACES, OptionSet, SelectorSet, WSMan, WSManAction

from .deadline import Deadline
from .failures import TIMED_OUT, fault_code
from .line import Line
from .options import ConnectionOptions

__all__ = ["Connection"]

_LONGEST_PAUSE: Final = 1.0
_FIRST_PAUSE: Final = 0.05
_NEVER: Final = threading.Event()
_TABLES: Final[dict[int, threading.Lock]] = {}


def _table() -> threading.Lock:
    """Return the lock of ElementTree's table of prefixes in this process; a forked process has its own.

    pypsrp registers its prefixes again for each connection, and ElementTree takes each out of its table for a moment.
    What another thread writes then, without the prefix "xml" in the table, is no valid XML.
    """
    return _TABLES.setdefault(os.getpid(), threading.Lock())


class Connection(WSMan):
    """Every request of a session passes here."""

    def __init__(self, options: ConnectionOptions) -> None:
        # pypsrp's own transport is not used, so pypsrp gets neither the password nor how to reach the server.
        with _table():
            super().__init__(
                options.host,
                operation_timeout=options.operation_timeout,
                port=options.port,
                ssl=options.ssl,
                path=options.path,
                locale=options.locale,
            )
        self.line = Line(options)
        self.transport = self.line
        self.last_action = ""
        """The WSMan action of the last request."""

    def limit(self, deadline: Deadline, budget: int, cancelled: threading.Event = _NEVER) -> None:
        """Set the deadline of the next requests, how many bytes of answers they may bring, and what cancels them."""
        self.last_action = ""
        self.line.renew()
        self.line.deadline, self.line.budget, self.line.cancelled = deadline, budget, cancelled

    def invoke(  # noqa: PLR0913, PLR0917 - as pypsrp declares it
        self,
        action: str,
        resource_uri: str,
        resource: Element | None,
        option_set: OptionSet | None = None,
        selector_set: SelectorSet | None = None,
        timeout: int | None = None,
        *,
        retries_on_read_timeout: int = 0,
    ) -> Element:
        """Send one request; repeat a Receive until it brings something.

        While a command runs or the shell opens, a server answers a Receive with the fault "timed out" when the time of
        the request (OperationTimeout, [MS-WSMV]) is over. A server that does so at once is asked again with growing
        pauses. pypsrp repeats a Receive without any answer five times; here once is enough.
        """
        self.last_action, pause = action, _FIRST_PAUSE
        repeats = min(retries_on_read_timeout, 1)
        while True:
            started = time.monotonic()
            limit = self.line.deadline.within(timeout or self.operation_timeout)
            try:
                with ExitStack() as writing:  # until the message is written; then others may write theirs
                    writing.enter_context(_table())
                    self.line.written = writing.close
                    answer = super().invoke(
                        action, resource_uri, resource, option_set, selector_set, limit, retries_on_read_timeout=repeats
                    )
                if action != WSManAction.RECEIVE or _brings_something(answer):
                    return answer
            except Exception as error:
                if action != WSManAction.RECEIVE or fault_code(error) != TIMED_OUT:
                    raise
            self.line.pause(pause - (time.monotonic() - started))
            pause = min(2 * pause, _LONGEST_PAUSE)

    def forget(self) -> None:
        """Drop the TCP connection and its login: the next request logs in again."""
        self.line.forget()


def _brings_something(answer: Element) -> bool:
    """Say whether an answer to a Receive has data or reports the end of a command."""
    response = "s:Body/rsp:ReceiveResponse/rsp:"
    state = answer.find(f"{response}CommandState", NAMESPACES)
    has_data = any(each.text for each in answer.findall(f"{response}Stream", NAMESPACES))
    return has_data or (state is not None and state.get("State") == CommandState.DONE)
