"""The properties of an object that show a problem, as a finding has them."""

from __future__ import annotations

from .._finding import Evidence
from .._json import Json
from .._model.declaration import properties
from .._model.snapshot import Snapshot
from .._powershell.renderer import render_literal
from .._powershell.syntax import Boolean, Null, String

__all__ = ["evidence_of", "written"]


def evidence_of(found: Snapshot, *fields: str) -> Evidence:
    """Return these properties by name, with their values as a command has them."""
    specs = properties(type(found))
    return tuple((specs[field].name, written(specs[field].to_json(getattr(found, field)))) for field in fields)


def written(value: Json) -> str:
    """Write a value as a command has it."""
    if isinstance(value, list):
        return ",".join(map(written, value)) or "@()"
    if isinstance(value, bool):
        return render_literal(Boolean(value))
    return render_literal(Null() if value is None else String(str(value)))
