"""Whatever goes wrong at whichever request of changing settings of a server whose services run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from exchange_imap.testing import WireFaultKind
from support.fault_matrix import matrix


@pytest.mark.parametrize("kind", WireFaultKind, ids=[kind.name for kind in WireFaultKind])
def test_a_fault_at_any_request_ends_in_success_or_in_the_truth(
    kind: WireFaultKind, record_property: Callable[[str, object], None]
) -> None:
    """The outcome is what the server did; nothing was done twice; no shell stays; the next run reaches the end."""
    record_property("figure", matrix("restart", kind))
