"""Ask a fake Exchange, and read what it answers."""

from __future__ import annotations

from typing import TypeVar

import exchange_imap as xi
from exchange_imap.testing import FakeExchange

__all__ = ["ask", "failure", "read"]

S = TypeVar("S", bound=xi.Snapshot)


def ask(fake: FakeExchange, command: xi.Cmdlet) -> xi.Reply:
    """Run one command on the fake itself."""
    return fake.transport().run(xi.Pipeline((command,)))


def read(cls: type[S], fake: FakeExchange, command: xi.Cmdlet) -> list[S]:
    """Run a command that is not refused, and read the objects that it answers."""
    reply = ask(fake, command)
    assert reply.errors == ()
    return list(map(cls.from_record, reply.records))


def failure(fake: FakeExchange, command: xi.Cmdlet) -> str | None:
    """Run a command that Exchange refuses, and return the failure's category."""
    reply = ask(fake, command)
    (error,) = reply.errors
    assert not reply.records
    return error.failure_category
