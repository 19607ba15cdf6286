"""Format recorded numbers."""

import pytest

from guide import ROOT
from guide.content import recordings, uv_options
from guide.machine import node
from guide.pages import numbers

NBSP = numbers.NBSP
FORMAT = ROOT / "docs/assets/js/format.js"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (101.84, "101.8"),
        (99.96, "100.0"),
        (1.25, "1.3"),
        (2, "2.0"),
        (0.995, "1.0"),
        (0.994, "0.99"),
        (0.95, "0.95"),
        (0.125, "0.13"),
        (0.0995, "0.10"),
        (0.0994, "0.099"),
        (0.05, "0.05"),
        (0.0115, "0.011"),
        (0.001, "0.001"),
        (0, "0.00"),
    ],
)
def test_seconds(value: float, text: str) -> None:
    assert numbers.seconds(value) == f"{text}{NBSP}s"


def test_a_spread_is_the_least_and_the_most() -> None:
    values = [1.31, 0.24, 101.84]
    assert numbers.spread(values) == "0.24 to 101.8"
    assert numbers.seconds_range(values) == f"0.24 to 101.8{NBSP}s"
    assert numbers.spread(iter([2.0])) == "2.0 to 2.0"


def test_milliseconds() -> None:
    assert numbers.milliseconds(122.5) == f"123{NBSP}ms"
    assert numbers.milliseconds(0) == f"0{NBSP}ms"


@pytest.mark.parametrize(
    ("value", "text"),
    [(30.9, "31×"), (9.5, "10×"), (9.49, "9.5×"), (1.25, "1.3×"), (0.96, "1.0×"), (0.94, "0.9×")],
)
def test_ratio(value: float, text: str) -> None:
    assert numbers.ratio(value) == text


def test_a_ratio_with_its_spread() -> None:
    assert numbers.ratio_with_spread(12.4, [13.8, 0.91, 12.4]) == f"12×{NBSP}(0.9 to 14)"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (1, "1 kB"),
        (1499, "1 kB"),
        (1500, "2 kB"),
        (999_499, "999 kB"),
        (1_000_000, "1.0 MB"),
        (4_249_000, "4.2 MB"),
        (9_499_999, "9.5 MB"),
        (9_500_000, "10 MB"),
        (318_400_000, "318 MB"),
    ],
)
def test_a_size_has_the_unit_that_suits_it(size: int, text: str) -> None:
    assert numbers.size(size) == text.replace(" ", NBSP)


def test_sizes_in_a_unit_that_is_named_elsewhere() -> None:
    assert numbers.megabytes(622_400_000) == "622"
    assert numbers.kilobytes(71_250) == "71.3"


def test_trailing_zeros_are_left_out_of_short_numbers() -> None:
    assert numbers.trim_zeros(0.050, 3) == "0.05"
    assert numbers.trim_zeros(0.0, 3) == "0"
    assert numbers.trim_zeros(100, 3) == "100"
    assert numbers.trim_zeros(100, 0) == "100"


def test_a_day() -> None:
    assert numbers.format_date("2026-11-06") == "6 November 2026"


def test_scripts_print_a_duration_as_python_does():
    """Compare all durations of the layer explorer, and values next to rounding limits."""
    builds = [
        build for name in recordings.names("layers") for build in recordings.layers(name)["builds"]
    ]
    recorded = {build["seconds"] for build in builds}
    recorded |= {step["seconds"] for build in builds for step in build["steps"]}
    generated = {step / 80 for step in range(400)} | {step / 2000 for step in range(400)}
    limits = {limit + near for limit in (0.0995, 0.995, 99.95) for near in (-1e-9, 0, 1e-9)}
    values = sorted(recorded | generated | limits)
    assert len(values) > 900
    printed = node.call(FORMAT, "(values) => values.map(module.seconds)", values)
    assert printed == [numbers.seconds(value) for value in values]


def test_one_round_is_not_in_the_plural():
    assert [numbers.rounds(count) for count in (1, 5)] == ["1 round", "5 rounds"]


def test_scripts_print_a_size_as_python_does():
    """The size of every recorded set of packages, and the sizes around each limit and half."""
    recorded = recordings.sets(uv_options.EXAMPLE)
    sizes = {
        1000 * sum(recorded["sizes"][name] for name in outcome["packages"])
        for outcome in recorded["outcomes"]
        if "packages" in outcome
    }
    steps = {50_000 * step for step in range(400)} | {250 * step for step in range(8000)}
    limits = {limit + near for limit in (1e6, 9.5e6) for near in (-1, 0, 1)}
    values = sorted(sizes | steps | limits)
    printed = node.call(FORMAT, "(values) => values.map(module.size)", values)
    assert printed == [numbers.size(value) for value in values]
