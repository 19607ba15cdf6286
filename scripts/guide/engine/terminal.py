"""Terminals that a claim's test types commands into: one for uv, one that also reaches Docker."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from guide.engine.build import Build, BuildFailed, build
from guide.engine.docker import LABEL, PREFIX, Engine
from guide.machine.commands import run


@dataclass
class Terminal:
    """A folder in which commands are typed, and the transcript of them.

    `home` becomes the home folder, the project lies in `shop` below it. `uv` is the program that
    answers to that name.
    """

    home: Path
    uv: str
    cache: str
    transcript: list[dict] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.home / "shop"

    def write(self, name: str, text: str) -> None:
        """Write a file of the project, or with `~/` one of the home folder."""
        path = self.home / name[2:] if name.startswith("~/") else self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.transcript.append({"file": name, "text": text.strip("\n")})

    def run(self, command: str) -> str:
        """Type a command into bash and return what it prints. Fails the test if it fails."""
        output, code = self._type(command)
        assert code == 0, f"{command!r} ended with code {code}: {output}"
        return output

    def fails(self, command: str) -> str:
        """The same for a command that has to fail."""
        output, code = self._type(command)
        assert code != 0, f"{command!r} was to fail, and did not: {output}"
        return output

    def installed(self) -> list[str]:
        """The names of the packages in the project's environment."""
        return [line.partition("==")[0] for line in self.run("uv pip freeze").splitlines()]

    @property
    def programs(self) -> tuple[str, ...]:
        """The folders in which a command is looked for before those of the system."""
        return (str(Path(self.uv).parent), f"{sys.base_prefix}/bin")

    @property
    def environ(self) -> dict[str, str]:
        """The variables that a command sees: nothing of uv's or Python's from outside."""
        outside = re.compile(r"SSL_\w+|\w*CERT\w*|\w+_CA_BUNDLE|\w+_proxy|\w+_PROXY")
        return {
            **{name: value for name, value in os.environ.items() if outside.fullmatch(name)},
            "PATH": ":".join((*self.programs, "/usr/local/bin", "/usr/bin", "/bin")),
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            # On the file system of the home folder, as on a laptop.
            "TMPDIR": tempfile.gettempdir(),
            "UV_CACHE_DIR": self.cache,
            "UV_PYTHON_DOWNLOADS": "never",
        }

    def _type(self, command: str) -> tuple[str, int]:
        self.folder.mkdir(exist_ok=True)
        streams = {"stderr": subprocess.STDOUT, "check": False}
        place = {"cwd": self.folder, "env": self.environ}
        done = run(
            "bash", "-c", self._really(command), failing=command, timeout=300, **place, **streams
        )
        output = self.normalised(done.stdout)
        self.keep(command, output, done.returncode)
        return output, done.returncode

    def _really(self, command: str) -> str:
        """What bash is given for a command that is typed."""
        return command

    def keep(self, command: str, output: str, code: int = 0) -> None:
        """Add a command to the transcript."""
        self.transcript.append({"command": command, "output": output, "exit_code": code})

    def normalised(self, output: str) -> str:
        """The output without what differs from run to run and from machine to machine."""
        output = output.replace(str(self.home), "~")
        for pattern, instead in (
            (r"^ *(Using C?Python|Downloading|Downloaded|Building|Built|Prepared|Updat).*\n", ""),
            (_TIME.pattern, r"\1 …"),
            (r" \[ignored] in …", ""),
            (r"\bpython3?\.\d+\b", "python3"),
            (r"\b(Python|CPython) 3\.\d+\.\d+\b", r"\1 3.x"),
            (r"(Defaulting to `>=)3\.\d+", r"\g<1>3.x"),
            (r"https?://\S+/([^\s/]+\.(?:whl|tar\.gz))\b", r"https://…/\1"),
            (r"\b[0-9a-f]{40,64}\b", "…"),
            (r"[ \t]+$", ""),
            (r"^Traceback .*:\n(  .*\n)+", "Traceback (most recent call last):\n  …\n"),
            (r"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}] ", ""),
            (r"/\.tmp\w{6}\b", "/.tmp…"),
            (r"(failed to lookup address information): .*", r"\1"),
        ):
            output = re.sub(f"(?m){pattern}", instead, output)
        return output.strip("\n")


