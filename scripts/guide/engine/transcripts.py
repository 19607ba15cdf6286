"""Run the commands of an example's README in a copy of the example, and keep their output."""

import json
import re
import secrets
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from guide import Problem
from guide.content.edits import copy
from guide.content.examples import Example
from guide.engine.docker import PREFIX, Engine
from guide.machine.commands import reason, run, stop
from guide.machine.interrupts import uninterrupted
from guide.machine.progress import doing
from guide.machine.serving import free_port

# The Compose file that turns the development services of compose.yaml into production services.
PRODUCTION = "compose.prod.yaml"
# Seconds after which a command is stopped. Some of them build images.
TIME_LIMIT = 1800


@dataclass(frozen=True)
class CompletedCommand:
    """A command line as typed, its output, its exit code and its wall time in seconds."""

    text: str
    output: str
    exit_code: int
    seconds: float


@dataclass
class ProjectCopy:
    """A copy of an example whose Compose services can run next to the services of other copies.

    `compose_files` are read in addition to compose.yaml. `background_output` contains the lines
    that background commands have printed so far.
    """

    engine: Engine
    example: Example
    folder: Path
    # The Compose project.
    name: str
    port: int
    compose_files: list[str] = field(default_factory=list)
    # The variables that set a service's port in compose.yaml, each with its default and its value.
    ports: dict[str, tuple[int, int]] = field(default_factory=dict)
    commands: list[CompletedCommand] = field(default_factory=list)
    # Seconds after which each command is stopped.
    time_limit: float = TIME_LIMIT
    background_output: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The URL of the copy's service, or of the service of a workspace with port 8000."""
        return f"http://localhost:{self.port}"

    def run(self, text: str, check: bool = True) -> CompletedCommand:
        """Run a command line with Bash in the folder, on the port of this copy.

        Raises Problem with the error that it printed if it fails, unless `check` is False. A note
        of the exception contains the whole output and the logs of the containers.
        """
        start = time.monotonic()
        script = text
        for shown, port in self._ports:
            script = script.replace(f"localhost:{shown}", f"localhost:{port}")
        with doing("run", f"{self.example.name}: {text}"):
            done = self._run("bash", "-c", script, check=False, merge_streams=True)
        seconds = round(time.monotonic() - start, 2)
        command = CompletedCommand(text, self._normalise(done.stdout), done.returncode, seconds)
        if check and command.exit_code != 0:
            why = reason(done.stdout)
            problem = Problem(f"{text!r} exited with code {command.exit_code}: {why}")
            problem.add_note(done.stdout + self._logs())
            raise problem
        self.commands.append(command)
        return command

    def follow_readme(self) -> None:
        """Run every command of the example's README. Raises Problem if one fails."""
        for command in readme_commands(self.example):
            self.run(command)

    def container(self, service: str = "web") -> str:
        """Return the id of the container of a Compose service.

        The lookup uses labels, because asking Compose takes twice as long.
        """
        labels = {"project": self.name, "service": service, "oneoff": "False"}
        filters = [f"label=com.docker.compose.{key}={labels[key]}" for key in labels]
        return "\n".join(self.engine.containers(*filters))

    def run_quietly(self, *command: str, check: bool = True) -> str:
        """Run a command that is not part of the transcript, and return its output."""
        try:
            return self._run(*command, check=check).stdout
        except Problem as problem:
            problem.add_note(self._logs())
            raise

    def _logs(self) -> str:
        """Return the last lines that the containers of the copy printed."""
        if not (self.folder / "compose.yaml").exists():
            return ""
        logs = ("docker", "compose", "--profile", "*", "logs", "--no-color", "--tail", "40")
        return self._run(*logs, check=False).stdout

    @contextmanager
    def background(self, *command: str) -> Iterator[subprocess.Popen[str]]:
        """Run a command while the block runs, and read its output continuously."""
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
            env=self._environ,
            start_new_session=True,
        ) as process:
            reader = threading.Thread(
                target=self.background_output.extend, args=(process.stdout or (),)
            )
            reader.start()
            try:
                yield process
            finally:
                with uninterrupted():
                    stop(process)
                    reader.join()

    @property
    def _environ(self) -> dict[str, str]:
        ports = {name: str(port) for name, (_, port) in self.ports.items()}
        variables = {"COMPOSE_PROJECT_NAME": self.name, "PORT": str(self.port), **ports}
        if self.compose_files:
            variables["COMPOSE_FILE"] = ":".join(["compose.yaml", *self.compose_files])
        return {**self.engine.environ, **self.engine.build_arguments, **variables}

    @property
    def _ports(self) -> list[tuple[int, int]]:
        """The ports that transcripts show, each with the port of this copy."""
        return [(8000, self.port), *self.ports.values()]

    def _run(
        self, *command: str, check: bool, merge_streams: bool = False
    ) -> subprocess.CompletedProcess[str]:
        return run(
            *command,
            failing=f"{' '.join(command[:3])} failed",
            check=check,
            timeout=self.time_limit,
            cwd=self.folder,
            env=self._environ,
            stderr=subprocess.STDOUT if merge_streams else subprocess.PIPE,
        )

    def _normalise(self, output: str) -> str:
        """Return an output without the parts that differ between runs or Compose versions.

        The progress of builds is omitted, because pages show the steps of builds elsewhere. For
        each container, network and volume, only the last state that Compose reports is kept.
        """
        output = output.replace(self.name, self.example.folder.name)
        for shown, port in self._ports:
            output = output.replace(f"localhost:{port}", f"localhost:{shown}")
        states: dict[str, str] = {}
        kept = []
        for line in (line.strip() for line in output.splitlines()):
            state = re.fullmatch(r"((?:Container|Network|Volume) \S+)\s+(\w+)", line)
            if state:
                states[state[1]] = state[2]
            elif line and not re.match(_BUILD_PROGRESS, line):
                kept.append(line)
        # Sorted, because either of two containers may become healthy first.
        in_order = sorted(states, key=lambda name: (name.startswith("Container"), name))
        return "\n".join([*kept, *(f"{name} {states[name]}" for name in in_order)])


