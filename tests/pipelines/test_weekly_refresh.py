"""The weekly workflow passes commits from job to job, and opens one pull request or one issue."""

import os
import re
import shutil
import subprocess

import pytest

from guide import ROOT
from guide.content import yaml_files
from guide.machine.git import git
from guide.refresh import repository
from guide.refresh.parts import PARTS

WORKFLOW = yaml_files.workflow(ROOT / ".github/workflows/freshness.yml")

# Commits a file that is named after the parts, as scripts/refresh does, without the working tree.
REFRESH = """#!/bin/sh
case "$*" in
  *--report-since*) echo "The report." > report.md; exit "$UNDECIDED" ;;
esac
export GIT_INDEX_FILE=.git/index-of-refresh
git read-tree HEAD
file=$(echo "$*" | sed 's/--only //g; s/ /+/g')
git update-index --add --cacheinfo "100644,$(git hash-object -w --stdin < scripts/refresh),$file"
git branch --force freshness "$(git commit-tree "$(git write-tree)" -p HEAD -m "$*")"
exit 3
"""
GH = """#!/bin/sh
echo "$*" >> "$GH_LOG"
case "$*" in
  "issue list"*) echo "$ISSUE" ;;
  "pr list"*) echo "$REQUEST" ;;
esac
"""


