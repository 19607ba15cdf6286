"""One thing done otherwise: it goes wrong in the way the pages say, and is noticed."""

import pytest

from checks import check_packages
from guide.content import recordings
from guide.content.examples import example
from guide.record import traps


@pytest.fixture(scope="session")
def outcomes(builder, edit_builds):
    """What came of each trap, as a recording holds it, after the builds that went well."""
    assert edit_builds
    return traps.run_traps(builder)


def packages(name, trap):
    """The packages in the image of a trap, as recorded, which is what comes of it today."""
    found = recordings.traps(name)["traps"]
    return next(each["packages"] for each in found if each["name"] == trap)


WITH_TRAPS = [pytest.param(example(name), id=name) for name in traps.TRAPS]


@pytest.mark.parametrize("uv_example", WITH_TRAPS, scope="session")
def test_traps_go_wrong_as_recorded(outcomes, uv_example):
    recorded = recordings.traps(uv_example.name)["traps"]
    assert traps.stable(outcomes) == traps.stable(recorded)


@pytest.mark.parametrize(
    ("name", "trap", "said"),
    [
        ("pattern-a-single-stage", "no-prod-group", "missing: .*gunicorn"),
        ("pattern-a-single-stage", "default-groups", "not for production: .*pytest"),
        ("pattern-b-multi-stage", "all-extras", "missing: .*gunicorn"),
    ],
)
def test_a_wrong_line_turns_the_package_test_red(name, trap, said):
    with pytest.raises(AssertionError, match=said) as caught:
        check_packages(packages(name, trap), example(name), "3.14")
    print(caught.value)
