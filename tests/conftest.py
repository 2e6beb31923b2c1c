"""What holds for every test: how hypothesis looks for counter-examples, and where figures are printed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# The same everywhere: a law that holds for a thousand examples here holds for a thousand in CI.
settings.register_profile(
    "laws", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=False
)
settings.load_profile("laws")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests measured (``record_property``), whichever process they ran in."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    figures = [text for report in reports for name, text in getattr(report, "user_properties", []) if name == "figure"]
    for figure in sorted(set(figures)):
        terminalreporter.write_line(figure)
