"""The parts of which a server's state and a desired state consist, and the module of the resource of each.

A part is a field of :class:`ServerState` and of :class:`DesiredState`. It has the name of its resource's module in
``resources``, which is loaded when the part is first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

import attrs

__all__ = ["PART", "is_loaded", "keys_of", "resource_module"]

PART: Final = {"exchange_imap": "part"}
"""The metadata of a field that is the part of a resource."""


def keys_of(cls: type) -> tuple[str, ...]:
    """Return the names of the fields that are parts, in the order in which a plan changes them."""
    return tuple(field.name for field in attrs.fields(cls) if field.metadata == PART)


def resource_module(key: str) -> Any:  # Any: a module, of which the caller knows the type
    """Load the module of a resource."""
    return import_module(_name(key))


def is_loaded(key: str) -> bool:
    """Say whether the module of a resource is loaded."""
    return _name(key) in sys.modules


def _name(key: str) -> str:
    return f"{__package__}.resources.{key}"
