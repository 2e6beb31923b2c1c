"""The type of what JSON can hold, as ``json.loads`` returns it."""

from __future__ import annotations

__all__ = ["Json"]

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
