"""The rounds of scripts/bench: interleaved, resumed after an interruption, and recorded."""

import hashlib
import json
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial

from guide import ROOT, Problem
from guide.bench import measurements as bench
from guide.bench import pipelines as ci_bench
from guide.bench.measurements import Place
from guide.content.contenders import AFTER, BEFORE, Contender, contender, contenders
from guide.content.examples import example
from guide.content.tool_versions import tools
from guide.engine.docker import Engine
from guide.engine.running import running_engine
from guide.machine.progress import console, doing
from guide.record import layers, recording
from guide.start.environment import cache_dir

# --- what is timed in a round ---


@dataclass(frozen=True)
class Unit:
    """What is timed at a stretch, and begun anew when it was interrupted."""

    kind: str
    name: str
    measure: Callable[[Place], dict]
    # Tells this unit from one that was of the same name before a change.
    mark: str


def units(chosen: list[Contender], kinds: list[str]) -> list[Unit]:
    """Everything that one round times, of the contenders and kinds."""
    by_kind = {
        "builds": (bench.builds, chosen),
        "runner": (bench.on_a_runner, [each for each in chosen if each.name in bench.ON_A_RUNNER]),
        "lint": (bench.run_job, bench.lint_jobs()),
        "sync": (bench.run_job, bench.sync_jobs()),
        "start": (bench.start, [each for each in chosen if each.name in bench.STARTED]),
        "images": (bench.image, [each for each in chosen if each.name != "floor"]),
    }
    return [
        Unit(kind, each.name, partial(_call, by_kind[kind][0], each), _hash(repr(each)))
        for kind in kinds
        for each in by_kind[kind][1]
    ]


def _call(measure: Callable[[Place, object], dict], what: object, made: Place) -> dict:
    return measure(made, what)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


# Measured once: they do not differ from round to round.
ONCE = ("images",)


class Progress:
    """The results of a run as they come, in a file from which the next run goes on."""

    def __init__(self, what: str):
        """`what` tells runs apart: results of another one are of no use."""
        self.path = cache_dir() / "bench" / f"{_hash(what)}.jsonl"
        self.results: dict[tuple, dict] = {}
        if self.path.exists():
            rows = [json.loads(line) for line in self.path.read_text().splitlines()]
            self.results = {tuple(key): result for key, result in rows}

    @staticmethod
    def _key(number: int, unit: Unit) -> tuple:
        return (number, unit.kind, unit.name, unit.mark)

    def has(self, number: int, unit: Unit) -> bool:
        return self._key(number, unit) in self.results

    def get(self, number: int, unit: Unit) -> dict:
        return self.results[self._key(number, unit)]

    def add(self, number: int, unit: Unit, result: dict) -> None:
        self.results[self._key(number, unit)] = result
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        part.write_text("".join(json.dumps(row) + "\n" for row in self.results.items()))
        part.replace(self.path)

    def done(self) -> None:
        self.path.unlink(missing_ok=True)


def measure(
    engine: Engine,
    rounds: int,
    chosen: list[Contender],
    kinds: list[str],
    network: dict,
    **options: str,
) -> dict:
    """Time contenders in the ways named and return the content of a recording.

    `options` are those of bench.place.

    What an interrupted run has measured of the same is not measured again. Raises Problem when a
    build fails, or when the rounds do not agree on which steps run.
    """
    timed = units(chosen, kinds)
    locks = [(example(each).folder / "pyproject.toml").read_text() for each in (BEFORE, AFTER)]
    progress = Progress(json.dumps([locks, network, engine.versions]))
    missing = _missing(progress, timed, rounds)
    with ExitStack() as stack:
        made = stack.enter_context(bench.place(engine, chosen, **options))
        stack.enter_context(shaped(engine, network))
        if "runner" in kinds:
            on = [each for each in chosen if each.name in bench.ON_A_RUNNER]
            made.runner = stack.enter_context(bench.runner(engine, on))
        _carry_out(engine, progress, missing, made, rounds)
    content = _content(progress, timed, rounds)
    progress.done()
    return content


