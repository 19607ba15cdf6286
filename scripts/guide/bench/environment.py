"""Prepare a benchmark run: changed copies of the projects, and a private package index."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import copyfile

from guide import Problem
from guide.content.contenders import (
    AFTER,
    BEFORE,
    CHECK_VENV,
    DEPENDENCIES,
    POETRY_LOCK,
    Contender,
    Tool,
    contender,
)
from guide.content.edits import copy, edit
from guide.content.examples import Example, example
from guide.engine import private_server
from guide.engine.build import Build, build
from guide.engine.docker import PREFIX, Engine
from guide.engine.isolated import base_image_arguments, empty_cache_mounts
from guide.engine.poetry import poetry_in_container
from guide.engine.private_server import PrivateServer
from guide.engine.uv import PYTHON_IMAGE, uv_in_container
from guide.machine.commands import run
from guide.machine.interrupts import uninterrupted
from guide.machine.progress import doing

# The dependency that is added is small, pure Python, and depends only on Django.
ADDED_DEPENDENCY = "django-simple-history"

# An example, the package manager that changes it, and the change.
ProjectKey = tuple[str, Tool, str]

TITLES = {
    "cold": "as it is",
    "view": "a view edited",
    "ruff": "a linter setting changed",
    "version": "the version bumped",
    "dependency": "a dependency added",
}


@dataclass
class BenchEnvironment:
    """The engine, the private index and the changed projects of a benchmark run.

    `projects` maps a changed project to its folder. `dependencies` maps the name of a contender to
    the image that it starts from, with the packages already installed. `images` maps a purpose,
    such as "uv-synced", to an image that is built once for all rounds.
    """

    engine: Engine
    private: PrivateServer
    folder: Path
    projects: dict[ProjectKey, Path]
    dependencies: dict[str, str] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)

    def build(
        self,
        contender: Contender,
        change: str,
        tag: str,
        *arguments: str,
        engine: Engine | None = None,
    ) -> Build:
        """Build a contender after a change.

        `arguments` are passed to `docker buildx build`. `engine` replaces the engine of this
        environment.
        """
        original = self.projects[contender.example.name, contender.tool, _project_state(change)]
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            project = Path(folder) / contender.service
            run("cp", "-a", original, project, failing=f"{original} was not copied", timeout=60)
            (project / "Dockerfile").write_text(contender.text)
            server = self.private.build_arguments()
            return build(engine or self.engine, project, tag, *server, *arguments)

    def without_cache(
        self, contender: Contender, derive_image: Callable[[Engine, str], str]
    ) -> list[str]:
        """Return build arguments with which a contender's next build finds nothing cached.

        `derive_image` copies a base image under a new tag, so that no cached step builds on it.
        """
        images = {name: name for name in contender.base_images}
        if contender.starts_from:
            images[DEPENDENCIES] = self.dependencies[contender.name]
        unused = {name: derive_image(self.engine, image) for name, image in images.items()}
        return [*empty_cache_mounts(), *base_image_arguments(unused)]

    @contextmanager
    def repository(self, contender: Contender) -> Iterator[str]:
        """Yield an image name for a contender, and remove its images at the end."""
        repository = f"{PREFIX}/{contender.name}-{secrets.token_hex(4)}"
        tags = [f"{repository}:{change}" for change in contender.changes]
        try:
            yield repository
        finally:
            with uninterrupted():
                self.engine.docker("image", "rm", "--force", *tags, check=False)


def _project_state(change: str) -> str:
    return "cold" if change == "nothing" else change


@contextmanager
def bench_environment(engine: Engine, contenders: list[Contender]) -> Iterator[BenchEnvironment]:
    """Yield the environment in which these contenders are measured."""
    shop = example(AFTER)
    engine.need_images([*shop.images, PYTHON_IMAGE])
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guide-bench-")))
        private = stack.enter_context(private_server.running_private_server(engine, shop))
        if private is None:
            raise Problem(f"{AFTER} has no private package index. The contenders install from it.")
        projects = {}
        for name, tool, change in _project_keys(contenders):
            with doing("bench", f"{name} with {tool}, {TITLES[change]}"):
                project = folder / f"{name}-{tool}-{change}"
                _write_project(example(name), tool, project)
                _apply_change(engine, private, example(name), tool, change, project)
                projects[name, tool, change] = project
        environment = BenchEnvironment(engine, private, folder, projects)
        for each in contenders:
            if each.starts_from:
                installed = contender(each.starts_from)
                environment.dependencies[each.name] = _dependency_image(environment, installed)
        try:
            yield environment
        finally:
            with uninterrupted():
                if images := environment.dependencies.values():
                    engine.docker("image", "rm", "--force", *images, check=False)


def _project_keys(contenders: list[Contender]) -> list[ProjectKey]:
    """Return the projects that are needed, each once."""
    # The timed commands run in both projects of the shop, unchanged.
    keys: list[ProjectKey] = [(BEFORE, "poetry", "cold"), (AFTER, "uv", "cold")]
    for each in contenders:
        changes = ("cold", *each.changes)
        keys += [(each.example.name, each.tool, _project_state(change)) for change in changes]
    return list(dict.fromkeys(keys))


def _write_project(project: Example, tool: Tool, folder: Path) -> None:
    """Copy the files of an example, with the lockfile of this package manager."""
    copy(project, folder)
    if project.has_uv and tool == "poetry":
        (folder / "uv.lock").unlink()
        copyfile(POETRY_LOCK, folder / "poetry.lock")
    if project.name == AFTER:
        copyfile(CHECK_VENV, folder / CHECK_VENV.name)


def _apply_change(
    engine: Engine,
    private: PrivateServer,
    project: Example,
    tool: Tool,
    change: str,
    folder: Path,
) -> None:
    """Change a copy of a project with its package manager."""
    if change in {"view", "ruff"}:
        edit(change).apply(folder, _no_tool)
    if tool == "poetry":
        if change in {"version", "dependency"}:
            poetry = poetry_in_container(engine, example(BEFORE), private)
            version, add = ["version", "patch"], ["add", ADDED_DEPENDENCY, "--lock"]
            poetry(folder, version if change == "version" else add)
        return
    uv = uv_in_container(engine, example(AFTER), private)
    if change == "version":
        uv(folder, ["version", "--bump", "patch", "--no-sync"])
    elif change == "dependency":
        uv(folder, ["add", ADDED_DEPENDENCY, "--no-sync"])
    if tool == "pip":
        # pip installs the packages that the Dockerfile with uv installs from the same lockfile.
        selection = project.uv_commands[0].removeprefix("uv sync ")
        notes = ("--no-annotate", "--no-emit-project")
        uv(folder, ["export", "--quiet", *selection.split(), *notes, "-o", "requirements.txt"])


def _no_tool(folder: Path, arguments: list[str]) -> None:
    raise AssertionError(f"Unexpected package manager call in {folder.name}: {arguments}")


def _dependency_image(environment: BenchEnvironment, contender: Contender) -> str:
    """Build a contender's Dockerfile up to the step that copies the code, and return the tag."""
    tag = f"{PREFIX}/dependencies:{secrets.token_hex(4)}"
    with doing("bench", f"the installed packages of the {contender.service}"):
        environment.build(replace(contender, text=contender.text_of_dependencies), "cold", tag)
    return tag
