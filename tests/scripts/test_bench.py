"""scripts/bench resumes after an interruption, and its recordings are complete."""

import json
import re
from dataclasses import replace
from functools import partial

import pytest

from guide import ROOT, Problem
from guide.bench import command, pipelines, rounds
from guide.content import recordings
from guide.content.contenders import (
    PATTERN_A,
    POETRY_LOCK,
    contender,
    contenders,
)
from guide.content.examples import example
from guide.content.lockfiles import locked_versions
from guide.pages import benchmarks, charts, goals, numbers
from guide.pages.charts import Timed
from guide.record import saved_results

RECORDINGS = sorted({each.recording for each in command.SUBJECTS.values()} | {"bench-pipelines"})


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setattr(saved_results, "cache_dir", lambda: tmp_path)
    return tmp_path


def ran(steps):
    return [(step["instruction"], step["cached"]) for step in steps]


def test_one_round_of_two_contenders_rebuilds_what_was_recorded(engine, cache):
    """The test compares which steps run and which are cached, but not their durations."""
    subject = command.SUBJECTS["builds"]
    measured = command.measure_subject(engine, subject, rounds.Rounds(1, 1), is_quick=True)[
        "builds"
    ]
    assert [each["name"] for each in measured] == [*subject.quick]
    recorded = {each["name"]: each for each in recordings.bench()["builds"]}
    for each in measured:
        assert [*each["runs"]] == [*contender(each["name"]).changes]
        for change, run in each["runs"].items():
            assert run["every_round"] == [run["seconds"]]
            assert ran(run["steps"]) == ran(recorded[each["name"]]["runs"][change]["steps"])
    # A complete run leaves no saved results.
    assert not any(cache.rglob("*.jsonl"))


def measurement(fingerprint="1", measure=dict, count=3):
    return rounds.Measurement("builds", "floor", measure, fingerprint, count)


def test_an_interrupted_run_continues_with_its_saved_results(cache):
    saved = {"timings": {"cold": {"seconds": 1.0}}}
    saved_results.SavedResults("bench", "these projects").add(measurement().key(0), saved)
    again = saved_results.SavedResults("bench", "these projects")
    assert again.find(measurement().key(0)) == saved
    assert again.find(measurement().key(1)) is None
    # The contender has changed.
    assert again.find(measurement(fingerprint="2").key(0)) is None
    assert saved_results.SavedResults("bench", "other projects").find(measurement().key(0)) is None
    again.delete()
    assert saved_results.SavedResults("bench", "these projects").find(measurement().key(0)) is None


class EngineWithoutImages:
    def prune(self):
        """Prune nothing."""


def test_rounds_measure_only_what_is_missing(cache):
    """The first of three rounds is already saved."""
    seconds = iter([3.0, 2.0])

    def measure():
        return {"timings": {"cold": {"seconds": next(seconds)}}}

    saved = saved_results.SavedResults("bench", "these projects")
    saved.add(measurement().key(0), {"timings": {"cold": {"seconds": 1.0}}})
    each = measurement(measure=measure)
    ((_, every),) = rounds.run_rounds(EngineWithoutImages(), saved, [each])
    timing = {"seconds": 2.0, "every_round": [1.0, 3.0, 2.0]}
    assert rounds.merge_rounds(every) == {"cold": timing}


def view_build(cached):
    step = {"stage": "", "instruction": "COPY . .", "seconds": 0.1, "cached": cached}
    return {"timings": {"view": {"seconds": 1, "steps": [step]}}}


def test_a_build_with_different_steps_in_two_rounds_is_measured_again(cache):
    """The other results stay saved, and the next run does not report the same difference."""
    saved = saved_results.SavedResults("bench", "these projects")
    stable = rounds.Measurement("builds", "pip", partial(view_build, True), "1", 2)
    unstable = measurement(measure=map(view_build, (True, False, False, False)).__next__, count=2)
    with pytest.raises(Problem, match=r"same steps: floor after view\. Run"):
        rounds.run_rounds(EngineWithoutImages(), saved, [stable, unstable])
    resumed = saved_results.SavedResults("bench", "these projects")
    assert len(resumed.all_rounds(stable.key(0))) == 2
    assert resumed.all_rounds(unstable.key(0)) == []
    rounds.run_rounds(EngineWithoutImages(), resumed, [stable, unstable])


