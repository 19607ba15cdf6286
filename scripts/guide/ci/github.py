"""Run the `run:` steps of GitHub workflows in a container that acts as the runner.

`uses:` steps are listed but not run. The container already provides the checkout, uv and a Docker
engine. GitHub's own library evaluates expressions.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from pathspec import GitIgnoreSpec

from guide import Problem
from guide.ci import network as ci_network
from guide.ci.network import CiNetwork, DockerInDocker
from guide.content.edits import copy
from guide.content.examples import Example
from guide.content.yaml_files import Workflow, WorkflowJob, WorkflowStep
from guide.content.yaml_files import workflow as read_workflow
from guide.engine.docker import LABEL, PREFIX
from guide.engine.uv import TOOLS
from guide.machine import node
from guide.machine.interrupts import uninterrupted
from guide.machine.progress import doing

# The owner's name has an uppercase letter, which image names must not have.
REPOSITORY = "Acme/project"
SHA = "0123456789abcdef0123456789abcdef01234567"

# A small subset of a GitHub runner's programs.
RUNNER = f"""\
{TOOLS}\
COPY --from={{uv}} /uv /uvx /usr/local/bin/
COPY --from={ci_network.CLI_IMAGE} /usr/bin/docke[r] /usr/local/bin/docke[r] /usr/local/bin/
COPY --from={ci_network.CLI_IMAGE} /usr/libexec/docke[r] /usr/local/libexec/docke[r] \\
    /usr/local/libexec/docker/
ENV UV_PYTHON_DOWNLOADS=never
"""


@dataclass(frozen=True)
class GitHubStep:
    """A finished step, or a `uses:` step, which is not run and has no exit code."""

    name: str
    uses: str = ""
    exit_code: int | None = None
    output: str = ""


@dataclass(frozen=True)
class GitHubJob:
    """A job whose steps ran up to the first failure, and the packages in its `.venv`.

    `env` and `outputs` have the values after the last step. `files` maps requested paths to texts.
    """

    name: str
    steps: list[GitHubStep]
    installed: list[str]
    env: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """The exit code of the failed step, or 0."""
        return next((step.exit_code for step in self.steps if step.exit_code), 0)

    @property
    def output(self) -> str:
        """The output of all steps."""
        return "\n".join(step.output for step in self.steps if step.output)


@dataclass(frozen=True)
class GitHubRunner:
    """Runs the jobs of a workflow, each in a new container with a new checkout.

    All jobs use the same Docker engine, which keeps its images and layers between jobs.
    """

    network: CiNetwork
    project: Path
    workflow: str
    image: str
    docker: DockerInDocker
    repository: str = REPOSITORY

    def jobs(
        self, event: str, branch: str = "main", changed: str | None = None
    ) -> dict[str, WorkflowJob]:
        """Return the jobs that an event starts, as `started_jobs` does."""
        return started_jobs(self._read(), event, branch, changed)

    def run(
        self,
        name: str,
        event: str,
        branch: str = "main",
        outputs: dict[str, dict[str, str]] | None = None,
        files: tuple[str, ...] = (),
    ) -> GitHubJob:
        """Run one job. Raises Problem if the event does not start it.

        `outputs` are the outputs of `uses:` steps. The texts of `files` are returned with the job.
        """
        jobs = self.jobs(event, branch)
        if name not in jobs:
            raise Problem(f"The workflow has no job {name!r} that the event {event} starts.")
        task = f"{self.project.name} on GitHub: {name}"
        with doing("pipelines", task), self._machine() as machine:
            context = github_context(event, branch, self.repository)
            run = _JobRun(machine, context, self._shell())
            run.env |= {key: str(value) for key, value in jobs[name].get("env", {}).items()}
            run.outputs |= outputs or {}
            run.run_steps(jobs[name]["steps"])
            texts = {path: machine.read(path) for path in files}
            installed = machine.installed()
        return GitHubJob(name, run.steps, installed, run.env, run.outputs, texts)

    def _read(self) -> Workflow:
        return read_workflow(self.project / ".github/workflows" / self.workflow)

    def _shell(self) -> str:
        """Return the workflow's default shell of `run:` steps, or ""."""
        return self._read().get("defaults", {}).get("run", {}).get("shell", "")

    @contextmanager
    def _machine(self) -> Iterator["_Machine"]:
        """Start the container for one job, in the network of its Docker engine."""
        engine = self.network.engine
        options = ("--label", LABEL, f"--network=container:{self.docker.container}")
        socket = f"--mount=type=volume,source={self.docker.shared},target=/shared"
        idle = ("sleep", "infinity")
        started = engine.docker("run", "--detach", *options, socket, self.image, *idle)
        container = started.stdout.strip()
        try:
            machine = _Machine(self.network, container)
            engine.docker("cp", f"{self.project}/.", f"{container}:/work")
            yield machine
        finally:
            with uninterrupted():
                engine.docker("rm", "--force", "--volumes", container, check=False)


