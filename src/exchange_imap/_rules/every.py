"""Every rule by its id. A plan needs only the rules about its own parts, and does not load this module."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import (
    certificates_rules,
    components_rules,
    connectors_rules,
    mailboxes_rules,
    procedure_rules,
    reading_rules,
    session_rules,
    settings_rules,
    text_rules,
)
from .registry import DECLARED, Rule

__all__ = ["RULES"]

_MODULES: Final = (
    procedure_rules,
    reading_rules,
    session_rules,
    certificates_rules,
    settings_rules,
    connectors_rules,
    mailboxes_rules,
    components_rules,
    text_rules,
)


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        rule.id: rule
        for module in _MODULES
        for rule in DECLARED.values()
        # In this order, whichever module was loaded first. The rules without a function are all in one module.
        if (rule.module or reading_rules.__name__) == module.__name__
    }
)
"""Every rule, in the order of the modules and of declaration."""
