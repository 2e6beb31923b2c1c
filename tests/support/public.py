"""Every public name with what it stands for: ``vars(exchange_imap)`` has only those that were used already."""

from __future__ import annotations

from typing import Any, Final

import exchange_imap as xi

__all__ = ["NAMES"]

NAMES: Final[dict[str, Any]] = {name: getattr(xi, name) for name in dir(xi)}  # Any: of every type
