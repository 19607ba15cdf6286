"""Choose what a landing tries of what `scripts/test --all` tries whole."""

import os
from datetime import date
from functools import cache

import pytest

from guide.content.examples import examples, patched_variants, variants
from guide.testing.session import SAMPLE_DAY

# Of the second Dockerfiles and the patched examples, as many are built without --all. Most of their
# steps are also steps of an example, and all examples are built.
VARIANTS = 1


def day_number():
    """Return the number of the day on which the run began, which is the same in every worker."""
    return int(os.environ.setdefault(SAMPLE_DAY, str(date.today().toordinal())))


def sample_of_today(values, size):
    """Return `size` of the values, in their order. Samples of successive days cover all values."""
    values = [*values]
    start = day_number() * size
    chosen = {(start + index) % len(values) for index in range(min(size, len(values)))}
    return [values[index] for index in sorted(chosen)]


def sampled(values, size, label=str):
    """Return the values as parameters of a test. Without --all, it runs for `size` of them."""
    values = [*values]
    today = sample_of_today(values, size)
    return [
        pytest.param(each, id=label(each), marks=() if each in today else pytest.mark.only_with_all)
        for each in values
    ]


@cache
def uv_examples():
    """Return the Dockerfiles that install with uv, as parameters of a test."""
    others = [each for each in (*variants(), *patched_variants()) if each.has_uv]
    return [
        *(pytest.param(each, id=each.name) for each in examples() if each.has_uv),
        *sampled(others, VARIANTS, lambda each: each.name),
    ]


def sampled_examples(size):
    """Return the examples as parameters. Without --all, a test runs for Pattern A and `size` more.

    Pattern A is always tried, because the planted faults of scripts/mutate are in it.
    """
    pattern_a = [each for each in examples() if each.name == "pattern-a-single-stage"]
    # A workspace runs two services, and test_workspace.py starts them.
    others = [each for each in examples() if each not in pattern_a and not each.member]
    return [
        *(pytest.param(each, id=each.name) for each in pattern_a),
        *sampled(others, size, lambda each: each.name),
    ]
