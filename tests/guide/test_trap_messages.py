"""Each trap states the error that it is about, and a recorder refuses any other error."""

from types import SimpleNamespace

import pytest

from guide import Problem
from guide.content import recordings
from guide.record import traps
from guide.record.traps import Trap, TrapOutcome


@pytest.mark.parametrize("name", traps.TRAPS)
def test_recorded_errors_are_those_that_the_traps_state(name):
    stated = {each.name: each for each in traps.TRAPS[name]}
    recorded = recordings.traps(name)["traps"]
    assert [each["name"] for each in recorded] == [*stated]
    for each in recorded:
        trap = stated[each["name"]]
        right = trap.is_as_stated(each["output"], each["packages"])
        assert right, f"docs/data/traps/{name}.json: {trap.name} does not show {trap.says!r}"


def test_another_error_is_not_recorded():
    """A trap that says something else than it did must not replace its recording."""
    outcome = TrapOutcome("error: No network", [])
    trap = Trap("stale-lock", "needs to be updated", lambda _builder, _dockerfile: outcome)
    builder = SimpleNamespace(example=SimpleNamespace(name="some", dockerfile_text=""))
    with pytest.raises(Problem, match=r"some: the trap 'stale-lock' must show .* shows 'error: No"):
        traps.run_traps(builder, [trap])


def test_a_trap_can_be_about_packages():
    trap = Trap("default-groups", r"\bpytest\b", lambda _builder, _dockerfile: None)
    assert trap.is_as_stated("", ["django", "pytest"])
    assert not trap.is_as_stated("", ["django"])