@dataclass
class _JobRun:
    """A running job, with the environment and the outputs that its steps set."""

    machine: "_Machine"
    github: dict[str, str]
    shell: str
    steps: list[GitHubStep] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)

    def run_steps(self, steps: list[WorkflowStep]) -> None:
        """Run steps until one fails."""
        for number, step in enumerate(steps, start=1):
            if not _is_true(step.get("if", True), self._context()):
                continue
            if "uses" in step:
                self.steps.append(GitHubStep(step.get("name", step["uses"]), uses=step["uses"]))
            elif not self._run(number, step):
                return

    def _run(self, number: int, step: WorkflowStep) -> bool:
        """Run a step, and return whether it succeeded."""
        step_env = step.get("env", {})
        texts = [step["run"], *map(str, step_env.values())]
        script, *values = _evaluated(texts, self._context())
        variables = {**self.env, **dict(zip(step_env, values, strict=True))}
        done = self.machine.step(
            script, self.shell, {**github_variables(self.github), **variables}, number
        )
        name = step.get("name", step["run"].splitlines()[0])
        self.steps.append(GitHubStep(name, exit_code=done.returncode, output=done.stdout.strip()))
        self.env |= self.machine.written(number, "env")
        self.outputs[step.get("id", f"_{number}")] = self.machine.written(number, "output")
        return done.returncode == 0

    def _context(self) -> "Context":
        """Return the contexts that expressions in a step can use."""
        return {
            "github": self.github,
            "env": self.env,
            "steps": {step: {"outputs": outputs} for step, outputs in self.outputs.items()},
            "runner": {"temp": "/runner/temp"},
        }


@dataclass(frozen=True)
class _Machine:
    """The container in which a job runs."""

    network: CiNetwork
    container: str

    def step(
        self, script: str, shell: str, variables: dict[str, str], number: int
    ) -> subprocess.CompletedProcess[str]:
        """Run a script with Bash, using the options that GitHub uses for `shell`."""
        files = {
            "GITHUB_ENV": f"/runner/{number}-env",
            "GITHUB_OUTPUT": f"/runner/{number}-output",
            "RUNNER_TEMP": "/runner/temp",
            "DOCKER_HOST": DockerInDocker.socket,
        }
        options = [f"--env={name}={value}" for name, value in {**variables, **files}.items()]
        shell_options = {"": "-e", "bash": "--noprofile --norc -eo pipefail"}[shell]
        start = f'mkdir -p /runner/temp && exec bash {shell_options} -c "$0" 2>&1'
        arguments = ("exec", "--workdir", "/work", *options, self.container)
        return self.network.engine.docker(*arguments, "sh", "-c", start, script, check=False)

    def written(self, number: int, kind: str) -> dict[str, str]:
        """Return the variables or outputs that a step wrote to its `env` or `output` file."""
        text = self.read(f"/runner/{number}-{kind}")
        return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)

    def read(self, path: str) -> str:
        """Return the text of a file relative to the checkout, or "" if it does not exist."""
        arguments = ("exec", "--workdir", "/work", self.container, "cat", path)
        return self.network.engine.docker(*arguments, check=False).stdout

    def installed(self) -> list[str]:
        """Return the packages in the `.venv` of the checkout."""
        arguments = ("exec", self.container, "sh", "-c", ci_network.LIST_DIST_INFO, "/work")
        return ci_network.package_names(self.network.engine.docker(*arguments).stdout)


