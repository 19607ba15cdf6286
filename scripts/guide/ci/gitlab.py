"""Run the jobs of GitLab pipelines in their images, with their services, cache and variables.

gitlab-ci-local reads `.gitlab-ci.yml` and runs its jobs in containers like GitLab's runner. There
is no GitLab server, so the guide sets the variables that rules test, and provides the registry and
the job token.
"""

import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guide import Problem
from guide.ci import network as ci_network
from guide.ci.network import CiNetwork
from guide.content.edits import copy
from guide.content.examples import Example
from guide.engine.private_server import JOB_TOKEN_USER, PrivateServer
from guide.machine import debian, node
from guide.machine.commands import reason
from guide.machine.git import git
from guide.machine.interrupts import uninterrupted
from guide.machine.progress import doing

# The project's path on the GitLab server.
PROJECT = "acme/project"

# The values of CI_PIPELINE_SOURCE for the events that start a pipeline.
MERGE_REQUEST, MAIN, MANUAL = "merge_request_event", "push", "web"
SCHEDULE = "schedule"


@dataclass(frozen=True)
class GitLabJob:
    """A finished job. `seconds` includes the runner's own work.

    `installed` lists the packages in the job's `.venv`, and `changed` lists the files of its image
    that it wrote.
    """

    name: str
    exit_code: int
    output: str
    installed: list[str]
    changed: list[str]
    seconds: float


@dataclass(frozen=True)
class GitLabRunner:
    """Runs the jobs of a project's pipeline in a checkout of the project.

    `token` is the job token, which the package index accepts.
    """

    network: CiNetwork
    name: str
    folder: Path
    token: str

    def jobs(self, source: str) -> list[str]:
        """Return the names of the jobs in a pipeline that `source` starts, in order."""
        return jobs_of(self.folder, source)

    def run(self, job: str, source: str) -> GitLabJob:
        """Run one job. Its containers are removed, and its cache is kept for the next job."""
        start = time.monotonic()
        try:
            with doing("pipelines", f"{self.name}: {job}"):
                done = self._gitlab_ci_local(job, "--no-cleanup", source=source)
            seconds = time.monotonic() - start
            container = self._container(job, done.stdout)
            installed = self._installed(container)
            changed = _changed(self.network, container)
        finally:
            with uninterrupted():
                self.network.remove_job_containers()
        output = output_of_job(job, done.stdout)
        return GitLabJob(job, done.returncode, output, installed, changed, round(seconds, 2))

    def _installed(self, container: str) -> list[str]:
        """Return the packages in a job's `.venv`, which is in a volume of its container."""
        command = ("sh", "-c", ci_network.LIST_DIST_INFO, f"/builds/{PROJECT}")
        volumes = ("--volumes-from", container)
        done = self.network.engine.run(self.network.tools, *command, options=volumes)
        return ci_network.package_names(done.stdout)

    def commit(self) -> None:
        """Commit all changes. Jobs see only committed files."""
        commit_all(self.folder)

    @property
    def sha(self) -> str:
        """The checked-out commit."""
        return git(self.folder, "rev-parse", "HEAD").strip()

    def image(self, path: str = "", short: bool = False) -> str:
        """Return the name of an image that the pipeline pushes, with `path` and the tag.

        The tag is CI_COMMIT_SHA, or CI_COMMIT_SHORT_SHA if `short` is set.
        """
        return f"{ci_network.REGISTRY}/{PROJECT}{path}:{self.sha[:8] if short else self.sha}"

    def _gitlab_ci_local(self, *arguments: str, source: str) -> subprocess.CompletedProcess[str]:
        predefined = {
            **variables(self.network, source),
            "CI_JOB_TOKEN": self.token,
        }
        options = [
            *_predefined(predefined),
            f"--network={self.network.name}",
            # For a Docker engine inside a job, and the certificates for its clients.
            "--privileged",
            "--volume=%gcl-cert%:/certs/client",
            f"--volume={self.network.settings}:/etc/docker/daemon.json:ro",
            f"--helper-image={self.network.tools}",
            f"--wait-image={self.network.wait}",
            # Run jobs as the user of the image.
            "--no-umask",
            "--no-artifacts-to-source",
            "--no-color",
            f"--home={self.folder.parent}/home",
        ]
        return _gitlab_ci_local(
            self.folder,
            *arguments,
            *options,
            env=self.network.engine.environ,
            stderr=subprocess.STDOUT,
        )

    def _container(self, job: str, output: str) -> str:
        """Return the container of the last job. It is newer than the containers of its services."""
        containers = self.network.job_containers()
        if not containers:
            raise Problem(f"gitlab-ci-local did not start the job {job!r}: {reason(output)}")
        return containers[0]


