"""The base of every error that this library raises, and the errors that every module may raise.

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
    │   ├── EndpointError                     endpoint missing or another one: URL and port tried
    │   └── ThrottledError                    the server wants less of this account for now
    ├── CommandError                          the server refused: its error records
    ├── ApplyError                            a plan stopped: what was done, what was not
    │   ├── ForeignPlanError                  the plan is of another server
    │   ├── ForeignStepError                  the plan has a step that planning never makes
    │   └── StalePlanError                    the server is no longer what the plan was made for
    ├── PipelineError                         a pipe stopped: for which objects it ran, and for which not
    └── UnknownOutcomeError                   a write was sent, its answer lost, and re-reading could not decide

The others are defined beside what raises them: in ``_transports.errors``, ``_cmdlets.pipes`` and ``_plan.errors``.
"""

from __future__ import annotations

import attrs

from ._patterns import pattern
from ._public import public
from ._shown import legible, shown
from ._span import Span, draw_caret, line_and_column, point_out

__all__ = [
    "CommandSyntaxError",
    "ExchangeImapError",
    "InvalidValueError",
    "UnexpectedReplyError",
    "attach",
    "command_text",
    "sentences",
]


_LONGEST_COMMAND = 2_000
"""Characters of a command that a message repeats: what is said behind it has room."""


_MASKED = "**"
_WORD = pattern(r"\w{3,}")


@public
class ExchangeImapError(Exception):
    """The base of every error of this library; no class of another library escapes it.

    >>> issubclass(CommandError, ExchangeImapError)
    True
    """


def sentences(*parts: str) -> str:
    """Join what is there, each part closed as a sentence, in one line that may be printed."""
    lines = (legible(part) for part in parts if part)
    return " ".join(line if line.endswith((".", "?", "!")) else f"{line}." for line in lines)


@public
@attrs.define(slots=False, eq=False)
class InvalidValueError(ExchangeImapError, ValueError):
    """A value that cannot be, refused before anything was sent.

    ``field`` is the parameter or attribute, ``expected`` what would do, ``received`` what came
    instead, and ``hint`` what to do next.

    >>> Binding.parse("*:993")
    Traceback (most recent call last):
    exchange_imap.InvalidValueError: Binding.address: expected an IP address, received '*'. For every ...
    """

    field: str
    expected: str
    received: object = attrs.field(repr=shown)
    hint: str = ""

    def __str__(self) -> str:
        return sentences(f"{self.field}: expected {self.expected}, received {shown(self.received)}", self.hint)

    def with_field(self, field: str) -> InvalidValueError:
        """Return the same error of another field, such as the parameter that takes the refused value.

        >>> InvalidValueError("Binding.port", "a port", 0).with_field("SSLBindings").field
        'SSLBindings'
        """
        return InvalidValueError(field, self.expected, self.received, self.hint)

    def in_reply(self, path: str) -> UnexpectedReplyError:
        """Return the same error of a server's answer, whose value at ``path`` was refused.

        >>> InvalidValueError("Binding.port", "a port", 0).in_reply("ImapSettings.SSLBindings[1]").path
        'ImapSettings.SSLBindings[1]'
        """
        return UnexpectedReplyError(path, self.expected, self.received, self.hint)

    def in_text(self, source: str, span: Span, rule: str, field: str = "") -> CommandSyntaxError:
        """Return the same error with its place in a text, of another field if one is given.

        >>> InvalidValueError("Binding.port", "a port", 0).in_text("Set-X x", Span(6, 7), "invalid-value").column
        7
        """
        return CommandSyntaxError(field or self.field, self.expected, self.received, self.hint, source, span, rule)


@public
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


def command_text(command: object) -> str:
    return legible(str(command), _LONGEST_COMMAND)


@public
@attrs.define(slots=False, eq=False)
class UnexpectedReplyError(ExchangeImapError):
    """The server's answer lacks something or has another form than documented.

    ``path`` names the place, such as ``ImapSettings.SSLBindings[1]``. A property that is null
    where the type forbids it is not "unset": Exchange sends nulls when the serialization payload
    could not be read, so no default is ever put in its place.

    >>> ServiceState.from_record({"Name": "MSExchangeImap4"})
    Traceback (most recent call last):
    exchange_imap.UnexpectedReplyError: ServiceState.DisplayName: expected this property, received 'nothing'...
    """

    path: str
    expected: str
    received: object = attrs.field(repr=shown)
    hint: str = ""

    def __str__(self) -> str:
        return sentences(f"{self.path}: expected {self.expected}, received {shown(self.received)}", self.hint)

    def with_path(self, path: str) -> UnexpectedReplyError:
        """Return the same error at another path, such as that of one object among several.

        >>> UnexpectedReplyError("ServiceState.Name", "text", None).with_path("ServiceState[1].Name").path
        'ServiceState[1].Name'
        """
        return UnexpectedReplyError(path, self.expected, self.received, self.hint)


def attach(error: BaseException, outcome: object) -> None:
    """Give an exception that is not ours the outcome, as its attribute ``outcome`` and as a note (``add_note``).

    Both go into its dictionary, which every exception has: its class may refuse attributes, and ``add_note`` with them.
    """
    attributes = vars(error)
    attributes["outcome"] = outcome
    attributes.setdefault("__notes__", []).append(str(outcome))
