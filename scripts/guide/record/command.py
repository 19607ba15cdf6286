"""Making the recordings under docs/data/."""

import json
from dataclasses import asdict

from guide import ROOT
from guide.ci import pipelines, renovate
from guide.content import claims, recordings, uv_options
from guide.content.contenders import AFTER, BEFORE, LAYERED
from guide.content.edits import edit
from guide.content.examples import Example, examples, variants
from guide.content.examples import example as find_example
from guide.content.tool_versions import poetry_version, tools
from guide.engine import transcripts
from guide.engine.docker import Engine
from guide.engine.isolated import IsolatedBuilder, isolated_builder
from guide.engine.running import running_engine
from guide.machine.progress import console
from guide.record import (
    card,
    command_map,
    installed_sets,
    layers,
    migration,
    recording,
    schemas,
    site_figures,
    traps,
    uv_versions,
)
from guide.start import environment as start
from guide.testing import session as testing

# Programs that building needs and running does not.
BUILD_TOOLS = ("uv", "pip", "git", "gcc")


def run(what: str, rounds: int, names: list[str]) -> int:
    """Record something of the named examples or claims, or of every one.

    A second Dockerfile of a project has no commands, being built by those of the first.
    Returns an exit code; raises Problem when there is no example or claim of a name.
    """
    if what == "claims":
        return _claims(names)
    if what == "uv-versions":
        return _uv_versions()
    if what == "migration":
        return _migration()
    if what == "pipelines":
        return _pipelines()
    if what == "renovate":
        return _renovate()
    if what == "card":
        return _card()
    if what == "site":
        return _site(rounds)
    if what == "schema":
        return _schema()
    with running_engine() as engine:
        wanted = [find_example(name) for name in names] or [*examples(), *variants()]
        for example in wanted:
            # What the edits of the shop cost is timed by scripts/bench.
            if what in {"layers", "all"} and example.name not in {AFTER, BEFORE, LAYERED}:
                _layers(engine, example, rounds)
            if what in {"runs", "all"}:
                _run(engine, example)
            if what in {"sets", "all"} and example.name == uv_options.EXAMPLE:
                sets = installed_sets.measure(engine, example)
                _save(engine, example, "sets", sets)
            if what in {"traps", "all"} and example.name in traps.TRAPS:
                _traps(engine, example)
    return 0


def _claims(names: list[str]) -> int:
    """Each claim records itself when its test is told to. A recording without a claim goes."""
    tests = [claims.claim(name).test for name in names] or [str(claims.TESTS)]
    code = testing.run(["--record-claims", *tests])
    for path in (recordings.DATA / "claims").glob("*.json"):
        if path.stem not in claims.claims():
            path.unlink()
    return code


def _uv_versions() -> int:
    origin = recording.provenance(None, uv=start.UV_VERSION)
    _write("uv-versions", origin, uv_versions.table())
    return 0


def _migration() -> int:
    """The move, and the table of commands."""
    with running_engine() as engine:
        _write("migration", recording.provenance(engine, **tools()), migration.recording(engine))
    origin = recording.provenance(None, **tools())
    _write("command-map", origin, command_map.command_map_recording())
    return 0


def _pipelines() -> int:
    with running_engine() as engine:
        uv = find_example(pipelines.TWO_SPEEDS).uv_version
        content = pipelines.recording(engine)
        _write("pipelines", recording.provenance(engine, uv=uv), content)
    return 0


def _renovate() -> int:
    origin = recording.provenance(None, renovate=renovate.VERSION)
    _write("renovate", origin, renovate.recording(find_example(pipelines.TWO_SPEEDS)))
    return 0


def _card() -> int:
    for path in card.draw():
        console.print(f"wrote {path.relative_to(ROOT)}")
    return 0


def _schema() -> int:
    for path in schemas.write():
        console.print(f"wrote {path.relative_to(ROOT)}")
    return 0


def _site(rounds: int) -> int:
    content = site_figures.recording(rounds)
    tools = {"lighthouse": site_figures.LIGHTHOUSE, "chromium": content.pop("chromium")}
    origin = recording.provenance(None, **tools)
    _write("site", {**origin, "machine": site_figures.machine()}, content)
    return 0


def _write(name: str, origin: dict, content: dict) -> None:
    path = recording.write(name, {"recorded": origin, **content})
    console.print(f"wrote {path.relative_to(ROOT)}")


def _save(engine: Engine, example: Example, kind: str, content: dict) -> None:
    with_uv = {"uv": example.uv_version} if example.has_uv else {}
    origin = recording.provenance(engine, **(with_uv or {"poetry": poetry_version(example)}))
    _write(f"{kind}/{example.name}", origin, content)


def _layers(engine: Engine, example: Example, rounds: int) -> None:
    measured = []
    for number in range(rounds):
        console.print(f"{example.name}: round {number + 1} of {rounds}")
        with isolated_builder(engine, example) as builder:
            measured.append(layers.build_after_edits(builder))
        engine.prune()
    _save(engine, example, "layers", {"builds": layers.recorded_builds(measured)})


def _traps(engine: Engine, example: Example) -> None:
    with isolated_builder(engine, example) as builder:
        builder.build()
        _save(engine, example, "traps", {"traps": traps.run_traps(builder)})


def _run(engine: Engine, example: Example) -> None:
    commands = []
    if example.dockerfile == "Dockerfile":
        with transcripts.project_copy(engine, example) as project:
            project.follow_readme()
            commands = [asdict(command) for command in project.commands]
    with isolated_builder(engine, example) as builder:
        image = builder.build().tag
        base_image = example.parsed.stages[0].base
        built, base = (_inspect(engine, name) for name in (image, base_image))
        content = {
            "commands": commands,
            "packages": traps.packages(engine, image),
            # Bytes, as the engine counts them.
            "image_size": built["Size"],
            "base_image_size": base["Size"],
            "layers": len(built["RootFS"]["Layers"]) - len(base["RootFS"]["Layers"]),
            # Bytes of each program that is in the image and not needed to run.
            "build_tools": _sizes(engine, image),
            "stage_sizes": {
                stage.name: _stage_size(builder, stage.name)
                for stage in example.parsed.stages
                if stage.is_named
            },
            "view_edit_size": layers.pushed_bytes(engine, image, builder.build(edit("view")).tag),
        }
    _save(engine, example, "runs", content)


def _inspect(engine: Engine, image: str) -> dict:
    return json.loads(engine.docker("image", "inspect", image).stdout)[0]


def _stage_size(builder: IsolatedBuilder, stage: str) -> int:
    return _inspect(builder.engine, builder.build(None, None, "--target", stage).tag)["Size"]


def _sizes(engine: Engine, image: str) -> dict[str, int]:
    look = 'for each; do at=$(command -v "$each") && stat -L -c "$each %s" "$at"; done; true'
    rows = engine.run(image, "sh", "-c", look, "sh", *BUILD_TOOLS).stdout.splitlines()
    return {name: int(size) for name, size in (row.split() for row in rows)}