def _missing(progress: Progress, timed: list[Unit], rounds: int) -> list[tuple[int, Unit]]:
    """What is not measured yet of all rounds, in the order in which it will be."""
    wanted = [
        (number, unit)
        for number in range(rounds)
        for unit in rotated(timed, number)
        if number == 0 or unit.kind not in ONCE
    ]
    missing = [each for each in wanted if not progress.has(*each)]
    if len(missing) < len(wanted):
        console.print(f"bench: going on after {len(wanted) - len(missing)} of {len(wanted)}")
    return missing


def _carry_out(
    engine: Engine,
    progress: Progress,
    missing: list[tuple[int, Unit]],
    made: object,
    rounds: int,
) -> None:
    began = time.monotonic()
    for count, (number, unit) in enumerate(missing):
        left = (time.monotonic() - began) / count * (len(missing) - count) if count else 0
        about = f", about {left / 60:.0f} min left" if count else ""
        at = f"{count + 1} of {len(missing)}{about}"
        with doing("bench", f"round {number + 1} of {rounds}, {unit.kind}, {unit.name} ({at})"):
            result = unit.measure(made)
        console.print(f"  [dim]{_said(result)}[/dim]", soft_wrap=True)
        progress.add(number, unit, result)
        # One round needs no more room, and may share its layers with what is built beside it.
        if rounds > 1:
            engine.prune()


def measure_pipelines(engine: Engine, rounds: int) -> dict:
    """Time the jobs of the pipelines, each on a fresh machine and then on a warm one."""
    with ci_bench.place(engine) as made:
        timed = [
            Unit("jobs", f"{job.kind} {job.name}", partial(_both, job), _hash(job.mark))
            for job in made.jobs
        ]
        progress = Progress(json.dumps(["pipelines", engine.versions]))
        _carry_out(engine, progress, _missing(progress, timed, rounds), made, rounds)
    rows = []
    for unit, job in zip(timed, made.jobs, strict=True):
        found = [progress.get(number, unit) for number in range(rounds)]
        row = {"name": unit.name, "title": ci_bench.TITLES[job.kind], "commands": job.lines}
        rows.append({**row, "runs": {name: merge_rounds(unit, name, found) for name in found[0]}})
    progress.done()
    return {"jobs": rows}


def _both(job: ci_bench.TimedJob, made: ci_bench.Place) -> dict:
    return {"fresh": {"seconds": made.fresh(job)}, "warm": {"seconds": made.warm(job)}}


def _said(result: dict) -> str:
    """The seconds of a unit, for the terminal."""
    timed = {name: each["seconds"] for name, each in result.items() if "seconds" in each}
    return ", ".join(f"{name} {seconds}" for name, seconds in timed.items())


def rotated(chosen: list[Unit], number: int) -> list[Unit]:
    """The units in another order each round, so that none is always first after another."""
    by = number * 2 % len(chosen)
    return chosen[by:] + chosen[:by]


def _content(progress: Progress, timed: list[Unit], rounds: int) -> dict:
    titles = {each.name: {"title": each.title} for each in contenders()}
    jobs = {"lint": bench.lint_jobs(), "sync": bench.sync_jobs()}
    content: dict = {}
    for unit in timed:
        said = titles
        if unit.kind in jobs:
            said = {job.name: {"title": job.title, "command": job.line} for job in jobs[unit.kind]}
        numbers = range(1 if unit.kind in ONCE else rounds)
        found = [progress.get(number, unit) for number in numbers]
        if unit.kind in ONCE:
            entry = found[0]["image"]
        else:
            entry = {"runs": {name: merge_rounds(unit, name, found) for name in found[0]}}
        content.setdefault(unit.kind, []).append({"name": unit.name, **said[unit.name], **entry})
    return content


def merge_rounds(unit: Unit, name: str, found: list[dict]) -> dict:
    runs = [each[name] for each in found]
    seconds = [each["seconds"] for each in runs]
    merged = {"seconds": statistics.median_low(seconds), "every_round": seconds}
    if "steps" in runs[0]:
        if any(_what_ran(each["steps"]) != _what_ran(runs[0]["steps"]) for each in runs):
            raise Problem(f"The rounds differ in what {unit.name!r} rebuilds after {name!r}.")
        merged["steps"] = layers.median_run(runs)["steps"]
    return merged


