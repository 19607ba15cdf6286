"""Common errors in Dockerfiles fail as the pages describe, and the tests detect them."""

import pytest

from checks import check_packages
from guide.content import recordings
from guide.content.examples import example
from guide.record import traps
from samples import sample_of_today, uv_examples

# The number of traps of each example that are tried without --all.
SAMPLE = 2


@pytest.fixture(scope="session")
def outcomes(builder, edit_builds, request):
    """The outcomes of traps, in the form of the recording."""
    assert edit_builds
    wanted = traps.TRAPS[builder.example.name]
    if not request.config.option.all:
        wanted = sample_of_today(wanted, SAMPLE)
    return traps.run_traps(builder, wanted)


def packages(name, trap):
    """Return the recorded packages of the image that was built for a trap."""
    recorded = recordings.traps(name)["traps"]
    return next(each["packages"] for each in recorded if each["name"] == trap)


WITH_TRAPS = [each for each in uv_examples() if each.id in traps.TRAPS]


@pytest.mark.parametrize("uv_example", WITH_TRAPS, scope="session")
def test_traps_fail_as_recorded(outcomes, uv_example):
    recorded = {each["name"]: each for each in recordings.traps(uv_example.name)["traps"]}
    same = [recorded[each["name"]] for each in outcomes]
    assert traps.stable(outcomes) == traps.stable(same)


@pytest.mark.parametrize(
    ("name", "trap", "message"),
    [
        ("pattern-a-single-stage", "no-prod-group", "missing: .*gunicorn"),
        ("pattern-a-single-stage", "default-groups", "not for production: .*pytest"),
        ("pattern-b-multi-stage", "all-extras", "missing: .*gunicorn"),
    ],
)
def test_a_wrong_line_fails_the_package_check(name, trap, message):
    with pytest.raises(AssertionError, match=message):
        check_packages(packages(name, trap), example(name), "3.14")
