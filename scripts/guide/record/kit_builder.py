"""Apply kits to new Django projects, and build, start and ask each of them.

A project is what `startproject` writes, plus one private package if the kit is for private
packages. The instructions of the kit are followed step by step, with uv in a container, because
this machine may not have the Python of the kit.
"""

import copy
import os
import re
import shlex
import tempfile
import tomllib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, rmtree

from guide import Problem
from guide.content.contenders import AFTER, PATTERN_A
from guide.content.edits import copy as copy_example
from guide.content.examples import Example
from guide.content.examples import example as find_example
from guide.content.recording_types import RecordedKit
from guide.engine.docker import LABEL, PREFIX, Engine
from guide.engine.private_server import (
    JOB_TOKEN_USER,
    SECRETS,
    PrivateServer,
    running_private_server,
)
from guide.engine.transcripts import ProjectCopy
from guide.engine.uv import build_uv_image, project_options
from guide.kit.kits import Answers, Choice, KitFile
from guide.machine.interrupts import UninterruptedExit, uninterrupted
from guide.machine.serving import free_port
from guide.record.kit_checks import PROJECT, ask, check_files, read_production
from guide.record.kit_steps import follow, merge_toml

PATTERN_C = "pattern-c-cache-mounts"
# Maps an answer to the example that has such a private server.
SERVERS = {"git": PATTERN_C, "index": AFTER}
# The project of a reader who has private packages already names them.
_PRIVATE_PACKAGES = {
    "git": """\
[project]
dependencies = ["shipcodes"]
[tool.uv.sources]
shipcodes = {{ git = "{url}/acme/shipcodes.git", tag = "v1.0.0" }}
""",
    "index": '[project]\ndependencies = ["acme-vat"]\n',
}
_PORTS = {"git": 8418, "index": 8419}
_INDEX = "acme"


def label(answers: Answers) -> str:
    """Return a name of a kit: its answers, apart from those that say no."""
    chosen = {key: value for key, value in answers.items() if value not in {"none", "no"}}
    return "-".join(key if value == "yes" else value for key, value in chosen.items())


def choice(answers: Answers, urls: dict[str, str]) -> Choice:
    """Return the answers with the names of a new project. `urls` are those of private servers."""
    names: dict[str, str | list[str]] = {"project": PROJECT, "settings": PROJECT}
    origin = answers["private"]
    if answers["system"] == "library":
        names["libraries"] = ["libcairo2"]
    # Stand-ins of official Python images lack the headers of Python, so only the distribution's
    # Python compiles psycopg.
    is_on_ubuntu = answers["layout"] == "plain" and origin != "git"
    if answers["system"] == "compiler" and answers["database"] == "postgresql" and is_on_ubuntu:
        names |= {"libraries": ["libpq5"], "headers": ["gcc", "libpq-dev"]}
    if origin == "git":
        names["gitHost"] = urls[origin]
    if origin == "index":
        names |= {"indexName": _INDEX, "indexUrl": f"{urls[origin]}/simple/"}
        names |= {"privatePackages": ["acme-vat"], "indexUser": JOB_TOKEN_USER}
    return {"answers": answers, "names": names}


