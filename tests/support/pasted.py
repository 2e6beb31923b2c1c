"""What a notebook has after ``from exchange_imap import *``: the names that a pasted repr is made of."""

from __future__ import annotations

from typing import Any

import exchange_imap as xi

__all__ = ["public_names"]


def public_names() -> dict[str, Any]:  # Any: whatever the package has
    """Return the public names with what they name; ``vars`` has only those that have been used."""
    return {name: getattr(xi, name) for name in xi.__all__}
