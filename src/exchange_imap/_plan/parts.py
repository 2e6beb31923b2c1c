"""The parts of which a server's state and a desired state consist, and the module of the resource of each.

A part is a field of :class:`ServerState` and of :class:`DesiredState`. It has the name of its resource's module in
``resources``, which is loaded when the part is first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

import attrs

__all__ = ["PART", "keys_of", "resource_module", "sorted_keys"]

PART: Final = {"exchange_imap": "part"}
"""The metadata of a field that is the part of a resource."""


def keys_of(cls: type) -> tuple[str, ...]:
    """Return the names of the fields that are parts, in the order in which a plan changes them."""
    return tuple(field.name for field in attrs.fields(cls) if field.metadata == PART)


def resource_module(key: str) -> Any:  # Any: a module, of which the caller knows the type
    """Load the module of a resource."""
    return import_module(_name(key))


def sorted_keys(cls: type) -> list[str]:
    """Return the names of the parts, first those of the resources that are loaded: a search then loads no more."""
    return sorted(keys_of(cls), key=lambda key: _name(key) not in sys.modules)


def _name(key: str) -> str:
    return f"{__package__}.resources.{key}"
