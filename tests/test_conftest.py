"""What holds for every test."""

from __future__ import annotations

import sys

import pytest


@pytest.mark.no_cover
def test_a_test_without_coverage_is_not_traced() -> None:
    """A law that is traced takes up to four times as long, and no report has what it reached."""
    assert sys.gettrace() is None
