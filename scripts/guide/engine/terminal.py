"""Terminals for the tests of claims. One runs uv, and the other also runs Docker."""

import os
import re
import shlex
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import STDOUT

from guide.content.recording_types import TypedCommand, WrittenFile
from guide.engine.build import Build, BuildFailed, build
from guide.engine.docker import LABEL, PREFIX, Engine
from guide.machine.commands import run

# Seconds after which a command is stopped, and after which a container that must fail is stopped.
TIME_LIMIT = 300
START_TIME_LIMIT = 60


@dataclass
class Terminal:
    """A Bash session in a project folder, and the transcript of its commands and their output.

    The project is in the folder `shop` of the home folder `home`. `uv` is the path of the uv that
    commands run, and `cache` is its cache. `ports` maps the ports of servers, which differ between
    runs, to the ports that the transcript shows.
    """

    home: Path
    uv: str
    cache: str
    transcript: list[WrittenFile | TypedCommand] = field(default_factory=list)
    ports: dict[int, int] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder of the project."""
        return self.home / "shop"

    def write(self, name: str, text: str) -> None:
        """Write a file of the project, or of the home folder if the name starts with `~/`."""
        path = self.home / name[2:] if name.startswith("~/") else self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.transcript.append({"file": name, "text": self._with_shown_ports(text).strip("\n")})

    def run(self, command: str) -> str:
        """Run a command line and return its output. Fail the test if the command fails."""
        output, code = self._type(command)
        shown = self._with_shown_ports(command)
        assert code == 0, f"{shown!r} exited with code {code}: {output}"
        return output

    def fails(self, command: str) -> str:
        """Run a command line that must fail, and return its output."""
        output, code = self._type(command)
        shown = self._with_shown_ports(command)
        assert code != 0, f"Expected {shown!r} to fail, but it succeeded: {output}"
        return output

    def installed(self) -> list[str]:
        """Return the names of the packages in the project's virtual environment."""
        return [line.partition("==")[0] for line in self.run("uv pip freeze").splitlines()]

    @property
    def program_folders(self) -> tuple[str, ...]:
        """The folders that precede the system's folders in PATH."""
        folders = (Path(self.uv).parent, self.home / ".local/bin", Path(sys.base_prefix, "bin"))
        return tuple(str(folder) for folder in folders)

    @property
    def environ(self) -> dict[str, str]:
        """The environment variables of a command. uv's and Python's variables are not inherited."""
        from_outside = re.compile(r"SSL_\w+|\w*CERT\w*|\w+_CA_BUNDLE|\w+_proxy|\w+_PROXY")
        return {
            **{name: value for name, value in os.environ.items() if from_outside.fullmatch(name)},
            "PATH": ":".join((*self.program_folders, "/usr/local/bin", "/usr/bin", "/bin")),
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            # On the file system of the home folder, as on a laptop.
            "TMPDIR": tempfile.gettempdir(),
            "UV_CACHE_DIR": self.cache,
            "UV_PYTHON_DOWNLOADS": "never",
        }

    def _type(self, command: str) -> tuple[str, int]:
        self.folder.mkdir(exist_ok=True)
        done = run(
            *("bash", "-c", self._script(command)),
            failing=command,
            check=False,
            timeout=TIME_LIMIT,
            stderr=STDOUT,
            cwd=self.folder,
            env=self.environ,
        )
        output = self.normalised(done.stdout)
        self.keep(command, output, done.returncode)
        return output, done.returncode

    def _script(self, command: str) -> str:
        """Return the script that Bash runs for a command in the transcript."""
        return command

    def keep(self, command: str, output: str, code: int = 0) -> None:
        """Add a command to the transcript."""
        shown = self._with_shown_ports(command)
        self.transcript.append({"command": shown, "output": output, "exit_code": code})

    def _with_shown_ports(self, text: str) -> str:
        """Return a text with the ports that the transcript shows."""
        for port, shown in self.ports.items():
            text = re.sub(rf":{port}\b", f":{shown}", text)
        return text

    def normalised(self, output: str) -> str:
        """Return the output without the parts that differ between runs or machines."""
        output = self._with_shown_ports(output.replace(str(self.home), "~"))
        for pattern, instead in (
            (r"^ *(Using C?Python|Downloading|Downloaded|Building|Built|Prepared|Updat).*\n", ""),
            (_TIME.pattern, r"\1 …"),
            (r" \[ignored] in …", ""),
            # Poetry's hash of the project's path.
            (r"^(Creating virtualenv \S+)-[\w-]{8}-py3\.\d+", r"\1-…-py3"),
            (r"\bpython3?\.\d+\b", "python3"),
            (r"\b(Python|CPython) 3\.\d+\.\d+\b", r"\1 3.x"),
            (r"(Defaulting to `>=)3\.\d+", r"\g<1>3.x"),
            (r"https?://\S+/([^\s/]+\.(?:whl|tar\.gz))\b", r"https://…/\1"),
            (r"\b[0-9a-f]{40,64}\b", "…"),
            (r"[ \t]+$", ""),
            (r"^Traceback .*:\n(  .*\n)+", "Traceback (most recent call last):\n  …\n"),
            (r"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}] ", ""),
            (r"/\.tmp\w{6}\b", "/.tmp…"),
            # BuildKit's name of a build context.
            (r"\bref [\w-]+::\w+", "ref …"),
            (r"(failed to lookup address information): .*", r"\1"),
        ):
            output = re.sub(f"(?m){pattern}", instead, output)
        return output.strip("\n")


