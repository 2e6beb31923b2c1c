"""Run a pipe here: one command for each object that the command before it answered.

What each cmdlet takes from a pipe is documented: the server's own object by value, a service, a connector, a mailbox.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import attrs

from .._errors import ExchangeImapError, InvalidValueError, UnexpectedReplyError, attach, command_text
from .._model.cmdlet import Cmdlet
from .._model.codecs.values import plain
from .._model.declaration import parameters
from .._patterns import pattern
from .._powershell.command import Pipeline
from .._powershell.record import Record
from .._public import public
from .._transports.errors import CommandError, interrupted
from .._transports.transport import Reply, joined
from .._values import UNSET
from .format_list import FormatList
from .registry import find_snapshot

__all__ = ["PipelineError", "run_pipeline", "with_object"]

_WILDCARD: Final = pattern(r"[*?\[]")
"""What makes a pattern of a name. PowerShell hands the service itself through a pipe; here its name is sent."""


@public
@attrs.define(slots=False, eq=False)
class PipelineError(ExchangeImapError):
    """A pipe did not run for every object: ``done`` are the commands that ran, ``failed`` those that did not, with why.

    ``not_tried`` are those behind one whose answer did not come. One that the server refused does not stop the others.

    >>> from exchange_imap.testing import FakeExchange
    >>> fake = FakeExchange(servers=["MBX01"])
    >>> fake.server("MBX01").set_service("MSExchangeIMAP4", startup_type=StartupType.Disabled)
    >>> server = ImapServer("MBX01", windows=fake.transport())
    >>> try:
    ...     server.run(parse("Get-Service MSExchangeIMAP4,MSExchangeIMAP4BE | Start-Service"))
    ... except PipelineError as error:
    ...     print(len(error.done), [str(command) for command, _ in error.failed])
    1 ['Start-Service MSExchangeImap4']
    """

    pipeline: str
    done: tuple[Cmdlet, ...]
    failed: tuple[tuple[Cmdlet, ExchangeImapError], ...]
    not_tried: tuple[Cmdlet, ...] = ()

    def __str__(self) -> str:
        number = len(self.done) + len(self.failed) + len(self.not_tried)
        lines = [f"{command_text(self.pipeline)}: ran for {len(self.done)} of {number} objects"]
        lines += [f"  done       {command_text(command)}" for command in self.done]
        lines += [f"  failed     {error}" for _, error in self.failed]
        lines += [f"  not tried  {command_text(command)}" for command in self.not_tried]
        return "\n".join(lines)


def with_object(cmdlet: Cmdlet, record: Record) -> Cmdlet:
    """Return the command as it is run for one object of a pipe: with its parameter that takes the object.

    Raises :class:`InvalidValueError` for an object that the cmdlet does not take, and where the parameter has a value
    already; :class:`UnexpectedReplyError` for an object without its name.
    """
    field, accepted = cmdlet.accepts
    names = {name.removeprefix("Deserialized.") for name in record.type_names}
    found = next((cls for cls in map(find_snapshot, accepted) if names & set(cls.types)), None)
    if found is None:
        taken = " or ".join(accepted) or "no object"
        hint = "Run the second command for each object yourself."
        raise InvalidValueError(f"{cmdlet.cmdlet} behind a pipe", taken, next(iter(record.type_names), None), hint)
    if getattr(cmdlet, field) is not UNSET:
        parameter = parameters(type(cmdlet))[field].name
        raise InvalidValueError(cmdlet.cmdlet, "the object of the pipe", f"-{parameter} besides", "Leave one out.")
    path = f"{found.__name__}.{found.named_by}"
    value = plain(record.get(found.named_by))
    if not isinstance(value, str) or not value:
        raise UnexpectedReplyError(path, "the name of the object", value)
    if found.name_is_pattern and _WILDCARD.search(value):
        hint = "A name with * ? or [ means several services: name the service itself."
        raise UnexpectedReplyError(path, "the name of one service", value, hint)
    change: dict[str, Any] = {field: value}  # Any: the field takes a name, or names
    return attrs.evolve(cmdlet, **change)


def run_pipeline(pipeline: Pipeline, run: Callable[[Cmdlet], Reply]) -> Reply:
    """Run a pipe command by command: the first, then the next once for each object, and Format-List here."""
    *steps, last = _cmdlets(pipeline)
    shown = last if isinstance(last, FormatList) else FormatList()
    first, *others = steps if isinstance(last, FormatList) else [*steps, last]
    reply = run(first)
    for step in others:
        reply = _for_each(pipeline, step, reply, run)
    return attrs.evolve(reply, records=tuple(map(shown.select, reply.records)))


def _cmdlets(pipeline: Pipeline) -> tuple[Cmdlet, ...]:
    """Return the typed cmdlets of a pipe that can be run: one at least before Format-List, which comes last."""
    found = tuple(element for element in pipeline.elements if isinstance(element, Cmdlet))
    if len(found) < len(pipeline.elements):
        hint = "Write run(parse(...)), or send the pipeline by the transport itself."
        raise InvalidValueError("run", "typed cmdlets", str(pipeline), hint)
    if not found or any(isinstance(each, FormatList) for each in (found[0], *found[:-1])):
        raise InvalidValueError("run", "a cmdlet first, and Format-List last", str(pipeline))
    return found


def _for_each(pipeline: Pipeline, step: Cmdlet, reply: Reply, run: Callable[[Cmdlet], Reply]) -> Reply:
    """Run the command for every object; one that the server refuses does not keep it from the others."""
    commands = [with_object(step, record) for record in reply.records]
    done: list[Cmdlet] = []
    failed: list[tuple[Cmdlet, ExchangeImapError]] = []
    answers = [attrs.evolve(reply, records=())]
    for number, command in enumerate(commands, 1):
        try:
            answers.append(run(command))
        except CommandError as error:
            failed.append((command, error))
        except ExchangeImapError as error:
            failed.append((command, error))
            raise PipelineError(str(pipeline), tuple(done), tuple(failed), tuple(commands[number:])) from error
        except BaseException as error:
            failed.append((command, interrupted(str(command), error)))
            attach(error, PipelineError(str(pipeline), tuple(done), tuple(failed), tuple(commands[number:])))
            raise
        else:
            done.append(command)
    if failed:
        raise PipelineError(str(pipeline), tuple(done), tuple(failed)) from failed[0][1]
    return joined(answers)