def jobs_of(folder: Path, source: str) -> list[str]:
    """Return the names of the jobs that `source` starts in a clone, in order.

    gitlab-ci-local does not evaluate the rules of `workflow`. Raises Problem if the pipeline is not
    valid.
    """
    done = _gitlab_ci_local(folder, "--list-json", *_predefined(_event(source)), check=True)
    return [row["name"] for row in json.loads(done.stdout) if row["when"] != "never"]


def effective(folder: Path) -> str:
    """Return the pipeline of a clone, in which each job has the settings that it extends."""
    return _gitlab_ci_local(folder, "--preview", check=True).stdout


def _event(source: str) -> dict[str, str]:
    return {"CI_PIPELINE_SOURCE": source, "CI_DEFAULT_BRANCH": "main"}


def _predefined(values: dict[str, str]) -> list[str]:
    """Return the options that set predefined variables of GitLab."""
    options = [f"--variable={name}={value}" for name, value in values.items()]
    if values["CI_PIPELINE_SOURCE"] == MERGE_REQUEST:
        options.append("--unset-variable=CI_COMMIT_BRANCH")
    return [*options, f"--ignore-predefined-vars={','.join(values)}"]


def _gitlab_ci_local(
    folder: Path, *arguments: str, check: bool = False, **options: Any
) -> subprocess.CompletedProcess[str]:
    return node.run(
        *("pipelines", "gitlab-ci-local", *arguments),
        cwd=folder,
        failing="gitlab-ci-local failed",
        check=check,
        **options,
    )


def variables(network: CiNetwork, source: str) -> dict[str, str]:
    """Return the predefined variables that the examples' pipelines use."""
    return {
        **_event(source),
        "CI_REGISTRY": ci_network.REGISTRY,
        "CI_REGISTRY_IMAGE": f"{ci_network.REGISTRY}/{PROJECT}",
        "CI_REGISTRY_USER": JOB_TOKEN_USER,
        "CI_REGISTRY_PASSWORD": network.password,
    }


@contextmanager
def gitlab_runner(
    network: CiNetwork, example: Example, private: PrivateServer | None = None
) -> Iterator[GitLabRunner]:
    """Check out an example and yield a runner for its pipeline.

    If `private` is set, the job token is the token of that server.
    """
    _install_rsync()
    network.join(private)
    with tempfile.TemporaryDirectory(prefix="guide-gitlab-") as home:
        folder = copy(example, Path(home) / "project")
        make_clone(folder)
        token = private.token if private and private.token else "unused"
        yield GitLabRunner(network, example.name, folder, token)


def make_clone(folder: Path) -> None:
    """Make a folder a clone of the project, whose main branch contains the folder's files."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "remote", "add", "origin", f"https://gitlab.example.com/{PROJECT}.git")
    commit_all(folder)
    # Add the remote's main branch, which a clone would have.
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(folder, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")


def commit_all(folder: Path) -> None:
    """Commit all changes of a clone."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Work")


def _install_rsync() -> None:
    if shutil.which("rsync"):
        return
    if not debian.is_possible():
        raise Problem("The pipelines need rsync. Install it on this machine and run this again.")
    debian.install("rsync")


def output_of_job(job: str, output: str) -> str:
    """Return the lines of gitlab-ci-local's output that the job printed."""
    lines = re.findall(rf"(?m)^{re.escape(job)}\s+(> ?|(?=\$ ))(.*)$", output)
    return "\n".join(line.rstrip() for _, line in lines)


def _changed(network: CiNetwork, container: str) -> list[str]:
    """Return the files and folders of the image that a job added or changed, except under /tmp.

    Docker also lists the parent folders of every change. They are left out, and so is the standard
    library bytecode, which the image does not contain and Python saves if it runs as root.
    """
    rows = network.engine.docker("container", "diff", container).stdout.splitlines()
    listed = [row[2:] for row in rows]
    parents = {path.rpartition("/")[0] for path in listed}
    ignored = ("/tmp", "/builds", "/gcl-cmd", "/etc/docker", "/certs")
    bytecode = re.compile(r"/usr/local/lib/python[^/]+/(?!site-packages/).*\.pyc")
    return [
        path
        for path in listed
        if path not in parents and not path.startswith(ignored) and not bytecode.fullmatch(path)
    ]
