"""The registry of rules: each rule is declared once, next to its function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs

from .._finding import Finding, Severity
from .._model.specs import Endpoint
from .._span import Span
from .._values import UNSET, Unset
from .found import Found
from .resulting import Resulting
from .situation import Situation

if TYPE_CHECKING:
    from .._probe.result import ProbeFailure, ProbeResult, Stage
    from .script import Script, Target
    from .verified import Verified

    ScriptCheck = Callable[[Script], Iterator[Found[Span]]]
    ProbeCheck = Callable[[ProbeResult], Iterator[Found[str]]]
    VerifiedCheck = Callable[[Verified], Iterator[Found[str]]]

__all__ = [
    "DECLARED",
    "Example",
    "PlanExample",
    "ProbeExample",
    "Rule",
    "StateExample",
    "probe_rule",
    "reading_rule",
    "review_rule",
    "script_rule",
    "seen_too",
    "settings_rule",
    "state_rule",
]

C = TypeVar("C")
SettingsCheck = Callable[[Resulting], Iterator[Found[str]]]
StateCheck = Callable[[Situation], Iterator[Found[str]]]


@attrs.frozen
class Example:
    """A script that breaks a rule, and the part of it that the finding points at."""

    script: str
    at: str
    target: Target | None = None
    endpoint: Endpoint | None = None
    new_server: bool = False
    """Whether the settings of a new server are given to the check."""


@attrs.frozen(kw_only=True)
class PlanExample:
    """A desired state that breaks a rule on a new server, and one that does not, by the lines that state them.

    ``{0}`` in a line is the thumbprint of the first of the certificates, and so on.
    """

    desired: tuple[str, ...]
    instead: tuple[str, ...]
    before: tuple[str, ...] = ()
    """Commands that the server ran before."""
    certificates: tuple[Mapping[str, Any], ...] = ({"names": ("mail.contoso.com",)},)  # Any: of several types
    """What to make the server's certificates of: the arguments of ``NewCertificate``."""


@attrs.frozen(kw_only=True)
class StateExample:
    """Commands after which a review of a new server finds something, and others after which it does not.

    ``{0}`` in a line is the thumbprint of the first of the certificates, and so on. A mailbox that a line names is part
    of the state.
    """

    broken: tuple[str, ...]
    right: tuple[str, ...] = ()
    certificates: tuple[Mapping[str, Any], ...] = ()  # Any: as above


@attrs.frozen(kw_only=True)
class ProbeExample:
    """What a probe saw that breaks a rule: how it differs from what is seen of a server that works."""

    setting: str = "mail.contoso.com:993:SSL"
    failed: tuple[Stage, ProbeFailure] | None = None
    """The stage that failed, and how; the stages before it did not."""
    said: str = ""
    """What that stage saw."""
    facts: Mapping[str, Any] = attrs.field(factory=dict)  # Any: of several types
    """Fields of the result."""
    certificate: Mapping[str, Any] = attrs.field(factory=dict)  # Any: as above
    """Fields of the server's own certificate."""


@attrs.frozen
class Rule:
    """What is looked for, how severe it is, and the functions that look for it.

    A rule about reading has no function: the reader of commands finds it. A rule about settings is applied to scripts,
    to plans and to the settings that a server has. A rule about a state is applied to plans and to the state that a
    server has, and to scripts if it has a function for them as well. A rule of reviews is applied only to the state
    that a server has. A rule about probes is applied to what a client sees, and may be one of the others as well.
    """

    id: str
    severity: Severity
    about: str
    source: str
    """Where the rule comes from: a page of Microsoft's, a standard, or an observation."""
    example: Example | None
    in_shell: Severity | None
    """How severe it is in the Management Shell; ``None`` if it is right there."""
    settings: SettingsCheck | None = None
    script: ScriptCheck | None = None
    state: StateCheck | None = None
    plan: PlanExample | None = None
    review: StateExample | None = None
    """An example of a rule of reviews; ``None`` for the others."""
    probe: ProbeCheck | None = None
    seen: ProbeExample | None = None
    verified: VerifiedCheck | None = None
    """Looks for what comes of verifying a server, beside reviewing and probing it."""

    @property
    def module(self) -> str:
        """The module that declares it; empty for a rule without a function."""
        check = self.state or self.script or self.settings or self.probe or self.verified
        return check.__module__ if check else ""

    def finding(self, found: Found[str]) -> Finding:
        """Return what a function of this rule yielded, as a user sees it."""
        return Finding(
            rule=self.id,
            severity=self.severity,
            reason=found.reason,
            right=found.right,
            evidence=found.evidence,
            fix=found.fix,
            source=self.source,
        )

    def in_state(self, situation: Situation) -> Iterator[Found[str]]:
        """Yield what it finds in the state of a server; nothing where what it is about is not known."""
        if self.state and (situation.changed is None or not self.review):
            yield from self.state(situation)
        if self.settings and (resulting := situation.resulting):
            yield from self.settings(resulting)

    def severity_at(self, target: Target) -> Severity | None:
        """Return how severe it is at the target; ``None`` if it is right there."""
        return self.in_shell if target == "shell" else self.severity


