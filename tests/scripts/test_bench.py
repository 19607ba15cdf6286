"""scripts/bench resumes after an interruption, and its recordings are complete."""

import json
import re
import statistics
from functools import partial

import pytest

from assertions import nonempty
from guide import Problem
from guide.bench import command, pipelines, results, rounds, runner
from guide.content import recordings
from guide.content.contenders import DOCKERFILES, contender, contenders
from guide.pages import benchmarks, charts
from guide.pages.charts import Timed

RECORDINGS = ("bench", "bench-runner", "bench-line", "bench-pipelines")


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setattr(results, "cache_dir", lambda: tmp_path)
    return tmp_path


def ran(steps):
    return [(step["instruction"], step["cached"]) for step in steps]


def test_one_round_of_two_contenders_rebuilds_what_was_recorded(engine, cache):
    """The test compares which steps run and which are cached, but not their durations."""
    measured = command.measure_quickly(engine)["builds"]
    assert [each["name"] for each in measured] == [*command.QUICK]
    recorded = {each["name"]: each for each in recordings.bench()["builds"]}
    for each in measured:
        assert [*each["runs"]] == [*contender(each["name"]).changes]
        for change, run in each["runs"].items():
            assert run["every_round"] == [run["seconds"]]
            assert ran(run["steps"]) == ran(recorded[each["name"]]["runs"][change]["steps"])
    # A complete run leaves no saved results.
    assert not any(cache.rglob("*.jsonl"))


def measurement(fingerprint="1", measure=dict):
    return rounds.Measurement("builds", "floor", measure, fingerprint)


def test_an_interrupted_run_continues_with_its_saved_results(cache):
    saved = {"timings": {"cold": {"seconds": 1.0}}}
    results.SavedResults("these projects").add(measurement().key(0), saved)
    again = results.SavedResults("these projects")
    assert again.find(measurement().key(0)) == saved
    assert again.find(measurement().key(1)) is None
    # The contender has changed.
    assert again.find(measurement(fingerprint="2").key(0)) is None
    assert results.SavedResults("other projects").find(measurement().key(0)) is None
    again.delete()
    assert results.SavedResults("these projects").find(measurement().key(0)) is None


class EngineWithoutImages:
    def prune(self):
        """Prune nothing."""


def test_rounds_measure_only_what_is_missing(cache):
    """The first of two rounds is already saved."""
    seconds = iter([2.0])

    def measure():
        return {"timings": {"cold": {"seconds": next(seconds)}}}

    saved = results.SavedResults("these projects")
    saved.add(measurement().key(0), {"timings": {"cold": {"seconds": 1.0}}})
    each = measurement(measure=measure)
    ((_, both),) = rounds.run_rounds(EngineWithoutImages(), saved, [each], 2)
    assert rounds.merge_rounds(both) == {"cold": {"seconds": 1.0, "every_round": [1.0, 2.0]}}


def view_build(cached):
    step = {"stage": "", "instruction": "COPY . .", "seconds": 0.1, "cached": cached}
    return {"timings": {"view": {"seconds": 1, "steps": [step]}}}


def test_a_build_with_different_steps_in_two_rounds_is_measured_again(cache):
    """The other results stay saved, and the next run does not report the same difference."""
    saved = results.SavedResults("these projects")
    stable = rounds.Measurement("builds", "pip", partial(view_build, True), "1")
    unstable = measurement(measure=map(view_build, (True, False, False, False)).__next__)
    with pytest.raises(Problem, match=r"same steps: floor after view\. Run"):
        rounds.run_rounds(EngineWithoutImages(), saved, [stable, unstable], 2)
    resumed = results.SavedResults("these projects")
    assert len(resumed.all_rounds(stable.key(0))) == 2
    assert resumed.all_rounds(unstable.key(0)) == []
    rounds.run_rounds(EngineWithoutImages(), resumed, [stable, unstable], 2)


def test_each_round_has_another_order():
    numbers = [*range(7)]
    orders = [rounds.rotated(numbers, number) for number in range(3)]
    assert all(sorted(order) == numbers for order in orders)
    assert len({order[0] for order in orders}) == 3


