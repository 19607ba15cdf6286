"""pytest plugins that report: skipped tests count as failed, and where the time went."""

from collections import defaultdict
from pathlib import Path

import pytest

from guide.machine import progress
from guide.testing import selection, shards


class NoSkips:
    """Fail the run if a test was skipped: a skipped test proves nothing."""

    def __init__(self) -> None:
        # A dictionary, because the workers and this process report the same module.
        self.skipped: dict[str, None] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped[report.nodeid] = None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skipped[report.nodeid] = None

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for test in self.skipped:
            terminalreporter.write_line(f"skipped, which counts as failed: {test}", red=True)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skipped and session.exitstatus in (
            pytest.ExitCode.OK,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


class Durations:
    """Print where the time went, and store the duration of each group if asked to."""

    def __init__(self, file: Path = shards.DURATIONS) -> None:
        self.file = file
        # The work before the tests by kind, and then each file of tests.
        self.seconds: dict[str, float] = defaultdict(float)
        self.groups: dict[str, float] = defaultdict(float)
        self.group_of_test: dict[str, str] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            group = selection.group_of(item)
            # pytest-xdist appends the group to the identifier.
            self.group_of_test |= {item.nodeid: group, f"{item.nodeid}@{group}": group}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid.partition("::")[0]] += report.duration
        # A test that appeared in a worker after this process collected is a group of its own.
        self.groups[self.group_of_test.get(report.nodeid, report.nodeid)] += report.duration

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
    ) -> None:
        rows = {**progress.spent, **self.seconds}
        if rows:
            terminalreporter.section("where the time went")
        for name, seconds in sorted(rows.items(), key=lambda item: -item[1]):
            terminalreporter.write_line(f"{seconds:7.1f} s  {name}")
        if config.option.store_durations:
            if exitstatus == pytest.ExitCode.OK:
                shards.write_durations(self.groups, self.file)
            else:
                terminalreporter.write_line("durations not stored: the run failed", red=True)
