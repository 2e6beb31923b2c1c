"""The errors of transports, and those by which a server refuses a command."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import attrs

from .._entry import entry
from .._errors import ExchangeImapError, command_text, sentences
from .._json import Json
from .._patterns import pattern
from .._public import public
from .._viewed import Viewed

__all__ = [
    "AuthenticationError",
    "CommandError",
    "EndpointError",
    "ErrorRecord",
    "ThrottledError",
    "TransportError",
    "TransportTimeoutError",
    "UnknownOutcomeError",
    "interrupted",
]

# "[Server=S,RequestId=guid,TimeStamp=t] [FailureCategory=Cmdlet-Name] hash,task class" is the id of such an error.
_FAILURE: Final = pattern(r"\[FailureCategory=(?P<category>[^\]]+)\]")


@public
@attrs.define(slots=False, eq=False)
class TransportError(ExchangeImapError):
    """The command did not arrive, or its answer was lost.

    ``command`` is its text. ``sent`` says whether the server may have run it: ``False`` if it was certainly not sent,
    ``True`` if it was sent, ``None`` if that is not known.

    >>> print(TransportError("connection refused", "Get-ImapSettings", sent=False))
    connection refused. The command was: Get-ImapSettings (it was not sent).
    """

    reason: str
    command: str = ""
    sent: bool | None = None
    hint: str = ""

    def __str__(self) -> str:
        fate = {False: "it was not sent", True: "it had been sent", None: "it may have been sent"}[self.sent]
        command = f"The command was: {command_text(self.command)} ({fate})" if self.command else ""
        return sentences(self.reason, command, self.hint)


@public
class AuthenticationError(TransportError):
    """The endpoint did not accept the credentials.

    >>> AuthenticationError("401", sent=False).sent
    False
    """


@public
class TransportTimeoutError(TransportError):
    """There was no answer within the time allowed. A write may still be running.

    >>> print(TransportTimeoutError("no answer within 30 s", "Get-ImapSettings", sent=True))
    no answer within 30 s. The command was: Get-ImapSettings (it had been sent).
    """


@public
@attrs.define(slots=False, eq=False)
class EndpointError(TransportError):
    """The endpoint is missing or is another one: ``url`` and ``port`` are what was tried.

    >>> ImapServer("MBX01").settings()
    Traceback (most recent call last):
    exchange_imap.EndpointError: Get-ImapSettings needs the Microsoft.Exchange endpoint of MBX01. ...
    """

    url: str = ""
    port: int | None = None

    def __str__(self) -> str:
        return sentences(super().__str__(), f"Tried {self.url}" if self.url else "")


@public
@attrs.define(slots=False, eq=False)
class ThrottledError(TransportError):
    """The server limits this account for a while; ``wait`` is the time that it says to wait, if it says one.

    >>> print(ThrottledError("too many shells", "Get-ImapSettings", sent=False, wait=timedelta(seconds=3)))
    too many shells. The command was: Get-ImapSettings (it was not sent). The server says to wait 3 s.
    """

    wait: timedelta | None = None

    def __str__(self) -> str:
        wait = "" if self.wait is None else f"The server says to wait {self.wait.total_seconds():g} s"
        return sentences(super().__str__(), wait)


@entry
@attrs.frozen(kw_only=True)
class ErrorRecord(Viewed):
    """One entry of PowerShell's error stream.

    Test ``fully_qualified_error_id`` or :attr:`failure_category`, because ``message`` is in the server's language.
    ``category`` is PowerShell's ErrorCategory, such as ``InvalidData``, and ``target`` is the object of the error.

    >>> record = ErrorRecord(
    ...     message="The operation couldn't be performed because object 'MBX09' couldn't be found on 'DC01'.",
    ...     category="NotSpecified",
    ...     fully_qualified_error_id="[Server=MBX01,RequestId=1,TimeStamp=2] "
    ...     "[FailureCategory=Cmdlet-ManagementObjectNotFoundException] 5F1B2C3D,GetImapSettings",
    ... )
    >>> record.failure_category
    'Cmdlet-ManagementObjectNotFoundException'
    """

    message: str
    category: str
    fully_qualified_error_id: str
    target: str = ""

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold, with stable keys."""
        return attrs.asdict(self)

    @property
    def failure_category(self) -> str | None:
        """Exchange's category: ``Cmdlet-`` and the name of an exception. ``None`` for the errors of other cmdlets."""
        found = _FAILURE.search(self.fully_qualified_error_id)
        return found["category"] if found else None


@public
@attrs.define(slots=False, eq=False)
class CommandError(ExchangeImapError):
    """The server refused the command; ``records`` are its error records, the first one first.

    >>> from exchange_imap.testing import FakeExchange
    >>> server = ImapServer("MBX01", exchange=FakeExchange(servers=["MBX01"]).transport())
    >>> try:
    ...     server.run(GetImapSettings(server="MBX09"))
    ... except CommandError as error:
    ...     print(error.category, error.records[0].failure_category)
    NotSpecified Cmdlet-ManagementObjectNotFoundException
    """

    command: str
    records: tuple[ErrorRecord, ...]
    hint: str = ""

    @property
    def category(self) -> str:
        """The first record's category, such as ``InvalidData``."""
        return self.records[0].category

    @property
    def id(self) -> str:
        """The first record's FullyQualifiedErrorId: match on this, the texts are localized."""
        return self.records[0].fully_qualified_error_id

    def __str__(self) -> str:
        first = self.records[0]
        more = f"{len(self.records) - 1} more error(s) followed" if len(self.records) > 1 else ""
        return sentences(
            f"{command_text(self.command)}: {first.message}", f"[{self.category}: {self.id}]", more, self.hint
        )


@public
@attrs.define(slots=False, eq=False)
class UnknownOutcomeError(ExchangeImapError):
    """A write was sent, its answer was lost, and re-reading could not decide whether it took effect.

    ``command`` is its text. It is never sent again on its own account: look, then decide.

    >>> print(UnknownOutcomeError("Restart-Service MSExchangeIMAP4", "connection lost"))
    Restart-Service MSExchangeIMAP4: whether it took effect is unknown: connection lost.
    """

    command: str
    reason: str
    hint: str = ""

    def __str__(self) -> str:
        return sentences(f"{command_text(self.command)}: whether it took effect is unknown: {self.reason}", self.hint)


def interrupted(command: str, error: BaseException) -> UnknownOutcomeError:
    """Say of a command that an exception came before its answer; the server was not asked what became of it."""
    return UnknownOutcomeError(command, f"{type(error).__name__} came before its answer was understood")
