"""Running the tests with an engine, and saying at the end where the time went."""

import tempfile

import pytest

from guide import ROOT, engine, progress
from guide.engine import Engine


# Where a test finds the engine in pytest's configuration.
ENGINE = pytest.StashKey[Engine]()


class Session:
    """The pytest plugin "guide": it has the engine, a header and a summary."""

    def __init__(self, engine: Engine):
        self.engine = engine

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[ENGINE] = self.engine

    def pytest_report_header(self) -> list[str]:
        return [f"engine: {self.engine}"]

    def pytest_terminal_summary(self, terminalreporter) -> None:
        terminalreporter.section("where the time went")
        for kind, seconds in sorted(progress.spent.items(), key=lambda item: -item[1]):
            terminalreporter.write_line(f"{seconds:7.1f} s  {kind}")


def run(arguments: list[str]) -> int:
    """Run pytest on `arguments`, or on everything; returns its exit code."""
    with (
        engine.opened() as running,
        tempfile.TemporaryDirectory(prefix="guide-test-") as folder,
    ):
        options = ["--rootdir", str(ROOT), "--basetemp", f"{folder}/pytest", "--durations", "10"]
        code = pytest.main([*options, *(arguments or [str(ROOT / "tests")])], [Session(running)])
    return int(code)
