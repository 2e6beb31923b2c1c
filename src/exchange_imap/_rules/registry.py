"""The registry of rules: a rule is declared once, next to its function, and is known wherever rules are used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import attrs

from .._model.specs import Endpoint
from .._span import Span
from .._values import UNSET, Unset
from .finding import Found, Severity
from .resulting import Resulting
from .script import Script, Target

__all__ = ["DECLARED", "Example", "Rule", "reading_rule", "script_rule", "settings_rule"]

SettingsCheck = Callable[[Resulting], Iterator[Found[str]]]
ScriptCheck = Callable[[Script], Iterator[Found[Span]]]


@attrs.frozen
class Example:
    """A script that breaks a rule, and the part of it that the finding points at."""

    script: str
    at: str
    target: Target | None = None
    endpoint: Endpoint | None = None
    new_server: bool = False
    """Whether it is checked against the settings of a new server."""


@attrs.frozen(kw_only=True)
class Rule:
    """What is looked for, how bad it is, and the function that looks for it.

    A rule about reading has no function: the reader of commands finds it. A rule about settings is used on scripts,
    on plans and on the state of a server alike.
    """

    id: str
    severity: Severity
    about: str
    example: Example
    in_shell: Severity | None
    """How bad it is in the Management Shell; ``None`` where there is nothing to say of it there."""
    settings: SettingsCheck | None = None
    script: ScriptCheck | None = None

    def severity_at(self, target: Target) -> Severity | None:
        """Return how bad it is at the target; ``None`` where it is right there."""
        return self.in_shell if target == "shell" else self.severity


DECLARED: Final[dict[str, Rule]] = {}
"""The rules of the modules that are loaded, by id, in the order of declaration."""


def reading_rule(
    id: str,  # noqa: A002 - what it is called everywhere
    severity: Severity,
    about: str,
    example: Example,
    *,
    in_shell: Severity | Unset | None = UNSET,
) -> None:
    """Declare what the reader of commands finds; ``in_shell`` says how bad it is there, if not the same."""
    there = _in_shell(severity, in_shell)
    _declare(Rule(id=id, severity=severity, about=about, example=example, in_shell=there))


def script_rule(
    id: str,  # noqa: A002 - as above
    severity: Severity,
    about: str,
    example: Example,
    *,
    in_shell: Severity | Unset | None = UNSET,
) -> Callable[[ScriptCheck], ScriptCheck]:
    """Declare a function to be the rule of what the commands of a script do together."""
    there = _in_shell(severity, in_shell)

    def declare(check: ScriptCheck) -> ScriptCheck:
        _declare(Rule(id=id, severity=severity, about=about, example=example, in_shell=there, script=check))
        return check

    return declare


def settings_rule(
    id: str,  # noqa: A002 - as above
    severity: Severity,
    about: str,
    example: Example,
) -> Callable[[SettingsCheck], SettingsCheck]:
    """Declare a function to be the rule of what settings lead to."""

    def declare(check: SettingsCheck) -> SettingsCheck:
        _declare(Rule(id=id, severity=severity, about=about, example=example, in_shell=severity, settings=check))
        return check

    return declare


def _in_shell(severity: Severity, stated: Severity | Unset | None) -> Severity | None:
    """Return how bad it is in the Management Shell: the same, unless that is stated."""
    return severity if isinstance(stated, Unset) else stated


def _declare(rule: Rule) -> None:
    # The same rule may come again, when the import of its module was interrupted and is repeated.
    if DECLARED.get(rule.id, rule).about != rule.about:
        raise ValueError(f"two rules are called {rule.id}")
    DECLARED[rule.id] = rule
