"""Check a script: read as much of it as possible, and apply every rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from .._cmdlets.imap_settings import ImapSettings
from .._cmdlets.registry import cmdlets
from .._entry import entry
from .._errors import InvalidValueError
from .._model.codecs.passwords import password_names, password_spans
from .._model.declaration import parameters
from .._model.specs import Endpoint
from .._model.variables import VariableValue
from .._powershell.masking import cover, mask_secrets
from .._powershell.parser import require_readable
from .._rules.every import RULES
from .._rules.found import Found
from .._rules.registry import Rule
from .._rules.script import Script, Target
from .._span import Span
from .finding import ScriptFinding, refused
from .known import Known, follow
from .placed import place
from .recovery import Recovered, recover

__all__ = ["check_script"]


@entry
def check_script(
    text: str,
    *,
    settings: ImapSettings | None = None,
    target: Target | None = None,
    endpoint: Endpoint | None = None,
    variables: Mapping[str, VariableValue] | None = None,
) -> tuple[ScriptFinding, ...]:
    """Say what is wrong or risky in a script, in the order of the text; nothing is sent.

    Every statement is checked, also those after one that cannot be read.

    ``target`` is where the script is going to run. In the Management Shell on the server (``"shell"``, the default)
    variables, sub-expressions and statements run: a note says that they were not checked. A remote endpoint
    (``"endpoint"``), which this library and every other remote client uses, has no language and refuses them.
    ``endpoint`` says that only this endpoint is available, and implies that target.

    ``settings`` are those of the server that the script is for: with them, edits and certificate names are compared
    with the present values, and a setting that does not change is not reported. ``variables`` has the value
    of each ``$name`` in the text. Raises :class:`InvalidValueError` for arguments that cannot be used.

    >>> for finding in check_script('''
    ... Set-ImapSettings -LoginType $type -Bannner Welcome
    ... Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:TLS"
    ... '''):
    ...     print(finding.line, finding.rule, finding.severity.value)
    2 evaluation note
    2 unknown-parameter error
    3 port-and-method warning
    """
    known = {} if variables is None else variables
    require_readable(text, known)
    where = _target(target, endpoint)
    masked = mask_secrets(text)
    recovered = recover(text, known, masked)
    source = _masked(masked, recovered)
    placed, errors = place(recovered, source)
    servers = follow(placed, settings)
    edits = tuple(chain.from_iterable(server.edits for server in servers))
    script = Script(commands=placed, edits=edits, target=where, endpoint=endpoint, source=source)
    findings = [refused(error, source, where) for error in (*recovered.refused, *errors)]
    findings += [*_found(script, servers, source)]
    return tuple(sorted((each for each in findings if each), key=lambda finding: finding.span))


def _target(target: Target | None, endpoint: Endpoint | None) -> Target:
    """Return where the script is going to run; with only one endpoint there is no shell."""
    if target not in {None, "shell", "endpoint"}:
        raise InvalidValueError("target", '"shell" or "endpoint"', target)
    if endpoint and target == "shell":
        hint = "Leave endpoint out: the shell on the server has the commands of both."
        raise InvalidValueError("target", '"endpoint" beside endpoint', target, hint)
    return target or ("endpoint" if endpoint else "shell")


def _found(script: Script, servers: Iterable[Known], source: str) -> Iterator[ScriptFinding]:
    """Yield what the rules find in the commands and in the settings of each server."""
    for rule in RULES.values():
        severity = rule.severity_at(script.target)
        if severity is None:
            continue
        for found in _placed(rule, script, servers):
            yield ScriptFinding(
                rule=rule.id,
                severity=severity,
                reason=found.reason,
                right=found.right,
                evidence=found.evidence,
                source=source,
                span=found.at,
            )


def _placed(rule: Rule, script: Script, servers: Iterable[Known]) -> Iterator[Found[Span]]:
    """Yield what a rule finds, with its place in the text."""
    if rule.script:
        yield from rule.script(script)
    if rule.settings:
        for server in servers:
            for found in rule.settings(server.resulting):
                span = server.written[found.at].span_of(found.at)
                yield Found(found.reason, found.right, span, found.evidence)


def _masked(text: str, recovered: Recovered) -> str:
    """Mask the passwords of the commands that could be read, also behind an abbreviated name."""
    commands = chain.from_iterable(statement.commands for statement in recovered.statements)
    specs = chain.from_iterable(parameters(cls).values() for cls in cmdlets().values())
    names = tuple(dict.fromkeys(password_names(specs)))
    return cover(text, chain.from_iterable(password_spans(command, names) for command in commands))
