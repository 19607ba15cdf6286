"""GitHub workflows, their `run:` steps executed in order in a container that stands for the runner.

What a `uses:` step would bring is there: the checkout, uv, a Docker engine. Such steps are listed
and not run. Expressions are evaluated by GitHub's own library; a job runs if its `if:` holds.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from ruamel.yaml import YAML

from guide import Problem
from guide.ci import network as ci_network
from guide.ci.network import CiNetwork, DockerInside
from guide.content.edits import copy
from guide.content.examples import Example
from guide.engine.docker import LABEL, PREFIX
from guide.engine.uv import TOOLS
from guide.machine import node
from guide.machine.progress import doing

# The owner has capitals, as many do: names of images may not.
REPOSITORY = "Acme/project"
SHA = "0123456789abcdef0123456789abcdef01234567"

# A GitHub runner has all this and much more.
RUNNER = f"""\
{TOOLS}\
COPY --from={{uv}} /uv /uvx /usr/local/bin/
COPY --from={ci_network.CLI_IMAGE} /usr/bin/docke[r] /usr/local/bin/docke[r] /usr/local/bin/
COPY --from={ci_network.CLI_IMAGE} /usr/libexec/docke[r] /usr/local/libexec/docke[r] \\
    /usr/local/libexec/docker/
