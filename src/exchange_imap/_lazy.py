"""Import the names of a package when they are first used (PEP 562)."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["import_on_first_use"]


def import_on_first_use(package: str, modules: "Mapping[str, str]") -> "Callable[[str], object]":
    """Return the ``__getattr__`` of a package: it imports a name from its module and keeps it in the package.

    ``modules`` says which module defines each name, relative to ``exchange_imap``. For a submodule, name and module are
    the same.
    """

    def import_name(name: str) -> object:
        from importlib import import_module  # noqa: PLC0415 - only needed here

        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(f"{__package__}.{modules[name]}")
        value = module if name == modules[name] else getattr(module, name)
        setattr(sys.modules[package], name, value)
        return value

    return import_name
