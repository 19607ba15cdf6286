"""One line of a Dockerfile changed: it goes wrong in the way the pages say, and is noticed."""

import pytest
from checks import check_packages

from guide import recordings, traps


@pytest.fixture(scope="session")
def outcomes(engine, example):
    """What came of each trap, as a recording holds it."""
    return traps.spring(engine, example)


@pytest.fixture(scope="session")
def packages(outcomes):
    """The packages in the image of each trap, by the trap's name."""
    return {each["name"]: each["packages"] for each in outcomes}


def test_traps_go_wrong_as_recorded(outcomes, example):
    assert outcomes == recordings.read(f"traps/{example.name}")["traps"]


def test_dropping_the_prod_group_turns_the_package_test_red(packages, example):
    with pytest.raises(AssertionError, match="missing: .*gunicorn") as caught:
        check_packages(packages["no-prod-group"], example)
    print(caught.value)


def test_adding_the_dev_group_turns_the_package_test_red(packages, example):
    with pytest.raises(AssertionError, match="not for production: .*pytest") as caught:
        check_packages(packages["default-groups"], example)
    print(caught.value)