def test_the_shop_can_have_fewer_rounds(cache):
    status = measurement(measure=lambda: view_build(True), count=3)
    shop = rounds.Measurement("builds", "shop-pip", status.measure, "1", 1)
    saved = saved_results.SavedResults("bench", "these projects")
    measured = rounds.run_rounds(EngineWithoutImages(), saved, [status, shop])
    assert [len(every) for _, every in measured] == [3, 1]
    counts = rounds.Rounds(5, 1)
    assert counts.of("builds", contender("pattern-a")) == 5
    assert counts.of("builds", contender("shop-pip")) == 1
    assert counts.of("images", contender("pattern-a")) == 1


def test_each_round_has_another_order():
    numbers = [*range(7)]
    orders = [rounds.rotated(numbers, number) for number in range(3)]
    assert all(sorted(order) == numbers for order in orders)
    assert len({order[0] for order in orders}) == 3


def recorded_contenders(name):
    """Return the rows of a recording that were measured on a Dockerfile."""
    subject = command.SUBJECTS[name]
    recording = recordings.bench(subject.recording)
    return [row for kind in subject.kinds for row in recording[kind] if "dockerfile" in row]


@pytest.mark.parametrize("name", command.SUBJECTS)
def test_every_contender_is_recorded_with_the_dockerfile_of_today(name):
    """Otherwise, run scripts/bench with this subject again."""
    chosen = command.SUBJECTS[name].chosen()
    rows = recorded_contenders(name)
    assert [(row["name"], row["title"]) for row in rows] == [
        (each.name, each.title) for each in chosen
    ]
    assert [row["name"] for row in rows if row["dockerfile"] != contender(row["name"]).digest] == []


@pytest.mark.parametrize("name", ["builds", "line", "steps"])
def test_every_build_is_recorded_with_instructions_of_its_dockerfile(name):
    for row, now in zip(recorded_contenders(name), command.SUBJECTS[name].chosen(), strict=True):
        assert (*row["runs"],) == now.changes
        instructions = {instruction.normalised for instruction in now.parsed.instructions}
        for run in row["runs"].values():
            steps = {step["instruction"] for step in run["steps"]}
            assert steps <= instructions, row["name"]


def test_no_two_contenders_are_the_same():
    names = [each.name for each in contenders()]
    assert len({*names}) == len(names)
    measured = [(each.text, each.starts_from) for each in contenders()]
    assert len({*measured}) == len(measured)


def test_each_contender_of_a_service_ends_with_the_same_steps():
    """They collect static files and compile their own code, so that timings are comparable."""
    final = {}
    for each in contenders():
        if each.changes and not each.starts_from:
            programs = [
                command.text
                for instruction in each.parsed.instructions
                for command in instruction.commands
                if instruction.keyword == "RUN"
            ]
            mine = {
                text
                for text in programs
                if "collectstatic" in text or re.search(r"compileall -q \w", text)
            }
            final.setdefault(each.service, {})[each.name] = mine
    for steps in final.values():
        assert {len(mine) for mine in steps.values()} == {2}
        assert len({frozenset(mine) for mine in steps.values()}) == 1, steps


def test_poetry_installs_the_versions_that_uv_installs():
    """The status page has a second lockfile, with which only contenders with Poetry install."""
    uv = locked_versions((example(PATTERN_A).folder / "uv.lock").read_text())
    assert locked_versions(POETRY_LOCK.read_text()) == uv


