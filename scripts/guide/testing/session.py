"""Running the tests with an engine, and saying at the end where the time went."""

import os
import tempfile
from collections import defaultdict
from dataclasses import asdict

import pytest

from guide import ROOT
from guide.ci import gitlab
from guide.ci import network as ci_network
from guide.engine.docker import Engine
from guide.engine.filesystem import TEMPORARY
from guide.engine.running import running_engine
from guide.engine.uv import images
from guide.machine import progress

# Where the engine is in the configuration of the process that started it.
ENGINE = pytest.StashKey[Engine]()


def engine_for(config: pytest.Config) -> Engine:
    """The engine of this run, in the process that started it and in those that run its tests."""
    given = getattr(config, "workerinput", None)
    return config.stash[ENGINE] if given is None else Engine(**given["engine"])


class Session:
    """The pytest plugin that brings the engine, a header, a summary, and no mercy for skips."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self.skipped: list[str] = []
        # What came before the tests, and then each file of tests.
        self.seconds: dict[str, float] = defaultdict(float, progress.spent)

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[ENGINE] = self.engine

    def pytest_configure_node(self, node) -> None:
        node.workerinput["engine"] = asdict(self.engine)

    def pytest_report_header(self) -> list[str]:
        return [f"engine: {self.engine}"]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid.partition("::")[0]] += report.duration
        # A skipped test proves nothing, so it counts as a failed one.
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skipped.append(report.nodeid)

    def pytest_terminal_summary(self, terminalreporter) -> None:
        terminalreporter.section("where the time went")
        for what, seconds in sorted(self.seconds.items(), key=lambda item: -item[1]):
            terminalreporter.write_line(f"{seconds:7.1f} s  {what}")
        for test in self.skipped:
            terminalreporter.write_line(f"skipped, which counts as failed: {test}", red=True)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def processes() -> int:
    """How many tests run at a time: one more than there are cores, because they often wait."""
    return (os.cpu_count() or 1) + 1


def run(arguments: list[str]) -> int:
    """Run pytest in the guide's folder; returns its exit code.

    `arguments` are pytest's; without a path among them, everything is run.
    """
    os.chdir(ROOT)
    # A tenth of what Docker's programs do is to collect garbage, and here nobody times them.
    os.environ.setdefault("GOGC", "400")
    with (
        running_engine(timed=False) as running,
        tempfile.TemporaryDirectory(prefix=TEMPORARY, dir=running.temporary) as folder,
    ):
        # Whatever a process that is killed leaves lying goes with this folder.
        os.environ["TMPDIR"] = folder
        running.buildx = running.plugin("buildx")
        # Before the header, which says whether they were pulled.
        running.need_images([*images(), *ci_network.IMAGES, *gitlab.images()])
        options = ["--basetemp", f"{folder}/pytest", "--durations", "10"]
        options += ["--numprocesses", str(processes()), "--dist", "loadgroup"]
        return int(pytest.main([*options, *arguments], [Session(running)]))
