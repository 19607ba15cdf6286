"""Record what happens without each line or setting of an example's files.

Each item is removed from a copy of the example, and the probe that its outcome names is run on the
copy and, once, on the unchanged example. The differences between the two sets of facts must contain
what the outcome states. All builds of an example share their base images, layers and cache mounts,
so a build runs only the steps below the removed line. The results are saved item by item, and a
run that was interrupted continues with the next item.

Most traps of `guide.record.traps` are cases of this. They stay there until pages read these
recordings:

no-prod-group, default-groups, frozen, no-library, not-required, require-hashes
    are items: `--group prod`, `--no-default-groups`, `--locked`, a package of apt-get,
    `required=true` and `--require-hashes`.
stale-lock, newer-python, no-token
    are the unchanged examples after the edits "unlocked", "newer-python" and "no-token".
all-extras, old-code
    replace a line by a wrong one. They would be entries of `DEFAULTS` in
    `guide.content.line_items`, with the probe "image" and the probe "rebuild after view".
wrong-token, no-server, port, and the changes to a kept environment
    change the surroundings of a build and not a file. They remain traps.
"""

import hashlib
import json
import re
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypedDict

from guide import Problem
from guide.content import line_outcomes
from guide.content.contenders import PATTERN_A
from guide.content.edits import copy as copy_example
from guide.content.examples import Example
from guide.content.examples import example as find_example
from guide.content.line_items import Item, file_text, items
from guide.content.line_outcomes import Outcome
from guide.content.recording_types import LinesContent, RecordedLine
from guide.engine import stand_ins
from guide.engine.docker import ALL_RUNS_PREFIX, Engine
from guide.engine.isolated import IsolatedBuilder, isolated_builder
from guide.engine.transcripts import ProjectCopy
from guide.machine.commands import stop_all
from guide.machine.progress import console, doing, time_left
from guide.record import line_pipelines, line_services
from guide.record.line_builds import Trial, build_facts
from guide.record.line_checks import check_facts, tools_facts
from guide.record.line_edits import LockFailed, no_uv, removing, situation
from guide.record.line_facts import STOPS, Facts, differences, stopped
from guide.record.line_pipelines import Runners, job_of
from guide.record.saved_results import ResultKey, SavedResults, fingerprint

# What no program reads.
_FOR_PEOPLE = {"project.description"}
# The number of matching differences of an item that its recording shows.
_SHOWN = 3
# The probes whose facts about the unchanged example are recorded, except thousands of files, and
# the output of the README's commands, which is in runs/.
_KEPT = (line_outcomes.IMAGE, line_outcomes.SERVICE)
_MANY = re.compile(r"(\w+ )?file /|readme |log: ")
# The edits that change lines near the item, even if it is not removed.
_ABOUT_THE_ITEM = {"unlocked-here", "unlocked-online"}
# Probes that mostly wait, and how many of them run at the same time.
_WAITING = {
    *(line_outcomes.CONTAINER, line_outcomes.SERVICE, line_outcomes.STOP, line_outcomes.WATCH),
}
_AT_A_TIME = 2
# The number of items after which the build cache is pruned.
_PRUNED_AFTER = 20


class SavedLine(TypedDict, total=False):
    """A saved result: the recording of an item, or the facts about the unchanged example."""

    line: RecordedLine
    facts: Facts


def has_lines(example: Example) -> bool:
    """Return whether the lines of an example are recorded.

    They are those of the patterns. Most lines of the whole service are also in Pattern A or B.
    """
    is_pattern = not example.project.startswith(("migration/", "whole-service"))
    is_pattern = is_pattern and not example.member
    return is_pattern and example.patch is None


def lines_of(example: Example) -> list[Item]:
    """Return the items of an example that must have an outcome."""
    return [
        each
        for each in items(example)
        if each.key not in _FOR_PEOPLE
        and not _is_recorded_elsewhere(example, each.file)
        and not _runs_jobs(example, each)
    ]


def _runs_jobs(example: Example, item: Item) -> bool:
    """Return whether an item of a pipeline needs its jobs, which are not recorded yet."""
    if not line_pipelines.is_pipeline(item.file):
        return False
    return line_outcomes.outcome_of(example.name, item).probe.kind == line_outcomes.JOBS


def _is_recorded_elsewhere(example: Example, file: str) -> bool:
    """Return whether a file is the same as that of Pattern A, whose lines are recorded there."""
    if example.name == PATTERN_A or file == "Dockerfile":
        return False
    same = find_example(PATTERN_A).folder / file
    return same.exists() and same.read_bytes() == (example.folder / file).read_bytes()


