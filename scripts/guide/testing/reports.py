"""pytest plugins that count skipped tests as failures and report durations."""

from collections import defaultdict
from pathlib import Path

import pytest

from guide.machine import progress
from guide.testing import selection, shards


class NoSkips:
    """Fail the run if a test is skipped, because a skipped test checks nothing."""

    def __init__(self) -> None:
        # A dictionary, because this process and its workers report the same skipped modules.
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
    """Print the durations of a run, and store those of each group with --store-durations."""

    def __init__(self, file: Path = shards.DURATIONS) -> None:
        self.file = file
        # Keyed by test file.
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
        # A test that only a worker has collected counts as a separate group.
        self.groups[self.group_of_test.get(report.nodeid, report.nodeid)] += report.duration

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
    ) -> None:
        rows = {**progress.spent, **self.seconds}
        if rows:
            terminalreporter.section("durations by kind of task and test file")
        for name, seconds in sorted(rows.items(), key=lambda item: -item[1]):
            terminalreporter.write_line(f"{seconds:7.1f} s  {name}")
        if config.option.store_durations:
            if exitstatus == pytest.ExitCode.OK:
                shards.write_durations(self.groups, self.file)
            else:
                terminalreporter.write_line("durations not stored: the run failed", red=True)
