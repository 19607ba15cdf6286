"""What the jobs of a pipeline type and install, on GitLab and on GitHub."""

import re

from guide import Problem
from guide.ci import github, gitlab
from guide.ci import network as ci_network
from guide.content import yaml_files
from guide.content.examples import Example
from guide.content.examples import example as find_example
from guide.engine import private_server
from guide.engine.docker import Engine
from guide.machine.commands import reason

# The example whose pipelines have two speeds, and the one whose packages are private.
TWO_SPEEDS, PRIVATE = "dependency-groups", "after-uv"


def gitlab_scripts(example: Example) -> dict[str, list[str]]:
    """Return the command lines of each job in `.gitlab-ci.yml`."""
    jobs = yaml_files.gitlab_jobs(example.gitlab_pipeline)
    return {name: job["script"] for name, job in jobs.items()}


def github_scripts(example: Example) -> dict[str, list[str]]:
    """Return the command lines of each job in `.github/workflows/ci.yml`."""
    jobs = yaml_files.workflow(example.github_workflow)["jobs"]
    return {
        name: [line for step in job["steps"] for line in step.get("run", "").splitlines()]
        for name, job in jobs.items()
    }


def recording(engine: Engine) -> dict:
    """What every fast job installs: names of packages, by service and job. And what two jobs print
    that have to fail, one with a stale lockfile, one with a token that is not known.

    Raises Problem when another job fails.
    """
    example, shop = find_example(TWO_SPEEDS), find_example(PRIVATE)
    found = {}
    with ci_network.opened(engine, [*example.parsed.external_images]) as network:
        with gitlab.checkout(network, example) as place:
            names = place.jobs(gitlab.MERGE_REQUEST)
            ran = [place.run(name, gitlab.MERGE_REQUEST) for name in names]
            found["gitlab"] = _installed(ran, gitlab_scripts(example))
            make_stale(place)
            found["stale"] = stable(place.run("lockfile", gitlab.MERGE_REQUEST))
        with (
            private_server.started(engine, shop) as private,
            gitlab.checkout(network, shop, private.with_token("wrong")) as place,
        ):
            found["wrong_token"] = stable(place.run("test", gitlab.MAIN))
        with github.runner(network, example) as machine:
            ran = [machine.run(name, "pull_request") for name in machine.jobs("pull_request")]
            found["github"] = _installed(ran, github_scripts(example))
    return found


def make_stale(place: gitlab.Checkout) -> None:
    """Add a dependency to pyproject.toml by hand, and commit that."""
    pyproject = place.folder / "pyproject.toml"
    before, start, after = pyproject.read_text().partition("dependencies = [\n")
    pyproject.write_text(f'{before}{start}    "tzdata",\n{after}')
    place.commit()


AFTERWARDS = "$ uv cache prune --ci"


def stable(job: gitlab.Job) -> list[str]:
    """What a job printed, up to `after_script` and without versions and times."""
    kept = []
    for line in job.output.partition(AFTERWARDS)[0].splitlines():
        if not re.match(r"Using CPython|\s*Download|Creating virtual", line):
            kept.append(re.sub(r" in \d+(\.\d+)?m?s$", " in …", line))
    return kept


def _installed(jobs: list, scripts: dict[str, list[str]]) -> list[dict]:
    for job in jobs:
        if job.exit_code != 0:
            raise Problem(f"The job {job.name!r} is red: {reason(job.output)}")
    return [
        {"name": job.name, "commands": scripts[job.name], "installed": job.installed}
        for job in jobs
    ]
