"""Read Compose files, GitLab pipelines and GitHub workflows. The types list only the used keys."""

from pathlib import Path
from typing import TypedDict, TypeVar, cast

from ruamel.yaml import YAML

T = TypeVar("T")


class ComposeBuild(TypedDict, total=False):
    """The `build` section of a Compose service."""

    extra_hosts: list[str]


class ComposeService(TypedDict, total=False):
    """A Compose service. `build` is a section or the path of a folder."""

    image: str
    build: str | ComposeBuild


class ComposeFile(TypedDict):
    """A Compose file."""

    services: dict[str, ComposeService]


class GitLabCache(TypedDict):
    """The `cache` section of a GitLab job."""

    paths: list[str]


class GitLabJobDefinition(TypedDict, total=False):
    """A section of a `.gitlab-ci.yml`: a job, a hidden job, or `default`."""

    extends: str
    image: str
    services: list[str]
    variables: dict[str, str]
    cache: GitLabCache
    before_script: list[str]
    script: list[str]


class WorkflowTrigger(TypedDict, total=False):
    """An event that starts a GitHub workflow, if the branch and the changed files match."""

    branches: list[str]
    paths: list[str]


class WorkflowRunDefaults(TypedDict, total=False):
    """The defaults of `run:` steps."""

    shell: str


class WorkflowDefaults(TypedDict, total=False):
    """The defaults of a GitHub workflow."""

    run: WorkflowRunDefaults


WorkflowStep = TypedDict(
    "WorkflowStep",
    {
        "id": str,
        "if": object,
        "name": str,
        "uses": str,
        "with": dict[str, object],
        "run": str,
        "env": dict[str, object],
    },
    total=False,
)
WorkflowJob = TypedDict(
    "WorkflowJob",
    {"if": object, "env": dict[str, object], "steps": list[WorkflowStep]},
    total=False,
)


class Workflow(TypedDict, total=False):
    """A GitHub workflow."""

    on: dict[str, WorkflowTrigger | list[object] | None]
    defaults: WorkflowDefaults
    jobs: dict[str, WorkflowJob]


def compose_services(path: Path) -> dict[str, ComposeService]:
    """Return the services of a Compose file, keyed by name."""
    return _load(path, ComposeFile)["services"]


def gitlab_jobs(path: Path) -> dict[str, GitLabJobDefinition]:
    """Return the jobs of a `.gitlab-ci.yml`, keyed by name and merged with the job they extend."""
    sections = gitlab_sections(path)
    return {
        name: cast(GitLabJobDefinition, {**sections.get(job.get("extends", ""), {}), **job})
        for name, job in sections.items()
        if "script" in job
    }


def gitlab_sections(path: Path) -> dict[str, GitLabJobDefinition]:
    """Return the unmerged jobs of a `.gitlab-ci.yml`, including hidden jobs and `default`."""
    pipeline = _load(path, dict[str, object])
    return {
        name: cast(GitLabJobDefinition, section)
        for name, section in pipeline.items()
        if isinstance(section, dict)
    }


def gitlab_variables(path: Path) -> dict[str, str]:
    """Return the global variables of a `.gitlab-ci.yml`."""
    return _load(path, dict[str, dict[str, str]])["variables"]


def gitlab_images(path: Path) -> list[str]:
    """Return the images that jobs and services of a `.gitlab-ci.yml` use.

    Images with a variable in their names are left out, because the pipeline builds them.
    """
    names: list[str] = []
    for section in gitlab_sections(path).values():
        names += [section["image"]] if "image" in section else []
        names += section.get("services", [])
    return [name for name in dict.fromkeys(names) if "$" not in name]


def gitlab_pipeline_conditions(path: Path) -> list[str]:
    """Return the conditions of the `workflow: rules` in a `.gitlab-ci.yml`."""
    workflow = _load(path, dict[str, dict[str, list[dict[str, str]]]])["workflow"]
    return [rule["if"] for rule in workflow["rules"]]


def workflow(path: Path) -> Workflow:
    """Return a GitHub workflow."""
    return _load(path, Workflow)


def actions(path: Path, name: str = "") -> list[WorkflowStep]:
    """Return the `uses:` steps of a GitHub workflow, optionally for only one action."""
    return [
        step
        for job in workflow(path)["jobs"].values()
        for step in job["steps"]
        if "uses" in step and (not name or step["uses"].startswith(f"{name}@"))
    ]


def _load(path: Path, kind: type[T]) -> T:
    return cast(T, YAML(typ="safe").load(path))