def record_lines(engine: Engine, example: Example) -> LinesContent:
    """Run the probe of every item of an example, and return the content of its recording.

    Reuses the results of an interrupted run. Prints a line about each item whose differences are
    not as its outcome states. If there is any, raises Problem at the end, so nothing is recorded.
    """
    subject = [example.name, engine.versions, stand_ins.recipes_hash(), _files_hash(example)]
    saved = SavedResults[SavedLine]("lines", json.dumps(subject))
    wanted = [(item, line_outcomes.outcome_of(example.name, item)) for item in lines_of(example)]
    with observer(engine, example, saved) as observing:
        wrong = observe_all(observing, wanted)
    if wrong:
        raise Problem(
            f"{len(wrong)} of {len(wanted)} lines of {example.name} have another outcome than "
            f"line_outcomes.toml states. Correct the outcome, the line or the probe: {wrong[0]}"
        )
    content = observing.content(wanted)
    saved.delete()
    return content


def observe_all(observing: "Observer", wanted: list[tuple[Item, Outcome]]) -> list[str]:
    """Save the results that are missing, and return the lines about wrong outcomes."""
    example, saved = observing.builder.example, observing.saved
    missing = [each for each in wanted if saved.find(saved_key(example, *each)) is None]
    if len(missing) < len(wanted):
        console.print(f"lines: resuming after {len(wanted) - len(missing)} of {len(wanted)}")
    start, wrong, count = time.monotonic(), [], 0
    for batch in batches(example, missing):
        position = f"{count + 1} of {len(missing)}{time_left(start, count, len(missing))}"
        observed = _differences(observing, batch, position)
        for (item, outcome), lines in zip(batch, observed, strict=True):
            matching = [each for each in lines if re.search(outcome.says, each)]
            if matching:
                line = recorded_line(example, item, outcome, matching)
                saved.add(saved_key(example, item, outcome), {"line": line})
            else:
                wrong.append(surprise(item, outcome, lines))
                console.print(f"lines: {wrong[-1]}", soft_wrap=True)
        if count // _PRUNED_AFTER < (count + len(batch)) // _PRUNED_AFTER:
            observing.builder.engine.prune()
        count += len(batch)
    return wrong


def batches(
    example: Example, missing: list[tuple[Item, Outcome]]
) -> Iterator[list[tuple[Item, Outcome]]]:
    """Yield the items whose probes run at the same time: those that wait, and each other one.

    The service for health checks keeps running, so health checks come last.
    """
    waiting = [each for each in missing if each[1].probe.kind in _WAITING]
    health = [each for each in missing if each[1].probe.kind == line_outcomes.HEALTH]
    yield from ([each] for each in missing if each not in waiting and each not in health)
    # A private server has a fixed port.
    size = _AT_A_TIME if example.private_server is None else 1
    yield from (waiting[start : start + size] for start in range(0, len(waiting), size))
    yield from ([each] for each in health)


def _differences(
    observing: "Observer", batch: list[tuple[Item, Outcome]], position: str
) -> list[list[str]]:
    """Observe items at the same time, and return the differences that each makes."""

    def observe(item: Item, outcome: Outcome) -> list[str]:
        name = observing.builder.example.name
        with doing("lines", f"{name}: {item.file} without {item.key} ({position})"):
            return observing.differences(item, outcome)

    for item, outcome in batch:
        observing.prepare(item, outcome)
    if len(batch) == 1:
        return [observe(*batch[0])]
    with ThreadPoolExecutor(len(batch)) as pool:
        try:
            return [*pool.map(observe, *zip(*batch, strict=True))]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stop_all()
            raise


def saved_key(example: Example, item: Item, outcome: Outcome) -> ResultKey:
    """Return the key of an item's result, which changes with its text and its outcome."""
    content = repr((outcome.says, item_text(example, item), item.replacement))
    name = f"{item.file}: {item.key}"
    return ResultKey(round=0, kind=str(outcome.probe), name=name, fingerprint=fingerprint(content))


def _files_hash(example: Example) -> str:
    """Return a hash of an example's files."""
    digest = hashlib.sha256(example.dockerfile_text.encode())
    for path in example.files:
        digest.update(f"{path}\0".encode() + (example.folder / path).read_bytes())
    return digest.hexdigest()


def recorded_line(
    example: Example, item: Item, outcome: Outcome, matching: list[str]
) -> RecordedLine:
    """Return the recording of an item whose differences match its outcome."""
    return {
        "file": item.file,
        "item": item.key,
        "text": item_text(example, item),
        "replacement": item.replacement,
        "probe": str(outcome.probe),
        "differences": [_repeatable(each) for each in matching[:_SHOWN]],
    }


