"""Every rule by its id. A plan needs only the rules about its own parts, and does not load this module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType, ModuleType
from typing import Final

from . import (
    certificates_rules,
    components_rules,
    connectors_rules,
    limits_rules,
    mailboxes_rules,
    offered_rules,
    procedure_rules,
    reading_rules,
    services_rules,
    session_rules,
    settings_rules,
    text_rules,
    verified_rules,
)
from .probe_findings import PROBE_MODULES
from .registry import DECLARED, Rule

__all__ = ["BY_CAUSE", "OF_VERIFYING", "RULES"]

_SCRIPTS: Final = (procedure_rules, reading_rules, session_rules, text_rules)
# In the order in which a client meets them. Without a service there is no connection, the settings say where it listens
# and by which name its certificate is found, and a mailbox or a connector comes only after that.
_STATES: Final = (
    components_rules,
    services_rules,
    offered_rules,
    settings_rules,
    certificates_rules,
    connectors_rules,
    mailboxes_rules,
    limits_rules,
)


def _of(modules: Iterable[ModuleType]) -> tuple[Rule, ...]:
    """Return the rules of these modules in the order of declaration, whichever module was loaded first."""
    return tuple(
        rule
        for module in modules
        for rule in DECLARED.values()
        # The rules without a function are all in one module.
        if (rule.module or reading_rules.__name__) == module.__name__
    )


BY_CAUSE: Final = _of(_STATES)
"""The rules about a state: what may be the cause comes before what may follow from it."""
OF_VERIFYING: Final = _of((verified_rules,))
"""The rules about what comes of verifying a server, beside reviewing and probing it."""
RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {rule.id: rule for rule in (*_of(_SCRIPTS), *BY_CAUSE, *_of(PROBE_MODULES), *OF_VERIFYING)}
)
"""Every rule, in the order of the modules and of declaration."""
