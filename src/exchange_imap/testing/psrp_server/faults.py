"""Faults that a test can arrange between a client and the loopback server."""

from __future__ import annotations

import enum

import attrs

from ..._entry import entry
from ..._errors import InvalidValueError
from ..._model.specs import Endpoint
from ..._public import public

__all__ = ["WireFault", "WireFaultKind"]


@public
class WireFaultKind(enum.Enum):
    """One way in which a request fails.

    >>> from exchange_imap.testing import WireFaultKind
    >>> WireFaultKind.CUT_AFTER.value
    'the request takes effect, and the connection breaks before the answer'
    """

    CUT_BEFORE = "the connection breaks before the request takes effect"
    CUT_AFTER = "the request takes effect, and the connection breaks before the answer"
    UNAUTHORIZED = "HTTP 401"
    NOT_FOUND = "HTTP 404 with a page"
    SERVER_ERROR = "HTTP 500 with a page"
    UNAVAILABLE = "HTTP 503"
    THROTTLED = "the server puts the account off, and says for how long"
    SILENT_BEFORE = "nothing happens, and no answer comes"
    SILENT_AFTER = "the request takes effect, and no answer comes"
    MALFORMED_XML = "the request takes effect, and half of its answer comes"
    NULL_PROPERTIES = "the shell's next records have null in every property"
    IDLE_DROP = "the shell has gone before the request arrives"
    SHELL_LIMIT = "the account has as many shells as it may"
    REDIRECT = "the server points to another place"
    EMPTY = "a Receive is answered at once, and brings nothing"
    COMPRESSED = "the request takes effect, and its answer is compressed, though that was not asked for"
    TRICKLE = "the request takes effect, and its answer comes a byte at a time"
    FAULT_BEFORE = "the request has no effect, and a WSMan fault answers it"
    FAULT_AFTER = "the request takes effect, and a WSMan fault comes in place of its answer"


@entry
@attrs.frozen(kw_only=True)
class WireFault:
    """Something that goes wrong, once or several ``times``, from the ``nth`` request from now on.

    ``action`` counts only requests of one kind (``Create``, ``Command``, ``Receive``, ``Send``, ``Signal``, ``Delete``,
    ``Get``) and ``endpoint`` only those of one endpoint. ``server_text`` is the server's text: the page of an HTTP
    status, the location of ``REDIRECT``, or the reason of a fault. ``code`` is that of ``FAULT_BEFORE`` and
    ``FAULT_AFTER``, 995 (ERROR_OPERATION_ABORTED) unless stated. ``in_clear`` sends these unencrypted even where
    messages are encrypted, as anyone on the network could do.

    >>> from exchange_imap.testing import WireFault, WireFaultKind
    >>> WireFault(kind=WireFaultKind.UNAVAILABLE, action="Command").nth
    1
    """

    kind: WireFaultKind
    nth: int = 1
    times: int = 1
    action: str | None = None
    endpoint: Endpoint | None = None
    server_text: str | None = None
    code: int = 995
    in_clear: bool = False

    def __attrs_post_init__(self) -> None:
        for name in ("nth", "times"):
            if getattr(self, name) < 1:
                raise InvalidValueError(f"WireFault.{name}", "1 or more", getattr(self, name))

    def counts(self, action: str, endpoint: Endpoint) -> bool:
        """Say whether a request is one of those that it counts."""
        return self.action in {None, action} and self.endpoint in {None, endpoint}