def test_a_dockerfile_without_the_line_to_change_is_a_problem(monkeypatch, tmp_path):
    for file in nonempty(DOCKERFILES.glob("*.Dockerfile")):
        (tmp_path / file.name).write_text("FROM scratch\n")
    monkeypatch.setattr("guide.content.contenders.DOCKERFILES", tmp_path)
    with pytest.raises(Problem, match="exactly once"):
        contenders()


def test_what_is_recorded_is_what_the_dockerfiles_say():
    for each in recordings.bench()["builds"]:
        now = contender(each["name"])
        assert each["title"] == now.title
        assert (*each["runs"],) == now.changes
        instructions = {instruction.normalised for instruction in now.parsed.instructions}
        for run in each["runs"].values():
            steps = {step["instruction"] for step in run["steps"]}
            assert steps <= instructions, each["name"]


def test_every_contender_is_recorded():
    builds = recordings.bench()["builds"]
    assert [each["name"] for each in builds] == [each.name for each in contenders()]
    on_runner = recordings.bench("bench-runner")["runner"]
    assert [each["name"] for each in on_runner] == [*runner.CONTENDERS]
    line = recordings.bench("bench-line")["builds"]
    assert [each["name"] for each in line] == [*command.ON_SLOW_NETWORK]


def test_the_jobs_that_were_timed_are_those_of_the_pipelines():
    recorded = recordings.bench_pipelines()["jobs"]
    now = {f"{job.kind} {job.name}": job.lines for job in pipelines.timed_jobs("image")}
    assert {each["name"]: each["commands"] for each in recorded} == now


def all_runs(name):
    recording = (
        recordings.bench_pipelines() if name == "bench-pipelines" else recordings.bench(name)
    )
    return [
        run
        for rows in recording.values()
        if isinstance(rows, list)
        for row in rows
        for run in row.get("runs", {}).values()
    ]


@pytest.mark.parametrize("name", RECORDINGS)
def test_every_round_is_recorded(name):
    runs = all_runs(name)
    assert runs
    for run in runs:
        assert len(run["every_round"]) >= 5
        assert run["seconds"] == statistics.median(run["every_round"])


def test_a_ratio_is_that_of_the_medians_with_the_rounds_beside_it():
    slow = Timed("slow", "Slow", [10.0, 12.0, 20.0], 12.0)
    fast = Timed("fast", "Fast", [1.0, 2.0, 4.0], 2.0)
    ratio = charts.ratio_of(slow, fast)
    assert (ratio.value, ratio.every_round) == (6, [10, 6, 5])
    assert charts.compared_with(fast, slow).startswith("6.0×")
    assert charts.compared_with(fast, slow).endswith("faster")
    assert charts.compared_with(slow, fast).endswith("slower")


def test_no_chart_of_what_was_not_timed():
    with pytest.raises(Problem, match="no-such-contender"):
        benchmarks.chart("view", "no-such-contender")
    with pytest.raises(Problem, match="no-such-change"):
        benchmarks.chart("no-such-change", "floor")


def test_bars_are_as_long_as_what_they_stand_for():
    rows = [Timed("a", "A", [4.0], 4.0), Timed("b", "B", [1.0], 1.0)]
    widths = [
        float(each) for each in re.findall(r'<rect y="2" width="([\d.]+)"', charts.bars(rows))
    ]
    assert widths[0] / widths[1] == pytest.approx(4, rel=0.02)


def test_a_goal_that_is_missed_is_called_missed(monkeypatch):
    goal = benchmarks.GOALS[0]
    asked = benchmarks.Goal(goal.text, goal.slow, goal.fast, goal.change, at_least=10_000)
    monkeypatch.setattr(benchmarks, "GOALS", [asked])
    assert 'class="missed"' in benchmarks.goals()


def test_a_recording_can_be_read_by_others():
    """The published JSON states the versions and the machine."""
    for name in RECORDINGS:
        origin = json.loads((recordings.DATA / f"{name}.json").read_text())["recorded"]
        assert origin["versions"].keys() >= {"uv", "poetry", "docker"}
        assert origin["machine"]["cores"] > 0
