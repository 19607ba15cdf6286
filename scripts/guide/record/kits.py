"""Record every kit: each is applied to a new project, built, started and asked."""

import json
import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from guide import Problem
from guide.content.recording_types import KitsContent, RecordedKit
from guide.engine import stand_ins
from guide.engine.docker import Engine
from guide.kit.kits import Answers, KitFile, built_answers, kits
from guide.machine.commands import reason, stop_all
from guide.machine.progress import console, doing, time_left
from guide.record.kit_builder import SERVERS, KitBuilder, choice, kit_builder, label
from guide.record.kit_checks import ASKED
from guide.record.saved_results import ResultKey, SavedResults, fingerprint

# Kits mostly wait, so two are built at the same time.
_AT_A_TIME = 2
# The number of kits after which the build cache is pruned.
_PRUNED_AFTER = 20


class _Kit(NamedTuple):
    """A kit that is built, and the key of its result."""

    key: ResultKey
    answers: Answers
    files: list[KitFile]


def record_kits(engine: Engine) -> KitsContent:
    """Build every kit, and return the content of the recording.

    Reuses the results of an interrupted run. Prints a line about each kit that fails. If any
    fails, raises Problem at the end, so nothing is recorded.
    """
    subject = json.dumps([engine.versions, stand_ins.recipes_hash(), ASKED])
    saved = SavedResults[RecordedKit]("kits", subject)
    every = built_answers()
    with kit_builder(engine, SERVERS) as builder:
        recorded, failed = build_all(builder, every, saved)
    if failed:
        raise Problem(
            f"{len(failed)} of {len(every)} kits failed, so nothing is recorded. The reasons are "
            "above. Correct the kits, and run the command again: it builds only what is missing."
        )
    saved.delete()
    return {"asked": [*ASKED], "kits": recorded}


def build_all(
    builder: KitBuilder, every: list[Answers], saved: SavedResults[RecordedKit]
) -> tuple[list[RecordedKit], list[_Kit]]:
    """Build the kits without a saved result. Return all results, and the kits that failed."""
    contents = kits([choice(each, builder.urls) for each in every])
    pairs = zip(every, contents, strict=True)
    wanted = [_Kit(_key(answers, files), answers, files) for answers, files in pairs]
    missing = [kit for kit in wanted if saved.find(kit.key) is None]
    if len(missing) < len(wanted):
        console.print(f"kits: resuming after {len(wanted) - len(missing)} of {len(wanted)}")
    # Both threads need them.
    for layout in sorted({answers["layout"] for answers in every}):
        builder.new_project(layout)
    start = time.monotonic()

    def build(number: int, kit: _Kit) -> RecordedKit | None:
        left = time_left(start, number, len(missing))
        return _build(builder, kit, f"{number + 1} of {len(missing)}{left}")

    for number, (kit, result) in enumerate(_in_parallel(build, missing), 1):
        if result is not None:
            saved.add(kit.key, result)
        if number % _PRUNED_AFTER == 0:
            builder.engine.prune()
    results = [saved.find(kit.key) for kit in wanted]
    failed = [kit for kit, result in zip(wanted, results, strict=True) if result is None]
    return [result for result in results if result is not None], failed


def _in_parallel(
    build: Callable[[int, _Kit], RecordedKit | None], missing: list[_Kit]
) -> Iterable[tuple[_Kit, RecordedKit | None]]:
    """Yield kits with their results, in the order of the kits."""
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        try:
            yield from zip(missing, pool.map(build, range(len(missing)), missing), strict=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stop_all()
            raise


def _build(builder: KitBuilder, kit: _Kit, position: str) -> RecordedKit | None:
    """Build a kit, or print why it failed."""
    name = label(kit.answers)
    try:
        with doing("kits", f"{name} ({position})"):
            return builder.build(kit.answers, kit.files)
    # One kit that fails in an unexpected way must not end a run of hours.
    except (Problem, OSError, ValueError, LookupError) as problem:
        why = reason("\n".join(getattr(problem, "__notes__", [])))
        console.print(f"kits: {name} failed: {problem} {why}", markup=False, soft_wrap=True)
        return None


def _key(answers: Answers, files: list[KitFile]) -> ResultKey:
    """Return the key of a kit's result, which changes with its files."""
    # The addresses of the private servers change with each run.
    text = re.sub(r"http://[\d.]+", "", json.dumps(files))
    return ResultKey(round=0, kind="kit", name=label(answers), fingerprint=fingerprint(text))
