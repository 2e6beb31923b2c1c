"""What holds for every test: how hypothesis looks for counter-examples, what is skipped, and what is printed."""

from __future__ import annotations

import gc
import pkgutil
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import is_hypothesis_test

import exchange_imap
from support import examples, ids, outside

examples.load()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Load every module: one that a test without coverage loads on first use would count as not covered.

    In a process of pytest-xdist, pytest-cov 7.1 measures twice: from its start, as if it were alone, and from here on
    as one of several. While the second pauses for a test without coverage, the first would go on, for nothing: no
    report has it, and such a test would take up to four times as long.
    """
    cov = session.config.pluginmanager.get_plugin("_cov")
    if cov is not None and cov.cov_controller is not None and hasattr(session.config, "workerinput"):
        cov.cov_controller.pause()
    for module in pkgutil.walk_packages(exchange_imap.__path__, f"{exchange_imap.__name__}."):
        import_module(module.name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark hypothesis's tests as laws, and measure no coverage while a law runs, which would take twice as long.

    A line that only a random example reaches is a line that the next run may miss: it needs a test of its own.
    """
    different = [item.nodeid for item in items if ids.ADDRESS in item.nodeid]
    assert not different, f"these ids differ from process to process; give ids=support.ids.stable: {different}"
    for item in items:
        if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
            item.add_marker("law")
        if item.get_closest_marker("law"):
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """Let garbage collection pass over the thousands of tests and modules, which stay."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with the authority that clients of a test's server trust."""
    from support.certificates import authority  # noqa: PLC0415 - cryptography is loaded for those who use it

    path = tmp_path_factory.mktemp("authority") / "authority.pem"
    path.write_bytes(authority().pem)
    return path


def _scenarios(report: pytest.TestReport) -> int:
    return sum(number for name, number in report.user_properties if name == "scenarios" and isinstance(number, int))


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Note which tests of something outside were not chosen."""
    outside.leave_out(items)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that prints which ones; with pytest-xdist it collects none itself."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left out"] = dict(outside.LEFT_OUT)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # Any: pytest-xdist has no types
    """Take what a process of pytest-xdist told; each of them collects all tests."""
    told = getattr(node, "workeroutput", {}).get("left out", {})  # nothing of one that broke off
    outside.LEFT_OUT.update(Counter(told) - outside.LEFT_OUT)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose mark ``outside`` names what this machine lacks, before any fixture is made."""
    outside.prepare(item)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests measured (``record_property``), one line for each reason to skip, and what was left out."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    figures = [text for report in reports for name, text in getattr(report, "user_properties", []) if name == "figure"]
    for figure in sorted(set(figures)):
        terminalreporter.write_line(figure)
    if scenarios := sum(_scenarios(report) for report in terminalreporter.stats.get("passed", ())):
        terminalreporter.write_line(f"fault matrix: {scenarios} scenarios, and what was said of each step was so")
    if "not outside" in terminalreporter.config.option.markexpr:
        for line in outside.left_out():
            terminalreporter.write_line(line)
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", ()))
    for reason, number in sorted(reasons.items()):
        terminalreporter.write_line(f"skipped {number}: {reason.removeprefix('Skipped: ')}")
