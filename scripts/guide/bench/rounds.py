"""Carry out rounds of measurements, and continue after an interruption."""

import json
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Literal

from guide import Problem
from guide.bench import builds, commands, runner
from guide.bench.environment import BenchEnvironment, bench_environment
from guide.bench.results import Result, ResultKey, SavedResults, Timing, fingerprint
from guide.bench.slow_network import limited_network
from guide.content.contenders import AFTER, BEFORE, Contender, contender
from guide.content.examples import example
from guide.content.recording_types import (
    BenchRecording,
    ContenderImage,
    Network,
    Provenance,
    RecordedTiming,
    TimedCommand,
    TimedContender,
)
from guide.content.tool_versions import tools
from guide.engine.docker import Engine
from guide.machine.progress import console, doing
from guide.record import recording
from guide.record.layers import median_index, recorded_step_states

# Kinds of measurements that the first round alone carries out, because their results do not vary.
ONCE = ("images",)
Kind = Literal["builds", "runner", "lint", "sync", "start", "images"]


@dataclass(frozen=True)
class Measurement:
    """One measurement of a round. An interrupted one is carried out again as a whole."""

    kind: str
    name: str
    measure: Callable[[], Result]
    # Changes with the subject of the measurement.
    fingerprint: str

    def key(self, number: int) -> ResultKey:
        """What its result in a round is saved under."""
        return ResultKey(round=number, kind=self.kind, name=self.name, fingerprint=self.fingerprint)


def measure_contenders(
    engine: Engine,
    rounds: int,
    chosen: list[Contender],
    kinds: list[Kind],
    network: Network,
    floor_starts_from: str = "pattern-a",
) -> BenchRecording:
    """Carry out all rounds of some kinds of measurements, and return the content of a recording.

    Results of an interrupted run of the same measurements are used. Raises Problem if a build
    fails, or if the rounds differ in which steps ran.
    """
    projects = [(example(each).folder / "pyproject.toml").read_text() for each in (BEFORE, AFTER)]
    saved = SavedResults(json.dumps([projects, network, engine.versions]))
    with ExitStack() as stack:
        environment = stack.enter_context(bench_environment(engine, chosen, floor_starts_from))
        limits = stack.enter_context(limited_network(engine, network))
        measurements = [
            measurement
            for kind in kinds
            for measurement in _measurements(kind, stack, environment, chosen)
        ]
        results = run_rounds(engine, saved, measurements, rounds)
    content = _content(kinds, results, recording.make_provenance(engine, **tools()), limits)
    saved.delete()
    return content


def _measurements(
    kind: Kind, stack: ExitStack, environment: BenchEnvironment, chosen: list[Contender]
) -> list[Measurement]:
    """The measurements of one kind."""
    if kind in COMMANDS:
        return [
            Measurement(
                *(kind, each.name, partial(commands.time_command, environment, each)),
                fingerprint(repr(each)),
            )
            for each in COMMANDS[kind]()
        ]
    subjects = [each for each in chosen if _is_measured(kind, each)]
    if kind == "runner":
        fresh = stack.enter_context(runner.fresh_runner(environment.engine, subjects))
        function = runner.time_on_runner(fresh)
    else:
        function = FUNCTIONS[kind]
    return [
        Measurement(kind, each.name, partial(function, environment, each), fingerprint(repr(each)))
        for each in subjects
    ]


COMMANDS = {"lint": commands.lint_commands, "sync": commands.sync_commands}
FUNCTIONS = {
    "builds": builds.time_builds,
    "start": builds.time_start,
    "images": builds.measure_image,
}


def _is_measured(kind: str, contender: Contender) -> bool:
    """Whether a kind of measurement includes a contender."""
    names = {"runner": runner.CONTENDERS, "start": builds.STARTED}
    if kind == "images":
        return contender.name != "floor"
    return kind not in names or contender.name in names[kind]


Results = list[tuple[Measurement, list[Result]]]


