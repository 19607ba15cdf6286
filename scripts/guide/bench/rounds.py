"""Carry out rounds of measurements, and resume an interrupted run."""

import hashlib
import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Literal

from guide import Problem
from guide.bench import builds, commands, runner
from guide.bench.environment import BenchEnvironment, bench_environment
from guide.bench.results import SAVED, Result, Timing
from guide.bench.slow_network import limited_network
from guide.content.contenders import (
    AFTER,
    BEFORE,
    LOCK_STAGE,
    PATTERN_A,
    POETRY_LOCK,
    Contender,
    contender,
)
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
from guide.engine import stand_ins
from guide.engine.docker import Engine
from guide.machine.progress import console, doing, time_left
from guide.record import recording
from guide.record.layers import median_index, recorded_step_states
from guide.record.saved_results import ResultKey, SavedResults, fingerprint

Kind = Literal["builds", "runner", "lint", "sync", "start", "images"]


@dataclass(frozen=True)
class Rounds:
    """How many times to repeat the measurements. The shop's builds take four times as long."""

    usual: int
    shop: int

    def of(self, kind: str, measured: Contender) -> int:
        """Return the number of rounds for a contender. The size of an image does not vary."""
        if kind == "images":
            return 1
        return self.shop if measured.service == "shop" else self.usual


@dataclass(frozen=True)
class Measurement:
    """A measurement of a contender or command. If it is interrupted, all of it is repeated."""

    kind: str
    name: str
    measure: Callable[[], Result]
    # A hash of what is measured. A saved result with another hash is not reused.
    fingerprint: str
    rounds: int

    def key(self, number: int) -> ResultKey:
        """Return the key under which the result of a round is saved."""
        return ResultKey(round=number, kind=self.kind, name=self.name, fingerprint=self.fingerprint)


def measure_contenders(
    engine: Engine,
    name: str,
    rounds: Rounds,
    chosen: list[Contender],
    kinds: list[Kind],
    network: Network,
) -> BenchRecording:
    """Carry out all rounds of these kinds of measurements, and return the recording `name`.

    Reuses the results of an interrupted run. Raises Problem if a build fails, or if a contender
    did not rebuild the same steps in every round.
    """
    subject = [name, network, engine.versions, stand_ins.recipes_hash(), _projects_fingerprint()]
    saved = SavedResults[Result](SAVED, json.dumps(subject))
    with ExitStack() as stack:
        environment = stack.enter_context(bench_environment(engine, chosen))
        limits = stack.enter_context(limited_network(engine, network))
        measurements = [
            measurement
            for kind in kinds
            for measurement in _measurements(kind, stack, environment, chosen, rounds)
        ]
        results = run_rounds(engine, saved, measurements)
    content = _content(kinds, results, recording.make_provenance(engine, **tools()), limits)
    saved.delete()
    return content


def _projects_fingerprint() -> str:
    """Return a hash of all files of the projects, apart from their Dockerfiles."""
    digest = hashlib.sha256(POETRY_LOCK.read_bytes())
    for name in (BEFORE, AFTER, PATTERN_A, LOCK_STAGE):
        project = example(name)
        for path in project.files:
            if not path.name.endswith("Dockerfile"):
                digest.update(f"{path}\0".encode() + (project.folder / path).read_bytes())
    return digest.hexdigest()


def _measurements(
    kind: Kind,
    stack: ExitStack,
    environment: BenchEnvironment,
    chosen: list[Contender],
    rounds: Rounds,
) -> list[Measurement]:
    """Return the measurements of one kind."""
    if kind in COMMANDS:
        return [
            Measurement(
                *(kind, each.name, partial(commands.time_command, environment, each)),
                fingerprint(repr(each)),
                rounds.usual,
            )
            for each in COMMANDS[kind]()
        ]
    if kind == "runner":
        fresh = stack.enter_context(runner.fresh_runner(environment.engine, chosen))
        function = runner.time_on_runner(fresh)
    else:
        function = FUNCTIONS[kind]
    return [
        Measurement(
            kind,
            each.name,
            partial(function, environment, each),
            _fingerprint(each),
            rounds.of(kind, each),
        )
        for each in chosen
    ]


def _fingerprint(measured: Contender) -> str:
    """Return a hash of a contender and of the Dockerfile that it starts from."""
    start = contender(measured.starts_from).text if measured.starts_from else ""
    return fingerprint(repr((measured, start)))


