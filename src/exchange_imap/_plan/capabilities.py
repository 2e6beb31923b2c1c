"""Which cmdlets and parameters an account may run on a server, and what is known of that from where."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from .._cmdlets.registry import find_class
from .._entry import entry
from .._errors import InvalidValueError
from .._json import Json
from .._model.cmdlet import Cmdlet
from .._model.declaration import own_parameters
from .._public import public
from .._shown import glance, legible, short, shown
from .._values.given import nearest
from .._viewed import Viewed
from .identity import same_server

if TYPE_CHECKING:
    from .plan import Plan

__all__ = ["Allowed", "Capabilities", "Capability", "marked"]


@public
class Allowed(enum.Enum):
    """Whether an account may run something.

    >>> Allowed.UNKNOWN.value
    'unknown'
    """

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@entry
@attrs.frozen(kw_only=True)
class Capability(Viewed):
    """One cmdlet, whether the account may run it, and the ``evidence`` for that.

    ``parameters`` are those that it certainly has. Only where they are ``complete`` it has no others.

    >>> Capability(command="Set-ImapSettings", allowed=Allowed.NO, evidence="Get-Command does not find it").parameters
    ()
    """

    command: str
    allowed: Allowed
    evidence: str = attrs.field(repr=shown)
    parameters: tuple[str, ...] = attrs.field(default=(), repr=shown)
    complete: bool = False

    def allows(self, parameter: str) -> Allowed:
        """Say whether the account may use a parameter, by its full name in any case."""
        if self.allowed is not Allowed.YES:
            return self.allowed
        if parameter.lower() in {name.lower() for name in self.parameters}:
            return Allowed.YES
        return Allowed.NO if self.complete else Allowed.UNKNOWN

    @property
    def lacking(self) -> tuple[str, ...]:
        """The parameters that this library has for the cmdlet and the account certainly has not."""
        cls = find_class(self.command)
        names = [spec.name for spec in own_parameters(cls).values()] if cls else []
        return tuple(name for name in names if self.complete and self.allows(name) is Allowed.NO)

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold."""
        return {
            "command": self.command,
            "allowed": self.allowed.value,
            "evidence": self.evidence,
            "parameters": [*self.parameters],
            "complete": self.complete,
        }

    def __str__(self) -> str:
        without = f", without -{', -'.join(self.lacking)}" if self.lacking else ""
        return legible(f"{self.command}: {self.allowed.value}{without} ({self.evidence})")


@entry
@attrs.frozen(kw_only=True, repr=False)
class Capabilities(Viewed):
    """The cmdlets of this library at one server, each with whether the account may run it.

    ``YES`` says that the session has the cmdlet and the parameters. It may refuse all the same what a management role's
    write scope or the Windows service manager does not allow: no server tells that before.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"], hidden=["Set-ImapSettings -Banner"]).transport()
    >>> found = ImapServer("MBX01", exchange=transport, windows=transport).capabilities()
    >>> found.allows("Set-ImapSettings -LoginType"), found.allows(SetImapSettings(banner="Welcome."))
    (<Allowed.YES: 'yes'>, <Allowed.NO: 'no'>)
    >>> found.missing(SetImapSettings(banner="Welcome.", login_type=LoginType.SecureLogin))
    ('Set-ImapSettings -Banner',)
    """

    server: str
    commands: tuple[Capability, ...]

    def __repr__(self) -> str:
        counts = {each.value: sum(command.allowed is each for command in self.commands) for each in Allowed}
        return glance(self, [f"server={short(self.server)}", *(f"{word}={count}" for word, count in counts.items())])

    def of(self, cmdlet: str) -> Capability:
        """Return what is known of a cmdlet, by its name in any case. Raises :class:`InvalidValueError` for another."""
        for each in self.commands:
            if each.command.lower() == cmdlet.lower():
                return each
        close = nearest(cmdlet, (each.command for each in self.commands))
        expected = "the name of a cmdlet of this library"
        raise InvalidValueError("Capabilities", expected, cmdlet, f"Did you mean {close}?" if close else "")

    def allows(self, command: Cmdlet | str) -> Allowed:
        """Say whether the account may run a cmdlet with the parameters that it states.

        A text is a cmdlet's name, or that with names of parameters, such as ``Set-ImapSettings -Banner``. A cmdlet that
        the library was not delivered with is ``UNKNOWN``.
        """
        found = {allowed for _, allowed in self._parts(command)}
        return next((each for each in (Allowed.NO, Allowed.UNKNOWN) if each in found), Allowed.YES)

    def missing(self, command: Cmdlet | str) -> tuple[str, ...]:
        """Return what the account certainly lacks for a command: the cmdlet, or each parameter behind its name."""
        return tuple(part for part, allowed in self._parts(command) if allowed is Allowed.NO)

    def _parts(self, command: Cmdlet | str) -> Iterator[tuple[str, Allowed]]:
        """Yield the cmdlet, and if the account has it each parameter behind its name."""
        name, *stated = (command.split() or [""]) if isinstance(command, str) else _words(command)
        if not isinstance(command, str) and name not in {each.command for each in self.commands}:
            yield name, Allowed.UNKNOWN
            return
        found = self.of(name)
        yield found.command, found.allowed
        if found.allowed is Allowed.YES:
            yield from ((f"{found.command} {word}", found.allows(word.removeprefix("-"))) for word in stated)

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold."""
        return {"server": self.server, "commands": [each.to_dict() for each in self.commands]}

    def __str__(self) -> str:
        return "\n".join((legible(self.server), *(f"  {each}" for each in self.commands)))


def _words(command: Cmdlet) -> list[str]:
    return [command.cmdlet, *(f"-{parameter.name}" for parameter in command.to_command().parameters)]


def marked(plan: Plan, capabilities: Capabilities) -> Plan:
    """Return the plan in which each step says what the account certainly lacks for it.

    Raises :class:`InvalidValueError` for the capabilities at another server: its role may be another one.
    """
    if not same_server(plan.server, capabilities.server):
        raise InvalidValueError("plan(capabilities)", f"those at {plan.server}", f"those at {capabilities.server}")
    steps = (attrs.evolve(step, refused=capabilities.missing(step.command)) for step in plan.steps)
    return attrs.evolve(plan, steps=tuple(steps))
