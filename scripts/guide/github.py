"""GitHub workflows, their `run:` steps executed in order in a container that stands for the runner.

What a `uses:` step would bring is there: the checkout, uv, a Docker engine. Such steps are listed
and not run. Expressions are evaluated by GitHub's own library; a job runs if its `if:` holds.
"""

import json
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML

from guide import Problem, ci_network, node
from guide.catalogue import Example
from guide.ci_network import CiNetwork
from guide.edits import copy
from guide.engine import LABEL, PREFIX
from guide.progress import doing

EVALUATE = Path(__file__).with_name("node") / "evaluate.mjs"

# The owner has capitals, as many do: names of images may not.
REPOSITORY = "Acme/project"
SHA = "0123456789abcdef0123456789abcdef01234567"

# Where a runner's Docker listens.
SOCKET = "unix:///shared/docker.sock"

# A GitHub runner has all this and much more.
RUNNER = f"""\
FROM {{base}}
RUN apt-get update -qq && apt-get install -qq --no-install-recommends git jq
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

    @property
    def exit_code(self) -> int:
        return next((step.exit_code for step in self.steps if step.exit_code), 0)

    @property
    def output(self) -> str:
        return "\n".join(step.output for step in self.steps if step.output)


@dataclass(frozen=True)
class Runner:
    """A machine on which each job finds a fresh checkout. Docker keeps what it has, as `docker`."""

    network: CiNetwork
    project: Path
    image: str
    docker: str
    socket: str

    def jobs(self, event: str, branch: str = "main") -> dict[str, dict]:
        """The jobs that run at that event, by their names."""
        workflow = _workflow(self.project)
        if event not in workflow["on"]:
            return {}
        context = {"github": _github(event, branch)}
        return {
            name: job
            for name, job in workflow["jobs"].items()
            if _holds(job.get("if", "true"), context)
        }

    def run(self, name: str, event: str, branch: str = "main") -> Job:
        """Run one job. Raises Problem when the event does not start it."""
        jobs = self.jobs(event, branch)
        if name not in jobs:
            raise Problem(f"The event {event} starts no job {name!r}.")
        what = f"{self.project.name} on GitHub: {name}"
        with doing("pipelines", what), self._machine() as machine:
            return self._steps(machine, name, jobs[name], _github(event, branch))

    def _steps(self, machine: "_Machine", name: str, job: dict, github: dict) -> Job:
        env = {each: str(value) for each, value in job.get("env", {}).items()}
        outputs: dict[str, dict[str, str]] = {}
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
            if not _holds(given.get("if", "true"), context):
                continue
            own = given.get("env", {})
            script, *values = _evaluated([given["run"], *map(str, own.values())], context)
            variables = {**env, **dict(zip(own, values, strict=True))}
            done = machine.step(script, {**_variables(github), **variables}, number)
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
        options = ("--label", LABEL, f"--network=container:{self.docker}")
        socket = f"--mount=type=volume,source={self.socket},target=/shared"
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

    def step(self, script: str, variables: dict[str, str], number: int):
        """Run a script as GitHub does with `bash`, stopping at the first command that fails."""
        files = {
            "GITHUB_ENV": f"/runner/{number}-env",
            "GITHUB_OUTPUT": f"/runner/{number}-output",
            "RUNNER_TEMP": "/runner/temp",
            "DOCKER_HOST": SOCKET,
        }
        environ = {**variables, **files}
        options = [f"--env={name}={value}" for name, value in environ.items()]
        shell = 'mkdir -p /runner/temp && exec bash --noprofile --norc -eo pipefail -c "$0" 2>&1'
        where = ("exec", "--workdir", "/work", *options, self.container)
        return self.network.engine.docker(*where, "sh", "-c", shell, script, check=False)

    def written(self, number: int, what: str) -> dict[str, str]:
        """What a step has written into the file for its environment or its outputs."""
        look = ("exec", self.container, "cat", f"/runner/{number}-{what}")
        text = self.network.engine.docker(*look, check=False).stdout
        return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)

    def installed(self) -> list[str]:
        return self.network.installed(self.container, "/work")


@contextmanager
def runner(network: CiNetwork, example: Example) -> Iterator[Runner]:
    """A Runner for an example's workflow, with a Docker engine that has nothing yet."""
    engine = network.engine
    image = f"{PREFIX}/github-runner"
    base = f"{example.uv_image}-python3.14-trixie-slim"
    engine.need_images([base])
    engine.build_text(RUNNER.format(base=base), image)
    socket = f"{PREFIX}-{secrets.token_hex(4)}"
    with tempfile.TemporaryDirectory(prefix="guide-github-") as home:
        project = copy(example, Path(home) / example.name)
        started = engine.docker(
            *("run", "--detach", "--privileged", "--label", LABEL, "--network", network.name),
            f"--mount=type=volume,source={socket},target=/shared",
            f"--mount=type=bind,source={network.settings},target=/etc/docker/daemon.json,readonly",
            *(ci_network.DIND_IMAGE, f"--host={SOCKET}"),
        )
        docker = started.stdout.strip()
        try:
            wait = "until docker version >/dev/null 2>&1; do sleep 0.2; done"
            engine.docker("exec", docker, "sh", "-c", wait, timeout=60)
            yield Runner(network, project, image, docker, socket)
        finally:
            engine.docker("rm", "--force", "--volumes", docker, check=False)
            engine.docker("volume", "rm", "--force", socket, check=False)


def _workflow(project: Path) -> dict:
    path = project / ".github/workflows/ci.yml"
    if not path.exists():
        raise Problem(f"{project.name} has no .github/workflows/ci.yml.")
    return YAML(typ="safe").load(path)


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


def _holds(condition: str, context: dict) -> bool:
    inner = re.sub(r"^\$\{\{(.*)\}\}$", r"\1", str(condition).strip())
    return _evaluated([f"${{{{ {inner} }}}}"], context) == ["true"]


def _evaluated(texts: list[str], context: dict) -> list[str]:
    given = json.dumps({"texts": texts, "context": context})
    return json.loads(node.script(EVALUATE, given))
