"""How mailboxes may be opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..._cmdlets.mailboxes import CASMailbox, GetCASMailbox, SetCASMailbox
from ..._errors import InvalidValueError
from ..._model.cmdlet import Cmdlet
from ..._model.declaration import writable
from ..written import Named

__all__ = ["RESOURCE"]

_FOUND_BY: Final = frozenset({"name", "sam_account_name", "primary_smtp_address", "email_addresses"})


class _Mailboxes(Named):
    """Mailboxes by whatever name they are asked for."""

    key = "mailboxes"
    rules = "mailboxes_rules"
    states = SetCASMailbox
    whole = CASMailbox
    called = "primary_smtp_address"
    unplanned = _FOUND_BY
    hints = dict.fromkeys(_FOUND_BY, "A mailbox may be found by it: change it with server.run(...).")

    def check(self, stated: Sequence[Cmdlet]) -> None:
        """Refuse also a mailbox without a name."""
        super().check(stated)
        for command in stated:
            self.name_of(command, "")

    def name_of(self, command: Cmdlet, server: str) -> str:
        """Return the name as it was stated."""
        del server
        named = getattr(command, "identity")  # noqa: B009 - a cmdlet of any kind
        if not isinstance(named, str):
            raise InvalidValueError("Set-CASMailbox -Identity", "the name of a mailbox", "none")
        return named

    def risk(self, command: Cmdlet) -> str:
        """Say whose mailbox can no longer be opened in a way."""
        ends = [
            spec.name
            for field, spec in writable(CASMailbox).items()
            if field.endswith("_enabled") and getattr(command, field) is False
        ]
        return f"its clients are refused from then on: {', '.join(ends)}" if ends else ""

    def naming(self, server: str, name: str) -> dict[str, str]:
        """Name the mailbox."""
        del server
        return {"identity": name}

    def shared_naming(self, server: str, name: str) -> dict[str, str]:
        """Name the same mailbox: it belongs to no server."""
        return self.naming(server, name)

    def reads(self, server: str, names: Sequence[str]) -> tuple[Cmdlet, ...]:
        """Return one command for each mailbox."""
        del server
        return tuple(GetCASMailbox(identity=name) for name in names)


RESOURCE: Final = _Mailboxes()