class Runner:
    """Runs the jobs of the workflow one after another, each in a new shallow checkout."""

    def __init__(self, folder, variables):
        self.folder = folder
        self.artifacts = folder / "artifacts"
        self.origin = folder / "origin"
        self.variables = variables
        self.calls = folder / "gh.log"

    def set_up(self):
        scripts = self.origin / "scripts"
        scripts.mkdir(parents=True)
        self._write(scripts / "refresh", REFRESH)
        (self.folder / "bin").mkdir()
        self._write(self.folder / "bin/gh", GH)
        self.calls.touch()
        git(self.origin, "init", "--quiet", "--initial-branch=main")
        git(self.origin, "add", "--all")
        git(self.origin, "commit", "--quiet", "--message", "Start")
        return self

    def _write(self, path, text):
        path.write_text(text)
        path.chmod(0o755)

    def run(self, unfinished=()):
        """Run every job, apart from the shards that are `unfinished`."""
        for name, job in WORKFLOW["jobs"].items():
            if name == "hosted":
                continue
            for matrix in job.get("strategy", {}).get("matrix", {}).get("include", [{}]):
                if matrix.get("name") in unfinished:
                    continue
                checkout = self.folder / f"{name}-{matrix.get('name', '')}"
                for step in job["steps"]:
                    self._run_step(step, checkout, matrix)

    def _run_step(self, step, checkout, matrix):
        action = step.get("uses", "").partition("@")[0]
        values = {
            key: self._evaluated(value, matrix)
            for key, value in (step.get("with") or step.get("env") or {}).items()
        }
        if action == "actions/checkout":
            source = f"file://{self.origin}"
            git(self.folder, "clone", "--quiet", "--depth=1", source, str(checkout))
        elif action == "actions/upload-artifact":
            target = self.artifacts / values["name"]
            target.mkdir(parents=True)
            for path in values["path"].split():
                shutil.copy(checkout / path, target)
        elif action == "actions/download-artifact":
            for path in self.artifacts.glob(f"{values.get('name', '*')}/*"):
                shutil.copy(path, checkout)
        else:
            self._run_script(step["run"], checkout, values)

    def _evaluated(self, value, matrix):
        names = {f"matrix.{key}": text for key, text in matrix.items()} | {"github.token": "token"}
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda match: names[match[1]], str(value))

    def _run_script(self, script, checkout, values):
        environ = {
            **os.environ,
            **WORKFLOW["env"],
            **values,
            **self.variables,
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "GH_LOG": str(self.calls),
            "GITHUB_REF_NAME": "main",
            "GITHUB_SHA": git(self.origin, "rev-parse", "main").strip(),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        done = subprocess.run(command, cwd=checkout, env=environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    @property
    def opened(self):
        """The calls of gh that open, change or close something, without their options."""
        calls = self.calls.read_text().splitlines()
        named = [re.sub(r" --.*", "", call) for call in calls]
        return [call for call in named if not call.endswith("list") and call[:2] in {"is", "pr"}]


@pytest.mark.parametrize(
    ("variables", "opened"),
    [
        ({"UNDECIDED": "0", "ISSUE": "", "REQUEST": ""}, ["pr create"]),
        ({"UNDECIDED": "0", "ISSUE": "7", "REQUEST": "8"}, ["issue close 7", "pr edit 8"]),
        ({"UNDECIDED": "3", "ISSUE": "", "REQUEST": ""}, ["issue create"]),
        ({"UNDECIDED": "3", "ISSUE": "7", "REQUEST": "8"}, ["issue edit 7"]),
    ],
    ids=["new-request", "old-request", "new-issue", "old-issue"],
)
def test_the_commits_of_every_job_arrive_in_one_pull_request_or_one_issue(
    tmp_path, variables, opened
):
    runner = Runner(tmp_path, variables).set_up()
    runner.run()
    assert runner.opened == opened
    subjects = git(runner.origin, "log", "--format=%s", "main..freshness").splitlines()
    shards = WORKFLOW["jobs"]["record"]["strategy"]["matrix"]["include"]
    assert len(subjects) == len(shards) + 2
    files = git(runner.origin, "ls-tree", "--name-only", "freshness").split()
    assert {*files} >= {shard["parts"].replace("--only ", "").replace(" ", "+") for shard in shards}
    assert "The report." in (tmp_path / "summary.md").read_text()


def test_a_shard_that_does_not_finish_is_reported(tmp_path):
    shards = WORKFLOW["jobs"]["record"]["strategy"]["matrix"]["include"]
    names = {shard["name"] for shard in shards}
    runner = Runner(tmp_path, {"UNDECIDED": "3", "ISSUE": "", "REQUEST": ""}).set_up()
    runner.run(unfinished=names)
    assert runner.opened == ["issue create"]
    results = repository.results(runner.origin, "main", "freshness")
    assert {each["part"] for each in results if "did not finish" in each["error"]} == names


def test_hosted_recordings_are_copied_beside_the_others(tmp_path):
    """Only recordings that were made again are copied."""
    record = """#!/bin/sh
mkdir -p "docs/data/$1"
echo again > "docs/data/$1/pattern-a.json"
"""
    runner = Runner(tmp_path, {}).set_up()
    runner._write(runner.origin / "scripts/record", record)
    for kind in ("layers", "runs"):
        folder = runner.origin / "docs/data" / kind
        folder.mkdir(parents=True)
        for name in ("pattern-a", "shop"):
            (folder / f"{name}.json").write_text("before\n")
    git(runner.origin, "add", "--all")
    git(runner.origin, "commit", "--quiet", "--message", "Recordings")
    steps = WORKFLOW["jobs"]["hosted"]["steps"]
    for step in steps[:-1]:
        runner._run_step(step, tmp_path / "checkout", {})
    hosted = tmp_path / "checkout" / steps[-1]["with"]["path"]
    copied = {path.relative_to(hosted).as_posix() for path in hosted.rglob("*.json")}
    assert copied == {"layers/pattern-a.json", "runs/pattern-a.json"}
    assert (hosted / "runs/pattern-a.json").read_text() == "again\n"


def test_only_one_of_the_refresh_and_the_hosted_recordings_runs():
    conditions = {name: WORKFLOW["jobs"][name]["if"] for name in ("raise", "hosted")}
    assert conditions == {"raise": "${{ !inputs.hosted }}", "hosted": "${{ inputs.hosted }}"}


def test_the_results_are_reported_although_a_shard_has_failed():
    """GitHub skips a job after a failed one, even if another job is between the two."""
    conditions = {
        name: job["if"] for name, job in WORKFLOW["jobs"].items() if name in {"test", "publish"}
    }
    assert conditions == {
        "test": "${{ !cancelled() && needs.raise.result == 'success' }}",
        "publish": "${{ !cancelled() && needs.test.result == 'success' }}",
    }


def test_the_jobs_run_every_part_that_a_runner_can_repeat():
    """The runner pulls the base images anyway."""
    scripts = [step.get("run", "") for job in WORKFLOW["jobs"].values() for step in job["steps"]]
    shards = [each["parts"] for each in WORKFLOW["jobs"]["record"]["strategy"]["matrix"]["include"]]
    named = re.findall(r"--only ([\w-]+)", "\n".join(scripts + shards))
    assert sorted(named) == sorted({each.name for each in PARTS} - {"images"})
