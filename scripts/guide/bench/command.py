"""Carry out scripts/bench: time contenders or pipeline jobs, and record the results."""

from dataclasses import dataclass, replace

from guide import ROOT
from guide.bench import pipelines
from guide.bench.rounds import Kind, Rounds, measure_contenders
from guide.bench.slow_network import SLOW, UNLIMITED
from guide.content.contenders import IN_EXPLORER, Contender, contender, contenders
from guide.content.recording_types import BenchRecording, Recording
from guide.engine.docker import Engine
from guide.engine.running import running_engine
from guide.machine.progress import console
from guide.record import recording

PIPELINES = "pipelines"


@dataclass(frozen=True)
class Subject:
    """Measurements of the same kinds, which one file records.

    If `contenders` is None, every contender with builds to time is measured. `changes` replaces the
    builds that are timed. With `is_slow`, the network is throttled. `quick` names the contenders of
    a quick check, if it leaves some out.
    """

    recording: str
    kinds: tuple[Kind, ...]
    contenders: tuple[str, ...] | None = None
    changes: tuple[str, ...] = ()
    is_slow: bool = False
    quick: tuple[str, ...] = ()

    def chosen(self, is_quick: bool = False) -> list[Contender]:
        """Return the contenders to measure."""
        names = self.quick if is_quick and self.quick else self.contenders
        if names is None:
            return [each for each in contenders() if each.changes]
        chosen = [contender(name) for name in names]
        return [replace(each, changes=self.changes or each.changes) for each in chosen]


SUBJECTS = {
    "builds": Subject("bench", ("builds",), quick=("status-pip", "pattern-a-floor")),
    "images": Subject(
        "bench-images",
        ("images",),
        (
            "shop-poetry-everything-first",
            "shop-poetry",
            "shop-poetry-compiled",
            "shop-pip",
            "shop-single-stage",
            "shop-single-stage-uncompiled",
            "shop-bind-mounts",
            "shop-lock-stage",
            "shop-kept-venv",
            "status-poetry-compiled",
            "pattern-a",
        ),
        quick=("shop-poetry-compiled",),
    ),
    # Commands run in the images of the package managers.
    "commands": Subject("bench-commands", ("lint", "sync"), ()),
    "start": Subject(
        "bench-start",
        ("start",),
        (
            "pattern-a",
            "status-without-standard-library",
            "status-whole-standard-library",
            "status-without-bytecode",
        ),
    ),
    "runner": Subject(
        "bench-runner",
        ("runner",),
        (
            "shop-poetry-compiled",
            "shop-pip",
            "shop-single-stage",
            "shop-bind-mounts",
            "status-poetry-compiled",
            "pattern-a",
        ),
        quick=("pattern-a",),
    ),
    # The other contenders would take as long as one of these.
    "line": Subject(
        "bench-line",
        ("builds",),
        (
            "shop-poetry-compiled",
            "shop-single-stage",
            "shop-no-mount",
            "shop-kept-venv",
            "status-poetry-compiled",
            "pattern-a",
        ),
        changes=("cold", "dependency"),
        is_slow=True,
        quick=("status-poetry-compiled", "pattern-a"),
    ),
    # The contenders that the rebuild explorer compares.
    "steps": Subject(
        "bench-steps",
        ("builds",),
        (
            "shop-poetry-everything-first",
            "shop-poetry",
            "shop-single-stage",
            "shop-bind-mounts",
            "shop-lock-stage",
        ),
        changes=IN_EXPLORER,
        quick=("shop-lock-stage",),
    ),
}


def run(subject: str, rounds: Rounds, is_quick: bool) -> int:
    """Measure one subject or all, record the results, and return the exit code.

    A quick check measures one round of a few contenders, prints the results and records nothing.
    """
    with running_engine() as engine:
        for each in [*SUBJECTS, PIPELINES] if subject == "all" else [subject]:
            if is_quick:
                console.print_json(data=measure(engine, each, Rounds(1, 1), is_quick))
            else:
                name = "bench-pipelines" if each == PIPELINES else SUBJECTS[each].recording
                path = recording.write_recording(name, measure(engine, each, rounds))
                console.print(f"wrote {path.relative_to(ROOT)}")
    return 0


def measure(engine: Engine, name: str, rounds: Rounds, is_quick: bool = False) -> Recording:
    """Measure one subject, and return the content of its recording."""
    if name == PIPELINES:
        return pipelines.measure_pipelines(engine, rounds.usual)
    return measure_subject(engine, SUBJECTS[name], rounds, is_quick)


def measure_subject(
    engine: Engine, subject: Subject, rounds: Rounds, is_quick: bool = False
) -> BenchRecording:
    """Measure a subject that times contenders, and return the content of its recording."""
    return measure_contenders(
        engine,
        f"{subject.recording}, quick" if is_quick else subject.recording,
        rounds,
        subject.chosen(is_quick),
        list(subject.kinds),
        SLOW if subject.is_slow else UNLIMITED,
    )
