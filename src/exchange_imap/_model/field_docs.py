"""What a field means, as its class's source says it below the field: read when somebody asks, such as ``help()``."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise
from typing import Any

__all__ = ["FieldDocs"]


class FieldDocs(dict[str, str | None]):
    """The docstrings of a class's slots; as ``__slots__`` of the class it is where ``help()`` looks for them.

    ``facts`` adds to each what the declaration knows, such as the range. Without the source (a frozen program) the
    facts alone are there. A field without a meaning of its own has that of a field of another class, if
    ``borrow`` said which.
    """

    def __init__(self, names: Iterable[str], cls: type, facts: Callable[[str], str]) -> None:
        super().__init__(dict.fromkeys(names))
        self._module = cls.__module__
        self._qualname = cls.__qualname__
        self._facts = facts
        self._read: dict[str, str] | None = None
        self._lent: dict[str, Callable[[], str]] = {}

    def __getitem__(self, name: str) -> str | None:
        meaning = self.meaning(name) or self._lent.get(name, str)()
        said = "\n\n".join(filter(None, (meaning, self._facts(name))))
        return said or None

    def meaning(self, name: str) -> str:
        """Return what the source says below a field; an empty text if nothing."""
        if self._read is None:
            self._read = self._meanings()
        return self._read.get(name, "")

    def borrow(self, name: str, other: FieldDocs, other_name: str) -> None:
        """Say whose meaning a field has if it has none of its own."""
        self._lent[name] = partial(other.meaning, other_name)

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
