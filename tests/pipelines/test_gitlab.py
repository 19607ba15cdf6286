"""Run the jobs of the GitLab pipeline in containers, with a registry."""

import pytest

from checks_of_jobs import CHECKS, check_lint
from guide.ci import gitlab, pipelines
from guide.ci.gitlab import MAIN, MANUAL, MERGE_REQUEST, SCHEDULE
from guide.content import recordings
from guide.content.yaml_files import gitlab_pipeline_conditions
from guide.machine.git import git
from guide.record import traps
from samples import sampled

FAST = ["lockfile", "lint", "types", "test"]
FULL = ["full lint", "full types", "full test"]
# Without --all, the other half of the fast jobs runs in the GitHub workflow, which types the same.
FAST_SAMPLE, FULL_SAMPLE = 2, 1


@pytest.fixture(scope="module")
def checkout(network, bookings):
    """A runner with a checkout of the room bookings."""
    with gitlab.gitlab_runner(network, bookings) as checkout:
        yield checkout


@pytest.fixture(scope="module")
def built(checkout):
    """The build job, run without cached layers. Its image is pulled for the other tests."""
    job = checkout.run("build", MAIN)
    assert job.exit_code == 0, job.output
    checkout.network.pull(checkout.image("/test"))
    return job


def test_a_merge_request_gets_the_fast_jobs_and_the_main_branch_the_full_ones(checkout):
    assert checkout.jobs(MERGE_REQUEST) == FAST
    assert checkout.jobs(MAIN) == ["build", *FULL, "publish"]
    assert checkout.jobs(SCHEDULE) == ["build", *FULL, "publish"]


def test_another_branch_is_built_by_hand_and_not_published(network, bookings):
    with gitlab.gitlab_runner(network, bookings) as checkout:
        git(checkout.folder, "switch", "--quiet", "--create", "feature/rooms")
        assert checkout.jobs(MANUAL) == ["build", *FULL]


@pytest.mark.parametrize(
    ("changed", "started"),
    [
        ("bookings/views.py", FAST),
        *((name, [*FAST, "build", *FULL]) for name in ("Dockerfile", ".dockerignore", "uv.lock")),
    ],
)
def test_a_merge_request_that_changes_the_image_builds_it(network, bookings, changed, started):
    with gitlab.gitlab_runner(network, bookings) as checkout:
        git(checkout.folder, "switch", "--quiet", "--create", "feature/rooms")
        file = checkout.folder / changed
        file.write_text(f"{file.read_text()}\n")
        checkout.commit()
        assert checkout.jobs(MERGE_REQUEST) == started


def test_nothing_else_starts_a_pipeline(bookings):
    """This test only reads the rules, because gitlab-ci-local does not evaluate them."""
    assert gitlab_pipeline_conditions(bookings.gitlab_pipeline) == [
        '$CI_PIPELINE_SOURCE == "merge_request_event"',
        "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
        '$CI_PIPELINE_SOURCE == "web"',
    ]


@pytest.mark.parametrize("name", sampled(reversed(FAST), FAST_SAMPLE))
def test_a_fast_job_installs_its_group_and_nothing_else(checkout, name):
    job = checkout.run(name, MERGE_REQUEST)
    assert job.exit_code == 0, job.output
    CHECKS.get(name, lambda installed: None)(job.installed)
    recorded = recordings.pipelines()["gitlab"]
    assert job.installed == next(each["installed"] for each in recorded if each["name"] == name)
    # The venv is linked to the cache: both are in the project's folder.
    assert "Failed to hardlink" not in job.output
    assert job.changed == []


def test_with_group_for_only_group_the_check_of_lint_is_red(network, bookings):
    with gitlab.gitlab_runner(network, bookings) as broken:
        pipeline = broken.folder / bookings.gitlab_pipeline.name
        pipeline.write_text(pipeline.read_text().replace("--only-group", "--group"))
        broken.commit()
        job = broken.run("lint", MERGE_REQUEST)
    with pytest.raises(AssertionError):
        check_lint(job.installed)
    assert {"django", "pytest", "django-debug-toolbar"} <= {*job.installed}


@pytest.fixture(scope="module")
def stale_checkout(network, bookings):
    with gitlab.gitlab_runner(network, bookings) as checkout:
        pipelines.make_stale(checkout)
        yield checkout


@pytest.mark.parametrize("name", FAST)
def test_a_stale_lockfile_is_red(stale_checkout, name):
    job = stale_checkout.run(name, MERGE_REQUEST)
    assert job.exit_code != 0
    assert "The lockfile at `uv.lock` needs to be updated" in job.output
    assert job.installed == []
    if name == "lockfile":
        # The order of lines from the two output streams varies.
        assert sorted(pipelines.stable_output(job)) == sorted(recordings.pipelines()["stale"])


def test_the_build_uses_the_registry_and_tells_nobody_the_password(built, checkout):
    assert checkout.network.password not in built.output
    assert "uv sync" in built.output
    assert f"pushing manifest for {checkout.image('/test')}" in built.output
    assert checkout.image() not in built.output


def test_the_build_on_a_new_runner_takes_every_layer_from_the_registry(built, checkout):
    """Each job starts a new Docker engine, like a hosted runner."""
    again = checkout.run("build", MAIN)
    assert again.exit_code == 0, again.output
    assert "Bytecode compiled" in built.output
    assert "Bytecode compiled" not in again.output


@pytest.mark.only_with_all
def test_the_weekly_build_runs_the_steps_of_the_service_again(built, checkout):
    """The build afterwards uses the layers of the weekly build."""
    job = checkout.run("build", SCHEDULE)
    assert job.exit_code == 0, job.output
    assert "Bytecode compiled" in job.output
    assert "Bytecode compiled" not in checkout.run("build", MAIN).output


def test_what_is_published_was_built_before(built, checkout, engine):
    """The job installs nothing, and its image contains the server but no development tool."""
    job = checkout.run("publish", MAIN)
    assert job.exit_code == 0, job.output
    assert "Bytecode compiled" not in job.output
    assert checkout.network.password not in job.output
    checkout.network.pull(checkout.image())
    packages = traps.packages(engine, checkout.image())
    assert packages == recordings.run("dependency-groups")["packages"]


@pytest.mark.parametrize("name", sampled(FULL, FULL_SAMPLE))
def test_a_full_job_uses_the_image_as_built(built, checkout, name):
    job = checkout.run(name, MAIN)
    assert job.exit_code == 0, job.output
    assert job.changed == []


def test_a_full_job_sees_what_is_in_the_image(built, checkout, engine):
    """A job fails on an error in the image even if the checkout has no error."""
    image = checkout.image("/test")
    engine.docker("tag", image, f"{image}-kept")
    broken = "USER root\nRUN echo 'import os' >> bookings/views.py\nUSER 10001\n"
    engine.build_text(f"FROM {image}-kept\n{broken}", image)
    try:
        job = checkout.run("full lint", MAIN)
    finally:
        engine.docker("tag", f"{image}-kept", image)
        engine.docker("image", "rm", f"{image}-kept")
    assert job.exit_code != 0
    assert "F401" in job.output