DECLARED: Final[dict[str, Rule]] = {}
"""The rules of the modules that are loaded, by id, in the order of declaration."""


def reading_rule(  # noqa: PLR0913 - what a rule consists of
    id: str,  # noqa: A002 - what it is called everywhere
    about: str,
    example: Example,
    *,
    source: str,
    severity: Severity = Severity.ERROR,
    in_shell: Severity | Unset | None = UNSET,
) -> None:
    """Declare what the reader of commands finds; ``in_shell`` is its severity there, if it is another."""
    there = severity if isinstance(in_shell, Unset) else in_shell
    _declare(Rule(id, severity, about, source, example, there))


def script_rule(  # noqa: PLR0913 - as above
    id: str,  # noqa: A002 - as above
    severity: Severity,
    about: str,
    example: Example,
    *,
    source: str,
    in_shell: Severity | Unset | None = UNSET,
) -> Callable[[ScriptCheck], ScriptCheck]:
    """Declare a function to be a rule about the commands of a script."""
    there = severity if isinstance(in_shell, Unset) else in_shell
    return _declaring(lambda check: Rule(id, severity, about, source, example, there, script=check))


def settings_rule(
    id: str,  # noqa: A002 - as above
    severity: Severity,
    about: str,
    example: Example,
    *,
    source: str,
) -> Callable[[SettingsCheck], SettingsCheck]:
    """Declare a function to be a rule about the settings of a server."""
    return _declaring(lambda check: Rule(id, severity, about, source, example, severity, settings=check))


def state_rule(  # noqa: PLR0913 - as above
    id: str,  # noqa: A002 - as above
    severity: Severity,
    about: str,
    plan: PlanExample,
    *,
    source: str,
    script: ScriptCheck | None = None,
    example: Example | None = None,
) -> Callable[[StateCheck], StateCheck]:
    """Declare a function to be a rule about the state of a server.

    ``script`` looks for the same in the commands of a script, and ``example`` is one.
    """
    return _declaring(
        lambda check: Rule(id, severity, about, source, example, severity, script=script, state=check, plan=plan)
    )


def review_rule(
    id: str,  # noqa: A002 - as above
    severity: Severity,
    about: str,
    example: StateExample,
    *,
    source: str,
) -> Callable[[StateCheck], StateCheck]:
    """Declare a function to be a rule about the state that a server has, which no plan is asked about.

    Whoever plans to stop a service knows that clients cannot connect then.
    """
    return _declaring(lambda check: Rule(id, severity, about, source, None, severity, state=check, review=example))


def probe_rule(
    id: str,  # noqa: A002 - as above
    severity: Severity,
    about: str,
    seen: ProbeExample,
    *,
    source: str,
) -> Callable[[ProbeCheck], ProbeCheck]:
    """Declare a function to be a rule about what a probe saw. A finding is at the stage whose failure it explains."""
    return _declaring(lambda check: Rule(id, severity, about, source, None, severity, probe=check, seen=seen))


def verified_rule(
    id: str,  # noqa: A002 - as above
    severity: Severity,
    about: str,
    *,
    source: str,
) -> Callable[[VerifiedCheck], VerifiedCheck]:
    """Declare a function to be a rule about what comes of verifying a server."""
    return _declaring(lambda check: Rule(id, severity, about, source, None, severity, verified=check))


def seen_too(check: StateCheck | SettingsCheck, seen: ProbeExample) -> Callable[[ProbeCheck], ProbeCheck]:
    """Declare a function to look for the same as a rule does, in what a probe saw; ``check`` is the rule's function."""
    rule = next(each for each in DECLARED.values() if check in {each.state, each.settings})
    return _declaring(lambda probe: attrs.evolve(rule, probe=probe, seen=seen))


def _declaring(rule_of: Callable[[C], Rule]) -> Callable[[C], C]:
    """Return a decorator that declares the rule made of a function."""

    def declare(check: C) -> C:
        _declare(rule_of(check))
        return check

    return declare


def _declare(rule: Rule) -> None:
    # The same rule may come again, when the import of its module was interrupted and is repeated.
    if DECLARED.get(rule.id, rule).about != rule.about:
        raise ValueError(f"two rules are called {rule.id}")
    DECLARED[rule.id] = rule