def _what_ran(steps: list[dict]) -> list[tuple[str, bool]]:
    return [(step["instruction"], step["cached"]) for step in steps]


# --- a slower line ---

# As a home or a small office has it.
LINE = {"rate": "50mbit", "delay": "30ms"}
NEAR = {"rate": "not shaped"}


@contextmanager
def shaped(engine: Engine, network: dict) -> Iterator[None]:
    """Make the line from this machine to its containers as slow as `network` says.

    With a private engine only. A kernel without netem can limit the rate but not delay: `network`
    then loses its delay, and the recording says so.
    """
    if "delay" not in network:
        yield
        return
    if not engine.private:
        raise Problem("A line can be shaped for a private engine only: stop the one that runs.")
    rate, delay = network["rate"], network["delay"]
    ways = [
        ["netem", "rate", rate, "delay", delay],
        ["tbf", "rate", rate, "burst", "64kb", "latency", "400ms"],
    ]
    for way in ways:
        command = ["tc", "qdisc", "replace", "dev", "docker0", "root", *way]
        if subprocess.run(command, capture_output=True).returncode == 0:
            break
    else:
        raise Problem("tc can shape no line here: the kernel has neither netem nor tbf.")
    if way[0] == "tbf":
        network["delay"] = "not added: this kernel has no netem"
    try:
        yield
    finally:
        undo = ["tc", "qdisc", "delete", "dev", "docker0", "root"]
        subprocess.run(undo, capture_output=True)


# --- what scripts/bench does ---

# On a slower line: who downloads most. The rest would be the same.
ON_THE_LINE = ("poetry-best", "pip", "pattern-a", "kept-venv")
# Step by step, for the explorer: those that people choose between.
IN_STEPS = ("poetry-usual", "poetry-best", "pattern-a", "pattern-c", "lock-stage")
QUICK = ("pattern-a-code-first", "floor")


def run(what: str, rounds: int) -> int:
    """Time and record what scripts/bench was asked for; returns its exit code."""
    with running_engine() as engine:
        if what in {"all", "builds"}:
            kinds = ["builds", "lint", "sync", "start", "images"]
            _record(engine, "bench", rounds, contenders(), kinds, dict(NEAR))
        if what in {"all", "runner"}:
            chosen = [contender(name) for name in bench.ON_A_RUNNER]
            _record(engine, "bench-runner", rounds, chosen, ["runner"], dict(NEAR))
        if what in {"all", "line"}:
            changes = ("cold", "dependency")
            chosen = [replace(contender(name), changes=changes) for name in ON_THE_LINE]
            _record(engine, "bench-line", rounds, chosen, ["builds"], dict(LINE))
        if what in {"all", "steps"}:
            chosen = [contender(name) for name in IN_STEPS]
            _record(engine, "bench-steps", rounds, chosen, ["builds"], dict(NEAR))
        if what in {"all", "pipelines"}:
            content = measure_pipelines(engine, rounds)
            origin = recording.provenance(engine, **tools())
            _write("bench-pipelines", {"recorded": origin, **content})
        if what == "quick":
            console.print_json(data=measure_quickly(engine))
    return 0


def measure_quickly(engine: Engine) -> dict:
    """One round of two contenders: to see that it works, not how long it takes."""
    chosen = [contender(name) for name in QUICK]
    finished = "pattern-a-uncompiled"
    return measure(engine, 1, chosen, ["builds"], dict(NEAR), finished=finished)


def _record(
    engine: Engine,
    name: str,
    rounds: int,
    chosen: list[Contender],
    kinds: list[str],
    network: dict,
) -> None:
    content = measure(engine, rounds, chosen, kinds, network)
    origin = recording.provenance(engine, **tools())
    _write(name, {"recorded": origin, "network": network, **content})


def _write(name: str, content: dict) -> None:
    path = recording.write(name, content)
    console.print(f"wrote {path.relative_to(ROOT)}")
