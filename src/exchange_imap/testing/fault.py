"""Arranged failures: of the n-th command, before or after its effect."""

from __future__ import annotations

import fnmatch
from typing import Final

import attrs

from .._cmdlets.registry import cmdlets, find_class
from .._entry import entry
from .._errors import InvalidValueError
from .._powershell.command import Command, Pipeline
from .._powershell.syntax import Boolean
from .._transports.errors import ErrorRecord, TransportError

__all__ = ["Fault", "is_write"]

_WHAT_IF: Final = {"wi", *("whatif"[:length] for length in range(2, 7))}
"""The names that mean ``-WhatIf``: its alias and its unambiguous beginnings."""


def is_write(command: Command) -> bool:
    """Say whether the command changes a server, and does not only report what it would change."""
    cmdlet = find_class(command.name)
    return (
        cmdlet is not None
        and cmdlet.changes
        and not any(
            parameter.name.lower() in _WHAT_IF and parameter.value != Boolean(value=False)
            for parameter in command.parameters
        )
    )


def _check_nth(_fault: Fault, _attribute: object, nth: int) -> None:
    if nth < 1:
        raise InvalidValueError("Fault.nth", "a number counted from 1", nth)


def _check_of(_fault: Fault, _attribute: object, of: str) -> None:
    if not any(_fits(name, of) for name in cmdlets()):
        raise InvalidValueError("Fault.of", "a cmdlet's name, in which * stands for any text", of)


def _fits(name: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(name.lower(), pattern.lower())


@entry
@attrs.frozen(kw_only=True)
class Fault:
    """Make the ``nth`` command fail, counted from the call of :meth:`FakeExchange.fail`.

    ``of`` says which commands count: a cmdlet's name, in which ``*`` stands for any text; with ``writes`` only those
    that change a server, and with ``server`` only those that name it, or name none in a session on it. ``effect``
    says whether the command is carried out all the same. ``error`` is what the client gets: an :class:`ErrorRecord`,
    as from a server that refuses, or a class of :class:`TransportError`, raised with ``sent`` as a client would know
    it: ``None`` if it cannot know. A fault strikes once.

    >>> from exchange_imap.testing import FakeExchange, Fault
    >>> fake = FakeExchange(servers=["MBX01"])
    >>> fake.fail(Fault(of="Set-ImapSettings", effect=True))  # the answer is lost on its way back
    >>> fake.transport().run(Pipeline((SetImapSettings(max_connections_per_user=32),)))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    exchange_imap.TransportError: FakeExchange was told to fail. The command was: ...
    >>> fake.server("MBX01").stored.max_connections_per_user
    32
    """

    nth: int = attrs.field(default=1, validator=_check_nth)
    of: str = attrs.field(default="*", validator=_check_of)
    writes: bool = False
    server: str | None = None
    effect: bool = False
    error: ErrorRecord | type[TransportError] = TransportError
    sent: bool | None = None

    def __attrs_post_init__(self) -> None:
        if self.effect and self.sent is False:
            raise InvalidValueError("Fault.sent", "True or None", self.sent, "What took effect had been sent.")

    def counts(self, pipeline: Pipeline) -> bool:
        """Say whether the command is one that is counted, if it is about the fault's server."""
        commands = (each for each in pipeline.commands if is_write(each) or not self.writes)
        return any(_fits(command.name, self.of) for command in commands)

    def strike(self, command: str) -> ErrorRecord:
        """Return the server's error, or raise the transport's."""
        if isinstance(self.error, ErrorRecord):
            return self.error
        raise self.error("FakeExchange was told to fail", command, sent=self.sent)
