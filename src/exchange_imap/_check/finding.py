"""What is found in a script: which rule, how bad, why, what would be right, and where."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final

import attrs

from .._errors import CommandSyntaxError, Span, draw_caret, line_and_column, point_out, sentences
from .._shown import shown

__all__ = ["RULES", "Rule", "ScriptFinding", "Severity"]


class Severity(enum.Enum):
    """How bad a finding is.

    >>> [finding.severity for finding in check_script("Get-ImapSettings -Servr MBX01")]
    [<Severity.ERROR: 'error'>]
    """

    ERROR = "error"
    """It cannot run: PowerShell, the server, or the Exchange endpoint, which evaluates nothing, refuses it."""
    WARNING = "warning"
    """It runs, and what comes of it is probably not what is wanted."""
    NOTE = "note"
    """It runs under a condition, or nothing is known of it."""


@attrs.frozen
class Rule:
    """A rule's severity, and one sentence of what it looks for."""

    severity: Severity
    about: str


def _rules(severity: Severity, **abouts: str) -> dict[str, Rule]:
    return {name.replace("_", "-"): Rule(severity, about) for name, about in abouts.items()}


RULES: Final[Mapping[str, Rule]] = {
    **_rules(
        Severity.ERROR,
        syntax="A text that PowerShell itself refuses.",
        unclosed="A quote, bracket or comment that is never closed: what follows it cannot be told.",
        prompt="A prompt that was copied with the command.",
        placeholder="A placeholder, such as `<ServerName>`, that nobody has replaced.",
        script_block="Braces, as old pages put them around values: they make a script block.",
        evaluation="A variable, sub-expression, member or splat: an endpoint without language evaluates nothing.",
        statement="A statement of the language, such as foreach: an endpoint without language runs commands only.",
        redirection="Output into a file, which an endpoint without language refuses.",
        unknown_command="A command that looks like one that is known here, and is none.",
        unknown_parameter="A parameter that the cmdlet does not have.",
        ambiguous_parameter="A beginning that several parameters have.",
        repeated_parameter="A parameter that stands there twice.",
        missing_value="A parameter without its value.",
        stray_value="A value that belongs to no parameter.",
        invalid_value="A value that the parameter cannot have.",
        incomplete_command="A command that lacks what it cannot run without, or has what excludes each other.",
        mixed_pipeline="A pipe between commands of two endpoints: no session has both.",
        other_endpoint="A command that the endpoint in question does not have.",
        format_before_the_end="A pipe behind Format-List, which puts out lines for the eye and no objects.",
        wildcard_identity="A wildcard where one object has to be named.",
    ),
    **_rules(
        Severity.WARNING,
        port_and_method="A connection that clients are told, on a port that is not bound for its method.",
        unencrypted_connection="A connection that clients are told to make without encryption.",
        clear_text_login="A login type that lets passwords travel without encryption.",
        certificate_host="A certificate's name that is no host of the connections that clients are told.",
        no_loopback="Bindings without 127.0.0.1: Exchange's own probe fails and takes IMAP4 offline.",
        edit_without_effect="An edit that adds what is there, or removes what is not.",
        restart_incomplete="Settings that take effect only when both services restart, and one or none does.",
        nobody_confirms="A question that nobody can answer over remoting.",
        iis_left_stopped="IIS is stopped, and not started again: the Exchange endpoint itself runs in it.",
    ),
    **_rules(
        Severity.NOTE,
        two_endpoints="A script whose commands are behind two endpoints.",
        credential_prompt="A credential that somebody has to type in.",
        server_unstated="A command without -Server in a script that names servers.",
        common_parameter="A parameter such as -Verbose, which decides nothing on the server.",
        unmodelled_command="A command that is not modelled here: nothing of it is checked.",
    ),
}
"""Every rule by its id."""


@attrs.frozen(kw_only=True)
class ScriptFinding:
    """One thing that is wrong or risky in a script, and what would be right.

    ``rule`` is a stable id: match on it, the texts get better. ``span`` is the stretch of ``source`` that it is
    about, in which passwords are masked; ``line`` and ``column`` count from 1.

    >>> (finding,) = check_script("Set-ImapSettings -ProtocolLoggingEnabled $true")
    >>> finding.rule, finding.column, finding.right
    ('unknown-parameter', 18, 'Write -ProtocolLogEnabled.')
    """

    rule: str
    reason: str
    right: str
    source: str = attrs.field(repr=False)
    span: Span

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return RULES[self.rule].severity

    @property
    def line(self) -> int:
        """The line on which it starts, counted from 1."""
        return line_and_column(self.source, self.span)[0]

    @property
    def column(self) -> int:
        """The place within that line, in characters counted from 1."""
        return line_and_column(self.source, self.span)[1]

    @property
    def caret(self) -> str:
        """The line and, below it, carets under the stretch."""
        return draw_caret(self.source, self.span)

    def __str__(self) -> str:
        said = sentences(f"{self.severity.value} [{self.rule}] {self.reason}", self.right)
        return point_out(self.source, self.span, said)


def refused(error: CommandSyntaxError, source: str) -> ScriptFinding:
    """Make a finding of what a reader refused; its place counts in ``source``."""
    if error.rule == "unmodelled-command":
        written = source[error.span.start : error.span.end]
        reason, right = f"{written} is not modelled here: nothing of it is checked", error.hint
        return ScriptFinding(rule=error.rule, reason=reason, right=right, source=source, span=error.span)
    received = source[error.span.start : error.span.end] if error.field == "command line" else error.received
    expected = f"expected {error.expected}, received {shown(received)}"
    return ScriptFinding(
        rule=error.rule,
        reason=expected if error.field == "command line" else f"{error.field}: {expected}",
        right=error.hint or f"Write {error.expected}",
        source=source,
        span=error.span,
    )
