"""Which function of the fake carries out which cmdlet: each registers itself, and is loaded when it is first needed.

The functions for the cmdlets of ``_cmdlets.services`` are in ``commands.services``, and so on. Nothing lists them, and
a program that only reads settings loads nothing about certificates.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeVar

from .._cmdlets.registry import find_class
from .._model.cmdlet import Cmdlet
from .._names import MODULES

if TYPE_CHECKING:
    from .execution import Execution

__all__ = ["Handler", "carries_out", "find_handled", "handler_of"]

C = TypeVar("C", bound=Cmdlet)

Handler = Callable[[Any, "Execution"], None]  # Any: the cmdlet that it is registered for
_HANDLERS: Final[dict[type[Cmdlet], Handler]] = {}


def carries_out(cmdlet: type[C]) -> Callable[[Callable[[C, Execution], None]], Callable[[C, Execution], None]]:
    """Register the function that carries out a cmdlet."""

    def register(handler: Callable[[C, Execution], None]) -> Callable[[C, Execution], None]:
        _HANDLERS[cmdlet] = handler
        return handler

    return register


def handler_of(cmdlet: type[Cmdlet]) -> Handler | None:
    """Return the function that carries out a cmdlet; ``None`` for a cmdlet that the fake does not know."""
    if cmdlet not in _HANDLERS and cmdlet.__name__ in MODULES:
        _load(MODULES[cmdlet.__name__])
    return _HANDLERS.get(cmdlet)


def _load(module: str) -> None:
    """Load the functions for the cmdlets of a module, where there are any."""
    name = f"{__package__}.commands.{module.rpartition('.')[2]}"
    try:
        import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise


def find_handled(name: str) -> type[Cmdlet] | None:
    """Return the class of a cmdlet that the fake knows, by its name in any case; an alias is none."""
    found = find_class(name)
    if found is None or found.cmdlet.lower() != name.lower() or handler_of(found) is None:
        return None
    return found