ENV UV_PYTHON_DOWNLOADS=never
"""


@dataclass(frozen=True)
class Step:
    """A step that ran or, with `uses`, was passed over. `exit_code` is None for the latter."""

    name: str
    uses: str = ""
    exit_code: int | None = None
    output: str = ""


@dataclass(frozen=True)
class Job:
    """A job whose steps have run, up to the first that failed, and the packages in its `.venv`."""

    name: str
    steps: list[Step]
    installed: list[str]
    # What the environment and the outputs of the steps were at the end.
    env: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        return next((step.exit_code for step in self.steps if step.exit_code), 0)

    @property
    def output(self) -> str:
        return "\n".join(step.output for step in self.steps if step.output)


@dataclass(frozen=True)
class Runner:
    """A machine on which each job finds a fresh checkout. Its Docker keeps what it has."""

    network: CiNetwork
    project: Path
    workflow: str
    image: str
    docker: DockerInside

    def jobs(self, event: str, branch: str = "main") -> dict[str, dict]:
        """The jobs that run at that event, by their names."""
        workflow = self._read()
        if event not in workflow["on"]:
            return {}
        only = (workflow["on"][event] or {}).get("branches", [branch])
        if event == "push" and branch not in only:
            return {}
        context = {"github": _github(event, branch)}
        return {
            name: job for name, job in workflow["jobs"].items() if _holds(job.get("if"), context)
        }

    def _read(self) -> dict:
        return YAML(typ="safe").load(self.project / ".github/workflows" / self.workflow)

    def run(
        self,
        name: str,
        event: str,
        branch: str = "main",
        outputs: dict[str, dict[str, str]] | None = None,
        keep: tuple[str, ...] = (),
    ) -> Job:
        """Run one job. Raises Problem when the event does not start it.

        `outputs` are those of steps that are passed over, `keep` files that are wanted afterwards.
        """
        jobs = self.jobs(event, branch)
        if name not in jobs:
            raise Problem(f"The event {event} starts no job {name!r}.")
        what = f"{self.project.name} on GitHub: {name}"
        with doing("pipelines", what), self._machine() as machine:
            github = _github(event, branch)
            done = self._steps(machine, name, jobs[name], github, dict(outputs or {}))
            return replace(done, kept={path: machine.read(path) for path in keep})

    def _steps(self, machine: "_Machine", name: str, job: dict, github: dict, outputs: dict) -> Job:
        env = {each: str(value) for each, value in job.get("env", {}).items()}
        shell = self._read().get("defaults", {}).get("run", {}).get("shell", "")
        steps = []
        for number, given in enumerate(job["steps"], start=1):
            title = given.get("name") or given.get("uses") or given["run"].splitlines()[0]
            if "uses" in given:
                steps.append(Step(title, uses=given["uses"]))
                continue
            context = {
                "github": github,
                "env": env,
                "steps": {each: {"outputs": found} for each, found in outputs.items()},
                "runner": {"temp": "/runner/temp"},
            }
            if not _holds(given.get("if"), context):
                continue
            own = given.get("env", {})
            script, *values = _evaluated([given["run"], *map(str, own.values())], context)
            variables = {**env, **dict(zip(own, values, strict=True))}
            done = machine.step(script, shell, {**_variables(github), **variables}, number)
            steps.append(Step(title, exit_code=done.returncode, output=done.stdout.strip()))
            env |= machine.written(number, "env")
            outputs[given.get("id", f"_{number}")] = machine.written(number, "output")
            if done.returncode != 0:
                break
        return Job(name, steps, machine.installed(), env, outputs)

    @contextmanager
    def _machine(self) -> Iterator["_Machine"]:
        """The runner for one job: in the network of its Docker, with its socket."""
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
            engine.docker("rm", "--force", "--volumes", container, check=False)


@dataclass(frozen=True)
class _Machine:
    network: CiNetwork
    container: str

    def step(self, script: str, shell: str, variables: dict[str, str], number: int):
        """Run a script as GitHub does: with bash, and with more options where `shell` says bash."""
        files = {
            "GITHUB_ENV": f"/runner/{number}-env",
            "GITHUB_OUTPUT": f"/runner/{number}-output",
            "RUNNER_TEMP": "/runner/temp",
            "DOCKER_HOST": DockerInside.socket,
        }
        environ = {**variables, **files}
        options = [f"--env={name}={value}" for name, value in environ.items()]
        options_of_it = {"": "-e", "bash": "--noprofile --norc -eo pipefail"}[shell]
        start = f'mkdir -p /runner/temp && exec bash {options_of_it} -c "$0" 2>&1'
        where = ("exec", "--workdir", "/work", *options, self.container)
        return self.network.engine.docker(*where, "sh", "-c", start, script, check=False)

    def written(self, number: int, what: str) -> dict[str, str]:
        """What a step has written into the file for its environment or its outputs."""
        text = self.read(f"/runner/{number}-{what}")
        return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)

    def read(self, path: str) -> str:
        """The text of a file, from the checkout on; empty if there is none."""
        look = ("exec", "--workdir", "/work", self.container, "cat", path)
        return self.network.engine.docker(*look, check=False).stdout

    def installed(self) -> list[str]:
        look = ("exec", self.container, "sh", "-c", ci_network.LIST_PACKAGES, "/work")
        return ci_network.package_names(self.network.engine.docker(*look).stdout)


@contextmanager
def runner(
    network: CiNetwork, example: Example, project: Path | None = None, workflow: str = "ci.yml"
) -> Iterator[Runner]:
    """A Runner for an example's workflow, with a Docker engine that has nothing yet.

    It has the uv of the example. `project` is a folder that is taken in place of the example's.
    """
    engine = network.engine
    image = f"{PREFIX}/github-runner"
    engine.need_images([example.uv_image])
    engine.build_text(RUNNER.format(uv=example.uv_image), image)
    with (
        tempfile.TemporaryDirectory(prefix="guide-github-") as home,
        ci_network.docker_inside(network) as docker,
    ):
        folder = Path(home) / (project.name if project else example.name)
        if project:
            shutil.copytree(project, folder, ignore=shutil.ignore_patterns(*NOT_CHECKED_OUT))
        else:
            copy(example, folder)
        yield Runner(network, folder, workflow, image, docker)


# What a checkout has not, of what may lie in a folder.
NOT_CHECKED_OUT = (".venv", "site", "downloads", "__pycache__", ".*_cache", ".part-*")


def _github(event: str, branch: str) -> dict[str, str]:
    """The context `github`, as far as workflows here ask for it."""
    on_request = event == "pull_request"
    return {
        "actor": "developer",
        "event_name": event,
        "head_ref": branch if on_request else "",
        "ref": "refs/pull/1/merge" if on_request else f"refs/heads/{branch}",
        "ref_name": "1/merge" if on_request else branch,
        "repository": REPOSITORY,
        "sha": SHA,
        "token": "token-of-the-job",
        "workflow": "CI",
    }


def _variables(github: dict[str, str]) -> dict[str, str]:
    """The same as variables. A step gets the token only if it asks for it."""
    return {f"GITHUB_{name.upper()}": text for name, text in github.items() if name != "token"}


def _holds(condition: object, context: dict) -> bool:
    """Whether a condition is true. Where there is none, nothing stands in the way."""
    if condition is None:
        return True
    inner = re.sub(r"^\$\{\{(.*)\}\}$", r"\1", str(condition).strip())
    return _evaluated([f"${{{{ {inner} }}}}"], context) == ["true"]


def _evaluated(texts: list[str], context: dict) -> list[str]:
    if not any("${{" in text for text in texts):
        return texts
    evaluate = node.installed("pipelines") / "evaluate.mjs"
    return node.call(evaluate, "module.replaced", {"texts": texts, "context": context})
