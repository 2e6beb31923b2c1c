"""The log of a fake: its commands and their effects."""

from __future__ import annotations

import attrs

from .._entry import entry
from .._model.specs import Endpoint
from .._powershell.command import Pipeline
from .fault import Fault, is_write

__all__ = ["LogEntry"]


@entry
@attrs.frozen(kw_only=True)
class LogEntry:
    """One command that reached the fake, in :attr:`FakeExchange.log`.

    ``server`` is the server that it was about, or ``None`` if it did not get that far. ``endpoint`` is the endpoint of
    the session, or ``None`` for a command that neither endpoint has. ``effect`` says whether it changed or restarted
    anything, ``refused`` is the first FullyQualifiedErrorId of the answer, and ``fault`` the fault that struck.

    >>> from exchange_imap.testing import FakeExchange
    >>> fake = FakeExchange(servers=["MBX01"])
    >>> _ = fake.transport().run(Pipeline((SetImapSettings(max_connections_per_user=32),)))
    >>> entry = fake.log[0]
    >>> entry.text, entry.server, entry.effect
    ('Set-ImapSettings -MaxConnectionsPerUser 32', 'MBX01', True)
    """

    pipeline: Pipeline
    server: str | None
    endpoint: Endpoint | None
    effect: bool
    refused: str | None = None
    fault: Fault | None = None

    @property
    def text(self) -> str:
        """The command line."""
        return str(self.pipeline)

    @property
    def write(self) -> bool:
        """Whether the command changes a server, without ``-WhatIf``; refused commands count too."""
        return any(map(is_write, self.pipeline.commands))
