"""What JSON can hold, as ``json.loads`` returns it, and the version of the form in which this library writes."""

from __future__ import annotations

from typing import Final

__all__ = ["FORM_VERSION", "Json"]

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

FORM_VERSION: Final = 1
"""The version of plans, states, outcomes and errors as JSON has them. Another is not read."""
