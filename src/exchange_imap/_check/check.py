"""Check a script: read what can be read of it, and let every rule look at it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain
from typing import Final

from .._cmdlet.declaration import Endpoint, ParameterSpec, parameters
from .._cmdlet.secret_kind import PasswordKind, mask_passwords
from .._cmdlets.imap_settings import ImapSettings
from .._cmdlets.reading import CMDLETS
from .._powershell.characters import DASHES
from .._powershell.parser import VariableValue, require_readable
from .finding import ScriptFinding, refused
from .placed import place
from .procedure_rules import procedure_rules
from .recovery import Recovered, recover
from .script import Found, Script, ScriptRule
from .session_rules import session_rules
from .settings_rules import settings_rules

__all__ = ["check_script"]

_RULES: Final[tuple[ScriptRule, ...]] = (session_rules, settings_rules, procedure_rules)
_PASSWORD: Final = re.compile(rf"[{DASHES}]pass\w*[:\s]+(\S.*)", re.IGNORECASE)


def check_script(
    text: str,
    *,
    settings: ImapSettings | None = None,
    endpoint: Endpoint | None = None,
    variables: Mapping[str, VariableValue] | None = None,
) -> tuple[ScriptFinding, ...]:
    """Say what is wrong or risky in a script, in the order of the text; nothing is sent.

    Every statement is looked at, also behind one that cannot be read. ``settings`` are those of the server that the
    script is for: with them, edits and certificate names are held against what is there. ``endpoint`` is the only
    one that there is to run the script at. ``variables`` are the values of ``$name``s in the text.

    >>> for finding in check_script('''
    ... Set-ImapSettings -ExternalConnectionSettings {mail.contoso.com:993:SSL} -Bannner Welcome
    ... Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:TLS"
    ... '''):
    ...     print(finding.line, finding.rule, finding.severity.value)
    2 script-block error
    2 unknown-parameter error
    3 port-and-method warning
    """
    known = variables or {}
    require_readable(text, known)
    recovered = recover(text, known)
    source = _masked(text, recovered)
    placed, errors = place(recovered.statements, source)
    script = Script(placed, settings, endpoint)
    findings = [refused(error, source) for error in (*recovered.refused, *errors)]
    findings += [_shown(found, source) for found in chain.from_iterable(rule(script) for rule in _RULES)]
    return tuple(sorted(findings, key=lambda finding: finding.span))


def _shown(found: Found, source: str) -> ScriptFinding:
    return ScriptFinding(rule=found.rule, reason=found.reason, right=found.right, source=source, span=found.span)


def _masked(text: str, recovered: Recovered) -> str:
    """Return the text with stars for passwords; behind what cannot be read, for all that looks like one."""
    for command in chain.from_iterable(statement.pipeline.commands for statement in recovered.statements):
        text = mask_passwords(command, text, _passwords())
    if recovered.refused:
        text = _PASSWORD.sub(lambda found: found[0].replace(found[1], "*" * len(found[1])), text)
    return text


def _passwords() -> dict[str, ParameterSpec]:
    specs = chain.from_iterable(parameters(cls).values() for cls in CMDLETS.values())
    return {spec.name: spec for spec in specs if isinstance(spec.kind, PasswordKind)}
