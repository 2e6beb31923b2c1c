"""Name public classes and functions as they are used: ``exchange_imap.Binding``, whatever module defines it.

Tracebacks, reprs, ``help`` and pickles then have the public name, and the modules below it may move.
"""

from __future__ import annotations

import builtins
import enum
import functools
import inspect
import re
from typing import Any, Final, ForwardRef, TypeVar

from ._names import MODULES, TESTING_MODULES

__all__ = ["as_written", "public"]

T = TypeVar("T")
_PACKAGE: Final = "exchange_imap"
_TABLES: Final = {_PACKAGE: MODULES, f"{_PACKAGE}.testing": TESTING_MODULES}
_NAME: Final = re.compile(r"[^\W\d]\w*")
_BUILTINS: Final = frozenset(dir(builtins))


def public(target: T) -> T:
    """Give a class or function the module that its users import it from; leave one that is not public as it is."""
    named: Any = target  # Any: a class or function, whose names are written
    module = named.__module__
    for package, modules in _TABLES.items():
        if f"{_PACKAGE}.{modules.get(named.__qualname__)}" == module:
            if isinstance(target, type):
                _locate_annotations(named, module)
                _list_public_names(named)
            named.__module__ = package
    return target


def _list_public_names(cls: type) -> None:
    """Let ``dir()`` of an object list what is there to use, as ``dir()`` of the package does.

    A protocol stays as it is: whatever it has, other classes are asked for.
    """
    if not getattr(cls, "_is_protocol", False):
        changed: Any = cls  # Any: to type checkers a method cannot be assigned
        changed.__dir__ = _public_names


def _public_names(self: object) -> list[str]:
    """List the names without an underscore before them."""
    listed = enum.Enum.__dir__(self) if isinstance(self, enum.Enum) else object.__dir__(self)
    return [name for name in listed if not name.startswith("_")]


def _locate_annotations(cls: type, module: str) -> None:
    """Say of each annotation where its names are defined.

    ``typing.get_type_hints`` and ``attrs.resolve_types`` look the names of a text up in the module that
    ``__module__`` names. A ``ForwardRef`` with a module is looked up there instead.
    """
    written = inspect.get_annotations(cls)
    cls.__annotations__ = {name: _located(annotation, module) for name, annotation in written.items()}


@functools.cache  # the fields of a class have few different annotations
def _located(annotation: object, module: str) -> object:
    if not isinstance(annotation, str) or _BUILTINS.issuperset(_NAME.findall(annotation)):
        return annotation
    return ForwardRef(annotation, is_argument=False, module=module, is_class=True)


def as_written(annotation: object) -> str:
    """Return the text of an annotation, whether it is still a text or not.

    >>> as_written("str | None"), as_written(str), as_written(ForwardRef("Binding"))
    ('str | None', 'str', 'Binding')
    """
    if isinstance(annotation, ForwardRef):
        return annotation.__forward_arg__
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
