"""Commands as a reader would type them, run for real, with what they printed."""

import contextlib
import json
import os
import re
import secrets
import signal
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
from guide.machine.commands import reason, run
from guide.machine.progress import doing
from guide.machine.serving import free_port


@dataclass(frozen=True)
class Command:
    """One command as typed, what it printed, its exit code and its wall time in seconds."""

    text: str
    output: str
    exit_code: int
    seconds: float


@dataclass
class Workplace:
    """A copy of an example in which its README's commands are run.

    `settings` are files that Compose reads besides compose.yaml, `printed` the lines so far of
    what `started` has started.
    """

    engine: Engine
    example: Example
    folder: Path
    project: str
    port: int
    settings: list[str] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def run(self, text: str, check: bool = True) -> Command:
        """Run a command line with bash in the folder, as typed but for the port.

        Raises Problem with the error that it printed if it fails, unless `check` is off.
        """
        start = time.monotonic()
        typed = text.replace("localhost:8000", f"localhost:{self.port}")
        with doing("run", f"{self.example.name}: {text}"):
            done = self._run("bash", "-c", typed, check=False, stderr=subprocess.STDOUT)
        seconds = round(time.monotonic() - start, 2)
        command = Command(text, self._normalised(done.stdout), done.returncode, seconds)
        if check and command.exit_code != 0:
            why = reason(done.stdout)
            raise Problem(f"{text!r} ended with code {command.exit_code}: {why}")
        self.commands.append(command)
        return command

    def follow_readme(self) -> None:
        """Run every command of the example's README. Raises Problem at the first that fails."""
        for command in readme_commands(self.example):
            self.run(command)

    def container(self, service: str = "web") -> str:
        """The id of the container of a compose service.

        By its labels: to ask Compose takes twice as long.
        """
        labels = {"project": self.project, "service": service, "oneoff": "False"}
        filters = [f"label=com.docker.compose.{key}={labels[key]}" for key in labels]
        return "\n".join(self.engine.containers(*filters))

    def run_quietly(self, *command: str, check: bool = True) -> str:
        """Run a command that is not part of the transcript and return what it printed."""
        return self._run(*command, check=check).stdout

    @contextmanager
    def started(self, *command: str) -> Iterator[None]:
        """A command that goes on until this ends. What it prints is read at once, so that it never
        waits for a reader."""
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        place = {"cwd": self.folder, "env": self._environ, "start_new_session": True}
        with subprocess.Popen(command, **streams, **place) as process:

            def read() -> None:
                for line in process.stdout:
                    self.printed.append(line)

            reader = threading.Thread(target=read)
            reader.start()
            try:
                yield
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
                reader.join()

    @property
    def _environ(self) -> dict[str, str]:
        settings = {"COMPOSE_PROJECT_NAME": self.project, "PORT": str(self.port)}
        if self.settings:
            settings["COMPOSE_FILE"] = ":".join(["compose.yaml", *self.settings])
        return {**self.engine.environ, **self.engine.build_arguments, **settings}

    def _run(self, *command: str, **options) -> subprocess.CompletedProcess[str]:
        failing = f"{' '.join(command[:3])} failed"
        return run(*command, failing=failing, cwd=self.folder, env=self._environ, **options)

    def _normalised(self, output: str) -> str:
        """The output without what differs from run to run and from Compose to Compose.

        The progress of a build is left out, being shown by its steps elsewhere. Of the states
        that Compose reports, only the last of each container, network and volume is kept.
        """
        output = output.replace(self.project, self.example.name)
        output = output.replace(f"localhost:{self.port}", "localhost:8000")
        states: dict[str, str] = {}
        kept = []
        for line in (line.strip() for line in output.splitlines()):
            state = re.fullmatch(r"((?:Container|Network|Volume) \S+)\s+(\w+)", line)
            if state:
                states[state[1]] = state[2]
            elif line and not re.match(BUILDING, line):
                kept.append(line)
        # In an order of their own: which of two containers is healthy first is chance.
        in_order = sorted(states, key=lambda name: (name.startswith("Container"), name))
        return "\n".join([*kept, *(f"{name} {states[name]}" for name in in_order)])


# What turns the services of a compose.yaml that is for development into those of production.
PRODUCTION = "compose.prod.yaml"


# Lines of a build's progress, those among them that dpkg writes over each other.
BUILDING = r"#\d+ |#\d+$|(Image )?\S+\s+(Building|Built)$|\(Reading database"


@contextmanager
def workplace(
    engine: Engine,
    example: Example,
    production: bool = False,
    home: Path | None = None,
    bases: dict[str, str] | None = None,
) -> Iterator[Workplace]:
    """A Workplace on a free port. Its containers and volumes are removed at the end.

    With `production`, Compose reads the example's settings for it besides compose.yaml. `home` is
    a folder to work in instead of a copy of the example. `bases` are images to build from instead
    of the real ones, by the names of those.
    """
    engine.need_images(example.images)
    with tempfile.TemporaryDirectory(prefix="guide-transcript-") as folder:
        project = f"{PREFIX}-{secrets.token_hex(4)}"
        home = home or copy(example, Path(folder) / example.name)
        place = Workplace(engine, example, home, project, free_port())
        if production:
            place.settings.append(PRODUCTION)
        if bases:
            file = Path(folder) / "bases.yaml"
            file.write_text(_starting_from(place, bases))
            place.settings.append(str(file))
        try:
            yield place
        finally:
            if (home / "compose.yaml").exists():
                down = ("docker", "compose", "--profile", "*", "down", "--volumes")
                down += ("--timeout", "5")
                place.run_quietly(*down, check=False)


def _starting_from(place: Workplace, bases: dict[str, str]) -> str:
    """Settings for Compose by which what is built of the project starts from other images."""
    command = ("docker", "compose", "--profile", "*", "config", "--format", "json")
    services = json.loads(place.run_quietly(*command))["services"]
    contexts = {name: f"docker-image://{image}" for name, image in bases.items()}
    changed = {
        name: {"build": {"additional_contexts": contexts}}
        for name, service in services.items()
        if service.get("build", {}).get("context") == str(place.folder)
    }
    return json.dumps({"services": changed})


def readme_commands(example: Example) -> list[str]:
    """The command lines in the `sh` block of the example's README."""
    text = (example.folder / "README.md").read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    if len(blocks) != 1:
        raise Problem(f"{example.name}/README.md needs exactly one sh block; it has {len(blocks)}.")
    return blocks[0].splitlines()
