"""Predict the steps of every recorded build, and compare them with the recording."""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from guide.content import recordings
from guide.content.contenders import AFTER, CHECK_VENV, POETRY_LOCK, Contender, contenders
from guide.content.edits import CODE_FIRST, code_first, copy, edit, edits_of
from guide.content.examples import Example, every_example
from guide.content.recording_types import RecordedStep
from guide.engine import stand_ins
from guide.machine import node
from rebuilds import MODULE, NOTHING, Case, build_input, differences, parse, predict

# Contenders are recorded in these files.
BENCHES = ("bench", "bench-line", "bench-runner", "bench-steps")
STEPS = {"ADD", "COPY", "RUN", "WORKDIR"}
# Builds in which a stage runs again and writes the same file. The module does not know what a
# command writes, so it predicts that the file may differ.
SAME_FILE = {"whole-service template": "classes"}


@pytest.fixture(scope="session")
def cases(tmp_path_factory) -> list[Case]:
    """Every recorded build with steps."""
    folder = tmp_path_factory.mktemp("rebuild")
    return [*_example_cases(folder), *_contender_cases(folder)]


@pytest.fixture(scope="session")
def predictions(cases):
    """The prediction of each case."""
    return predict(cases)


def test_every_recorded_step_is_predicted(cases, predictions):
    lines = [
        line
        for case, prediction in zip(cases, predictions, strict=True)
        if case.name not in SAME_FILE
        for line in differences(case, prediction)
    ]
    assert not lines, "\n".join(["", *lines])


def test_a_stage_that_writes_the_same_file_is_predicted_to_differ(cases, predictions):
    by_name = {case.name: pair for case, *pair in zip(cases, cases, predictions, strict=True)}
    for name, stage in SAME_FILE.items():
        case, prediction = by_name[name]
        steps = [*zip(prediction["steps"], case.recorded, strict=True)]
        assert all(recorded["cached"] for predicted, recorded in steps if predicted["cached"])
        causes = [
            predicted["cause"]
            for predicted, recorded in steps
            if recorded["cached"] and not predicted["cached"]
        ]
        assert {"kind": "stage", "name": stage, "isAssumed": True} in causes


def test_the_edits_of_the_page_rebuild_the_same_steps(cases, predictions):
    """The module makes the everyday edits by itself."""
    projects = {case.name.removesuffix(" cold"): case for case in cases if case.before == NOTHING}
    examples = {name: projects[name] for name in recordings.names("layers")}
    function = "(projects) => projects.map(module.predictEdits)"
    projects = [case.after | {"grammar": recordings.uv_options()} for case in examples.values()]
    edits = node.call(MODULE, function, projects)
    by_name = {
        case.name: [step["cached"] for step in prediction["steps"]]
        for case, prediction in zip(cases, predictions, strict=True)
    }
    for name, predicted in zip(examples, edits, strict=True):
        assert predicted.keys() == {"view", "template", "ruff", "version", "dependency", "uv"}
        for change, prediction in predicted.items():
            cached = [step["cached"] for step in prediction["steps"]]
            assert cached == by_name[f"{name} {change}"], f"{name} {change}"


def test_every_recording_is_compared(cases):
    """The cases include each edit of each example, and each contender."""
    names = {case.name for case in cases}
    recorded = {
        f"{example.name} {each.name}"
        for example in every_example()
        if example.name in recordings.names("layers")
        for each in edits_of(example)
    }
    assert recorded <= names
    assert {f"{name} view" for name in recordings.names("layers")} <= recorded
    timed = {row["name"] for row in recordings.bench("bench")["builds"]}
    assert {name.split()[1] for name in names if name.startswith("bench ")} == timed


def test_most_steps_after_an_edit_are_cached(cases, predictions):
    """The comparison would mean little if nearly all steps ran, or nearly none."""
    steps = [
        step["cached"]
        for case, prediction in zip(cases, predictions, strict=True)
        if case.before != NOTHING
        for step in prediction["steps"]
    ]
    assert 0.3 < sum(steps) / len(steps) < 0.9


def _example_cases(folder: Path) -> Iterator[Case]:
    recorded = recordings.names("layers")
    for example in every_example():
        if example.name in recorded:
            yield from _edits_of(example, folder / example.name)


def _edits_of(example: Example, folder: Path) -> Iterator[Case]:
    recording = recordings.layers(example.name)
    arguments = {
        name: value
        for image in recording["recorded"].get("stand_ins", [])
        for name, value in stand_ins.BUILD_ARGUMENTS.get(image, {}).items()
    }
    text = _as_recorded(example.dockerfile_text, arguments, recording["builds"][0]["steps"])

    def build(name: str, dockerfile: str, change: Callable[..., None] | None) -> dict[str, object]:
        project = copy(example, folder / name)
        (project / "Dockerfile").write_text(dockerfile)
        if change is not None:
            change(project, _run_uv)
        return build_input(project, arguments)

    before = build("before", text, None)
    for each in recording["builds"]:
        name = each["name"]
        if name == "cold":
            yield Case(f"{example.name} cold", NOTHING, before, each["steps"])
        elif name == CODE_FIRST:
            swapped = code_first(text)
            after = build(name, swapped, edit("view").apply)
            first = {**before, "dockerfile": swapped}
            yield Case(f"{example.name} {name}", first, after, each["steps"])
        else:
            after = build(name, text, edit(name, example).apply)
            yield Case(f"{example.name} {name}", before, after, each["steps"])