# Lines of a build's progress, including dpkg's, which overwrite each other.
_BUILD_PROGRESS = r"#\d+ |#\d+$|(Image )?\S+\s+(Building|Built)$|\(Reading database"


@contextmanager
def project_copy(
    engine: Engine,
    example: Example,
    production: bool = False,
    folder: Path | None = None,
    base_images: dict[str, str] | None = None,
    build_arguments: dict[str, str] | None = None,
) -> Iterator[ProjectCopy]:
    """Yield a copy of an example on a free port. Its containers and volumes are removed at the end.

    With `production`, Compose also reads the example's production settings. `folder` is a project
    to use instead of a copy. `base_images` maps base images of the Dockerfile to replacements, and
    the builds that use these images get the `build_arguments`.
    """
    engine.need_images(example.images)
    with tempfile.TemporaryDirectory(prefix="guide-transcript-") as temporary:
        name = f"{PREFIX}-{secrets.token_hex(4)}"
        folder = folder or copy(example, Path(temporary) / example.name)
        project = ProjectCopy(engine, example, folder, name, free_port())
        project.ports.update(_compose_ports(project))
        if production:
            project.compose_files.append(PRODUCTION)
        if base_images:
            file = Path(temporary) / "base-images.yaml"
            file.write_text(_base_images_file(project, base_images, build_arguments or {}))
            project.compose_files.append(str(file))
        try:
            yield project
        finally:
            with uninterrupted():
                if (folder / "compose.yaml").exists():
                    down = ("docker", "compose", "--profile", "*", "down", "--volumes")
                    project.run_quietly(*down, "--timeout", "5", check=False)


def _compose_ports(project: ProjectCopy) -> dict[str, tuple[int, int]]:
    """Return the variables that set ports in compose.yaml, with their defaults and free ports."""
    path = project.folder / "compose.yaml"
    text = path.read_text() if path.exists() else ""
    defaults = re.findall(r"127\.0\.0\.1:\$\{(\w+):-(\d+)\}:", text)
    return {
        name: (int(port), project.port if port == "8000" else free_port())
        for name, port in defaults
    }


def _base_images_file(
    project: ProjectCopy, images: dict[str, str], arguments: dict[str, str]
) -> str:
    """Return a Compose file that replaces the base images of the project's images."""
    command = ("docker", "compose", "--profile", "*", "config", "--format", "json")
    services = json.loads(project.run_quietly(*command))["services"]
    contexts = {name: f"docker-image://{image}" for name, image in images.items()}
    changed = {
        name: {
            "build": {"additional_contexts": contexts} | ({"args": arguments} if arguments else {})
        }
        for name, service in services.items()
        if service.get("build", {}).get("context") == str(project.folder)
    }
    return json.dumps({"services": changed})


def readme_commands(example: Example) -> list[str]:
    """Return the command lines in the `sh` block of the example's README."""
    text = (example.folder / "README.md").read_text()
    blocks: list[str] = re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    if len(blocks) != 1:
        raise Problem(
            f"{example.name}/README.md has {len(blocks)} sh blocks. It must have exactly one."
        )
    return blocks[0].splitlines()
