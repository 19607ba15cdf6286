"""What happens without a line of an example is as recorded."""

import random

import pytest

from guide.content import line_outcomes, recordings
from guide.content.examples import example as find_example
from guide.record import lines
from guide.record.saved_results import SavedResults
from samples import sample_of_today

# Without --all: the number of examples, the number of lines of each that are tried, and their
# probes, which build the image but do not start the service.
EXAMPLES, SAMPLE = 2, 3
SHORT_PROBES = {line_outcomes.BUILD, line_outcomes.IMAGE}


def pytest_generate_tests(metafunc):
    """Without --all, leave out the examples whose first build takes long."""
    if "recorded_example" in metafunc.fixturenames:
        every = metafunc.config.option.all
        names = recordings.names("lines")
        if not every:
            quick = [name for name in names if cold_build(name) < 60]
            names = sample_of_today(quick, EXAMPLES)
        values = [pytest.param(find_example(name), id=name) for name in names]
        metafunc.parametrize("recorded_example", values)


def cold_build(name):
    """Return the recorded seconds of an example's build without a cache."""
    builds = recordings.layers(name)["builds"]
    return next(each["seconds"] for each in builds if each["name"] == "cold")


@pytest.mark.timeout(7200)
def test_what_happens_without_a_line_is_as_recorded(engine, recorded_example, request):
    example = recorded_example
    wanted = [
        (item, line_outcomes.outcome_of(example.name, item)) for item in lines.lines_of(example)
    ]
    if not request.config.option.all:
        short = [pair for pair in wanted if pair[1].probe.kind in SHORT_PROBES]
        wanted = sample_of_today(short, SAMPLE)
    saved = SavedResults("lines", f"test {random.random()}")
    try:
        with lines.observer(engine, example, saved) as observing:
            assert lines.observe_all(observing, wanted) == []
    finally:
        saved.delete()
