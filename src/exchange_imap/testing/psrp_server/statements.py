"""Run a pipeline's statements one after another by PowerShell's rules for what an error ends.

Source of the rules: PowerShell 7.6 behind a PSRP session, which the tests in tests/testing/psrp_server compare.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol

import attrs

from ..._model.specs import Endpoint
from ..._powershell.command import Pipeline
from ..._powershell.record import Record
from ..._transports.errors import ErrorRecord
from ..._transports.transport import Reply
from ..refusals import NOT_CONVERTED, pipeline_not_modelled
from .error_records import NO_LANGUAGE, is_found_first
from .values import COMMON, read_command

__all__ = ["Failure", "Statement", "Streams", "read_statements", "run_statements"]


class Action(enum.IntEnum):
    """What to do about an error or a warning: PowerShell's ActionPreference."""

    SILENTLYCONTINUE = 0
    STOP = 1
    CONTINUE = 2
    INQUIRE = 3
    IGNORE = 4
    SUSPEND = 5
    BREAK = 6

    @classmethod
    def read(cls, value: object) -> Action | None:
        """Read a number or an unambiguous beginning of a word; ``None`` for what is neither."""
        if isinstance(value, int):
            return cls(value) if value in set(cls) else None
        word = str(value).upper()
        found = [each for each in cls if each.name.startswith(word)]
        return found[0] if len(found) == 1 else None


_QUIET: Final = {Action.SILENTLYCONTINUE, Action.IGNORE}


@attrs.frozen
class Statement:
    """One statement, and the ErrorAction and WarningAction of its last command."""

    pipeline: Pipeline
    on_error: Action | None
    on_warning: Action | None
    script: str | None = None
    """The script text in it, which an endpoint without language refuses."""

    @property
    def command(self) -> str:
        """The name of its first command."""
        return self.pipeline.commands[0].name

    @property
    def refusal(self) -> ErrorRecord | None:
        """The error for script text, or for an invalid ErrorAction or WarningAction; ``None`` if all are valid."""
        if self.script is not None:
            return attrs.evolve(NO_LANGUAGE, target=self.script)
        wrong = "ErrorAction" if self.on_error is None else "WarningAction" if self.on_warning is None else ""
        if not wrong:
            return None
        message = f"Cannot bind parameter '{wrong}'. Cannot convert it to type {Action.__name__}Preference."
        error_id = f"{NOT_CONVERTED[Endpoint.WINDOWS]},{self.command}"
        return ErrorRecord(message=message, category="InvalidArgument", fully_qualified_error_id=error_id)


def read_statements(
    shell: Any,  # Any: psrpcore's PowerShell
    *,
    has_language: bool,
    takes_statements: bool = True,
) -> list[Statement] | ErrorRecord:
    """Return the statements of a pipeline, or why there are none.

    Without language script text is refused when its statement has its turn. Where several statements are not taken,
    they are refused as script text is. The fake has no language at all, and does not model what passes through a pipe.
    """
    groups = _grouped(shell.commands)
    if len(groups) > 1 and not takes_statements:
        return NO_LANGUAGE
    script = next((command.command_text for command in shell.commands if command.is_script), None)
    if (script is not None and has_language) or not shell.no_input:
        return pipeline_not_modelled(script or "what the client puts into the pipe").record
    return [_statement(group) for group in groups]


def _grouped(commands: Iterable[Any]) -> list[list[Any]]:  # Any: psrpcore's Command
    """Split the commands where a statement ends."""
    groups: list[list[Any]] = [[]]
    for command in commands:
        groups[-1].append(command)
        if command.end_of_statement:
            groups.append([])
    return [group for group in groups if group]


def _statement(commands: Sequence[Any]) -> Statement:  # Any: psrpcore's Command
    given = {(name or "").lower(): value for name, value in commands[-1].parameters}
    common = {COMMON.get(name, name): value for name, value in given.items()}
    return Statement(
        Pipeline(tuple(map(read_command, commands))),
        Action.read(common.get("erroraction", Action.CONTINUE)),
        Action.read(common.get("warningaction", Action.CONTINUE)),
        next((command.command_text for command in commands if command.is_script), None),
    )


class Streams(Protocol):
    """Takes the output of a pipeline."""

    def output(self, records: Sequence[Record]) -> None:
        """Put out objects."""
        ...

    def warn(self, text: str) -> None:
        """Put out a warning."""
        ...

    def complain(self, error: ErrorRecord, command: str, *, suppressed: bool) -> None:
        """Put out an error that ends nothing; one that is ``suppressed`` would have ended a single statement."""
        ...


@attrs.frozen
class Failure:
    """The error that ended a pipeline, and its command."""

    error: ErrorRecord
    command: str


def run_statements(
    statements: Sequence[Statement], run: Callable[[Statement], Reply | None], streams: Streams
) -> Failure | None:
    """Run the statements in order; return the error that ended them, if one did.

    An error that is found before its statement runs ends the pipeline. In the first of several statements it does
    not, whatever its ErrorAction. An error that a running command writes ends the pipeline where
    ErrorAction is Stop. ``run`` returns ``None`` when the pipeline has to stop.
    """
    for number, statement in enumerate(statements):
        reply = _refused(statement) or run(statement)
        if reply is None:
            return None
        streams.output(reply.records)
        if statement.on_warning not in _QUIET:
            for warning in reply.warnings:
                streams.warn(warning)
        failure = _report(statement, reply.errors, streams, passed_over=number == 0 and len(statements) > 1)
        if failure is not None:
            return failure
    return None


def _refused(statement: Statement) -> Reply | None:
    return Reply(errors=(statement.refusal,)) if statement.refusal else None


def _report(
    statement: Statement, errors: Iterable[ErrorRecord], streams: Streams, *, passed_over: bool
) -> Failure | None:
    """Put out the errors; return the one that ends the pipeline."""
    for error in errors:
        first = is_found_first(error)
        if (first and not passed_over) or (not first and statement.on_error is Action.STOP):
            return Failure(error, statement.command)
        if first or statement.on_error not in _QUIET:
            streams.complain(error, statement.command, suppressed=first)
    return None
