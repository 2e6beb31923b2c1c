"""What the rules find in the state of a server."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from .._finding import Finding
from .registry import DECLARED
from .situation import Situation

__all__ = ["state_findings"]


def state_findings(situation: Situation, modules: Iterable[str]) -> tuple[Finding, ...]:
    """Return what the rules of these modules find, module by module, in the order of declaration.

    The modules, which are named as in this package, are loaded now: nobody pays for rules about what is not there.
    """
    names = [import_module(f"{__package__}.{module}").__name__ for module in modules]
    rules = [rule for name in names for rule in tuple(DECLARED.values()) if rule.module == name]
    return tuple(rule.finding(found) for rule in rules for found in rule.in_state(situation))
