"""What comes of verifying a server, beside reviewing and probing it, for the rules to check."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from .._cmdlets.connectivity import ConnectivityResult
from .._errors import ExchangeImapError
from .._model.cmdlet import Cmdlet

__all__ = ["Verified"]


@attrs.frozen(kw_only=True)
class Verified:
    """The answers of the server's own test, what differs from the desired state, and what could not be done."""

    tests: tuple[ConnectivityResult, ...] = ()
    differing: tuple[Cmdlet, ...] = ()
    """The commands that lead to the desired state."""
    errors: Mapping[str, ExchangeImapError] = {}
    """Why a part could not be done, by its name."""
    kept_away: bool = False
    """Whether no client was made to connect, because the services would stop."""
