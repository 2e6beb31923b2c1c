"""Every rule by its id. A plan needs only the rules about settings, and does not load this module."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import procedure_rules, reading_rules, session_rules, settings_rules, text_rules
from .registry import DECLARED, Rule

__all__ = ["RULES"]

_MODULES: Final = (procedure_rules, reading_rules, session_rules, settings_rules, text_rules)


def _module(rule: Rule) -> str:
    """Return the module that declares a rule; the rules without a function are all in one module."""
    check = rule.script or rule.settings
    return check.__module__ if check else reading_rules.__name__


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        rule.id: rule
        for module in _MODULES
        for rule in DECLARED.values()
        if _module(rule) == module.__name__  # in this order, whichever module was loaded first
    }
)
"""Every rule, in the order of the modules and of declaration."""
