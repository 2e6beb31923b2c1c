"""Whatever goes wrong at whichever request of a procedure, what is said of each step is what the server did."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support.fault_matrix import FAULTS, PROCEDURES, SAMPLED, SETUPS, Setup, check, sample

Record = Callable[[str, object], None]


@pytest.mark.law
@pytest.mark.parametrize(("procedure", "fault"), SAMPLED)
def test_a_fault_at_some_requests_ends_in_success_or_in_the_truth(
    procedure: str, fault: str, record_property: Record
) -> None:
    """What is said of each step is what the server did; nothing is done twice; the next run reaches the end."""
    record_property("scenarios", sample(procedure, fault))


# Without encryption everything is in clear.
CASES = [
    pytest.param(setup, fault, id=f"{setup}-{fault}")
    for setup in SETUPS
    for fault in FAULTS
    if setup.ntlm or not FAULTS[fault].in_clear
]


@pytest.mark.fault_matrix
@pytest.mark.parametrize(("setup", "fault"), CASES)
@pytest.mark.parametrize("procedure", PROCEDURES)
def test_a_fault_at_any_request_ends_in_success_or_in_the_truth(
    procedure: str, setup: Setup, fault: str, record_property: Record
) -> None:
    """The same at every request, with either login, bare and with retry."""
    record_property("scenarios", check(procedure, setup, FAULTS[fault]))
