"""A pytest plugin that selects the tests of the fast lane or of a shard.

pyproject.toml loads it in every process that collects tests. PYTEST_DONT_REWRITE: scripts/test
imports this module before pytest can rewrite its assertions.
"""

import argparse

import pytest

from guide.testing import shards
from guide.testing.shards import Shard

# The fixtures that start a Docker engine or a browser.
ENGINE, BROWSER = "engine", "chromium"


class Hooks:
    """The hooks that conftest.py files implement."""

    @pytest.hookspec
    def pytest_base_images(self, item: pytest.Item) -> list[str] | None:
        """Return the base images that a test needs, so that they can be built in parallel.

        If a fixture requests another image from the engine, it waits while that image is built.
        """


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("guide")
    group.addoption(
        "--fast", action="store_true", help="run only tests that need no engine and no browser"
    )
    group.addoption(
        "--all",
        action="store_true",
        help="try everything of which other runs try a sample, such as the recorded lines of the "
        "examples; takes hours",
    )
    group.addoption(
        "--shard",
        type=_shard,
        metavar="K/N",
        help="run part K of N of the tests, balanced by recorded durations",
    )
    group.addoption(
        "--store-durations",
        action="store_true",
        help="record the duration of each group of tests for --shard; requires a run of all tests",
    )


def _shard(text: str) -> Shard:
    try:
        return Shard.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} must have the form K/N, such as 1/4") from None


def pytest_configure(config: pytest.Config) -> None:
    selecting = ("fast", "shard", "keyword", "markexpr", "file_or_dir")
    if config.option.store_durations and any(config.getoption(name) for name in selecting):
        raise pytest.UsageError(
            "--store-durations requires a run of all tests. Do not select tests."
        )


# This runs after -k and -m, so that the selected tests are split.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    selected = items
    if config.option.fast:
        selected = [item for item in selected if is_fast(item)]
    if not config.option.all:
        selected = [item for item in selected if not item.get_closest_marker("only_with_all")]
    if config.option.shard is not None:
        selected = in_shard(selected, config.option.shard)
    kept = {*selected}
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = selected


def is_fast(item: pytest.Item) -> bool:
    """Return whether a test belongs to the fast lane."""
    return not needs(item, ENGINE, BROWSER) and item.get_closest_marker("slow") is None


def needs(item: pytest.Item, *fixtures: str) -> bool:
    """Return whether a test requests one of the fixtures, directly or through another fixture."""
    return not {*fixtures}.isdisjoint(getattr(item, "fixturenames", ()))


def in_shard(items: list[pytest.Item], shard: Shard) -> list[pytest.Item]:
    """Return the tests that belong to a shard."""
    groups = {group_of(item) for item in items}
    numbers = shards.assign(groups, shards.read_durations(), shard.count)
    return [item for item in items if numbers[group_of(item)] == shard.number]


def group_of(item: pytest.Item) -> str:
    """Return the pytest-xdist group of a test. The tests of a group run in one process."""
    mark = item.get_closest_marker("xdist_group")
    return str(mark.args[0]) if mark and mark.args else item.path.stem