def _repeatable(difference: str) -> str:
    """Return a difference without the parts that are different in every run."""
    for pattern in _DIFFERENT_EACH_TIME:
        difference = re.sub(pattern, "", difference)
    return difference


# Folders of copies, names that Compose makes of the run, and the seconds of pytest.
_DIFFERENT_EACH_TIME = (
    r"[^\s']*/guide-(?:layers|lines)-\w+/(?:tmp\w+/)?[^\s/':]*/?",
    rf"{ALL_RUNS_PREFIX}[0-9a-f]+-(?:[0-9a-f]{{8}}-)?",
    r"=+ | in [\d.]+s =+",
)


def item_text(example: Example, item: Item) -> str:
    """Return the text of an item in its file."""
    return file_text(example, item.file)[item.start : item.end].strip("\n")


def why_outdated(example: Example, recorded: list[RecordedLine]) -> list[str]:
    """Return how the recorded lines of an example differ from its items and their outcomes."""
    by_item = {(line["file"], line["item"]): line for line in recorded}
    reasons = []
    for item in lines_of(example):
        outcome = line_outcomes.outcome_of(example.name, item)
        line = by_item.pop((item.file, item.key), None)
        if line is None:
            reasons.append(f"{item.file}: {item.key} is not recorded")
        elif line["text"] != item_text(example, item):
            reasons.append(f"{item.file}: {item.key} has changed")
        elif not any(re.search(outcome.says, each) for each in line["differences"]):
            reasons.append(f"{item.file}: {item.key} has another outcome than is stated")
    return reasons + [f"{file}: {item} does not exist" for file, item in by_item]


def surprise(item: Item, outcome: Outcome, lines: list[str]) -> str:
    """Return a line about an item whose differences do not match its outcome."""
    shown = "; ".join(each[:300] for each in lines[:_SHOWN]) or "nothing"
    return (
        f"{item.file} without {item.key!r}: the probe {str(outcome.probe)!r} must show "
        f"{outcome.says!r}, but {shown} differs"
    )


# --- observing ---


@dataclass
class Observer:
    """Runs the probes on an example without one of its items, or with none removed.

    The facts about the unchanged example are kept, because many items need the same.
    """

    builder: IsolatedBuilder
    stack: ExitStack
    saved: SavedResults[SavedLine]
    # A folder that the copies of the example share.
    work: Path
    runners: Runners
    _unchanged: dict[str, Facts] = field(default_factory=dict)
    _running: tuple[ProjectCopy, str] | None = None

    def prepare(self, item: Item, outcome: Outcome) -> None:
        """Observe the unchanged example, unless that has been done for an equal trial."""
        trial = Trial(self.builder.example, item, outcome.probe, is_removed=False)
        key = unchanged_key(trial)
        if key in self._unchanged:
            return
        with doing("lines", f"{self.builder.example.name}: unchanged, {key}"):
            self._unchanged[key] = must_work(trial, self._facts(trial))
        if trial.probe.kind in _KEPT:
            facts = self._unchanged[key].items()
            kept = {name: value for name, value in facts if not _MANY.match(name)}
            self.saved.discard(_unchanged_key(key))
            self.saved.add(_unchanged_key(key), {"facts": kept})

    def differences(self, item: Item, outcome: Outcome) -> list[str]:
        """Return the facts of a probe that differ without an item.

        The unchanged example must have been observed.
        """
        trial = Trial(self.builder.example, item, outcome.probe, is_removed=True)
        return differences(self._unchanged[unchanged_key(trial)], self._facts(trial))

    def content(self, wanted: list[tuple[Item, Outcome]]) -> LinesContent:
        """Return the content of the recording, after all items have been observed."""
        example = self.builder.example
        unchanged: Facts = {}
        lines = []
        for item, outcome in wanted:
            result = self.saved.find(saved_key(example, item, outcome))
            if result is None:
                raise AssertionError(f"{item.key} has not been observed.")
            lines.append(result["line"])
            key = unchanged_key(Trial(example, item, outcome.probe, is_removed=False))
            if facts := self.saved.find(_unchanged_key(key)):
                unchanged |= facts["facts"]
        return {"unchanged": dict(sorted(unchanged.items())), "lines": lines}

    def _facts(self, trial: Trial) -> Facts:
        kind = trial.probe.kind
        if kind == line_outcomes.HEALTH:
            return self._health(trial)
        if kind not in _RESULTS:
            return build_facts(self.builder, trial)
        try:
            if kind == line_outcomes.TOOLS:
                return tools_facts(self.builder, trial.removed)
            with self._copy(trial) as folder:
                return self._facts_of_copy(trial, folder)
        except LockFailed as problem:
            return {"lock": stopped(problem)}
        except (Problem, OSError) as problem:
            # A service that has stopped refuses connections.
            return {_RESULTS[kind]: stopped(problem)}

    def _facts_of_copy(self, trial: Trial, folder: Path) -> Facts:
        kind = trial.probe.kind
        if kind in line_pipelines.PROBES:
            return self.runners.facts(folder, trial.item, kind)
        is_new = trial.probe.after == "new-runner"
        builder = self.builder.on_new_runner() if is_new else self.builder
        if kind in _SERVICES:
            production = line_services.is_production(trial.example, trial.item)
            return _SERVICES[kind](builder, folder, production)
        return check_facts(builder, folder, self.work, kind)

    def _health(self, trial: Trial) -> Facts:
        """Run the health check without an item against services, of which one is kept running."""
        if self._running is None:
            folder = self.stack.enter_context(self._copy(replace(trial, is_removed=False)))
            self._running = self.stack.enter_context(
                line_services.running_service(self.builder, folder)
            )
        text = (trial.example.folder / trial.item.file).read_text()
        script = trial.item.without(text) if trial.is_removed else text
        return line_services.health_facts(*self._running, script)

    @contextmanager
    def _copy(self, trial: Trial) -> Iterator[Path]:
        """Yield a copy of the example after the probe's edit, without the item if it is removed."""
        example, after = trial.example, trial.probe.after
        change = situation(after, example).change if after else None
        with tempfile.TemporaryDirectory(prefix="guide-lines-") as temporary:
            folder = copy_example(example, Path(temporary) / example.name)
            (folder / "Dockerfile").write_text(example.dockerfile_text)
            removing(trial.removed, change).apply(folder, self.builder.uv or no_uv)
            yield folder


