"""What the jobs of a pipeline type and install, on GitLab and on GitHub."""

from pathlib import Path

from ruamel.yaml import YAML

from guide import Problem, ci_network, github, gitlab
from guide.catalogue import Example
from guide.catalogue import example as find_example
from guide.commands import reason
from guide.engine import Engine

# The example whose pipelines have two speeds, and the one whose packages are private.
TWO_SPEEDS, PRIVATE = "dependency-groups", "after-uv"


def gitlab_scripts(example: Example) -> dict[str, list[str]]:
    """The command lines of each job in `.gitlab-ci.yml`."""
    pipeline = _read(example, ".gitlab-ci.yml")
    return {
        name: [" ".join(line.split()) for line in job["script"]]
        for name, job in pipeline.items()
        if isinstance(job, dict) and "script" in job
    }


def github_scripts(example: Example) -> dict[str, list[str]]:
    """The command lines of each job in `.github/workflows/ci.yml`."""
    workflow = _read(example, ".github/workflows/ci.yml")
    return {
        name: [line for step in job["steps"] for line in step.get("run", "").splitlines()]
        for name, job in workflow["jobs"].items()
    }


def recording(engine: Engine) -> dict:
    """What every job installs that asks for a group: names of packages, by service and job.

    Raises Problem when a job fails.
    """
    example = find_example(TWO_SPEEDS)
    found = {}
    with ci_network.opened(engine, example.base_images) as network:
        with gitlab.checkout(network, example) as place:
            names = place.jobs(gitlab.MERGE_REQUEST)
            ran = [place.run(name, gitlab.MERGE_REQUEST) for name in names]
            found["gitlab"] = _installed(ran, gitlab_scripts(example))
        with github.runner(network, example) as machine:
            ran = [machine.run(name, "pull_request") for name in machine.jobs("pull_request")]
            found["github"] = _installed(ran, github_scripts(example))
    return found


def _installed(jobs: list, scripts: dict[str, list[str]]) -> list[dict]:
    for job in jobs:
        if job.exit_code != 0:
            raise Problem(f"The job {job.name!r} is red: {reason(job.output)}")
    return [
        {"name": job.name, "commands": scripts[job.name], "installed": job.installed}
        for job in jobs
    ]


def _read(example: Example, name: str) -> dict:
    path: Path = example.folder / name
    if not path.exists():
        raise Problem(f"{example.name} has no {name}.")
    return YAML(typ="safe").load(path)
