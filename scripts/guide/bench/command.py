"""Carry out scripts/bench: time contenders or pipeline jobs, and record the results."""

from collections.abc import Callable
from dataclasses import replace

from guide import ROOT
from guide.bench import pipelines, runner
from guide.bench.rounds import Kind, measure_contenders
from guide.bench.slow_network import SLOW, UNLIMITED
from guide.content.contenders import Contender, contender, contenders
from guide.content.recording_types import BenchRecording, Network, Recording
from guide.engine.docker import Engine
from guide.engine.running import running_engine
from guide.machine.progress import console
from guide.record import recording

# The contenders that are timed on a slow network. The others would take as long as one of these.
ON_SLOW_NETWORK = ("poetry-best", "pip", "pattern-a", "kept-venv")
# The contenders that the rebuild explorer compares.
FOR_EXPLORER = ("poetry-usual", "poetry-best", "pattern-a", "pattern-c", "lock-stage")
QUICK = ("pattern-a-code-first", "floor")


def run(subject: str, rounds: int) -> int:
    """Measure one subject or all, record the results, and return the exit code."""
    with running_engine() as engine:
        if subject == "quick":
            console.print_json(data=measure_quickly(engine))
            return 0
        for each in SUBJECTS if subject == "all" else [subject]:
            SUBJECTS[each](engine, rounds)
    return 0


def measure_quickly(engine: Engine) -> BenchRecording:
    """Measure one round of two contenders, as a check that everything works."""
    chosen = [contender(name) for name in QUICK]
    return measure_contenders(engine, 1, chosen, ["builds"], UNLIMITED, "pattern-a-uncompiled")


def _builds(engine: Engine, rounds: int) -> None:
    kinds: list[Kind] = ["builds", "lint", "sync", "start", "images"]
    _record(engine, "bench", rounds, contenders(), kinds)


def _runner(engine: Engine, rounds: int) -> None:
    chosen = [contender(name) for name in runner.CONTENDERS]
    _record(engine, "bench-runner", rounds, chosen, ["runner"])


def _slow_network(engine: Engine, rounds: int) -> None:
    changes = ("cold", "dependency")
    chosen = [replace(contender(name), changes=changes) for name in ON_SLOW_NETWORK]
    _record(engine, "bench-line", rounds, chosen, ["builds"], SLOW)


def _steps(engine: Engine, rounds: int) -> None:
    chosen = [contender(name) for name in FOR_EXPLORER]
    _record(engine, "bench-steps", rounds, chosen, ["builds"])


def _pipelines(engine: Engine, rounds: int) -> None:
    _write("bench-pipelines", pipelines.measure_pipelines(engine, rounds))


SUBJECTS: dict[str, Callable[[Engine, int], None]] = {
    "builds": _builds,
    "runner": _runner,
    "line": _slow_network,
    "steps": _steps,
    "pipelines": _pipelines,
}


def _record(
    engine: Engine,
    name: str,
    rounds: int,
    chosen: list[Contender],
    kinds: list[Kind],
    network: Network = UNLIMITED,
) -> None:
    _write(name, measure_contenders(engine, rounds, chosen, kinds, network))


def _write(name: str, content: Recording) -> None:
    path = recording.write_recording(name, content)
    console.print(f"wrote {path.relative_to(ROOT)}")
