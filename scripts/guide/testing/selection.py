"""The pytest plugin that selects tests: the fast lane and the shards.

pyproject.toml loads it in every process that collects tests. PYTEST_DONT_REWRITE: scripts/test has
imported this module before pytest could rewrite its assertions.
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
        """Return base images that a test needs, so that all of them are made side by side.

        A fixture that asks the engine for an image waits until that image is made.
        """


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("guide")
    group.addoption(
        "--fast", action="store_true", help="run only what needs neither an engine nor a browser"
    )
    group.addoption(
        "--shard", type=_shard, metavar="K/N", help="run part K of N, split by recorded durations"
    )
    group.addoption(
        "--store-durations",
        action="store_true",
        help="record how long each group of tests takes, for --shard; needs a run of every test",
    )


def _shard(text: str) -> Shard:
    try:
        return Shard.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not K/N, such as 1/4") from None


def pytest_configure(config: pytest.Config) -> None:
    selecting = ("fast", "shard", "keyword", "markexpr", "file_or_dir")
    if config.option.store_durations and any(config.getoption(name) for name in selecting):
        raise pytest.UsageError("--store-durations needs a run of every test: select none.")


# After -k and -m, so that the tests they select are what is split.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    selected = items
    if config.option.fast:
        selected = [item for item in selected if is_fast(item)]
    if config.option.shard is not None:
        selected = in_shard(selected, config.option.shard)
    kept = {*selected}
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = selected


def is_fast(item: pytest.Item) -> bool:
    """Tell whether a test belongs to the fast lane, by its fixtures and theirs."""
    return not needs(item, ENGINE, BROWSER) and item.get_closest_marker("slow") is None


def needs(item: pytest.Item, *fixtures: str) -> bool:
    """Tell whether a test requests one of the fixtures, directly or through another fixture."""
    return not {*fixtures}.isdisjoint(getattr(item, "fixturenames", ()))


def in_shard(items: list[pytest.Item], shard: Shard) -> list[pytest.Item]:
    """Return the tests that belong to a shard."""
    groups = {group_of(item) for item in items}
    numbers = shards.assign(groups, shards.read_durations(), shard.count)
    return [item for item in items if numbers[group_of(item)] == shard.number]


def group_of(item: pytest.Item) -> str:
    """Return the name of the group whose tests run in one process, the one of pytest-xdist."""
    mark = item.get_closest_marker("xdist_group")
    return str(mark.args[0]) if mark and mark.args else item.path.stem
