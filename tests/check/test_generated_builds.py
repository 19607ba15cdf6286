"""Build generated Dockerfiles twice, and compare the steps with the predicted ones.

BuildKit ignores `--link` if the engine's image store cannot merge layers, and the prediction has to
know that. Some of the Dockerfiles with `--link` are therefore also built by an engine that can.
"""

import secrets
import shutil
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from generated import Generator, change_project, write_project
from guide.engine.build import NO_IMAGE, build
from guide.engine.docker import PREFIX
from guide.engine.running import fresh_builder
from guide.engine.uv import PYTHON_IMAGE
from guide.record.layers import recorded_steps
from rebuilds import NOTHING, Case, build_input, differences, predict

# Each number is the seed of a Dockerfile and of a change to its project.
SEEDS = range(32)
# The number of Dockerfiles with `--link` that the engine that merges layers builds.
LINKED = 6
# The builds of two projects run at the same time, because starting containers takes most of it.
WORKERS = 2
# An engine that merges layers sometimes runs steps again that it has built, if it builds two
# projects at the same time.
MERGING_WORKERS = 1


@pytest.fixture(scope="module")
def projects(tmp_path_factory):
    """The folders of each generated project before and after its change, and their names."""
    mark = secrets.token_hex(4)
    generated = {}
    for seed in SEEDS:
        folder = tmp_path_factory.mktemp(f"generated-{seed}")
        random = Random(seed)
        write_project(folder / "before", Generator(random, f"{mark}-{seed}"))
        shutil.copytree(folder / "before", folder / "after")
        generated[f"{seed}: {change_project(folder / 'after', random)}"] = folder
    return generated


@pytest.fixture(scope="module")
def predicted(projects):
    """The cases, without recorded steps, and their predictions."""
    return predictions(projects, merges_layers=True)


def predictions(projects, merges_layers):
    cases = []
    for name, folder in projects.items():
        before, after = (
            build_input(folder / each, {}) | {"mergesLayers": merges_layers}
            for each in ("before", "after")
        )
        cases += [Case(f"{name}, first", NOTHING, before, []), Case(name, before, after, [])]
    return list(zip(cases, predict(cases), strict=True))


def test_buildkit_runs_the_predicted_steps(engine, projects):
    engine.need_images([PYTHON_IMAGE])
    status = engine.docker("info", "--format", "{{json .DriverStatus}}").stdout
    merges_layers = "io.containerd.snapshotter" in status
    assert_as_predicted(engine, projects, merges_layers, WORKERS)


def test_with_merged_layers_buildkit_runs_the_predicted_steps(engine, projects):
    engine.need_images([PYTHON_IMAGE])
    linked = [
        each for each in projects.items() if "--link" in (each[1] / "after/Dockerfile").read_text()
    ]
    with fresh_builder(engine, PYTHON_IMAGE) as merging:
        assert_as_predicted(merging, dict(linked[:LINKED]), True, MERGING_WORKERS)


def assert_as_predicted(engine, projects, merges_layers, workers):
    def built(folder):
        tag = f"{PREFIX}/generated:{folder.name}"
        return [
            recorded_steps(build(engine, folder / each, tag, NO_IMAGE))
            for each in ("before", "after")
        ]

    with ThreadPoolExecutor(workers) as pool:
        recorded = [steps for pair in pool.map(built, projects.values()) for steps in pair]
    found = [
        f"{difference}\n{case.after['dockerfile']}"
        for (case, prediction), steps in zip(
            predictions(projects, merges_layers), recorded, strict=True
        )
        for difference in differences(Case(case.name, case.before, case.after, steps), prediction)
    ]
    assert not found, "\n".join(["", *found])


def test_the_dockerfiles_and_changes_differ_in_what_runs_again(predicted):
    """The comparison would mean little if all Dockerfiles were similar."""
    assert all(not prediction["problems"] for _, prediction in predicted)
    first, second = predicted[::2], predicted[1::2]
    assert not any(step["cached"] for _, prediction in first for step in prediction["steps"])
    steps = [step for _, prediction in second for step in prediction["steps"]]
    assert 0.3 < sum(step["cached"] for step in steps) / len(steps) < 0.9
    causes = {step["cause"]["kind"] for step in steps if not step["cached"]}
    assert causes == {"above", "files", "instruction", "stage", "variables"}
    texts = [case.after["dockerfile"] for case, _ in first]
    for word in ("--link", "--mount=from", "--mount=source", "--mount=target", "<<END", "ARG"):
        assert any(word in text for text in texts), word
    assert sum(text.count("RUN ") for text in texts) <= 2 * len(SEEDS)
