"""The base of every error that this library raises, and the errors that every module may raise.

The message of an error is made from its attributes: a program reads ``error.field``, a person reads ``str(error)``. The
attributes hold the server's texts unchanged. The message shows them escaped, cut to a limit and in one line.

    ExchangeImapError
    ├── InvalidValueError (also ValueError)   a value was refused before anything was sent
    │   └── CommandSyntaxError                the same, with its place in a text
    ├── UnexpectedReplyError                  the server's answer lacks something or has the wrong form
    ├── TransportError                        the command did not arrive, or its answer was lost
    │   ├── AuthenticationError
    │   ├── TransportTimeoutError
    │   ├── EndpointError                     there is no such endpoint at this URL and port
    │   └── ThrottledError                    the server limits this account for a while
    ├── CommandError                          the server refused the command: its error records
    ├── ApplyError                            a plan stopped: what was done and what was not
    │   ├── CancelledPlanError                the caller cancelled the plan
    │   ├── LatePlanError                     the plan's deadline came first
    │   ├── ForeignPlanError                  the plan was made for another server
    │   ├── ForeignStepError                  the plan has a step that planning never makes
    │   ├── PlanDigestError                   the plan is not the one that was approved
    │   ├── PlanProblemsError                 the plan would leave clients unable to connect
    │   └── StalePlanError                    the server has changed since the plan was made
    ├── AuditError                            the file of an audit log could not be read or written
    ├── PipelineError                         a pipeline stopped: the objects it ran for, and the others
    ├── UnknownOutcomeError                   a write may or may not have taken effect
    └── RecordedError                         one of these as a file has it

The others are defined beside what raises them: in ``_transports.errors``, ``_cmdlets.pipes`` and ``_plan.errors``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, cast

import attrs

from ._json import FORM_VERSION, Json
from ._patterns import pattern
from ._public import public
from ._shown import legible, shown
from ._span import InText, Span, point_out

__all__ = [
    "CommandSyntaxError",
    "ExchangeImapError",
    "InvalidValueError",
    "RecordedError",
    "UnexpectedReplyError",
    "attach",
    "command_text",
    "sentences",
]


_LONGEST_COMMAND = 2_000
"""How many characters of a command a message repeats, so that there is room for the rest of the message."""


_MASKED = "**"
_WORD = pattern(r"\w{3,}")


@public
class ExchangeImapError(Exception):
    """The base of every error of this library. You never have to catch an error of a library that it uses.

    >>> issubclass(CommandError, ExchangeImapError)
    True
    """

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold: ``type``, ``message``, ``attributes``, and ``cause``, which is like it or null.

        A secret is masked, as in the message. What JSON does not have is written as messages show it.

        >>> InvalidValueError("Binding.port", "a port", 0).to_dict()["attributes"]
        {'field': 'Binding.port', 'expected': 'a port', 'received': 0, 'hint': ''}
        """
        return {"version": FORM_VERSION, **_described(self)}


@public
@attrs.define(slots=False, eq=False)
class RecordedError(ExchangeImapError):
    """An error as :meth:`StepFailure.from_dict` and :meth:`Outcome.from_dict` read it: it is never raised.

    ``type_name`` is the name of its class, ``message`` its text, and ``attributes`` are its attributes as JSON has
    them. Its ``__cause__`` is the error that it was raised from, and ``to_dict`` returns what was read.

    >>> step = Step(StartService(name=("MSExchangeIMAP4",)), "It is stopped.")
    >>> failure = StepFailure(step, TransportError("connection lost", sent=False), Effect.NOT_APPLIED)
    >>> error = StepFailure.from_dict(failure.to_dict()).error
    >>> assert isinstance(error, RecordedError)
    >>> error.type_name, error.attributes["sent"], str(error)
    ('TransportError', False, 'connection lost.')
    """

    type_name: str
    message: str
    attributes: Mapping[str, Json]

    def __str__(self) -> str:
        return "\n".join(map(legible, self.message.split("\n")))


