"""Every error that this library raises.

Attributes come first and the message is derived from them, so a program reads ``error.field``
and a person reads ``str(error)``. Attributes keep what a server said exactly as it came; the message shows it escaped
and bounded, in one line, whatever it is made of:

    ExchangeImapError
    ├── InvalidValueError (also ValueError)   a value that cannot be; nothing was sent
    │   └── CommandSyntaxError                the same, with its place in a text
    ├── UnexpectedReplyError                  the server's answer lacks something or has another form
    ├── TransportError                        the command did not get there, or its answer did not come back
    │   ├── AuthenticationError
    │   ├── TransportTimeoutError
    │   ├── EndpointError                     the wrong door: URL and port that were tried
    │   └── ThrottledError                    the server wants less of this account for now
    ├── CommandError                          the server refused: its error records
    ├── ApplyError                            a plan stopped: what was done, what was not
    │   ├── ForeignPlanError                  the plan is of another server
    │   ├── ForeignStepError                  the plan has a step that planning never makes
    │   └── StalePlanError                    the server is no longer what the plan was made for
    ├── PipelineError                         a pipe stopped: for which objects it ran, and for which not
    └── UnknownOutcomeError                   a write was sent, its answer lost, and re-reading could not decide
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import attrs

from ._shown import legible, shown
from ._span import Span, draw_caret, line_and_column, point_out

if TYPE_CHECKING:
    from ._model.cmdlet import Cmdlet
    from ._plan.outcome import Outcome
    from ._transports.transport import ErrorRecord

__all__ = [
    "ApplyError",
    "AuthenticationError",
    "CommandError",
    "CommandSyntaxError",
    "EndpointError",
    "ExchangeImapError",
    "InvalidValueError",
    "PipelineError",
    "StalePlanError",
    "ThrottledError",
    "TransportError",
    "TransportTimeoutError",
    "UnexpectedReplyError",
    "UnknownOutcomeError",
]


_LONGEST_COMMAND = 2_000
"""Characters of a command that a message repeats: what is said behind it has room."""


_MASKED = "**"
_WORD = re.compile(r"\w{3,}")


class ExchangeImapError(Exception):
    """The base of every error of this library; no class of another library escapes it.

    >>> issubclass(CommandError, ExchangeImapError)
    True
    """


def sentences(*parts: str) -> str:
    """Join what is there, each part closed as a sentence, in one line that may be printed."""
    lines = (legible(part) for part in parts if part)
    return " ".join(line if line.endswith((".", "?", "!")) else f"{line}." for line in lines)


@attrs.define(slots=False, eq=False)
class InvalidValueError(ExchangeImapError, ValueError):
    """A value that cannot be, refused before anything was sent.

    ``field`` is the parameter or attribute, ``expected`` what would do, ``received`` what came
    instead, and ``hint`` what to do next.

    >>> Binding.parse("*:993")
    Traceback (most recent call last):
    exchange_imap._errors.InvalidValueError: Binding.address: expected an IP address, received '*'. For every ...
    """

    field: str
    expected: str
    received: object = attrs.field(repr=shown)
    hint: str = ""

    def __str__(self) -> str:
        return sentences(f"{self.field}: expected {self.expected}, received {shown(self.received)}", self.hint)


@attrs.define(slots=False, eq=False)
class CommandSyntaxError(InvalidValueError):
    """A text that is not the command it should be, with the place where it goes wrong.

    ``source`` is the whole text, with stars for what may be a password, and ``span`` the offending stretch of it;
    ``line`` and ``column`` count from 1, and ``caret`` draws the line with the stretch underlined. ``rule`` is a
    stable id of what was broken, such as ``unknown-parameter`` or ``evaluation``: match on this, the texts get better.

    >>> try:
    ...     parse("Set-ImapSettings -Bannner x")
    ... except CommandSyntaxError as error:
    ...     print(error.column, error.hint)
    18 Did you mean -Banner?
    """

    source: str = ""
    span: Span = attrs.field(default=Span(0, 0))
    rule: str = "syntax"

    def __attrs_post_init__(self) -> None:
        """Mask in what was received what the source masks, and leave out a hint that has it."""
        written = self.source[self.span.start : self.span.end]
        received = self.received
        if _MASKED in written and isinstance(received, str) and received not in written:
            self.received = written
            self.hint = "" if any(word in self.hint for word in _WORD.findall(received)) else self.hint

    @property
    def line(self) -> int:
        """The line of ``source``, counted from 1, on which the trouble starts."""
        return line_and_column(self.source, self.span)[0]

    @property
    def column(self) -> int:
        """The place within that line, in characters counted from 1."""
        return line_and_column(self.source, self.span)[1]

    @property
    def caret(self) -> str:
        """The offending line and, below it, carets under the stretch."""
        return draw_caret(self.source, self.span)

    def __str__(self) -> str:
        return point_out(self.source, self.span, super().__str__())


def _command(command: object) -> str:
    return legible(str(command), _LONGEST_COMMAND)


@attrs.define(slots=False, eq=False)
class UnexpectedReplyError(ExchangeImapError):
    """The server's answer lacks something or has another form than documented.

    ``path`` names the place, such as ``ImapSettings.SSLBindings[1]``. A property that is null
    where the type forbids it is not "unset": Exchange sends nulls when the serialization payload
    could not be read, so no default is ever put in its place.

    >>> ServiceState.from_record({"Name": "MSExchangeImap4"})
    Traceback (most recent call last):
    exchange_imap._errors.UnexpectedReplyError: ServiceState.DisplayName: expected this property, received 'nothing'...
    """

    path: str
    expected: str
    received: object = attrs.field(repr=shown)
    hint: str = ""

    def __str__(self) -> str:
        return sentences(f"{self.path}: expected {self.expected}, received {shown(self.received)}", self.hint)


@attrs.define(slots=False, eq=False)
class TransportError(ExchangeImapError):
    """The command did not get there, or its answer did not come back.

    ``command`` is its text. ``sent`` says whether the server may have acted on it: ``False`` means
    that it certainly never left, ``True`` that it did, ``None`` that nobody can tell.

    >>> print(TransportError("connection refused", "Get-ImapSettings", sent=False))
    connection refused. The command was: Get-ImapSettings (it was not sent).
    """

    reason: str
    command: str = ""
    sent: bool | None = None
    hint: str = ""

    def __str__(self) -> str:
        fate = {False: "it was not sent", True: "it had been sent", None: "it may have been sent"}[self.sent]
        command = f"The command was: {_command(self.command)} ({fate})" if self.command else ""
        return sentences(self.reason, command, self.hint)


class AuthenticationError(TransportError):
    """The endpoint did not accept who we are.

    >>> AuthenticationError("401", sent=False).sent
    False
    """


class TransportTimeoutError(TransportError):
    """No answer within the time allowed; a write may still be running.

    >>> print(TransportTimeoutError("no answer within 30 s", "Get-ImapSettings", sent=True))
    no answer within 30 s. The command was: Get-ImapSettings (it had been sent).
    """


@attrs.define(slots=False, eq=False)
class EndpointError(TransportError):
    """The wrong door: ``url`` and ``port`` are what was tried.

    >>> ImapServer("MBX01").settings()
    Traceback (most recent call last):
    exchange_imap._errors.EndpointError: Get-ImapSettings needs the Microsoft.Exchange endpoint of MBX01. ...
    """

    url: str = ""
    port: int | None = None

    def __str__(self) -> str:
        return sentences(super().__str__(), f"Tried {self.url}" if self.url else "")


@attrs.define(slots=False, eq=False)
class ThrottledError(TransportError):
    """The server wants less of this account for now; ``wait`` is how long it says to wait, if it says so.

    >>> print(ThrottledError("too many shells", "Get-ImapSettings", sent=False, wait=timedelta(seconds=3)))
    too many shells. The command was: Get-ImapSettings (it was not sent). The server says to wait 3 s.
    """

    wait: timedelta | None = None

    def __str__(self) -> str:
        wait = "" if self.wait is None else f"The server says to wait {self.wait.total_seconds():g} s"
        return sentences(super().__str__(), wait)


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
        return sentences(f"{_command(self.command)}: {first.message}", f"[{self.category}: {self.id}]", more, self.hint)


@attrs.define(slots=False, eq=False)
class ApplyError(ExchangeImapError):
    """A plan stopped; ``outcome`` holds what was applied, what failed and what was not tried.

    >>> from exchange_imap.testing import FakeExchange, Fault
    >>> fake = FakeExchange(servers=["MBX01"])
    >>> fake.fail(Fault(of="Start-Service"))
    >>> try:
    ...     ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport()).enable(external=["mail:993:SSL"])
    ... except ApplyError as error:
    ...     print(len(error.outcome.applied), error.outcome.failed.step.command, len(error.outcome.not_tried))
    3 Start-Service MSExchangeImap4 1
    """

    reason: str
    outcome: Outcome

    def __str__(self) -> str:
        return f"{legible(self.reason)}\n{self.outcome}"


class StalePlanError(ApplyError):
    """The server is no longer what the plan was made for; nothing was changed. Make a new plan.

    >>> issubclass(StalePlanError, ApplyError)
    True
    """


@attrs.define(slots=False, eq=False)
class PipelineError(ExchangeImapError):
    """A pipe did not run for every object: ``done`` are the commands that ran, ``failed`` those that did not, with why.

    ``not_tried`` are those behind one whose answer did not come; one that the server refused does not stop the others.

    >>> from exchange_imap.testing import FakeExchange
    >>> fake = FakeExchange(servers=["MBX01"])
    >>> fake.server("MBX01").set_service("MSExchangeIMAP4", startup_type=StartupType.Disabled)
    >>> server = ImapServer("MBX01", windows=fake.transport())
    >>> try:
    ...     server.run(parse("Get-Service MSExchangeIMAP4,MSExchangeIMAP4BE | Start-Service"))
    ... except PipelineError as error:
    ...     print(len(error.done), [command.name for command, _ in error.failed])
    1 [('MSExchangeImap4',)]
    """

    pipeline: str
    done: tuple[Cmdlet, ...]
    failed: tuple[tuple[Cmdlet, ExchangeImapError], ...]
    not_tried: tuple[Cmdlet, ...] = ()

    def __str__(self) -> str:
        number = len(self.done) + len(self.failed) + len(self.not_tried)
        lines = [f"{_command(self.pipeline)}: ran for {len(self.done)} of {number} objects"]
        lines += [f"  done       {_command(command)}" for command in self.done]
        lines += [f"  failed     {error}" for _, error in self.failed]
        lines += [f"  not tried  {_command(command)}" for command in self.not_tried]
        return "\n".join(lines)


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
        return sentences(f"{_command(self.command)}: whether it took effect is unknown: {self.reason}", self.hint)


def interrupted(command: str, error: BaseException) -> UnknownOutcomeError:
    """Say of a command that an exception came before its answer; the server was not asked what became of it."""
    return UnknownOutcomeError(command, f"{type(error).__name__} came before its answer was understood")


def attach(error: BaseException, outcome: object) -> None:
    """Give an exception that is not ours the outcome, as its attribute ``outcome`` and as a note (``add_note``).

    Both go into its dictionary, which every exception has: its class may refuse attributes, and ``add_note`` with them.
    """
    attributes = vars(error)
    attributes["outcome"] = outcome
    attributes.setdefault("__notes__", []).append(str(outcome))
