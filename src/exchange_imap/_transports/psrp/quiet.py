"""Keep a secret that travels as plain text out of pypsrp's own log, which shows at DEBUG whatever is sent."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

__all__ = ["quiet"]

_LOGGERS: Final = ("pypsrp.messages", "pypsrp.wsman")
"""Those that show messages: as they are, and packed."""
_QUIET: Final = ContextVar("quiet", default=False)
"""Of one thread: what others send meanwhile is logged as ever."""


def _hide(record: logging.LogRecord) -> bool:
    if _QUIET.get() and record.levelno <= logging.DEBUG:
        record.msg, record.args = "A message that holds a secret is not shown.", ()
    return True


@contextmanager
def quiet() -> Iterator[None]:
    """Say of each message that it is not shown, instead of showing it."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_hide)  # once, however often it is added
    token = _QUIET.set(True)
    try:
        yield
    finally:
        _QUIET.reset(token)
