"""The jobs of the kits' pipelines run on new projects, to which the kits have been applied."""

from contextlib import contextmanager

import pytest

from guide.ci.github import github_runner
from guide.ci.gitlab import MAIN, gitlab_runner
from guide.content.examples import Example
from guide.kit.kits import built_answers, kits
from guide.record.kit_steps import follow
from guide.record.kits import choice, kit_builder

pytestmark = pytest.mark.only_with_all

# A project of a reader has tests.
TEST = """\
def test_login(client):
    assert client.get("/admin/login/").status_code == 200
"""
SIMPLE = {
    "system": "none",
    "python": "3.14",
    "database": "postgresql",
    "server": "gunicorn",
    "lockStage": "no",
}


@pytest.fixture(scope="module")
def builder(engine):
    with kit_builder(engine, {"index"}) as builder:
        yield builder


@contextmanager
def project(builder, **more):
    """Yield a new project with a kit and a test. No image is built."""
    wanted = {**SIMPLE, **more}
    ci = wanted.pop("ci")
    answers = next(each for each in built_answers() if wanted.items() <= each.items())
    answers = {**answers, "ci": ci}
    (files,) = kits([choice(answers, builder.named_urls)])
    with builder.project(answers, files, builder.named_urls) as (kit, running):

        def run(commands):
            is_docker = "docker compose" in commands or "curl" in commands
            return "ok" if is_docker else running.run(commands).output

        follow(kit, running.folder, run)
        (running.folder / "tests/test_admin.py").write_text(TEST)
        yield Example(str(running.folder))


@pytest.mark.parametrize("layout", ["plain", "src"])
@pytest.mark.parametrize("origin", ["none", "index"])
def test_the_jobs_on_gitlab_succeed(network, builder, layout, origin):
    with (
        project(builder, ci="gitlab", layout=layout, private=origin) as example,
        gitlab_runner(network, example, builder.servers.get(origin)) as runner,
    ):
        assert runner.jobs(MAIN) == ["lint", "test", "build"]
        lint, test = (runner.run(name, MAIN) for name in ("lint", "test"))
    assert lint.exit_code == 0, lint.output
    assert lint.installed == ["ruff"]
    assert test.exit_code == 0, test.output
    assert "1 passed" in test.output
    assert ("acme-vat" in test.installed) == (origin == "index")


@pytest.mark.parametrize("layout", ["plain", "src"])
def test_the_jobs_on_github_succeed(network, builder, layout):
    with (
        project(builder, ci="github", layout=layout, private="none") as example,
        github_runner(network, example) as runner,
    ):
        assert [*runner.jobs("pull_request")] == ["lint", "test"]
        lint, test = (runner.run(name, "pull_request") for name in ("lint", "test"))
    assert lint.exit_code == 0, lint.output
    assert lint.installed == ["ruff"]
    assert test.exit_code == 0, test.output
    assert "1 passed" in test.output