_TIME = re.compile(r"\b(in|after) \d+(\.\d+)? ?m?s\b")


@dataclass
class DockerTerminal(Terminal):
    """A terminal with a Docker engine. Commands name the image `shop` and the container `web`.

    In the engine, both have names that no other claim uses. `hidden` are arguments of every build
    that the transcript omits.
    """

    engine: Engine = field(kw_only=True)
    name: str = field(kw_only=True)
    hidden: list[str] = field(default_factory=list, kw_only=True)

    @property
    def image(self) -> str:
        """The tag of the image."""
        return f"{PREFIX}/{self.name}"

    @property
    def container(self) -> str:
        """The name of the container."""
        return f"{PREFIX}-{self.name}"

    @property
    def program_folders(self) -> tuple[str, ...]:
        """The folders that precede the system's in PATH, including the docker command's."""
        docker = shutil.which("docker", path=self.engine.environ["PATH"])
        assert docker is not None, "The engine's PATH has no docker command."
        return (*super().program_folders, str(Path(docker).parent))

    @property
    def environ(self) -> dict[str, str]:
        """The environment variables of a command, including those that the docker command needs."""
        variables = {"DOCKER_CONFIG": str(Path.home() / ".docker"), **self.engine.environ}
        docker = {name: value for name, value in variables.items() if name.startswith("DOCKER_")}
        return {**super().environ, **docker}

    def build(self, *arguments: str, shown: str = "") -> Build:
        """Build the Dockerfile.

        The transcript contains the steps, and the lines of their output that match the pattern
        `shown`.
        """
        finished = self._build(arguments)
        lines = finished.output.splitlines() if shown else []
        printed = [_TIME.sub(r"\1 …", line) for line in lines if re.search(shown, line)]
        output = "\n".join([shown_steps(finished), *printed])
        self.keep(self._build_command(arguments), output, 0)
        return finished

    def build_fails(self, *arguments: str) -> str:
        """Run a build that must fail, and return the output of the failed step."""
        try:
            self._build(arguments)
        except BuildFailed as failed:
            output = failed.output.strip()
            if failed.error not in failed.output:
                output = f"{output}\n{failed.error}"
            output = self.normalised(output)
            self.keep(self._build_command(arguments), output, 1)
            return output
        raise AssertionError("Expected the build to fail, but it succeeded.")

    def start(self, command: str = "", options: str = "") -> str:
        """Run a command, or the image's default, in a new container and return its output."""
        output, code = self._start(command, options)
        assert code == 0, f"{command!r} exited with code {code}: {output}"
        return output

    def start_fails(self, command: str = "", options: str = "") -> str:
        """Run a command that must fail in a new container, and return its output."""
        output, code = self._start(command, options)
        assert code != 0, f"Expected {command!r} to fail, but it succeeded: {output}"
        return output

    def _start(self, command: str, options: str) -> tuple[str, int]:
        arguments = ("--rm", "--label", LABEL, *shlex.split(options), self.image)
        # A server that must fail but does not would run forever.
        done = self.engine.docker(
            *("run", *arguments, *shlex.split(command)), check=False, timeout=START_TIME_LIMIT
        )
        output = self.normalised(done.stdout + done.stderr)
        parts = ("docker run --rm", options, "shop", command)
        self.keep(" ".join(part for part in parts if part), output, done.returncode)
        return output, done.returncode

    def _script(self, command: str) -> str:
        """Return the script with the names that are used in the engine."""
        if not re.search(r"\bdocker ", command):
            return command
        command = command.replace("docker run ", f"docker run --label {LABEL} ")
        command = command.replace(
            "docker buildx ", f"docker buildx --builder {self.engine.builder} "
        )
        for word, name in (("shop", self.image), ("web", self.container)):
            command = re.sub(rf"(?<![\w/.-]){word}(?![\w/.-])", name, command)
        return command

    def normalised(self, output: str) -> str:
        """Return the normalised output with the names that commands use."""
        for pattern, word in ((f"{self.image}(:latest)?", "shop"), (self.container, "web")):
            output = re.sub(pattern, word, output)
        return super().normalised(output)

    def _build(self, arguments: tuple[str, ...]) -> Build:
        # Commands use paths relative to the project's folder.
        paths = r"(,src|,dest|^default)="
        absolute = [re.sub(paths, rf"\1={self.folder}/", each) for each in arguments]
        absolute = [each.replace("=../", f"={self.home}/") for each in absolute]
        return build(self.engine, self.folder, self.image, *self.hidden, *absolute)

    def _build_command(self, arguments: tuple[str, ...]) -> str:
        return shlex.join(("docker", "build", *arguments, "--tag", "shop", "."))


def shown_steps(finished: Build) -> str:
    """Return a line for each step of a build, with its cache state, and its stage if needed."""
    several = len({step.stage for step in finished.steps}) > 1
    return "\n".join(
        f"{'CACHED' if step.cached else 'ran':6}  {f'[{step.stage}] ' if several else ''}"
        f"{step.instruction}"
        for step in finished.steps
    )
