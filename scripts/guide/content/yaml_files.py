"""Read Compose files, GitLab pipelines and GitHub workflows. The types name the keys in use."""

from pathlib import Path
from typing import TypedDict, TypeVar, cast

from ruamel.yaml import YAML

T = TypeVar("T")


class ComposeBuild(TypedDict, total=False):
    """How Compose builds the image of a service."""

    extra_hosts: list[str]


class ComposeService(TypedDict, total=False):
    """A service of a Compose file. `build` may be a folder."""

    image: str
    build: str | ComposeBuild


class ComposeFile(TypedDict):
    """A Compose file."""

    services: dict[str, ComposeService]


class GitLabCache(TypedDict):
    """What a GitLab job caches."""

    paths: list[str]


class GitLabJobDefinition(TypedDict, total=False):
    """A job of a `.gitlab-ci.yml`, or what its jobs share under `default` or a hidden name."""

    extends: str
    image: str
    services: list[str]
    variables: dict[str, str]
    cache: GitLabCache
    before_script: list[str]
    script: list[str]
    after_script: list[str]


class WorkflowTrigger(TypedDict, total=False):
    """An event that starts a GitHub workflow."""

    branches: list[str]


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
    on: dict[str, WorkflowTrigger | None]
    defaults: WorkflowDefaults
    jobs: dict[str, WorkflowJob]


def compose_services(path: Path) -> dict[str, ComposeService]:
    """Return the services of a Compose file by name."""
    return _load(path, ComposeFile)["services"]


def gitlab_jobs(path: Path) -> dict[str, GitLabJobDefinition]:
    """Return the jobs of a `.gitlab-ci.yml` by name, each merged into the job it extends."""
    sections = gitlab_sections(path)
    return {
        name: cast(GitLabJobDefinition, {**sections.get(job.get("extends", ""), {}), **job})
        for name, job in sections.items()
        if "script" in job
    }


def gitlab_sections(path: Path) -> dict[str, GitLabJobDefinition]:
    """Return the jobs of a `.gitlab-ci.yml` as they stand, with `default` and hidden jobs."""
    pipeline = _load(path, dict[str, object])
    return {
        name: cast(GitLabJobDefinition, section)
        for name, section in pipeline.items()
        if isinstance(section, dict)
    }


def gitlab_variables(path: Path) -> dict[str, str]:
    """Return the variables that all jobs of a `.gitlab-ci.yml` share."""
    return _load(path, dict[str, dict[str, str]])["variables"]


def gitlab_images(path: Path) -> list[str]:
    """Return the images that the jobs of a `.gitlab-ci.yml` and their services name.

    Without images that have a variable in their names, which the pipeline itself builds.
    """
    names: list[str] = []
    for section in gitlab_sections(path).values():
        names += [section["image"]] if "image" in section else []
        names += section.get("services", [])
    return [name for name in dict.fromkeys(names) if "$" not in name]


def gitlab_pipeline_conditions(path: Path) -> list[str]:
    """Return the conditions under which a `.gitlab-ci.yml` starts a pipeline."""
    workflow = _load(path, dict[str, dict[str, list[dict[str, str]]]])["workflow"]
    return [rule["if"] for rule in workflow["rules"]]


def workflow(path: Path) -> Workflow:
    """Return a GitHub workflow."""
    return _load(path, Workflow)


def actions(path: Path, name: str = "") -> list[WorkflowStep]:
    """Return the `uses:` steps of a GitHub workflow, or those of one action."""
    return [
        step
        for job in workflow(path)["jobs"].values()
        for step in job["steps"]
        if "uses" in step and (not name or step["uses"].startswith(f"{name}@"))
    ]


def _load(path: Path, kind: type[T]) -> T:
    return cast(T, YAML(typ="safe").load(path))
