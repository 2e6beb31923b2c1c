"""What comes of verifying a server, beside reviewing and probing it, for the rules to check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from .._cmdlets.connectivity import ConnectivityResult
from .._errors import ExchangeImapError
from .._model.cmdlet import Cmdlet

__all__ = ["MAILBOX", "Verified"]

MAILBOX: Final = "mailbox"
"""The name of the part in which the mailbox of the credential is read."""


@attrs.frozen(kw_only=True)
class Verified:
    """The answers of the server's own test, what differs from the desired state, and what could not be done."""

    tests: tuple[ConnectivityResult, ...] = ()
    differing: tuple[Cmdlet, ...] = ()
    """The commands that lead to the desired state."""
    errors: Mapping[str, ExchangeImapError] = {}
    """Why a part could not be done, by its name."""
    logged_in: bool = False
    """Whether a client has logged in to each connection for IMAP4 that is advertised outside."""
    kept_away: bool = False
    """Whether no client was made to connect, because the services would stop."""
