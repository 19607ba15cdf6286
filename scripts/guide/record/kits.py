"""Apply kits to new Django projects, and build, start and ask each of them.

A project is what `startproject` writes, plus one private package if the kit is for private
packages. The instructions of the kit are followed step by step, with uv in a container, because
this machine may not have the Python of the kit.
"""

import copy
import json
import os
import re
import shlex
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, rmtree
from urllib.parse import urljoin

from guide import Problem
from guide.check.folders import check_folders
from guide.content.contenders import AFTER, PATTERN_A
from guide.content.edits import copy as copy_example
from guide.content.examples import Example
from guide.content.examples import example as find_example
from guide.content.recording_types import KitsContent, RecordedKit
from guide.engine import stand_ins
from guide.engine.docker import LABEL, PREFIX, Engine
from guide.engine.private_server import (
    JOB_TOKEN_USER,
    SECRETS,
    PrivateServer,
    running_private_server,
)
from guide.engine.transcripts import PRODUCTION, ProjectCopy
from guide.engine.uv import build_uv_image, project_options
from guide.kit.kits import Answers, Choice, KitFile, built_answers, kits
from guide.machine.commands import reason, tool
from guide.machine.interrupts import UninterruptedExit, uninterrupted
from guide.machine.progress import console, doing, time_left
from guide.machine.serving import free_port
from guide.record import line_facts
from guide.record.kit_steps import follow, merge_toml
from guide.record.saved_results import ResultKey, SavedResults, fingerprint

# The name of each new project and of its settings package.
PROJECT = "shop"
PATTERN_C = "pattern-c-cache-mounts"
# Maps an answer to the example that has such a private server.
_SERVERS = {"git": PATTERN_C, "index": AFTER}
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

_SECRET_KEY = "a-long-enough-random-looking-key-0123456789-abcdefghij"
# What Django reports about a project that `startproject` has just written.
_OF_STARTPROJECT = {"mail.E001"}
# Docker sends SIGKILL after as many seconds.
_STOPS_WITHIN = 10
# The number of kits after which the build cache is pruned.
_PRUNED_AFTER = 20

