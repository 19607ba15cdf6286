"""One line of a Dockerfile changed: it goes wrong in the way the pages say, and is noticed."""

import pytest
from checks import check_packages

from guide import layers, recordings, traps


@pytest.fixture(scope="session")
def outcomes(engine, example):
    """What came of each trap, by its name."""
    original = (example.folder / "Dockerfile").read_text()
    found = {}
    for trap in traps.TRAPS:
        with layers.bench(engine, example) as bench:
            found[trap.name] = trap.see(bench, trap.dockerfile(original))
    return found


def test_traps_go_wrong_as_recorded(outcomes, example):
    recorded = recordings.read(f"traps/{example.name}")["traps"]
    lines = {trap.name: trap.new for trap in traps.TRAPS}
    assert recorded == [
        {"name": name, "line": lines[name], **vars(outcome)} for name, outcome in outcomes.items()
    ]


def test_dropping_the_prod_group_turns_the_package_test_red(outcomes, example):
    with pytest.raises(AssertionError, match="missing: .*gunicorn") as caught:
        check_packages(outcomes["no-prod-group"].packages, example)
    print(caught.value)


def test_adding_the_dev_group_turns_the_package_test_red(outcomes, example):
    with pytest.raises(AssertionError, match="not for production: .*pytest") as caught:
        check_packages(outcomes["default-groups"].packages, example)
    print(caught.value)
