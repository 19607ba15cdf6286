"""Predict builds, and compare the predictions with the steps that BuildKit reported."""

import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guide import ROOT
from guide.content import recordings
from guide.content.dockerfile import Dockerfile
from guide.content.recording_types import RecordedStep
from guide.machine import node

MODULE = ROOT / "docs/assets/js/check/rebuild.js"
PREDICT = """({ grammar, builds, pairs }) => pairs.map((pair) => {
    const [before, after] = pair.map((index) => ({ ...builds[index], grammar }));
    return module.predict(before, after);
})"""
# What a build is compared with if nothing is cached.
NOTHING = {"dockerfile": "FROM scratch", "files": {}}

parse = functools.cache(lambda text, arguments: Dockerfile.parse(text, dict(arguments)))


@dataclass(frozen=True)
class Case:
    """A build: what is built before and after a change, and the steps of the second."""

    name: str
    before: dict[str, object]
    after: dict[str, object]
    recorded: list[RecordedStep]


def predict(cases: list[Case]) -> list[dict]:
    """Return the prediction of each build."""
    # Many cases share the first build.
    builds = {id(build): build for case in cases for build in (case.before, case.after)}
    indexes = {each: index for index, each in enumerate(builds)}
    argument = {
        "grammar": recordings.uv_options(),
        "builds": [*builds.values()],
        "pairs": [[indexes[id(case.before)], indexes[id(case.after)]] for case in cases],
    }
    return node.call(MODULE, PREDICT, argument)


def differences(case: Case, prediction: dict) -> Iterator[str]:
    """Yield what differs between a prediction and the recorded steps."""
    dockerfile = parse(case.after["dockerfile"], tuple(case.after["buildArguments"].items()))
    texts = {each.line: each.normalised for each in dockerfile.instructions}
    predicted = [
        (step["stage"], texts[step["line"]], step["cached"], step["after"])
        for step in prediction["steps"]
    ]
    # BuildKit leaves out the name of the only stage.
    only = predicted[0][0] if predicted else ""
    recorded = [
        (step["stage"] or only, step["instruction"], step["cached"], step["after"])
        for step in case.recorded
    ]
    yield from (f"{case.name}: {problem}" for problem in prediction["problems"])
    if len(predicted) != len(recorded):
        yield f"{case.name}: {len(predicted)} steps instead of {len(recorded)}"
    for one, other in zip(predicted, recorded, strict=False):
        if one != other:
            yield f"{case.name}:\n  predicted {one}\n  recorded  {other}"


def project_texts(folder: Path) -> dict[str, str]:
    """Return the lockfile of a project, and its pyproject.toml or those of its workspace."""
    members = ("packages/*/pyproject.toml", "services/*/pyproject.toml")
    patterns = ("pyproject.toml", "uv.lock", *members)
    paths = [path for pattern in patterns for path in folder.glob(pattern)]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


def build_input(folder: Path, arguments: Mapping[str, str]) -> dict[str, object]:
    """Return a build for the module, with a hash of the content and the mode of each file."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        "dockerfile": (folder / "Dockerfile").read_text(),
        "dockerignore": (folder / ".dockerignore").read_text(),
        "files": {
            path.relative_to(folder).as_posix(): f"{path.stat().st_mode:o} "
            + hashlib.sha256(path.read_bytes()).hexdigest()
            for path in paths
        },
        "texts": project_texts(folder),
        "buildArguments": {**arguments},
    }
