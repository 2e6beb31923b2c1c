"""Find a cmdlet or a snapshot class by its name, and load only the module that declares it.

A class is known as soon as it is declared, by ``@cmdlet`` or ``@snapshot``: here, in the modules beside this one, or in
a program that uses the library.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module

from .._model.cmdlet import REGISTERED, Cmdlet
from .._model.snapshot import Snapshot
from .._model.snapshots import SNAPSHOTS
from .._names import MODULES

__all__ = ["answered_by", "cmdlet_names", "cmdlets", "find_class", "find_snapshot", "snapshots"]

_PACKAGE = __package__.rpartition(".")[0]
_DECLARED = {name.lower(): f"{_PACKAGE}.{module}" for name, module in MODULES.items() if module.startswith("_cmdlets.")}
"""The module of each class here. A cmdlet's class has the cmdlet's name without the dash."""


def find_class(name: str) -> type[Cmdlet] | None:
    """Return the class of a cmdlet by its name or an alias of it, in any case; ``None`` where there is none."""
    word = name.lower()
    known = REGISTERED.get(word)
    module = _DECLARED.get((known.cmdlet.lower() if known else word).replace("-", ""))
    if known and (module is None or module in sys.modules):
        return known
    # Here too if the import of the module was interrupted: it will make the class again.
    _load([module] if module else _DECLARED.values())  # an alias may be anywhere
    return REGISTERED.get(word)


def find_snapshot(name: str) -> type[Snapshot]:
    """Return a snapshot class by its name. Raises :class:`KeyError` where there is none."""
    _load([_DECLARED[name.lower()]] if name.lower() in _DECLARED else [])
    return SNAPSHOTS[name]


def answered_by(cmdlet: type[Cmdlet]) -> type[Snapshot] | None:
    """Return the class of the objects that a cmdlet answers; ``None`` if none is declared to be read by it."""
    return next((cls for cls in SNAPSHOTS.values() if cls.types and cls.types == cmdlet.answers), None)


def cmdlets() -> dict[str, type[Cmdlet]]:
    """Return every cmdlet by its name, in the order of the alphabet."""
    _load(_DECLARED.values())
    return {cls.cmdlet: cls for cls in sorted(set(REGISTERED.values()), key=lambda cls: cls.cmdlet)}


def cmdlet_names() -> dict[str, str]:
    """Return the name of each cmdlet by the name and its aliases in lower case."""
    _load(_DECLARED.values())
    return {word: cls.cmdlet for word, cls in REGISTERED.items()}


def snapshots() -> dict[str, type[Snapshot]]:
    """Return every snapshot class by its name."""
    _load(_DECLARED.values())
    return dict(sorted(SNAPSHOTS.items()))


def _load(modules: Iterable[str]) -> None:
    for module in dict.fromkeys(modules):
        import_module(module)
