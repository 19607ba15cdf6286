"""Record the steps that each edit rebuilds, and the steps that come from BuildKit's cache."""

import json
import tarfile
import tempfile

from guide import Problem
from guide.content.edits import (
    CODE_FIRST,
    CODE_FIRST_IN,
    EDITS,
    WORKSPACE_EDITS,
    Edit,
    code_first,
    edit,
    edits_of,
)
from guide.content.recording_types import RecordedBuild, RecordedStep
from guide.engine.build import Build
from guide.engine.docker import Engine
from guide.engine.isolated import IsolatedBuilder


def build_after_edits(
    builder: IsolatedBuilder, edits: list[Edit] | None = None, *arguments: str
) -> dict[str, Build]:
    """Build without a cache, then after each edit. Return the builds keyed by the edit's name.

    The builder must be new. By default, all edits of its example are made. One example is also
    built with its code copied first, after an edited view. `arguments` are passed to the builds
    after an edit.
    """
    builds = {"cold": builder.build()}
    if edits is None:
        edits = edits_of(builder.example)
    builds |= {each.name: builder.build(each, None, *arguments) for each in edits}
    if builder.example.name == CODE_FIRST_IN:
        swapped = code_first(builder.example.dockerfile_text)
        builder.build(None, swapped, *arguments)
        builds[CODE_FIRST] = builder.build(edit("view"), swapped, *arguments)
    return builds


def pushed_bytes(engine: Engine, before: str, after: str) -> int:
    """Return the bytes that pushing `after` sends to a registry that already has `before`."""
    present = _layer_sizes(engine, before)
    layers = _layer_sizes(engine, after)
    return sum(size for digest, size in layers.items() if digest not in present)


def _layer_sizes(engine: Engine, image: str) -> dict[str, int]:
    """Return the sizes of an image's layers in `docker save`, keyed by the layer's digest."""
    with tempfile.TemporaryDirectory(prefix="guide-save-") as folder:
        engine.docker("save", "--output", f"{folder}/image.tar", image)
        with tarfile.open(f"{folder}/image.tar") as archive:
            manifest = json.loads(_read(archive, "manifest.json"))[0]
            config = json.loads(_read(archive, manifest["Config"]))
            sizes = [archive.getmember(path).size for path in manifest["Layers"]]
    return dict(zip(config["rootfs"]["diff_ids"], sizes, strict=True))


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise Problem(f"The archive that docker save wrote does not contain the file {name}.")
    return file.read()


def recorded_builds(rounds: list[dict[str, Build]]) -> list[RecordedBuild]:
    """Return the recorded builds from several rounds of `build_after_edits`.

    Seconds are medians, next to the values of every round. Raises Problem if the rounds differ in
    the steps that came from the cache.
    """
    titles = {"cold": "Cold build", CODE_FIRST: "Edit a view, code copied first"}
    titles |= {each.name: each.title for each in EDITS} | WORKSPACE_EDITS
    return [
        _recorded_build(name, titles[name], [each[name] for each in rounds]) for name in rounds[0]
    ]


def _recorded_build(name: str, title: str, builds: list[Build]) -> RecordedBuild:
    if len({tuple(step_states(build)) for build in builds}) != 1:
        raise Problem(f"The rounds differ in the steps that {name!r} rebuilds. Record again.")
    if any(step.started + step.seconds > build.seconds for build in builds for step in build.steps):
        raise Problem(f"A step of {name!r} ended after its build: the clock changed. Record again.")
    seconds = [round(build.seconds, 2) for build in builds]
    median = median_index(seconds)
    return {
        "name": name,
        "title": title,
        "seconds": seconds[median],
        "every_round": seconds,
        "prepared": builds[0].prepared,
        "steps": recorded_steps(builds[median]),
    }


def median_index(seconds: list[float]) -> int:
    """Return the index of the round with the median time. The number of rounds must be odd.

    The steps of that round are recorded, because medians of single steps would not add up.
    """
    return sorted(range(len(seconds)), key=lambda number: seconds[number])[len(seconds) // 2]


def recorded_steps(build: Build) -> list[RecordedStep]:
    """Return the steps of a build for a recording, with times in hundredths of a second."""
    return [
        {
            "stage": step.stage,
            "instruction": step.instruction,
            "cached": step.cached,
            "seconds": round(step.seconds, 2),
            "started": round(step.started, 2),
            "after": [*step.after],
        }
        for step in build.steps
    ]


def step_states(build: Build) -> list[tuple[str, bool]]:
    """Return each instruction and whether it was cached, which must not differ between builds."""
    return [(step.instruction, step.cached) for step in build.steps]


def recorded_step_states(steps: list[RecordedStep]) -> list[tuple[str, bool]]:
    """Return the step states of a recorded build."""
    return [(step["instruction"], step["cached"]) for step in steps]