# What each kit is asked. Pages show these sentences.
ASKED = (
    "Every step of its instructions can be followed, and their commands succeed.",
    "`docker build --check`, hadolint and Check find nothing.",
    "The image builds, and the container becomes healthy.",
    "From outside the container, the health check and the login page of Django's admin answer.",
    "The style sheet of that page is served with a hash in its name, to be cached for ten years.",
    "The server does not run as root and has no capabilities.",
    "In the container, `check --deploy` reports nothing except that the backend for mail, which "
    "`startproject` writes, is for development.",
    "After SIGTERM, the server exits by itself with code 0 before Docker would kill it.",
)


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
        names["privatePackages"] = ["acme-vat"]
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
            _check_files(running)
            return {
                "answers": answers,
                "versions": _ask(running, answers),
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
                    _read_production(running)
                    down = ("docker", "compose", "--profile", "*", "down", "--volumes")
                    running.run_quietly(*down, "--rmi", "local", "--timeout", "5", check=False)


@contextmanager
def kit_builder(engine: Engine, origins: Collection[str]) -> Iterator[KitBuilder]:
    """Yield a builder of kits. It has the private servers for these answers."""
    with UninterruptedExit() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guide-kits-")))
        (folder / "uv-cache").mkdir()
        servers = {}
        for origin in sorted({*origins} & _SERVERS.keys()):
            example = _for_every_python(find_example(_SERVERS[origin]), folder / origin)
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


def _read_production(running: ProjectCopy) -> None:
    """Let later commands use the settings for production with which the instructions start it."""
    if (running.folder / PRODUCTION).exists():
        running.compose_files[:] = [PRODUCTION]


# --- what a kit is asked ---


def _check_files(running: ProjectCopy) -> None:
    """Check the project with Docker's checks, hadolint and Check."""
    folder = running.folder
    done = tool("hadolint", folder / "Dockerfile")
    _require(done.returncode == 0, f"hadolint: {done.stdout.strip()}")
    check = ("buildx", "build", "--check", str(folder))
    done = running.engine.docker(*check, check=False)
    _require(done.returncode == 0, f"docker build --check: {(done.stdout + done.stderr).strip()}")
    findings = [
        f"{finding['file']}:{finding['line']}: {finding['rule']}"
        for _, dockerfiles in check_folders([folder])
        for dockerfile in dockerfiles
        for finding in dockerfile["findings"]
    ]
    _require(not findings, f"Check: {', '.join(findings)}")


def _ask(running: ProjectCopy, answers: Answers) -> dict[str, str]:
    """Ask the running service, and stop it. Return the versions that it runs."""
    _read_production(running)
    container = running.container()
    state = line_facts.inspect(running.engine, container)["State"]
    _require(state["Health"]["Status"] == "healthy", f"The container is {state['Health']}.")
    _ask_for_pages(running.url)
    facts = line_facts.process_facts(running.engine, container)
    _require(facts["user"].startswith("uid=10001(app)"), f"The server runs as {facts['user']}.")
    _require(int(facts["capabilities of web"], 16) == 0, "The server has capabilities.")
    manage = [PROJECT] if answers["layout"] == "src" else ["python", "manage.py"]
    settings = ("--env=DJANGO_HTTPS=on", f"--env=DJANGO_SECRET_KEY={_SECRET_KEY}")
    check = (*manage, "check", "--deploy", "--fail-level", "WARNING")
    done = running.engine.docker("exec", *settings, container, *check, check=False)
    # "System check identified" is missing if Django could not check the project.
    reported = {*re.findall(r"\((\w+\.[EW]\d+)\)", done.stdout + done.stderr)} - _OF_STARTPROJECT
    is_checked = "System check identified" in done.stdout + done.stderr
    _require(is_checked and not reported, f"check --deploy: {(done.stdout + done.stderr).strip()}")
    versions = running.engine.docker("exec", container, "python", "-c", _VERSIONS).stdout
    _stop(running, container)
    installed: dict[str, str] = json.loads(versions)
    return {name: installed[name] for name in ("python", "django", answers["server"])}


_VERSIONS = """
import importlib.metadata, json, platform
installed = {each.name.lower(): each.version for each in importlib.metadata.distributions()}
print(json.dumps({"python": platform.python_version(), **installed}))
"""


def _ask_for_pages(url: str) -> None:
    """Request a page and its style sheet from outside the container."""
    login = _get(f"{url}/admin/login/")[1]
    match = re.search(r'href="(/static/[^"]+\.css)"', login)
    _require(match is not None, "The login page has no style sheet.")
    link = match[1] if match else ""
    caching = _get(urljoin(url, link))[0]
    _require("immutable" in caching, f"{link} is served with Cache-Control: {caching}")


def _get(url: str) -> tuple[str, str]:
    """Return the `Cache-Control` header and the text of a response that must have status 200."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.headers.get("Cache-Control", ""), response.read().decode()
    except (urllib.error.URLError, OSError) as error:
        raise Problem(f"{url} does not answer as it should: {error}.") from error


def _stop(running: ProjectCopy, container: str) -> None:
    """Check that the server exits by itself after SIGTERM."""
    start = time.monotonic()
    running.engine.docker("kill", "--signal", "TERM", container)
    running.engine.docker("wait", container, timeout=30)
    seconds = time.monotonic() - start
    code = line_facts.inspect(running.engine, container)["State"]["ExitCode"]
    _require(code == 0, f"After SIGTERM, the server exits with code {code}.")
    _require(seconds < _STOPS_WITHIN, f"After SIGTERM, the server runs for {seconds:.0f} s.")


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise Problem(message)


# --- the recording ---


def record_kits(engine: Engine) -> KitsContent:
    """Build every kit, and return the content of the recording.

    Reuses the results of an interrupted run. Prints a line about each kit that fails. If there is
    any, raises Problem at the end, so nothing is recorded.
    """
    subject = json.dumps([engine.versions, stand_ins.recipes_hash(), ASKED])
    saved = SavedResults[RecordedKit]("kits", subject)
    every = built_answers()
    with kit_builder(engine, _SERVERS) as builder:
        recorded = build_all(builder, every, saved)
    failed = len(every) - len(recorded)
    if failed:
        raise Problem(
            f"{failed} of {len(every)} kits failed, so nothing is recorded. The reasons are above. "
            "Correct the kits, and run the command again: it continues with those that are missing."
        )
    saved.delete()
    return {"asked": [*ASKED], "kits": recorded}


def build_all(
    builder: KitBuilder, every: list[Answers], saved: SavedResults[RecordedKit]
) -> list[RecordedKit]:
    """Build the kits without a saved result. Return the results of those that did not fail."""
    files = dict(
        zip(map(label, every), kits([choice(each, builder.urls) for each in every]), strict=True)
    )
    recorded, start, count = [], time.monotonic(), 0
    missing = [each for each in every if saved.find(_key(each, files[label(each)])) is None]
    for answers in every:
        key = _key(answers, files[label(answers)])
        result = saved.find(key)
        if result is None:
            position = f"{count + 1} of {len(missing)}{time_left(start, count, len(missing))}"
            result = _build(builder, answers, files[label(answers)], position)
            count += 1
            if count % _PRUNED_AFTER == 0:
                builder.engine.prune()
            if result is not None:
                saved.add(key, result)
        if result is not None:
            recorded.append(result)
    return recorded


def _build(
    builder: KitBuilder, answers: Answers, files: list[KitFile], position: str
) -> RecordedKit | None:
    """Build a kit, or print why it failed."""
    try:
        with doing("kits", f"{label(answers)} ({position})"):
            return builder.build(answers, files)
    # One kit that fails in an unexpected way must not end a run of hours.
    except (Problem, OSError, ValueError, LookupError) as problem:
        notes = reason("\n".join(getattr(problem, "__notes__", [])))
        console.print(f"kits: {label(answers)} failed: {problem} {notes}".rstrip(), markup=False)
        return None


def _key(answers: Answers, files: list[KitFile]) -> ResultKey:
    """Return the key of a kit's result, which changes with its files."""
    # The addresses of the private servers change with each run.
    text = re.sub(r"http://[\d.]+", "", json.dumps(files))
    return ResultKey(round=0, kind="kit", name=label(answers), fingerprint=fingerprint(text))
