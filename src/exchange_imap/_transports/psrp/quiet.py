"""Keep a secret that is sent as plain text out of pypsrp's log, which shows every message at DEBUG."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

__all__ = ["quiet"]

_LOGGERS: Final = ("pypsrp.messages", "pypsrp.wsman")
"""The loggers that show messages: plain, and in envelopes."""
_QUIET: Final = ContextVar("quiet", default=False)
"""Set for one thread; messages of other threads are logged as usual."""


def _hide(record: logging.LogRecord) -> bool:
    if _QUIET.get() and record.levelno <= logging.DEBUG:
        record.msg, record.args = "A message that holds a secret is not shown.", ()
    return True


@contextmanager
def quiet() -> Iterator[None]:
    """Log a note in place of each message."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_hide)  # adding it twice has no effect
    token = _QUIET.set(True)
    try:
        yield
    finally:
        _QUIET.reset(token)