@contextmanager
def github_runner(
    network: CiNetwork, example: Example, project: Path | None = None, workflow: str = "ci.yml"
) -> Iterator[GitHubRunner]:
    """Yield a runner for an example's workflow, with an empty Docker engine.

    `project` is a folder to check out instead of the example. The example's uv is always used.
    Use `dataclasses.replace` to run another workflow of the same project on the same runner.
    """
    engine = network.engine
    image = f"{PREFIX}/github-runner"
    engine.need_images([example.uv_image])
    engine.build_text(RUNNER.format(uv=example.uv_image), image)
    with (
        tempfile.TemporaryDirectory(prefix="guide-github-") as home,
        ci_network.docker_in_docker(network) as docker,
    ):
        folder = Path(home) / (project.name if project else example.name)
        if project:
            shutil.copytree(project, folder, ignore=gitignored_files(project))
        else:
            copy(example, folder)
        yield GitHubRunner(network, folder, workflow, image, docker)


def gitignored_files(project: Path) -> Callable[[str, list[str]], set[str]]:
    """Return a function for shutil.copytree that ignores files matched by .gitignore."""
    spec = GitIgnoreSpec.from_lines((project / ".gitignore").read_text().splitlines())

    def ignored(folder: str, names: list[str]) -> set[str]:
        paths = {name: Path(folder, name) for name in names}
        return {
            name
            for name, path in paths.items()
            if spec.match_file(f"{path.relative_to(project)}{'/' if path.is_dir() else ''}")
        }

    return ignored


def started_jobs(
    workflow: Workflow, event: str, branch: str = "main", changed: str | None = None
) -> dict[str, WorkflowJob]:
    """Return the jobs that an event starts, keyed by name.

    `changed` is the file that the event changes. Without it, every filter by path matches.
    """
    if event not in workflow["on"]:
        return {}
    trigger = workflow["on"][event]
    if isinstance(trigger, dict):
        if event == "push" and branch not in trigger.get("branches", [branch]):
            return {}
        if changed is not None and changed not in trigger.get("paths", [changed]):
            return {}
    context: Context = {"github": github_context(event, branch)}
    return {
        name: job
        for name, job in workflow["jobs"].items()
        if _is_true(job.get("if", True), context)
    }


# Maps the names of expression contexts, such as `github` and `env`, to their values.
Context: TypeAlias = Mapping[str, Mapping[str, object]]


def github_context(event: str, branch: str, repository: str = REPOSITORY) -> dict[str, str]:
    """Return the part of the `github` context that the workflows here use."""
    on_request = event == "pull_request"
    return {
        "actor": "developer",
        "event_name": event,
        "head_ref": branch if on_request else "",
        "ref": "refs/pull/1/merge" if on_request else f"refs/heads/{branch}",
        "ref_name": "1/merge" if on_request else branch,
        "repository": repository,
        "server_url": "https://github.example.com",
        "sha": SHA,
        "token": "token-of-the-job",
        "workflow": "CI",
    }


def github_variables(github: dict[str, str]) -> dict[str, str]:
    """Return the default variables of a step, without the token."""
    return {f"GITHUB_{name.upper()}": text for name, text in github.items() if name != "token"}


def _is_true(condition: object, context: Context) -> bool:
    """Return whether an `if:` condition is true. `${{ }}` around it is optional."""
    if condition is True:
        return True
    inner = re.sub(r"^\$\{\{(.*)\}\}$", r"\1", str(condition).strip())
    return _evaluated([f"${{{{ {inner} }}}}"], context) == ["true"]


def _evaluated(texts: list[str], context: Context) -> list[str]:
    """Return texts with their `${{ }}` expressions replaced by values."""
    if not any("${{" in text for text in texts):
        return texts
    evaluate = node.installed_project("pipelines") / "evaluate.mjs"
    values: list[str] = node.call(evaluate, "module.replaced", {"texts": texts, "context": context})
    return values
