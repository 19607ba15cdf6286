"""Samples of successive days cover all values, and --all tries what is not in a sample."""

import pytest

import samples
from guide.testing.session import SAMPLE_DAY


@pytest.fixture
def set_day(monkeypatch):
    """A function that changes the date for samples."""

    def change(day):
        monkeypatch.setenv(SAMPLE_DAY, str(739_000 + day))

    return change


@pytest.mark.parametrize(("count", "size", "days"), [(3, 1, 3), (4, 2, 2), (7, 3, 3), (2, 5, 1)])
def test_successive_days_try_every_value(set_day, count, size, days):
    tried = []
    for day in range(days):
        set_day(day)
        tried += samples.sample_of_today(range(count), size)
    assert {*tried} == {*range(count)}
    assert len(tried) == days * min(size, count)


def test_parameters_outside_the_sample_are_left_to_all(set_day):
    set_day(0)
    today = samples.sample_of_today("abc", 1)
    marked = {each.id: [mark.name for mark in each.marks] for each in samples.sampled("abc", 1)}
    assert marked == {each: [] if each in today else ["only_with_all"] for each in "abc"}


def test_every_example_and_one_variant_are_always_built():
    always = {each.id for each in samples.uv_examples() if not each.marks}
    examples = {each.name for each in samples.examples() if each.has_uv}
    assert always > examples
    assert len(always - examples) == samples.VARIANTS