_TIME = re.compile(r"\b(in|after) \d+(\.\d+)? ?m?s\b")


@dataclass
class DockerTerminal(Terminal):
    """The same with an engine. What is typed calls the image `shop` and a container `web`.

    The engine knows both by names that no other claim uses. `hidden` are arguments of each build
    that the transcript leaves out.
    """

    engine: Engine | None = None
    name: str = ""
    hidden: list[str] = field(default_factory=list)

    @property
    def image(self) -> str:
        return f"{PREFIX}/{self.name}"

    @property
    def container(self) -> str:
        return f"{PREFIX}-{self.name}"

    @property
    def programs(self) -> tuple[str, ...]:
        """The same, and the folder of the docker command."""
        docker = shutil.which("docker", path=self.engine.environ["PATH"])
        return (*super().programs, str(Path(docker).parent))

    @property
    def environ(self) -> dict[str, str]:
        """The same, and what the docker command needs."""
        settings = {"DOCKER_CONFIG": str(Path.home() / ".docker"), **self.engine.environ}
        reach = {name: value for name, value in settings.items() if name.startswith("DOCKER_")}
        return {**super().environ, **reach}

    def build(self, *arguments: str, shown: str = "") -> Build:
        """Build the Dockerfile. The transcript has the steps, and of what they print the lines
        in which the pattern `shown` is found."""
        built = self._build(arguments)
        lines = built.output.splitlines() if shown else []
        printed = [_TIME.sub(r"\1 …", line) for line in lines if re.search(shown, line)]
        output = "\n".join([shown_steps(built), *printed])
        self.keep(self._build_command(arguments), output, 0)
        return built

    def build_fails(self, *arguments: str) -> str:
        """The same for a build that has to fail; returns what the failing step printed."""
        try:
            self._build(arguments)
        except BuildFailed as failed:
            told = failed.error in failed.output
            output = self.normalised(
                failed.output.strip() if told else f"{failed.output.strip()}\n{failed.error}"
            )
            self.keep(self._build_command(arguments), output, 1)
            return output
        raise AssertionError("The build was to fail, and did not.")

    def start(self, command: str = "", options: str = "") -> str:
        """Run a command, or the image's own, in a new container and return what it prints."""
        output, code = self._start(command, options)
        assert code == 0, f"{command!r} ended with code {code}: {output}"
        return output

    def start_fails(self, command: str = "", options: str = "") -> str:
        """The same for a command that has to fail."""
        output, code = self._start(command, options)
        assert code != 0, f"{command!r} was to fail, and did not: {output}"
        return output

    def _start(self, command: str, options: str) -> tuple[str, int]:
        arguments = ("--rm", "--label", LABEL, *shlex.split(options), self.image)
        # A server that was to fail and runs would never end.
        limit = {"check": False, "timeout": 60}
        done = self.engine.docker("run", *arguments, *shlex.split(command), **limit)
        output = self.normalised(done.stdout + done.stderr)
        words = ("docker run --rm", options, "shop", command)
        self.keep(" ".join(word for word in words if word), output, done.returncode)
        return output, done.returncode

    def _really(self, command: str) -> str:
        """A docker command with the names that the engine knows."""
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
        """The same, with the names that are typed."""
        names = ((f"{self.image}(:latest)?", "shop"), (self.container, "web"))
        for name, word in names:
            output = re.sub(name, word, output)
        return super().normalised(output)

    def _build(self, arguments: tuple[str, ...]) -> Build:
        # Paths are typed as seen from the project's folder.
        given = [re.sub(r",(src|dest)=", rf",\1={self.folder}/", each) for each in arguments]
        return build(self.engine, self.folder, self.image, *self.hidden, *given)

    def _build_command(self, arguments: tuple[str, ...]) -> str:
        return shlex.join(("docker", "build", *arguments, "--tag", "shop", "."))


def shown_steps(built: Build) -> str:
    """Each step on a line, and whether it came from the cache."""
    several = len({step.stage for step in built.steps}) > 1
    return "\n".join(
        f"{'CACHED' if step.cached else 'ran':6}  {f'[{step.stage}] ' if several else ''}"
        f"{step.instruction}"
        for step in built.steps
    )
