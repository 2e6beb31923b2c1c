"""A message to oneself, which proves by its coming that mail goes out and arrives."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

import attrs

__all__ = ["Letter"]

_BODY: Final = """\
This message was sent by the Python library exchange_imap. It proves that mail
from this address goes out and arrives. You can delete it.
"""


@attrs.define(kw_only=True)
class Letter:
    """A message from an address to itself, and what became of it."""

    address: str
    number: str = attrs.field(factory=lambda: uuid.uuid4().hex)
    may_be_sent: bool = False
    """Whether a server may have it: it said so, or its answer to the text was lost."""
    accepted: float | None = None
    """When the server said that it has the message, by the monotonic clock."""
    found: float | None = None
    """When it was seen in the mailbox."""
    deleted: bool = False

    @property
    def message_id(self) -> str:
        """The Message-ID, which nobody else has: 122 random bits."""
        return f"<{self.number}@{self.address.rpartition('@')[2]}>"

    def text(self) -> bytes:
        """Return the message as it travels. No automatic answer shall come (RFC 3834)."""
        message = EmailMessage(policy=SMTP)
        message["From"] = message["To"] = self.address
        message["Subject"] = "Test message of exchange_imap"
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = self.message_id
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(_BODY)
        return message.as_bytes()

    def accept(self) -> None:
        """Note that the server has it."""
        self.accepted = time.monotonic()

    def find(self) -> None:
        """Note that it is in the mailbox."""
        self.found = time.monotonic()

    @property
    def took(self) -> timedelta | None:
        """The time between."""
        if self.accepted is None or self.found is None:
            return None
        return timedelta(seconds=self.found - self.accepted)
