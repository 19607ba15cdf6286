"""Run scripts/record: write the recordings in docs/data/."""

from collections.abc import Callable, Mapping

from guide import ROOT, Problem
from guide.ci import pipelines, renovate
from guide.content import claims, recordings, uv_options
from guide.content.contenders import AFTER, BEFORE, LAYERED, PATTERN_A
from guide.content.examples import Example, every_example
from guide.content.examples import example as find_example
from guide.content.recording_types import Provenance
from guide.content.tool_versions import poetry_version, tools
from guide.engine.docker import Engine
from guide.engine.isolated import isolated_builder
from guide.engine.running import running_engine
from guide.machine.progress import console
from guide.record import (
    card,
    command_map,
    command_options,
    dev_loop,
    installed_sets,
    kits,
    layers,
    lines,
    migration,
    option_grammar,
    recording,
    runs,
    schemas,
    site_figures,
    traps,
    uv_versions,
)
from guide.start.environment import UV_VERSION
from guide.testing import session


def run(subject: str, rounds: int, names: list[str]) -> int:
    """Record a subject and return an exit code.

    `names` are examples or claims. If it is empty, all are recorded. Raises Problem if a name does
    not exist.
    """
    if subject == "claims":
        return _claims(names)
    if subject == "uv-versions":
        _uv_versions(names)
    elif subject in OF_EXAMPLES or subject == "all":
        subjects = [OF_EXAMPLES[each] for each in (ALL if subject == "all" else (subject,))]
        with running_engine() as engine:
            for example in [find_example(name) for name in names] or every_example():
                for record in subjects:
                    record(engine, example, rounds)
    else:
        SUBJECTS[subject](rounds)
    return 0


# --- recordings of each example ---


def _layers(engine: Engine, example: Example, rounds: int) -> None:
    if example.name in {AFTER, BEFORE, LAYERED}:
        # scripts/bench records the builds of the shop.
        return
    builds = []
    for number in range(rounds):
        console.print(f"{example.name}: round {number + 1} of {rounds}")
        with isolated_builder(engine, example) as builder:
            builds.append(layers.build_after_edits(builder))
        engine.prune()
    _write_example("layers", engine, example, {"builds": layers.recorded_builds(builds)})


def _runs(engine: Engine, example: Example, _rounds: int) -> None:
    _write_example("runs", engine, example, runs.record_run(engine, example))


def _sets(engine: Engine, example: Example, _rounds: int) -> None:
    if example.name == uv_options.EXAMPLE:
        _write_example("sets", engine, example, installed_sets.record_sets(engine, example))


def _traps(engine: Engine, example: Example, _rounds: int) -> None:
    if example.name in traps.TRAPS:
        with isolated_builder(engine, example) as builder:
            builder.build()
            content = {"traps": traps.run_traps(builder, traps.TRAPS[example.name])}
        _write_example("traps", engine, example, content)


def _lines(engine: Engine, example: Example, _rounds: int) -> None:
    if lines.has_lines(example):
        _write_example("lines", engine, example, lines.record_lines(engine, example))
        engine.prune()


OF_EXAMPLES: dict[str, Callable[[Engine, Example, int], None]] = {
    "layers": _layers,
    "runs": _runs,
    "sets": _sets,
    "traps": _traps,
    "lines": _lines,
}
# The lines take much longer than the other subjects together.
ALL = ("layers", "runs", "sets", "traps")


# --- other recordings ---


def _claims(names: list[str]) -> int:
    """Run the tests of claims, which record them, and delete recordings without a claim."""
    tests = [claims.claim(name).test for name in names] or [str(claims.TESTS)]
    code = session.run(["--record-claims", "--all", *tests])
    for path in (recordings.DATA / "claims").glob("*.json"):
        if path.stem not in claims.claims():
            path.unlink()
    return code


def _uv_versions(names: list[str]) -> None:
    for name in names:
        if claims.claim(name).needs_docker:
            raise Problem(f"{name} needs Docker, and is recorded with one version of uv only.")
    provenance = recording.make_provenance(None, uv=UV_VERSION)
    content = uv_versions.record_uv_versions(names)
    recorded = recordings.uv_versions()
    if {**recorded, **content} == recorded:
        console.print("uv-versions: every claim was tested with these releases already")
    else:
        _write("uv-versions", provenance, content)


def _migration(_rounds: int) -> None:
    """Record the migration from Poetry to uv, and the command map."""
    with running_engine() as engine:
        provenance = recording.make_provenance(engine, **tools())
        _write("migration", provenance, migration.record_migration(engine))
    _write(
        "command-map", recording.make_provenance(None, **tools()), command_map.record_command_map()
    )


def _uv_options(_rounds: int) -> None:
    provenance = recording.make_provenance(None, uv=UV_VERSION)
    _write("uv-options", provenance, {"commands": option_grammar.record_grammar()})


def _pipelines(_rounds: int) -> None:
    with running_engine() as engine:
        content = pipelines.record_pipelines(engine)
        uv = find_example(pipelines.TWO_SPEEDS).uv_version
        _write("pipelines", recording.make_provenance(engine, uv=uv), content)


def _renovate(_rounds: int) -> None:
    provenance = recording.make_provenance(None, renovate=renovate.VERSION)
    _write("renovate", provenance, renovate.record_renovate(find_example(pipelines.TWO_SPEEDS)))


def _kits(_rounds: int) -> None:
    with running_engine() as engine:
        content = kits.record_kits(engine)
        uv = find_example(PATTERN_A).uv_version
        _write("kits", recording.make_provenance(engine, uv=uv), content)


def _dev_loop(rounds: int) -> None:
    with running_engine() as engine:
        content = dev_loop.record_dev_loop(engine, rounds)
        uv = find_example(dev_loop.EXAMPLE).uv_version
        _write("dev-loop", recording.make_provenance(engine, uv=uv), content)


def _card(_rounds: int) -> None:
    for path in card.draw():
        console.print(f"wrote {path.relative_to(ROOT)}")


def _schema(_rounds: int) -> None:
    for path in schemas.write_schemas():
        console.print(f"wrote {path.relative_to(ROOT)}")


def _options(_rounds: int) -> None:
    console.print(f"wrote {command_options.write_command_options().relative_to(ROOT)}")


def _site(rounds: int) -> None:
    chromium, content = site_figures.record_site(rounds)
    versions = {"lighthouse": site_figures.LIGHTHOUSE, "chromium": chromium}
    provenance = recording.make_provenance(None, **versions)
    provenance["machine"] = site_figures.this_machine()
    _write("site", provenance, content)


SUBJECTS: dict[str, Callable[[int], None]] = {
    "migration": _migration,
    "pipelines": _pipelines,
    "renovate": _renovate,
    "kits": _kits,
    "dev-loop": _dev_loop,
    "uv-options": _uv_options,
    "card": _card,
    "site": _site,
    "schema": _schema,
    "options": _options,
}


def _write(name: str, provenance: Provenance, content: Mapping[str, object]) -> None:
    path = recording.write_recording(name, {"recorded": provenance, **content})
    console.print(f"wrote {path.relative_to(ROOT)}")


def _write_example(
    kind: str, engine: Engine, example: Example, content: Mapping[str, object]
) -> None:
    uv = {"uv": example.uv_version} if example.has_uv else {}
    tool = uv or {"poetry": poetry_version(example)}
    provenance = recording.make_provenance(engine, example.images, **tool)
    _write(f"{kind}/{example.name}", provenance, content)
