"""Record what each edit rebuilds: the steps that ran and the steps from BuildKit's cache."""

import json
import tarfile
import tempfile
from dataclasses import asdict

from guide import Problem
from guide.content.edits import CODE_FIRST, CODE_FIRST_IN, EDITS, Edit, code_first, edit
from guide.engine.build import Build
from guide.engine.docker import Engine
from guide.engine.isolated import IsolatedBuilder


def build_after_edits(
    builder: IsolatedBuilder, edits: list[Edit] = EDITS, *arguments: str
) -> dict[str, Build]:
    """Build without a cache and then after each edit. Return the builds by the edit's name.

    The builder must not have built anything before. One example is also built with the code copied
    first, after an edited view. `arguments` are those of the builds after an edit.
    """
    builds = {"cold": builder.build()}
    builds |= {each.name: builder.build(each, None, *arguments) for each in edits}
    if builder.example.name == CODE_FIRST_IN:
        swapped = code_first(builder.example.dockerfile_text)
        builder.build(None, swapped, *arguments)
        builds[CODE_FIRST] = builder.build(edit("view"), swapped, *arguments)
    return builds


def pushed_bytes(engine: Engine, before: str, after: str) -> int:
    """Bytes that a push of the image `after` sends to a registry that has the image `before`."""
    present = _layer_sizes(engine, before)
    layers = _layer_sizes(engine, after)
    return sum(size for digest, size in layers.items() if digest not in present)


def _layer_sizes(engine: Engine, image: str) -> dict[str, int]:
    """The size of each layer of an image by the digest of its content, from `docker save`."""
    with tempfile.TemporaryDirectory(prefix="guide-save-") as folder:
        engine.docker("save", "--output", f"{folder}/image.tar", image)
        with tarfile.open(f"{folder}/image.tar") as archive:
            manifest = _read_json(archive, "manifest.json")[0]
            config = _read_json(archive, manifest["Config"])
            sizes = [archive.getmember(path).size for path in manifest["Layers"]]
    return dict(zip(config["rootfs"]["diff_ids"], sizes, strict=True))


def _read_json(archive: tarfile.TarFile, name: str):
    file = archive.extractfile(name)
    if file is None:
        raise Problem(f"docker save wrote an archive in which {name} is no file.")
    return json.load(file)


def layers_recording(rounds: list[dict[str, Build]]) -> dict:
    """The content of a recording from several rounds of `build_after_edits`.

    Seconds are medians, beside those of every round. Raises Problem if the rounds differ in which
    steps came from the cache.
    """
    titles = {"cold": "Cold build", CODE_FIRST: "Edit a view, code copied first"}
    titles |= {each.name: each.title for each in EDITS}
    builds = []
    for name in rounds[0]:
        runs = [each[name] for each in rounds]
        if len({tuple(step_states(run)) for run in runs}) != 1:
            raise Problem(f"The rounds differ in what {name!r} rebuilds. Record again.")
        timed = [{"seconds": round(run.seconds, 2), "steps": recorded_steps(run)} for run in runs]
        median = median_run(timed)
        builds.append(
            {
                "name": name,
                "title": titles[name],
                "seconds": median["seconds"],
                "every_round": [each["seconds"] for each in timed],
                "prepared": runs[0].prepared,
                "steps": median["steps"],
            }
        )
    return {"builds": builds}


def median_run(runs: list[dict]) -> dict:
    """Of one build in several rounds, the round that took the median time.

    Its steps are recorded as they ran. Medians of single steps would add up to no real build.
    """
    return sorted(runs, key=lambda run: run["seconds"])[(len(runs) - 1) // 2]


def recorded_steps(build: Build) -> list[dict]:
    """The steps of a build as recordings have them, in hundredths of a second."""
    return [
        {**asdict(step), "seconds": round(step.seconds, 2), "started": round(step.started, 2)}
        for step in build.steps
    ]


def step_states(build: Build) -> list[tuple[str, bool]]:
    """What must not change from build to build: each instruction, and whether it was cached."""
    return [(step.instruction, step.cached) for step in build.steps]


def recorded_step_states(content: dict) -> dict[str, list[tuple[str, bool]]]:
    """The step states of each build in a recording, by the name of the edit."""
    return {
        each["name"]: [(step["instruction"], step["cached"]) for step in each["steps"]]
        for each in content["builds"]
    }