def test_the_jobs_that_were_timed_are_those_of_the_pipelines():
    recorded = recordings.bench_pipelines()["jobs"]
    now = {f"{job.kind} {job.name}": job.lines for job in pipelines.timed_jobs("image")}
    assert {each["name"]: each["commands"] for each in recorded} == now


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
        benchmarks.chart("no-such-change", "pattern-a")


def test_no_chart_of_two_services():
    with pytest.raises(Problem, match="different services"):
        benchmarks.chart("view", "pattern-a", "shop-poetry")
    with pytest.raises(Problem, match="different services"):
        benchmarks.bars_by_change(view="pattern-a", cold="shop-poetry")


def test_a_row_states_what_differs_and_the_chart_what_all_rows_share():
    facts = (
        ("compiles the packages", "has a cache mount"),
        ("does not compile the packages", "has a cache mount"),
    )
    rows = [Timed("a", "A", [4.0], 4.0, facts[0]), Timed("b", "B", [1.0], 1.0, facts[1])]
    chart = charts.bars(rows)
    assert "A <small>compiles the packages</small>" in chart
    assert "B <small>does not compile the packages</small>" in chart
    assert chart.count("cache mount") == 1
    assert "In every row, the build has a cache mount." in chart


def test_every_chart_of_the_numbers_compares_one_service_and_states_the_facts():
    page = (ROOT / "docs/benchmarks.md").read_text()
    calls = re.findall(r"\[\[\[ chart\((.*?)\) \]\]\]", page)
    assert len(calls) > 20
    for call in calls:
        chart = eval(f"benchmarks.chart({call})", {"benchmarks": benchmarks})
        assert re.search(r"(>|build |job )compiles ", chart), call
        if 'of="start"' not in call:
            assert re.search(r"has (a|no) cache", chart), call
            assert "starts from" in chart, call


def test_bars_are_as_long_as_what_they_stand_for():
    rows = [Timed("a", "A", [4.0], 4.0), Timed("b", "B", [1.0], 1.0)]
    widths = [
        float(each) for each in re.findall(r'<rect y="2" width="([\d.]+)"', charts.bars(rows))
    ]
    assert widths[0] / widths[1] == pytest.approx(4, rel=0.02)


def test_a_goal_that_is_missed_is_called_missed(monkeypatch):
    goal = replace(goals.GOALS[0], at_least=10_000, at_most=None)
    monkeypatch.setattr(goals, "GOALS", [goal])
    assert re.search(r'class="missed">missed by \d+%', goals.goals())
    assert re.search(
        r" \(target: .*; missed by \d+%(; measured in only .*)?\)\.$", goals.missed_goal(goal.name)
    )
    assert f"{goals.goal_ratio(goal.name)}{numbers.NBSP}(" in goals.goals()
    monkeypatch.setattr(goals, "GOALS", [replace(goal, at_least=0)])
    assert 'class="reached">reached' in goals.goals()
    assert not goals.is_goal_missed(goal.name)


def test_each_missed_goal_has_its_reason_on_the_page():
    page = (ROOT / "docs/benchmarks.md").read_text()
    missed = {each.name for each in goals.GOALS if not each.is_met(each.ratio.value)}
    reasons = re.findall(
        r'(?m)^\[\[% if is_missed\("([\w-]+)"\) -%\]\]\n- \[\[\[ missed\("\1"\) \]\]\]', page
    )
    assert len(reasons) == page.count('missed("') / 2
    assert missed <= {*reasons}


def test_a_goal_compares_one_service():
    for goal in goals.GOALS:
        if goal.of not in {"lint", "sync"}:
            assert contender(goal.slow).service == contender(goal.fast).service, goal.name


def test_a_recording_can_be_read_by_others():
    """The published JSON states the versions and the machine."""
    for name in RECORDINGS:
        origin = json.loads((recordings.DATA / f"{name}.json").read_text())["recorded"]
        assert origin["versions"].keys() >= {"uv", "poetry", "docker"}
        assert origin["machine"]["cores"] > 0
