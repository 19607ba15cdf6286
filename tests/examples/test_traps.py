"""Common errors in Dockerfiles fail as the pages describe, and the tests detect them."""

import pytest

from checks import check_packages
from guide.content import recordings
from guide.content.examples import example
from guide.record import traps


@pytest.fixture(scope="session")
def outcomes(builder, edit_builds):
    """The outcomes of all traps, in the form of the recording."""
    assert edit_builds
    return traps.run_traps(builder)


def packages(name, trap):
    """Return the recorded packages of the image that was built for a trap."""
    recorded = recordings.traps(name)["traps"]
    return next(each["packages"] for each in recorded if each["name"] == trap)


WITH_TRAPS = [pytest.param(example(name), id=name) for name in traps.TRAPS]


@pytest.mark.parametrize("uv_example", WITH_TRAPS, scope="session")
def test_traps_fail_as_recorded(outcomes, uv_example):
    recorded = recordings.traps(uv_example.name)["traps"]
    assert traps.stable(outcomes) == traps.stable(recorded)


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