@dataclass(frozen=True)
class KitBuilder:
    """Builds kits. `folder` contains the new projects, the kits and uv's cache.

    `servers` maps answers about private packages to the servers that have them.
    """

    engine: Engine
    folder: Path
    uv_image: str
    servers: dict[str, PrivateServer]

    @property
    def urls(self) -> dict[str, str]:
        """The URLs of the private servers, keyed by the answers about private packages.

        They have addresses, because the builds of a new project do not know the names.
        """
        return {
            origin: f"http://{server.address}:{_PORTS[origin]}"
            for origin, server in self.servers.items()
        }

    @property
    def named_urls(self) -> dict[str, str]:
        """The URLs of the private servers with their names, which jobs of pipelines know."""
        return {
            origin: f"http://{server.host}:{_PORTS[origin]}"
            for origin, server in self.servers.items()
        }

    def uv(self, project: Path, *arguments: str) -> None:
        """Run uv on a new project."""
        options = (*project_options(project), *self._uv_options)
        self.engine.run(self.uv_image, "uv", *arguments, options=options)

    @property
    def _uv_options(self) -> tuple[str, ...]:
        """The options of `docker run` with which uv keeps its cache and finds private servers."""
        hosts = (f"--add-host={each.host}:{each.address}" for each in self.servers.values())
        return (
            *hosts,
            *("--mount", f"type=bind,source={self.folder / 'uv-cache'},target=/uv-cache"),
            *("--env=UV_CACHE_DIR=/uv-cache", "--env=UV_NO_CACHE=0", "--env=UV_LINK_MODE=copy"),
            # Not in the project, because the project is also mounted on other machines.
            "--env=UV_PROJECT_ENVIRONMENT=/tmp/venv",
        )

    def uv_command(self, project: Path) -> str:
        """Return a script that runs uv in a container, for use instead of the program.

        The variables with credentials come from the environment of the script, as with the program.
        """
        passed = (f"--env={name}" for name in _CREDENTIALS)
        options = (*project_options(project), *self._uv_options, *passed, "--label", LABEL)
        command = ("docker", "run", "--rm", *options, self.uv_image, "uv")
        return f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n'

    def new_project(self, layout: str) -> Path:
        """Return the folder of a new project, which is created only once for each layout."""
        folder = self.folder / f"new-{layout}"
        if folder.exists():
            return folder
        part = self.folder / f"part-{layout}"
        rmtree(part, ignore_errors=True)
        part.mkdir()
        self.uv(part, "init", "--bare", "--name", PROJECT)
        self.uv(part, "add", "--no-sync", _django())
        is_package = layout == "src"
        if is_package:
            (part / "src").mkdir()
        start = ("django-admin", "startproject", PROJECT, "src" if is_package else ".")
        self.uv(part, "run", "--locked", *start)
        if is_package:
            (part / "src/manage.py").unlink()
        (part / "uv.lock").unlink()
        (part / ".gitignore").write_text(".venv/\n__pycache__/\n")
        return part.rename(folder)

    def build(self, answers: Answers, files: list[KitFile]) -> RecordedKit:
        """Apply a kit to a new project, build it and ask it. Raises Problem if anything fails."""
        with self.project(answers, files) as (kit, running):
            self.engine.need_images(Example(str(kit)).images)
            follow(kit, running.folder, lambda commands: running.run(commands).output)
            check_files(running)
            return {
                "answers": answers,
                "versions": ask(running, answers),
                "commands": [each.text.strip() for each in running.commands],
            }

    @contextmanager
    def project(
        self, answers: Answers, files: list[KitFile], urls: dict[str, str] | None = None
    ) -> Iterator[tuple[Path, ProjectCopy]]:
        """Yield the folder of a kit, and a new project to which it has not been applied yet.

        `urls` are those of the private servers that the project names.
        """
        origin = answers["private"]
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="kit-") as folder:
            kit, project = Path(folder, "kit"), Path(folder, label(answers))
            for file in files:
                path = kit / file["target"]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(file["text"])
            copytree(self.new_project(answers["layout"]), project)
            if origin in _PRIVATE_PACKAGES:
                more = _PRIVATE_PACKAGES[origin].format(url=(urls or self.urls)[origin])
                pyproject = project / "pyproject.toml"
                pyproject.write_text(merge_toml(pyproject.read_text(), more))
            with self._running(project, origin) as running:
                yield kit, running

    @contextmanager
    def _running(self, project: Path, origin: str) -> Iterator[ProjectCopy]:
        """Yield a project whose containers, volumes and images are removed after the block."""
        programs = project.parent / "bin"
        programs.mkdir()
        (programs / "uv").write_text(self.uv_command(project))
        (programs / "uv").chmod(0o755)
        engine = copy.copy(self.engine)
        path = engine.environ.get("PATH", os.environ["PATH"])
        engine.environ = {**engine.environ, "PATH": f"{programs}:{path}"}
        if origin in self.servers:
            engine.environ |= _access(self.servers[origin])
        name = f"{PREFIX}-{project.parent.name.lower().replace('_', '-')}"
        running = ProjectCopy(engine, Example(str(project)), project, name, free_port())
        try:
            yield running
        finally:
            with uninterrupted():
                if (project / "compose.yaml").exists():
                    read_production(running)
                    down = ("docker", "compose", "--profile", "*", "down", "--volumes")
                    running.run_quietly(*down, "--rmi", "local", "--timeout", "5", check=False)


@contextmanager
def kit_builder(engine: Engine, origins: Collection[str]) -> Iterator[KitBuilder]:
    """Yield a builder of kits. It has the private servers for these answers."""
    with UninterruptedExit() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guide-kits-")))
        (folder / "uv-cache").mkdir()
        servers = {}
        for origin in sorted({*origins} & SERVERS.keys()):
            example = _for_every_python(find_example(SERVERS[origin]), folder / origin)
            server = stack.enter_context(running_private_server(engine, example))
            if server is None:
                raise Problem(f"The example {example.name} must have a private server.")
            servers[origin] = server
        image = build_uv_image(engine, find_example(PATTERN_A), with_git=True)
        yield KitBuilder(engine, folder, image, servers)


# The variables from which uv and Git get the credentials for private packages.
_CREDENTIALS = (
    *("UV_INDEX_ACME_USERNAME", "UV_INDEX_ACME_PASSWORD"),
    *("GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0"),
)


def _access(server: PrivateServer) -> dict[str, str]:
    """Return the variables of a reader who has a token, and whose Git can use it."""
    helper = f"!printf 'username={JOB_TOKEN_USER}\\npassword={server.token}\\n'; :"
    git = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "credential.helper",
        "GIT_CONFIG_VALUE_0": helper,
    }
    return {"SECRET": server.token or "", **(git if server.secret == SECRETS["git-server"] else {})}


def _for_every_python(example: Example, folder: Path) -> Example:
    """Return a copy of an example whose private package allows every Python of the kits."""
    copied = copy_example(example, folder / example.name)
    for pyproject in copied.glob("private/*/pyproject.toml"):
        text = re.sub(
            r'requires-python = ".+"', 'requires-python = ">=3.12"', pyproject.read_text()
        )
        pyproject.write_text(text)
    return Example(str(copied))


def _django() -> str:
    """Return the requirement for Django with which a reader's project begins."""
    pyproject = tomllib.loads((find_example(PATTERN_A).folder / "pyproject.toml").read_text())
    dependencies: list[str] = pyproject["project"]["dependencies"]
    return next(each for each in dependencies if each.startswith("django>"))