_DEEPEST: Final = 12
"""How many values within each other are written."""
_LARGE: Final = 2**63
"""From here on a number is written as text, like those that JSON does not have."""


def _described(error: BaseException) -> dict[str, Json]:
    """Return what JSON can hold of an error and of its causes."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and not any(cause is each for each in chain):
        chain.append(cause)
        cause = cause.__cause__
    described: dict[str, Json] = {}
    for each in reversed(chain):
        described = {**_facts(each), "cause": described or None}
    return described


def _facts(error: BaseException) -> dict[str, Json]:
    if isinstance(error, RecordedError):
        return {"type": error.type_name, "message": error.message, "attributes": dict(error.attributes)}
    cls: type = type(error)
    names = [field.name for field in attrs.fields(cls)] if attrs.has(cls) else []
    message = str(error) if isinstance(error, ExchangeImapError) else legible(str(error))
    attributes: dict[str, Json] = {name: _plain(getattr(error, name), _DEEPEST) for name in names}
    return {"type": cls.__name__, "message": message, "attributes": attributes}


def _plain(value: object, deepest: int) -> Json:
    """Return a value as JSON has it, or its text."""
    if isinstance(value, ExchangeImapError):
        return _described(value)
    if isinstance(value, tuple | list) and deepest:
        return [_plain(item, deepest - 1) for item in value]
    if hasattr(value, "to_dict"):
        return cast("Json", value.to_dict())
    if _is_json(value):
        return cast("Json", value)
    return value.total_seconds() if isinstance(value, timedelta) else shown(value)


def _is_json(value: object) -> bool:
    return value is None or isinstance(value, bool | str) or (isinstance(value, int | float) and abs(value) < _LARGE)


def sentences(*parts: str) -> str:
    """Join the parts that are not empty into sentences, in one line that is safe to print."""
    lines = (legible(part) for part in parts if part)
    return " ".join(line if line.endswith((".", "?", "!")) else f"{line}." for line in lines)


@public
@attrs.define(slots=False, eq=False)
class InvalidValueError(ExchangeImapError, ValueError):
    """A value was refused before anything was sent.

    ``field`` is the parameter or attribute, ``expected`` says what it takes, ``received`` is the refused value, and
    ``hint`` says what to do next.

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
class CommandSyntaxError(InvalidValueError, InText):
    """A text is not a valid command; the error has the place of the mistake.

    ``source`` is the whole text, in which asterisks replace what may be a password, and ``span`` is the wrong part of
    it. ``line`` and ``column`` count from 1, and ``caret`` shows the line with that part underlined. ``rule`` is a
    stable id of the mistake, such as ``unknown-parameter`` or ``evaluation``: test this, since messages may change.

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
        """Mask in ``received`` what is masked in ``source``, and drop a hint that repeats it."""
        written = self.source[self.span.start : self.span.end]
        received = self.received
        if _MASKED in written and isinstance(received, str) and received not in written:
            self.received = written
            self.hint = "" if any(word in self.hint for word in _WORD.findall(received)) else self.hint

    def __str__(self) -> str:
        return point_out(self.source, self.span, super().__str__())


def command_text(command: object) -> str:
    return legible(str(command), _LONGEST_COMMAND)


@public
@attrs.define(slots=False, eq=False)
class UnexpectedReplyError(ExchangeImapError):
    """The server's answer lacks something, or is not of the documented form.

    ``path`` names the place, such as ``ImapSettings.SSLBindings[1]``. A null where the type allows none is an error
    and not "unset": Exchange sends nulls when the serialization payload could not be read. It is never replaced by a
    default.

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
    """Add the outcome to an exception of another library, as the attribute ``outcome`` and as a note.

    Both are written to the ``__dict__`` of the exception, because its class may refuse to set attributes, and then
    ``add_note`` fails as well.
    """
    attributes = vars(error)
    attributes["outcome"] = outcome
    attributes.setdefault("__notes__", []).append(str(outcome))
