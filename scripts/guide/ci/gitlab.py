"""GitLab pipelines, run for real: each job in its image, with its services, cache and variables.

gitlab-ci-local reads the `.gitlab-ci.yml` and does with containers what GitLab's runner does. It
has no server: the rules are asked for one kind of pipeline, the registry and the token are ours.
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

from guide import Problem
from guide.ci import network as ci_network
from guide.ci.network import CiNetwork
from guide.content.edits import copy
from guide.content.examples import Example
from guide.engine.private_server import PrivateServer
from guide.machine import debian, node
from guide.machine.commands import reason
from guide.machine.git import git
from guide.machine.progress import doing

# Where on the server the project is.
PROJECT = "acme/project"

# What starts a pipeline: the variables that rules ask for, and those that are not there then.
MERGE_REQUEST, MAIN, BY_HAND = "merge_request_event", "push", "web"


@dataclass(frozen=True)
class Job:
    """A job that has run. `seconds` is what it took with all that the runner does around it.

    `installed` are the packages in its `.venv`, `changed` the files of its image that it wrote.
    """

    name: str
    exit_code: int
    output: str
    installed: list[str]
    changed: list[str]
    seconds: float


@dataclass(frozen=True)
class Checkout:
    """A copy of a project under Git, as a runner has it, and the network around it."""

    network: CiNetwork
    name: str
    folder: Path
    token: str

    def jobs(self, source: str) -> list[str]:
        """The names of the jobs that a pipeline of that kind has, in their order."""
        done = self._gitlab_ci_local("--list-json", source=source, stderr=subprocess.PIPE)
        rows = json.loads(done.stdout)
        return [row["name"] for row in rows if row["when"] != "never"]

    def run(self, job: str, source: str) -> Job:
        """Run one job. Its containers go, its cache stays for the next."""
        start = time.monotonic()
        try:
            with doing("pipelines", f"{self.name}: {job}"):
                done = self._gitlab_ci_local(job, "--no-cleanup", source=source)
            seconds = time.monotonic() - start
            container = self._container(job, done.stdout)
            installed = self._installed(container)
            changed = _changed(self.network, container)
        finally:
            self.network.clear()
        output = _printed(job, done.stdout)
        return Job(job, done.returncode, output, installed, changed, round(seconds, 2))

    def _installed(self, container: str) -> list[str]:
        """What is in the `.venv` of a job, which lies in a volume."""
        look = ("sh", "-c", ci_network.LIST_PACKAGES, f"/builds/{PROJECT}")
        volumes = ("--volumes-from", container)
        done = self.network.engine.run(self.network.tools, *look, options=volumes)
        return ci_network.package_names(done.stdout)

    def commit(self) -> None:
        """Take what has changed into the repository: a runner sees nothing else."""
        for command in (("add", "--all"), ("commit", "--quiet", "--message", "Work")):
            git(self.folder, *command)

    @property
    def sha(self) -> str:
        return git(self.folder, "rev-parse", "HEAD").strip()

    def image(self, path: str = "", short: bool = False) -> str:
        """What the pipeline calls an image of this commit: CI_REGISTRY_IMAGE, a path, and a tag.

        The tag is CI_COMMIT_SHA, or with `short` CI_COMMIT_SHORT_SHA.
        """
        return f"{ci_network.REGISTRY}/{PROJECT}{path}:{self.sha[:8] if short else self.sha}"

    def _gitlab_ci_local(self, *arguments: str, source: str, stderr: int = subprocess.STDOUT):
        given = {**variables(self.network, source), "CI_JOB_TOKEN": self.token}
        options = [f"--variable={name}={value}" for name, value in given.items()]
        if source == MERGE_REQUEST:
            options.append("--unset-variable=CI_COMMIT_BRANCH")
        options += [
            f"--network={self.network.name}",
            # Docker inside a job, and the certificates that it shares with its clients.
            "--privileged",
            "--volume=%gcl-cert%:/certs/client",
            f"--volume={self.network.settings}:/etc/docker/daemon.json:ro",
            f"--helper-image={self.network.tools}",
            f"--wait-image={self.network.wait}",
            # As the user that the image names.
            "--no-umask",
            "--no-artifacts-to-source",
            "--no-color",
            f"--home={self.folder.parent}/home",
            f"--ignore-predefined-vars={','.join(given)}",
        ]
        return node.run(
            "pipelines",
            "gitlab-ci-local",
            *arguments,
            *options,
            cwd=self.folder,
            env=self.network.engine.environ,
            failing="gitlab-ci-local failed",
            check=False,
            stderr=stderr,
        )

    def _container(self, job: str, output: str) -> str:
        """The container of the job that has just run, which is newer than those of its services."""
        found = self.network.containers()
        if not found:
            raise Problem(f"gitlab-ci-local did not start the job {job!r}: {reason(output)}")
        return found[0]


def variables(network: CiNetwork, source: str) -> dict[str, str]:
    """What GitLab sets in a job that a pipeline of that kind has, as far as the registry goes."""
    return {
        "CI_PIPELINE_SOURCE": source,
        "CI_REGISTRY": ci_network.REGISTRY,
        "CI_REGISTRY_IMAGE": f"{ci_network.REGISTRY}/{PROJECT}",
        "CI_REGISTRY_USER": ci_network.USER,
        "CI_REGISTRY_PASSWORD": network.password,
        "CI_DEFAULT_BRANCH": "main",
    }


@contextmanager
def checkout(
    network: CiNetwork, example: Example, private: PrivateServer | None = None
) -> Iterator[Checkout]:
    """A Checkout of an example. With a private server, the job token is the one that it takes."""
    _need_rsync()
    network.join(private)
    with tempfile.TemporaryDirectory(prefix="guide-gitlab-") as home:
        folder = copy(example, Path(home) / "project")
        git(folder, "init", "--quiet", "--initial-branch=main")
        git(folder, "remote", "add", "origin", f"https://gitlab.example.com/{PROJECT}.git")
        token = private.token if private else "unused"
        place = Checkout(network, example.name, folder, token)
        place.commit()
        # As after a clone: where the main branch is.
        git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
        git(folder, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
        yield place


def _need_rsync() -> None:
    if shutil.which("rsync"):
        return
    if not debian.is_possible():
        raise Problem("Pipelines need rsync on this machine: install it.")
    debian.install("rsync")


def _printed(job: str, output: str) -> str:
    """What the job printed, of all that gitlab-ci-local prints."""
    lines = re.findall(rf"(?m)^{re.escape(job)}\s+(> ?|(?=\$ ))(.*)$", output)
    return "\n".join(line.rstrip() for _, line in lines)


def _changed(network: CiNetwork, container: str) -> list[str]:
    """Files and folders that the job has added to its image or changed there, but for /tmp.

    A folder counts as changed when something in it has: then that is what counts.
    """
    rows = network.engine.docker("container", "diff", container).stdout.splitlines()
    every = [row[2:] for row in rows]
    folders = {each.rpartition("/")[0] for each in every}
    paths = [path for path in every if path not in folders]
    return [
        path
        for path in paths
        if not path.startswith(("/tmp", "/builds", "/gcl-cmd", "/etc/docker", "/certs"))
    ]
