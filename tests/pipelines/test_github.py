"""Run the `run:` steps of the GitHub workflow in a container."""

import re

import pytest

from checks_of_jobs import CHECKS
from guide import ROOT
from guide.ci import github, pipelines
from guide.content import recordings

FAST = ["lockfile", "lint", "types", "test"]


@pytest.fixture(scope="module")
def runner(network, bookings):
    with github.github_runner(network, bookings) as machine:
        yield machine


@pytest.fixture(scope="module")
def full(runner):
    return runner.run("full", "push")


def test_a_pull_request_gets_the_fast_jobs_and_the_main_branch_the_full_one(runner):
    assert [*runner.jobs("pull_request")] == FAST
    assert [*runner.jobs("push")] == ["full"]
    assert [*runner.jobs("workflow_dispatch", "feature/rooms")] == ["full"]
    assert [*runner.jobs("push", "feature/rooms")] == []


@pytest.mark.parametrize("name", FAST)
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


def test_the_full_job_checks_in_the_image_and_then_pushes_it(full):
    assert full.exit_code == 0, full.output
    names = [step.name for step in full.steps]
    assert names.index("Test") < names.index("Push the image") < names.index("Attest the image")
    assert full.env["IMAGE"] == "ghcr.io/acme/project"
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", full.outputs["push"]["digest"])
    assert "token-of-the-job" not in full.output


def test_a_branch_with_a_slash_has_a_tag_without(full, runner):
    """On a runner without layers, the build uses the layers of the main branch."""
    runner.docker.run("docker system prune --all --force")
    job = runner.run("full", "workflow_dispatch", branch="feature/#12")
    assert job.exit_code == 0, job.output
    assert job.env["BRANCH"] == "feature--12"
    assert "Bytecode compiled" in full.output
    assert "Bytecode compiled" not in job.output


def test_a_red_check_stops_the_job_before_it_pushes(runner):
    views = runner.project / "bookings/views.py"
    text = views.read_text()
    views.write_text(f"{text}import os\n")
    try:
        job = runner.run("full", "push")
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
    typed = "\n".join(github["full"])
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