COMMANDS = {"lint": commands.lint_commands, "sync": commands.sync_commands}
FUNCTIONS = {
    "builds": builds.time_builds,
    "start": builds.time_start,
    "images": builds.measure_image,
}


Results = list[tuple[Measurement, list[Result]]]


def run_rounds(
    engine: Engine, saved: SavedResults[Result], measurements: list[Measurement]
) -> Results:
    """Carry out the measurements without a saved result, and return the results of all rounds.

    Raises Problem if a build did not run the same steps in every round. The results of such a build
    are deleted, so that the next run measures it again.
    """
    wanted = [
        (number, measurement)
        for number in range(max(each.rounds for each in measurements))
        for measurement in rotated(measurements, number)
        if number < measurement.rounds
    ]
    missing = [(number, each) for number, each in wanted if saved.find(each.key(number)) is None]
    if len(missing) < len(wanted):
        console.print(f"bench: resuming after {len(wanted) - len(missing)} of {len(wanted)}")
    start = time.monotonic()
    for count, (number, measurement) in enumerate(missing):
        position = f"{count + 1} of {len(missing)}{time_left(start, count, len(missing))}"
        title = (
            f"round {number + 1} of {measurement.rounds}, {measurement.kind}, {measurement.name}"
        )
        with doing("bench", f"{title} ({position})"):
            result = measurement.measure()
        console.print(f"  [dim]{_seconds(result)}[/dim]", soft_wrap=True)
        saved.add(measurement.key(number), result)
        # After a single round, the layers need no extra space and later builds can reuse them.
        if len(wanted) > len(measurements):
            engine.prune()
    results = [(each, saved.all_rounds(each.key(0))) for each in measurements]
    _require_same_steps(saved, results)
    return results


def _require_same_steps(saved: SavedResults[Result], results: Results) -> None:
    """Raise Problem, and delete the saved results, if a build has different steps in some round."""
    different = []
    for measurement, all_rounds in results:
        names = [name for name in all_rounds[0].get("timings", {}) if _differs(name, all_rounds)]
        if names:
            saved.discard(measurement.key(0))
            different += [f"{measurement.name} after {name}" for name in names]
    if different:
        raise Problem(
            f"Not every round rebuilt the same steps: {', '.join(different)}. Run this again to "
            "repeat these measurements."
        )


def _differs(name: str, results: list[Result]) -> bool:
    """Return whether a build ran different steps in some round."""
    states = [recorded_step_states(each["timings"][name].get("steps", [])) for each in results]
    return any(each != states[0] for each in states)


def _seconds(result: Result) -> str:
    """Return the seconds of a result as text for the terminal."""
    timings = result.get("timings", {})
    return ", ".join(f"{name} {timing['seconds']}" for name, timing in timings.items())


def rotated(measurements: list[Measurement], number: int) -> list[Measurement]:
    """Return the measurements in a different order for each round, to even out order effects."""
    start = number * 2 % len(measurements)
    return measurements[start:] + measurements[:start]


def _content(
    kinds: list[Kind], results: Results, recorded: Provenance, network: Network
) -> BenchRecording:
    """Return the content of a recording of these kinds of measurements."""
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
    measured = contender(measurement.name)
    return {
        "name": measured.name,
        "title": measured.title,
        "dockerfile": measured.digest,
        **results[0]["image"],
    }


def _command_row(measurement: Measurement, results: list[Result]) -> TimedCommand:
    timed = COMMANDS[measurement.kind]()
    command = next(each for each in timed if each.name == measurement.name)
    return {
        "name": command.name,
        "title": command.title,
        "command": command.line,
        "starts_from": command.start,
        "runs": merge_rounds(results),
    }


def _contender_row(measurement: Measurement, results: list[Result]) -> TimedContender:
    measured = contender(measurement.name)
    return {
        "name": measured.name,
        "title": measured.title,
        "dockerfile": measured.digest,
        "runs": merge_rounds(results),
    }


def merge_rounds(results: list[Result]) -> dict[str, RecordedTiming]:
    """Return the median timings of all rounds, keyed by the name of the timing."""
    return {
        name: _median([each["timings"][name] for each in results]) for name in results[0]["timings"]
    }


def _median(rounds: list[Timing]) -> RecordedTiming:
    seconds = [each["seconds"] for each in rounds]
    median = rounds[median_index(seconds)]
    timing: RecordedTiming = {"seconds": median["seconds"], "every_round": seconds}
    if "steps" in median:
        timing["steps"] = median["steps"]
    return timing
