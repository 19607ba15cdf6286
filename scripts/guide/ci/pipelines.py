"""Record the commands of the examples' CI jobs, and the packages that each job installs."""

import re
from collections.abc import Iterable
from typing import Protocol

from guide import Problem
from guide.ci import gitlab
from guide.ci import network as ci_network
from guide.ci.github import github_runner
from guide.ci.gitlab import GitLabJob, GitLabRunner, gitlab_runner
from guide.content import yaml_files
from guide.content.examples import Example
from guide.content.examples import example as find_example
from guide.content.recording_types import PipelineJob, PipelinesContent
from guide.engine import private_server
from guide.engine.docker import Engine
from guide.machine.commands import reason

# The example with fast and full pipelines, and the example with private packages.
TWO_SPEEDS, PRIVATE = "dependency-groups", "after-uv"


def gitlab_scripts(example: Example) -> dict[str, list[str]]:
    """Return the command lines of each job in `.gitlab-ci.yml`."""
    jobs = yaml_files.gitlab_jobs(example.gitlab_pipeline)
    return {name: job["script"] for name, job in jobs.items()}


def github_scripts(example: Example) -> dict[str, list[str]]:
    """Return the command lines of each job in the GitHub workflows."""
    return {
        name: [line for step in job["steps"] for line in step.get("run", "").splitlines()]
        for path in example.github_workflows
        for name, job in yaml_files.workflow(path)["jobs"].items()
    }


def record_pipelines(engine: Engine) -> PipelinesContent:
    """Run every fast job and two jobs that must fail, and return their recording.

    Of the failing jobs, one has an out-of-date lockfile, and the other has a token that the package
    index rejects. Raises Problem if a fast job fails.
    """
    example, shop = find_example(TWO_SPEEDS), find_example(PRIVATE)
    with ci_network.running_network(engine, [*example.parsed.external_images]) as network:
        with gitlab_runner(network, example) as runner:
            on_gitlab = [
                runner.run(name, gitlab.MERGE_REQUEST) for name in runner.jobs(gitlab.MERGE_REQUEST)
            ]
            make_stale(runner)
            stale = stable_output(runner.run("lockfile", gitlab.MERGE_REQUEST))
        with private_server.running_private_server(engine, shop) as private:
            if private is None:
                raise Problem(f"The example {PRIVATE} needs a private server, but has none.")
            with gitlab_runner(network, shop, private.with_token("wrong")) as runner:
                wrong_token = stable_output(runner.run("test", gitlab.MAIN))
        with github_runner(network, example) as machine:
            on_github = [machine.run(name, "pull_request") for name in machine.jobs("pull_request")]
    return {
        "gitlab": recorded_jobs(on_gitlab, gitlab_scripts(example)),
        "stale": stale,
        "wrong_token": wrong_token,
        "github": recorded_jobs(on_github, github_scripts(example)),
    }


def make_stale(runner: GitLabRunner) -> None:
    """Add a dependency to pyproject.toml without locking, and commit."""
    pyproject = runner.folder / "pyproject.toml"
    before, start, after = pyproject.read_text().partition("dependencies = [\n")
    pyproject.write_text(f'{before}{start}    "tzdata",\n{after}')
    runner.commit()


def stable_output(job: GitLabJob) -> list[str]:
    """Return the lines that a job printed, without versions and times."""
    return [
        re.sub(r" in \d+(\.\d+)?m?s$", " in …", line)
        for line in job.output.splitlines()
        if not re.match(r"Using CPython|\s*Download|Creating virtual", line)
    ]


class FinishedJob(Protocol):
    """A finished job of GitLab or GitHub."""

    @property
    def name(self) -> str: ...
    @property
    def exit_code(self) -> int: ...
    @property
    def output(self) -> str: ...
    @property
    def installed(self) -> list[str]: ...


def recorded_jobs(jobs: Iterable[FinishedJob], scripts: dict[str, list[str]]) -> list[PipelineJob]:
    """Return the recording of jobs. Raises Problem if one of them failed."""
    for job in jobs:
        if job.exit_code != 0:
            raise Problem(f"The job {job.name!r} failed: {reason(job.output)}")
    return [
        {"name": job.name, "commands": scripts[job.name], "installed": job.installed}
        for job in jobs
    ]
