"""One command while it runs: its server, its time, and its output so far."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from .._errors import InvalidValueError
from .._model.cmdlet import Cmdlet
from .._powershell.record import Record
from .._transports.errors import ErrorRecord
from .._values import ActionPreference, Unset
from .fake_server import FakeServer, find_server, only_server
from .organization import Organization
from .refusals import RefusalError, Request, exchange_failure, not_bound, prompt_not_answered, task_of

if TYPE_CHECKING:
    from .._cmdlets.connectivity import TestImapConnectivity
    from .._cmdlets.services import RestartService, StartService, StopService
    from .._model.cmdlet import ShouldProcessCmdlet
    from .mailboxes import Mailbox

__all__ = ["Execution"]

_Handler = Callable[[Any, "Execution"], None]  # Any: the handler's own cmdlet
_STOP: Final = ActionPreference.Stop
_QUIET: Final = {ActionPreference.SilentlyContinue, ActionPreference.Ignore}


@attrs.define(eq=False)
class Execution:
    """The state of one run; ``home`` is the server of the session, if the session belongs to one."""

    organization: Organization
    home: FakeServer | None
    number: int
    now: datetime
    records: list[Record] = attrs.field(factory=list)
    errors: list[ErrorRecord] = attrs.field(factory=list)
    warnings: list[str] = attrs.field(factory=list)
    server: FakeServer | None = None
    """The server that the command is about, when it is known."""
    effect: bool = False
    """Whether anything was changed or restarted."""
    stops: bool = False
    """Whether the command that runs ends with its first error."""

    @property
    def servers(self) -> tuple[FakeServer, ...]:
        """The servers of the organisation."""
        return self.organization.servers

    @property
    def mailboxes(self) -> tuple[Mailbox, ...]:
        """The mailboxes of the organisation."""
        return self.organization.mailboxes

    def find_server(self, identity: str | Unset, cmdlet: type[Cmdlet]) -> FakeServer:
        """Return the server that ``-Server`` names; without it, the session's own server."""
        if isinstance(identity, Unset):
            self.server = self.home or self.servers[0]
            return self.server
        self.server = find_server(self.servers, identity)
        if self.server is None:
            raise self.not_found(identity, cmdlet)
        return self.server

    def not_found(self, identity: str, cmdlet: type[Cmdlet]) -> RefusalError:
        """Make the refusal of an identity that no object has."""
        controller = f"DC01.{self.servers[0].installed.domain}"
        message = (
            f"The operation couldn't be performed because object '{identity}' couldn't be found on '{controller}'."
        )
        return self.failure("ManagementObjectNotFoundException", message, cmdlet)

    def ambiguous(self, identity: str, cmdlet: type[Cmdlet]) -> RefusalError:
        """Make the refusal of an identity that several objects have."""
        message = f"The operation couldn't be performed because '{identity}' matches multiple entries."
        return self.failure("ManagementObjectAmbiguousException", message, cmdlet)

    def machine(self) -> FakeServer:
        """Return the machine whose services the session sees."""
        self.server = self.home or only_server(self.servers)
        return self.server

    def command(self, cmdlet: Cmdlet, handler: _Handler, *, piped: bool) -> None:
        """Run one command of a pipeline; its -ErrorAction and -WarningAction apply to what it reports."""
        errors, warnings, self.stops = len(self.errors), len(self.warnings), cmdlet.error_action is _STOP
        try:
            if piped:
                self._pipe(cmdlet, handler)
            else:
                handler(cmdlet, self)
        except RefusalError as refusal:
            self.errors.append(refusal.record)
        if cmdlet.error_action in _QUIET:
            del self.errors[errors:]
        if cmdlet.warning_action in _QUIET:
            del self.warnings[warnings:]

    def _pipe(self, cmdlet: Cmdlet, handler: _Handler) -> None:
        """Run a command for each object put out so far, also after one was refused."""
        records, self.records = self.records, []
        for record in records:
            try:
                handler(self._taken(cmdlet, record), self)
            except RefusalError as refusal:
                self._complain(refusal.record)

    def _complain(self, error: ErrorRecord) -> None:
        """Add an error that does not end the command, unless it is to stop at the first."""
        if self.stops:
            raise RefusalError(error)
        self.errors.append(error)

    def _taken(self, cmdlet: Cmdlet, record: Record) -> Cmdlet:
        from .._cmdlets.pipes import with_object  # noqa: PLC0415 - most commands stand alone

        try:
            return with_object(cmdlet, record)
        except InvalidValueError as error:
            message = f"The input object cannot be bound to any parameters for the command: {error}"
            raise not_bound("InputObjectNotBound", type(cmdlet), message) from error

    def failure(self, exception: str, message: str, cmdlet: type[Cmdlet]) -> RefusalError:
        """Make the refusal of an Exchange task."""
        runs_on = self.home or self.servers[0]
        request = Request(server=runs_on.name, number=self.number, now=self.now)
        return exchange_failure(exception, message, cmdlet, request)

    def report(self, error_id: str, category: str, message: str, *, cmdlet: type[Cmdlet], target: str) -> None:
        """Add an error that does not end the command."""
        full_id = f"{error_id},{task_of(cmdlet)}"
        self._complain(ErrorRecord(message=message, category=category, fully_qualified_error_id=full_id, target=target))

    def may_change(
        self,
        cmdlet: ShouldProcessCmdlet | StartService | StopService | RestartService | TestImapConnectivity,
        target: str,
    ) -> bool:
        """Decide as ShouldProcess does: no with ``-WhatIf``; with ``-Confirm`` there is no one to answer the prompt."""
        if cmdlet.what_if is True:
            return False
        if cmdlet.confirm is True:
            raise prompt_not_answered(type(cmdlet), target)
        return True
