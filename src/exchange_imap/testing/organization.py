"""A fake organisation: its servers and its mailboxes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from .fake_server import FakeServer

if TYPE_CHECKING:
    from .mailboxes import Mailbox
    from .new_mailbox import NewMailbox

__all__ = ["Organization"]


@attrs.define(eq=False)
class Organization:
    """The servers, and the mailboxes, which are made when they are first asked for."""

    servers: tuple[FakeServer, ...]
    _given: Iterable[NewMailbox] | None
    _mailboxes: tuple[Mailbox, ...] = attrs.field(default=(), init=False)

    @property
    def mailboxes(self) -> tuple[Mailbox, ...]:
        """The mailboxes, in the order in which they were given."""
        if not self._mailboxes:
            from .mailboxes import make_mailboxes  # noqa: PLC0415 - most tests have no use for them

            self._mailboxes = make_mailboxes(self._given, self.servers)
        return self._mailboxes

    def find_mailboxes(self, identity: str) -> list[Mailbox]:
        """Return the mailboxes of that identity, whatever its case: one, unless two have the same name."""
        return [each for each in self.mailboxes if identity.casefold() in each.names]