def run_rounds(
    engine: Engine, saved: SavedResults, measurements: list[Measurement], rounds: int
) -> Results:
    """Carry out what is missing of all rounds, and return each measurement with its results."""
    wanted = [
        (number, measurement)
        for number in range(rounds)
        for measurement in rotated(measurements, number)
        if number == 0 or measurement.kind not in ONCE
    ]
    missing = [(number, each) for number, each in wanted if saved.find(each.key(number)) is None]
    if len(missing) < len(wanted):
        console.print(f"bench: continuing after {len(wanted) - len(missing)} of {len(wanted)}")
    start = time.monotonic()
    for count, (number, measurement) in enumerate(missing):
        position = f"{count + 1} of {len(missing)}{_time_left(start, count, len(missing))}"
        title = f"round {number + 1} of {rounds}, {measurement.kind}, {measurement.name}"
        with doing("bench", f"{title} ({position})"):
            result = measurement.measure()
        console.print(f"  [dim]{_seconds(result)}[/dim]", soft_wrap=True)
        saved.add(measurement.key(number), result)
        # A single round needs no more room, and may share layers with what is built beside it.
        if rounds > 1:
            engine.prune()
    return [(each, saved.all_rounds(each.key(0))) for each in measurements]


def _time_left(start: float, count: int, total: int) -> str:
    if count == 0:
        return ""
    left = (time.monotonic() - start) / count * (total - count)
    return f", about {left / 60:.0f} min left"


def _seconds(result: Result) -> str:
    """The seconds of a result, for the terminal."""
    timings = result.get("timings", {})
    return ", ".join(f"{name} {timing['seconds']}" for name, timing in timings.items())


def rotated(measurements: list[Measurement], number: int) -> list[Measurement]:
    """The measurements in a different order each round, so that none always follows another."""
    start = number * 2 % len(measurements)
    return measurements[start:] + measurements[:start]


def _content(
    kinds: list[Kind], results: Results, recorded: Provenance, network: Network
) -> BenchRecording:
    """The content of a recording of some kinds of measurements."""
    content: BenchRecording = {"recorded": recorded, "network": network}
    for kind in kinds:
        of_kind = [each for each in results if each[0].kind == kind]
        if kind == "images":
            content[kind] = [_image_row(*each) for each in of_kind]
        elif kind == "lint" or kind == "sync":
            content[kind] = [_command_row(*each) for each in of_kind]
        else:
            content[kind] = [_contender_row(*each) for each in of_kind]
    return content


def _image_row(measurement: Measurement, results: list[Result]) -> ContenderImage:
    name = measurement.name
    return {"name": name, "title": contender(name).title, **results[0]["image"]}


def _command_row(measurement: Measurement, results: list[Result]) -> TimedCommand:
    lines = COMMANDS[measurement.kind]()
    line = next(each for each in lines if each.name == measurement.name)
    return {
        "name": line.name,
        "title": line.title,
        "command": line.line,
        "runs": merge_rounds(measurement, results),
    }


def _contender_row(measurement: Measurement, results: list[Result]) -> TimedContender:
    name = measurement.name
    runs = merge_rounds(measurement, results)
    return {"name": name, "title": contender(name).title, "runs": runs}


def merge_rounds(measurement: Measurement, results: list[Result]) -> dict[str, RecordedTiming]:
    """The medians of all rounds, by the name of the timing.

    Raises Problem if the rounds differ in which steps ran.
    """
    return {
        name: _median(measurement.name, name, [each["timings"][name] for each in results])
        for name in results[0]["timings"]
    }


def _median(subject: str, name: str, rounds: list[Timing]) -> RecordedTiming:
    seconds = [each["seconds"] for each in rounds]
    timing: RecordedTiming = {"seconds": statistics.median_low(seconds), "every_round": seconds}
    if "steps" in rounds[0]:
        if any(
            recorded_step_states(each["steps"]) != recorded_step_states(rounds[0]["steps"])
            for each in rounds
        ):
            raise Problem(f"The rounds differ in what {subject!r} rebuilds after {name!r}.")
        timing["steps"] = rounds[median_index(seconds)]["steps"]
    return timing
