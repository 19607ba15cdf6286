"""The pipelines that check Dockerfiles find a mistake, and accept a Dockerfile without one.

The commands of the jobs run on this machine, with a clone of the guide's files.
"""

import os
import shutil
import subprocess

import pytest

from guide import ROOT
from guide.content import yaml_files
from guide.machine.git import git
from workflow_files import CHECK_PIPELINE, CHECK_WORKFLOW, steps

GOOD = "pattern-a-single-stage"


def gitlab_script():
    (job,) = yaml_files.gitlab_jobs(CHECK_PIPELINE).values()
    return job["script"]


def github_script():
    return [step["run"] for _, step in steps(CHECK_WORKFLOW) if "run" in step]


SCRIPTS = {"gitlab": gitlab_script, "github": github_script}


@pytest.fixture(scope="module")
def guide_repository(tmp_path_factory):
    """A Git repository with the guide's files as they are now."""
    folder = tmp_path_factory.mktemp("guide")
    names = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    author = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    git(folder, *author, "commit", "--quiet", "--message", "Add the guide")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("pipeline", SCRIPTS)
def test_the_job_fails_on_a_mistake_alone(pipeline, guide_repository, tmp_path):
    project = tmp_path / "project"
    shutil.copytree(ROOT / "examples" / GOOD, project)
    script = "\n".join(["set -e", *SCRIPTS[pipeline]()]).replace("/tmp/guide", f"{tmp_path}/guide")
    environ = {
        **os.environ,
        "GUIDE_REPOSITORY": f"file://{guide_repository}",
        "CI_PROJECT_DIR": str(project),
        "RUNNER_TEMP": str(tmp_path),
    }

    def run():
        shutil.rmtree(tmp_path / "guide", ignore_errors=True)
        return subprocess.run(
            ["bash", "-c", script],
            cwd=project,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )

    done = run()
    assert done.returncode == 0, done.stdout + done.stderr
    dockerfile = project / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("uv sync --locked", "uv sync --frozen"))
    done = run()
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Dockerfile" in done.stdout
    assert "lockfile" in done.stdout
