"""The shop's GitLab pipeline installs packages from an index with the job token."""

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
    with private_server.running_private_server(engine, shop) as server:
        yield server


@pytest.fixture(scope="module")
def checkout(network, shop, private):
    with gitlab.gitlab_runner(network, shop, private) as checkout:
        yield checkout


def test_lint_needs_no_private_package(checkout):
    job = checkout.run("lint", MAIN)
    assert job.exit_code == 0, job.output
    assert job.installed == ["ruff"]


@pytest.mark.only_with_all
def test_the_job_token_opens_the_index(checkout):
    """The type-checking job installs the most packages, including stubs and test dependencies."""
    job = checkout.run("types", MAIN)
    assert job.exit_code == 0, job.output
    assert "acme-vat" in job.installed
    assert not {"ruff", "django-debug-toolbar"} & {*job.installed}
    assert checkout.token not in job.output


def test_another_token_does_not(network, shop, private):
    with gitlab.gitlab_runner(network, shop, private.with_token("wrong")) as unauthorised:
        job = unauthorised.run("test", MAIN)
    assert job.exit_code != 0
    # The order of lines from the two output streams varies.
    assert sorted(pipelines.stable_output(job)) == sorted(recordings.pipelines()["wrong_token"])


def test_the_build_has_the_token_as_a_secret_and_keeps_it_nowhere(checkout, engine):
    job = checkout.run("build", MAIN)
    assert job.exit_code == 0, job.output
    assert checkout.token not in job.output
    image = checkout.image(short=True)
    checkout.network.pull(image)
    history = engine.docker("history", "--no-trunc", "--format", "{{json .}}", image).stdout
    assert checkout.token not in history
    assert files_with(engine, image, "acme_vat")
    assert files_with(engine, image, checkout.token) == []


def files_with(engine, image, text):
    """Return the files of an image that contain a text."""
    script = 'grep -rlsF --exclude-dir=proc --exclude-dir=sys "$0" /; echo searched'
    files = engine.run(image, "sh", "-c", script, text, options=("--user", "0")).stdout.split()
    assert files.pop() == "searched"
    return files
