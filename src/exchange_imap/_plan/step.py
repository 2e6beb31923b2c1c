"""One command of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from .._entry import entry
from .._model.cmdlet import Cmdlet
from .._powershell.comment import comment, printed
from .._viewed import Viewed
from .as_data.model import PlainData
from .difference import Change
from .parts import resource_module, sorted_keys
from .state import ServerState

if TYPE_CHECKING:
    from .._html.facts import Facts, Row

__all__ = ["Step"]


@entry
@attrs.frozen
class Step(PlainData, Viewed):
    """One command of a plan, why it is there, and what it changes.

    ``refused`` names what the account lacks for it, such as ``Set-ImapSettings -Banner``: the server would refuse it.
    It is known only where the plan was made with :meth:`ImapServer.capabilities`.

    >>> print(Step(SetService(name="MSExchangeIMAP4", startup_type=StartupType.Automatic), "It starts by hand."))
    # It starts by hand.
    Set-Service MSExchangeIMAP4 -StartupType Automatic
    """

    command: Cmdlet
    reason: str
    changes: tuple[Change, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def risk(self) -> str:
        """Whom the command disconnects and what nothing takes back, in one line; empty if it does neither.

        >>> Step(RestartService(name=("MSExchangeIMAP4",)), "It has older settings.").risk
        'every IMAP4 client of this server is disconnected, and can connect again when it runs'
        """
        found = (resource_module(key).RESOURCE for key in sorted_keys(ServerState))
        return next((str(each.risk(self.command)) for each in found if type(self.command) in each.sends), "")

    def _facts(self) -> Facts:
        from .._html.facts import Facts  # noqa: PLC0415 - loaded by who looks

        changes = (each._facts().rows[0] for each in self.changes)  # noqa: SLF001 - its own parts
        return Facts(str(self.command), (*self._reasons(), *changes, *self._risks()), command=True)

    def _reasons(self) -> Iterator[Row]:
        """Yield the reason, unless it only repeats what changes."""
        from .._html.facts import Row  # noqa: PLC0415 - loaded by who looks

        if not self.changes or "; ".join(map(str, self.changes)) not in self.reason:
            yield Row("", self.reason)

    def _risks(self) -> Iterator[Row]:
        from .._html.facts import Mark, Row  # noqa: PLC0415 - loaded by who looks

        if self.risk:
            yield Row("risk", self.risk, mark=Mark.WARNING)
        if self.refused:
            yield Row("refused", self.refused, mark=Mark.PROBLEM, note="the account of the plan has not got it")

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, number: str = "") -> Iterator[str]:
        """Yield the lines of a script: reason, risk and what will be refused as comments, and the command."""
        yield comment(f"{number}{self.reason}")
        if self.risk:
            yield comment(f"Risk: {self.risk}.")
        if self.refused:
            yield comment(f"Refused: the account that this was planned with has no {', no '.join(self.refused)}.")
        yield printed(str(self.command))
