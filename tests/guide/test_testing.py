"""Select tests, split them into shards, and start an engine for the tests that need one."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from guide import Problem
from guide.engine.docker import Engine
from guide.testing import selection, session, shards
from guide.testing.cpu_time import cpu_seconds
from guide.testing.reports import Durations
from guide.testing.shards import Shard, assign

CONFTEST = """
import pytest
from guide.testing.session import engine_for

@pytest.fixture(scope="session")
def engine(request):
    return engine_for(request.config)

@pytest.fixture
def image(engine):
    return engine.images[0]

@pytest.fixture
def chromium():
    pass

@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.xdist_group(item.path.stem[-1]))

def pytest_base_images(item):
    return [f"image-of-{item.name}"]
"""
INI = """
[pytest]
addopts = --quiet --import-mode=importlib -p no:cacheprovider -p guide.testing.selection
markers =
    only_with_all
    slow
    xdist_group
"""
TESTS = {
    "test_a.py": "def test_plain(): pass\ndef test_other(): pass",
    "test_b.py": "def test_image(image): assert image == 'image-of-test_image'",
    "test_c.py": "import pytest\n@pytest.mark.slow\ndef test_slow(): pass",
    "test_d.py": "def test_page(chromium): pass",
    "test_e.py": "import pytest\n@pytest.mark.only_with_all\ndef test_matrix(): pass",
}
ONE_PROCESS = ("-p", "no:xdist")
TWO_WORKERS = pytest.param(("-n", "2", "--dist", "loadgroup"), marks=pytest.mark.slow)
ALL = {"test_plain", "test_other", "test_image", "test_slow", "test_page"}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A folder of tests, in which each file is a group."""
    for name, text in {"conftest.py": CONFTEST, **TESTS}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "pytest.ini").write_text(INI)
    return tmp_path


@pytest.fixture
def started_engines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The base images of each fake engine that was started."""
    images: list[list[str]] = []

    @contextmanager
    def running_engine(timed: bool) -> Iterator[Engine]:
        assert not timed
        yield Engine({}, private=False, temporary=str(tmp_path))

    def need_images(engine: Engine, names: list[str]) -> None:
        engine.images += names
        images.append(names)

    monkeypatch.setattr(session, "running_engine", running_engine)
    monkeypatch.setattr(Engine, "plugin", lambda _engine, name: name)
    monkeypatch.setattr(Engine, "need_images", need_images)
    monkeypatch.setattr(Engine, "__str__", lambda _engine: "none")
    return images


class Selected:
    """A pytest plugin that records the names of the selected tests."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.names = {item.name for item in session.items}