def _contender_cases(folder: Path) -> Iterator[Case]:
    known = {each.name: each for each in contenders()}
    projects = _Projects(folder)
    for bench in BENCHES:
        content = recordings.bench(bench)
        for row in content.get("builds", content.get("runner", [])):
            # A recording without this hash is older than the contenders.
            if "dockerfile" in row:
                yield from _changes_of(bench, known[row["name"]], row, projects)


class _Projects:
    """The projects of contenders after each change. Those with the same files share a folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.builds: dict[tuple[str, str, str], dict] = {}

    def build(self, contender: Contender, change: str, text: str) -> dict[str, object]:
        """Return the build of a contender with the text of its Dockerfile."""
        example = contender.example
        key = (example.name, contender.tool, change)
        if key not in self.builds:
            project = copy(example, self.folder.joinpath(*key))
            _write_project(project, contender)
            _change_project(project, contender, change)
            self.builds[key] = build_input(project, {})
        build = self.builds[key]
        files = {**build["files"], "Dockerfile": hashlib.sha256(text.encode()).hexdigest()}
        return {**build, "dockerfile": text, "files": files}


def _changes_of(
    bench: str, contender: Contender, row: Mapping, projects: _Projects
) -> Iterator[Case]:
    runs = row["runs"]
    text = _as_recorded(contender.text, {}, next(iter(runs.values()))["steps"])
    before = projects.build(contender, "before", text)
    for change, run in runs.items():
        name = f"{bench} {contender.name} {change}"
        if change in {"cold", "nothing"}:
            yield Case(name, NOTHING if change == "cold" else before, before, run["steps"])
        else:
            yield Case(name, before, projects.build(contender, change, text), run["steps"])


def _as_recorded(text: str, arguments: Mapping[str, str], steps: list[RecordedStep]) -> str:
    """Return a Dockerfile with the instructions that were recorded.

    Their text differs if the Dockerfile has changed since.
    """
    parsed = parse(text, tuple(arguments.items()))
    instructions = [
        each
        for stage in parsed.stages_for()
        for each in stage.instructions
        if each.keyword in STEPS
    ]
    lines = text.split("\n")
    for instruction, step in zip(instructions, steps, strict=True):
        if instruction.normalised != step["instruction"]:
            count = instruction.last_line - instruction.line
            new = [step["instruction"], *[""] * count]
            lines[instruction.line - 1 : instruction.last_line] = new
    return "\n".join(lines)


def _write_project(folder: Path, contender: Contender) -> None:
    """Add the files that the benchmark adds."""
    if contender.tool == "poetry" and contender.example.has_uv:
        (folder / "uv.lock").unlink()
        shutil.copy(POETRY_LOCK, folder / "poetry.lock")
    if contender.example.name == AFTER:
        shutil.copy(CHECK_VENV, folder)


def _change_project(folder: Path, contender: Contender, change: str) -> None:
    """Change a project with the contender's package manager."""
    if contender.tool == "pip":
        # Exported from uv.lock.
        packages = "with another package" if change == "dependency" else "as before"
        (folder / "requirements.txt").write_text(packages)
    if change in {"view", "ruff"}:
        edit(change).apply(folder, _run_uv)
    elif contender.tool == "poetry":
        # The module does not read these files, so any change will do.
        changed = {"version": ["pyproject.toml"], "dependency": ["pyproject.toml", "poetry.lock"]}
        for name in changed.get(change, []):
            (folder / name).write_text(f"{(folder / name).read_text()}# changed\n")
    elif change == "version":
        _run_uv(folder, ["version"])
    elif change == "dependency":
        _run_uv(folder, ["add", "django-simple-history"])


def _run_uv(folder: Path, arguments: list[str]) -> None:
    """Change a project as `uv version` and `uv add` do, without asking an index."""
    lockfile = folder / "uv.lock"
    member = "."
    if "--package" in arguments:
        name = arguments[arguments.index("--package") + 1]
        source = rf'name = "{name}"\n.*\nsource = \{{ (?:virtual|editable) = "(.*)" \}}'
        member = re.search(source, lockfile.read_text())[1]
    pyproject = folder / member / "pyproject.toml"
    # The source of the project itself in uv.lock.
    project = rf'source = \{{ (?:virtual|editable) = "{re.escape(member)}" \}}\n'
    if arguments[0] == "version":
        _replace(pyproject, r'(?m)^version = ".*"$', 'version = "9.9.9"')
        _replace(lockfile, rf"version = .*(?=\n{project})", 'version = "9.9.9"')
    elif arguments[0] == "add":
        package = arguments[1]
        _replace(pyproject, r"(?m)^dependencies = \[", f'dependencies = [\n    "{package}",')
        _replace(lockfile, rf"({project}dependencies = \[)", rf'\1\n    {{ name = "{package}" }},')
        metadata = rf"({project}(?:.*\n)*?requires-dist = \[)"
        _replace(lockfile, metadata, rf'\1\n    {{ name = "{package}" }},')
        locked = f'\n[[package]]\nname = "{package}"\nversion = "1"\n'
        lockfile.write_text(lockfile.read_text() + locked)


def _replace(path: Path, pattern: str, new: str) -> None:
    text, count = re.subn(pattern, new, path.read_text())
    assert count == 1, f"{path}: {pattern}"
    path.write_text(text)
