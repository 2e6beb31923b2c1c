"""The type of what Format-List prints: it is all that most modules need of Format-List."""

from __future__ import annotations

from datetime import timedelta

__all__ = ["FormatValue"]

FormatValue = None | bool | int | str | timedelta | tuple[str, ...]
