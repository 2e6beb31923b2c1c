"""A process that is killed while it applies a plan, and the next one, which has its audit file or nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support.dying import check, requests_of_all

Record = Callable[[str, object], None]
# Requests from the first to the last, with each of what may follow once at least.
SAMPLE = [(0.3, True, True), (0.5, True, False), (0.6, False, True), (0.75, True, True)]


@pytest.mark.law
@pytest.mark.parametrize(("part", "carried_out", "with_file"), SAMPLE)
def test_a_process_killed_at_some_requests_leaves_the_truth(part: float, carried_out: bool, with_file: bool) -> None:
    """The file says what was being done; nothing is claimed without it; the next process reaches the end."""
    check(round(part * requests_of_all()), carried_out=carried_out, with_file=with_file)


@pytest.mark.fault_matrix
@pytest.mark.parametrize("with_file", [True, False], ids=["with the file", "with nothing"])
@pytest.mark.parametrize("carried_out", [True, False], ids=["carried out", "cut"])
def test_a_process_killed_at_any_request_leaves_the_truth(
    carried_out: bool, with_file: bool, record_property: Record
) -> None:
    """The same at every request."""
    for nth in range(1, requests_of_all() + 1):
        check(nth, carried_out=carried_out, with_file=with_file)
    record_property("scenarios", requests_of_all())