def run(suite: Path, *options: str, plugins: tuple[object, ...] = ()) -> pytest.ExitCode | int:
    """Run pytest on the folder in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(suite)
        try:
            return pytest.main([*options], [*plugins])
        finally:
            # Modules of all suites have the same names, and pytest reuses the ones in sys.modules.
            for name, module in [*sys.modules.items()]:
                if (getattr(module, "__file__", None) or "").startswith(str(suite)):
                    del sys.modules[name]


def select(suite: Path, *options: str) -> set[str]:
    selected = Selected()
    assert run(suite, "--collect-only", *options, plugins=(selected,)) == pytest.ExitCode.OK
    return selected.names


def test_the_fast_lane_excludes_engine_browser_and_slow_tests(suite: Path) -> None:
    assert select(suite) == ALL
    assert select(suite, "--fast") == {"test_plain", "test_other"}
    assert select(suite, "--all") == {*ALL, "test_matrix"}


@pytest.mark.parametrize("count", [1, 2, 4])
def test_shards_are_a_partition_that_keeps_groups_together(suite: Path, count: int) -> None:
    parts = [select(suite, "--shard", f"{number}/{count}") for number in range(1, count + 1)]
    assert sorted(name for part in parts for name in part) == sorted(ALL)
    together = {"test_plain", "test_other"}
    assert any(together <= part for part in parts)


def test_the_shards_of_this_suite_are_a_partition(request: pytest.FixtureRequest) -> None:
    """This checks the tests of the current run, which are all tests in a full run."""
    items = request.session.items
    parts = [selection.in_shard(items, Shard(number, 4)) for number in range(1, 5)]
    assert sorted(item.nodeid for part in parts for item in part) == sorted(
        item.nodeid for item in items
    )
    groups = [{selection.group_of(item) for item in part} for part in parts]
    assert sum(map(len, groups)) == len(set.union(*groups))


@pytest.mark.slow
def test_an_error_during_collection_is_shown(
    suite: Path, started_engines: list[list[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    (suite / "test_e.py").write_text("import no_such_module")
    with ExitStack() as resources:
        code = run(suite, "-n", "2", plugins=(session.Resources(resources),))
    assert code == pytest.ExitCode.INTERRUPTED
    assert "No module named 'no_such_module'" in capfd.readouterr().out
    assert started_engines == []


def test_shards_are_balanced_by_duration() -> None:
    durations = {"long": 60.0, "middle": 30.0, "short": 20.0, "shorter": 10.0}
    shards_of = assign(durations, durations, 2)
    assert shards_of == {"long": 1, "middle": 2, "short": 2, "shorter": 2}


def test_the_four_shards_of_this_suite_take_equally_long() -> None:
    durations = shards.read_durations()
    seconds = [0.0] * 4
    for group, shard in assign(durations, durations, 4).items():
        seconds[shard - 1] += durations[group]
    assert max(seconds) < 1.1 * min(seconds)


def test_a_group_without_a_duration_counts_as_an_average_one() -> None:
    assert assign(["new", "long", "short"], {"long": 30.0, "short": 10.0}, 2) == {
        "long": 1,
        "new": 2,
        "short": 2,
    }
    assert {*assign("abcd", {}, 4).values()} == {1, 2, 3, 4}


@pytest.mark.parametrize("text", ["", "1", "0/4", "5/4", "1/0", "a/b", "1/2/3"])
def test_a_shard_is_k_of_n(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Shard.parse(text)


def test_a_wrong_shard_is_an_error_of_usage(suite: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(suite, "--shard", "5/4") == pytest.ExitCode.USAGE_ERROR
    assert "'5/4' must have the form K/N, such as 1/4" in capfd.readouterr().err


@pytest.mark.parametrize("parallel", [ONE_PROCESS, TWO_WORKERS])
def test_an_engine_starts_for_the_tests_that_need_one(
    suite: Path, started_engines: list[list[str]], parallel: tuple[str, ...]
) -> None:
    with ExitStack() as resources:
        code = run(suite, *parallel, plugins=(session.Resources(resources),))
        folder = tempfile.gettempdir()
        assert Path(folder).parent == suite
    assert code == pytest.ExitCode.OK
    assert started_engines == [["image-of-test_image"]]
    assert not Path(folder).exists()
    assert tempfile.gettempdir() != folder


@pytest.mark.parametrize("selecting", [("--fast",), ("-k", "plain or page"), ("--collect-only",)])
def test_no_engine_starts_where_no_test_needs_one(
    suite: Path, started_engines: list[list[str]], selecting: tuple[str, ...]
) -> None:
    with ExitStack() as resources:
        code = run(suite, *selecting, plugins=(session.Resources(resources),))
    assert code == pytest.ExitCode.OK
    assert started_engines == []


@pytest.mark.slow
def test_no_more_processes_than_groups(
    suite: Path, started_engines: list[list[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    with ExitStack() as resources:
        options = ("-n", "4", "--dist", "loadgroup", "-k", "plain or other", "-vv")
        assert run(suite, *options, plugins=(session.Resources(resources),)) == pytest.ExitCode.OK
    assert "1 worker [2 items]" in capfd.readouterr().out


def test_an_engine_that_does_not_start_is_reported_in_one_line(
    suite: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def no_engine(timed: bool) -> Iterator[Engine]:
        raise Problem("Install Docker.")
        yield

    monkeypatch.setattr(session, "running_engine", no_engine)
    with ExitStack() as resources:
        assert run(suite, plugins=(session.Resources(resources),)) == 1
    output = capfd.readouterr()
    assert "Install Docker." in output.out
    assert "Traceback" not in output.out + output.err


def test_an_interruption_while_the_engine_starts_is_reported_in_one_line(
    suite: Path,
    started_engines: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def interrupted(_engine: Engine, _names: list[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Engine, "need_images", interrupted)
    with ExitStack() as resources:
        code = run(suite, plugins=(session.Resources(resources),))
    assert code == pytest.ExitCode.INTERRUPTED
    output = capfd.readouterr()
    assert "Interrupted while the Docker engine was starting." in output.out
    assert "KeyboardInterrupt" not in output.out + output.err


def test_requesting_the_engine_at_runtime_is_an_error(
    suite: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hidden = "def test_hidden(request): request.getfixturevalue('engine')"
    (suite / "test_e.py").write_text(hidden)
    assert run(suite, "-k", "hidden") == pytest.ExitCode.TESTS_FAILED
    assert "take `engine` as a parameter" in capfd.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["-p", "no:xdist"], ["-pno:xdist"], ["--pdb", "tests/guide"], ["--trace"]]
)
def test_in_one_process_where_the_arguments_ask_for_it(arguments: list[str]) -> None:
    assert session.xdist_options(arguments) == []
    assert session.xdist_options(["tests/guide"])[0] == "--numprocesses"


@pytest.mark.parametrize("parallel", [ONE_PROCESS, TWO_WORKERS])
def test_durations_are_stored_by_group(
    suite: Path, started_engines: list[list[str]], parallel: tuple[str, ...]
) -> None:
    (suite / "test_b.py").unlink()
    file = suite / "durations.json"
    with ExitStack() as resources:
        plugins = (session.Resources(resources), Durations(file))
        assert run(suite, *parallel, "--store-durations", plugins=plugins) == pytest.ExitCode.OK
    assert {*shards.read_durations(file)} == {"a", "c", "d"}


@pytest.mark.parametrize("selecting", [["--fast"], ["-k", "plain"], ["--shard", "1/2"], ["."]])
def test_durations_are_stored_only_in_a_run_of_all_tests(suite: Path, selecting: list[str]) -> None:
    assert run(suite, "--store-durations", *selecting) == pytest.ExitCode.USAGE_ERROR


def test_cpu_seconds(tmp_path: Path) -> None:
    """The columns of /proc/stat are user, nice, system, idle, iowait, irq, softirq and steal."""
    ticks = os.sysconf("SC_CLK_TCK")
    columns = [each * ticks for each in (5, 1, 2, 100, 100, 3, 4, 100)]
    (tmp_path / "stat").write_text(f"cpu  {' '.join(map(str, columns))}\ncpu0 0\n")
    assert cpu_seconds(tmp_path / "stat") == 15
    assert cpu_seconds(tmp_path / "missing") is None
