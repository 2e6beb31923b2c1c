"""What a field means, as its class's source says it below the field: read when somebody asks, such as ``help()``."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

__all__ = ["FieldDocs"]


class FieldDocs(dict[str, str | None]):
    """The docstrings of a class's slots; as ``__slots__`` of the class it is where ``help()`` looks for them.

    ``facts`` adds to each what the declaration knows, such as the range. Without the source (a frozen program) the
    facts alone are there.
    """

    def __init__(self, names: Iterable[str], cls: type, facts: Callable[[str], str]) -> None:
        super().__init__(dict.fromkeys(names))
        self._module = cls.__module__
        self._qualname = cls.__qualname__
        self._facts = facts
        self._read: dict[str, str] | None = None

    def __getitem__(self, name: str) -> str | None:
        if self._read is None:
            self._read = self._meanings()
        said = "\n\n".join(filter(None, (self._read.get(name, ""), self._facts(name))))
        return said or None

    def __reduce__(self) -> Any:  # Any: what pickle takes
        return dict, (dict.fromkeys(self),)

    def _meanings(self) -> dict[str, str]:
        try:
            tree: ast.AST = ast.parse(inspect.getsource(sys.modules[self._module]))
        except (KeyError, OSError, TypeError):
            return {}
        for name in self._qualname.replace("<locals>.", "").split("."):
            kinds = (ast.ClassDef, ast.FunctionDef)
            tree = next((node for node in ast.walk(tree) if isinstance(node, kinds) and node.name == name), tree)
        body = tree.body if isinstance(tree, ast.ClassDef) else []
        pairs = pairwise(body)
        return {
            field.target.id: inspect.cleandoc(doc.value.value)
            for field, doc in pairs
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
            if isinstance(doc, ast.Expr) and isinstance(doc.value, ast.Constant) and isinstance(doc.value.value, str)
        }
