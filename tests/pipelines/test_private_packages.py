"""The GitLab pipeline of the shop: its packages come from an index that asks for the job token."""

import pytest

from guide.ci import gitlab, pipelines
from guide.ci.gitlab import MAIN
from guide.content import recordings
from guide.content.examples import example as find_example
from guide.engine import private_server


@pytest.fixture(scope="module")
def shop():
    return find_example(pipelines.PRIVATE)


@pytest.fixture(scope="module")
def private(engine, shop):
    with private_server.started(engine, shop) as server:
        yield server


@pytest.fixture(scope="module")
def place(network, shop, private):
    with gitlab.gitlab_runner(network, shop, private) as checkout:
        yield checkout


def test_lint_needs_no_private_package(place):
    job = place.run("lint", MAIN)
    assert job.exit_code == 0, job.output
    assert job.installed == ["ruff"]


def test_the_job_token_opens_the_index(place):
    """In the job that installs most: the packages, the stubs and what the tests import."""
    job = place.run("types", MAIN)
    assert job.exit_code == 0, job.output
    assert "acme-vat" in job.installed
    assert not {"ruff", "django-debug-toolbar"} & {*job.installed}
    assert place.token not in job.output


def test_another_token_does_not(network, shop, private):
    with gitlab.gitlab_runner(network, shop, private.with_token("wrong")) as stranger:
        job = stranger.run("test", MAIN)
    assert job.exit_code != 0
    assert pipelines.stable_output(job) == recordings.pipelines()["wrong_token"]


def test_the_build_has_the_token_as_a_secret_and_keeps_it_nowhere(place, engine):
    job = place.run("build", MAIN)
    assert job.exit_code == 0, job.output
    assert place.token not in job.output
    image = place.image(short=True)
    place.network.pull(image)
    history = engine.docker("history", "--no-trunc", "--format", "{{json .}}", image).stdout
    assert place.token not in history
    assert files_with(engine, image, "acme_vat")
    assert files_with(engine, image, place.token) == []


def files_with(engine, image, text):
    """The files of an image that hold a text."""
    look = 'grep -rlsF --exclude-dir=proc --exclude-dir=sys "$0" /; echo searched'
    found = engine.run(image, "sh", "-c", look, text, options=("--user", "0")).stdout.split()
    assert found.pop() == "searched"
    return found
