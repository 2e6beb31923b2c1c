"""What holds for every test: how hypothesis looks for counter-examples, what is skipped, and what is printed."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

from support import outside

# The same everywhere: a law that holds for a thousand examples here holds for a thousand in CI.
settings.register_profile(
    "laws", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=False
)
settings.load_profile("laws")


def _scenarios(report: pytest.TestReport) -> int:
    return sum(number for name, number in report.user_properties if name == "scenarios" and isinstance(number, int))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose mark ``outside`` names what this machine lacks, before any fixture is made."""
    outside.prepare(item)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests measured (``record_property``), and one line for each reason to skip."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    figures = [text for report in reports for name, text in getattr(report, "user_properties", []) if name == "figure"]
    for figure in sorted(set(figures)):
        terminalreporter.write_line(figure)
    if scenarios := sum(_scenarios(report) for report in terminalreporter.stats.get("passed", ())):
        terminalreporter.write_line(f"fault matrix: {scenarios} scenarios, and what was said of each step was so")
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", ()))
    for reason, number in sorted(reasons.items()):
        terminalreporter.write_line(f"skipped {number}: {reason.removeprefix('Skipped: ')}")
