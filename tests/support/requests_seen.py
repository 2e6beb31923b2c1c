"""Wait until a loopback server has had a request, without asking it again and again."""

from __future__ import annotations

import threading
from collections import Counter

from exchange_imap.testing import PsrpServer

__all__ = ["RequestsSeen"]

_LONGEST = 60
"""Seconds after which the test fails instead of hanging."""


class RequestsSeen(Counter[str]):
    """Stands for a server's ``requests``: it counts them too, and wakes who waits for one."""

    def __init__(self, psrp: PsrpServer) -> None:
        super().__init__()
        self._counted = threading.Condition()
        psrp.requests = self

    def __setitem__(self, action: str, number: int) -> None:
        with self._counted:
            super().__setitem__(action, number)
            self._counted.notify_all()

    def wait_for(self, action: str) -> None:
        """Wait for the first request of a kind."""
        with self._counted:
            assert self._counted.wait_for(lambda: self[action], _LONGEST), action
