"""``net stop w3svc /y``, ``net start w3svc``: the restart of IIS after which Outlook on the web shows new settings."""

from __future__ import annotations

from typing import ClassVar, Final, NoReturn, Self

from .._entry import entry
from .._errors import CommandSyntaxError, InvalidValueError
from .._model.cmdlet import Cmdlet
from .._model.codecs.literals import BOOLEAN
from .._model.codecs.values import Bounds, TextCodec
from .._model.declaration import fields, parameter, parameters
from .._model.specs import Endpoint
from .._powershell.command import Command, Form, Parameter
from .._powershell.syntax import CommandSyntax, Element, String

__all__ = ["NetStart", "NetStop", "find_program"]

_PROGRAM: Final = "net"
_PROGRAMS: Final = {_PROGRAM, f"{_PROGRAM}.exe"}
_SERVICE = TextCodec(
    expected="w3svc",
    bounds=Bounds("w3svc, the World Wide Web Publishing Service", lambda name: name.lower() == "w3svc"),
)
_HINT = "Other services are started and stopped with Start-Service and Stop-Service."


@entry
@fields
class _Net(Cmdlet):
    """One call of net.exe, a program and no cmdlet: what stands behind it has no names and is sent without any."""

    endpoint: ClassVar[Endpoint] = Endpoint.WINDOWS
    changes: ClassVar[bool] = True
    options: ClassVar[frozenset[str]] = frozenset()
    """What may stand behind the service."""

    service: str = parameter("service", _SERVICE, position=0, unnamed=True, default="w3svc")
    """The service of IIS; no other is stopped or started in this way."""

    def __attrs_post_init__(self) -> None:
        specs = parameters(type(self))
        common = [specs[field].name for field in self._fields() if specs[field].common]
        if common:
            hint = "net is a program, and has none of them: leave it out."
            raise InvalidValueError(self.cmdlet, "no common parameter", f"-{common[0]}", hint)

    @classmethod
    def from_syntax(cls, command: CommandSyntax, source: str, *, piped: bool = False) -> Self:  # noqa: ARG003 - no pipe
        """Read the words behind ``net``; ``source`` is the text that errors point into."""
        words = [_word(element, source) for element in command.elements]
        stated = [word for word in words if word not in cls.options]
        if command.name.lower() not in _PROGRAMS or stated != [cls._verb(), "w3svc"]:
            _refuse(" ".join([cls.cmdlet, "w3svc", *sorted(cls.options)[:1]]), command, source)
        options = {"yes": True} if len(stated) < len(words) else {}
        return cls.build({"service": _spelled(command), **options})

    @classmethod
    def _verb(cls) -> str:
        return cls.cmdlet.partition(" ")[2]

    def to_command(self) -> Command:
        """Return the program and its arguments, which have no names."""
        words = (self._verb(), self.service, *(("/y",) if getattr(self, "yes", False) else ()))  # only stopping asks
        return Command(_PROGRAM, tuple(Parameter("", String(word), Form.POSITIONAL) for word in words))


@fields
class NetStop(_Net):
    """``net stop w3svc /y``: stop IIS, and with ``yes`` whatever depends on it without asking.

    Source: Microsoft's page on IMAP4, which restarts IIS by it, and ``net help stop``.

    >>> str(NetStop(yes=True)), NetStop.endpoint
    ('net stop w3svc /y', <Endpoint.WINDOWS: 'Microsoft.PowerShell'>)
    """

    cmdlet: ClassVar[str] = "net stop"
    options: ClassVar[frozenset[str]] = frozenset({"/y", "/yes"})

    yes: bool = parameter("yes", BOOLEAN, default=False)
    """``/y``: do not ask about services that depend on it. Over remoting there is no way to answer."""


@fields
class NetStart(_Net):
    """``net start w3svc``: start IIS again.

    Source: Microsoft's page on IMAP4, which restarts IIS by it.

    >>> parse("net start W3SVC")
    NetStart(service='W3SVC')
    """

    cmdlet: ClassVar[str] = "net start"


def find_program(command: CommandSyntax, source: str) -> type[NetStart | NetStop]:
    """Return the class for a call of net.exe. Raises :class:`CommandSyntaxError` for what it is not modelled for."""
    verb = _word(command.elements[0], source) if command.elements else ""
    expected = f"{NetStop.cmdlet} w3svc /y, or {NetStart.cmdlet} w3svc"
    return NetStop if verb == "stop" else NetStart if verb == "start" else _refuse(expected, command, source)


def _refuse(expected: str, command: CommandSyntax, source: str) -> NoReturn:
    received = source[command.span.start : command.span.end]
    raise CommandSyntaxError("command", expected, received, _HINT, source, command.span, "unmodelled-command")


def _word(element: Element, source: str) -> str:
    """Return an argument as the program compares it; a parameter is nothing that it takes."""
    if isinstance(element, String):
        return element.value.lower()
    return source[element.span.start : element.span.end].lower()


def _spelled(command: CommandSyntax) -> str:
    """Return the service as it was written."""
    words = [element.value for element in command.elements if isinstance(element, String)]
    return next(word for word in words if word.lower() == "w3svc")