_SERVICES = {
    line_outcomes.CONFIG: line_services.compose_settings,
    line_outcomes.SERVICE: line_services.service_facts,
    line_outcomes.STOP: line_services.stop_facts,
    line_outcomes.WATCH: line_services.watch_facts,
}
# The fact that says that a probe has failed, for each probe that does not only build.
_RESULTS = {
    **dict.fromkeys(_SERVICES, "service"),
    **dict.fromkeys(line_pipelines.PROBES, "pipeline"),
    line_outcomes.LAPTOP: "sync",
    line_outcomes.TESTS: "tests",
    line_outcomes.TYPES: "check with mypy",
    line_outcomes.TOOLS: "build",
}


@contextmanager
def observer(
    engine: Engine, example: Example, saved: SavedResults[SavedLine]
) -> Iterator[Observer]:
    """Yield an observer of an example. Its builds and services are removed at the end."""
    with ExitStack() as stack:
        builder = stack.enter_context(isolated_builder(engine, example))
        work = stack.enter_context(tempfile.TemporaryDirectory(prefix="guide-lines-"))
        runners = Runners(engine, example, stack)
        yield Observer(builder, stack, saved, Path(work), runners)


# --- pure parts ---


def unchanged_key(trial: Trial) -> str:
    """Return a text that is the same for trials for which the unchanged example has equal facts."""
    item, probe = trial.item, trial.probe
    parts = [str(probe)]
    if probe.kind in _SERVICES:
        parts.append("production" if line_services.is_production(trial.example, item) else "")
    elif probe.kind in line_pipelines.PROBES:
        parts += [item.file, job_of(item) if probe.kind == line_outcomes.JOBS else ""]
    elif probe.kind == line_outcomes.STAGE:
        parts.append(item.stage)
    elif probe.kind == line_outcomes.TIME or probe.after in _ABOUT_THE_ITEM:
        parts.append(item.key)
    elif probe.kind in {line_outcomes.BUILD, line_outcomes.IMAGE, line_outcomes.REBUILD}:
        parts += [prefix for prefix, _ in trial.targets]
    return ", ".join(parts)


def _unchanged_key(name: str) -> ResultKey:
    return ResultKey(round=0, kind="unchanged", name=name, fingerprint="")


def must_work(trial: Trial, facts: Facts) -> Facts:
    """Return the facts about an unchanged example. Raises Problem if it does not work.

    After an edit, a build may stop.
    """
    stops = [f"{name}: {value}" for name, value in facts.items() if value.startswith(STOPS)]
    if stops and not trial.probe.after:
        raise Problem(
            f"The unchanged example does not pass the probe {trial.probe.kind!r}: {stops[0]}"
        )
    return facts
