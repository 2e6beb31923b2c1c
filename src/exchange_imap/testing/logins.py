"""Logins of clients to mailboxes of the fake."""

from __future__ import annotations

from .._powershell.secret import Secret
from .._values import ServiceStatus
from .client import ConnectionFailedError, Protocol
from .organization import Organization

__all__ = ["log_in"]


def log_in(user: str, password: Secret, protocol: Protocol, backend: str, organization: Organization) -> None:
    """Log in to the mailbox of a user, through the backend service of the server that has it.

    The server says the same of every login that it refuses. Raises :class:`ConnectionFailedError`.
    """
    found = organization.find_mailboxes(user)
    mailbox = found[0] if len(found) == 1 else None
    enabled = mailbox and (mailbox.stored.imap_enabled if protocol == "IMAP4" else mailbox.stored.pop_enabled)
    if (
        mailbox is None
        or not enabled
        or mailbox.is_administrator
        or not mailbox.opens_with(password)
        or mailbox.server.service(backend).status is not ServiceStatus.Running
    ):
        raise ConnectionFailedError("NO LOGIN failed." if protocol == "IMAP4" else "-ERR Logon failure.")
