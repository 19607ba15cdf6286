"""Run the `run:` steps of the GitHub workflow in a container."""

import re
from dataclasses import replace

import pytest

from checks_of_jobs import CHECKS
from guide import ROOT
from guide.ci import github, pipelines
from guide.content import recordings
from samples import sampled

FAST = ["lockfile", "lint", "types", "test"]
# Without --all, the other half of these jobs runs in the GitLab pipeline, which types the same.
SAMPLE = 2
PUBLISHING = ["Push the layers", "Push the image", "Attest the image"]


@pytest.fixture(scope="module")
def runner(network, bookings):
    with github.github_runner(network, bookings) as machine:
        yield machine


@pytest.fixture(scope="module")
def builder(runner):
    """The same runner, for the workflow that builds the image."""
    return replace(runner, workflow="image.yml")


@pytest.fixture(scope="module")
def published(builder):
    return builder.run("image", "push")


@pytest.mark.parametrize(
    ("event", "branch", "started"),
    [
        ("pull_request", "feature/rooms", FAST),
        ("merge_group", "gh-readonly-queue/main/pr-1", FAST),
        # To save the caches that pull requests can use.
        ("push", "main", FAST),
        ("push", "feature/rooms", []),
        ("schedule", "main", []),
    ],
)
def test_events_that_start_the_fast_jobs(runner, event, branch, started):
    assert [*runner.jobs(event, branch)] == started


@pytest.mark.parametrize(
    ("event", "branch", "changed", "is_built"),
    [
        ("push", "main", "bookings/views.py", True),
        ("push", "feature/rooms", "Dockerfile", False),
        ("pull_request", "feature/rooms", "bookings/views.py", False),
        ("pull_request", "feature/rooms", "Dockerfile", True),
        ("pull_request", "feature/rooms", ".dockerignore", True),
        ("pull_request", "feature/rooms", "uv.lock", True),
        ("schedule", "main", None, True),
        ("workflow_dispatch", "feature/rooms", None, True),
    ],
)
def test_events_that_build_the_image(builder, event, branch, changed, is_built):
    assert [*builder.jobs(event, branch, changed)] == (["image"] if is_built else [])


@pytest.mark.parametrize("name", sampled(FAST, SAMPLE))
def test_a_fast_job_installs_its_group_and_nothing_else(runner, name):
    job = runner.run(name, "pull_request")
    assert job.exit_code == 0, job.output
    CHECKS.get(name, lambda installed: None)(job.installed)
    recorded = recordings.pipelines()["github"]
    assert job.installed == next(each["installed"] for each in recorded if each["name"] == name)


def test_a_stale_lockfile_is_red(runner):
    pyproject = runner.project / "pyproject.toml"
    text = pyproject.read_text()
    pyproject.write_text(text.replace("dependencies = [", 'dependencies = [\n    "tzdata",'))
    try:
        job = runner.run("lockfile", "pull_request")
    finally:
        pyproject.write_text(text)
    assert job.exit_code != 0
    assert "The lockfile at `uv.lock` needs to be updated" in job.output


def step_names(job):
    return [step.name for step in job.steps]


def test_the_main_branch_is_checked_in_the_image_and_then_published(published):
    assert published.exit_code == 0, published.output
    assert step_names(published)[-4:] == ["Test", *PUBLISHING]
    assert published.env["IMAGE"] == "ghcr.io/acme/project"
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", published.outputs["push"]["digest"])
    assert "token-of-the-job" not in published.output


@pytest.mark.parametrize("event", sampled(["pull_request", "workflow_dispatch"], 1))
def test_another_branch_is_built_from_the_layers_of_main_and_not_published(
    published, builder, event
):
    """The runner has no layers: those of the main branch come from the registry."""
    builder.docker.run("docker system prune --all --force")
    job = builder.run("image", event, branch="feature/rooms")
    assert job.exit_code == 0, job.output
    assert step_names(job)[-1] == "Test"
    assert "Bytecode compiled" in published.output
    assert "Bytecode compiled" not in job.output


def test_the_weekly_build_runs_the_steps_of_the_service_again(published, builder):
    job = builder.run("image", "schedule")
    assert job.exit_code == 0, job.output
    assert step_names(job)[-4:] == ["Test", *PUBLISHING]
    outputs = {step.name: step.output for step in job.steps}
    assert "Bytecode compiled" in outputs["Build the image with the tools"]
    for name in ("Push the layers", "Push the image"):
        assert "Bytecode compiled" not in outputs[name]


def test_a_red_check_stops_the_job_before_it_pushes(builder):
    views = builder.project / "bookings/views.py"
    text = views.read_text()
    views.write_text(f"{text}import os\n")
    try:
        job = builder.run("image", "push")
    finally:
        views.write_text(text)
    assert job.exit_code != 0
    assert job.steps[-1].name == "Lint"


def test_both_pipelines_type_the_same(bookings):
    gitlab, github = (
        getattr(pipelines, f"{name}_scripts")(bookings) for name in ("gitlab", "github")
    )
    for name in FAST:
        assert gitlab[name] == github[name], name
    typed = "\n".join(github["image"])
    for name in ("full lint", "full types", "full test"):
        for line in gitlab[name]:
            assert f"docker run --rm checked {line}" in typed


def test_the_guide_is_built_by_the_lines_of_its_own_workflow(network, bookings):
    """The container has only uv and Python. The guide's other workflow runs these tests."""
    pages = {"pages": {"base_url": "https://guide.example.org/uv"}}
    with github.github_runner(network, bookings, ROOT, "publish.yml") as machine:
        job = machine.run("build", "push", outputs=pages, files=("site/index.html",))
    assert job.exit_code == 0, job.output
    assert 'href="https://guide.example.org/uv/"' in job.files["site/index.html"]
