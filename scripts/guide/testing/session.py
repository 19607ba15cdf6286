"""Run pytest with a Docker engine for the tests that need one."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Protocol

import pytest

from guide import ROOT, Problem
from guide.engine.docker import Engine
from guide.engine.filesystem import TEMPORARY_PREFIX
from guide.engine.running import running_engine
from guide.machine.interrupts import UninterruptedExit
from guide.machine.progress import console
from guide.testing import selection
from guide.testing.cpu_time import cpu_seconds
from guide.testing.reports import Durations, NoSkips

# The key of the engine in the configuration of the process that started it.
ENGINE = pytest.StashKey[Engine]()

# The environment variable with the day of a run, which decides what samples contain.
SAMPLE_DAY = "GUIDE_SAMPLE_DAY"
# Time limit of a test in the fast lane, in seconds. pyproject.toml has the limit for other tests.
FAST_TIMEOUT = 120


def engine_for(config: pytest.Config) -> Engine:
    """Return the engine of this run, in the process that started it and in pytest-xdist's workers.

    Raises Problem if no engine was started.
    """
    worker_input = getattr(config, "workerinput", {})
    if "engine" in worker_input:
        return Engine(**worker_input["engine"])
    if ENGINE not in config.stash:
        raise Problem(
            "No Docker engine was started for this test. Run the test with scripts/test, "
            "and take `engine` as a parameter of the test."
        )
    return config.stash[ENGINE]


class Worker(Protocol):
    """A worker of pytest-xdist, seen from the process that starts it."""

    config: pytest.Config
    workerinput: dict[str, object]


class Resources:
    """A pytest plugin that starts a Docker engine if a selected test needs one.

    With pytest-xdist, only workers normally collect tests. This process therefore collects them
    before it starts any worker.
    """

    def __init__(self, resources: ExitStack) -> None:
        self.resources = resources
        self.collection_errors: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.collection_errors.append(report.longreprtext)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self.session = session

    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_xdist_setupnodes(self, config: pytest.Config, specs: list[object]) -> None:
        items = self.session.perform_collect()
        if self.session.testsfailed:
            # With pytest-xdist, the terminal shows only this message.
            raise self.session.Interrupted("\n".join(self.collection_errors))
        # More workers than groups would be idle.
        count = max(1, len({selection.group_of(item) for item in items}))
        del specs[count:]
        config.option.tx = config.option.tx[:count]

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Worker) -> None:
        if ENGINE in node.config.stash:
            node.workerinput["engine"] = asdict(node.config.stash[ENGINE])

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if session.testsfailed or session.config.option.collectonly:
            return
        needing = [item for item in session.items if selection.needs(item, selection.ENGINE)]
        try:
            engine = self._start_engine(session.config, needing) if needing else None
        except Problem as problem:
            pytest.exit(str(problem), returncode=1)
        except KeyboardInterrupt:
            # pytest shows each frame of an interruption, and fails where a frame has no line
            # number. With `from None`, it sees only this exception.
            message = "Interrupted while the Docker engine was starting."
            raise pytest.exit.Exception(message, pytest.ExitCode.INTERRUPTED) from None
        self.resources.enter_context(temporary_folder(engine.temporary if engine else None))

    def _start_engine(self, config: pytest.Config, items: list[pytest.Item]) -> Engine:
        """Start the engine, and provide the base images of the tests."""
        engine = self.resources.enter_context(running_engine(timed=False))
        engine.buildx = engine.plugin("buildx")
        lists = [answer for item in items for answer in item.ihook.pytest_base_images(item=item)]
        engine.need_images(list(dict.fromkeys(name for names in lists for name in names)))
        config.stash[ENGINE] = engine
        console.print(f"engine: {engine}", soft_wrap=True)
        return engine


@contextmanager
def temporary_folder(parent: str | None) -> Iterator[Path]:
    """Create a folder in `parent` for the temporary files of this process and its children.

    The folder is removed at the end, with everything that killed processes left in it.
    """
    before = tempfile.tempdir, os.environ.get("TMPDIR")
    with tempfile.TemporaryDirectory(prefix=TEMPORARY_PREFIX, dir=parent) as folder:
        tempfile.tempdir = os.environ["TMPDIR"] = folder
        try:
            yield Path(folder)
        finally:
            tempfile.tempdir, variable = before
            os.environ.pop("TMPDIR")
            if variable is not None:
                os.environ["TMPDIR"] = variable


def xdist_options(arguments: list[str]) -> list[str]:
    """Return the options of pytest-xdist, or none if `arguments` turn it off."""
    if any(each in ("--pdb", "--trace") or each.endswith("no:xdist") for each in arguments):
        return []
    # One process more than there are cores, because tests often wait for I/O.
    return ["--numprocesses", str((os.cpu_count() or 1) + 1), "--dist", "loadgroup"]


def run(arguments: list[str]) -> int:
    """Run pytest with `arguments` in the guide's folder, and return its exit code."""
    os.chdir(ROOT)
    # With PYTHONDONTWRITEBYTECODE, each worker would compile all tests, and pytest's plugins. This
    # process collects before it starts workers, so they read what it has compiled.
    sys.dont_write_bytecode = False
    # Docker's programs spend a tenth of their time collecting garbage, and tests do not time them.
    os.environ.setdefault("GOGC", "400")
    # A worker that starts after midnight must collect the same tests.
    os.environ.setdefault(SAMPLE_DAY, str(date.today().toordinal()))
    options = ["--durations", "10", *xdist_options(arguments)]
    if "--fast" in arguments:
        options += ["--timeout", str(FAST_TIMEOUT)]
    start, cpu_start = time.monotonic(), cpu_seconds()
    try:
        with UninterruptedExit() as resources:
            plugins = [Resources(resources), NoSkips(), Durations()]
            return int(pytest.main([*options, *arguments], plugins))
    finally:
        summary = f"time: {time.monotonic() - start:.0f} s"
        if cpu_start is not None:
            summary += f", {(cpu_seconds() or 0) - cpu_start:.0f} CPU s of this machine"
        console.print(summary)
